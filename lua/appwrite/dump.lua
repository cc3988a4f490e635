--- `appwrite.dump(value)`: a result as text, for prompts and for looking at things while developing.

local argument = require "appwrite.argument"
local json = require "appwrite.json"
local mask = require "appwrite.mask"
local models = require "appwrite.models"
local utf8 = require "appwrite.utf8"

local error, floor, getmetatable, ipairs, next, tostring, type =
  error, math.floor, getmetatable, ipairs, next, tostring, type
local byte, concat, find, format, gsub, match, rep, sort, sub =
  string.byte, table.concat, string.find, string.format, string.gsub, string.match, string.rep, table.sort, string.sub

local WIDTH = 100 -- characters: what fits a line is written on one
local DEEPEST = 32 -- levels, as a guard of the C stack
local LONGEST = 500 -- bytes of a string that are shown
local MOST = 200 -- items of a table that are shown
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

-- A text stays readable in any script; bytes that are no text are escaped, all beyond ASCII.
local function quoted(text)
  local short = text
  if #text > LONGEST then
    short = sub(text, 1, LONGEST)
    while utf8.valid(text) and not utf8.valid(short) do
      short = sub(short, 1, -2)
    end
  end
  short = '"' .. gsub(short, utf8.valid(text) and '[%c"\\]' or '[%c"\\\127-\255]', escaped) .. '"'
  return #text > LONGEST and format("%s… (%d bytes)", short, #text) or short
end

-- What stands in a secret's place says only whether there is one.
local function hidden(value)
  if type(value) == "string" then
    return value == "" and '""' or format('"…" (hidden, %d bytes)', #value)
  end
  return format("{ … } (hidden, %d items)", #value)
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

local function keyText(state, key)
  if type(key) == "string" and match(key, "^[%a_][%w_]*$") and not KEYWORDS[key] then
    return key
  end
  return "[" .. write(state, key, 0) .. "]"
end

local function partsOf(state, value, level)
  local parts = {}
  if isArray(value) then
    for index = 1, #value do
      if index > MOST then
        parts[index] = format("… (%d more)", #value - MOST)
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
    if index > MOST then
      parts[index] = format("… (%d more)", #keys - MOST)
      break
    end
    local item = value[key]
    local shown = not state.secrets and isHidden(key) and (type(item) == "string" or type(item) == "table")
      and hidden(item) or write(state, item, level + 1)
    parts[index] = keyText(state, key) .. " = " .. shown
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
  if value == json.null then
    return "appwrite.null"
  elseif kind == "string" then
    return quoted(value)
  elseif kind ~= "table" then
    return tostring(value)
  end
  local metatable = getmetatable(value)
  if type(metatable) == "table" and metatable.__tostring and metatable.__name ~= "appwrite.Error" then
    return tostring(value)
  end
  return tableText(state, value, level)
end

---A value as text, as one would write it in Lua: tables with their keys in order, long strings and lists cut off. What
---is secret (passwords, tokens, codes) is not shown unless it is asked for, since such texts end up in logs.
---@param value any a result, an error, anything
---@param given { secrets: boolean? }? secrets: whether to show them
---@return string text
local function dump(value, given)
  if given ~= nil and type(given) ~= "table" then
    error(argument.wrong("dump", "options", "a table { secrets }", given), 2)
  end
  return write({ path = {}, secrets = given ~= nil and given.secrets == true }, value, 0)
end

return dump
