--- The connections of realtime in the fake transport, from both sides: what a client does with one, and what a test has
-- the server do.
--
--   local server = fake.new()
--   local client = appwrite.new { project = "test", transport = server }
--   client.realtime:subscribe("documents", function(event) print(event.payload.name) end)
--   while not server.sockets[1] do appwrite.poll(0.01) end
--   server:emit("documents", { name = "Ada" })     -- to all that asked for the channel
--   server.sockets[1]:drop()                       -- a connection is lost
--   server:onConnect(function(socket) socket:refuse { status = 503 } end)
--
-- Where nothing is said, a connection is accepted, and greeted as a server does that knows no user.

local json = require "appwrite.json"
local scheduler = require "appwrite.scheduler"

local error, format, gmatch, gsub, ipairs, setmetatable, tonumber, type =
  error, string.format, string.gmatch, string.gsub, ipairs, setmetatable, tonumber, type
local char, remove = string.char, table.remove
local now = scheduler.now

local Socket = { __name = "appwrite.transport.FakeSocket" }

---@class appwrite.FakeSocket
---@field target string     path and query as sent
---@field channels string[] that were asked for
---@field project string?
---@field headers table<string, string>
---@field credentials table<string, boolean>
---@field sent string[]     messages of the client
---@field pings integer     that it sent
---@field isMute boolean?   pings are not answered
---@field closing { code: integer?, reason: string? }? how the client closed it
local methods = {}
Socket.__index = methods

local socket = {}

local function decoded(text)
  return (gsub(gsub(text, "+", " "), "%%(%x%x)", function(digits)
    return char(tonumber(digits, 16))
  end))
end

local function channelsOf(target)
  local list = {}
  for name, value in gmatch(target, "[?&]([^=&]*)=([^&]*)") do
    if decoded(name) == "channels[]" then
      list[#list + 1] = decoded(value)
    end
  end
  return list
end

---@param recorded table target, headers, project, credentials
---@return appwrite.FakeSocket
function socket.new(recorded)
  local self = setmetatable({
    channels = channelsOf(recorded.target), sent = {}, pings = 0, inbox = {}, isNew = true, phase = "connecting",
    heardAt = now(),
  }, Socket)
  for name, value in pairs(recorded) do
    self[name] = value
  end
  return self
end

-- The server's side ---------------------------------------------------------------------------------------------------

local function setState(self, state, result)
  self.phase, self.outcome, self.hasNews = state, result or self.outcome, true
end

local function checkOpen(self, what)
  if self.phase ~= "open" then
    error(format("a fake connection that is %s cannot %s", self.phase, what), 3)
  end
end

---Accept the connection, and greet the client.
---@param given { user: table?, greet: boolean? }? the account that the server knows; greet = false: say nothing
function methods:accept(given)
  given = given or {}
  if self.phase ~= "connecting" then
    error(format("a fake connection that is %s cannot be accepted", self.phase), 2)
  end
  setState(self, "open")
  if given.greet ~= false then
    self:push { type = "connected", data = { channels = json.array(self.channels), user = given.user or json.null } }
  end
end

---Refuse the handshake.
---@param reply { status: integer, json: any?, body: string? }
function methods:refuse(reply)
  if self.phase ~= "connecting" then
    error(format("a fake connection that is %s cannot be refused", self.phase), 2)
  end
  setState(self, "closed", {
    kind = "api", status = reply.status, body = reply.json ~= nil and json.encode(reply.json) or reply.body,
    message = "the server refuses the connection",
  })
end

---Send the client a message.
---@param message string|table a table is sent as JSON
function methods:push(message)
  checkOpen(self, "send")
  local text, problem = message, nil
  if type(message) == "table" then
    text, problem = json.encode(message)
  end
  if type(text) ~= "string" then
    error("a message must be a string or a table that JSON can carry" .. (problem and ": " .. problem or ""), 2)
  end
  self.inbox[#self.inbox + 1], self.heardAt, self.hasNews = text, now(), true
end

---Lose the connection.
---@param result { kind: string?, message: string? }? default: "network"
function methods:drop(result)
  result = result or {}
  if self.phase ~= "closed" then
    setState(self, "closed", { kind = result.kind or "network", message = result.message or "the connection was lost" })
  end
end

---Close the connection in good order.
---@param code integer
---@param reason string?
function methods:shut(code, reason)
  checkOpen(self, "be closed by the server")
  setState(self, "closed", { code = code, reason = reason or "" })
end

-- The client's side ---------------------------------------------------------------------------------------------------

function methods:state()
  return self.phase
end

function methods:next()
  local text = remove(self.inbox, 1)
  if text then
    return text, false
  end
  return nil
end

local CLOSED = "the connection is not open"

function methods:send(text)
  if self.phase ~= "open" then
    return nil, "network", CLOSED
  end
  self.sent[#self.sent + 1] = text
  return true
end

function methods:ping()
  if self.phase ~= "open" then
    return nil, "network", CLOSED
  end
  self.pings = self.pings + 1
  if not self.isMute then
    self.heardAt, self.hasNews = now(), true
  end
  return true
end

-- The session itself stays where it is kept.
function methods:authenticate()
  return self:send '{"type":"authentication","data":{"session":"…"}}'
end

function methods:heard()
  return now() - self.heardAt
end

function methods:close(code, reason)
  if self.phase == "open" or self.phase == "connecting" then
    self.closing = { code = code, reason = reason }
    setState(self, "closing")
  end
end

function methods:cancel()
  if self.phase ~= "closed" then
    setState(self, "closed", { kind = "cancelled", message = "the connection was cancelled" })
  end
end

function methods:result()
  if self.phase ~= "closed" then
    error("this connection has not ended yet", 2)
  end
  return self.outcome
end

-- Steps ---------------------------------------------------------------------------------------------------------------

local function stepOne(self, connect)
  local isNew = self.isNew
  self.isNew = false
  if isNew and self.phase == "connecting" then
    connect(self)
  elseif self.phase == "closing" then
    setState(self, "closed", { code = self.closing.code, reason = "" })
  end
  local hasNews = self.hasNews
  self.hasNews = false
  return hasNews
end

---@param list appwrite.FakeSocket[] those that have not ended
---@param connect fun(self: appwrite.FakeSocket) what the server does with a new one
---@return appwrite.FakeSocket[] left
---@return appwrite.FakeSocket[]? news
function socket.step(list, connect)
  local left, news = {}, {}
  for _, one in ipairs(list) do
    if stepOne(one, connect) then
      news[#news + 1] = one
    end
    if one.phase ~= "closed" then
      left[#left + 1] = one
    end
  end
  return left, news[1] and news or nil
end

local function hears(self, channels)
  for _, wanted in ipairs(self.channels) do
    for _, channel in ipairs(channels) do
      if wanted == channel then
        return true
      end
    end
  end
  return false
end

---An event for all that asked for one of its channels.
---@param list appwrite.FakeSocket[]
---@param channels string|string[]
---@param payload table
---@param events string[]? its names
function socket.emit(list, channels, payload, events)
  channels = type(channels) == "string" and { channels } or channels
  local message = { type = "event", data = {
    events = json.array(events or {}), channels = json.array(channels), payload = payload,
    timestamp = os.date "!%Y-%m-%dT%H:%M:%S.000+00:00",
  } }
  for _, one in ipairs(list) do
    if one.phase == "open" and hears(one, channels) then
      one:push(message)
    end
  end
end

return socket
