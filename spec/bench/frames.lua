-- frames.lua ENDPOINT PARALLEL FRAMES: a game's loop, a poll every 16 ms while PARALLEL calls are always under way.
-- Prints the median and the 99th percentile of one poll in microseconds, then those of a poll with nothing to do.

local appwrite = require "appwrite"
local core = require "appwrite.core"

local parallel, frames = tonumber(arg[2]), tonumber(arg[3])
local client = appwrite.new { endpoint = arg[1], project = "bench", maxConnections = parallel }
local playing = true

local function percentile(values, share)
  table.sort(values)
  return values[math.max(1, math.ceil(#values * share))]
end

local function measure(count, pause)
  local times = {}
  for index = 1, count do
    local start = core.monotonic()
    appwrite.poll()
    times[index] = (core.monotonic() - start) * 1e6
    if pause then
      core.sleep(pause)
    end
  end
  return percentile(times, 0.5), percentile(times, 0.99)
end

for _ = 1, parallel do
  appwrite.spawn(function()
    while playing do
      assert(client.account.getCurrentUser())
    end
  end)
end
measure(30, 0.016) -- until all connections are made
local median, high = measure(frames, 0.016)
playing = false
appwrite.run()
local idle, idleHigh = measure(100000)
print(("%.1f %.1f %.2f %.2f"):format(median, high, idle, idleHigh))
