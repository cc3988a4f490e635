-- small_calls.lua ENDPOINT COUNT: calls one after another; prints wall and CPU seconds.

local appwrite = require "appwrite"
local core = require "appwrite.core"

local client = appwrite.new { endpoint = arg[1], project = "bench" }
local count = tonumber(arg[2])
local getCurrentUser = client.account.getCurrentUser
assert(getCurrentUser().name)

local wall, cpu = core.monotonic(), os.clock()
for _ = 1, count do
  assert(getCurrentUser())
end
print(("%.6f %.6f"):format(core.monotonic() - wall, os.clock() - cpu))
