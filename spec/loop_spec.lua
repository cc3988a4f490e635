--- The hook for loops of others: with transports that say anything, and with a loop around select on the real core.

local appwrite = require "appwrite"
local core = require "appwrite.core"
local curl = require "appwrite.transport.curl"
local engine = require "appwrite.engine"
local fake = require "appwrite.transport.fake"
local host = require "appwrite.host"
local loop = require "appwrite.loop"
local recorder = require "spec.support.recorder"
local scheduler = require "appwrite.scheduler"
local socket = require "socket"
local turn = require "spec.support.turn"

local PATIENCE = 20 -- seconds; nothing takes as long unless it hangs

describe("appwrite.loop", function()
  after_each(function()
    loop.use(nil)
    while appwrite.poll(1) > 0 or scheduler.due() do end
    assert.is_false(loop.busy())
  end)

  describe("asks the transports with calls under way:", function()
    local function busy(changes)
      local transport = fake.new()
      transport:on("*", "*", { json = {} })
      for name, value in pairs(changes) do
        transport[name] = value
      end
      appwrite.new({ project = "p", transport = transport }).account.getCurrentUser({}, function() end)
      return transport
    end

    local function always(value)
      return function() return value end
    end

    it("none, where nothing is under way", function()
      assert.same({}, loop.fds())
      assert.is_nil(loop.timeout())
      assert.is_false(loop.busy())
      engine.of { step = error, fds = error, timeout = error }
      assert.same({}, loop.fds())
      assert.is_nil(loop.timeout())
    end)

    it("their descriptors, all of them", function()
      local one, other = { fd = 3, read = true, write = false }, { fd = 4, read = false, write = true }
      busy { fds = always { one } }
      busy {}
      busy { fds = always { other, one } }
      local all = loop.fds()
      assert.equal(3, #all)
      assert.equal(one, all[1])
      assert.equal(other, all[2])
      assert.is_true(loop.busy())
    end)

    local NOTHING = {}
    for _, case in ipairs {
      { "the soonest", { 5, 0.25, 3 }, 0.25 },
      { "at once", { 5, 0 }, 0 },
      { "none that has no time", { NOTHING, 2, NOTHING }, 2 },
      { "never, where only descriptors count", { NOTHING }, nil },
    } do
      it("their times: " .. case[1], function()
        for _, seconds in ipairs(case[2]) do
          busy { timeout = always(seconds ~= NOTHING and seconds or nil) }
        end
        assert.equal(case[3], loop.timeout())
      end)
    end

    it("soon again where one cannot say", function()
      busy { timeout = always(5) }
      busy {}
      local timeout = loop.timeout()
      assert.is_true(timeout > 0 and timeout <= 0.01)
    end)
  end)

  it("has the times of sleepers, and of what is ready", function()
    local task = appwrite.spawn(appwrite.sleep, 5)
    local timeout = loop.timeout()
    assert.is_true(timeout > 4 and timeout <= 5)
    assert.is_true(loop.busy())
    local yielding = appwrite.spawn(coroutine.yield)
    assert.equal(0, loop.timeout())
    turn()
    assert.equal("done", yielding.status)
    assert.is_true(loop.timeout() > 4)
    task:cancel()
    assert.is_false(loop.busy())
  end)

  it("takes an adapter, and gives it back", function()
    local adapter = { name = "test", await = function() end }
    loop.use(adapter)
    assert.equal(adapter, host.current())
    loop.use(nil)
    assert.is_nil(host.current())
  end)

  it("says at the caller's line what is no adapter", function()
    for _, wrong in ipairs { 5, "luv", {}, { name = "x", wake = function() end }, { await = "x" }, true } do
      local line
      local ok, message = pcall(function() line = debug.getinfo(1, "l").currentline loop.use(wrong) end)
      assert.is_false(ok)
      assert.truthy(message:find(("loop_spec.lua:%d: appwrite.loop.use takes a table { name, await, wake }"):format(line),
        1, true), message)
    end
    local ok, message = pcall(loop.use, { await = function() end, wake = 5 })
    assert.is_false(ok)
    assert.truthy(message:find("wake", 1, true))
    assert.is_nil(host.current())
  end)

  it("says at the caller's line which function of a loop is missing or none", function()
    local function nothing() end
    local whole = { watch = nothing, unwatch = nothing, running = nothing, step = nothing }
    local cases = { { nil, "got nil" }, { {}, "but its watch is a nil" } }
    for _, name in ipairs { "unwatch", "running", "step", "yield", "turned", "close" } do
      local wrong = {}
      for key, value in pairs(whole) do
        wrong[key] = value
      end
      wrong[name] = 5
      cases[#cases + 1] = { wrong, "but its " .. name .. " is a number" }
    end
    for _, case in ipairs(cases) do
      local line
      local ok, message = pcall(function() line = debug.getinfo(1, "l").currentline loop.adapter(case[1]) end)
      assert.is_false(ok)
      assert.truthy(message:find(("loop_spec.lua:%d: appwrite.loop.adapter takes a table of functions, %s"):format(line,
        case[2]), 1, true), message)
    end
  end)

  -- A loop that can only be stepped, and does at once what it is given to watch.
  local function stepping(name)
    local way = { name = name, watches = 0 }
    function way.watch(fds, seconds, whenReady)
      way.watches = way.watches + 1
      way.ready = (fds[1] or seconds) and whenReady
    end
    function way.unwatch() way.ready = nil end
    function way.running() return false end
    function way.step()
      local ready = way.ready
      way.ready = nil
      if ready then
        ready()
      end
      return way.ready ~= nil
    end
    return way, loop.adapter(way)
  end

  local function answering(steps)
    local server = fake.new():on("*", "*", { json = { name = "Ada" }, steps = steps })
    return appwrite.new { project = "p", transport = server }
  end

  it("is driven by one loop at a time", function()
    local first, one = stepping "first"
    local second, other = stepping "second"
    one.attach()
    local client, names = answering(5), {}
    client.account.getCurrentUser({}, function(user) names[#names + 1] = user.name end)
    assert.is_function(first.ready)
    other.attach()
    assert.is_nil(first.ready)
    assert.equal("second", host.current().name)
    local watches = first.watches
    assert.equal("Ada", client.account.getCurrentUser().name)
    one.detach() -- has been left already
    assert.equal("second", host.current().name)
    assert.equal("Ada", client.account.getCurrentUser().name)
    assert.same({ "Ada" }, names)
    assert.equal(watches, first.watches)
    assert.is_true(second.watches > 0)
    other.detach()
    assert.is_nil(host.current())
  end)

  it("is named where it ends though it was given something to watch", function()
    local way, adapter = stepping "forgetful"
    adapter.attach()
    local client = answering(3)
    function way.step() return false end
    local ok, message = pcall(client.account.getCurrentUser)
    assert.is_false(ok)
    assert.equal('appwrite: the loop "forgetful" ends without having done what it was told to watch', message)
    adapter.detach()
    appwrite.run()
  end)

  describe("around select", function()
    local server, client

    setup(function()
      server = recorder.start()
      client = appwrite.new { endpoint = server.endpoint, project = "p", timeout = PATIENCE }
    end)

    teardown(function()
      server:stop()
    end)

    before_each(function()
      server:clear()
    end)

    -- What LuaSocket's select takes for a socket.
    local function selectable(fd)
      return { getfd = function() return fd end }
    end

    -- The loop that the module describes; gives back how often it polled.
    local function drive(tick)
      local polls, deadline = 0, core.monotonic() + PATIENCE
      while loop.busy() do
        assert(core.monotonic() < deadline, "the loop does not end")
        local reading, writing = {}, {}
        for _, descriptor in ipairs(loop.fds()) do
          reading[#reading + 1] = descriptor.read and selectable(descriptor.fd) or nil
          writing[#writing + 1] = descriptor.write and selectable(descriptor.fd) or nil
        end
        local timeout = loop.timeout()
        assert.is_true(timeout ~= nil or #reading + #writing > 0, "nothing to wait for")
        socket.select(reading, writing, timeout)
        appwrite.poll()
        polls = polls + 1
        if tick then
          tick()
        end
      end
      return polls
    end

    it("answers calls and wakes sleepers", function()
      local slept, names = nil, {}
      local begin = core.monotonic()
      server:reply { body = '{"name":"Ada"}' }
      for index = 1, 10 do
        client.account.getCurrentUser({}, function(user)
          names[index] = user.name
        end)
      end
      appwrite.spawn(function()
        appwrite.sleep(0.2)
        slept = core.monotonic() - begin
        names[11] = assert(client.account.getCurrentUser()).name
      end)
      drive()
      assert.equal(11, #names)
      assert.is_true(slept >= 0.2 and slept < 1, tostring(slept))
      assert.equal(0, curl.stats().transfers)
    end)

    it("has one descriptor for all calls, the same until the last has ended", function()
      local told = {}
      server:reply { body = '{"name":"Ada"}' }
      for _ = 1, 10 do
        client.account.getCurrentUser({}, function(user) assert.equal("Ada", user.name) end)
      end
      repeat
        told[#told + 1] = loop.fds()
      until appwrite.poll(0.01) == 0
      assert.same({ fd = told[1][1].fd, read = true, write = false }, told[1][1])
      for _, fds in ipairs(told) do
        assert.same(told[1], fds)
        assert.equal(1, #fds)
      end
      assert.same({}, loop.fds())
    end)

    it("is told of every event, and not busy in between", function()
      server:reply { hold = true }
      local err
      client.account.getCurrentUser({}, { timeout = 0.5 }, function(_, problem) err = problem end)
      local cpu, begin = os.clock(), core.monotonic()
      local polls = drive()
      assert.equal("timeout", err.kind)
      assert.is_true(core.monotonic() - begin < 1)
      assert.is_true(os.clock() - cpu < 0.2, "busy for " .. os.clock() - cpu)
      assert.is_true(polls < 40, polls .. " polls")
      server:release()
    end)

    it("ends when all is cancelled", function()
      server:reply { hold = true }
      local task = appwrite.spawn(client.account.getCurrentUser)
      drive(function()
        if #server:requests() == 1 then
          task:cancel()
        end
      end)
      assert.equal("cancelled", task.status)
      assert.equal(0, curl.stats().transfers)
    end)
  end)
end)
