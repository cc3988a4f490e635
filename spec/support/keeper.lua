--- keeper.lua PORTS: says "ready", a port of its own and the given ones, and ends when the first connection to it does.

local socket = require "socket"

local PATIENCE = 30 -- seconds for the spec to make its connection, which it does at once if it still lives

local listener = assert(socket.bind("127.0.0.1", 0))
local _, port = listener:getsockname()
io.stdout:write("ready ", port, " ", arg[1], "\n")
io.stdout:flush()
listener:settimeout(PATIENCE)
local connection = listener:accept()
if connection then
  connection:receive(1)
end
