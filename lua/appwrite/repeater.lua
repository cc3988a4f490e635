--- Makes a call of one request, and makes it again where appwrite.retry allows.

local carrier = require "appwrite.carrier"
local chance = require "appwrite.chance"
local decode = require "appwrite.decode"
local log = require "appwrite.log"
local retry = require "appwrite.retry"

local max, min = math.max, math.min

local REFUSED = 429
local MOST_REFUSALS = 20 -- of a call that waits for its turn: by then the server counts otherwise than it says
local SHORTEST = 0.001 -- seconds: 0 would be without limit
local ONCE = { attempts = 1 }

local repeater = {}

-- Loaded where they are needed.
local function now()
  return require("appwrite.scheduler").now()
end

-- For one attempt: what is left of the call's time, and no more than the policy grants.
local function optionsOf(self)
  local options, own = self.options, self.policy.timeout or 0
  local left = self.deadline and max(SHORTEST, self.deadline - now()) or 0
  if own > 0 then
    left = left > 0 and min(left, own) or own
  end
  return { timeout = left, headers = options and options.headers }
end

---@class appwrite.RetryInfo
---@field operation string
---@field attempt integer  which one failed
---@field attempts integer how many there may be
---@field wait number      seconds until the next one
---@field err appwrite.Error what it failed with

-- Whether whoever watches wants it, too. What it raises is the caller's.
local function isWanted(self, err, seconds)
  local watch = self.state.onRetry
  return not watch or watch {
    operation = self.operation.fullName, attempt = self.attempt, attempts = self.policy.attempts, wait = seconds,
    err = err,
  } ~= false
end

local function tell(self, err, seconds)
  log.emit(self.state, "info", "request.retry", {
    operation = self.operation.fullName, attempt = self.attempt, attempts = self.policy.attempts, wait = seconds,
    kind = err.kind, code = err.code, message = err.message,
  })
end

-- Seconds until the next attempt, as far as this is to see to it: the limiter does its own waiting.
local function pauseOf(self, err)
  if err.code == REFUSED and self.state.limits and self.refusals < MOST_REFUSALS then
    self.refusals = self.refusals + 1
    return 0, err.retryAfter or 0
  end
  local seconds = retry.pause(self.policy, err, self.attempt - self.refusals, repeater.chance())
  return seconds, seconds
end

-- Waits for the next attempt. False where there is none.
local function goesOn(self, err)
  local seconds, expected = pauseOf(self, err)
  local limit = seconds == expected and self.deadline or self.fixed
  if not seconds or limit and now() + expected >= limit then
    return false
  end
  if not isWanted(self, err, expected) then
    return false
  end
  tell(self, err, expected)
  if seconds > 0 then
    require("appwrite.tasks").pauseCall(seconds)
  end
  return not self.deadline or now() < self.deadline
end

local function once(self, request)
  self.attempt = self.attempt + 1
  local answer = carrier.send(self.state, self.operation, request, optionsOf(self), nil, {
    attempt = self.attempt, params = self.params, deadline = self.fixed,
  })
  answer.attempts = answer.attempts + self.attempt - 1
  if self.deadline and not self.fixed then
    self.deadline = self.deadline + (answer.waited or 0)
  end
  return decode.answer(self.operation, answer, self.state.nulls)
end

local function newCall(state, operation, options, params, policy, deadline)
  return {
    state = state, operation = operation, options = options, params = params, policy = policy or ONCE, attempt = 0,
    refusals = 0, deadline = deadline,
    fixed = options and options.timeout and deadline, -- also for the limiter; otherwise its waiting is not counted
  }
end

---@param state table the client's
---@param operation appwrite.Prepared
---@param request appwrite.Request
---@param options table? of the call
---@param params table? of the call
---@return any result
---@return appwrite.Error? err
---@return appwrite.Response? response
function repeater.call(state, operation, request, options, params)
  local policy = retry.policy(options and options.retry, state.retry)
  if not policy and not state.limits then
    return decode.answer(operation, carrier.send(state, operation, request, options), state.nulls)
  end
  local timeout = carrier.timeout(state, operation, options)
  local deadline = timeout > 0 and now() + timeout or nil
  local self, result, err, response
  if not state.limits and not policy.timeout then
    -- Nearly every call ends here, so nothing is made before for attempts that do not come.
    result, err, response = decode.answer(operation, carrier.send(state, operation, request, options), state.nulls)
    if not (err and err.retryable) then
      return result, err, response
    end
    self = newCall(state, operation, options, params, policy, deadline)
    self.attempt = 1
  else
    self = newCall(state, operation, options, params, policy, deadline)
    result, err, response = once(self, request)
  end
  while err and err.retryable and policy and goesOn(self, err) do
    result, err, response = once(self, request)
  end
  return result, err, response
end

repeater.chance = chance

return repeater
