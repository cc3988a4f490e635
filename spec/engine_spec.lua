local engine = require "appwrite.engine"
local fake = require "appwrite.transport.fake"
local host = require "appwrite.host"

local unpack = table.unpack or unpack

local REQUEST = { method = "GET", target = "/account" }

local function setup(reply)
  local server = fake.new()
  server:on("*", "*", reply)
  return engine.of(server), server.open { endpoint = "http://x/v1", project = "p" }, server
end

describe("appwrite.engine", function()
  it("is one per transport", function()
    local server = fake.new()
    assert.equal(engine.of(server), engine.of(server))
    assert.not_equal(engine.of(server), engine.of(fake.new()))
  end)

  it("gives each answer to its own call", function()
    local own, session, server = setup { body = "late", steps = 3 }
    server:on("GET", "/soon", { body = "soon" })
    local late = own:start(session, REQUEST)
    local soon = own:start(session, { method = "GET", target = "/soon" })
    assert.equal("soon", own:wait(soon).body)
    assert.is_nil(late.answer)
    assert.equal("late", own:wait(late).body)
    assert.is_nil(next(own.calls))
  end)

  it("tells how many calls are under way", function()
    local own, session = setup { steps = 2 }
    own:start(session, REQUEST)
    own:start(session, REQUEST)
    assert.equal(2, own:step(0))
    assert.equal(0, own:step(0))
  end)

  it("answers a request that could not be started", function()
    local own, session = setup {}
    session.start = function()
      return nil, "file", "no such file"
    end
    local answer = own:wait(own:start(session, REQUEST))
    assert.equal("file", answer.kind)
    assert.equal("no such file", answer.message)
    assert.equal(0, answer.attempts)
  end)

  describe("a call's end", function()
    it("wakes whoever waits, once, with the answer there", function()
      local own, session = setup { body = "b", steps = 2 }
      local call, woken = own:start(session, REQUEST), 0
      function call.wake(which)
        woken = woken + 1
        assert.equal(call, which)
        assert.equal("b", which.answer.body)
        assert.is_nil(own.calls[which.handle])
      end
      own:step(0)
      assert.equal(0, woken)
      own:step(0)
      own:step(0)
      assert.equal(1, woken)
    end)

    for kind, thrown in pairs { memory = "not enough memory", protocol = "no such result" } do
      it("whose result raises is its own only: " .. kind, function()
        local own, session = setup { body = "b" }
        local calls = {}
        for index = 1, 3 do
          calls[index] = own:start(session, REQUEST)
        end
        calls[2].handle.result = function()
          error(thrown)
        end
        assert.equal(0, own:step(0))
        assert.equal("b", calls[1].answer.body)
        assert.equal("b", calls[3].answer.body)
        local answer = calls[2].answer
        assert.is_nil(answer.status)
        assert.equal(kind, answer.kind)
        assert.truthy(answer.message:find(thrown, 1, true))
        assert.equal(0, own.count)
      end)
    end

    it("is handed on by the next step where an error came between, and so are those of the others", function()
      local own, session = setup { body = "b" }
      local calls, woken = {}, { 0, 0 }
      for index = 1, 2 do
        calls[index] = own:start(session, REQUEST)
        calls[index].wake = function()
          woken[index] = woken[index] + 1
          if index == 1 and woken[1] == 1 then
            error("not enough memory", 0)
          end
        end
      end
      assert.has_error(function() own:step(0) end, "not enough memory")
      assert.equal(own, engine.active()[1])
      own:step(0)
      assert.same({ 2, 1 }, woken)
      assert.equal("b", calls[2].answer.body)
      assert.equal(0, own.count)
      assert.same({}, engine.active())
    end)

    it("of a request that is not its own is passed over", function()
      local own, session = setup {}
      assert(session:start(REQUEST))
      local call = own:start(session, REQUEST)
      assert.equal(0, own:step(0))
      assert.equal(200, call.answer.status)
    end)
  end)

  describe("active", function()
    it("has those with calls under way, the first one first", function()
      local one, first = setup { steps = 2 }
      local other, second = setup {}
      assert.same({}, engine.active())
      other:start(second, REQUEST)
      one:start(first, REQUEST)
      one:start(first, REQUEST)
      assert.equal(2, #engine.active())
      assert.equal(other, engine.active()[1])
      assert.equal(one, engine.active()[2])
      other:step(0)
      assert.equal(one, engine.active()[1])
      one:step(0)
      one:step(0)
      assert.same({}, engine.active())
    end)

    it("has none whose request was not started", function()
      local own, session = setup {}
      session.start = function()
        return nil, "file", "no such file"
      end
      own:start(session, REQUEST)
      session.start = function()
        error "no request"
      end
      assert.has_error(function() own:start(session, REQUEST) end)
      assert.equal(0, own.count)
      assert.same({}, engine.active())
    end)

    it("keeps an engine with its transport while a call is under way", function()
      local function start()
        local own, session = setup { steps = 1 }
        own:start(session, REQUEST)
      end
      start()
      collectgarbage()
      collectgarbage()
      local left = assert(engine.active()[1])
      assert.equal(1, left.count)
      left:step(0)
      assert.same({}, engine.active())
    end)
  end)

  describe("drop", function()
    after_each(function()
      host.use(nil)
    end)

    it("ends a call and takes it out, without waking anybody", function()
      local own, session = setup { steps = 1000 }
      local call, other = own:start(session, REQUEST), own:start(session, REQUEST)
      call.wake = error
      own:drop(call)
      assert.equal(1, own.count)
      assert.is_true(call.handle:done())
      assert.equal(1, own:step(0))
      own:drop(call)
      own:drop(other)
      assert.equal(0, own.count)
      assert.same({}, engine.active())
      assert.equal(0, own:step(0))
    end)

    it("leaves alone what has its answer, or was never started", function()
      local own, session = setup { body = "b" }
      local call = own:start(session, REQUEST)
      own:wait(call)
      own:drop(call)
      assert.equal("b", call.answer.body)
      own:drop { answer = { kind = "file" } }
      assert.equal(0, own.count)
    end)

    it("gives their answers to those that ended meanwhile", function()
      local own, session, server = setup { steps = 1000 }
      server:on("GET", "/soon", { body = "soon" })
      local call = own:start(session, REQUEST)
      local soon, woken = own:start(session, { method = "GET", target = "/soon" }), false
      function soon.wake()
        woken = true
      end
      own:drop(call)
      assert.is_true(woken)
      assert.equal("soon", soon.answer.body)
    end)

    it("has the host look again, before anything is closed", function()
      local own, session = setup { steps = 1000 }
      local call = own:start(session, REQUEST)
      local woken = 0
      host.use {
        name = "test",
        await = error,
        wake = function()
          woken = woken + 1
          assert.is_false(call.handle:done())
        end,
      }
      own:drop(call)
      assert.equal(1, woken)
    end)
  end)

  it("keeps an engine no longer than its transport", function()
    local watched = setmetatable({}, { __mode = "k" })
    do
      local server = fake.new()
      watched[engine.of(server)] = true
    end
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(watched))
  end)

  describe("of a call that is looked at", function()
    it("tells who waits of news, until the end", function()
      local own, session = setup { body = "done", steps = 4 }
      local looks = 0
      local call = own:start(session, REQUEST, function()
        looks = looks + 1
        return looks ~= 2
      end)
      assert.is_nil(own:wait(call))
      assert.is_true(call.news)
      own:step(0) -- nobody looks again before it was seen to
      assert.equal(1, looks)
      call.news = nil
      assert.is_nil(own:wait(call).kind)
      assert.equal(2, looks)
      assert.equal("done", call.answer.body)
      assert.is_nil(next(own.watched))
    end)

    it("wakes who waits, once", function()
      local own, session = setup { steps = 5 }
      local call = own:start(session, REQUEST, function() return true end)
      local woken = 0
      call.wake = function() woken = woken + 1 end
      own:step(0)
      own:step(0)
      assert.equal(1, woken)
      own:drop(call)
      assert.is_nil(next(own.watched))
    end)

    it("waits no longer than can be seen", function()
      local own, session, server = setup { steps = 3 }
      local waits, step = {}, own.step_
      own.step_ = function(timeout)
        waits[#waits + 1] = timeout
        return step(timeout)
      end
      assert.equal(7, own:patience(7))
      assert.is_nil(own:patience(nil))
      local call = own:start(session, REQUEST, function() return false end)
      assert.equal(0.05, own:patience(7))
      assert.equal(0.05, own:patience(nil))
      assert.equal(0, own:patience(0))
      own:wait(call)
      assert.same({ 0.05, 0.05, 0.05 }, waits)
      assert.equal(7, own:patience(7))
      assert.equal(1, #server.requests)
    end)
  end)

  describe("a connection", function()
    local SOCKET = { target = "/realtime?project=p&channels%5B%5D=files", timeout = 1, maxMessageBytes = 100, queueMessages = 5 }

    local function isActive(own)
      for _, one in ipairs(engine.active()) do
        if one == own then
          return true
        end
      end
      return false
    end

    it("is stepped with the calls, does not count as one, and wakes who has it until it is forgotten", function()
      local own, session = setup { steps = 2 }
      local woken = 0
      local socket = assert(own:connect(session, SOCKET, function() woken = woken + 1 end))
      assert.is_true(isActive(own))
      assert.equal(0, own:step(0))
      assert.equal(1, woken)
      assert.equal("open", socket:state())
      own:start(session, REQUEST)
      assert.equal(1, own:step(0))
      own:step(0)
      assert.is_true(isActive(own))
      socket:push "news"
      own:step(0)
      assert.equal(2, woken)
      own:forget(socket)
      socket:push "more"
      own:step(0)
      assert.equal(2, woken)
      socket:cancel()
      assert.is_true(isActive(own))
      own:step(0)
      assert.is_false(isActive(own))
      own:forget(socket)
      assert.is_false(isActive(own))
    end)

    it("wakes for its end, and is gone then", function()
      local own, session = setup {}
      local woken = 0
      local socket = assert(own:connect(session, SOCKET, function() woken = woken + 1 end))
      own:step(0)
      socket:drop()
      own:step(0)
      assert.equal(2, woken)
      assert.is_false(isActive(own))
    end)

    it("wakes with the next step whom an error kept from being woken, also by an answer before it", function()
      local own, session = setup { steps = 1 }
      local woken, failing = {}, true
      local function wake(name)
        return function()
          woken[#woken + 1] = name
          if failing then
            failing = false
            error("not enough memory", 0)
          end
        end
      end
      assert(own:connect(session, SOCKET, wake "first"))
      local second = assert(own:connect(session, SOCKET, wake "second"))
      assert.is_false(pcall(own.step, own, 0))
      assert.is_true(isActive(own))
      own:step(0)
      assert.same({ "first", "first", "second" }, woken)
      failing = true
      own:start(session, REQUEST).wake = wake "call"
      second:drop()
      assert.is_false(pcall(own.step, own, 0))
      own:step(0)
      assert.same({ "call", "call", "second" }, { unpack(woken, 4) })
    end)

    it("keeps the engine active where calls end, and calls do where it ends", function()
      local own, session = setup { steps = 1 }
      local socket = own:connect(session, SOCKET, function() end)
      own:wait(own:start(session, REQUEST))
      assert.is_true(isActive(own))
      socket:cancel()
      own:step(0)
      local call = own:start(session, REQUEST)
      assert.is_true(isActive(own))
      own:wait(call)
      assert.is_false(isActive(own))
    end)

    it("that cannot be begun is told of", function()
      local own, session = setup {}
      session.connect = function()
        return nil, "argument", "no such target"
      end
      assert.same({ nil, "argument", "no such target" }, { own:connect(session, SOCKET, function() end) })
      assert.is_false(isActive(own))
    end)
  end)

  it("tells listeners of every call that was answered, before whoever waits for it", function()
    local own, session, server = setup { body = "x" }
    server:on("GET", "/lost", { kind = "network" })
    local heard = {}
    local listener = {}
    function listener.heardCall(_, call)
      heard[#heard + 1] = call.answer.body
      assert.equal(session, call.session)
    end
    own:listen(listener, true)
    local call = own:start(session, REQUEST)
    call.wake = function() heard[#heard + 1] = "woken" end
    own:step(0)
    own:wait(own:start(session, { method = "GET", target = "/lost" }))
    assert.same({ "x", "woken" }, heard)
    own:listen(listener, false)
    own:wait(own:start(session, REQUEST))
    assert.same({ "x", "woken" }, heard)
  end)
end)
