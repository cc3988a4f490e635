--- A subscription: the channels that somebody wants to hear of, and the events that wait for him.

local Error = require "appwrite.error"
local host = require "appwrite.host"
local line = require "appwrite.realtime.line"
local protected = require "appwrite.realtime.protected"
local scheduler = require "appwrite.scheduler"

local error, format, pcall, setmetatable, tostring, type =
  error, string.format, pcall, setmetatable, tostring, type
local concat, huge, max = table.concat, math.huge, math.max
local now = scheduler.now

local QUEUE = 1000 -- events that wait for their taker
local TELL = 1 -- seconds between two reports of dropped events

local Subscription = { __name = "appwrite.Subscription" }

---What `client.realtime:subscribe` gives: channels, and the events that wait.
---@class appwrite.Subscription
---@field channels string[]
---@field status "open"|"closed"|"stopped" stopped: the server refuses, as `err` says
---@field err appwrite.Error?
---@field dropped integer events that were not kept, since too many waited
local methods = {}
Subscription.__index = methods

local subscription = {}

---@class appwrite.RealtimeEvent
---@field events string[]   its names, the most specific first
---@field channels string[] those it belongs to
---@field timestamp string
---@field payload table     the document, file, … as it is now, or last was

-- Made in a request of nginx's that is ended, its events would wait for nobody.
local function closeWithRequest(self)
  local used = host.current()
  if not self.callback and used and used.undoWithRequest then
    self.forget = used.undoWithRequest(function() self:close() end) or false
  end
end

---@param owner table of whom it asks to be forgotten (`remove`), that something is told (`tell`), and whom it tells of
---  each call of its callback that is to come (`delay`) and has come (`resume`); `wake` is called before `remove`
---@param channels string[]
---@param options table checked
---@return appwrite.Subscription
function subscription.new(owner, channels, options)
  local self = setmetatable({
    owner = owner, channels = channels, status = "open", dropped = 0,
    callback = options.callback, limit = options.queue or QUEUE, handlers = options,
    first = 1, last = 0, waiters = {}, untold = 0, scheduled = 0,
    -- There from the start: to set them takes no memory.
    telling = false, toldAt = false, delivering = false, problem = false, err = nil, forget = false,
  }, Subscription)
  closeWithRequest(self)
  return self
end

function Subscription.__tostring(self)
  return format("appwrite.Subscription (%s, %s)", concat(self.channels, ", "), self.status)
end

-- Too many ------------------------------------------------------------------------------------------------------------

local function tellDropped(self)
  local count = self.untold
  local err = Error.new {
    kind = "memory", type = "realtime_queue_full", operation = "realtime",
    message = format("%d events of %s were dropped, since %d waited that nobody took; take them sooner, or raise the"
      .. ' option "queue"', count, concat(self.channels, ", "), self.limit),
  }
  err.dropped = count
  self.owner:tell("onError", self, err)
  self.untold, self.telling = 0, false
end

-- Told soon, and then not for each one.
local function drop(self)
  if not self.telling then
    local at = now()
    at = max(at, self.toldAt and self.toldAt + TELL or at)
    scheduler.at(at, tellDropped, self)
    self.telling, self.toldAt = true, at
  end
  self.dropped, self.untold = self.dropped + 1, self.untold + 1
end

-- Events --------------------------------------------------------------------------------------------------------------

local function pop(self)
  local event = self[self.first]
  if event ~= nil then
    self[self.first] = nil
    self.first = self.first + 1
  end
  return event
end

local schedule

local function callBack(self)
  local event = pop(self)
  self.delivering = true
  protected.call("a callback", self.callback, event, self)
end

