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

local waiting, sharing, shared

---In each worker as it begins: a client for the requests that wait, and one whose subscription they share.
---@param endpoint string
---@param project string
function handlers.openForRequests(endpoint, project)
  waiting = appwrite.new { endpoint = endpoint, project = project }
  sharing = appwrite.new { endpoint = endpoint, project = project }
end

local function told(sub)
  local event, err = sub:wait(60)
  return event and event.payload.points or tostring(err)
end

local WAYS = {
  own = function()
    local sub = waiting.realtime:subscribe(CHANNEL)
    local said = told(sub)
    sub:close()
    return said
  end,
  thread = function()
    local sub = waiting.realtime:subscribe(CHANNEL)
    local _, said = ngx.thread.wait(ngx.thread.spawn(told, sub))
    sub:close()
    return said
  end,
  elsewhere = function() -- it waits for something else than the events
    waiting.realtime:subscribe(CHANNEL)
    appwrite.sleep(60)
    return "slept"
  end,
  callback = function()
    waiting.realtime:subscribe(CHANNEL, function(event, sub)
      handlers.called = event.payload.points
      sub:close()
    end)
    appwrite.sleep(60)
    return "slept"
  end,
  share = function() -- in a timer, which no request ends
    ngx.timer.at(0, function()
      shared = sharing.realtime:subscribe(CHANNEL)
    end)
    return "begun"
  end,
  sharedState = function()
    return sharing.realtime:state()
  end,
  shared = function()
    return told(shared)
  end,
  normal = function() -- left open by a request that has ended well
    waiting.realtime:subscribe(CHANNEL)
    return "left"
  end,
  close = function()
    waiting.realtime:close()
    return "closed"
  end,
  state = function()
    return waiting.realtime:state()
  end,
  waiters = function()
    return tostring(shared and #shared.waiters)
  end,
  called = function()
    return tostring(handlers.called)
  end,
}

---A request that waits as its query says.
function handlers.hang()
  ngx.say(WAYS[ngx.var.args]())
end

---A request that waits for the next event: its light thread only.
function handlers.wait()
  local sub = client.realtime:subscribe(CHANNEL)
  local event, err = sub:wait(10)
  sub:close()
  ngx.say(event and event.payload.points or tostring(err))
end

return handlers
