--- Events from the server: `client.realtime`.
--
--   local sub = client.realtime:subscribe(appwrite.Channel.documents("main", "scores"), function(event)
--     print(event.events[1], event.payload.points)
--   end)
--   client.realtime:run() -- or whatever drives the program: appwrite.poll, tasks, a loop, nginx
--
-- All subscriptions of a client share one connection. It is made when there is the first, made anew when it breaks, and
-- closed with the last.

local Error = require "appwrite.error"
local argument = require "appwrite.argument"
local channels = require "appwrite.realtime.channels"
local driver = require "appwrite.realtime.driver"
local line = require "appwrite.realtime.line"
local options = require "appwrite.options"
local scheduler = require "appwrite.scheduler"
local subscription = require "appwrite.realtime.subscription"
local suggest = require "appwrite.suggest"

local error, format, ipairs, pairs, rawset, setmetatable, tostring, type =
  error, string.format, ipairs, pairs, rawset, setmetatable, tostring, type
local mustBeSelf = argument.mustBeSelf

-- Bytes of the connection's address, which has all channels in it. nginx and others take 8 KiB with what is around it.
local LONGEST_TARGET = 7000

local OPTIONS = {
  callback = { type = "function" },
  queue = { type = "number", min = 1, max = 1000000, whole = true, unit = "events" },
  onOpen = { type = "function" },
  onClose = { type = "function" },
  onError = { type = "function" },
  onReconnect = { type = "function" },
}
local HANDLERS = { onOpen = true, onClose = true, onError = true, onReconnect = true }

-- Hides the driver from whoever prints the fields.
local DRIVER = {}

local Realtime = { __name = "appwrite.Realtime" }

---@class appwrite.Realtime
---@field onOpen fun()?                    connected: the first time, and again after each loss
---@field onClose fun(err: appwrite.Error)? the connection is lost; `err.retryAfter` seconds until the next attempt
---@field onError fun(err: appwrite.Error)? an attempt has failed; the server complains, or refuses for good (then
---  `err.retryable` is false); events were dropped (`err.dropped`)
---@field onReconnect fun(since: number)?  connected again: events since that time (as of os.time) may have been missed
local methods = {}

local realtime = {}

