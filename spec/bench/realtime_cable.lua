-- realtime_cable.lua ENDPOINT NAMESPACE DEVICE ordinary|short TIMES : see realtime_cable.sh.

local appwrite = require "appwrite"
local rate = require "appwrite.realtime.rate"
local realtime = require "appwrite.realtime"
local now = require("appwrite.scheduler").now

local endpoint, namespace, device, pace, TIMES = arg[1], arg[2], arg[3], arg[4], tonumber(arg[5])
local SHORT = { minDelay = 0.05, maxDelay = 0.5, stable = 0, ping = 0.2, silence = 0.3 }
local PATIENCE = 120 -- seconds

local client = appwrite.new { endpoint = endpoint, project = "sandbox", connectTimeout = 3 }
if pace == "short" then
  realtime.hasten(client.realtime, SHORT, rate.new(100, 1))
end

local opened = 0
local lost -- when, and why
client.realtime.onOpen = function() opened = opened + 1 end
client.realtime.onClose = function(err) lost = { at = now(), err = err } end
client.realtime.onError = function(err) print(err) end
for _ = 1, 5 do
  client.realtime:subscribe("documents", function() end)
end

local function untilTrue(what, test)
  local deadline = now() + PATIENCE
  while not test() do
    assert(now() < deadline, "in vain: " .. what)
    appwrite.poll(0.1)
  end
end

local function cable(state)
  assert(os.execute(("ip -n %s link set %s %s"):format(namespace, device, state)))
end

local noticed, back = {}, {}
untilTrue("a connection", function() return opened == 1 end)
for time = 1, TIMES do
  lost = nil
  local out = now()
  cable "down"
  untilTrue("the loss", function() return lost end)
  assert(lost.err.kind == "timeout", tostring(lost.err))
  noticed[time] = lost.at - out
  cable "up"
  untilTrue("another connection", function() return opened == time + 1 end)
  back[time] = now() - lost.at
end
client.realtime:close()
appwrite.run()
table.sort(noticed)
table.sort(back)
print(("%s times, %d losses: noticed after %.2f to %.2f s, back %.2f to %.2f s later"):format(pace, TIMES, noticed[1],
  noticed[TIMES], back[1], back[TIMES]))
