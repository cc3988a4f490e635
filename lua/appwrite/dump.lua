--- `appwrite.dump(value)`: a result as text, for prompts and for looking at things while developing.

local Error = require "appwrite.error"
local argument = require "appwrite.argument"
local json = require "appwrite.json"
local mask = require "appwrite.mask"
local models = require "appwrite.models"
local plain = require "appwrite.plain"
local utf8 = require "appwrite.utf8"

local error, floor, getmetatable, huge, ipairs, mathtype, next, tonumber, tostring, type =
  error, math.floor, getmetatable, math.huge, ipairs, math.type, next, tonumber, tostring, type
local byte, concat, find, format, gsub, match, rep, sort, sub =
  string.byte, table.concat, string.find, string.format, string.gsub, string.match, string.rep, table.sort, string.sub

local WIDTH = 100 -- characters: what fits a line is written on one
local DEEPEST = 32 -- levels, as a guard of the C stack
local LONGEST = 500 -- bytes of a string that are shown
local MOST = 200 -- items of a table that are shown
local MOST_OF_ALL = 10000 -- values: tables that hold one another several times would fill the memory
local ESCAPES = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ['"'] = '\\"', ["\\"] = "\\\\" }

local KEYWORDS = {}
for word in ("and break do else elseif end false for function goto if in local nil not or repeat return then true "
  .. "until while"):gmatch "%a+" do
  KEYWORDS[word] = true
end

-- Fields that only sound secret, such as passwordUpdate, which is a date.
local harmless

local function isHidden(name)
  if type(name) ~= "string" or not mask.isSecret(name) then
    return false
  end
  if not harmless then
    harmless = {}
    for _, model in ipairs(models.names()) do
      for _, field in ipairs(models.find(model).fields) do
        harmless[field[1]] = not field.secret
      end
    end
  end
  return not harmless[name]
end

local function escaped(char)
  return ESCAPES[char] or format("\\%03d", byte(char))
end

local function allEscaped(bytes)
  return (gsub(bytes, ".", escaped))
end

-- A text stays readable in any script, but for what a terminal would act on; of bytes that are no text all beyond ASCII
-- are escaped.
local function quoted(text)
  local short = text
  if #text > LONGEST then
    short = sub(text, 1, LONGEST)
    while utf8.valid(text) and not utf8.valid(short) do
      short = sub(short, 1, -2)
    end
  end
  if utf8.valid(text) then
    short = '"' .. plain.quiet(gsub(short, '[%c"\\]', escaped), allEscaped) .. '"'
  else
    short = '"' .. gsub(short, '[%c"\\\127-\255]', escaped) .. '"'
  end
  return #text > LONGEST and format("%s… (%d bytes)", short, #text) or short
end

-- What stands in a secret's place says only whether there is one.
local function hidden(value)
  if type(value) == "string" then
    return value == "" and '""' or format('"…" (hidden, %d bytes)', #value)
  end
  local count = 0
  for _ in next, value do
    count = count + 1
  end
  return format("{ … } (hidden, %d items)", count)
end

-- With as many digits as it takes to tell it from its neighbours.
local function numberText(value)
  local text = tostring(value)
  if value ~= value or value == huge or value == -huge or tonumber(text) == value then
    return text
  end
  text = format("%.17g", value)
  return mathtype and find(text, "^-?%d+$") and text .. ".0" or text
end

local function isArray(value)
  if json.isArray(value) then
    return true
  end
  local count = #value
  if count == 0 then
    return false
  end
  for key in next, value do
    if type(key) ~= "number" or key < 1 or key > count or floor(key) ~= key then
      return false
    end
  end
  return true
end

local function keyOrder(a, b)
  local first, second = type(a), type(b)
  if first ~= second then
    return first < second
  elseif first == "string" or first == "number" then
    return a < b
  end
  return tostring(a) < tostring(b)
end

local write

local function keyText(state, key, level)
  if type(key) == "string" and match(key, "^[%a_][%w_]*$") and not KEYWORDS[key] then
    return key
  end
  return "[" .. write(state, key, level) .. "]"
end

-- What is not shown of a table, of which the item of that index would be the next.
local function more(state, index, count)
  return (index > MOST or state.left <= 0) and format("… (%d more)", count - index + 1) or nil
end

local function fieldText(state, owner, key, level)
  local item = owner[key]
  if not state.secrets then
    if isHidden(key) and (type(item) == "string" or type(item) == "table") then
      return hidden(item)
    elseif key == "response" and type(item) == "string" and Error.is(owner) then -- the body as it came
      item = mask.pairs(item)
    end
  end
  return write(state, item, level)
end

local function partsOf(state, value, level)
  local parts = {}
  if isArray(value) then
    for index = 1, #value do
      parts[index] = more(state, index, #value)
      if parts[index] then
        break
      end
      parts[index] = write(state, value[index], level + 1)
    end
    return parts
  end
  local keys = {}
  for key in next, value do
    keys[#keys + 1] = key
  end
  sort(keys, keyOrder)
  for index, key in ipairs(keys) do
    parts[index] = more(state, index, #keys)
    if parts[index] then
      break
    end
    parts[index] = keyText(state, key, level + 1) .. " = " .. fieldText(state, value, key, level + 1)
  end
  return parts
end

local function tableText(state, value, level)
  if state.path[value] then
    return "<this table again>"
  elseif level >= DEEPEST then
    return "{ … }"
  end
  state.path[value] = true
  local parts = partsOf(state, value, level)
  state.path[value] = nil
  if #parts == 0 then
    return "{}"
  end
  local line = "{ " .. concat(parts, ", ") .. " }"
  if #line + 2 * level <= WIDTH and not find(line, "\n", 1, true) then
    return line
  end
  local margin = rep("  ", level)
  return "{\n" .. margin .. "  " .. concat(parts, ",\n" .. margin .. "  ") .. ",\n" .. margin .. "}"
end

function write(state, value, level)
  local kind = type(value)
  state.left = state.left - 1
  if value == json.null then
    return "appwrite.null"
  elseif kind == "string" then
    return quoted(value)
  elseif kind == "number" then
    return numberText(value)
  elseif kind ~= "table" then
    return tostring(value)
  end
  local metatable = getmetatable(value)
  if type(metatable) == "table" and metatable.__tostring and metatable.__name ~= "appwrite.Error" then
    return tostring(value)
  end
  return tableText(state, value, level)
end

local function text(value, secrets)
  return write({ path = {}, left = MOST_OF_ALL, secrets = secrets }, value, 0)
end

---A value as text, as one would write it in Lua: tables with their keys in order, long strings and lists cut off. What
---is secret (passwords, tokens, codes) is not shown unless it is asked for, since such texts end up in logs. All that a
---call returned may be given, `appwrite.dump(client.account.getCurrentUser())`: where it failed, that is its error.
---@param value any a result, an error, anything
---@param given { secrets: boolean? }|appwrite.Error|nil secrets: whether to show them; or the error beside the result
---@return string text
local function dump(value, given)
  if Error.is(given) then
    return value == nil and text(given) or text(value) .. "\n" .. text(given)
  elseif given ~= nil and type(given) ~= "table" then
    error(argument.wrong("dump", "options", "a table { secrets }", given), 2)
  end
  return text(value, given ~= nil and given.secrets == true)
end

return dump
