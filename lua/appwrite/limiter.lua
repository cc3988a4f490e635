--- Keeps requests within the server's limits, so that a loop over a thousand of them waits instead of failing.
--
-- One limiter belongs to a client and those made of it by `client:with`: most of the server's limits are of the address
-- that requests come from. Where the server counts by user, a client has buckets of its own; where by a parameter (an
-- e-mail address), each value has one. What an API key is sent with is not limited.

local bucket = require "appwrite.bucket"
local coroutines = require "appwrite.coroutines"
local guard = require "appwrite.guard"
local log = require "appwrite.log"
local rate = require "appwrite.rate"
local scheduler = require "appwrite.scheduler"
local tasks = require "appwrite.tasks"

local format, max, time = string.format, math.max, os.time
local ipairs, pairs, setmetatable, tostring = ipairs, pairs, setmetatable, tostring

local REFUSED = 429
local MANY = 1000 -- buckets; from here on those that nobody needs are let go, before another is made

---@class appwrite.Limiter
local Limiter = { __name = "appwrite.Limiter" }
local methods = {}
Limiter.__index = methods

local limiter = {}

---@class appwrite.LimitOption a limit of all requests together, beside the documented ones
---@field requests integer
---@field seconds number

---@param own appwrite.LimitOption|true
---@return appwrite.Limiter
function limiter.new(own)
  return setmetatable({
    own = own ~= true and bucket.new(own, true) or nil, buckets = {}, count = 0,
    users = setmetatable({}, { __mode = "k" }), lastUser = 0,
  }, Limiter)
end

-- Which limits --------------------------------------------------------------------------------------------------------

local function userOf(self, state)
  local number = self.users[state]
  if not number then
    number = self.lastUser + 1
    self.users[state], self.lastUser = number, number
  end
  return number
end

local function subjectOf(self, state, limit, params)
  if not limit.by then
    return ""
  elseif limit.by == "user" then
    return userOf(self, state)
  end
  return params and tostring(params[limit.by]):lower() or ""
end

local function letGo(self, now)
  for key, one in pairs(self.buckets) do
    if one:isIdle(now) then
      self.buckets[key] = nil
      self.count = self.count - 1
    end
  end
end

local function documented(self, state, operation, params)
  local limit = operation.row.rateLimit
  if not limit or state.session:has "key" then
    return nil
  end
  local key = format("%s %s %s", tostring(state.session:project()), operation.fullName,
    subjectOf(self, state, limit, params))
  local found = self.buckets[key]
  if not found then
    if self.count >= MANY then
      letGo(self, scheduler.now())
    end
    found = bucket.new(limit)
    self.buckets[key], self.count = found, self.count + 1
  end
  return found
end

local function bucketsOf(self, state, operation, params)
  local list = { documented(self, state, operation, params) }
  list[#list + 1] = self.own
  return list
end

-- One request's turn --------------------------------------------------------------------------------------------------

---@class appwrite.Turn what a request has while it waits, and until it is answered
---@field own table?          the bucket of the caller's own limit
---@field buckets table[]
---@field waiters table       see tasks.waitUntil
---@field looks boolean       something has changed that may concern it
---@field windows integer[]? once it goes
---@field waited number seconds

local Turn = { __name = "appwrite.Turn" }
local turnMethods = {}
Turn.__index = turnMethods

-- Where one may go after another, the first; else all.
local function wakeWaiting(one)
  for _, turn in ipairs(one.queue) do
    turn.looks = true
    coroutines.wakeAll(turn.waiters)
    if one.single then
      return
    end
  end
end

-- 0: it goes; nil: until an answer tells.
local function delayOf(turn, now)
  local longest, ahead, isOpen = 0, 0, false
  for _, one in ipairs(turn.buckets) do
    local seconds, before = one:delay(turn, now)
    isOpen = isOpen or not seconds
    longest, ahead = max(longest, seconds or 0), max(ahead, before)
  end
  if isOpen and longest == 0 then
    return nil, ahead
  end
  return longest, ahead
end

local function leaveQueues(turn)
  for _, one in ipairs(turn.buckets) do
    one:quit(turn)
    wakeWaiting(one)
  end
end

-- Until it may be its turn, or something has changed.
local function wait(turn, seconds, deadline)
  local now = scheduler.now()
  local at = seconds and now + seconds or deadline
  turn.looks = false
  return tasks.waitUntil(function()
    return turn.looks
  end, turn.waiters, at, true)
end

local function tellWait(state, operation, turn, seconds, ahead)
  if not turn.told then
    turn.told = true
    log.emit(state, "info", "limit.wait", { operation = operation.fullName, wait = seconds, ahead = ahead })
  end
end

-- nil, or how many seconds it would have had to wait beyond the deadline.
local function queueUp(turn, state, operation, deadline)
  while true do
    local now = scheduler.now()
    local seconds, ahead = delayOf(turn, now)
    if seconds == 0 then
      return nil
    elseif deadline and now + (seconds or 0) >= deadline then
      return seconds or 0
    end
    tellWait(state, operation, turn, seconds, ahead)
    if not wait(turn, seconds, deadline) then
      return nil -- nobody is left who could tell, so it goes
    end
  end
end

local function go(turn, now)
  turn.windows = {}
  for index, one in ipairs(turn.buckets) do
    turn.windows[index] = one:take(turn, now)
  end
end

-- Whoever is cut off leaves no place behind.
local function cutOff(turn)
  if not turn.windows then
    leaveQueues(turn)
  elseif not turn.over then
    turn:answered(nil)
  end
end

---Wait for a request's turn.
---@param state table the client's
---@param operation appwrite.Prepared
---@param params table? of the call
---@param deadline number? of scheduler.now
---@return appwrite.Turn? turn to be told how it ends
---@return table|number held to be released then; without a turn in time, the seconds that it would wait
function methods:enter(state, operation, params, deadline)
  local begun = scheduler.now()
  local turn = setmetatable({
    own = self.own, buckets = bucketsOf(self, state, operation, params), waiters = {},
  }, Turn)
  for _, one in ipairs(turn.buckets) do
    one:join(turn)
  end
  local held = guard.new(cutOff, turn)
  local late = queueUp(turn, state, operation, deadline)
  local now = scheduler.now()
  turn.waited = now - begun
  if late then
    leaveQueues(turn)
    held:release()
    return nil, late
  end
  go(turn, now)
  return turn, held
end

local function wordOf(answer)
  if not answer.status then
    return nil
  end
  local headers, now = answer.handle:headers(), time()
  return {
    word = rate.word(headers, now), refused = answer.status == REFUSED, wait = rate.wait(headers, now),
  }
end

-- What an answer says of the caller's own limit: nothing, unless it was no limit of the server's own that refused.
local function ofOwn(told)
  return told and { refused = told.refused and not told.word, wait = told.wait }
end

---Its answer has come.
---@param answer appwrite.Answer? nil: it was cut off
function turnMethods:answered(answer)
  self.over = true
  local now, told = scheduler.now(), answer and wordOf(answer)
  for index, one in ipairs(self.buckets) do
    if one:answered(self.windows[index], now, one == self.own and ofOwn(told) or one ~= self.own and told or nil) then
      wakeWaiting(one)
    end
  end
end

---Another user has logged in: the limits of the one before are not this one's.
---@param state table the client's
function methods:changeUser(state)
  self.users[state] = nil
end

return limiter
