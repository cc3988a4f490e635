--- Queries as they come: reads them and checks them against what may be asked. `selection.lua` carries them out.

local clock = require "server.clock"
local errors = require "server.errors"
local json = require "server.json"
local validation = require "server.validation"

local format, upper = string.format, string.upper

local MAX_QUERIES, MAX_LENGTH, MAX_VALUES = 100, 4096, 100
local DEFAULT_LIMIT = 25
local LIMIT_RANGE = "Value must be a valid range between %d and 9,223,372,036,854,775,808"

---@class sandbox.Schema what may be asked
---@field attributes table<string, { type: string, array?: boolean }>
---@field fulltext? table<string, boolean> attributes that may be searched
---@field selects? boolean whether the members of the answer may be chosen
---@field methods? table<string, boolean> where there are only a few
---@field limit? integer how many there are without a query for it
---@field fail fun(message: string)

---@class sandbox.Query
---@field method string
---@field attribute string
---@field values any[] or queries, for `and` and `or`

---@class sandbox.Wanted
---@field filters sandbox.Query[]
---@field orders { attribute: string, descending: boolean }[] attribute "" for the order in which things were made
---@field limit integer
---@field offset integer
---@field cursor? { id: string, before: boolean }
---@field select? string[]

local queries = {}

---The parameter `queries` of a list.
queries.param = { "queries", validation.list(validation.text(MAX_LENGTH), MAX_QUERIES), optional = true }

-- How many values a filter wants: one or more, exactly one, exactly two, or any number.
local FILTERS = {
  equal = "least", contains = "least", notEqual = "one", lessThan = "one", lessThanEqual = "one", greaterThan = "one",
  greaterThanEqual = "one", search = "one", startsWith = "one", endsWith = "one", between = "two", isNull = "any",
  isNotNull = "any",
}
local OTHERS = {
  orderAsc = true, orderDesc = true, limit = true, offset = true, cursorAfter = true, cursorBefore = true,
}
local GROUPS = { ["and"] = true, ["or"] = true }

local function capitalized(method)
  return (method:gsub("^%l", upper))
end

local function fromObject(schema, object)
  if not json.isObject(object) then
    errors.raise "general_unknown" -- a query in text inside of and/or breaks the real server as well
  end
  local method, attribute, values = object:get "method", object:get "attribute", object:get "values"
  local known = FILTERS[method] or OTHERS[method] or GROUPS[method] or method == "select" and schema.selects
  if not known or schema.methods and not schema.methods[method] then
    schema.fail("Invalid query method: " .. tostring(method))
  end
  attribute = attribute ~= json.null and attribute or ""
  values = values == nil and json.array() or values
  if type(attribute) ~= "string" then
    schema.fail "Invalid query attribute. Must be a string"
  elseif not json.isArray(values) then
    errors.raise "general_unknown"
  end
  local query = { method = method, attribute = attribute, values = values }
  if GROUPS[method] then
    query.values = {}
    for index, member in ipairs(values) do
      query.values[index] = fromObject(schema, member)
    end
  end
  return query
end

local function parse(schema, text)
  local object = json.decode(text)
  if object == nil then
    schema.fail "Invalid query: Syntax error"
  elseif not json.isObject(object) then
    schema.fail "Invalid query. Must be an object"
  end
  return fromObject(schema, object)
end

local function isText(value)
  return type(value) == "string"
end

-- A value as it is compared with what is stored, or nil where it does not fit.
local CONVERT = {
  integer = function(value) return json.isInteger(value) and value or nil end,
  float = function(value) return (json.isInteger(value) or type(value) == "number") and tonumber(value) or nil end,
  datetime = function(value) return isText(value) and clock.normalize(value) or nil end,
}

local function convert(kind, value)
  if kind == "boolean" then
    return type(value) == "boolean", value
  end
  local converted
  if CONVERT[kind] then
    converted = CONVERT[kind](value)
  else
    converted = isText(value) and value or nil
  end
  return converted ~= nil, converted
end

local function checkAttribute(schema, query)
  local attribute = schema.attributes[query.attribute]
  if not attribute then
    schema.fail("Invalid query: Attribute not found in schema: " .. query.attribute)
  end
  return attribute
end

local function convertValues(schema, query, attribute)
  if #query.values > MAX_VALUES then
    schema.fail(format("Invalid query: Query on attribute has greater than %d values: %s", MAX_VALUES, query.attribute))
  end
  local values = {}
  for index, value in ipairs(query.values) do
    local fits, converted = convert(attribute.type, value)
    if not fits then
      schema.fail(format('Invalid query: Query value is invalid for attribute "%s"', query.attribute))
    end
    values[index] = converted
  end
  query.values = values
