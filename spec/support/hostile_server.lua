--- The hostile server's own process, `lua spec/support/hostile_server.lua`: one loop, one coroutine a connection.
--
-- Listens on four ports: for the spec, for requests ("main"), for what must get none ("other"), and one whose
-- connections are closed as soon as they are made ("closing"). Ends with the spec's connection.

local netstring = require "spec.support.netstring"
local socket = require "socket"

local PATIENCE = 30 -- seconds for the spec to make its connection
local HEAD = 1024 * 1024 -- bytes; longer heads of requests are refused
local READ, WRITE = "read", "write"
local THEMES = { "behaviours", "bodies", "fields", "framing", "sockets" }

local server = { ports = {}, log = {}, tasks = {}, tried = {} }
local behaviours = {} -- by name

for _, theme in ipairs(THEMES) do
  for name, behaviour in pairs(require("spec.support.hostile_" .. theme)) do
    assert(not behaviours[name], name)
    behaviours[name] = behaviour
  end
end

-- Tasks: a coroutine yields what it waits for: a socket and READ or WRITE, or a time. --------------------------------

local function resume(task)
  local ok, what, how = coroutine.resume(task.thread, task)
  if not ok then
    io.stderr:write("hostile server: ", debug.traceback(task.thread, tostring(what)), "\n")
    os.exit(1)
  end
  task.waits, task.how = what, how
  if coroutine.status(task.thread) == "dead" then
    server.tasks[task] = nil
  end
end

local function spawn(run)
  local task = { thread = coroutine.create(run) }
  server.tasks[task] = true
  resume(task)
end

local function collect()
  local sets, earliest = { [READ] = {}, [WRITE] = {} }, nil
  for task in pairs(server.tasks) do
    if type(task.waits) == "number" then
      earliest = math.min(earliest or task.waits, task.waits)
    else
      table.insert(sets[task.how], task.waits)
    end
  end
  return sets, earliest and math.max(earliest - socket.gettime(), 0)
end

