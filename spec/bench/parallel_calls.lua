-- parallel_calls.lua ENDPOINT COUNT PARALLEL: calls side by side in tasks; prints wall and CPU seconds.

local appwrite = require "appwrite"
local core = require "appwrite.core"

local parallel = tonumber(arg[3])
local client = appwrite.new { endpoint = arg[1], project = "bench", maxConnections = parallel }
local getCurrentUser = client.account.getCurrentUser
local left = tonumber(arg[2])

local function worker()
  while left > 0 do
    left = left - 1
    assert(getCurrentUser())
  end
end

local wall, cpu = core.monotonic(), os.clock()
appwrite.run(function()
  local workers = {}
  for index = 1, parallel do
    workers[index] = worker
  end
  appwrite.all(workers)
end)
print(("%.6f %.6f"):format(core.monotonic() - wall, os.clock() - cpu))
