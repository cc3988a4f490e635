--- Inside nginx: says when it listens, and ends it when the connection of the spec that started it ends.

-- luacheck: std ngx_lua
local ffi = require "ffi"

ffi.cdef "int kill(int, int);"

local SIGTERM = 15
local PATIENCE = 30 -- seconds for the spec to make its connection, which it does at once if it still lives
local FOREVER = 2147483647 -- milliseconds

local hold = {}

local held = false

local function quit()
  ffi.C.kill(ngx.worker.pid(), SIGTERM)
end

---When all sockets listen already.
---@param ports string
function hold.announce(ports)
  assert(ngx.timer.at(PATIENCE, function(premature)
    if not premature and not held then
      quit()
    end
  end))
  io.stdout:write("ready ", ports, "\n")
  io.stdout:flush()
end

---Serves the one connection whose end is the server's.
function hold.serve()
  held = true
  local connection = assert(ngx.req.socket(true))
  connection:settimeout(FOREVER)
  connection:receive(1)
  quit()
end

return hold
