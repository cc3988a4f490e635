--- Times to wake something at, the next one first: a binary heap, since a game may have thousands asleep.

local floor = math.floor

local FEW = 64 -- cancelled ones that are not worth clearing away

local Timers = { __name = "appwrite.Timers" }
local methods = {}
Timers.__index = methods

local timers = {}

---@return table timers
function timers.new()
  return setmetatable({ count = 0, cancelled = 0, added = 0 }, Timers)
end

---@class appwrite.Timer
---@field at number    seconds of the clock that the caller uses
---@field order integer those of the same time are due in the order in which they were added
---@field item any     false once it was cancelled, nil once it was taken

local function isBefore(one, other)
  return one.at < other.at or one.at == other.at and one.order < other.order
end

local function moveUp(self, index, entry)
  while index > 1 do
    local parent = floor(index / 2)
    if isBefore(self[parent], entry) then
      break
    end
    self[index] = self[parent]
    index = parent
  end
  self[index] = entry
end

local function moveDown(self, index, entry)
  local count = self.count
  while true do
    local child = index * 2
    if child > count then
      break
    end
    if child < count and isBefore(self[child + 1], self[child]) then
      child = child + 1
    end
    if isBefore(entry, self[child]) then
      break
    end
    self[index] = self[child]
    index = child
  end
  self[index] = entry
end

---@param at number
---@param item any neither nil nor false
---@return appwrite.Timer timer
function methods:add(at, item)
  self.added = self.added + 1
  local entry = { at = at, order = self.added, item = item }
  self[self.count + 1] = entry -- may fail for want of memory, and nothing after it does
  self.count = self.count + 1
  moveUp(self, self.count, entry)
  return entry
end

local function removeFirst(self)
  local last = self[self.count]
  self[self.count] = nil
  self.count = self.count - 1
  if self.count > 0 then
    moveDown(self, 1, last)
  end
end

-- Cancelled ones go when they come to the front.
local function first(self)
  while self.count > 0 and not self[1].item do
    removeFirst(self)
    self.cancelled = self.cancelled - 1
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
    local item = entry.item
    entry.item = nil
    return item
  end
  return nil
end

local function clearAway(self)
  local kept = 0
  for index = 1, self.count do
    local entry = self[index]
    self[index] = nil
    if entry.item then
      kept = kept + 1
      self[kept] = entry
    end
  end
  self.count, self.cancelled = kept, 0
  for index = floor(kept / 2), 1, -1 do
    moveDown(self, index, self[index])
  end
end

---It does not become due any more. One that was taken or cancelled stays so.
---@param entry appwrite.Timer
function methods:cancel(entry)
  if not entry.item then
    return
  end
  entry.item = false
  self.cancelled = self.cancelled + 1
  if self.cancelled > FEW and self.cancelled > self.count / 2 then
    clearAway(self)
  end
end

return timers
