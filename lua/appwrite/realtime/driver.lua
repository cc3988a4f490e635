--- What moves the realtime of one client: its sockets, its clock, and whom it tells.
--
-- Everything happens in `turn`, which the scheduler's queue runs after there is news of a socket, after the time of a
-- timer, and after a wish of the user. So nothing of it runs inside of anything else, and sockets begin and end only
-- where the program polls.

local json = require "appwrite.json"
local log = require "appwrite.log"
local machine = require "appwrite.realtime.machine"
local messages = require "appwrite.realtime.messages"
local protected = require "appwrite.realtime.protected"
local rate = require "appwrite.realtime.rate"
local scheduler = require "appwrite.scheduler"
local subscription = require "appwrite.realtime.subscription"
local twice = require "appwrite.realtime.twice"

local ipairs, pairs, setmetatable, tostring = ipairs, pairs, setmetatable, tostring
local sort = table.sort
local unpack = table.unpack or unpack
local now = scheduler.now

local CONNECT = 20 -- seconds for a connection and its handshake
local BATCH = 16 -- messages of one turn; then others have theirs
local WAITING = 64 -- messages the transport keeps for us; the server has to wait with the rest
local LONGEST = 16 * 1024 * 1024 -- bytes of one message
local NORMAL = 1000 -- a close frame's code
local LOGGED_OUT = "[]" -- the server's X-Fallback-Cookies then
local NONE = {}

local Driver = { __name = "appwrite.realtime.Driver" }
---@class appwrite.realtime.Driver
local methods = {}
Driver.__index = methods

local driver = {}

-- By engine, then by endpoint: all of its clients share what a server allows for. An engine leads to no client.
local rates = setmetatable({}, { __mode = "k" })

local core

local function random()
  core = core or require "appwrite.core"
  local high, low = core.random(2):byte(1, 2)
  return (high * 256 + low) / 65536
end

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
  }, Driver)
  self:setPace()
  return self
end

---@param times table<string, number>? in place of the machine's own
---@param allowed appwrite.realtime.Rate? in place of what the clients of this server share
function methods:setPace(times, allowed)
  self.machine = machine.new {
    random = random, rate = allowed or rateOf(self.engine, self.session:endpoint()), times = times,
  }
end

local turn

---Have a turn soon.
function methods:wake()
  if not self.queued then
    self.queued = true
    scheduler.enqueue(turn, self)
  end
end

-- Telling -------------------------------------------------------------------------------------------------------------

local function callHandler(call)
  protected.call(call.name, call.handler, call.about)
end

local function enqueueHandler(handlers, name, about)
  local handler = handlers[name]
  if handler then
    scheduler.enqueue(callHandler, { handler = handler, name = name, about = about })
  end
  return handler ~= nil
end

---Call the handlers of that name: the client's, and those of one subscription or of all.
---@param name string "onError", …
---@param one appwrite.Subscription? nil: all
---@param about any
---@return boolean heard whether there was any
function methods:tell(name, one, about)
  local heard = enqueueHandler(self.handlers, name, about)
  for _, each in ipairs(one and { one } or self.subscriptions) do
    heard = enqueueHandler(each.handlers, name, about) or heard
  end
  if not heard and one and name == "onError" then
    scheduler.report(tostring(about))
  end
  return heard
end

-- An outage that nobody has a handler for is told once, what ends it all always.
local function tellError(self, err, always)
  if not self:tell("onError", nil, err) and (always or not self.toldOutage) then
    self.toldOutage = true
    scheduler.report(tostring(err))
  end
end

local function withRetry(err, at)
  err.retryable = at ~= nil
  err.retryAfter = at and at - now() or nil
  return err
end

-- Subscriptions -------------------------------------------------------------------------------------------------------

