--- Sends the requests of one call: with its headers, within its time, and in the client's name.

local Error = require "appwrite.error"
local build = require "appwrite.build"
local decode = require "appwrite.decode"
local log = require "appwrite.log"
local mask = require "appwrite.mask"
local transfer = require "appwrite.transfer"

local format, max, min, pairs, setmetatable, sub = string.format, math.max, math.min, pairs, setmetatable, string.sub

local DEFAULT_TIMEOUT = 60 -- seconds; files may take longer and are watched by the low-speed limit instead
local SHORTEST = 0.001 -- seconds: 0 would be without limit
local PARTIAL = 206
local BATCH = '{"query":[' -- how a body begins that has a list of GraphQL's queries
local NONE = {}

local Carrier = { __name = "appwrite.Carrier" }
local methods = {}
Carrier.__index = methods

local carrier = {}

-- Loaded where it is needed: most calls are of one request.
local function now()
  return require("appwrite.scheduler").now()
end

local function withHeaders(request, headers)
  local all = {}
  for name, value in pairs(request.headers or NONE) do
    all[name] = value
  end
  for name, value in pairs(headers) do
    all[name:lower()] = value
  end
  request.headers = all
end

-- The fields that all events of a request have.
local function describe(state, operation, request, attempt)
  return {
    operation = operation.fullName, method = request.method, url = state.session:endpoint() .. request.target,
    attempt = attempt,
  }
end

local function tellStart(state, operation, request, attempt)
  local fields = describe(state, operation, request, attempt)
  fields.timeout, fields.headers = request.timeout, mask.headers(request.headers)
  fields.body = mask.body(operation, request)
  log.emit(state, "debug", "request.start", fields)
end

local function tellEnd(state, operation, request, attempt, answer)
  local fields = describe(state, operation, request, attempt)
  local status = answer.status
  fields.status, fields.elapsed, fields.bytes = status, answer.elapsed, answer.body and #answer.body
  if not status then
    fields.kind, fields.message, fields.code = answer.kind, answer.message, answer.code
  elseif status >= 400 then
    fields.message = decode.message(answer)
  end
  log.emit(state, status and status < 400 and "debug" or "warn", "request.end", fields)
  if request.auth == "login" and status and status < 300 then
    log.emit(state, "info", "session.login", { operation = operation.fullName })
  end
end

local function asksForPart(request)
  for name in pairs(request.headers or NONE) do
    if name:lower() == "range" then
      return true
    end
  end
  return false
end

