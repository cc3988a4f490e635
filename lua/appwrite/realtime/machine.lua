--- When a client of realtime connects, with which channels, and when it gives a connection up. Without a socket and
-- without a clock: it is told what happens and what time it is, and says what is to be done.
--
-- A list of channels belongs to a connection for its whole life, so a changed list means another one. The old one goes
-- on until the new one is connected, and is then read to its end before the new one is read: so a channel that stays
-- misses nothing and keeps its order. What both of them brought is the caller's to recognise.
--
-- What is to be done is taken with `take`, in order:
--   { "connect", id, channels }  begin a connection
--   { "close", id }              end it in good order; { "cancel", id } at once
--   { "ping", id }
--   { "authenticate", id }       say by message who the user is
--   { "open" }                   realtime is there now: the first time, and again after each loss
--   { "lost", err, retryAt }     it is not any more
--   { "reconnected", since }     events since that time may have been missed
--   { "failed", err, retryAt }   an attempt has failed; nil where none follows by itself
--   { "error", err }             the server complains, and the connection goes on
--   { "stopped", err }           the server refuses for good

local concat, max, min, remove = table.concat, math.max, math.min, table.remove
local ipairs, pairs, setmetatable = ipairs, pairs, setmetatable

-- An error's code is that of the server's error message, of a close frame, or the HTTP status of a refused handshake.
local POLICY = 1008
local TOO_MANY = { [429] = true, [1013] = true }
local PLACES = { "current", "coming", "draining" }

-- All in seconds.
local TIMES = {
  debounce = 0.05, -- a list of channels must have stayed as it is for so long
  longestDebounce = 0.5, -- but not be put off any longer
  minDelay = 1, -- before another attempt: at least; the longest is doubled with each
  maxDelay = 60,
  stable = 10, -- a connection that lived so long was a good one: what comes next is the first attempt again
  greeting = 10, -- from the handshake to the server's first message
  ping = 20,
  silence = 10, -- after a ping
  drain = 2, -- an old connection may take to close
  hint = 10, -- between two attempts that are brought forward
}

local Machine = { __name = "appwrite.realtime.Machine" }
---@class appwrite.realtime.Machine
local methods = {}
Machine.__index = methods

local machine = {}

---@class appwrite.realtime.Link one connection
---@field id integer
---@field channels string[]
---@field key string
---@field phase "connecting"|"greeting"|"live"|"draining"

---@param given { random: fun(): number, rate: appwrite.realtime.Rate, times: table<string, number>? } `random` gives
---  numbers from 0 up to 1
---@return appwrite.realtime.Machine
function machine.new(given)
  local times = {}
  for name, seconds in pairs(TIMES) do
    times[name] = given.times and given.times[name] or seconds
  end
  return setmetatable({
    times = times, random = given.random, rate = given.rate, todo = {}, lastId = 0, failures = 0, wanted = {}, key = "",
    -- With room for what will be there: to set it takes no memory.
    current = nil, coming = nil, draining = nil, changeAt = nil, firstChange = nil, retryAt = nil, renewing = nil,
    gap = nil, stopped = nil, patient = nil, hintedAt = nil,
  }, Machine)
end

