--- Queries for the list operations. Each is a string that the server reads as JSON:
--
--   Query.equal("status", { "open", "late" }) --> {"method":"equal","attribute":"status","values":["open","late"]}
--
-- A wrong argument raises an error at the caller's line. Text that is not UTF-8 passes here, since it may come from a
-- player's keyboard: the call that is given the query returns an error then.

local argument = require "appwrite.argument"
local json = require "appwrite.json"

local concat = table.concat
local error, format, next, type = error, string.format, next, type
local floor, huge = math.floor, math.huge

local wrong = argument.wrong

-- The text of one value, or nil.
local function scalar(value)
  local kind = type(value)
  if kind == "string" then
    return json.quote(value)
  elseif kind == "boolean" then
    return value and "true" or "false"
  elseif json.isInt64(value) or (kind == "number" and value == value and value ~= huge and value ~= -huge) then
    return (json.encode(value))
  end
  return nil
end

local SCALARS = "a string, a finite number, a boolean, or an array of them"

-- The texts of one value or an array of values, with commas between; or nil and what is wrong.
local function scalars(where, name, value)
  local text = scalar(value)
  if text then
    return text
  elseif type(value) ~= "table" then
    return nil, wrong(where, name, SCALARS, value)
  end
  local count, texts = #value, {}
  for key in next, value do
    if type(key) ~= "number" or key < 1 or key > count or floor(key) ~= key then
      return nil, format('%s: argument "%s" must be an array without gaps, got a table with the key %s', where, name,
        argument.shown(key))
    end
  end
  for index = 1, count do
    texts[index] = scalar(value[index])
    if not texts[index] then
      return nil, wrong(where, format("%s[%d]", name, index), "a string, a finite number or a boolean", value[index])
    end
  end
  return concat(texts, ",")
end

local function query(method, attribute, values)
  return concat {
    '{"method":"', method, '"',
    attribute and ',"attribute":' .. json.quote(attribute) or "",
    values and ',"values":[' .. values .. "]" or "",
    "}",
  }
end

-- Each maker gives the function of one method. Those raise themselves, so that level 2 is the caller's line.

local function comparing(method)
  local where = "Query." .. method
  return function(attribute, value)
    if type(attribute) ~= "string" then
      error(wrong(where, "attribute", "a string", attribute), 2)
    end
    local values, problem = scalars(where, "value", value)
    if not values then
      error(problem, 2)
    end
    return query(method, attribute, values)
  end
end

local function searching(method)
  local where = "Query." .. method
  return function(attribute, value)
    if type(attribute) ~= "string" then
      error(wrong(where, "attribute", "a string", attribute), 2)
    elseif type(value) ~= "string" then
      error(wrong(where, "value", "a string", value), 2)
    end
    return query(method, attribute, json.quote(value))
  end
end

local function naming(method)
  local where = "Query." .. method
  return function(attribute)
    if type(attribute) ~= "string" then
      error(wrong(where, "attribute", "a string", attribute), 2)
    end
    return query(method, attribute)
  end
end

local function counting(method)
  local where = "Query." .. method
  return function(count)
    if type(count) ~= "number" or count < 0 or count == huge or floor(count) ~= count then
      error(wrong(where, method, "a whole number from 0 on", count), 2)
    end
    return query(method, nil, json.encode(count))
  end
end

local function pointing(method)
  local where = "Query." .. method
  return function(id)
    if not argument.isText(id) then
      error(wrong(where, "documentId", "the $id of a document", id), 2)
    end
    return query(method, nil, json.quote(id))
  end
end

local function isQuery(text)
  local value = type(text) == "string" and json.decode(text)
  return type(value) == "table" and type(value.method) == "string"
end

-- Inside and/or, queries are objects and not strings of JSON.
local function joining(method, where)
  return function(queries)
    if type(queries) ~= "table" then
      error(wrong(where, "queries", "an array of queries", queries), 2)
    end
    local count = 0
    for _ in next, queries do
      count = count + 1
    end
    for index = 1, count do
      if not isQuery(queries[index]) then
        error(wrong(where, format("queries[%d]", index), "a query made by the functions of Query", queries[index]), 2)
      end
    end
    return query(method, nil, concat(queries, ","))
  end
