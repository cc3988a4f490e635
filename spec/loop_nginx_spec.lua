-- The library inside of real nginx: one worker and several, with threads and without, against a recorder and the sandbox.

local port = require "spec.support.port"
local raw = require "spec.support.raw_http"
local recorder = require "spec.support.recorder"
local sandbox = require "spec.support.sandbox"
local socket = require "socket"
local workers = require "spec.support.nginx_workers"

local untilTrue = workers.untilTrue

-- %LISTEN% is nothing or more about the port, %MORE% another thing of the http block.
local HTTP = [[
  lua_socket_log_errors off;
  %INIT%
  %MORE%
  upstream chosen {
    server 0.0.0.1;
    balancer_by_lua_block { require("spec.support.calls_nginx").refused() ngx.exit(503) }
  }
  server {
    listen 127.0.0.1:%PORT1% %LISTEN%;
    default_type text/plain;
    location /content/ { content_by_lua_block { require("spec.support.calls_nginx").serve() } }
    location /abort/ { lua_check_client_abort on; content_by_lua_block { require("spec.support.calls_nginx").serve() } }
    location = /rewrite {
      rewrite_by_lua_block { require("spec.support.calls_nginx").keep() }
      content_by_lua_block { ngx.print(ngx.ctx.name) }
    }
    location = /access {
      access_by_lua_block { require("spec.support.calls_nginx").keep() }
      content_by_lua_block { ngx.print(ngx.ctx.name) }
    }
    location = /set {
      set_by_lua_block $ignored { require("spec.support.calls_nginx").refused() return "" }
      content_by_lua_block { ngx.print "done" }
    }
    location = /header_filter {
      content_by_lua_block { ngx.print "done" }
      header_filter_by_lua_block { require("spec.support.calls_nginx").refused() }
    }
    location = /body_filter {
      content_by_lua_block { ngx.print "done" }
      body_filter_by_lua_block { require("spec.support.calls_nginx").refused() }
    }
    location = /log {
      content_by_lua_block { ngx.print "done" }
      log_by_lua_block { require("spec.support.calls_nginx").refused() }
    }
    location = /balancer { proxy_pass http://chosen; }
    location = /spawn {
      content_by_lua_block { ngx.print "done" }
      log_by_lua_block { require("spec.support.calls_nginx").spawn "log" }
    }
  }
]]

local OPEN = [[require("spec.support.calls_nginx").open("%s", "%s")]]
local POOL = "thread_pool default threads=2;"

---@param server table { endpoint, project }
---@param options { count: integer?, main: string?, more: string?, listen: string?, inWorker: boolean?, init: string? }?
local function start(server, options)
  options = options or {}
  local open = OPEN:format(server.endpoint, server.project or "p")
  return workers.start {
    count = options.count,
    main = options.main or POOL,
    http = HTTP,
    initWorker = (options.inWorker and open .. " " or "") .. (options.initWorker or ""),
    values = {
      INIT = options.inWorker and "" or ("init_by_lua_block { %s %s }"):format(open, options.init or ""),
      MORE = options.more or "", LISTEN = options.listen or "",
    },
  }
end

local function ask(front, path)
  local answer = raw.ask(front.port, path)
  assert(answer.status == 200, ("%s: %d %s"):format(path, answer.status, answer.body))
  return answer.body
end

local function underWay(front)
  return tonumber(ask(front, "/content/transfers"))
end

local function arrived(server, count)
  untilTrue("the calls never arrive", function()
    return #server:requests() >= count
  end)
end

local ADA = { headers = { ["content-type"] = "application/json" }, body = '{"name":"Ada"}' }
local HELD = { headers = ADA.headers, body = ADA.body, hold = true }

-- A path whose handler makes its calls at once, and how many: all have arrived before any is answered.
local SIDE_BY_SIDE = {
  { "/content/threads", 3, "Ada Ada Ada" },
  { "/content/all", 3, "Ada Ada Ada" },
}

local EVERYWHERE = {
  { "rewrites", "/rewrite", "Ada" },
  { "checks access", "/access", "Ada" },
  { "makes content", "/content/user", "Ada" },
  { "runs a timer", "/content/timer", "Ada" },
  { "runs a coroutine of the request", "/content/coroutine", "Ada Ada" },
  { "awaits tasks that await tasks", "/content/tasks", "Hello Ada" },
  { "awaits a task that fails", "/content/failingTask", "false on purpose" },
  { "stops awaiting after a time", "/content/awaitTimeout", "timeout" },
  { "calls back, outside of the request", "/content/callback", "Ada timer" },
  { "calls back after a callback that failed", "/content/failingCallback", "Ada timer" },
}

-- What waits in a callback holds up nothing: it would be noticed after 2 s.
local AT_ONCE = {
  { "makes calls in callbacks", "/content/nested", "40" },
  { "calls back with what waits, and goes on", "/content/waitingCallback", "Ada" },
}
local NOTICED = 2 -- seconds

local SETUPS = {
  { name = "one worker and a thread that waits", options = { inWorker = true } },
  { name = "one worker and no thread", options = { inWorker = true, main = " " }, threadless = true },
  { name = "three workers, and a client made before they were forked", options = { count = 3 } },
}

workers.build()

for _, case in ipairs(SETUPS) do
  describe("appwrite in nginx with " .. case.name, function()
    local server, front

    setup(function()
      server = recorder.start()
      front = start(server, case.options)
    end)

    teardown(function()
      front:stop()
      server:stop()
    end)

    before_each(function()
      server:clear()
      server:reply(ADA)
    end)

    for _, one in ipairs(EVERYWHERE) do
      it(one[1], function()
        assert.equal(one[3], ask(front, one[2]))
      end)
    end

    for _, one in ipairs(AT_ONCE) do
      it(one[1], function()
        local before = socket.gettime()
        assert.equal(one[3], ask(front, one[2]))
        assert.is_true(socket.gettime() - before < NOTICED)
      end)
    end

    it("goes on with other requests while a call is under way", function()
      server:reply(HELD)
      local waiting = raw.send(front.port, "/content/user")
      arrived(server, 1)
      for _ = 1, 20 do
        assert.is_number(tonumber(ask(front, "/content/pid")))
      end
      server:release()
      assert.equal("Ada", raw.receive(waiting).body)
    end)

    for _, one in ipairs(SIDE_BY_SIDE) do
      it("makes calls side by side: " .. one[1], function()
        server:reply(HELD)
        local waiting = raw.send(front.port, one[1])
        arrived(server, one[2])
        server:release()
        assert.equal(one[3], raw.receive(waiting).body)
      end)
    end

    it("lets nginx go on after each poll, also where there is always more to do", function()
      local most = tonumber(ask(front, "/content/turns"))
      assert.is_true(most >= 1 and most <= 2, most .. " polls in a row")
    end)

    it("has the errors of a call come back as values", function()
      local refusing, holder = port.refusing()
      assert.equal("network", ask(front, ("/content/away?http://127.0.0.1:%d/v1"):format(refusing)))
      holder:close()
      server:reply(HELD)
      assert.equal("timeout 0", ask(front, "/content/timeout"))
      server:release()
    end)

    it("wakes up seldom while it waits, if it has a thread, and says where it has none", function()
      server:reply(HELD)
      local waiting = raw.send(front.port, "/content/user")
      arrived(server, 1)
      local count = 0
      for _, id in ipairs(front:workers()) do
        count = count - workers.sleeps(id)
      end
      socket.sleep(1)
      for _, id in ipairs(front:workers()) do
        count = count + workers.sleeps(id)
      end
      server:release()
      raw.receive(waiting)
      assert.is_true((count >= 150) == (case.threadless or false), count .. " times")
      local _, told = front:log():gsub("no thread of the pool", "")
      assert.equal(case.threadless and 1 or 0, told)
    end)

    it("serves many requests with several calls each", function()
      local paths, expected = {}, {}
      for index = 1, 60 do
        local one = EVERYWHERE[index % 6 + 1]
        paths[index], expected[index] = one[2], one[3]
      end
      for index, answer in ipairs(raw.askAll(front.port, paths)) do
        assert.equal(expected[index], answer.body)
      end
    end)

    it("sleeps for as long as it is told, whatever is under way", function()
      server:reply(HELD)
      local waiting = raw.send(front.port, "/content/user")
      arrived(server, 1)
      local seconds = tonumber(ask(front, "/content/sleep"))
      assert.is_true(seconds >= 0.1 and seconds < 0.8, seconds .. " s for 20 times 5 ms")
      server:release()
      raw.receive(waiting)
    end)
  end)
end

-- What is told of each phase that cannot wait; `begin` is where the path to it is not its name.
local REFUSING = {
  { "init", 'no call can be made in nginx\'s phase "init"' },
  { "init_worker", 'a call cannot wait in nginx\'s phase "init_worker"' },
  { "set", 'a call cannot wait in nginx\'s phase "set"', path = "/set" },
  { "header_filter", 'a call cannot wait in nginx\'s phase "header_filter"', path = "/header_filter" },
  { "body_filter", 'a call cannot wait in nginx\'s phase "body_filter"', path = "/body_filter" },
  { "log", 'a call cannot wait in nginx\'s phase "log"', path = "/log" },
  { "balancer", 'a call cannot wait in nginx\'s phase "balancer"', path = "/balancer" },
  { "init task", 'no call can be made in nginx\'s phase "init"' },
}

describe("appwrite in nginx, where a call cannot wait,", function()
  local server, front

  setup(function()
    server = recorder.start()
    server:reply(ADA)
    front = start(server, {
      init = [[local calls = require "spec.support.calls_nginx" calls.refused() calls.refusedTask()]],
      initWorker = [[local calls = require "spec.support.calls_nginx" calls.refused() calls.spawn "init_worker"]],
    })
  end)

  teardown(function()
    front:stop()
    server:stop()
  end)

  it("runs a task that was begun there", function()
    untilTrue("the task of init_worker never ends", function()
      return #server:requests() == 2
    end)
    assert.equal("Ada", ask(front, "/content/kept?init_worker%20named"))
    server:clear()
    server:reply(ADA)
    ask(front, "/spawn")
    untilTrue("the task of log never ends", function()
      return #server:requests() == 2
    end)
    assert.equal("Ada", ask(front, "/content/kept?log%20named"))
  end)

  for _, case in ipairs(REFUSING) do
    it("says so: " .. case[1], function()
      server:clear()
      if case.path then
        raw.ask(front.port, case.path)
      end
      local about = untilTrue("nothing is told", function()
        local text = ask(front, "/content/kept?" .. case[1]:gsub(" ", "%%20"))
        return text ~= "nothing" and text
      end)
      assert.equal("false 0 appwrite: " .. case[2], about:sub(1, #case[2] + 18), about)
      assert.equal(0, #server:requests())
    end)
  end
end)

describe("appwrite in nginx", function()
  local server, front

  setup(function()
    server = recorder.start()
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    server:clear()
    server:reply(HELD)
  end)

  after_each(function()
    server:release()
    if front then
      front:stop()
      front = nil
    end
  end)

  for _, case in ipairs { { "/abort/user", 1 }, { "/abort/threads", 3 } } do
    it("cancels what a client that hangs up has asked for: " .. case[1], function()
      front = start(server)
      local staying = raw.send(front.port, "/abort/user")
      arrived(server, 1)
      local leaving = raw.send(front.port, case[1])
      arrived(server, 1 + case[2])
      assert.equal(1 + case[2], underWay(front))
      leaving:close()
      untilTrue("the calls are never cancelled", function()
        return underWay(front) == 1
      end)
      server:release()
      assert.equal("Ada", raw.receive(staying).body)
      assert.equal(0, underWay(front))
    end)
  end

  -- Until only workers are left that were not there before.
  local function awaitReload(old)
    local isOld = {}
    for _, id in ipairs(old) do
      isOld[id] = true
    end
    untilTrue("there is no new worker", function()
      return not isOld[tonumber(ask(front, "/content/pid"))]
    end)
    return function()
      for _, id in ipairs(old) do
        untilTrue("an old worker stays", function()
          return workers.ended(id)
        end)
      end
    end
  end

  for _, count in ipairs { 1, 2 } do
    it(("loses no call when it is reloaded, with %d workers"):format(count), function()
      front = start(server, { count = count })
      local waiting = {}
      for index = 1, 6 do
        waiting[index] = raw.send(front.port, index % 2 == 0 and "/content/user" or "/content/threads")
      end
      arrived(server, 12)
      local awaitEnd = (function(old)
        front:signal "HUP"
        return awaitReload(old)
      end)(front:workers())
      server:reply(ADA)
      assert.equal("Ada", ask(front, "/content/user"))
      server:release()
      for index = 1, 6 do
        assert.equal(index % 2 == 0 and "Ada" or "Ada Ada Ada", raw.receive(waiting[index]).body)
      end
      awaitEnd()
    end)
  end

  it("ends no worker before its tasks have ended", function()
    front = start(server)
    ask(front, "/spawn")
    arrived(server, 1)
    local old = front:workers()
    front:signal "HUP"
    local awaitEnd = awaitReload(old)
    server:reply(ADA)
    server:release()
    arrived(server, 2)
    awaitEnd()
  end)

  it("ends when its calls have, where it is told to quit", function()
    front = start(server, { count = 2 })
    local master, waiting = front:master(), {}
    for index = 1, 6 do
      waiting[index] = raw.send(front.port, "/content/user")
    end
    arrived(server, 6)
    front:signal "QUIT"
    untilTrue("it still listens", function()
      local connection = socket.connect("127.0.0.1", front.port)
      return not connection or not connection:close()
    end)
    server:release()
    for index = 1, 6 do
      assert.equal("Ada", raw.receive(waiting[index]).body)
    end
    untilTrue("it does not end", function()
      return workers.ended(master)
    end)
  end)

  it("leaves each worker its own sockets, where the client was made before they were forked", function()
    front = start(server, { count = 2, listen = "reuseport" })
    local paths = {}
    for index = 1, 20 do
      paths[index] = "/content/user"
    end
    local waiting = {}
    for index, path in ipairs(paths) do
      waiting[index] = raw.send(front.port, path)
    end
    arrived(server, 20)
    local seen, all = {}, 0
    untilTrue("only one worker is ever asked", function()
      local id, count, watched = ask(front, "/content/watched"):match "^(%d+) (%d+) (%d+)$"
      assert.equal(count, watched)
      if not seen[id] then
        seen[id], all = true, all + count
      end
      return next(seen, (next(seen)))
    end)
    assert.equal(20, all)
    server:release()
    for index = 1, 20 do
      assert.equal("Ada", raw.receive(waiting[index]).body)
    end
  end)

  for _, case in ipairs { { "with a thread", nil }, { "without one", " " } } do
    it("does not wake up where nothing is under way, " .. case[1], function()
      front = start(server, { main = case[2] })
      server:reply(ADA)
      local worker = tonumber(ask(front, "/content/pid"))
      for _, path in ipairs { "/content/user", "/content/threads", "/content/tasks", "/content/callback" } do
        ask(front, path)
      end
      local before = workers.sleeps(worker)
      untilTrue("it never comes to rest", function()
        local now = workers.sleeps(worker)
        socket.sleep(0.2)
        before = workers.sleeps(worker)
        return before == now
      end)
      socket.sleep(1)
      assert.equal(before, workers.sleeps(worker))
    end)
  end

  it("makes more calls at once than there may be connections", function()
    front = start(server)
    local waiting = {}
    for index = 1, 300 do
      waiting[index] = raw.send(front.port, "/content/user")
    end
    arrived(server, 256)
    assert.equal(300, underWay(front))
    server:reply(ADA)
    server:release()
    for index = 1, 300 do
      assert.equal("Ada", raw.receive(waiting[index]).body)
    end
    assert.equal(0, underWay(front))
  end)

  it("goes on where nginx dropped its timer, as too many ran", function()
    front = start(server, { more = "lua_max_running_timers 1;" })
    server:reply(ADA)
    assert.equal("Ada", ask(front, "/content/crowded"))
    assert.truthy(front:log():find("lua_max_running_timers are not enough", 1, true))
  end)
end)

describe("appwrite in nginx, against the sandbox,", function()
  local server, front

  setup(function()
    server = sandbox.start()
    front = start(server, { count = 2 })
  end)

  teardown(function()
    front:stop()
    server.stop()
  end)

  it("sends files up and gets them down", function()
    assert.equal("true true", ask(front, "/content/files"))
  end)

  local function post(path, body)
    local number = tonumber(server.endpoint:match ":(%d+)/")
    return raw.ask(number, {
      path = "/v1" .. path, body = body,
      headers = { ["X-Appwrite-Project"] = server.project, ["Content-Type"] = "application/json" },
    })
  end

  -- A session's token of a new user, by the sandbox itself.
  local function logIn(name)
    local email = name .. "@example.com"
    assert.equal(201, post("/account",
      ('{"userId":"%s","email":"%s","password":"correct horse","name":"%s"}'):format(name, email, name)).status)
    local answer = post("/account/sessions/email", ('{"email":"%s","password":"correct horse"}'):format(email))
    return assert(answer.headers["x-fallback-cookies"]:match '^{"a_session_%w+":"(.-)"}$')
  end

  it("does not mix up users", function()
    local names, paths = { "ada", "grace", "mary", "joan" }, {}
    for _, name in ipairs(names) do
      paths[#paths + 1] = "/content/session?" .. logIn(name):gsub("%W", function(c) return ("%%%02X"):format(c:byte()) end)
    end
    for round = 1, 15 do
      for index = 1, #names do
        paths[round * #names + index] = paths[index]
      end
    end
    for index, answer in ipairs(raw.askAll(front.port, paths)) do
      local name = names[(index - 1) % #names + 1]
      assert.equal(name .. " " .. name .. " " .. name, answer.body)
    end
    assert.equal("401", ask(front, "/content/status"))
  end)
end)
