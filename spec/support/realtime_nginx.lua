--- What realtime_hosts_spec has nginx do.

-- luacheck: std ngx_lua
local appwrite = require "appwrite"

local CHANNEL = appwrite.Channel.documents("main", "scores")

local handlers = {}

local client
local seen = 0

---In each worker as it begins: every one has a connection of its own.
---@param endpoint string
---@param project string
function handlers.open(endpoint, project)
  client = appwrite.new { endpoint = endpoint, project = project }
  client.realtime:subscribe(CHANNEL, function(event)
    ngx.sleep(0) -- a callback may wait as a timer's function may
    seen = seen + 1
    handlers.last = event.payload.points
  end)
end

---Whose worker this is, how many events it has seen, and the state of its connection.
function handlers.report()
  ngx.say(ngx.worker.id(), " ", seen, " ", client.realtime:state(), " ", tostring(handlers.last))
end

---A request that waits for the next event: its light thread only.
function handlers.wait()
  local sub = client.realtime:subscribe(CHANNEL)
  local event, err = sub:wait(10)
  sub:close()
  ngx.say(event and event.payload.points or tostring(err))
end

return handlers
