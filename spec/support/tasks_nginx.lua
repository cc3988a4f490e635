--- What the handlers of tasks_nginx_spec do inside of nginx.

-- luacheck: std ngx_lua

local appwrite = require "appwrite"

local concat, format = table.concat, string.format

local nginxTasks = {}

local client
local told -- by a task that outlived its request

---@param endpoint string
function nginxTasks.open(endpoint)
  client = appwrite.new { endpoint = endpoint, project = "p" }
end

local function user()
  return assert(client.account.getCurrentUser()).name
end

-- What needs a request, or would have nginx resume the light thread that awaits the task.
local NEEDING = {
  { "ngx.sleep", function() ngx.sleep(0.001) end },
  { "cosocket", function() ngx.socket.tcp():connect("127.0.0.1", ngx.worker.pid()) end },
  { "subrequest", function() ngx.location.capture "/user" end },
  { "ngx.say", function() ngx.say "no" end },
  { "ngx.exit", function() ngx.exit(500) end },
  { "ngx.ctx", function() return ngx.ctx.name end },
  { "ngx.var", function() return ngx.var.uri end },
  { "ngx.timer", function() assert(ngx.timer.at(0, function() end)) end },
  { "ngx.thread", function() ngx.thread.spawn(function() end) end },
}

-- The names of those that did not say that there is no request.
local function unrefused()
  local names = {}
  for _, one in ipairs(NEEDING) do
    local ok, problem = pcall(one[2])
    if ok or not tostring(problem):find("no request", 1, true) then
      names[#names + 1] = format("%s: %s", one[1], tostring(problem))
    end
  end
  return #names == 0 and "none" or concat(names, "; ")
end

-- A coroutine of the task's own, and what lets others go on.
local function yields()
  local values = {}
  for value in coroutine.wrap(function()
    for index = 1, 3 do
      coroutine.yield(index)
    end
  end) do
    values[#values + 1] = value
    coroutine.yield()
  end
  return concat(values)
end

local handlers = {}

function handlers.user()
  return user()
end

---Before the first wait and after it.
function handlers.needing()
  return concat({ appwrite.all {
    unrefused,
    function()
      user()
      return unrefused()
    end,
    function()
      local inner = appwrite.spawn(unrefused)
      return (inner:await())
    end,
  } }, " ")
end

function handlers.yields()
  return concat({ appwrite.all {
    yields,
    function()
      local name = user()
      return name .. yields() .. user()
    end,
  } }, " ")
end

---A call in a coroutine that a task has made.
function handlers.inner()
  local task = appwrite.spawn(function()
    local _, problem = pcall(coroutine.wrap(user))
    return problem .. " / " .. user()
  end)
  return (task:await())
end

---A task that goes on when this request's memory is another's.
function handlers.outlive()
  told = nil
  appwrite.spawn(function()
    local name = user()
    ngx.log(ngx.WARN, name, " outlived it")
    local refused, values = unrefused(), yields()
    told = concat({ name, refused, values, (appwrite.spawn(user):await()) }, " ")
  end)
  return "begun"
end

function handlers.told()
  return told or "nothing"
end

function nginxTasks.serve()
  ngx.print(tostring(handlers[ngx.var.uri:match "[^/]+$"]()))
end

return nginxTasks