function Realtime.__index(self, name)
  if methods[name] then
    return methods[name]
  elseif HANDLERS[name] then
    return self[DRIVER].handlers[name]
  end
  local known = {}
  for _, list in ipairs { methods, HANDLERS } do
    for own in pairs(list) do
      known[#known + 1] = own
    end
  end
  local near = suggest.nearest(tostring(name), known)
  error(format('client.realtime has no "%s"%s', tostring(name), near and format('; did you mean "%s"?', near) or ""), 2)
end

function Realtime.__newindex(self, name, handler)
  if not HANDLERS[name] then
    error(format('client.realtime takes onOpen, onClose, onError and onReconnect, no "%s"', tostring(name)), 2)
  elseif handler ~= nil and type(handler) ~= "function" then
    error(format("client.realtime.%s takes a function, or nil, got %s", name, type(handler)), 2)
  end
  self[DRIVER].handlers[name] = handler
end

function Realtime.__tostring(self)
  return format("appwrite.Realtime (%s, %s)", self[DRIVER].session:endpoint(), self:state())
end

-- Arguments -----------------------------------------------------------------------------------------------------------

local function listOf(given, isLoose)
  local list = type(given) == "string" and { given } or given
  if type(list) ~= "table" or list[1] == nil then
    return nil, "it takes a channel or an array of them, got " .. argument.shown(given)
  end
  local kept, seen = {}, {}
  for index = 1, #list do
    local channel = list[index]
    local problem = not (isLoose and argument.isText(channel)) and channels.problem(channel)
    if problem then
      return nil, problem
    end
    if not seen[channel] then
      seen[channel] = true
      kept[#kept + 1] = channel
    end
  end
  for key in pairs(list) do
    if type(key) ~= "number" then
      return nil, format("channels are an array, but it has a field %s", tostring(key))
    end
  end
  return kept
end

local function optionsOf(given)
  if type(given) == "function" then
    return { callback = given }
  end
  local copy = {}
  local problem = given ~= nil and options.check(given, OPTIONS)
  if problem then
    return nil, problem
  end
  for name, value in pairs(given or {}) do
    copy[name] = value
  end
  return copy
end

-- Methods -------------------------------------------------------------------------------------------------------------

---@class appwrite.SubscribeOptions
---@field callback fun(event: appwrite.RealtimeEvent, sub: appwrite.Subscription)? called from `appwrite.poll`, or
---  whatever drives the program; what it raises goes to `appwrite.onError` and disturbs nobody. Without one the events
---  wait for `sub:wait` and `sub:events`
---@field queue integer?  events that may wait, default 1000; what is beyond is dropped and told to `onError`
---@field onOpen fun()?   these four as those of `client.realtime`, for as long as the subscription lasts
---@field onClose fun(err: appwrite.Error)?
---@field onError fun(err: appwrite.Error)?
---@field onReconnect fun(since: number)?

---Hear of what happens in one or more channels. Nothing is sent before the program polls; subscriptions that are made
---within 50 ms go into one connection.
---
---Raises for a channel that there is not (unless the client has `validate = "loose"`), a wrong option, and where this
---build of the library has no realtime.
---@param channelList string|string[] see appwrite.Channel
---@param given appwrite.SubscribeOptions|fun(event: appwrite.RealtimeEvent, sub: appwrite.Subscription)|nil
---@return appwrite.Subscription
function methods:subscribe(channelList, given)
  mustBeSelf("client.realtime:subscribe", self, Realtime)
  local own = self[DRIVER]
  local list, problem = listOf(channelList, own.isLoose)
  local wanted
  if list then
    wanted, problem = optionsOf(given)
  end
  if not problem then
    local size = own:targetSize(list)
    problem = size > LONGEST_TARGET and format("the client would have too many channels: the address of the connection"
      .. " may be %d bytes long, and would be %d; `client:with {}` gives a client with a connection of its own",
      LONGEST_TARGET, size)
  end
  if problem then
    error("client.realtime:subscribe: " .. problem, 2)
  end
  local made = subscription.new(own, list, wanted)
  own:add(made)
  return made
end

---Drive everything, as `appwrite.run` does, until this client has no subscription any more. In a task only that waits.
---@param timeout number? seconds
---@return true? over all subscriptions were closed
---@return appwrite.Error? err the server refuses them; of kind "timeout" where the time is over
function methods:run(timeout)
  mustBeSelf("client.realtime:run", self, Realtime)
  if timeout ~= nil and not (type(timeout) == "number" and timeout >= 0) then
    error(require("appwrite.argument").notSeconds("client.realtime:run", timeout), 2)
  end
  local own = self[DRIVER]
  local deadline = timeout and timeout < math.huge and scheduler.now() + timeout or nil
  local isOver, err = own:isOver()
  while not isOver and not (deadline and scheduler.now() >= deadline) do
    if not line.rest(own.idle, deadline) then
      break
    end
    isOver, err = own:isOver()
  end
  if isOver and not err then
    return true
  end
  return nil, err or Error.new {
    kind = "timeout", operation = "realtime", message = format("there are subscriptions after %s s", tostring(timeout)),
  }
end

---How the connection is.
---@return "idle"|"connecting"|"live"|"waiting"|"stopped" state waiting: for the next attempt
function methods:state()
  mustBeSelf("client.realtime:state", self, Realtime)
  return self[DRIVER].machine:state()
end

---Close all subscriptions of this client.
function methods:close()
  mustBeSelf("client.realtime:close", self, Realtime)
  local own = self[DRIVER]
  while own.subscriptions[1] do
    own.subscriptions[1]:close()
  end
end

-- For the client ------------------------------------------------------------------------------------------------------

-- Whether the transport can; what is wrong is raised where somebody wants to use it.
local function check(state)
  local can, why = true, nil
  if type(state.session.connect) ~= "function" then
    can = false
  elseif state.transport.realtime then
    can, why = state.transport.realtime()
  end
  if can then
    return nil
  end
  return format('client.realtime: the transport "%s" has no realtime%s', state.transport.name,
    why and ": " .. why or "")
end

---@param state table the client's
---@return appwrite.Realtime? made
---@return string? problem
function realtime.new(state)
  local problem = check(state)
  if problem then
    return nil, problem
  end
  local self = setmetatable({}, Realtime)
  local own = driver.new(state)
  own.isLoose = state.loose
  rawset(self, DRIVER, own)
  return self
end

---For specs, which cannot wait for as long as servers want it: other times than those of appwrite.realtime.machine, and
---another number of connections. To be called before anything is subscribed to.
---@param self appwrite.Realtime
---@param times table<string, number>
---@param allowed appwrite.realtime.Rate?
function realtime.hasten(self, times, allowed)
  self[DRIVER]:setPace(times, allowed)
end

---The client's user is another one.
---@param self appwrite.Realtime
---@param isGone boolean events for the old one are not to come any more
function realtime.userChanged(self, isGone)
  self[DRIVER]:userChanged(isGone)
end

return realtime
