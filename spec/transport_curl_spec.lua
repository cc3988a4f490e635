--- The transport's contract on the C core, against a real HTTP server.

local curl = require "appwrite.transport.curl"
local drive = require "spec.support.drive"
local recorder = require "spec.support.recorder"
local transport = require "appwrite.transport"

local PATIENCE = drive.PATIENCE
local arrive, fetch, finish, open, start, timed = drive.arrive, drive.fetch, drive.finish, drive.open, drive.start,
  drive.timed

describe("appwrite.transport.curl", function()
  local server

  setup(function()
    server = recorder.start()
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    server:clear()
  end)

  describe("meets the contract:", function()
    it("it says whether it has realtime, or why not", function()
      local core = require "appwrite.core"
      local own = core.REALTIME
      core.REALTIME = true
      assert.same({ true, nil }, { curl.realtime() })
      core.REALTIME = "this build is without it"
      local can, why = curl.realtime()
      core.REALTIME = own
      assert.same({ false, "this build is without it" }, { can, why })
    end)

    it("its parts are there", function()
      assert.is_nil(transport.check(curl))
      local session = open(server.endpoint)
      assert.is_nil(transport.checkSession(session, "curl"))
      assert.equal(server.endpoint, session:endpoint())
      assert.equal("p", session:project())
      assert.equal(server.endpoint, open(server.endpoint .. "/"):endpoint())
    end)

    it("an answer has a status, a body and a time", function()
      server:reply { status = 201, body = "a\0b\r\n\255", headers = { ["X-Mixed-Case"] = "Some Value" } }
      local handle = start(open(server.endpoint), { method = "POST", target = "/a%2Fb?c=d%20e", body = "x\0y" })
      assert.is_false(handle:done())
      local status, body, seconds = finish(handle)
      assert.equal(201, status)
      assert.equal("a\0b\r\n\255", body)
      assert.is_true(seconds > 0 and seconds < PATIENCE)
      assert.equal("Some Value", handle:headers()["x-mixed-case"])
      assert.is_nil(handle:headers()["X-Mixed-Case"])
      local request = server:last()
      assert.equal("POST /v1/a%2Fb?c=d%20e HTTP/1.1", request.line)
      assert.equal("x\0y", request.body)
      assert.equal("3", request.headers["content-length"])
    end)

    for _, method in ipairs { "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD" } do
      it("sends " .. method, function()
        local body = method ~= "GET" and method ~= "HEAD" and "{}" or nil
        local status, answer = fetch(open(server.endpoint), { method = method, body = body })
        assert.equal(200, status)
        assert.equal(method == "HEAD" and "" or "{}", answer)
        assert.equal(method, server:last().method)
        assert.equal(body or "", server:last().body)
      end)
    end

    it("a path stays as it is", function()
      local session = open(server.endpoint)
      for _, target in ipairs { "/a/%2e%2e/b", "/a//b", "/%41", "/a?b=c?d=/../e", "/~!$&'()*+,;=:@" } do
        fetch(session, { target = target })
        assert.equal("GET /v1" .. target .. " HTTP/1.1", server:last().line)
      end
    end)

    it("the result of a request under way is asked for in vain", function()
      server:reply { hold = true }
      local handle = start(open(server.endpoint))
      assert.has_error(function() handle:result() end)
      arrive(server, 1)
      assert.has_error(function() handle:result() end)
      server:release()
      assert.equal(200, (finish(handle)))
    end)

    it("step hands out each handle once, when it has ended", function()
      server:reply { hold = true }
      local session = open(server.endpoint)
      local handles = { start(session), start(session), start(session) }
      assert.equal(3, (curl.step(0)))
      arrive(server, 3)
      server:release()
      local seen, count, running = {}, 0, 3
      while running > 0 do
        local finished
        running, finished = curl.step(1)
        for _, handle in ipairs(finished or {}) do
          assert.is_nil(seen[handle])
          assert.is_true(handle:done())
          seen[handle], count = true, count + 1
        end
      end
      assert.equal(3, count)
      for _, handle in ipairs(handles) do
        assert.is_true(seen[handle])
      end
      local left, none = curl.step(0)
      assert.equal(0, left)
      assert.is_nil(none)
    end)

    it("step waits no longer than told, and not busily", function()
      server:reply { hold = true }
      local handle = start(open(server.endpoint))
      arrive(server, 1)
      assert.is_true(timed(curl.step, 0) < 0.05)
      local elapsed = timed(curl.step, 0.2)
      assert.is_true(elapsed > 0.15 and elapsed < 0.4, "took " .. elapsed)
      local before = os.clock()
      curl.step(0.3)
      assert.is_true(os.clock() - before < 0.1)
      server:release()
      assert.is_true(timed(finish, handle) < 1)
    end)

    it("step does not wait where nothing is under way", function()
      assert.is_true(timed(curl.step, 5) < 1)
    end)

    it("many requests at a time", function()
      local session, handles = open(server.endpoint), {}
      for index = 1, 50 do
        handles[index] = start(session, { target = "/n" .. index })
      end
      for _, handle in ipairs(handles) do
        assert.equal(200, (finish(handle)))
      end
      local seen = {}
      for _, request in ipairs(server:requests()) do
        seen[request.path] = true
      end
      for index = 1, 50 do
        assert.is_true(seen["/v1/n" .. index])
      end
    end)

    it("connections are used again, by another session too, once the first is gone", function()
      local first = open(server.endpoint)
      fetch(first)
      first:close()
      first = nil -- luacheck: ignore 311
      collectgarbage()
      collectgarbage()
      fetch(open(server.endpoint))
      local list = server:requests()
      assert.equal(list[1].connection, list[2].connection)
    end)

    it("connections are used again, by forks too", function()
      local session = open(server.endpoint)
      fetch(session)
      fetch(session)
      fetch(session:fork { session = "other" })
      local list = server:requests()
      assert.equal(list[1].connection, list[2].connection)
      assert.equal(list[1].connection, list[3].connection)
    end)

    it("progress is in bytes", function()
      server:reply { body = ("y"):rep(3000), hold = true }
      local handle = start(open(server.endpoint), { method = "POST", body = ("x"):rep(100000) })
      arrive(server, 1)
      local downloaded, _, uploaded, size = handle:progress()
      assert.equal(0, downloaded)
      assert.equal(100000, uploaded)
      assert.equal(100000, size)
      server:release()
      finish(handle)
      assert.same({ 3000, 3000, 100000, 100000 }, { handle:progress() })
    end)

    it("progress without a length has 0 for what is not known", function()
      server:reply { body = ("y"):rep(3000), chunked = true }
      local handle = start(open(server.endpoint))
      finish(handle)
      assert.same({ 3000, 0, 0, 0 }, { handle:progress() })
    end)

    it("a time limit is an error of its own", function()
      server:reply { hold = true }
      local elapsed = timed(function()
        local status, kind, message, seconds = fetch(open(server.endpoint), { timeout = 0.3 })
        assert.is_nil(status)
        assert.equal("timeout", kind)
        assert.is_string(message)
        assert.is_true(seconds >= 0.25 and seconds < 1)
      end)
      assert.is_true(elapsed >= 0.25 and elapsed < 1)
    end)

    it("cancel ends a request at once, and may be called twice", function()
      server:reply { hold = true }
      local session = open(server.endpoint)
      local handle = start(session)
      arrive(server, 1)
      handle:cancel()
      handle:cancel()
      assert.is_true(handle:done())
      local status, kind, message = handle:result()
      assert.is_nil(status)
      assert.equal("cancelled", kind)
      assert.is_string(message)
      local running, finished = curl.step(0)
      assert.equal(0, running)
      assert.equal(handle, finished[1])
      server:clear()
      assert.equal(200, (fetch(session)))
    end)

    it("cancel does nothing to what has ended", function()
      local handle = start(open(server.endpoint))
      drive.wait(handle)
      handle:cancel()
      assert.equal(200, (handle:result()))
    end)

    it("a request that is no request raises, and starts nothing", function()
      local session = open(server.endpoint)
      for _, request in ipairs {
        {}, { method = "GET" }, { target = "/x" }, { method = "GET", target = "/x", colour = "blue" },
        { method = "GET", target = "/x", timeout = "soon" }, { method = 5, target = "/x" },
        { method = "POST", target = "/x", multipart = { {} } },
      } do
        assert.has_error(function() session:start(request) end)
      end
      assert.has_error(function() session:start() end)
      assert.equal(0, curl.stats().transfers)
      assert.same({}, server:requests())
    end)

    it("a target that is none is refused", function()
      local session = open(server.endpoint)
      for _, target in ipairs { "x", "", "/a b", "/a\r\nx: y", "/\255", "/a#b", "@evil.invalid/" } do
        local handle, kind, message = session:start { method = "GET", target = target }
        assert.is_nil(handle)
        assert.equal("argument", kind)
        assert.is_string(message)
      end
      assert.same({}, server:requests())
    end)

    it("a method that is none is refused", function()
      local session = open(server.endpoint)
      for _, method in ipairs { "", "GET /evil HTTP/1.1\r\nx:", "G T", "GET\n" } do
        local ok, handle, kind = pcall(session.start, session, { method = method, target = "/x" })
        assert.is_true(not ok or handle == nil and kind == "argument", method)
      end
      assert.same({}, server:requests())
    end)
  end)

  describe("leaves nothing behind", function()
    local function collected()
      for _ = 1, 3 do
        collectgarbage()
      end
      return curl.stats()
    end

    local before

    before_each(function()
      before = collected()
    end)

    -- In functions of their own: an interpreter may keep a local alive that has gone out of scope.
    local function endSome()
      local session = open(server.endpoint)
      fetch(session)
      fetch(session, { timeout = 0.01 })
      server:reply { hold = true }
      fetch(session, { timeout = 0.1 })
      session:start { method = "GET", target = "no target" }
      session:fork { session = "t" }
    end

    it("of requests that ended, well or not", function()
      endSome()
      assert.same(before, collected())
    end)

    local function cancelSome()
      server:reply { hold = true }
      local session = open(server.endpoint)
      local handles = { start(session), start(session, { method = "POST", body = ("x"):rep(1e6) }), start(session) }
      curl.step(0)
      handles[1]:cancel()
      arrive(server, 1)
      handles[2]:cancel()
      handles[3]:cancel()
      assert.equal(before.transfers, curl.stats().transfers)
      curl.step(0)
    end

    it("of requests that were cancelled", function()
      cancelSome()
      assert.same(before, collected())
    end)

    local function leaveOne()
      server:reply { hold = true }
      start(open(server.endpoint))
      arrive(server, 1)
    end

    local function endAll()
      local running
      repeat
        running = curl.step(1)
      until running == 0
    end

    it("of requests that nobody holds: they go on, with their client", function()
      leaveOne()
      local alive = collected()
      assert.equal(before.clients + 1, alive.clients)
      assert.equal(before.requests + 1, alive.requests)
      assert.equal(before.transfers + 1, alive.transfers)
      server:release()
      endAll()
      assert.same(before, collected())
    end)
  end)
end)
