--- What the state machine of a client's realtime (appwrite.realtime.machine) wants to be done, on the sockets and to
-- whoever is to be told. An action that a memory error cuts off is had again by the next turn, so that each may be
-- begun anew.

local line = require "appwrite.realtime.line"
local log = require "appwrite.log"
local messages = require "appwrite.realtime.messages"
local scheduler = require "appwrite.scheduler"
local subscription = require "appwrite.realtime.subscription"
local telling = require "appwrite.realtime.telling"
local twice = require "appwrite.realtime.twice"

local error, ipairs = error, ipairs
local now = scheduler.now

local CONNECT = 20 -- seconds for a connection and its handshake
local WAITING = 64 -- messages the transport keeps for us; the server has to wait with the rest
local LONGEST = 16 * 1024 * 1024 -- bytes of one message
local NORMAL = 1000 -- a close frame's code

local actions = {}

local act = {}

local function linkOf(self, id)
  for _, link in ipairs(self.links) do
    if link.id == id then
      return link
    end
  end
  return nil
end

-- One whose socket is still to be made: nothing fails once that is there.
local function addLink(self, id)
  local second = self.links[1] and twice.new(id) or false
  local link = { id = id, socket = false, text = false, message = false, given = false }
  self.links[#self.links + 1] = link
  self.twice = second
  return link
end

function act.connect(self, id, channels)
  local link = linkOf(self, id) or addLink(self, id)
  local function news()
    self:wake()
  end
  local socket, kind, message = self.engine:connect(self.session, {
    target = messages.target(self.session:project(), channels), timeout = CONNECT, maxMessageBytes = LONGEST,
    queueMessages = WAITING,
  }, news)
  link.socket = socket or false
  if not socket then
    self.machine:closed(id, now(), messages.ending { kind = kind, message = message })
    self:dropLink(link)
  end
end

-- A close frame takes memory, an end does not.
function act.close(self, id)
  local link = linkOf(self, id)
  if link then
    local _, kind = link.socket:close(NORMAL)
    if kind == "memory" then
      link.socket:cancel()
    end
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
    local _, kind, message = link.socket:authenticate()
    if kind == "memory" then
      error(message, 0) -- the next turn tries again
    end
  end
end

function act.open(self)
  self.toldOutage = false
  self:tell("onOpen")
end

function act.lost(self, err, retryAt)
  self:tell("onClose", nil, telling.withRetry(err, retryAt))
end

-- In the time of the day, as os.time() has it.
function act.reconnected(self, since)
  self:tell("onReconnect", nil, os.time() - (now() - since))
end

function act.failed(self, err, retryAt)
  self.twice = false
  telling.err(self, telling.withRetry(err, retryAt))
end

function act.error(self, err)
  telling.err(self, err, true)
end

function act.stopped(self, err)
  for _, one in ipairs(self.subscriptions) do
    subscription.stop(one, err)
  end
  telling.err(self, err, true)
  line.wake(self.idle, true)
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

---Do all that the machine wants.
---@param self appwrite.realtime.Driver
function actions.run(self)
  local action = self.machine:first()
  while action do
    act[action[1]](self, action[2], action[3])
    self.machine:take()
    logAction(self, action[1], action[2], action[3])
    action = self.machine:first()
  end
end

return actions
