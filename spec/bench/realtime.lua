--- Events of realtime: from a write's answer to the callbacks.

local sandbox = require "spec.support.sandbox"

local format = string.format

local WRITES = 1000
local AIM = 20 -- milliseconds, the 99th percentile when idle

-- Clients, subscriptions of each, seconds between two writes.
local CASES = {
  { "one subscription, idle", 1, 1, 0.005 },
  { "100 of 20 clients, idle", 20, 5, 0.01 },
  { "100 of 20 clients, at full speed", 20, 5, 0 },
}

local function measure(server, case)
  local output, status = sandbox.shell(format("lua5.4 spec/bench/realtime_latency.lua %s %s %d %d %d %g",
    server.endpoint, server.project, case[2], case[3], WRITES, case[4]))
  local figures = {}
  for number in output:gmatch "%S+" do
    figures[#figures + 1] = tonumber(number)
  end
  if status ~= 0 or #figures ~= 10 then
    error("realtime_latency.lua failed: " .. output, 0)
  end
  return figures
end

return function()
  local server = sandbox.start()
  local ok, problem = pcall(function()
    print(format("%d writes: the answer to the callback, ms      median     99 %%   longest   events/s   lost   wrong   aim of 99 %%",
      WRITES))
    for _, case in ipairs(CASES) do
      local f = measure(server, case)
      print(format("  %-41s %8.2f %8.2f   %7.2f   %8.0f   %4d   %5d   %d", case[1], f[7], f[8], f[9], f[2] / f[10],
        f[1] - f[2], f[3], AIM))
    end
  end)
  server.stop()
  if not ok then
    error(problem, 0)
  end
end
