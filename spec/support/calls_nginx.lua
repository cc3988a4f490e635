--- What the handlers of loop_nginx_spec do inside of nginx.

-- luacheck: std ngx_lua
local semaphore = require "ngx.semaphore"

local appwrite = require "appwrite"

local format = string.format

local calls = {}

local client, project
local kept = {} -- for another request to ask for

---@param endpoint string
---@param id string? the project's
function calls.open(endpoint, id)
  project = id or "p"
  client = appwrite.new { endpoint = endpoint, project = project }
end

-- The same, in whatever phase.
local function user(options)
  local found, err = client.account.getCurrentUser({}, options)
  return found and found.name or tostring(err), err
end

local function transfers()
  return require("appwrite.transport.curl").stats().transfers
end

---One call of which the answer is kept for the content phase.
function calls.keep()
  ngx.ctx.name = user()
end

---Tries what cannot be done in the phase that this runs in.
function calls.refused()
  local ok, message = pcall(client.account.getCurrentUser)
  kept[ngx.get_phase()] = format("%s %d %s", tostring(ok), transfers(), tostring(message))
end

---Tries to begin a task.
function calls.refusedTask()
  local ok, message = pcall(appwrite.spawn, user)
  kept[ngx.get_phase() .. " task"] = format("%s %d %s", tostring(ok), transfers(), tostring(message))
end

---A task that outlives its request.
function calls.spawn(name)
  appwrite.spawn(function()
    kept[name .. " named"] = user()
    client.account.listSessions()
  end)
end

-- Handlers -------------------------------------------------------------------------------------------------------------

local handlers = {}

function handlers.user()
  return (user())
end

function handlers.ctx()
  return ngx.ctx.name
end

function handlers.pid()
  return ngx.worker.pid()
end

function handlers.transfers()
  return transfers()
end

function handlers.kept()
  return kept[ngx.unescape_uri(ngx.var.args)] or "nothing"
end

function handlers.timeout()
  local _, err = user { timeout = 0.2 }
  return format("%s %s", err.kind, tostring(err.code))
end

function handlers.away()
  local gone = appwrite.new { endpoint = ngx.unescape_uri(ngx.var.args), project = "p" }
  local _, err = gone.account.getCurrentUser()
  return err.kind
end

---In a timer, whose end is waited for.
function handlers.timer()
  local ended, name = semaphore.new(0), nil
  assert(ngx.timer.at(0, function()
    name = user()
    ended:post(1)
  end))
  assert(ended:wait(20))
  return name
end

function handlers.threads()
  local threads, names = {}, {}
  for index = 1, 3 do
    threads[index] = ngx.thread.spawn(user)
  end
  for index = 1, 3 do
    local ok, name = ngx.thread.wait(threads[index])
    names[index] = ok and name or "failed"
  end
  return table.concat(names, " ")
end

---In a coroutine of the request's own.
function handlers.coroutine()
  return coroutine.wrap(function()
    local name = user()
    coroutine.yield(name .. " " .. user())
  end)()
end

function handlers.all()
  return table.concat({ appwrite.all { user, user, user } }, " ")
end

function handlers.tasks()
  local first = appwrite.spawn(function(greeting)
    appwrite.sleep(0.001)
    return greeting .. " " .. user()
  end, "Hello")
  local second = appwrite.spawn(function()
    return (first:await())
  end)
  return (second:await())
end

---How often a task that always has more to do goes on before this request has its turn, at the most.
function handlers.turns()
  local went, most, over = 0, 0, false
  local busy = appwrite.spawn(function()
    while not over do
      went = went + 1
      appwrite.sleep(0)
    end
  end)
  for _ = 1, 50 do
    local before = went
    ngx.sleep(0)
    most = math.max(most, went - before)
  end
  over = true
  busy:await()
  return most
end

function handlers.failingTask()
  local task = appwrite.spawn(function()
    user()
    error { reason = "on purpose" }
  end)
  local ok, err = pcall(task.await, task)
  return format("%s %s", tostring(ok), err.reason)
end

