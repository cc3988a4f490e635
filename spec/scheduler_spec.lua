local core = require "appwrite.core"
local engine = require "appwrite.engine"
local host = require "appwrite.host"
local scheduler = require "appwrite.scheduler"

local transports = {}

-- A transport that writes down how long each step might have waited, with one call under way.
local function busyTransport()
  local transport = { name = "busy", waits = {} }
  local handle, ended = {}, false
  function handle.result()
    return 200, "", 0
  end
  function handle.cancel()
    ended = true
  end
  function transport.step(timeout)
    transport.waits[#transport.waits + 1] = timeout
    if ended then
      return 0, { handle }
    end
    return 1
  end
  local session = { start = function() return handle end }
  function transport.finish()
    ended = true
  end
  transport.engine = engine.of(transport)
  transport.call = transport.engine:start(session, {})
  transports[#transports + 1] = transport
  return transport
end

local function timed(run, ...)
  local begin = core.monotonic()
  run(...)
  return core.monotonic() - begin
end

describe("appwrite.scheduler", function()
  local ran

  local function note(about)
    ran[#ran + 1] = about
  end

  before_each(function()
    ran = {}
  end)

  after_each(function()
    scheduler.onError(nil)
    host.use(nil)
    for _, transport in ipairs(transports) do
      transport.finish()
    end
    transports = {}
    while not scheduler.stuck() do
      scheduler.poll(1)
    end
  end)

  describe("the queue", function()
    it("is emptied by poll only, in order", function()
      for index = 1, 3 do
        scheduler.enqueue(note, index)
      end
      assert.same({}, ran)
      assert.equal(0, scheduler.due())
      assert.is_false(scheduler.stuck())
      assert.equal(0, scheduler.poll(0))
      assert.same({ 1, 2, 3 }, ran)
      assert.is_nil(scheduler.due())
      assert.is_true(scheduler.stuck())
    end)

    it("also runs what that makes ready, but not within it", function()
      scheduler.enqueue(function()
        scheduler.enqueue(note, "made ready")
        note "first"
      end)
      scheduler.enqueue(note, "second")
      scheduler.poll(0)
      assert.same({ "first", "second", "made ready" }, ran)
    end)

    it("leaves for the next poll what is for later", function()
      local function again(count)
        note(count)
        scheduler.enqueueLater(again, count + 1)
      end
      scheduler.enqueueLater(again, 1)
      assert.equal(0, scheduler.due())
      for count = 1, 5 do
        assert.equal(1, scheduler.poll(0))
        assert.equal(count, #ran)
      end
      again = note
      scheduler.poll(0)
      scheduler.poll(0)
      assert.same({ 1, 2, 3, 4, 5, 6, 7 }, ran)
    end)

    describe("with functions that are firm", function()
      -- Fails so often, by one of these.
      local function failing(times, problem, about)
        local function run(given)
          note(given)
          if times > 0 then
            times = times - 1
            error(problem, 0)
          end
        end
        scheduler.makeFirm(run)
        scheduler.enqueue(run, about)
        scheduler.enqueue(note, "next")
      end

      local function poll()
        return select(2, pcall(scheduler.poll, 0))
      end

      it("calls one again that a memory error has cut off, and first", function()
        failing(2, "not enough memory", "firm")
        assert.equal("not enough memory", poll())
        assert.equal("not enough memory", poll())
        assert.same({ "firm", "firm" }, ran)
        assert.is_false(scheduler.stuck())
        assert.equal(0, poll())
        assert.same({ "firm", "firm", "firm", "next" }, ran)
        assert.is_true(scheduler.stuck())
      end)

      it("calls no other again", function()
        failing(1, "a fault", "firm")
        assert.equal("a fault", poll())
        assert.equal(0, poll())
        assert.same({ "firm", "next" }, ran)
      end)

      it("raises what one returns, and calls it no more", function()
        local function run()
          note "firm"
          return "not enough memory"
        end
        scheduler.makeFirm(run)
        scheduler.enqueue(run)
        assert.equal("not enough memory", poll())
        assert.equal(0, poll())
        assert.same({ "firm" }, ran)
      end)

      it("keeps its place also where another poll has gone on inside of it", function()
        local failed = false
        local function run()
          note "firm"
          if not failed then
            scheduler.poll(0)
            failed = true
            error("not enough memory", 0)
          end
        end
        scheduler.makeFirm(run)
        scheduler.enqueue(run)
        scheduler.enqueue(note, "inside")
        scheduler.enqueue(note, "inside too")
        assert.equal("not enough memory", poll())
        assert.same({ "firm", "inside", "inside too" }, ran)
        assert.equal(0, scheduler.due())
        assert.equal(0, poll())
        assert.same({ "firm", "inside", "inside too", "firm" }, ran)
        assert.is_true(scheduler.stuck())
      end)
    end)

    it("keeps no program in a poll for ever", function()
      local count, on = 0, true
      local function again()
        count = count + 1
        if on then
          scheduler.enqueue(again)
        end
      end
      scheduler.enqueue(again)
      assert.equal(1, scheduler.poll(0))
      assert.is_true(count >= 10)
      on = false
      assert.equal(0, scheduler.poll(0))
    end)

    it("loses nothing when something in it raises", function()
      scheduler.enqueue(note, 1)
      scheduler.enqueue(error, "from the queue")
      scheduler.enqueue(note, 2)
      local ok, message = pcall(scheduler.poll, 0)
      assert.is_false(ok)
      assert.truthy(tostring(message):find "from the queue")
      assert.same({ 1 }, ran)
      scheduler.poll(0)
      assert.same({ 1, 2 }, ran)
    end)

    it("runs each once where one polls", function()
      scheduler.enqueue(function()
        scheduler.poll(0)
        note "polled"
      end)
      for index = 1, 3 do
        scheduler.enqueue(note, index)
      end
      scheduler.poll(0)
      assert.same({ 1, 2, 3, "polled" }, ran)
    end)
  end)

  describe("poll", function()
    it("does not wait where nothing is under way", function()
      assert.is_true(timed(scheduler.poll, 5) < 1)
    end)

    it("waits for who sleeps, and no longer than told", function()
      scheduler.at(core.monotonic() + 0.1, note, "awake")
      assert.is_true(timed(scheduler.poll, 0) < 0.05)
      assert.is_true(timed(scheduler.poll, 0.02) < 0.08)
      assert.same({}, ran)
      assert.is_true(timed(scheduler.poll, 5) < 1)
      assert.same({ "awake" }, ran)
    end)

    it("counts who sleeps for a call, until that goes on or is cancelled", function()
      local plain, timers = scheduler.at(core.monotonic() + 3, note, "plain"), {}
      for index = 1, 3 do
        timers[index] = scheduler.at(core.monotonic() + 0.01 * index, note, index, true)
      end
      assert.equal(3, scheduler.poll(0))
      scheduler.cancelTimer(timers[3])
      scheduler.cancelTimer(timers[3])
      assert.equal(2, scheduler.poll(0))
      while #ran < 2 do
        scheduler.poll(1)
      end
      scheduler.cancelTimer(timers[1])
      assert.equal(0, scheduler.poll(0))
      assert.same({ 1, 2 }, ran)
      scheduler.cancelTimer(plain)
    end)

    it("lets the transport wait until somebody is due", function()
      local transport = busyTransport()
      assert.equal(1, scheduler.poll(7))
      assert.equal(7, transport.waits[1])
      local timer = scheduler.at(core.monotonic() + 3, note)
      scheduler.poll(7)
      assert.is_true(transport.waits[2] > 2 and transport.waits[2] <= 3)
      scheduler.poll(0.5)
      assert.equal(0.5, transport.waits[3])
      scheduler.cancelTimer(timer)
      scheduler.poll(7)
      assert.equal(7, transport.waits[4])
      scheduler.at(core.monotonic() - 1, function() scheduler.enqueue(note, "due") end)
      scheduler.poll(7)
      assert.equal(0, transport.waits[5])
      assert.same({ "due" }, ran)
    end)

    it("does not wait where something has run", function()
      local transport = busyTransport()
      scheduler.enqueue(note)
      scheduler.poll(7)
      assert.equal(0, transport.waits[1])
      scheduler.enqueueLater(note)
      scheduler.poll(7)
      assert.equal(0, transport.waits[2])
    end)

    it("shares the time among several transports", function()
      local all = { busyTransport(), busyTransport(), busyTransport() }
      for _, timeout in ipairs { 0, 0.003, 5 } do
        assert.equal(3, scheduler.poll(timeout))
        local sum = 0
        for _, transport in ipairs(all) do
          sum = sum + transport.waits[#transport.waits]
        end
        assert.is_true(sum <= timeout + 1e-9, "waits " .. sum)
        assert.equal(timeout > 0, sum > 0)
      end
      for index, transport in ipairs(all) do
        transport.finish()
        assert.equal(3 - index, scheduler.poll(0))
      end
    end)

    it("counts the calls that it has itself set going", function()
      local transport
      scheduler.enqueue(function()
        transport = busyTransport()
      end)
      assert.equal(1, scheduler.poll(0))
      transport.finish()
      assert.equal(0, scheduler.poll(0))
      assert.equal(200, transport.call.answer.status)
    end)

    it("refuses to go so deep that Lua's stack would end", function()
      scheduler.depth = scheduler.DEEP
      local ok, message = pcall(scheduler.poll, 0)
      scheduler.depth = 0
      assert.is_false(ok)
      assert.truthy(tostring(message):find("inside one another", 1, true), message)
    end)

    it("goes on after a transport that raises", function()
      local transport = busyTransport()
      local step = transport.engine.step_
      transport.engine.step_ = function() error "no step" end
      scheduler.enqueue(note, 1)
      assert.has_error(function() scheduler.poll(0) end)
      transport.engine.step_ = step
      transport.finish()
      assert.equal(0, scheduler.poll(0))
      assert.same({ 1 }, ran)
    end)
  end)

  describe("timers", function()
    it("run in order of their times, once", function()
      local now = core.monotonic()
      for _, delay in ipairs { -1, -3, -2, -2 } do
        scheduler.at(now + delay, note, delay)
      end
      scheduler.poll(0)
      scheduler.poll(0)
      assert.same({ -3, -2, -2, -1 }, ran)
    end)

    it("can be cancelled", function()
      local timer = scheduler.at(core.monotonic() - 1, note, "cancelled")
      scheduler.at(core.monotonic() - 1, note, "not cancelled")
      scheduler.cancelTimer(timer)
      scheduler.poll(0)
      assert.same({ "not cancelled" }, ran)
      assert.is_nil(scheduler.due())
    end)

    it("are not over before what they are for was done", function()
      local failed = false
      scheduler.at(core.monotonic() - 2, function()
        note "first"
        if not failed then
          failed = true
          error("not enough memory", 0)
        end
      end)
      scheduler.at(core.monotonic() - 1, note, "second")
      assert.same({ false, "not enough memory" }, { pcall(scheduler.poll, 0) })
      assert.equal(0, scheduler.due())
      assert.is_false(scheduler.stuck())
      scheduler.poll(0)
      assert.same({ "first", "first", "second" }, ran)
      assert.is_true(scheduler.stuck())
    end)

    it("say when they are due", function()
      assert.is_nil(scheduler.due())
      local timer = scheduler.at(core.monotonic() + 5, note)
      local due = scheduler.due()
      assert.is_true(due > 4 and due <= 5)
      assert.is_false(scheduler.stuck())
      local past = scheduler.at(core.monotonic() - 5, note)
      assert.equal(0, scheduler.due())
      scheduler.cancelTimer(timer)
      scheduler.cancelTimer(past)
      assert.is_true(scheduler.stuck())
    end)
  end)

  describe("block", function()
    local function never()
      return false
    end

    it("asks first", function()
      local transport = busyTransport()
      assert.is_true(scheduler.block(function() return true end))
      assert.equal(0, #transport.waits)
      transport.finish()
    end)

    it("drives until it is so", function()
      local turns = 0
      local function again()
        turns = turns + 1
        if turns < 5 then
          scheduler.enqueueLater(again)
        end
      end
      scheduler.enqueue(again)
      assert.is_true(scheduler.block(function() return turns == 5 end))
    end)

    it("ends at its deadline, and does not wait busily", function()
      local cpu = os.clock()
      local elapsed = timed(function()
        assert.is_true(scheduler.block(never, core.monotonic() + 0.3))
      end)
      assert.is_true(elapsed >= 0.3 and elapsed < 1, "took " .. elapsed)
      assert.is_true(os.clock() - cpu < 0.1, "busy for " .. os.clock() - cpu)
      assert.is_nil(scheduler.due())
    end)

    it("polls once where the deadline is now", function()
      scheduler.enqueue(note, 1)
      assert.is_true(scheduler.block(never, core.monotonic()))
      assert.same({ 1 }, ran)
    end)

    it("tells where nothing could ever make it so", function()
      assert.is_false(scheduler.block(never))
      scheduler.enqueue(note, 1)
      assert.is_false(scheduler.block(never))
      assert.same({ 1 }, ran)
    end)

    it("leaves no timer behind when it ends before", function()
      scheduler.enqueue(note, 1)
      assert.is_true(scheduler.block(function() return #ran == 1 end, core.monotonic() + 100))
      assert.is_nil(scheduler.due())
    end)

    it("leaves no timer behind when a poll or the host raises, and says that it has ended", function()
      local ends = {}
      local function ended(ok)
        ends[#ends + 1] = ok
      end
      scheduler.enqueue(error, "on purpose")
      assert.has_error(function() scheduler.block(never, core.monotonic() + 100, ended) end, "on purpose")
      assert.is_true(scheduler.stuck())
      host.use { name = "test", await = function() error("the host's", 0) end }
      assert.has_error(function() scheduler.block(never, core.monotonic() + 100, ended) end, "the host's")
      assert.is_true(scheduler.stuck())
      host.use(nil)
      scheduler.block(never, core.monotonic(), ended)
      scheduler.block(function() return true end, nil, ended)
      assert.same({ false, false, true, true }, ends)
    end)

    it("waits in the way of the host", function()
      local asked = 0
      host.use {
        name = "test",
        await = function(done)
          repeat
            asked = asked + 1
            scheduler.poll(0.01)
          until done()
        end,
      }
      scheduler.at(core.monotonic() + 0.05, note, 1)
      assert.is_true(scheduler.block(function() return #ran == 1 end, core.monotonic() + 100))
      assert.is_true(asked > 0)
      assert.is_nil(scheduler.due())
      assert.is_true(scheduler.block(never, core.monotonic() + 0.05))
      assert.is_nil(scheduler.due())
    end)
  end)

  it("wakes the host for everything that it must poll for", function()
    local woken = 0
    host.use { name = "test", await = error, wake = function() woken = woken + 1 end }
    for index, run in ipairs {
      function() scheduler.enqueue(note) end,
      function() scheduler.enqueueLater(note) end,
      function() scheduler.at(core.monotonic(), note) end,
    } do
      run()
      assert.equal(index, woken)
    end
  end)

  describe("errors that nobody awaits", function()
    it("go to standard error", function()
      local standard, written = io.stderr, {}
      io.stderr = { write = function(_, ...) written = { ... } end } -- luacheck: ignore 122
      local ok, problem = pcall(scheduler.report, "something")
      io.stderr = standard -- luacheck: ignore 122
      assert(ok, problem)
      assert.equal("appwrite: something\n", table.concat(written))
    end)

    it("or where they are told to go, until told otherwise", function()
      scheduler.onError(note)
      scheduler.report "something"
      assert.same({ "something" }, ran)
      scheduler.onError(nil)
      local standard, written = io.stderr, false
      io.stderr = { write = function() written = true end } -- luacheck: ignore 122
      scheduler.report "more"
      io.stderr = standard -- luacheck: ignore 122
      assert.is_true(written)
      assert.same({ "something" }, ran)
    end)

    it("go to a function only", function()
      for _, wrong in ipairs { "print", 5, {}, true } do
        local ok, message = pcall(scheduler.onError, wrong)
        assert.is_false(ok)
        assert.truthy(message:find("appwrite.onError takes a function, got " .. type(wrong), 1, true))
      end
    end)
  end)

  it("has a clock that runs on", function()
    local before = scheduler.now()
    core.sleep(0.01)
    local passed = scheduler.now() - before
    assert.is_true(passed >= 0.01 and passed < 1)
  end)
end)
