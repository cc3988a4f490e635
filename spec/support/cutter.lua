--- A TCP proxy in front of a server, which breaks connections on demand.
--
--   local proxy = cutter.start(port)     the port of the server behind it; proxy.port is its own
--   proxy:mode "before"                  what becomes of connections to come
--   proxy:living "mute"                  what becomes of those that there are
--
-- before   they are closed as soon as they are made
-- during   in the middle of the server's answer to the handshake
-- after    when the server has said something over the connection
-- frame    in the middle of what the server says next
-- mute     they stay open, but nothing goes through any more: half-open
-- cut      (of those that there are) closed
-- pass     nothing happens to them

local process = require "spec.support.process"

local Cutter = { __name = "spec.Cutter" }
local methods = {}
Cutter.__index = methods

local cutter = {}

local function ask(self, line)
  local control = self.process.control
  assert(control:send(line .. "\n"))
  return assert(control:receive "*l")
end

---@param port integer of 127.0.0.1
---@return table proxy
function cutter.start(port)
  local started, problem = process.start(process.luaCommand "spec/support/cutter_server.lua")
  if not started then
    error("the cutter did not start: " .. problem, 2)
  end
  local self = setmetatable({ process = started, port = started.ports[2] }, Cutter)
  ask(self, "upstream " .. port)
  return self
end

---@param how "pass"|"before"|"during"|"after"|"frame"|"mute"
function methods:mode(how)
  ask(self, "mode " .. how)
end

---@param how "cut"|"frame"|"mute"
function methods:living(how)
  ask(self, "living " .. how)
end

---@return number[] times at which connections were made, in seconds
function methods:times()
  local list = {}
  for number in ask(self, "times"):gmatch "%S+" do
    list[#list + 1] = tonumber(number)
  end
  return list
end

---Forget these times.
function methods:forget()
  ask(self, "forget")
end

function methods:stop()
  self.process:stop()
end

return cutter
