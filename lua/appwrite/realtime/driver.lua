--- What moves the realtime of one client: its sockets, its clock, and whom it tells.
--
-- Everything happens in `turn`, which the scheduler's queue runs after there is news of a socket, after the time of a
-- timer, and after a wish of the user. So nothing of it runs inside of anything else, and sockets begin and end only
-- where the program polls. A turn that a memory error cuts off is had again by the next poll: all that it does may be
-- begun anew, and what is not to be done twice is taken out once it was done.

local actions = require "appwrite.realtime.actions"
local chance = require "appwrite.chance"
local json = require "appwrite.json"
local line = require "appwrite.realtime.line"
local machine = require "appwrite.realtime.machine"
local messages = require "appwrite.realtime.messages"
local rate = require "appwrite.realtime.rate"
local scheduler = require "appwrite.scheduler"
local subscription = require "appwrite.realtime.subscription"
local telling = require "appwrite.realtime.telling"

local error, ipairs, next, pairs, pcall, setmetatable = error, ipairs, next, pairs, pcall, setmetatable
local sort = table.sort
local unpack = table.unpack or unpack
local now = scheduler.now

local BATCH = 16 -- messages of one turn; then others have theirs
local LOGGED_OUT = "[]" -- the server's X-Fallback-Cookies then
local NONE = {}

local Driver = { __name = "appwrite.realtime.Driver" }
---@class appwrite.realtime.Driver
local methods = {}
Driver.__index = methods

local driver = {}

-- By engine, then by endpoint: all of its clients share what a server allows for. An engine leads to no client.
local rates = setmetatable({}, { __mode = "k" })

local function rateOf(engine, endpoint)
  rates[engine] = rates[engine] or {}
  local own = rates[engine]
  own[endpoint] = own[endpoint] or rate.new()
  return own[endpoint]
end

---@param state table the client's
---@return appwrite.realtime.Driver
function driver.new(state)
  local self = setmetatable({
    engine = state.engine, session = state.session, nulls = state.nulls, log = state.log,
    subscriptions = {}, byChannel = {}, handlers = {}, links = {}, pending = 0, idle = {},
    -- There from the start: to set them takes no memory.
    queued = false, more = false, starved = false, unwished = false, toldOutage = false, timer = false, timerAt = false,
    twice = false,
  }, Driver)
  self:setPace()
  return self
end

---@param times table<string, number>? in place of the machine's own
---@param allowed appwrite.realtime.Rate? in place of what the clients of this server share
function methods:setPace(times, allowed)
  self.machine = machine.new {
    random = chance, rate = allowed or rateOf(self.engine, self.session:endpoint()), times = times,
  }
end

local turn

---Have a turn soon.
function methods:wake()
  if not self.queued then
    scheduler.enqueue(turn, self)
    self.queued = true
  end
end

---Call the handlers of that name: the client's, and those of one subscription or of all.
---@param name string "onError", …
---@param one appwrite.Subscription? nil: all
---@param about any
---@return boolean heard whether there was any
function methods:tell(name, one, about)
  return telling.tell(self, name, one, about)
end

-- Subscriptions -------------------------------------------------------------------------------------------------------

