-- luacheck: std max+busted
--- WebSocket clients for the specs, at work in a process of their own.

local cjson = require "cjson"
local process = require "spec.support.process"

local CHILD = "examples/sandbox/spec/websockets_child.lua"
local PATIENCE = 20 -- seconds; nothing takes as long unless it hangs
local TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA

---@class sandbox.SpecSocket
local Socket = { __name = "sandbox.SpecSocket" }
local methods = {}
Socket.__index = methods

---@class sandbox.SpecSockets
local Sockets = { __name = "sandbox.SpecSockets" }
local family = {}
Sockets.__index = family

local websockets = {}

---@return sandbox.SpecSockets
function websockets.start()
  process.need("lua5.1", "lua5.1")
  local child, problem = process.start("exec lua5.1 " .. process.quote(CHILD) .. " 2>&1")
  if not child then
    error("the specs' WebSocket client does not start; it needs the packages lua-http and lua-cjson: " .. problem)
  end
  return setmetatable({ child = child }, Sockets)
end

---Run a command of the child.
---@param what string
---@param command table
---@return table answer
function family:ask(what, command)
  command.what, command.seconds = what, command.seconds or PATIENCE
  local control = self.child.control
  control:settimeout(command.seconds + PATIENCE)
  assert(control:send(cjson.encode(command) .. "\n"))
  local line, problem = control:receive "*l"
  if not line then
    error("the specs' WebSocket client: " .. (problem == "closed" and self.child.pipe:read "*a" or problem))
  end
  return cjson.decode(line)
end

---@param server sandbox.Running
---@param query string
---@param headers? table<string, string>
---@return sandbox.SpecSocket
function family:open(server, query, headers)
  local base, path = server.endpoint:match "^http(://[^/]+)(/.*)$"
  local answer = self:ask("open", {
    base = "ws" .. base .. "/", path = path .. "/realtime?" .. query, headers = next(headers or {}) and headers or {},
  })
  assert(answer.id, answer.problem)
  return setmetatable({ family = self, id = answer.id }, Socket)
end

---Begin to read messages of several sockets side by side, keeping what a pattern finds in each.
---@param sockets sandbox.SpecSocket[]
---@param pattern string
---@param count integer messages of each socket
---@param seconds number
function family:collect(sockets, pattern, count, seconds)
  local ids = {}
  for index, each in ipairs(sockets) do
    ids[index] = each.id
  end
  self:ask("collect", { ids = ids, pattern = pattern, count = count, seconds = seconds })
  self.seconds = seconds
end

---Wait for what collect has begun.
---@return string[][] by socket; where something is wrong, its last entry says what
function family:collected()
  return self:ask("collected", { seconds = self.seconds }).found
end

function family:stop()
  self.child:stop()
end

---@return { opcode?: integer, data?: string, ended?: string }
function methods:next()
  local answer = self.family:ask("next", { id = self.id })
  assert(not answer.problem, answer.problem)
  return answer
end

---The next message as it came.
---@return string
function methods:text()
  local frame = self:next()
  assert.equal(TEXT, frame.opcode, frame.ended or frame.data)
  return frame.data
end

---The next message, which is an event.
---@return table data
function methods:event()
  local message = cjson.decode(self:text())
  assert.equal("event", message.type)
  return message.data
end

---Expect that the connection ends without a word.
function methods:ends()
  local frame = self:next()
  assert.is_string(frame.ended, frame.data)
end

---@param frame table as lua-http builds one
function methods:frame(frame)
  local answer = self.family:ask("frame", { id = self.id, frame = frame })
  assert(not answer.problem, answer.problem)
end

local function whole(opcode, data)
  return { opcode = opcode, data = data, FIN = true, MASK = true }
end

---@param text string
function methods:send(text)
  self:frame(whole(TEXT, text))
end

---@param bytes string
function methods:sendBinary(bytes)
  self:frame(whole(BINARY, bytes))
end

---Send a ping and expect it to be answered.
---@param payload string
function methods:ping(payload)
  self:frame(whole(PING, payload))
  assert.same({ opcode = PONG, data = payload }, self:next())
end

---Close, expecting the same close frame back and then the end.
---@param payload string status code and reason, as they are sent
function methods:close(payload)
  self:frame(whole(CLOSE, payload))
  assert.same({ opcode = CLOSE, data = payload }, self:next())
  self:ends()
end

---Go without a word.
function methods:drop()
  self.family:ask("drop", { id = self.id })
end

return websockets
