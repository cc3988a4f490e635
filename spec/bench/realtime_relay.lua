-- realtime_relay.lua ADDRESS PORT TO : hands on what comes to an address to a port of the loopback address, until it is
-- killed.

local socket = require "socket"

local listener = assert(socket.bind(arg[1], tonumber(arg[2])))
local other = {} -- by socket: where its bytes go

local function accept()
  local near, far = assert(listener:accept()), assert(socket.connect("127.0.0.1", tonumber(arg[3])))
  near:settimeout(0)
  far:settimeout(0)
  other[near], other[far] = far, near
end

local function move(from)
  local to = other[from]
  local bytes, problem, partial = from:receive(64 * 1024)
  bytes = bytes or partial
  if bytes ~= "" then
    to:settimeout(1)
    to:send(bytes) -- over a cable that is out this goes nowhere
    to:settimeout(0)
  end
  if problem == "closed" then
    from:close()
    to:close()
    other[from], other[to] = nil, nil
  end
end

while true do
  local list = { listener }
  for one in pairs(other) do
    list[#list + 1] = one
  end
  for _, one in ipairs((socket.select(list))) do
    if one == listener then
      accept()
    elseif other[one] then
      move(one)
    end
  end
end
