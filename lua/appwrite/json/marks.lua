--- What a Lua table cannot say of itself: that it is a JSON array or object, or an integer too large for a number.

local instance = require "appwrite.json.instance"

local format, gsub, match, sub = string.format, string.gsub, string.match, string.sub
local getmetatable, next, setmetatable, type = getmetatable, next, setmetatable, type
local floor = math.floor
local isInteger = math.type and function(value)
  return math.type(value) == "integer"
end

local LARGEST, SMALLEST = "9223372036854775807", "9223372036854775808" -- of int64, without its sign
local EXACT = 2 ^ 53 -- up to here a float holds every whole number

---@class appwrite.array
local ARRAY = { __name = "appwrite.array" }
---@class appwrite.object
local OBJECT = { __name = "appwrite.object" }
---@class appwrite.int64
---@field digits string
local INT64 = { __name = "appwrite.int64" }

function INT64.__tostring(self)
  return self.digits
end

function INT64.__eq(a, b)
  return a.digits == b.digits
end

local marks = { ARRAY = ARRAY }

-- OpenResty's line has marks of its own, which a program may have put on its tables.
local KINDS = { [ARRAY] = "array", [OBJECT] = "object" }
if instance.array_mt then
  KINDS[instance.array_mt] = "array"
end
if instance.empty_array_mt then
  KINDS[instance.empty_array_mt] = "emptyArray"
end

---What is known of a table: "array", "object", "emptyArray" (an array while it is empty), or nothing.
---@param value table
---@return "array"|"object"|"emptyArray"|nil
function marks.kind(value)
  local metatable = getmetatable(value)
  return metatable and KINDS[metatable]
end

local function copy(value, metatable)
  local own = {}
  for key, item in next, value or own do
    own[key] = item
  end
  return setmetatable(own, metatable)
end

---A table that is sent as an array, also when empty.
---@param items table? its items are copied; the table itself stays as it is
---@return appwrite.array
function marks.array(items)
  if items ~= nil and type(items) ~= "table" then
    error(format("array: items must be a table, got %s", type(items)), 2)
  end
  return copy(items, ARRAY)
end

---A table that is sent as an object, also when empty.
---@param fields table? its fields are copied; the table itself stays as it is
---@return appwrite.object
function marks.object(fields)
  if fields ~= nil and type(fields) ~= "table" then
    error(format("object: fields must be a table, got %s", type(fields)), 2)
  end
  return copy(fields, OBJECT)
end

---Whether a table is an array for JSON.
---@param value any
---@return boolean whether it is marked as an array: by `array`, by having been decoded, or by lua-cjson's array_mt
function marks.isArray(value)
  return type(value) == "table" and marks.kind(value) == "array"
end

---Whether a value is an integer in a table.
---@param value any
---@return boolean whether it was made by `int64` on a Lua without 64-bit integers
function marks.isInt64(value)
  return type(value) == "table" and getmetatable(value) == INT64
end

---Whether digits are within a limit of the same or another length.
---@param digits string without leading zeros
---@param limit string
---@return boolean
function marks.within(digits, limit)
  return #digits < #limit or (#digits == #limit and digits <= limit)
end

---@param digits string "-"? and digits without leading zeros
---@return boolean
function marks.isInt64Text(digits)
  local minus, bare = match(digits, "^(%-?)(%d+)$")
  return marks.within(bare, minus == "-" and SMALLEST or LARGEST)
end

-- The digits of a whole number, or nil.
local function canonical(value)
  if type(value) == "number" and floor(value) == value and value >= -EXACT and value <= EXACT then
    value = format("%.0f", value)
  end
  if type(value) ~= "string" then
    return nil
  end
  local minus, bare = match(value, "^(%-?)0*(%d+)$")
  local digits = bare and (bare == "0" and "0" or minus .. bare)
  return digits and marks.isInt64Text(digits) and digits or nil
end

---A 64-bit integer from its digits: a Lua integer on Lua 5.3 and later; on 5.1 and LuaJIT, whose numbers are exact up
---to 2^53 only, a value that is sent as those digits.
---
---Raises when the digits are no whole number from -9223372036854775808 to 9223372036854775807.
---@param digits string|integer
---@return integer|appwrite.int64
function marks.int64(digits)
  if isInteger and isInteger(digits) or marks.isInt64(digits) then
    return digits
  end
  local text = canonical(digits)
  if not text then
    local given = type(digits) == "string" and format('"%s"', (gsub(sub(digits, 1, 40), "%c", "?"))) or tostring(digits)
    error(format("int64: digits must be a string with a whole number from -%s to %s, got %s", SMALLEST, LARGEST, given),
      2)
  end
  return isInteger and tonumber(text) or setmetatable({ digits = text }, INT64)
end

return marks
