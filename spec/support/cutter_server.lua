--- The cutter's own process, `lua spec/support/cutter_server.lua`: a TCP proxy that breaks connections as it is told.
-- See spec/support/cutter.lua. Its first port is the control's; it ends with the control's connection.

local socket = require "socket"

local HEAD_END = "\r\n\r\n"
local BLOCK = 64 * 1024

local upstreamPort
local mode = "pass" -- of connections to come
local pairs_, times = {}, {}

local function bind()
  local listener = assert(socket.bind("127.0.0.1", 0))
  return listener, (select(2, listener:getsockname()))
end

local controlListener, controlPort = bind()
local listener, port = bind()
io.write(("ready %d %d\n"):format(controlPort, port))
io.flush()
local control = assert(controlListener:accept())

local function close(pair)
  pairs_[pair] = nil
  pair.client:close()
  if pair.upstream then
    pair.upstream:close()
  end
end

local function accept()
  local client = assert(listener:accept())
  times[#times + 1] = socket.gettime()
  client:setoption("tcp-nodelay", true)
  if mode == "before" then
    client:close()
    return
  end
  local upstream = assert(socket.connect("127.0.0.1", upstreamPort))
  upstream:setoption("tcp-nodelay", true)
  client:settimeout(0)
  upstream:settimeout(0)
  pairs_[{ client = client, upstream = upstream, mode = mode, answered = "" }] = true
end

local function receive(from)
  local bytes, problem, partial = from:receive(BLOCK)
  return bytes or partial, problem == "closed"
end

local function send(to, bytes)
  to:settimeout(5)
  to:send(bytes)
  to:settimeout(0)
end

-- What of the server's bytes still goes through; whether the connection ends then.
local function allowed(pair, bytes)
  pair.answered = pair.answered .. bytes
  local _, headEnd = pair.answered:find(HEAD_END, 1, true)
  if pair.mode == "during" then
    return bytes:sub(1, 20), true
  elseif pair.mode == "after" and headEnd and #pair.answered > headEnd then
    return bytes, true
  elseif pair.mode == "frame" and headEnd and #pair.answered > headEnd + 8 then
    return bytes:sub(1, -5), true
  end
  return bytes, false
end

local function fromServer(pair)
  local bytes, isOver = receive(pair.upstream)
  local wanted, ends = allowed(pair, bytes)
  if wanted ~= "" then
    send(pair.client, wanted)
  end
  if isOver or ends then
    close(pair)
  end
end

local function fromClient(pair)
  local bytes, isOver = receive(pair.client)
  if bytes ~= "" then
    send(pair.upstream, bytes)
  end
  if isOver then
    close(pair)
  end
end

local commands = {}

function commands.upstream(value)
  upstreamPort = tonumber(value)
end

-- For those to come.
function commands.mode(value)
  mode = value
end

-- For those that there are.
function commands.living(value)
  for pair in pairs(pairs_) do
    if value == "cut" then
      close(pair)
    else
      pair.mode, pair.answered = value, HEAD_END -- of what is sent from now on
    end
  end
end

-- The times at which connections were made.
function commands.times()
  return table.concat(times, " ")
end

function commands.forget()
  times = {}
end

local function obey(line)
  local name, value = line:match "^(%S+) ?(.*)$"
  return assert(control:send((commands[name](value) or "") .. "\n"))
end

while true do
  local wanted, by = { control, listener }, {}
  for pair in pairs(pairs_) do
    if pair.mode ~= "mute" then
      wanted[#wanted + 1], wanted[#wanted + 2] = pair.client, pair.upstream
      by[pair.client], by[pair.upstream] = { pair, fromClient }, { pair, fromServer }
    end
  end
  local ready = socket.select(wanted)
  if ready[control] then
    local line = control:receive "*l"
    if not line then
      return
    end
    obey(line)
  end
  if ready[listener] then
    accept()
  end
  for _, one in ipairs(ready) do
    local entry = by[one]
    if entry and pairs_[entry[1]] and entry[1].mode ~= "mute" then
      entry[2](entry[1])
    end
  end
end
