--- Carries queries out on a list of things: filters, sorts, pages.
--
-- Texts are compared without regard to the case of ASCII letters, as MariaDB does under a real server.

local errors = require "server.errors"
local json = require "server.json"

local find, gmatch, lower, min, sub = string.find, string.gmatch, string.lower, math.min, string.sub

local MAX_TOTAL = 5000 -- the real server stops counting there

local selection = {}

-- A form of a value that compares; nil for nothing.
local function fold(value)
  local kind = type(value)
  if kind == "string" then
    return lower(value)
  elseif kind == "boolean" then
    return value and 1 or 0
  elseif value == json.null then
    return nil
  end
  return value
end

local function startsWith(text, part)
  return sub(text, 1, #part) == part
end

local function endsWith(text, part)
  return part == "" or sub(text, -#part) == part
end

local function words(text)
  local list = {}
  for word in gmatch(lower(text), "[%w_\128-\255]+") do
    list[#list + 1] = word
  end
  return list
end

-- Any of the words, the last one also as the beginning of a word.
local function search(text, wanted)
  local terms = words(wanted)
  for _, word in ipairs(words(text)) do
    for index, term in ipairs(terms) do
      if word == term or index == #terms and startsWith(word, term) then
        return true
      end
    end
  end
  return false
end

local function anyOf(values, check)
  for _, value in ipairs(values) do
    if check(value) then
      return true
    end
  end
  return false
end

local function contains(stored, values)
  if json.isArray(stored) then
    return anyOf(values, function(value)
      return anyOf(stored, function(element) return fold(element) == fold(value) end)
    end)
  end
  return anyOf(values, function(value) return find(lower(stored), lower(value), 1, true) ~= nil end)
end

-- What is stored (never nil here), and the values of the query.
local TESTS = {
  equal = function(stored, values) return anyOf(values, function(value) return fold(stored) == fold(value) end) end,
  notEqual = function(stored, values) return fold(stored) ~= fold(values[1]) end,
  lessThan = function(stored, values) return fold(stored) < fold(values[1]) end,
  lessThanEqual = function(stored, values) return fold(stored) <= fold(values[1]) end,
  greaterThan = function(stored, values) return fold(stored) > fold(values[1]) end,
  greaterThanEqual = function(stored, values) return fold(stored) >= fold(values[1]) end,
  between = function(stored, values) return fold(stored) >= fold(values[1]) and fold(stored) <= fold(values[2]) end,
  startsWith = function(stored, values) return startsWith(lower(stored), lower(values[1])) end,
  endsWith = function(stored, values) return endsWith(lower(stored), lower(values[1])) end,
  search = function(stored, values) return search(stored, values[1]) end,
  contains = contains,
}

local function matches(query, read, thing)
  if query.method == "and" then
    return not anyOf(query.values, function(member) return not matches(member, read, thing) end)
  elseif query.method == "or" then
    return anyOf(query.values, function(member) return matches(member, read, thing) end)
  end
  local stored = read(thing, query.attribute)
  local isNull = stored == nil or stored == json.null
  if query.method == "isNull" or query.method == "isNotNull" then
    return isNull == (query.method == "isNull")
  end
  return not isNull and TESTS[query.method](stored, query.values)
end

local function compareValues(a, b)
  if a == b then
    return 0
  elseif a == nil or b == nil then
    return a == nil and -1 or 1 -- nothing comes first
  end
  return a < b and -1 or 1
end

-- Negative where a comes before b. What is equal stays in the order in which it was made.
local function comparison(orders, read)
  return function(a, b)
    for _, order in ipairs(orders) do
      local result
      if order.attribute == "" then
        result = a.sequence - b.sequence
      else
        result = compareValues(fold(read(a, order.attribute)), fold(read(b, order.attribute)))
      end
      if result ~= 0 then
        return order.descending and -result or result
      end
    end
    return a.sequence - b.sequence
  end
end

local function filter(list, keep)
  local result = {}
  for _, thing in ipairs(list) do
    if keep(thing) then
      result[#result + 1] = thing
    end
  end
  return result
end

local function slice(list, first, last)
  local result = {}
  for index = first < 1 and 1 or first, min(last, #list) do
    result[#result + 1] = list[index]
  end
  return result
end

local function page(list, wanted, store, compare, noun)
  local cursor = wanted.cursor
  if not cursor then
    return slice(list, wanted.offset + 1, wanted.offset + wanted.limit)
  end
  local mark = store:get(cursor.id)
    or errors.raise("general_cursor_not_found", noun .. " '" .. cursor.id .. "' for the 'cursor' value not found.")
  if cursor.before then
    local before = filter(list, function(thing) return compare(thing, mark) < 0 end)
    local last = #before - wanted.offset
    return slice(before, last - wanted.limit + 1, last)
  end
  local after = filter(list, function(thing) return compare(thing, mark) > 0 end)
  return slice(after, wanted.offset + 1, wanted.offset + wanted.limit)
end

---Carry out queries.
---@param wanted sandbox.Wanted
---@param store sandbox.Store
---@param options { visible: fun(thing: table): boolean, read: fun(thing: table, attribute: string): any, noun: string }
---@return table[] things of the page
---@return integer total of all pages
function selection.run(wanted, store, options)
  local read = options.read
  local every = { method = "and", values = wanted.filters }
  local found = filter(store.list, function(thing)
    return options.visible(thing) and matches(every, read, thing)
  end)
  local compare = comparison(wanted.orders, read)
  if wanted.orders[1] then
    table.sort(found, function(a, b) return compare(a, b) < 0 end)
  end
  return page(found, wanted, store, compare, options.noun), min(#found, MAX_TOTAL)
end

return selection
