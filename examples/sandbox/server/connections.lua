--- The WebSocket connections there are: who is behind each and what he wants to hear of, and what waits to be sent to
-- him. Messages wait in a bounded queue each: a reader who lags too far behind is disconnected.

local permissions = require "server.permissions"
local protocol = require "nginx.websocket.protocol"
local semaphore = require "ngx.semaphore"

local MAX_WAITING = 4 * 1024 * 1024 -- bytes for one connection
local BATCH = 65536 -- bytes handed to nginx at a time, which copies them
local DAY = 86400 -- seconds; waiting for longer begins anew
local TEXT, CLOSE, PONG = 0x1, 0x8, 0xA -- opcodes

---@class sandbox.Connection
---@field socket table of nginx.websocket.server
---@field project? sandbox.Project
---@field user? sandbox.User nil for a guest
---@field channels string[]
---@field roles table<string, true>
local Connection = { __name = "sandbox.Connection" }
local methods = {}
Connection.__index = methods

local connections = {}

local all = {} ---@type table<sandbox.Connection, true>

---@param text string
---@return string frame to be given to push, of any connection
function connections.frame(text)
  return protocol.build_frame(true, TEXT, #text, text)
end

---@param socket table of nginx.websocket.server
---@return sandbox.Connection
function connections.new(socket)
  return setmetatable({
    socket = socket, channels = {}, wanted = {}, roles = {}, frames = {}, first = 1, last = 0, bytes = 0,
    ready = semaphore.new(), ended = semaphore.new(), counters = {},
  }, Connection)
end

local function set(list)
  local result = {}
  for _, entry in ipairs(list) do
    result[entry] = true
  end
  return result
end

---Begin to hear of what happens, or go on as somebody else or with other channels.
---@param project sandbox.Project
---@param user? sandbox.User
---@param channels string[]
function methods:subscribe(project, user, channels)
  self.project, self.user, self.channels, self.wanted = project, user, channels, set(channels)
  self.roles = set(permissions.rolesOf(project, user))
  all[self] = true
end

---Queue a frame. What comes after a `finish` is dropped.
---@param frame string
function methods:push(frame)
  if self.finishing then
    return
  end
  self.bytes = self.bytes + #frame
  if self.bytes > MAX_WAITING then
    ngx.log(ngx.NOTICE, "sandbox: realtime: a connection ends since its reader lags more than ", MAX_WAITING,
      " bytes behind")
    return self:abort()
  end
  self.last = self.last + 1
  self.frames[self.last] = frame
  if self.first == self.last then
    self.ready:post()
  end
end

---@param text string
function methods:send(text)
  self:push(connections.frame(text))
end

---@param payload string
function methods:pong(payload)
  self:push(protocol.build_frame(true, PONG, #payload, payload))
end

---@param payload string
function methods:sendClose(payload)
  self:push(protocol.build_frame(true, CLOSE, #payload, payload))
end

---End the connection once all that waits is sent.
function methods:finish()
  self.finishing = true
  self.ready:post()
end

---End the connection at once.
function methods:abort()
  self.finishing = true
  all[self] = nil
  self.frames, self.first, self.last = {}, 1, 0
  self.ended:post()
end

local function await(signal)
  while not signal:wait(DAY) do
    -- a day without news
  end
end

-- Takes frames off the queue, up to the size of a batch or one that is larger.
local function takeBatch(self)
  local batch, size = {}, 0
  repeat
    local frame = self.frames[self.first]
    batch[#batch + 1], size = frame, size + #frame
    self.frames[self.first] = nil
    self.first = self.first + 1
  until self.first > self.last or size + #self.frames[self.first] > BATCH
  return batch, size
end

-- One thread sends all there is to send, so frames keep their order and never mix.
local function write(self)
  while true do
    while self.first <= self.last do
      local batch, size = takeBatch(self)
      if not self.socket.sock:send(batch) then
        return
      end
      self.bytes = self.bytes - size
    end
    if self.finishing then
      return
    end
    await(self.ready)
  end
end

-- The other receives; when it returns after a `finish`, the rest is still to be sent.
local function read(self, receive)
  receive(self)
  if not self.finishing then
    self:abort()
  end
end

local function guarded(work, self, argument)
  local ok, problem = xpcall(work, debug.traceback, self, argument)
  if not ok then
    ngx.log(ngx.ERR, "sandbox: realtime: ", problem)
  end
  return ok
end

---Serve a connection until it ends; then the request has ended too.
---@param receive fun(connection: sandbox.Connection) handles what comes in; returns when nothing more will
function methods:run(receive)
  ngx.thread.spawn(function()
    guarded(write, self)
    self:abort()
  end)
  ngx.thread.spawn(function()
    if not guarded(read, self, receive) then
      self:abort()
    end
  end)
  await(self.ended)
  all[self] = nil
  ngx.exit(ngx.OK)
end

---The connections that have one of the channels and one of the roles.
---@param projectId string
---@param channels string[]
---@param roles string[]
---@return sandbox.Connection[]
function connections.find(projectId, channels, roles)
  local function hasAny(known, list)
    for _, entry in ipairs(list) do
      if known[entry] then
        return true
      end
    end
    return false
  end
  local found = {}
  for connection in pairs(all) do
    if connection.project.id == projectId and hasAny(connection.wanted, channels) and hasAny(connection.roles, roles)
    then
      found[#found + 1] = connection
    end
  end
  return found
end

---End all connections, as a server does that goes down.
function connections.abortAll()
  for connection in pairs(all) do
    connection:abort()
  end
end

---Look anew at which roles users have.
---@param project sandbox.Project
---@param userId? string of one of them only
function connections.refreshRoles(project, userId)
  for connection in pairs(all) do
    local user = connection.user
    if user and connection.project.id == project.id and (userId == nil or user.id == userId) then
      connection.roles = set(permissions.rolesOf(project, user))
    end
  end
end

return connections
