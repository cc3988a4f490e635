--- JSON as the real server reads and writes it, which lua-cjson cannot be told to do: members keep their order, whole
-- numbers are exact over 64 bits and differ from floats, `{}` is an empty list, "/" is escaped and Unicode is not.
--
-- Whole numbers are decoded as 64-bit cdata, floats as Lua numbers; either may be given for encoding.

local ffi = require "ffi"

local byte, char, find, format = string.byte, string.char, string.find, string.format
local gsub, match, sub = string.gsub, string.match, string.sub
local concat, floor = table.concat, math.floor

local int64 = ffi.typeof "int64_t"
local MAX_DEPTH = 512
local MAX_INT, MIN_INT = "9223372036854775807", "9223372036854775808"

local json = { null = setmetatable({}, { __name = "sandbox.null", __tostring = function() return "null" end }) }

---@class sandbox.Object
---@field keys string[] in their order
---@field values table<string, any>
local Object = { __name = "sandbox.Object" }
Object.__index = Object

local Array = { __name = "sandbox.Array" }

---An object with the given members: name, value, name, value, ...
---@return sandbox.Object
function json.object(...)
  local object = setmetatable({ keys = {}, values = {} }, Object)
  for index = 1, select("#", ...), 2 do
    local name, value = select(index, ...)
    object:set(name, value)
  end
  return object
end

---@param list? any[]
function json.array(list)
  return setmetatable(list or {}, Array)
end

function json.isObject(value)
  return getmetatable(value) == Object
end

function json.isArray(value)
  return getmetatable(value) == Array
end

function json.isInteger(value)
  return type(value) == "cdata"
end

---@return any value nil where there is none
function Object:get(name)
  return self.values[name]
end