local function say(self, ...)
  self.todo[#self.todo + 1] = { ... }
end

---@return table? action the next thing to be done, taken
function methods:take()
  return remove(self.todo, 1)
end

---@return table? action the same, not taken
function methods:first()
  return self.todo[1]
end

local function linkOf(self, id)
  for _, place in ipairs(PLACES) do
    local link = self[place]
    if link and link.id == id then
      return link, place
    end
  end
  return nil
end

-- Wishes --------------------------------------------------------------------------------------------------------------

-- An attempt for the sake of another user that came to nothing is still to be made.
local function forgetComing(self)
  self.renewing = self.renewing or self.coming.renewing
  self.coming = nil
end

local function cancelComing(self)
  if self.coming then
    say(self, "cancel", self.coming.id)
    forgetComing(self)
  end
end

local function beginDraining(self, link, now)
  link.phase, link.drainBy = "draining", now + self.times.drain
  self.draining = link
  say(self, "close", link.id)
end

local function leave(self)
  cancelComing(self)
  if self.current then
    say(self, "close", self.current.id)
  end
  self.current, self.changeAt, self.firstChange, self.renewing = nil, nil, nil, nil
  self.retryAt, self.gap, self.failures = nil, nil, 0
end

-- Which connection there will be, or is.
local function target(self)
  return self.coming or self.current
end

local function isMet(self)
  local link = target(self)
  return link ~= nil and link.key == self.key and not self.renewing
end

local function putOff(self, now)
  self.firstChange = self.firstChange or now
  self.changeAt = min(now + self.times.debounce, self.firstChange + self.times.longestDebounce)
end

---The list of channels has changed. An empty one ends it all; after a policy error another list is another try.
---@param channels string[] sorted, each once; not to be changed afterwards
---@param now number
function methods:want(channels, now)
  local key = concat(channels, "\n")
  if key == self.key and not self.stopped then
    return
  end
  -- What may fail for want of memory comes first, and may come twice.
  if not channels[1] then
    leave(self)
  elseif self.coming and self.coming.key ~= key then
    cancelComing(self)
  end
  self.wanted, self.key, self.stopped = channels, key, nil
  if not channels[1] then
    return
  end
  if isMet(self) then
    self.changeAt, self.firstChange = nil, nil
  else
    putOff(self, now)
  end
end

---The user has changed, so that a new connection is needed.
---@param now number
---@param atOnce boolean? the old one must not go on until then
function methods:renew(now, atOnce)
  if not self.wanted[1] then
    return
  end
  self.stopped, self.renewing = nil, true
  cancelComing(self)
  for _, place in ipairs(atOnce and PLACES or {}) do
    if self[place] then
      say(self, "cancel", self[place].id)
      self.gap = self.gap or now
      self[place] = nil
    end
  end
  putOff(self, now)
end

---A call has succeeded: if an attempt is being put off, the time may have come.
---@param now number
---@return boolean taken
function methods:hint(now)
  if not self.retryAt or self.patient or self.hintedAt and now - self.hintedAt < self.times.hint then
    return false
  end
  self.hintedAt, self.retryAt = now, now
  return true
end

-- What happens --------------------------------------------------------------------------------------------------------

-- The n-th attempt in a row waits up to twice as long as the one before; which half of a crowd comes first is chance.
local function delay(self)
  local times = self.times
  local longest = min(times.maxDelay, times.minDelay * 2 ^ min(self.failures, 30))
  return max(times.minDelay, longest * (0.5 + 0.5 * self.random()))
end

local function putOffRetry(self, now, err)
  self.failures = self.failures + 1
  self.patient = TOO_MANY[err.code]
  if self.patient then
    self.retryAt = now + self.times.maxDelay * (0.5 + 0.5 * self.random())
  else
    self.retryAt = now + delay(self)
  end
  return self.retryAt
end

local function stop(self, err)
  for _, place in ipairs(PLACES) do
    if self[place] then
      say(self, "cancel", self[place].id)
      self[place] = nil
    end
  end
  self.stopped, self.changeAt, self.firstChange, self.retryAt, self.gap, self.renewing = err, nil, nil, nil, nil, nil
  self.failures = 0
  say(self, "stopped", err)
end

---The handshake is over.
---@param id integer
---@param now number
function methods:opened(id, now)
  local link = linkOf(self, id)
  if link and link.phase == "connecting" then
    link.phase, link.greetBy, link.heardAt = "greeting", now + self.times.greeting, now
  end
end

---The server has said that it is connected.
---@param id integer
---@param now number
---@param isKnown boolean   it knows the user
---@param canProve boolean? there is a session that could be told it by message
function methods:connected(id, now, isKnown, canProve)
  local link, place = linkOf(self, id)
  if place ~= "coming" then
    return
  end
  local before, gap = self.current, self.gap
  self.current, self.coming, self.gap, self.patient = link, nil, nil, nil
  link.phase, link.liveAt, link.pingAt, link.greetBy, link.heardAt = "live", now, now + self.times.ping, nil, now
  if before then
    beginDraining(self, before, now)
  end
  if not isKnown and canProve then
    say(self, "authenticate", id)
  end
  if not before then
    say(self, "open")
  end
  if gap then
    say(self, "reconnected", gap)
  end
end

---The server has sent an error.
---@param id integer
---@param err { code: integer }
function methods:complained(id, err)
  local link, place = linkOf(self, id)
  if not link then
    return
  elseif err.code == POLICY and place ~= "draining" then
    stop(self, err)
  elseif place == "coming" then
    link.complaint = err -- the end of the connection follows, for which it is the reason
  else
    say(self, "error", err)
  end
end

local function loseCurrent(self, link, now, err)
  self.current = nil
  self.gap = self.gap or link.heardAt
  if now - link.liveAt >= self.times.stable then
    self.failures = 0
  end
  say(self, "lost", err, not self.coming and putOffRetry(self, now, err) or nil)
end

---A connection has ended, or was never made.
---@param id integer
---@param now number
---@param err { code: integer? }
function methods:closed(id, now, err)
  local link, place = linkOf(self, id)
  if not link then
    return
  end
  if place == "coming" then
    forgetComing(self)
  end
  self[place] = nil
  if place == "draining" then
    return
  end
  err = link.complaint or err
  if err.code == POLICY then
    stop(self, err)
  elseif place == "current" then
    loseCurrent(self, link, now, err)
  else
    say(self, "failed", err, putOffRetry(self, now, err))
  end
end

---Something has come over the connection.
---@param id integer
---@param at number when
function methods:heard(id, at)
  local link = linkOf(self, id)
  if link and (not link.heardAt or at > link.heardAt) then
    link.heardAt = at
  end
end

---Whether the messages of a connection may be read: one that replaces another waits for the other's end.
---@param id integer
---@return boolean
function methods:mayRead(id)
  return not (self.draining and self.current and self.current.id == id)
end

---@param id integer
---@return boolean whether what a connection brings is still wanted
function methods:knows(id)
  return linkOf(self, id) ~= nil
end

---@return boolean whether two connections may bring the same events
function methods:overlaps()
  return self.current ~= nil and (self.coming ~= nil or self.draining ~= nil)
end

-- Time ----------------------------------------------------------------------------------------------------------------

local function giveUp(self, link, now, message)
  say(self, "cancel", link.id)
  self:closed(link.id, now, { kind = "timeout", message = message })
end

local function watchCurrent(self, now)
  local link, times = self.current, self.times
  if link.pingedAt and link.heardAt >= link.pingedAt then
    link.pingedAt = nil
  end
  if link.pingedAt and now >= link.pingedAt + times.silence then
    giveUp(self, link, now, "the server does not answer to pings any more")
  elseif now >= link.pingAt then
    link.pingedAt = link.pingedAt or now
    link.pingAt = now + times.ping
    say(self, "ping", link.id)
  end
end

local function startAt(self, now)
  if not self.wanted[1] or self.stopped or self.draining or isMet(self) then
    return nil
  end
  return max(self.changeAt or 0, self.retryAt or 0, self.rate:next(now))
end

local function connect(self, now)
  local coming = {
    id = self.lastId + 1, channels = self.wanted, key = self.key, phase = "connecting", renewing = self.renewing,
    drainBy = nil, greetBy = nil, heardAt = nil, liveAt = nil, pingAt = nil, pingedAt = nil, complaint = nil,
  }
  self.rate:count(now)
  say(self, "connect", coming.id, self.wanted)
  -- A memory error has come by now, or does not.
  self.lastId, self.coming = coming.id, coming
  self.changeAt, self.firstChange, self.retryAt, self.renewing = nil, nil, nil, nil
end

---See to what the time has come for.
---@param now number
function methods:tick(now)
  if self.draining and now >= self.draining.drainBy then
    say(self, "cancel", self.draining.id)
    self.draining = nil
  end
  if self.coming and self.coming.greetBy and now >= self.coming.greetBy then
    giveUp(self, self.coming, now, "the server accepted the connection and then said nothing")
  end
  if self.current then
    watchCurrent(self, now)
  end
  local at = startAt(self, now)
  if at and now >= at then
    connect(self, now)
  end
end

local function earlier(one, other)
  return one and other and min(one, other) or one or other
end

---@param now number
---@return number? at when the next `tick` is due; nil where nothing will happen by itself
function methods:due(now)
  local at = startAt(self, now)
  if self.draining then
    at = earlier(at, self.draining.drainBy)
  end
  if self.coming then
    at = earlier(at, self.coming.greetBy)
  end
  local link = self.current
  if link then
    at = earlier(at, link.pingAt)
    if link.pingedAt and link.heardAt < link.pingedAt then
      at = earlier(at, link.pingedAt + self.times.silence)
    end
  end
  return at
end

---What is going on: "idle", "connecting", "live", "waiting" (for another attempt), "stopped".
---@return string
function methods:state()
  if self.stopped then
    return "stopped"
  elseif self.current then
    return "live"
  elseif not self.wanted[1] then
    return "idle"
  end
  return self.coming and "connecting" or "waiting"
end

return machine
