-- store_child.lua ENDPOINT PROJECT PATH NAME LENGTH: logs in again and again, so that its store is written all the time,
-- until it is killed. The sessions are NAME1, NAME2, …, each LENGTH bytes long.

local appwrite = require "appwrite"

local endpoint, project, path, name, length = arg[1], arg[2], arg[3], arg[4], tonumber(arg[5])
local client = appwrite.new { endpoint = endpoint, project = project, store = path }
print "running"
io.stdout:flush()
local round = 0
while true do
  round = round + 1
  local head = name .. round .. "."
  client:set("session", head .. ("x"):rep(length - #head))
end
