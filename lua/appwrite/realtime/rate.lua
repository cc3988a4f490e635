--- How many connections may be begun within a time: those of the last `seconds` are remembered.
--
-- Appwrite lets an address make 128 in a minute (1.5, app/realtime.php). One rate serves all clients of a Lua state
-- that talk to the same server; some are left for other programs behind the same address.

local setmetatable = setmetatable

local MOST, SECONDS = 120, 60

local Rate = { __name = "appwrite.realtime.Rate" }
---@class appwrite.realtime.Rate
local methods = {}
Rate.__index = methods

local rate = {}

---@param most integer?  default 120
---@param seconds number? default 60
---@return appwrite.realtime.Rate
function rate.new(most, seconds)
  return setmetatable({ most = most or MOST, seconds = seconds or SECONDS, first = 1, last = 0 }, Rate)
end

---When the next one may begin.
---@param now number
---@return number at `now` where it may at once
function methods:next(now)
  while self.first <= self.last and self[self.first] <= now - self.seconds do
    self[self.first] = nil
    self.first = self.first + 1
  end
  if self.last - self.first + 1 < self.most then
    return now
  end
  return self[self.last - self.most + 1] + self.seconds
end

---One has begun.
---@param now number
function methods:count(now)
  self[self.last + 1] = now -- may fail for want of memory
  self.last = self.last + 1
end

return rate
