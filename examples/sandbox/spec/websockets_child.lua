-- luacheck: std max
--- WebSocket clients for the specs, by lua-http, which knows nothing of the sandbox; in a process of its own, since in
-- Debian all that it needs is there for Lua 5.1 only. Commands come as lines of JSON over the first connection to the
-- port it names, and are answered line by line; it ends with that connection.

local cjson = require "cjson"
local condition = require "cqueues.condition"
local cqueues = require "cqueues"
local errno = require "cqueues.errno"
local socket = require "cqueues.socket"
local websocket = require "http.websocket"

local CONTROL_FRAME = 8 -- opcodes from here on
local MAX_LINE = 1024 * 1024 -- bytes

local loop = cqueues.new()
local finished = condition.new()
local clients, collected, pending = {}, {}, 0
local commands = {}

function commands.open(command)
  local client = websocket.new_from_uri(command.base)
  local request = client.request
  -- No part of a URL for this library's taste: the brackets of `channels[]`.
  request.headers:upsert(":path", command.path)
  for name, value in pairs(command.headers) do
    request.headers:upsert(name, value)
  end
  request.cookie_store, request.proxies = nil, nil
  local ok, problem = client:connect(command.seconds)
  if not ok then
    return { problem = tostring(problem) }
  end
  clients[#clients + 1] = client
  return { id = #clients }
end

local function nextFrame(client, deadline)
  local frame, problem, code = websocket.read_frame(client.socket, deadline)
  if frame then
    return { opcode = frame.opcode, data = frame.data }
  elseif code == errno.ETIMEDOUT then
    return { problem = "nothing came" }
  end
  return { ended = tostring(problem) }
end

function commands.next(command)
  return nextFrame(clients[command.id], cqueues.monotime() + command.seconds)
end

function commands.frame(command)
  local ok, problem = clients[command.id].socket:xwrite(websocket.build_frame(command.frame), "bn", command.seconds)
  return { problem = not ok and tostring(problem) or nil }
end

function commands.drop(command)
  clients[command.id].socket:close()
  clients[command.id] = nil
  return {}
end

-- What a pattern finds in each of the next messages of a client.
local function collect(client, pattern, count, deadline)
  local found = {}
  while #found < count do
    local frame = nextFrame(client, deadline)
    if frame.problem or frame.ended then
      found[#found + 1] = frame.problem or "the connection ended"
      return found
    elseif frame.opcode < CONTROL_FRAME then
      found[#found + 1] = frame.data:match(pattern) or frame.data
    end
  end
  return found
end

-- Begin to read as many messages from each client, all side by side.
function commands.collect(command)
  local deadline = cqueues.monotime() + command.seconds
  collected, pending = {}, #command.ids
  for place, id in ipairs(command.ids) do
    loop:wrap(function()
      collected[place] = collect(clients[id], command.pattern, command.count, deadline)
      pending = pending - 1
      finished:signal()
    end)
  end
  return {}
end

-- Wait for all that was begun.
function commands.collected()
  while pending > 0 do
    finished:wait()
  end
  return { found = collected }
end

local listener = assert(socket.listen("127.0.0.1", 0))
assert(listener:listen())
local _, _, port = listener:localname()
io.stdout:write("ready ", port, "\n")
io.stdout:flush()

loop:wrap(function()
  local control = assert(listener:accept())
  control:setmaxline(MAX_LINE)
  local line = control:read "*l" -- not control:lines(): Lua 5.1 cannot wait inside an iterator
  while line do
    local command = cjson.decode(line)
    assert(control:write(cjson.encode(commands[command.what](command)), "\n"))
    assert(control:flush())
    line = control:read "*l"
  end
  os.exit(0)
end)
assert(loop:loop())