end

local both, either = joining("and", "Query.And"), joining("or", "Query.Or")

---@alias appwrite.QueryValue string|number|boolean|appwrite.int64
---@alias appwrite.QueryValues appwrite.QueryValue|appwrite.QueryValue[] several mean "one of them"

---@class appwrite.Query
---@field equal fun(attribute: string, value: appwrite.QueryValues): string     is the value, or one of the values
---@field notEqual fun(attribute: string, value: appwrite.QueryValues): string  is another than the value
---@field lessThan fun(attribute: string, value: appwrite.QueryValues): string  is less, or earlier
---@field lessThanEqual fun(attribute: string, value: appwrite.QueryValues): string  is the value, or less
---@field greaterThan fun(attribute: string, value: appwrite.QueryValues): string  is more, or later
---@field greaterThanEqual fun(attribute: string, value: appwrite.QueryValues): string  is the value, or more
---@field contains fun(attribute: string, value: appwrite.QueryValues): string  substring, or item of an array attribute
---@field startsWith fun(attribute: string, value: string): string  the text begins with the value
---@field endsWith fun(attribute: string, value: string): string    the text ends with the value
---@field search fun(attribute: string, value: string): string  needs a full-text index on the attribute
---@field isNull fun(attribute: string): string     has no value
---@field isNotNull fun(attribute: string): string  has a value
---@field orderAsc fun(attribute: string): string   the least, or earliest, first
---@field orderDesc fun(attribute: string): string  the greatest, or latest, first
---@field limit fun(limit: integer): string    so many at most; 25 where nothing is said
---@field offset fun(offset: integer): string  without the first so many; for long lists a cursor is quicker
---@field cursorAfter fun(documentId: string): string   those behind that one: the next page
---@field cursorBefore fun(documentId: string): string  those before that one: the page before
---@field And fun(queries: string[]): string  all of two or more queries hold; also as Query["and"]
---@field Or fun(queries: string[]): string   one of two or more queries holds; also as Query["or"]
---@field ["and"] fun(queries: string[]): string  the same as `And`, which needs no brackets
---@field ["or"] fun(queries: string[]): string   the same as `Or`, which needs no brackets
local Query = {
  equal = comparing "equal",
  notEqual = comparing "notEqual",
  lessThan = comparing "lessThan",
  lessThanEqual = comparing "lessThanEqual",
  greaterThan = comparing "greaterThan",
  greaterThanEqual = comparing "greaterThanEqual",
  contains = comparing "contains",
  startsWith = searching "startsWith",
  endsWith = searching "endsWith",
  search = searching "search",
  isNull = naming "isNull",
  isNotNull = naming "isNotNull",
  orderAsc = naming "orderAsc",
  orderDesc = naming "orderDesc",
  limit = counting "limit",
  offset = counting "offset",
  cursorAfter = pointing "cursorAfter",
  cursorBefore = pointing "cursorBefore",
  ["and"] = both,
  ["or"] = either,
  And = both,
  Or = either,
}

---From `first` to `last`, both included.
---@param attribute string
---@param first appwrite.QueryValue
---@param last appwrite.QueryValue
---@return string
function Query.between(attribute, first, last)
  if type(attribute) ~= "string" then
    error(wrong("Query.between", "attribute", "a string", attribute), 2)
  end
  local from, to = scalar(first), scalar(last)
  if not from then
    error(wrong("Query.between", "first", "a string or a finite number", first), 2)
  elseif not to then
    error(wrong("Query.between", "last", "a string or a finite number", last), 2)
  end
  return query("between", attribute, from .. "," .. to)
end

---The attributes that the answer shall hold. The server then leaves out all others, `$id` included.
---@param attributes string|string[]
---@return string
function Query.select(attributes)
  local texts, problem = scalars("Query.select", "attributes", attributes)
  for _, name in ipairs(type(attributes) == "table" and attributes or { attributes }) do
    problem = problem or type(name) ~= "string" and wrong("Query.select", "attributes", "an array of names", attributes)
  end
  if problem then
    error(problem, 2)
  end
  return query("select", nil, texts)
end

return argument.closed("Query", Query)
