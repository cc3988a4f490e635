--- Times to wake something at, the next one first: a binary heap, since a game may have thousands asleep.

local floor = math.floor

local Timers = { __name = "appwrite.Timers" }
local methods = {}
Timers.__index = methods

local timers = {}

---@return table timers
function timers.new()
  return setmetatable({ count = 0 }, Timers)
end

---@class appwrite.Timer
---@field at number    seconds of the clock that the caller uses
---@field item any     false once it was cancelled

---@param at number
---@param item any
---@return appwrite.Timer timer
function methods:add(at, item)
  local entry = { at = at, item = item }
  local index = self.count + 1
  self.count = index
  while index > 1 do
    local parent = floor(index / 2)
    if self[parent].at <= at then
      break
    end
    self[index] = self[parent]
    index = parent
  end
  self[index] = entry
  return entry
end

local function removeFirst(self)
  local last = self[self.count]
  self[self.count] = nil
  self.count = self.count - 1
  local count, index = self.count, 1
  if count == 0 then
    return
  end
  while true do
    local child = index * 2
    if child > count then
      break
    end
    if child < count and self[child + 1].at < self[child].at then
      child = child + 1
    end
    if self[child].at >= last.at then
      break
    end
    self[index] = self[child]
    index = child
  end
  self[index] = last
end

-- Cancelled ones go when they come to the front.
local function first(self)
  while self.count > 0 and not self[1].item do
    removeFirst(self)
  end
  return self[1]
end

---@return number? at of the next one
function methods:next()
  local entry = first(self)
  return entry and entry.at
end

---Take the next one whose time has come.
---@param now number
---@return any item nil where there is none
function methods:due(now)
  local entry = first(self)
  if entry and entry.at <= now then
    removeFirst(self)
    return entry.item
  end
  return nil
end

---It is then passed over when its time comes.
---@param entry appwrite.Timer
function timers.cancel(entry)
  entry.item = false
end

return timers
