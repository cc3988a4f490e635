--- Structure of documents: whether values fit the attributes of a collection, and how they are stored.
--
-- A stored value is nil for null; whole numbers are 64-bit cdata, as json.decode gives them.

local clock = require "server.clock"
local errors = require "server.errors"
local json = require "server.json"
local validation = require "server.validation"

local concat, format = table.concat, string.format

local attributes = {}

local function fail(message)
  errors.raise("document_invalid_structure", "Invalid document structure: " .. message)
end

-- 1234567 as 1,234,567, the way PHP writes the bounds of a range.
local function grouped(number)
  local text = format("%.0f", number)
  local count
  repeat
    text, count = text:gsub("^(-?%d+)(%d%d%d)", "%1,%2")
  until count == 0
  return text
end

local INT_MAX = 9223372036854775807LL

local function checkRange(attribute, value)
  local number = tonumber(value)
  if attribute.min and number < attribute.min or attribute.max and number > attribute.max then
    return format("Value must be a valid range between %s and %s", grouped(attribute.min or -2 ^ 63),
      grouped(attribute.max or 2 ^ 63))
  end
end

-- For each type what is wrong with a value, or nil.
local CHECKS = {
  string = function(attribute, value)
    if type(value) ~= "string" or validation.length(value) > attribute.size then
      return format("Value must be a valid string and no longer than %d chars", attribute.size)
    end
  end,
  boolean = function(_, value) return type(value) ~= "boolean" and "Value must be a valid boolean" or nil end,
  integer = function(attribute, value)
    if not json.isInteger(value) then
      return "Value must be a valid integer"
    elseif value < -INT_MAX then -- the smallest 64-bit integer is the one that the real server does not take
      return "Value must be a valid range between -9,223,372,036,854,775,808 and 9,223,372,036,854,775,808"
    end
    return checkRange(attribute, value)
  end,
  float = function(attribute, value)
    if not json.isInteger(value) and type(value) ~= "number" then
      return "Value must be a valid float"
    end
    return checkRange(attribute, value)
  end,
  datetime = function(_, value)
    return not (type(value) == "string" and clock.normalize(value)) and "Value must be valid date" or nil
  end,
  enum = function(attribute, value)
    for _, element in ipairs(attribute.elements) do
      if element == value then
        return nil
      end
    end
    return format("Value must be one of (%s)", concat(attribute.elements, ", "))
  end,
  email = function(_, value) return validation.email(value) end,
  url = function(_, value) return validation.url(value) end,
  ip = function(_, value) return validation.ip(value) end,
}

-- The real server keeps these as plain types with a format, and says so when one does not fit.
local HAS_FORMAT = { integer = true, float = true, enum = true, email = true, url = true, ip = true }

local function checkValue(attribute, label, value)
  local problem = CHECKS[attribute.type](attribute, value)
  if problem then
    fail(format('Attribute "%s" has invalid %s. %s', label, HAS_FORMAT[attribute.type] and "format" or "type", problem))
  end
end

local function checkArray(attribute, list)
  if not json.isArray(list) then
    fail(format('Attribute "%s" must be an array', attribute.key))
  end
  for index, value in ipairs(list) do
    if value ~= json.null then
      checkValue(attribute, format("%s['%d']", attribute.key, index - 1), value)
    end
  end
end

local function checkAny(attribute, value)
  if attribute.array then
    return checkArray(attribute, value)
  end
  return checkValue(attribute, attribute.key, value)
end

-- One value as it is kept: floats as numbers (and no negative zero), dates in UTC.
local function keepValue(attribute, value)
  if value == json.null then
    return value
  elseif attribute.type == "float" then
    return tonumber(value) + 0
  elseif attribute.type == "datetime" then
    return clock.normalize(value)
  end
  return value
end

local function keep(attribute, value)
  if value == nil or value == json.null then
    return nil
  elseif not attribute.array then
    return keepValue(attribute, value)
  end
  local list = json.array()
  for index, element in ipairs(value) do
    list[index] = keepValue(attribute, element)
  end
  return list
end

---Check all values of a document.
---@param collection { attributes: table[] }
---@param names string[] of the values, in the order in which they came
---@param values table<string, any> json.null or nil for nothing
function attributes.check(collection, names, values)
  local known = {}
  for _, attribute in ipairs(collection.attributes) do
    known[attribute.key] = attribute
    local value = values[attribute.key]
    if attribute.required and (value == nil or value == json.null) then
      fail(format('Missing required attribute "%s"', attribute.key))
    end
  end
  for _, name in ipairs(names) do
    if not known[name] then
      fail(format('Unknown attribute: "%s"', name))
    end
  end
  for _, name in ipairs(names) do
    local value = values[name]
    if value ~= nil and value ~= json.null then
      checkAny(known[name], value)
    end
  end
end

---Values as they are stored.
---@param collection { attributes: table[] }
---@param values table<string, any>
---@return table<string, any>
function attributes.keep(collection, values)
  local kept = {}
  for _, attribute in ipairs(collection.attributes) do
    kept[attribute.key] = keep(attribute, values[attribute.key])
  end
  return kept
end

---A stored value as it is sent: null for nothing, `[]` where the attribute is a list.
function attributes.send(attribute, value)
  if value ~= nil then
    return value
  end
  return attribute.array and json.array() or json.null
end

return attributes