---Set a member; a name that is there already keeps its place.
function Object:set(name, value)
  if self.values[name] == nil then
    self.keys[#self.keys + 1] = name
  end
  self.values[name] = value
  return self
end

---@return fun(): string?, any
function Object:each()
  local index = 0
  return function()
    index = index + 1
    local name = self.keys[index]
    return name, self.values[name]
  end
end

local ESCAPES = {
  ['"'] = '\\"', ["\\"] = "\\\\", ["/"] = "\\/", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r",
  ["\t"] = "\\t",
}

local function escape(character)
  return ESCAPES[character] or format("\\u%04x", byte(character))
end

local function quote(text)
  return '"' .. gsub(text, '[%z\1-\31"\\/]', escape) .. '"'
end

-- PHP writes the shortest digits that read back the same, with an exponent below 1e-4 and from 1e17 on.
local function formatFloat(value)
  if value == floor(value) and value > -1e15 and value < 1e15 then
    return value == 0 and 1 / value < 0 and "-0" or format("%d", value)
  end
  local text
  for precision = 14, 16 do
    text = format("%." .. precision .. "e", value)
    if tonumber(text) == value then
      break
    end
  end
  local sign, lead, rest, exponent = match(text, "^(-?)(%d)%.(%d+)e([-+]%d+)$")
  rest, exponent = gsub(rest, "0+$", ""), tonumber(exponent)
  if exponent < -4 or exponent > 16 then
    return format("%s%s.%se%+d", sign, lead, rest == "" and "0" or rest, exponent)
  end
  if exponent < 0 then
    return sign .. "0." .. ("0"):rep(-exponent - 1) .. lead .. rest
  end
  local digits = lead .. rest
  if #digits <= exponent + 1 then
    return sign .. digits .. ("0"):rep(exponent + 1 - #digits)
  end
  return sign .. sub(digits, 1, exponent + 1) .. "." .. sub(digits, exponent + 2)
end

local encodeInto

local function encodeArray(out, list)
  out[#out + 1] = "["
  for index, value in ipairs(list) do
    if index > 1 then
      out[#out + 1] = ","
    end
    encodeInto(out, value)
  end
  out[#out + 1] = "]"
end

local function encodeObject(out, object)
  local first = true
  out[#out + 1] = "{"
  for name, value in object:each() do
    out[#out + 1] = (first and "" or ",") .. quote(name) .. ":"
    first = false
    encodeInto(out, value)
  end
  out[#out + 1] = "}"
end

function encodeInto(out, value)
  local kind = type(value)
  if kind == "string" then
    out[#out + 1] = quote(value)
  elseif kind == "number" then
    out[#out + 1] = formatFloat(value)
  elseif kind == "boolean" or value == json.null then
    out[#out + 1] = tostring(value)
  elseif kind == "cdata" then
    out[#out + 1] = sub(tostring(value), 1, -3) -- without the "LL"
  elseif json.isObject(value) then
    encodeObject(out, value)
  elseif json.isArray(value) then
    encodeArray(out, value)
  else
    error("json.encode: neither a JSON value nor made by json.object or json.array: " .. tostring(value))
  end
end

---@param value any a string, number, boolean, json.null, or what json.object and json.array made
---@return string
function json.encode(value)
  local out = {}
  encodeInto(out, value)
  return concat(out)
end

-- Decoding: each reader takes the text and the position of its first character and returns the value and the position
-- behind it; a broken text raises this marker, caught in json.decode.
local BROKEN = {}
local readValue

local function skip(text, position)
  return find(text, "[^ \t\r\n]", position) or #text + 1
end

local function utf8Encode(code)
  if code < 0x80 then
    return char(code)
  elseif code < 0x800 then
    return char(0xC0 + floor(code / 64), 0x80 + code % 64)
  elseif code < 0x10000 then
    return char(0xE0 + floor(code / 4096), 0x80 + floor(code / 64) % 64, 0x80 + code % 64)
  end
  return char(0xF0 + floor(code / 262144), 0x80 + floor(code / 4096) % 64, 0x80 + floor(code / 64) % 64,
    0x80 + code % 64)
end

local UNESCAPES = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }

local function readUnicode(text, position)
  local code = tonumber(match(text, "^%x%x%x%x", position) or error(BROKEN), 16)
  if code < 0xD800 or code > 0xDFFF then
    return utf8Encode(code), position + 4
  end
  local low = tonumber(match(text, "^\\u(%x%x%x%x)", position + 4) or error(BROKEN), 16)
  if code > 0xDBFF or low < 0xDC00 or low > 0xDFFF then
    error(BROKEN)
  end
  return utf8Encode(0x10000 + (code - 0xD800) * 0x400 + low - 0xDC00), position + 10
end

local function readString(text, position)
  local from = position + 1
  local stop = find(text, '[%z\1-\31"\\]', from) or error(BROKEN)
  if byte(text, stop) == 34 then -- the closing quote: no escape in it
    return sub(text, from, stop - 1), stop + 1
  end
  local pieces = {}
  while true do
    pieces[#pieces + 1] = sub(text, from, stop - 1)
    local mark = byte(text, stop)
    if mark == 34 then
      return concat(pieces), stop + 1
    elseif mark ~= 92 then -- a control character
      error(BROKEN)
    end
    local letter = sub(text, stop + 1, stop + 1)
    if letter == "u" then
      pieces[#pieces + 1], from = readUnicode(text, stop + 2)
    else
      pieces[#pieces + 1], from = UNESCAPES[letter] or error(BROKEN), stop + 2
    end
    stop = find(text, '[%z\1-\31"\\]', from) or error(BROKEN)
  end
end

local function toInteger(text)
  local sign, digits = match(text, "^(-?)(%d+)$")
  local limit = sign == "-" and MIN_INT or MAX_INT
  if #digits > 19 or (#digits == 19 and digits > limit) or text == "-0" then
    return tonumber(text)
  end
  local value = int64(0)
  for index = 1, #digits do
    value = value * 10 - (byte(digits, index) - 48) -- downwards: the negative range is the larger one
  end
  return sign == "-" and value or -value
end

local function readNumber(text, position)
  local whole, stop = match(text, "^(-?%d+)()", position)
  if not whole or find(whole, "^-?0%d") then
    error(BROKEN)
  end
  local fraction, behind = match(text, "^(%.%d+)()", stop)
  local exponent, last = match(text, "^([eE][-+]?%d+)()", behind or stop)
  if not fraction and not exponent then
    return toInteger(whole), stop
  end
  return tonumber(whole .. (fraction or "") .. (exponent or "")), last or behind
end

local function readArray(text, position, depth)
  local list = json.array()
  position = skip(text, position + 1)
  if byte(text, position) == 93 then -- "]"
    return list, position + 1
  end
  while true do
    list[#list + 1], position = readValue(text, position, depth)
    position = skip(text, position)
    local mark = byte(text, position)
    if mark == 93 then
      return list, position + 1
    elseif mark ~= 44 then -- ","
      error(BROKEN)
    end
    position = skip(text, position + 1)
  end
end

---PHP knows one kind of array only: an object without members, or with "0", "1", ... in order, is a list.
---@param object sandbox.Object
---@return any
function json.asPhpArray(object)
  for index, name in ipairs(object.keys) do
    if name ~= tostring(index - 1) then
      return object
    end
  end
  local list = json.array()
  for _, value in object:each() do
    list[#list + 1] = value
  end
  return list
end

local function readObject(text, position, depth)
  local object = json.object()
  position = skip(text, position + 1)
  if byte(text, position) == 125 then -- "}"
    return json.array(), position + 1
  end
  while true do
    if byte(text, position) ~= 34 then
      error(BROKEN)
    end
    local name, value
    name, position = readString(text, position)
    position = skip(text, position)
    if byte(text, position) ~= 58 then -- ":"
      error(BROKEN)
    end
    value, position = readValue(text, skip(text, position + 1), depth)
    object:set(name, value)
    position = skip(text, position)
    local mark = byte(text, position)
    if mark == 125 then
      return json.asPhpArray(object), position + 1
    elseif mark ~= 44 then
      error(BROKEN)
    end
    position = skip(text, position + 1)
  end
end

local WORDS = { t = "true", f = "false", n = "null" }
local WORD_VALUES = { ["true"] = true, ["false"] = false, null = json.null }

function readValue(text, position, depth)
  if depth > MAX_DEPTH then
    error(BROKEN)
  end
  local first = sub(text, position, position)
  if first == '"' then
    return readString(text, position)
  elseif first == "{" then
    return readObject(text, position, depth + 1)
  elseif first == "[" then
    return readArray(text, position, depth + 1)
  end
  local word = WORDS[first]
  if not word then
    return readNumber(text, position)
  elseif sub(text, position, position + #word - 1) ~= word then
    error(BROKEN)
  end
  return WORD_VALUES[word], position + #word
end

---Whether a text is UTF-8, as PCRE checks it.
---@param text string
function json.isUtf8(text)
  if not find(text, "[\128-\255]") then
    return true
  end
  local _, _, problem = ngx.re.find(text, "^", "u")
  return problem == nil
end

---@param text string
---@return any? value nil where the text is not JSON, not UTF-8, or too deep
function json.decode(text)
  if not json.isUtf8(text) then
    return nil
  end
  local ok, value, position = pcall(readValue, text, skip(text, 1), 0)
  if not ok and value ~= BROKEN then
    error(value, 0)
  elseif not ok then
    return nil
  elseif skip(text, position) <= #text then
    return nil
  end
  return value
end

return json
