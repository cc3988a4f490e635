--- One rate limit as this side knows it: who may send now, and who has to wait for how long. Nothing is sent or waited
-- for here, and the clock is the caller's.
--
-- A server counts in windows of its own. Until its answers tell of them (appwrite.rate), no more than the documented
-- number goes out within any such time (a sliding window); from then on its word counts: how many are left, and when
-- the next window begins. So the first call goes alone, since others may have used up part of the window; and where
-- a server refuses without a word, calls go one at a time from then on.

local ceil, floor, max, min = math.ceil, math.floor, math.max, math.min
local ipairs, remove, setmetatable = ipairs, table.remove, setmetatable

local FIRST_PAUSE = 1 -- seconds, where a server refuses and does not say for how long; doubled each time in a row
local LONGEST_PAUSE = 60

local Bucket = { __name = "appwrite.Bucket" }
local methods = {}
Bucket.__index = methods

local bucket = {}

---@class appwrite.Ticket one call's place in the queue; any table

---@param limit { requests: integer, seconds: number }
---@param blind boolean? answers say nothing of this limit: it is the caller's own
---@return table bucket
function bucket.new(limit, blind)
  return setmetatable({
    requests = limit.requests,
    seconds = limit.seconds, -- of a window
    queue = {}, -- tickets, first come first served
    times = {}, -- of the last requests, oldest first: the sliding window
    flying = 0, -- requests that were not answered yet
    single = not blind, -- one at a time, since too little is known
    refusals = 0, -- in a row, without a word
    window = 0, -- grows with each of the server's windows
  }, Bucket)
end

-- The queue -----------------------------------------------------------------------------------------------------------

---@param ticket appwrite.Ticket
function methods:join(ticket)
  self.queue[#self.queue + 1] = ticket
end

local function positionOf(self, ticket)
  for position, other in ipairs(self.queue) do
    if other == ticket then
      return position
    end
  end
  return nil
end

---@param ticket appwrite.Ticket one that does not wait any more
function methods:quit(ticket)
  local position = positionOf(self, ticket)
  if position then
    remove(self.queue, position)
  end
end

-- When ----------------------------------------------------------------------------------------------------------------

-- The server's window has ended by the clock: its next one has begun.
local function roll(self, now)
  if not self.endsAt or now < self.endsAt then
    return
  end
  local ended = floor((now - self.endsAt) / self.seconds) + 1
  self.endsAt = self.endsAt + ended * self.seconds
  self.window = self.window + ended
  self.left = self.requests
end

local function byWindows(self, position, now)
  if position <= self.left then
    return 0
  end
  return self.endsAt - now + (ceil((position - self.left) / self.requests) - 1) * self.seconds
end

local function dropOld(self, now)
  local times = self.times
  while times[1] and times[1] + self.seconds <= now do
    remove(times, 1)
  end
end

local function bySliding(self, position, now)
  dropOld(self, now)
  local times = self.times
  local behind = position - (self.requests - #times)
  if behind <= 0 then
    return 0
  end
  -- Whoever goes now is not in the list yet.
  local at = times[(behind - 1) % self.requests + 1] or now
  return max(0, at + self.seconds * (floor((behind - 1) / self.requests) + 1) - now)
end

---How long a ticket has to wait.
---@param ticket appwrite.Ticket in the queue
---@param now number
---@return number? seconds 0: it may go; nil: until an answer tells
---@return integer ahead tickets before it
function methods:delay(ticket, now)
  local position = positionOf(self, ticket)
  roll(self, now)
  if self.closedTill and now < self.closedTill then
    return self.closedTill - now, position - 1
  end
  local seconds = self.endsAt and byWindows(self, position, now) or bySliding(self, position, now)
  if seconds == 0 and self.single and (self.flying > 0 or position > 1) then
    return nil, position - 1
  end
  return seconds, position - 1
end

---It goes.
---@param ticket appwrite.Ticket one whose delay is 0
---@param now number
---@return integer window to be given back with the answer
function methods:take(ticket, now)
  self:quit(ticket)
  self.flying = self.flying + 1
  if self.endsAt then
    self.left = max(0, self.left - 1)
  else
    self.times[#self.times + 1] = now
  end
  return self.window
end

-- What answers tell ---------------------------------------------------------------------------------------------------

-- A window that ends later than the last that was told of.
local function enterWindow(self, word, now)
  if self.reset then
    self.seconds = min(self.seconds, word.reset - self.reset)
  end
  if self.reset and self.window > self.toldWindow then
    self.left = min(self.left, word.remaining) -- it was thought to have begun, and its requests were counted
  else
    self.window = self.window + 1
    self.left = max(0, word.remaining - self.flying)
  end
  self.reset, self.endsAt, self.toldWindow, self.times = word.reset, now + word.seconds, self.window, {}
end

local function learn(self, word, window, now)
  if word.limit ~= self.requests then
    -- Not what is documented: so its windows may not be, either. They are no shorter than what is left of this one.
    self.requests, self.seconds = word.limit, max(1, word.seconds)
  end
  if not self.reset or word.reset > self.reset then
    enterWindow(self, word, now)
  elseif word.reset == self.reset and window == self.window then
    -- Where a new window was thought to have begun, it has not.
    self.left, self.toldWindow = min(self.left, word.remaining), self.window
    self.endsAt = now + word.seconds
  end
end

local function close(self, now, seconds)
  self.refusals = self.refusals + 1
  local pause = seconds or min(LONGEST_PAUSE, FIRST_PAUSE * 2 ^ (self.refusals - 1))
  self.closedTill = max(self.closedTill or 0, now + pause)
end

---An answer has come, or none.
---@param window integer what `take` gave
---@param now number
---@param told { word: appwrite.RateWord?, refused: boolean?, wait: number? }? nil where no answer came
---@return boolean more whether somebody who waits may go sooner than was thought
function methods:answered(window, now, told)
  local wasSingle = self.single
  self.flying = self.flying - 1
  if not told then
    return wasSingle
  elseif told.word then
    learn(self, told.word, window, now)
    self.single = false
    if told.refused and told.word.seconds == 0 then
      close(self, now) -- its clock and this one do not agree
    end
  elseif told.refused then
    close(self, now, told.wait)
    self.single, self.mute = true, true
  else
    self.single = self.single and self.mute == true
  end
  if not told.refused then
    self.refusals = 0
  end
  return wasSingle
end

---@param now number
---@return boolean idle nothing is lost when it is forgotten
function methods:isIdle(now)
  dropOld(self, now)
  local isOver = (not self.endsAt or now >= self.endsAt) and (not self.closedTill or now >= self.closedTill)
  return isOver and self.flying == 0 and #self.queue == 0 and #self.times == 0
end

return bucket
