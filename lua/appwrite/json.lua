--- JSON without loss, on lua-cjson in Debian's line and in OpenResty's alike.
--
-- Whole numbers are integers where Lua has them, 64-bit ones keep their digits, floats keep their value, an empty array
-- stays apart from an empty object, and what JSON cannot carry is refused by its path.

local instance = require "appwrite.json.instance"
local marks = require "appwrite.json.marks"
local options = require "appwrite.options"
local reader = require "appwrite.json.reader"
local writer = require "appwrite.json.writer"

local error, format, type = error, string.format, type

local ENCODE = { name = { type = "string" }, empty = { type = "string", enum = { "object", "array" } } }
local DECODE = { nulls = { type = "string", enum = { "drop", "keep" } } }

---@class appwrite.json
---@field null userdata JSON's null
local json = {
  ---JSON's null: the same value as lua-cjson's and OpenResty's.
  null = instance.null,
  array = marks.array,
  object = marks.object,
  int64 = marks.int64,
  isArray = marks.isArray,
  isInt64 = marks.isInt64,
  quote = writer.quote,
}

---@class appwrite.EncodeOptions
---@field name string?              what the path in a problem begins with; default "value"
---@field empty "object"|"array"|nil how the value itself is written where it is an empty table that says nothing of
---itself; default "object". Empty tables inside it are objects unless they are marked or were decoded as arrays.

---Writes JSON. What JSON cannot carry (NaN, functions, cycles, text that is not UTF-8, …) is refused, by its path.
---@param value any
---@param given appwrite.EncodeOptions?
---@return string? text
---@return string? problem such as `data.items[3].price is NaN, which JSON cannot carry`
function json.encode(value, given)
  local problem = given and options.check(given, ENCODE)
  if problem then
    error("json.encode: " .. problem, 2)
  end
  local text
  text, problem = writer.encode(value, given and given.name or "value", given and given.empty or "object")
  return text, problem
end

---@class appwrite.DecodeOptions
---@field nulls "drop"|"keep"|nil whether an object's null is left out (default) or given as `json.null`; in an array it
---always is `json.null`, and so it is as the whole text

---Reads JSON. On Lua 5.1 and LuaJIT, integers beyond 2^53 that fit 64 bits come as strings of digits. Numbers beyond
---64 bits are floats everywhere. Refused beside broken JSON: NaN, infinity, hex numbers, numbers too large for a float,
---escapes that are half a surrogate pair, and more than 512 levels. Of a name given twice the last value counts.
---@param text string
---@param given appwrite.DecodeOptions?
---@return any value nil where the text is not JSON
---@return string? problem
function json.decode(text, given)
  if type(text) ~= "string" then
    error(format("json.decode: text must be a string, got %s", type(text)), 2)
  end
  local problem = given and options.check(given, DECODE)
  if problem then
    error("json.decode: " .. problem, 2)
  end
  local value
  value, problem = reader.decode(text, given ~= nil and given.nulls == "keep")
  return value, problem
end

return json