end

local SINGLE_VALUE = { string = true, email = true, url = true, ip = true, enum = true }
local FOR_ARRAYS = { contains = true, isNull = true, isNotNull = true }

local function checkShape(schema, query, attribute)
  if query.method == "contains" and not attribute.array and not SINGLE_VALUE[attribute.type] then
    schema.fail(format('Invalid query: Cannot query contains on attribute "%s" because it is not an array or string.',
      query.attribute))
  elseif attribute.array and not FOR_ARRAYS[query.method] then
    schema.fail(format('Invalid query: Cannot query %s on attribute "%s" because it is an array.', query.method,
      query.attribute))
  elseif query.method == "search" and not (schema.fulltext and schema.fulltext[query.attribute]) then
    schema.fail(format('Searching by attribute "%s" requires a fulltext index.', query.attribute))
  end
end

local function checkCount(schema, query)
  local wanted, count = FILTERS[query.method], #query.values
  local problem = wanted == "least" and count == 0 and "at least one value"
    or wanted == "one" and count ~= 1 and "exactly one value"
    or wanted == "two" and count ~= 2 and "exactly two values"
  if problem then
    schema.fail(format("Invalid query: %s queries require %s.", capitalized(query.method), problem))
  end
end

local function checkFilter(schema, query)
  if GROUPS[query.method] then
    for _, member in ipairs(query.values) do
      if not FILTERS[member.method] and not GROUPS[member.method] then
        schema.fail(format("Invalid query: %s queries can only contain filter queries", capitalized(query.method)))
      end
    end
    if #query.values < 2 then
      schema.fail(format("Invalid query: %s queries require at least two queries", capitalized(query.method)))
    end
    for _, member in ipairs(query.values) do
      checkFilter(schema, member)
    end
    return
  end
  checkCount(schema, query)
  local attribute = checkAttribute(schema, query)
  convertValues(schema, query, attribute)
  checkShape(schema, query, attribute)
end

local function wholeNumber(schema, query, min)
  local value = query.values[1]
  local number = (json.isInteger(value) or isText(value) and value:find "^%-?%d+$") and tonumber(value)
  if not number or number < min then
    schema.fail(format("Invalid query: Invalid %s: " .. LIMIT_RANGE, query.method, min))
  end
  return number
end

-- Of two limits, offsets or cursors the first wins.
local TAKE = {
  limit = function(schema, query, wanted) wanted.limit = wanted.limit or wholeNumber(schema, query, 1) end,
  offset = function(schema, query, wanted) wanted.offset = wanted.offset or wholeNumber(schema, query, 0) end,
  select = function(schema, query, wanted)
    for _, name in ipairs(query.values) do
      if name ~= "*" and name ~= "$permissions" and not schema.attributes[name] then
        schema.fail("Invalid query: Attribute not found in schema: " .. tostring(name))
      end
    end
    wanted.select = wanted.select or query.values
  end,
}

local function takeOrder(schema, query, wanted)
  if query.attribute ~= "" then
    checkAttribute(schema, query)
  end
  wanted.orders[#wanted.orders + 1] = { attribute = query.attribute, descending = query.method == "orderDesc" }
end
TAKE.orderAsc, TAKE.orderDesc = takeOrder, takeOrder

local function takeCursor(schema, query, wanted)
  local problem = validation.uid(query.values[1])
  if problem then
    schema.fail("Invalid query: Invalid cursor: " .. problem)
  end
  wanted.cursor = wanted.cursor or { id = query.values[1], before = query.method == "cursorBefore" }
end
TAKE.cursorAfter, TAKE.cursorBefore = takeCursor, takeCursor

---Read the queries of a list.
---@param schema sandbox.Schema
---@param texts? string[]
---@return sandbox.Wanted
function queries.read(schema, texts)
  local wanted = { filters = {}, orders = {} }
  for _, text in ipairs(texts or {}) do
    local query = parse(schema, text)
    local take = TAKE[query.method]
    if take then
      take(schema, query, wanted)
    else
      checkFilter(schema, query)
      wanted.filters[#wanted.filters + 1] = query
    end
  end
  wanted.limit, wanted.offset = wanted.limit or schema.limit or DEFAULT_LIMIT, wanted.offset or 0
  return wanted
end

---For lists of files, teams and the like, whose bad queries are bad parameters.
---@param message string
function queries.failParam(message)
  errors.invalidParam("queries", message)
end

---For lists of documents.
---@param message string
function queries.failQuery(message)
  errors.raise("general_query_invalid", message)
end

return queries