-- One event to the callback. What comes while that waits for something is for when it has returned. It may be cut off,
-- and called again, until it has given back its place.
local function deliver(self)
  if self.status == "open" and not self.delivering and self[self.first] ~= nil then
    local ok, problem = pcall(callBack, self)
    self.delivering = false
    self.problem = not ok and problem or self.problem
  end
  if self.status == "open" and not self.delivering and self.first + self.scheduled - 1 <= self.last then
    schedule(self)
  end
  self.owner:resume()
  self.scheduled = self.scheduled - 1
  local problem = self.problem
  self.problem = false
  return problem or nil
end
scheduler.makeFirm(deliver)

function schedule(self)
  scheduler.enqueue(deliver, self)
  self.scheduled = self.scheduled + 1
  self.owner:delay()
end

---An event has come for it.
---@param self appwrite.Subscription
---@param event appwrite.RealtimeEvent
function subscription.push(self, event)
  if self.status ~= "open" then
    return
  elseif self.last - self.first + 1 >= self.limit then
    drop(self)
    return
  end
  -- It is there once whoever is to have it comes to know; where there is no memory for that, it is not.
  if not self.callback then
    line.wake(self.waiters)
  elseif not self.delivering then
    schedule(self)
  end
  self[self.last + 1] = event
  self.last = self.last + 1
end

---The server refuses it for good.
---@param self appwrite.Subscription
---@param err appwrite.Error
function subscription.stop(self, err)
  if self.status == "open" then
    line.wake(self.waiters, true)
    self.status, self.err = "stopped", err
  end
end

---There is hope again.
---@param self appwrite.Subscription
function subscription.restart(self)
  if self.status == "stopped" then
    self.status, self.err = "open", nil
  end
end

-- What the user has of it ---------------------------------------------------------------------------------------------

local function ending(self, timeout)
  if self.status == "stopped" then
    return self.err
  elseif self.status == "closed" then
    return Error.new { kind = "cancelled", message = "the subscription was closed", operation = "realtime" }
  end
  return Error.new {
    kind = "timeout", message = format("no event came within %s s", tostring(timeout)), operation = "realtime",
  }
end

-- Those that came before the end can still be had.
local function take(self, timeout)
  local deadline = timeout and timeout < huge and now() + timeout
  local event = pop(self)
  while event == nil and self.status == "open" and not (deadline and now() >= deadline) do
    if not line.rest(self.waiters, deadline or nil) then
      break
    end
    event = pop(self)
  end
  if event == nil then
    return nil, ending(self, timeout)
  end
  return event
end

local function checkPull(self, where)
  if self.callback then
    error(where .. ": the events of this subscription go to its callback", 3)
  end
end

---Wait for the next event. In a task the others go on meanwhile.
---@param timeout number? seconds; nil: as long as the subscription lasts
---@return appwrite.RealtimeEvent? event
---@return appwrite.Error? err of kind "timeout"; "cancelled" where the subscription was closed; the server's where it
---  has refused
function methods:wait(timeout)
  if timeout ~= nil and not (type(timeout) == "number" and timeout >= 0) then
    error(require("appwrite.argument").notSeconds("subscription:wait", timeout), 2)
  end
  checkPull(self, "subscription:wait")
  return take(self, timeout)
end

---Every event to come: `for event in sub:events() do … end`. The loop ends when the subscription is closed; an error of
---the server that ends it is raised, since a loop cannot hand it on. In a task on Lua 5.1, where a loop's own function
---cannot wait, call `sub:wait()` instead.
---@return fun(): appwrite.RealtimeEvent?
function methods:events()
  checkPull(self, "subscription:events")
  return function()
    local event, err = take(self)
    if event == nil and self.status ~= "closed" then
      error(err, 0)
    end
    return event
  end
end

---Hear no more of it. Events that wait for a callback are not called back any more. May be called twice.
function methods:close()
  if self.status == "closed" then
    return
  end
  self.owner:wake()
  line.wake(self.waiters, true)
  self.status = "closed" -- from here on nothing fails for want of memory
  self.owner:remove(self)
  if self.forget then
    self.forget()
  end
end

-- Where Lua closes a variable (5.4).
Subscription.__close = methods.close

return subscription