local function run(state, request, watch)
  local answer = transfer.run(state.engine, state.session, request, watch)
  answer.ranged = answer.status == PARTIAL and asksForPart(request) or nil
  answer.batch = request.body and sub(request.body, 1, #BATCH) == BATCH or nil
  return answer
end

-- Makes fields for nobody where nobody wants to know.
local function transferAndTell(state, operation, request, watch, attempt)
  if not state.log then
    return run(state, request, watch)
  end
  tellStart(state, operation, request, attempt)
  local answer = run(state, request, watch)
  tellEnd(state, operation, request, attempt, answer)
  return answer
end

-- A call says how long it may take; a client only how long a request may.
local function limited(seconds)
  return {
    kind = "timeout", elapsed = 0, attempts = 0, unsent = true, wait = seconds > 0 and seconds or nil,
    message = "its turn within the server's rate limit would come too late for the call's timeout",
  }
end

local function sendInTurn(state, operation, request, watch, about)
  local turn, held = state.limits:enter(state, operation, about.params, about.deadline)
  if not turn then
    return limited(held)
  end
  if about.deadline then
    request.timeout = max(SHORTEST, min(request.timeout, about.deadline - now()))
  end
  local answer = transferAndTell(state, operation, request, watch, about.attempt or 1)
  held:release()
  turn:answered(answer)
  if request.auth == "login" and answer.status and answer.status < 300 then
    state.limits:changeUser(state)
  end
  answer.waited = turn.waited
  return answer
end

---@class appwrite.About what concerns a request beyond itself
---@field attempt integer? of the same call, 1 if not told
---@field params table? of the call: some limits go by them
---@field deadline number? by which it must be over, waiting for its turn included; of scheduler.now

---@param state table the client's
---@param operation appwrite.Prepared
---@param options table? of the call
---@return number seconds that the call may take; 0: no limit
function carrier.timeout(state, operation, options)
  local kind = operation.row.kind
  return options and options.timeout or state.timeout
    or (kind ~= "bytes" and kind ~= "upload" and DEFAULT_TIMEOUT) or 0
end

local function sendOnce(state, operation, request, options, watch, about)
  about = about or NONE
  request.timeout = carrier.timeout(state, operation, options)
  if options and options.headers then
    withHeaders(request, options.headers)
  end
  if not state.limits then
    return transferAndTell(state, operation, request, watch, about.attempt or 1)
  end
  return sendInTurn(state, operation, request, watch, about)
end

-- A login goes without a JWT, and from then on the client has a session.
local function sendLogin(state, ...)
  local answer = sendOnce(state, ...)
  if answer.status and answer.status < 300 then
    state.renewal = nil
  end
  return answer
end

---Send one request and wait for its answer.
---@param state table the client's
---@param operation appwrite.Prepared
---@param request appwrite.Request without `timeout`
---@param options table? of the call
---@param watch appwrite.Watch?
---@param about appwrite.About?
---@return appwrite.Answer `waited` has the seconds that it waited for its turn before its time began
function carrier.send(state, operation, request, options, watch, about)
  if not state.renewal then
    return sendOnce(state, operation, request, options, watch, about)
  elseif request.auth == "login" then
    return sendLogin(state, operation, request, options, watch, about)
  end
  return state.renewal:send(function()
    return sendOnce(state, operation, request, options, watch, about)
  end, carrier.timeout(state, operation, options))
end

---For a call of several requests.
---@param state table the client's
---@param operation appwrite.Prepared
---@param options table? of the call
---@return table carrier
function carrier.new(state, operation, options)
  options = options or NONE
  local timeout = options.timeout or state.timeout
  -- Waiting for one's turn is no part of a client's timeout.
  return setmetatable({
    state = state,
    operation = operation,
    options = options,
    timeout = timeout,
    deadline = timeout and timeout > 0 and now() + timeout or nil,
  }, Carrier)
end

-- Of the first request, all the time there is; of any later one, what is left.
local function optionsNow(self)
  if not self.deadline or not self.begun then
    self.begun = true
    return self.options
  end
  local left = self.deadline - now()
  return { headers = self.options.headers, timeout = left }, left <= 0
end

local function sendNow(self, operation, request, watch)
  local options, late = optionsNow(self)
  if late then
    return { kind = "timeout", message = format("the call did not end within %s s", self.timeout), elapsed = 0,
      attempts = 0 }
  end
  local answer = carrier.send(self.state, operation, request, options, watch, {
    deadline = self.options.timeout and self.deadline,
  })
  if self.deadline and not self.options.timeout then
    self.deadline = self.deadline + (answer.waited or 0)
  end
  return answer
end

---@param request appwrite.Request
---@param watch appwrite.Watch?
---@return appwrite.Answer
function methods:send(request, watch)
  return sendNow(self, self.operation, request, watch)
end

---@param answer appwrite.Answer
---@return any result
---@return appwrite.Error? err
---@return appwrite.Response? response
function methods:decode(answer)
  return decode.answer(self.operation, answer, self.state.nulls)
end

---Make a call of another operation on the way.
---@param operation appwrite.Prepared
---@param params table
---@return any result
---@return appwrite.Error? err in the name of the carrier's own operation
---@return appwrite.Response? response
function methods:call(operation, params)
  local request, problem = build.request(operation, params)
  if not request then
    return nil, self:fail("argument", problem)
  end
  local answer = sendNow(self, operation, request)
  local result, err, response = decode.answer(operation, answer, self.state.nulls)
  if err then
    err.operation = self.operation.fullName
  end
  return result, err, response
end

---Wait before another attempt.
---@param seconds number
---@return boolean possible false, at once, where the call's time would be over by then
function methods:wait(seconds)
  if self.deadline and now() + seconds >= self.deadline then
    return false
  end
  require("appwrite.tasks").pauseCall(seconds)
  return true
end

---@param kind string
---@param message string
---@return appwrite.Error
function methods:fail(kind, message)
  return Error.new { kind = kind, message = message, operation = self.operation.fullName }
end

return carrier
