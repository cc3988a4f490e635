--- `client:each`: the items of a list operation one after another, fetched page by page.
--
-- By cursor, since Appwrite stops counting `total` at 5000 and moving items make offsets skip some; by offset only
-- where an operation takes no cursor. A page that is not full is the last one only where `total` agrees: a server may
-- give fewer items than it was asked for.

local Error = require "appwrite.error"
local json = require "appwrite.json"
local options = require "appwrite.options"
local query = require "appwrite.query"

local error, format, ipairs, pairs, setmetatable, type = error, string.format, ipairs, pairs, setmetatable, type

local PAGE_SIZE = 100 -- items
local COUNTED_UP_TO = 5000 -- `total` says no more than this

local Walk = { __name = "appwrite.Walk" }
local methods = {}
Walk.__index = methods

local pages = {}

local RULES = {
  pageSize = { type = "number", min = 1, whole = true, unit = "items" },
  prefetch = { type = "boolean" },
}
pages.RULES = RULES
-- What a page is asked for with is decided here.
local REFUSED = {
  limit = "give the option pageSize instead; leave the loop where you have enough",
  offset = "it goes through all items from the first, or from Query.cursorAfter on",
  cursorBefore = "it goes forwards only; turn the order around by Query.orderDesc",
}

-- What the caller asks for --------------------------------------------------------------------------------------------

local function methodOf(text)
  local decoded = type(text) == "string" and json.decode(text)
  return type(decoded) == "table" and decoded.method or nil, decoded
end

-- The queries that every page is asked with, and the cursor of the first one.
local function takeQueries(given)
  local kept, cursor = {}, nil
  if type(given) ~= "table" then
    return given, nil
  end
  for _, text in ipairs(given) do
    local method, decoded = methodOf(text)
    if REFUSED[method] then
      return nil, nil, format("a query of client:each cannot be Query.%s: %s", method, REFUSED[method])
    elseif method == "cursorAfter" then
      cursor = type(decoded.values) == "table" and decoded.values[1] or nil
    else
      kept[#kept + 1] = text
    end
  end
  return kept, cursor
end

local function takeOptions(given)
  local own, rest = {}, nil
  if given == nil then
    return own
  elseif type(given) ~= "table" then
    return nil, nil, format("options must be a table, got %s", type(given))
  end
  for name, value in pairs(given) do
    if RULES[name] then
      own[name] = value
    else
      rest = rest or {}
      rest[name] = value
    end
  end
  return own, rest, options.check(own, RULES)
end

-- One page ------------------------------------------------------------------------------------------------------------

local function paramsOf(self)
  local params, queries = {}, {}
  for name, value in pairs(self.params) do
    params[name] = value
  end
  if not self.list.by then
    return params
  end
  for index, text in ipairs(self.queries or {}) do
    queries[index] = text
  end
  queries[#queries + 1] = query.limit(self.size)
  if self.list.by == "offset" then
    queries[#queries + 1] = self.seen > 0 and query.offset(self.seen) or nil
  elseif self.cursor then
    queries[#queries + 1] = query.cursorAfter(self.cursor)
  end
  params.queries = queries
  return params
end

local function fail(self, err)
  self.ended, self.items, self.index = true, {}, 0
  error(err, 0)
end

local function failProtocol(self, message)
  fail(self, Error.new { kind = "protocol", message = message, code = 200, operation = self.name })
end

-- Whether a cursor was there before, with one of them kept however many there are (Brent's cycle detection).
local function repeats(self, cursor)
  if cursor == self.mark then
    return true
  end
  self.steps = self.steps + 1
  if self.steps == self.power then
    self.mark, self.steps, self.power = cursor, 0, self.power * 2
  end
  return false
end

local function moveCursor(self, items)
  local last = items[#items]
  local cursor = type(last) == "table" and last["$id"]
  if type(cursor) ~= "string" then
    failProtocol(self, 'the last item of a page has no "$id", by which the next page is asked for')
  elseif repeats(self, cursor) then
    failProtocol(self, format('the server gives the page behind "%s" again and again', cursor))
  end
  self.cursor = cursor
end

local function isLast(self, page, count)
  local total = page.total
  local allSeen = type(total) == "number" and self.seen >= total
  if count == 0 or not self.list.by then
    return true
  elseif count < self.size then
    return allSeen
  end
  return self.list.by == "offset" and allSeen and total < COUNTED_UP_TO
end

local function accept(self, page)
  local items = type(page) == "table" and page[self.list.items]
  if type(items) ~= "table" then
    failProtocol(self, format('the server\'s answer has no list "%s"', self.list.items))
  end
  self.page, self.items, self.index = page, items, 0
  self.seen = self.seen + #items
  self.ended = isLast(self, page, #items)
  if not self.ended and self.list.by == "cursor" then
    moveCursor(self, items)
  end
end

local function request(self)
  return self.client:call(self.name, paramsOf(self), self.options)
end

-- The next page's request goes out before the first item of this one is handed on.
local function fetchAhead(self)
  self.task = require("appwrite.tasks").spawn(request, self)
  self.engine:step(0)
end

local function fetch(self)
  local page, err
  if self.task then
    local task = self.task
    self.task = nil
    page, err = task:await()
  else
    page, err = request(self)
  end
  if page == nil then
    fail(self, err)
  end
  accept(self, page)
  if self.prefetch and not self.ended then
    fetchAhead(self)
  end
end

-- The next item and its page; nil at the end.
local function advance(self)
  while true do
    local index = self.index + 1
    local item = self.items[index]
    if item ~= nil then
      self.index = index
      return item, self.page
    elseif self.ended then
      return nil
    end
    fetch(self)
  end
end

function methods:close()
  local task = self.task
  self.task, self.ended, self.items, self.index = nil, true, {}, 0
  if task then
    task:cancel()
  end
end

-- Where Lua closes a loop's last value when the loop is left (5.4): what was fetched ahead is not wanted any more.
Walk.__close = methods.close

---@param client appwrite.Client
---@param engine appwrite.Engine
---@param operation appwrite.Prepared
---@param params table
---@param given table? pageSize, prefetch, and options of the calls
---@return table? walk
---@return string? problem
function pages.new(client, engine, operation, params, given)
  local list = operation.row.list
  if not list then
    return nil, "the operation answers with no list"
  end
  local own, rest, problem = takeOptions(given)
  if problem then
    return nil, problem
  end
  local queries, cursor
  queries, cursor, problem = takeQueries(params.queries)
  if problem then
    return nil, problem
  end
  return setmetatable({
    client = client, engine = engine, name = operation.fullName, list = list, params = params, options = rest,
    queries = queries, cursor = cursor, size = own.pageSize or PAGE_SIZE, prefetch = own.prefetch,
    items = {}, index = 0, seen = 0, ended = false, steps = 0, power = 1,
  }, Walk), nil, rest
end

---@param walk table
---@return fun(): any, table? next the next item and the page it is of; raises an appwrite.Error
---@return nil
---@return nil
---@return table closing
function pages.iterate(walk)
  return function()
    return advance(walk)
  end, nil, nil, walk
end

return pages
