-- Realtime in the loops of others, against the sandbox: luv, cqueues, and nginx with two workers.

local appwrite = require "appwrite"
local raw = require "spec.support.raw_http"
local sandbox = require "spec.support.sandbox"
local scheduler = require "appwrite.scheduler"
local socket = require "socket"
local workers = require "spec.support.nginx_workers"

local PATIENCE = 20 -- seconds; nothing takes as long unless it hangs
local CHANNEL = appwrite.Channel.documents("main", "scores")

describe("client.realtime in", function()
  local server, writer

  local function write(points, callback)
    local params = {
      databaseId = "main", collectionId = "scores", documentId = appwrite.ID.unique(),
      data = { player = "ada", level = 1, points = points }, permissions = { appwrite.Permission.read(appwrite.Role.any()) },
    }
    if callback then
      return writer.databases.createDocument(params, callback)
    end
    assert(writer.databases.createDocument(params))
  end

  setup(function()
    server = sandbox.start()
    writer = appwrite.new { endpoint = server.endpoint, project = server.project }
    assert(writer.account.createAnonymousSession())
  end)

  teardown(function()
    server.stop()
  end)

  -- A subscriber that is dropped by the server on the way, and closes after three events; what it saw.
  local function story(finished)
    local client = appwrite.new { endpoint = server.endpoint, project = server.project }
    local seen = { opened = 0 }
    local function step(_, err)
      assert(err == nil, tostring(err))
    end
    client.realtime.onOpen = function()
      seen.opened = seen.opened + 1
      write(seen.opened, step)
    end
    client.realtime:subscribe(CHANNEL, function(event, sub)
      seen[#seen + 1] = event.payload.points
      if #seen == 1 then
        client:call({ method = "GET", path = "/locale" }, function() end)
        local base = server.endpoint:gsub("/v1$", "")
        sandbox.shell("curl -sS -X DELETE " .. base .. "/sandbox/connections")
      elseif #seen == 2 then
        write(3, step)
      else
        sub:close()
        if finished then
          finished()
        end
      end
    end)
    return seen
  end

  it("libuv's loop, which ends when the last subscription is closed", function()
    local uv = require "luv"
    local adapter = require "appwrite.loop.luv"
    adapter.attach()
    local seen = story()
    local guard = uv.new_timer()
    local hung = false
    uv.update_time() -- the loop's clock stands while it does not run
    guard:start(PATIENCE * 1000, 0, function()
      hung = true
      uv.stop()
    end)
    guard:unref()
    uv.run()
    guard:close()
    adapter.detach()
    uv.run() -- what is closed has ended only then; luv must not be left with it when Lua ends
    assert.is_false(hung)
    assert.same({ 1, 2, 3, opened = 2 }, seen)
    assert.is_true(scheduler.stuck())
  end)

  it("a controller of cqueues, which is empty when the last subscription is closed", function()
    local cqueues = require "cqueues"
    local adapter = require "appwrite.loop.cqueues"
    local queue = cqueues.new()
    adapter.attach(queue)
    local seen = story()
    assert(queue:loop(PATIENCE))
    adapter.detach()
    assert.same({ 1, 2, 3, opened = 2 }, seen)
    assert.is_true(queue:empty())
  end)

  it("a controller of cqueues, where a coroutine of its waits for events", function()
    local cqueues = require "cqueues"
    local adapter = require "appwrite.loop.cqueues"
    local queue = cqueues.new()
    adapter.attach(queue)
    local client = appwrite.new { endpoint = server.endpoint, project = server.project }
    local points
    local ticks = 0
    queue:wrap(function()
      while not points do
        ticks = ticks + 1
        cqueues.sleep(0.005)
      end
    end)
    queue:wrap(function()
      local sub = client.realtime:subscribe(CHANNEL)
      client.realtime.onOpen = function() write(7, function() end) end
      points = assert(sub:wait(PATIENCE)).payload.points
      sub:close()
    end)
    assert(queue:loop(PATIENCE))
    adapter.detach()
    assert.equal(7, points)
    assert.is_true(ticks > 3)
  end)

  it("nginx: each worker has a connection of its own, and a request can wait for an event", function()
    workers.build()
    local front = workers.start {
      count = 2,
      main = "thread_pool default threads=2;",
      initWorker = ([[require("spec.support.realtime_nginx").open("%s", "%s")]]):format(server.endpoint, server.project),
      http = [[
        lua_socket_log_errors off;
        server {
          listen 127.0.0.1:%PORT1% reuseport;
          location = /report { content_by_lua_block { require("spec.support.realtime_nginx").report() } }
          location = /wait { content_by_lua_block { require("spec.support.realtime_nginx").wait() } }
        }
      ]],
    }
    local ok, problem = pcall(function()
      -- What each worker says, by its number.
      local function reports()
        local found = {}
        for _ = 1, 20 do
          local id, count, state, last = raw.ask(front.port, "/report").body:match "(%d+) (%d+) (%a+) (%w+)"
          found[id] = { count = tonumber(count), state = state, last = last }
        end
        return found
      end
      local function both(wanted)
        workers.untilTrue("both workers " .. wanted, function()
          local found = reports()
          local function fine(one)
            return one and one.state == "live" and one.count >= tonumber(wanted)
          end
          return fine(found["0"]) and fine(found["1"])
        end)
      end
      both "0"
      write(11)
      write(12)
      both "2"
      local found = reports()
      assert.same({ "12", "12", 2, 2 }, { found["0"].last, found["1"].last, found["0"].count, found["1"].count })
      local asked = assert(socket.connect("127.0.0.1", front.port))
      assert(asked:send "GET /wait HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
      asked:settimeout(0.01)
      local points = 20
      local answer = ""
      workers.untilTrue("the request that waits", function()
        points = points + 1
        write(points)
        local all, _, partial = asked:receive "*a"
        answer = answer .. (all or partial)
        return answer:find "\n2%d\n"
      end)
      asked:close()
    end)
    front:stop()
    assert(ok, problem)
  end)

  describe("nginx, in a request whose client hangs up", function()
    local front

    local function ask(way)
      return (raw.ask(front.port, "/hang?" .. way).body:gsub("\n", ""))
    end

    -- A request that waits.
    local function send(way)
      local asked = assert(socket.connect("127.0.0.1", front.port))
      assert(asked:send("GET /hang?" .. way .. " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
      return asked
    end

    local function untilState(wanted)
      workers.untilTrue("the connection is " .. wanted, function()
        return ask "state" == wanted
      end)
    end

    setup(function()
      workers.build()
      front = workers.start {
        count = 1,
        main = "thread_pool default threads=2;",
        initWorker = ([[require("spec.support.realtime_nginx").openForRequests("%s", "%s")]]):format(server.endpoint,
          server.project),
        http = [[
          lua_socket_log_errors off;
          lua_check_client_abort on;
          server {
            listen 127.0.0.1:%PORT1%;
            location = /hang { content_by_lua_block { require("spec.support.realtime_nginx").hang() } }
          }
        ]],
      }
    end)

    teardown(function()
      front:stop()
    end)

    local function untilWaiting(count)
      workers.untilTrue(count .. " requests wait", function()
        return ask "waiters" == tostring(count)
      end)
    end

    -- Before the others write anything.
    it("gives the events of a shared one to those that wait still", function()
      assert.equal("begun", ask "share")
      workers.untilTrue("the shared one is heard", function()
        return ask "sharedState" == "live"
      end)
      local leaving = send "shared"
      untilWaiting(1)
      local staying = send "shared"
      untilWaiting(2)
      leaving:close()
      untilWaiting(1)
      write(41)
      staying:settimeout(PATIENCE)
      assert.truthy((assert(staying:receive "*a")):find "41\n")
      staying:close()
      untilWaiting(0)
    end)

    for way, what in pairs {
      own = "waits for its events", thread = "waits for its events in a thread of its own",
      elsewhere = "waits for something else of the library's",
    } do
      it("closes the subscription of one that " .. what, function()
        local asked = send(way)
        untilState "live"
        asked:close()
        untilState "idle"
      end)
    end

    it("leaves one with a callback, and one of a request that had ended well", function()
      local asked = send "callback"
      untilState "live"
      asked:close()
      assert.equal("left", ask "normal")
      workers.untilTrue("the callback is called", function()
        write(31)
        return ask "called" == "31"
      end)
      assert.equal("live", ask "state")
      assert.equal("closed", ask "close")
      untilState "idle"
    end)
  end)
end)