function handlers.awaitTimeout()
  local task = appwrite.spawn(appwrite.sleep, 3600)
  local _, err = task:await(0.01)
  task:cancel()
  return err.kind
end

---Short sleeps, while a call keeps the pump waiting for its sockets.
function handlers.sleep()
  ngx.update_time()
  local before = ngx.now()
  for _ = 1, 20 do
    appwrite.sleep(0.005)
  end
  ngx.update_time()
  return ngx.now() - before
end

function handlers.callback()
  local ended, name, phase = semaphore.new(0), nil, nil
  client.account.getCurrentUser({}, function(found)
    name, phase = found.name, ngx.get_phase()
    ended:post(1)
  end)
  assert(ended:wait(20))
  return name .. " " .. phase
end

---A callback that fails, and one that is called all the same.
function handlers.failingCallback()
  appwrite.onError(function(message)
    kept.failure = message
  end)
  client.account.getCurrentUser({}, function()
    error "this callback fails"
  end)
  return handlers.callback()
end

---Callbacks that make calls, which wait in them.
function handlers.nested()
  local count, ended, names = 40, semaphore.new(0), {}
  for _ = 1, count do
    client.account.getCurrentUser({}, function(found)
      local both = found.name .. user()
      names[#names + 1] = both
      ended:post(1)
    end)
  end
  for _ = 1, count do
    assert(ended:wait(20))
  end
  return #names
end

---Callbacks that wait in nginx's way, and a call meanwhile.
function handlers.waitingCallback()
  local go, ended = semaphore.new(0), semaphore.new(0)
  for _ = 1, 3 do
    client.account.getCurrentUser({}, function()
      assert(go:wait(20))
      ended:post(1)
    end)
  end
  local name = user()
  go:post(3)
  for _ = 1, 3 do
    assert(ended:wait(20))
  end
  return name
end

---Whatever else is under way, this one's session alone is used.
function handlers.session()
  local own = client:with { session = ngx.unescape_uri(ngx.var.args) }
  local names = {}
  for index = 1, 3 do
    local found, err = own.account.getCurrentUser()
    names[index] = found and found.name or tostring(err)
  end
  return table.concat(names, " ")
end

local function asAdministrator()
  return client:with { key = "sandbox-key" }
end

---Files of one request and of several, up and down again.
function handlers.files()
  local storage = asAdministrator().storage
  local sizes = {}
  for index, size in ipairs { 1000, 11 * 1024 * 1024 } do
    local bytes = string.rep("0123456789abcde\n", size / 16)
    local file = assert(storage.createFile {
      bucketId = "files", fileId = "unique()", file = appwrite.InputFile.fromString(bytes, "a.txt"),
    })
    local about = { bucketId = "files", fileId = file["$id"] }
    local back = assert(storage.getFileDownload(about))
    local path = os.tmpname()
    assert(storage.getFileDownload(about, { to = path }))
    local stored = assert(io.open(path, "rb"))
    sizes[index] = tostring(back == bytes and stored:read "*a" == bytes)
    stored:close()
    os.remove(path)
  end
  return table.concat(sizes, " ")
end

---How many calls this worker has under way, and how many sockets its epoll set has in it.
function handlers.watched()
  local fd = require("appwrite.transport.curl").fds()[1].fd
  local file = assert(io.open(format("/proc/self/fdinfo/%d", fd)))
  local text = file:read "*a"
  file:close()
  return format("%d %d %d", ngx.worker.pid(), transfers(), select(2, text:gsub("tfd:", "")))
end

---A call while as many timers run as may.
function handlers.crowded()
  local began = semaphore.new(0)
  assert(ngx.timer.at(0, function()
    began:post(1)
    ngx.sleep(0.2)
  end))
  assert(began:wait(20))
  return (user())
end

---What a client that nobody logged in gets.
function handlers.status()
  local _, err = user()
  return err.code
end

---Answers by the handler that the path names.
function calls.serve()
  local handler = handlers[ngx.var.uri:match "([^/]+)$"]
  ngx.print(tostring(handler()))
end

return calls