local function wish(self)
  local list = {}
  for channel in pairs(self.byChannel) do
    list[#list + 1] = channel
  end
  sort(list)
  self.machine:want(list, now())
  self.unwished = false
end

-- How long the address of a connection with further channels would be.
---@param channels string[]
---@return integer bytes
function methods:targetSize(channels)
  local list, seen = {}, {}
  for channel in pairs(self.byChannel) do
    list[#list + 1], seen[channel] = channel, true
  end
  for _, channel in ipairs(channels) do
    if not seen[channel] then
      list[#list + 1] = channel
    end
  end
  return #messages.target(self.session:project(), list)
end

local function include(self, one)
  self.subscriptions[#self.subscriptions + 1] = one
  for _, channel in ipairs(one.channels) do
    self.byChannel[channel] = self.byChannel[channel] or {}
    local list = self.byChannel[channel]
    list[#list + 1] = one
  end
  self.engine:listen(self, true)
end

local function removeFrom(list, one)
  for index, other in ipairs(list) do
    if other == one then
      table.remove(list, index)
      return
    end
  end
end

-- Takes no memory.
local function exclude(self, one)
  removeFrom(self.subscriptions, one)
  for _, channel in ipairs(one.channels) do
    local list = self.byChannel[channel] or NONE
    removeFrom(list, one)
    if not list[1] then
      self.byChannel[channel] = nil
    end
  end
  if not self.subscriptions[1] then
    self.engine:listen(self, false)
    self.toldOutage = false
  end
  self.unwished = true
end

---Raises for want of memory alone, and then has nothing of it.
---@param one appwrite.Subscription
function methods:add(one)
  self:wake()
  local ok, problem = pcall(include, self, one)
  if not ok then
    exclude(self, one)
    error(problem, 0)
  end
  for _, other in ipairs(self.subscriptions) do
    subscription.restart(other)
  end
  self.unwished = true
  pcall(wish, self) -- where there is no memory, the turn does it
end

---@param one appwrite.Subscription
function methods:remove(one)
  exclude(self, one)
  pcall(wish, self)
end

---A connection is none of the client's any more.
---@param link table
function methods:dropLink(link)
  removeFrom(self.links, link)
end

---A callback is to be called; no more is read until it was.
function methods:delay()
  self.pending = self.pending + 1
end

function methods:resume()
  if self.pending == 1 and self.starved then
    self:wake()
  end
  self.pending = self.pending - 1
end

-- Messages ------------------------------------------------------------------------------------------------------------

local handle = {}

function handle.connected(self, link, data)
  local session, socket = self.session, link.socket
  local canProve = socket.authenticate and (session:has "session" or session:has "cookies")
  self.machine:connected(link.id, now(), data.user ~= nil and data.user ~= json.null, canProve)
end

-- To what was sent: the only such is a session, and a wrong one is answered by an error.
function handle.response()
end

function handle.error(self, link, data)
  self.machine:complained(link.id, messages.serverError(data))
end

-- Each receiver gets a table of its own, and one only though it asked for several of the channels.
function handle.event(self, link, data)
  link.given = link.given or {}
  local given = link.given
  local fresh = next(given) == nil and data or nil
  for _, channel in ipairs(data.channels) do
    for _, one in ipairs(self.byChannel[channel] or NONE) do
      if not given[one] then
        given[one] = false -- has its room before the event is handed on
        subscription.push(one, fresh or messages.read(link.text, self.nulls).data)
        given[one], fresh = true, nil
      end
    end
  end
end

local function receive(self, link)
  if not link.message then
    local message, err = messages.read(link.text, self.nulls)
    if not message then
      telling.err(self, err, true)
      return
    elseif not handle[message.type]
      or message.type == "event" and self.twice and self.twice:knows(link.id, link.text, now()) then
      return
    end
    link.message = message
  end
  handle[link.message.type](self, link, link.message.data)
end

-- Turns ---------------------------------------------------------------------------------------------------------------

-- Whether all that has come was read. What a callback is to be called for comes first: whoever polls too seldom for
-- what the server sends has the server wait.
local function readAll(self, link)
  for _ = 1, BATCH do
    if self.pending > 0 then
      self.starved = true
      return false
    elseif not self.machine:mayRead(link.id) then
      return false
    end
    link.text = link.text or link.socket:next() or false
    if not link.text then
      return true
    elseif self.machine:knows(link.id) then
      receive(self, link)
    end
    link.text, link.message, link.given = false, false, false
    actions.run(self)
  end
  self.more = true
  return false
end

local function finish(self, link, at)
  self.machine:closed(link.id, at, messages.ending(link.socket:result()))
  self:dropLink(link)
  self.engine:forget(link.socket)
  actions.run(self)
end

-- Its state is asked before it is read: after the end nothing more comes.
local function visit(self, link, at)
  local socket = link.socket
  local state = socket:state()
  if state ~= "connecting" then
    self.machine:opened(link.id, at)
    self.machine:heard(link.id, at - socket:heard())
  end
  local isRead = readAll(self, link)
  if state == "closed" and (isRead or not self.machine:knows(link.id)) then
    finish(self, link, at)
  end
end

local function onTime(self)
  self:wake()
  self.timer, self.timerAt = false, false
end

local function setTimer(self)
  local at = self.machine:due(now()) or false
  if at == self.timerAt then
    return
  end
  if self.timer then
    scheduler.cancelTimer(self.timer)
    self.timer, self.timerAt = false, false
  end
  self.timer = at and scheduler.at(at, onTime, self)
  self.timerAt = at
end

function turn(self)
  self.queued, self.more, self.starved = false, false, false
  if self.unwished then
    wish(self)
  end
  if not self.subscriptions[1] then
    line.wake(self.idle, true)
  end
  local at = now()
  for _, link in ipairs { unpack(self.links) } do
    if link.socket then
      visit(self, link, at)
    end
  end
  self.machine:tick(at)
  actions.run(self)
  setTimer(self)
  if self.more then
    self:wake()
  end
end
scheduler.makeFirm(turn)

-- Hearing of the client's calls ---------------------------------------------------------------------------------------

---The user has logged in or out, or the credentials were changed.
---@param isGone boolean events for the old one are not to come any more
function methods:userChanged(isGone)
  if not self.subscriptions[1] then
    return
  end
  for _, one in ipairs(self.subscriptions) do
    subscription.restart(one)
  end
  self.machine:renew(now(), isGone)
  self:wake()
end

---A call on the same engine was answered.
---@param call appwrite.Call
function methods:heardCall(call)
  local status = call.answer.status
  if call.session == self.session and status >= 200 and status < 300 then
    local session = call.answer.handle:headers()["x-fallback-cookies"]
    if session then
      self:userChanged(session == LOGGED_OUT)
    end
  end
  if status < 500 and call.session:endpoint() == self.session:endpoint() and self.machine:hint(now()) then
    self:wake()
  end
end

---Whether nothing will come any more: there is no subscription, or the server refuses them.
---@return boolean
---@return appwrite.Error? err
function methods:isOver()
  local one = self.subscriptions[1]
  return one == nil or one.status == "stopped", one and one.err
end

return driver
