--- A server that misbehaves in every way that `spec.support.hostile_behaviours` names: a request is answered by the
-- behaviour whose name is a segment of its path ("/v1/half", "/v1/storage/buckets/half/files/f"), any other one well.

local netstring = require "spec.support.netstring"
local process = require "spec.support.process"

local Hostile = { __name = "spec.Hostile" }
local methods = {}
Hostile.__index = methods

local hostile = {}

---@return table server `endpoint`; `ports.main`, `ports.other` (must get nothing), `ports.closing` (hangs up at once)
function hostile.start()
  process.need("gzip", "gzip")
  local started, problem = process.start(process.luaCommand "spec/support/hostile_server.lua")
  if not started then
    error("the hostile server did not start: " .. problem, 2)
  end
  local ports = { main = started.ports[2], other = started.ports[3], closing = started.ports[4] }
  return setmetatable({
    process = started,
    ports = ports,
    endpoint = ("http://127.0.0.1:%d/v1"):format(ports.main),
  }, Hostile)
end

local function ask(self, verb)
  local control = self.process.control
  assert(control:send(verb .. "\n"))
  local size = tonumber((assert(control:receive "*l")))
  return size == 0 and "" or assert(control:receive(size))
end

---@class spec.HostileRequest
---@field listener "main"|"other"
---@field head string   request line and headers as they came
---@field sent integer  bytes of the answer that went out so far

---@param listener "main"|"other"|nil both where it is not told
---@return spec.HostileRequest[]
function methods:requests(listener)
  local list = {}
  for _, text in ipairs(netstring.decode(ask(self, "requests"))) do
    local entry = netstring.decode(text)
    if not listener or listener == entry[1] then
      list[#list + 1] = { listener = entry[1], head = entry[2], sent = tonumber(entry[3]) }
    end
  end
  return list
end

---@return table<string, true> names of the behaviours that were asked for, since the start
function methods:tried()
  local names = {}
  for _, name in ipairs(netstring.decode(ask(self, "tried"))) do
    names[name] = true
  end
  return names
end

---Forgets the requests so far.
function methods:clear()
  ask(self, "clear")
end

---Ends the server and waits until it is gone.
function methods:stop()
  self.process:stop()
end

return hostile