local function wish(self)
  local list = {}
  for channel in pairs(self.byChannel) do
    list[#list + 1] = channel
  end
  sort(list)
  self.machine:want(list, now())
  self:wake()
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

---@param one appwrite.Subscription
function methods:add(one)
  for _, other in ipairs(self.subscriptions) do
    subscription.restart(other)
  end
  self.subscriptions[#self.subscriptions + 1] = one
  for _, channel in ipairs(one.channels) do
    self.byChannel[channel] = self.byChannel[channel] or {}
    local list = self.byChannel[channel]
    list[#list + 1] = one
  end
  self.engine:listen(self, true)
  wish(self)
end

local function removeFrom(list, one)
  for index, other in ipairs(list) do
    if other == one then
      table.remove(list, index)
      return
    end
  end
end

---@param one appwrite.Subscription
function methods:remove(one)
  removeFrom(self.subscriptions, one)
  for _, channel in ipairs(one.channels) do
    local list = self.byChannel[channel]
    removeFrom(list, one)
    if not list[1] then
      self.byChannel[channel] = nil
    end
  end
  if not self.subscriptions[1] then
    self.engine:listen(self, false)
    self.toldOutage = nil
    subscription.wake(self.idle, true)
  end
  wish(self)
end

---A callback is to be called; no more is read until it was.
function methods:delay()
  self.pending = self.pending + 1
end

function methods:resume()
  self.pending = self.pending - 1
  if self.pending == 0 and self.starved then
    self:wake()
  end
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
function handle.event(self, _, data, text)
  local seen, fresh = {}, data
  for _, channel in ipairs(data.channels) do
    for _, one in ipairs(self.byChannel[channel] or NONE) do
      if not seen[one] then
        seen[one] = true
        subscription.push(one, fresh or messages.read(text, self.nulls).data)
        fresh = nil
      end
    end
  end
end

local function receive(self, link, text)
  local message, err = messages.read(text, self.nulls)
  if not message then
    tellError(self, err, true)
    return
  end
  local handler = handle[message.type]
  if handler and not (message.type == "event" and self.twice and self.twice:knows(link.id, text, now())) then
    handler(self, link, message.data, text)
  end
end

-- Actions -------------------------------------------------------------------------------------------------------------

local act = {}

function act.connect(self, id, channels)
  local link = { id = id }
  local function news()
    self:wake()
  end
  local socket, kind, message = self.engine:connect(self.session, {
    target = messages.target(self.session:project(), channels), timeout = CONNECT, maxMessageBytes = LONGEST,
    queueMessages = WAITING,
  }, news)
  if not socket then
    self.machine:closed(id, now(), messages.ending { kind = kind, message = message })
    return
  end
  link.socket = socket
  self.twice = self.links[1] and twice.new(id) or nil
  self.links[#self.links + 1] = link
end

local function linkOf(self, id)
  for _, link in ipairs(self.links) do
    if link.id == id then
      return link
    end
  end
  return nil
end

function act.close(self, id)
  local link = linkOf(self, id)
  if link then
    link.socket:close(NORMAL)
  end
end

function act.cancel(self, id)
  local link = linkOf(self, id)
  if link then
    link.socket:cancel()
    self.more = true -- another may have waited for its end
  end
end

-- What cannot be sent is for a socket that has ended, which is seen to as news of it.
function act.ping(self, id)
  local link = linkOf(self, id)
  if link then
    link.socket:ping()
  end
end

function act.authenticate(self, id)
  local link = linkOf(self, id)
  if link then
    link.socket:authenticate()
  end
end

function act.open(self)
  self.toldOutage = nil
  self:tell("onOpen")
end

function act.lost(self, err, retryAt)
  self:tell("onClose", nil, withRetry(err, retryAt))
end

-- In the time of the day, as os.time() has it.
function act.reconnected(self, since)
  self:tell("onReconnect", nil, os.time() - (now() - since))
end

function act.failed(self, err, retryAt)
  self.twice = nil
  tellError(self, withRetry(err, retryAt))
end

function act.error(self, err)
  tellError(self, err, true)
end

function act.stopped(self, err)
  for _, one in ipairs(self.subscriptions) do
    subscription.stop(one, err)
  end
  tellError(self, err, true)
  subscription.wake(self.idle, true)
end

local LOGGED = { connect = "debug", open = "debug", lost = "warn", failed = "warn", error = "warn", stopped = "warn" }

local function logAction(self, name, about, more)
  local level, fields = LOGGED[name], {}
  if not level or not self.log then
    return
  elseif name == "connect" then
    fields.channels = #more
  elseif about then
    fields.kind, fields.code, fields.message, fields.wait = about.kind, about.code, about.message, about.retryAfter
  end
  log.emit(self, level, "realtime." .. name, fields)
end

local function actAll(self)
  local action = self.machine:take()
  while action do
    act[action[1]](self, action[2], action[3])
    logAction(self, action[1], action[2], action[3])
    action = self.machine:take()
  end
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
    local text = link.socket:next()
    if not text then
      return true
    elseif self.machine:knows(link.id) then
      receive(self, link, text)
      actAll(self)
    end
  end
  self.more = true
  return false
end

local function finish(self, link, at)
  removeFrom(self.links, link)
  self.engine:forget(link.socket)
  self.machine:closed(link.id, at, messages.ending(link.socket:result()))
  actAll(self)
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
  self.timer, self.timerAt = nil, nil
  self:wake()
end

local function setTimer(self)
  local at = self.machine:due(now())
  if at == self.timerAt then
    return
  end
  if self.timer then
    scheduler.cancelTimer(self.timer)
  end
  self.timer, self.timerAt = at and scheduler.at(at, onTime, self) or nil, at
end

function turn(self)
  self.queued, self.more, self.starved = false, false, false
  local at = now()
  for _, link in ipairs { unpack(self.links) } do
    visit(self, link, at)
  end
  self.machine:tick(at)
  actAll(self)
  setTimer(self)
  if self.more then
    self:wake()
  end
end

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