local function step()
  local sets, timeout = collect()
  local readable, writable = socket.select(sets[READ], sets[WRITE], timeout)
  local now, due = socket.gettime(), {}
  for task in pairs(server.tasks) do
    if type(task.waits) == "number" then
      due[#due + 1] = task.waits <= now and task or nil
    elseif (task.how == READ and readable or writable)[task.waits] then
      due[#due + 1] = task
    end
  end
  for _, task in ipairs(due) do
    if server.tasks[task] then
      resume(task)
    end
  end
end

-- Connections --------------------------------------------------------------------------------------------------------

local GONE = {} -- thrown where the client has gone, which ends the connection's task

local Connection = {}
Connection.__index = Connection

function Connection:send(bytes)
  local position = 1
  while position <= #bytes do
    local last, problem, partial = self.socket:send(bytes, position)
    local reached = last or partial
    self.entry.sent = self.entry.sent + reached - position + 1
    position = reached + 1
    if problem == "timeout" then
      coroutine.yield(self.socket, WRITE)
    elseif problem then
      error(GONE, 0)
    end
  end
end

-- At least one byte more into the buffer; false at the end.
function Connection:fill()
  while true do
    local bytes, problem, partial = self.socket:receive(64 * 1024)
    bytes = bytes or partial
    if bytes ~= "" then
      self.buffer = self.buffer .. bytes
      return true
    elseif problem ~= "timeout" then
      return false
    end
    coroutine.yield(self.socket, READ)
  end
end

function Connection.pause(_, seconds)
  coroutine.yield(socket.gettime() + seconds)
end

---Reads on until the client goes.
function Connection:drain()
  while self:fill() do
    self.buffer = ""
  end
  self:close()
end

---Nothing more is sent; what still comes is read, so that the client gets all that was said.
function Connection:finish()
  self.socket:shutdown "send"
  self:drain()
end

function Connection:close()
  self.socket:close()
  error(GONE, 0)
end

function Connection:reset()
  self.socket:setoption("linger", { on = true, timeout = 0 })
  self:close()
end

-- Requests -----------------------------------------------------------------------------------------------------------

function Connection:readHead()
  while true do
    local first = self.buffer:byte()
    if first and (first < 0x41 or first > 0x5A) then
      return nil -- no method begins like this: TLS, perhaps
    end
    local _, last = self.buffer:find("\r\n\r\n", 1, true)
    if last then
      local head = self.buffer:sub(1, last)
      self.buffer = self.buffer:sub(last + 1)
      return head
    elseif #self.buffer > HEAD or not self:fill() then
      return nil
    end
  end
end

function Connection:skipBody(length)
  while #self.buffer < length do
    length = length - #self.buffer
    self.buffer = ""
    if not self:fill() then
      error(GONE, 0)
    end
  end
  self.buffer = self.buffer:sub(length + 1)
end

local function behaviourOf(target)
  for segment in target:gmatch "[^/?]+" do
    if behaviours[segment] then
      return behaviours[segment], segment
    end
  end
  return behaviours.ok, "ok"
end

local function relay(from, to)
  return function()
    while true do
      local bytes, problem, partial = from:receive(64 * 1024)
      bytes = bytes or partial
      local position = 1
      while position <= #bytes do
        local last, failed, reached = to:send(bytes, position)
        position = (last or reached) + 1
        if failed == "timeout" then
          coroutine.yield(to, WRITE)
        elseif failed then
          return
        end
      end
      if problem == "timeout" then
        coroutine.yield(from, READ)
      elseif problem then
        to:shutdown "send"
        return
      end
    end
  end
end

-- A proxy for TLS: a tunnel to any port of this machine.
local function tunnel(connection, target)
  local port = target:match "^[%w.]+:(%d+)$"
  local upstream = port and socket.connect("127.0.0.1", tonumber(port))
  if not upstream then
    connection:send "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"
    connection:close()
  end
  upstream:settimeout(0)
  connection:send "HTTP/1.1 200 Connection established\r\n\r\n"
  spawn(relay(upstream, connection.socket))
  relay(connection.socket, upstream)()
  error(GONE, 0)
end

local function serveOne(connection)
  local head = connection:readHead()
  if not head then
    connection.entry = { sent = 0 }
    if connection.buffer ~= "" then
      connection:send "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    end
    connection:close()
  end
  connection.served = connection.served + 1
  local method, target = head:match "^(%u+) (%S+)"
  connection.entry = { listener = connection.listener, head = head, sent = 0 }
  table.insert(server.log, connection.entry)
  if method == "CONNECT" then
    tunnel(connection, target)
  end
  local behaviour, name = behaviourOf(target)
  server.tried[name] = true
  if not name:find "^early" then
    connection:skipBody(tonumber(head:lower():match "\r\ncontent%-length: *(%d+)") or 0)
  end
  behaviour(connection, { method = method, target = target, head = head })
end

local function serve(accepted, listener)
  local connection = setmetatable({
    socket = accepted, listener = listener, server = server, buffer = "", served = 0,
  }, Connection)
  local ok, problem
  repeat
    -- Not pcall: on Lua 5.1 a coroutine cannot yield through it.
    ok, problem = server.protect(serveOne, connection)
  until not ok
  accepted:close()
  if problem ~= GONE then
    error(problem, 0)
  end
end

---pcall that can be yielded through.
function server.protect(run, ...)
  local thread = coroutine.create(run)
  local results = { coroutine.resume(thread, ...) }
  while results[1] and coroutine.status(thread) ~= "dead" do
    coroutine.yield(results[2], results[3])
    results = { coroutine.resume(thread) }
  end
  return results[1], results[2]
end

-- Listeners ----------------------------------------------------------------------------------------------------------

local function listen(name, handle)
  local listener = assert(socket.bind("127.0.0.1", 0))
  listener:settimeout(0)
  local _, port = assert(listener:getsockname())
  server.ports[name] = tonumber(port)
  spawn(function()
    while true do
      coroutine.yield(listener, READ)
      local accepted = listener:accept()
      if accepted then
        accepted:settimeout(0)
        spawn(function()
          handle(accepted, name)
        end)
      end
    end
  end)
end

-- The spec's connection ----------------------------------------------------------------------------------------------

local VERBS = {
  clear = function()
    server.log = {}
    return ""
  end,
  requests = function()
    local list = {}
    for index, entry in ipairs(server.log) do
      list[index] = netstring.encode { entry.listener, entry.head, entry.sent }
    end
    return netstring.encode(list)
  end,
  tried = function()
    local list = {}
    for name in pairs(server.tried) do
      list[#list + 1] = name
    end
    return netstring.encode(list)
  end,
}

local function control(accepted)
  server.held = true
  local connection = setmetatable({ socket = accepted, buffer = "", entry = { sent = 0 } }, Connection)
  while connection:fill() do
    for verb in connection.buffer:gmatch "(%a+)\n" do
      local text = VERBS[verb]()
      connection:send(#text .. "\n" .. text)
    end
    connection.buffer = ""
  end
  os.exit(0)
end

listen("control", control)
listen("main", serve)
listen("other", serve)
listen("closing", function(accepted)
  accepted:close()
end)
spawn(function()
  coroutine.yield(socket.gettime() + PATIENCE)
  if not server.held then
    os.exit(1)
  end
end)
io.stdout:write(("ready %d %d %d %d\n"):format(server.ports.control, server.ports.main, server.ports.other,
  server.ports.closing))
io.stdout:flush()
while true do
  step()
end
