--- Checks a call's parameters against its operation's row, before anything is sent.
--
-- Two kinds of fault are told apart: misuse (a name, a Lua type, a missing parameter: the program is wrong, so the
-- caller raises) and a bad value (it may come from a player's keyboard, so the caller returns it).

local json = require "appwrite.json"
local suggest = require "appwrite.suggest"
local utf8 = require "appwrite.utf8"

local concat = table.concat
local find, format, lower, sub = string.find, string.format, string.lower, string.sub
local floor, huge = math.floor, math.huge

local MISUSE, VALUE = "misuse", "value"

local validate = { MISUSE = MISUSE, VALUE = VALUE }

local EXPECTED = {
  string = "a string",
  integer = "a whole number",
  number = "a number",
  boolean = "a boolean",
  object = "a table with named fields",
  ["string[]"] = "an array of strings",
  file = "an InputFile or a string with the file's bytes",
}

-- What was given, short, and without the value of a parameter that carries a secret.
local function shown(param, value)
  local kind = type(value)
  if value == json.null then
    return "appwrite.null"
  elseif kind == "string" then
    if param.secret then
      return format("a string of %d bytes", #value)
    end
    local short = #value > 40 and sub(value, 1, 40) .. "…" or value
    return format('"%s"', (short:gsub("%c", "?")))
  elseif kind == "number" or kind == "boolean" then
    return param.secret and ("a " .. kind) or (kind .. " " .. tostring(value))
  elseif kind == "table" and rawget(value, 1) ~= nil then
    return "an array"
  end
  return kind
end

local function wrongType(param, value)
  return format(
    'parameter "%s" must be %s, got %s', param.name, EXPECTED[param.type], shown(param, value)
  ), MISUSE
end

local function wrongValue(param, value, rule)
  return format('parameter "%s" %s, got %s', param.name, rule, shown(param, value)), VALUE
end

-- The forms that a string may be asked to have: pattern, most characters, and how to say so. Sources: the server's
-- validators UID/CustomId, Phone and HexColor.
local ID = "^[A-Za-z0-9][A-Za-z0-9._-]*$"
local FORMATS = {
  id = { ID, 36, "must be 1 to 36 of the characters a-z A-Z 0-9 . _ - and start with a letter or digit" },
  newId = {
    ID, 36,
    'must be "unique()" or 1 to 36 of the characters a-z A-Z 0-9 . _ - and start with a letter or digit',
  },
  phone = { "^%+[1-9]%d+$", 16, 'must be a phone number such as "+14155552671": a plus and up to 15 digits' },
  hexColor = { "^%x+$", 6, 'must be a colour of 3 or 6 hex digits without "#"' },
}

local function checkFormat(param, value)
  local form = FORMATS[param.format]
  if param.format == "newId" and value == "unique()" then
    return nil
  end
  -- An optional parameter's empty string means "none", as the server's own defaults do.
  if value == "" and not param.required then
    return nil
  end
  if #value > form[2] or not find(value, form[1]) or (param.format == "hexColor" and #value ~= 3 and #value ~= 6) then
    return wrongValue(param, value, form[3])
  end
  return nil
end

local function checkEnum(param, value)
  local wanted = param.anyCase and lower(value) or value
  for _, allowed in ipairs(param.enum) do
    if allowed == wanted then
      return nil
    end
  end
  -- The server's own defaults for enums are "", which stands for "not given".
  if value == "" and param.default == "" then
    return nil
  end
  local near = suggest.nearest(value, param.enum)
  local rule
  if #param.enum <= 12 then
    rule = 'must be one of "' .. concat(param.enum, '", "') .. '"'
  else
    rule = format("must be one of %d known values", #param.enum)
  end
  local text, kind = wrongValue(param, value, rule)
  return near and format('%s; did you mean "%s"?', text, near) or text, kind
end

local function checkLength(param, value)
  local length = param.inBytes and #value or (param.minLength or param.maxLength) and utf8.len(value)
  if param.minLength and length < param.minLength and not (value == "" and not param.required) then
    return wrongValue(param, value, format("must have %d characters or more", param.minLength))
  end
  if param.maxLength and length > param.maxLength then
    return wrongValue(param, value, format("must have %d characters at most", param.maxLength))
  end
  return nil
end

local function checkText(param, value, where)
  local valid, position = utf8.valid(value)
  if not valid then
    return format('parameter "%s"%s is not valid UTF-8 (byte %d)', param.name, where or "", position), VALUE
  end
  return nil
end

local function checkString(param, value, loose)
  if type(value) ~= "string" then
    return wrongType(param, value)
  end
  local problem, kind = checkText(param, value)
  if problem then
    return problem, kind
  end
  -- A path segment keeps its rule in loose mode too: an empty one would name another resource.
  if param.at == "path" and (value == "" or value == "." or value == "..") then
    return wrongValue(param, value, FORMATS.id[3])
  end
  if loose then
    return nil
  end
  if param.enum then
    return checkEnum(param, value)
  end
  if param.format then
    problem, kind = checkFormat(param, value)
    if problem then
      return problem, kind
    end
  end
  return checkLength(param, value)
end

local function checkNumber(param, value, loose)
  if type(value) ~= "number" then
    -- Beyond 2^53 an integer has no number of its own on Lua 5.1: see appwrite.int64.
    if json.isInt64(value) then
      return nil
    end
    return wrongType(param, value)
  end
  if value ~= value or value == huge or value == -huge then
    return wrongValue(param, value, "must be a finite number")
  end
  if param.type == "integer" and floor(value) ~= value then
    return wrongValue(param, value, "must be a whole number")
  end
  if not loose and ((param.min and value < param.min) or (param.max and value > param.max)) then
    return wrongValue(param, value, format("must be from %s to %s", tostring(param.min), tostring(param.max)))
  end
  return nil
end

local function checkBoolean(param, value)
  if type(value) ~= "boolean" then
    return wrongType(param, value)
  end
  return nil
end

local function isPlainObject(value)
  return type(value) == "table" and not json.isArray(value) and rawget(value, 1) == nil
end

local function checkObject(param, value)
  if param.batch and type(value) == "table" and rawget(value, 1) ~= nil then
    for index = 1, #value do
      if not isPlainObject(value[index]) then
        return format('parameter "%s[%d]" must be a table with named fields, got %s', param.name, index,
          shown(param, value[index])), MISUSE
      end
    end
    return nil
  end
  if not isPlainObject(value) then
    return wrongType(param, value)
  end
  return nil
end

local function checkItem(param, index, item, loose)
  if type(item) ~= "string" then
    return format('parameter "%s[%d]" must be a string, got %s', param.name, index, shown(param, item)), MISUSE
  end
  local problem, kind = checkText(param, item, format("[%d]", index))
  if problem then
    return problem, kind
  end
  if not loose and param.maxItemLength and #item > param.maxItemLength and utf8.len(item) > param.maxItemLength then
    return format('parameter "%s[%d]" must have %d characters at most, got %d', param.name, index,
      param.maxItemLength, utf8.len(item)), VALUE
  end
  return nil
end

local function checkStrings(param, value, loose)
  if type(value) ~= "table" then
    return wrongType(param, value)
  end
  local count = #value
  for key in pairs(value) do
    if type(key) ~= "number" or key < 1 or key > count or floor(key) ~= key then
      return format('parameter "%s" must be an array of strings, got a table with the key %s', param.name,
        shown(param, key)), MISUSE
    end
  end
  if not loose and param.maxItems and count > param.maxItems then
    return format('parameter "%s" must have %d items at most, got %d', param.name, param.maxItems, count), VALUE
  end
  for index = 1, count do
    local problem, kind = checkItem(param, index, value[index], loose)
    if problem then
      return problem, kind
    end
  end
  return nil
end

local function checkFile(param, value)
  if type(value) == "string" or (type(value) == "table" and value.isInputFile) then
    return nil
  end
  return wrongType(param, value)
end

local CHECKS = {
  string = checkString,
  integer = checkNumber,
  number = checkNumber,
  boolean = checkBoolean,
  object = checkObject,
  ["string[]"] = checkStrings,
  file = checkFile,
}

local function unknown(operation, name)
  local known = {}
  for _, param in ipairs(operation.row.params) do
    known[#known + 1] = param.name
  end
  if #known == 0 then
    return format('unknown parameter "%s"; it takes none', tostring(name)), MISUSE
  end
  local near = suggest.nearest(tostring(name), known)
  local takes = "it takes " .. concat(known, ", ")
  local hint = near and format('did you mean "%s"? (%s)', near, takes) or takes
  return format('unknown parameter "%s"; %s', tostring(name), hint), MISUSE
end

---@param operation appwrite.Prepared
---@param params table
---@param loose boolean? let unknown parameters and values outside enums, formats, ranges and lengths through
---@return string? problem nil when all is well
---@return "misuse"|"value"|nil kind
function validate.check(operation, params, loose)
  local byName = operation.byName
  if not loose then
    for name in pairs(params) do
      if not byName[name] then
        return unknown(operation, name)
      end
    end
  end
  for _, param in ipairs(operation.row.params) do
    local value = params[param.name]
    if value == nil then
      if param.required then
        return format('missing parameter "%s" (%s)', param.name, EXPECTED[param.type]), MISUSE
      end
    elseif value ~= json.null or param.required or param.at ~= "body" then
      local problem, kind = CHECKS[param.type](param, value, loose)
      if problem then
        return problem, kind
      end
    end
  end
  return nil
end

return validate
