--- Runs functions: the Lua handlers of the start-up file, and an echo for a function without one. A handler that takes
-- too long is ended, and one that raises an error ends as a failed execution, as a crash does on a real server.

local clock = require "server.clock"
local json = require "server.json"
local plain = require "server.plain"

local concat, sort = table.concat, table.sort
local find, format, gmatch, lower, match = string.find, string.format, string.gmatch, string.lower, string.match

---@class sandbox.Call what a handler gets
---@field method string
---@field path string without the query
---@field queryString string
---@field query table<string, string> not percent-decoded
---@field headers table<string, string> names in lower case
---@field body any the text; tables and such where the content type says JSON
---@field bodyText string
---@field log fun(...) into the execution's logs
---@field error fun(...) into the execution's errors

---@class sandbox.Outcome
---@field status integer 500 for a handler that failed
---@field headers { [1]: string, [2]: string }[]
---@field body string
---@field logs string
---@field errors string
---@field seconds number

local executor = {}

local function queryOf(queryString)
  local query, object = {}, json.object()
  for name, value in gmatch(queryString, "([^=&]+)=?([^&]*)") do
    query[name] = value
    object:set(name, value)
  end
  return query, object
end

-- A handler's lines for logs or errors, and the function that adds one.
local function lines()
  local list = {}
  return list, function(...)
    local words = {}
    for index = 1, select("#", ...) do
      words[index] = tostring((select(index, ...)))
    end
    list[#list + 1] = concat(words, " ")
  end
end

-- The body where the content type says JSON and it is, else the text.
local function decoded(headers, text)
  local isJson = find(lower(headers["content-type"] or ""), "^application/json")
  local value
  if isJson then
    value = json.decode(text)
  end
  if value == nil then
    return text
  end
  return value
end

local function newCall(work, log, addError)
  local path, queryString = match(work.path, "^([^?]*)%??(.*)$")
  local headers = { host = "localhost", ["content-length"] = tostring(#work.body), connection = "keep-alive" }
  for _, header in ipairs(work.headers) do
    headers[lower(header[1])] = header[2]
  end
  return {
    method = work.method, path = path, queryString = queryString, query = queryOf(queryString), headers = headers,
    body = plain.fromJson(decoded(headers, work.body)), bodyText = work.body, log = log, error = addError,
  }
end

-- What a function without a handler answers: all it was given.
local function echo(call, work)
  local headers = json.object()
  for _, header in ipairs(work.headers) do
    headers:set(lower(header[1]), header[2])
  end
  for _, name in ipairs { "host", "content-length", "connection" } do
    headers:set(name, call.headers[name])
  end
  local _, query = queryOf(call.queryString)
  local body = decoded(call.headers, call.bodyText)
  return { headers = { ["content-type"] = "application/json" }, body = json.encode(json.object("method", call.method,
    "path", call.path, "query", query, "body", body, "bodyString", call.bodyText, "headers", headers)) }
end

-- What a handler gave back: nothing, a text, or a table with status, headers and body, which may be a table itself.
local function readAnswer(answer)
  if type(answer) ~= "table" then
    answer = { body = answer }
  end
  local headers, body = {}, answer.body
  for name, value in pairs(answer.headers or {}) do
    headers[#headers + 1] = { lower(name), tostring(value) }
  end
  if type(body) == "table" then
    body = json.encode(plain.toJson(body))
    if not (answer.headers or {})["content-type"] then
      headers[#headers + 1] = { "content-type", "application/json" }
    end
  elseif body ~= nil and type(body) ~= "string" then
    error("a handler's body must be a string or a table, not a " .. type(body), 0)
  end
  sort(headers, function(a, b) return a[1] < b[1] end)
  headers[#headers + 1] = { "content-length", tostring(#(body or "")) }
  return { status = answer.status or 200, headers = headers, body = body or "" }
end

-- Call in a light thread, ended after so many seconds.
local function limited(seconds, run)
  local worker = ngx.thread.spawn(run)
  local timer = ngx.thread.spawn(function()
    ngx.sleep(seconds)
    return false, format("Operation timed out after %d seconds.", seconds)
  end)
  local _, ok, result = ngx.thread.wait(worker, timer)
  ngx.thread.kill(worker)
  ngx.thread.kill(timer)
  return ok, result
end

---@class sandbox.Work
---@field method string
---@field path string
---@field headers { [1]: string, [2]: string }[]
---@field body string

---Run a function; waits for it, while the worker goes on with other requests as long as the handler yields.
---@param fn table with handler and timeout
---@param work sandbox.Work
---@return sandbox.Outcome
function executor.run(fn, work)
  local started = clock.now()
  local logs, addLog = lines()
  local errors, addError = lines()
  local outcome = { status = 400, headers = { { "connection", "close" } }, body = "" }
  if find(work.path, "^/") then -- no runtime takes another request
    local call = newCall(work, addLog, addError)
    local ok, result = limited(fn.timeout, function()
      return xpcall(function() return readAnswer((fn.handler or echo)(call, work)) end, debug.traceback)
    end)
    if not ok then
      addError(result)
    end
    outcome = ok and result or { status = 500, headers = { { "content-length", "0" } }, body = "" }
  end
  outcome.logs, outcome.errors = concat(logs, "\n"), concat(errors, "\n")
  outcome.seconds = clock.now() - started
  return outcome
end

return executor
