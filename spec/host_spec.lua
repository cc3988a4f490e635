local appwrite = require "appwrite"
local core = require "appwrite.core"
local engine = require "appwrite.engine"
local fake = require "appwrite.transport.fake"
local host = require "appwrite.host"
local scheduler = require "appwrite.scheduler"
local turn = require "spec.support.turn"

describe("appwrite.host", function()
  local server, client

  -- A program's loop that polls a few times, and then asks.
  local function polling()
    local used = { name = "test", awaited = {}, woken = 0 }
    function used.await(done, call, whose)
      used.awaited[#used.awaited + 1] = { call = call or false, engine = whose or false }
      repeat
        scheduler.poll(0.01)
      until done()
    end
    function used.wake()
      used.woken = used.woken + 1
    end
    return used
  end

  before_each(function()
    server = fake.new()
    server:on("*", "*", { json = { name = "Ada" }, steps = 3 })
    client = appwrite.new { project = "p", transport = server }
  end)

  after_each(function()
    host.use(nil)
    assert.is_true(scheduler.stuck())
  end)

  it("is none where there is no nginx", function()
    assert.is_nil(host.current())
  end)

  it("blocks where there is none: the call steps its own transport", function()
    local other = fake.new()
    other:on("*", "*", { json = {} })
    local called = false
    appwrite.new({ project = "p", transport = other }).account.getCurrentUser({}, function() called = true end)
    assert.equal("Ada", client.account.getCurrentUser().name)
    assert.is_false(called)
    assert.equal(1, engine.of(other).count)
    appwrite.run()
    assert.is_true(called)
  end)

  it("is told which call is waited for, outside of tasks", function()
    local used = polling()
    host.use(used)
    assert.equal(used, host.current())
    assert.equal("Ada", client.account.getCurrentUser().name)
    assert.equal(1, #used.awaited)
    assert.equal(engine.of(server), used.awaited[1].engine)
    assert.equal("Ada", used.awaited[1].call.answer.body:match "Ada")
  end)

  it("is named where it stops waiting before the end", function()
    host.use { name = "hasty", await = function() end }
    local task = appwrite.spawn(appwrite.sleep, 0.01)
    for _, wait in ipairs {
      client.account.getCurrentUser, function() task:await() end, function() appwrite.sleep(0.01) end,
      function() appwrite.all { client.account.getCurrentUser } end,
    } do
      local ok, message = pcall(wait)
      assert.is_false(ok)
      assert.equal('appwrite: the "await" of the host "hasty" returned though done() is not true yet', message)
    end
    host.use(nil)
    appwrite.run()
  end)

  it("is told when another is used instead", function()
    local left = {}
    local function leaving(name)
      return { name = name, await = function() end, leave = function()
        left[#left + 1] = name
        assert.not_equal(name, host.current() and host.current().name)
      end }
    end
    local first, second = leaving "first", leaving "second"
    host.use(first)
    host.use(first)
    assert.same({}, left)
    host.use(second)
    assert.same({ "first" }, left)
    host.use(nil)
    assert.same({ "first", "second" }, left)
  end)

  it("is not asked where the answer is there at once", function()
    local used = polling()
    host.use(used)
    local _, err = client.account.getSession { sessionId = "/" }
    assert.equal("argument", err.kind)
    assert.same({}, used.awaited)
  end)

  it("lets tasks and callbacks be, but for waking whoever polls", function()
    local used = polling()
    host.use(used)
    local called = false
    client.account.getCurrentUser({}, function() called = true end)
    local woken = used.woken
    assert.is_true(woken > 0)
    local task = appwrite.spawn(client.account.getCurrentUser)
    assert.is_true(used.woken > woken)
    assert.same({}, used.awaited)
    while appwrite.poll() > 0 do end
    assert.is_true(called)
    assert.equal("done", task.status)
    assert.same({}, used.awaited)
  end)

  it("is woken for a task that sleeps, and for one that was ended", function()
    local used = polling()
    host.use(used)
    local sleeper = appwrite.spawn(appwrite.sleep, 1000)
    local woken = used.woken
    assert.is_true(woken > 0)
    local waiter = appwrite.spawn(function() sleeper:await() end)
    sleeper:cancel()
    assert.is_true(used.woken > woken)
    turn()
    assert.equal("done", waiter.status)
  end)

  it("waits for tasks, sleep and run in its way", function()
    local used = polling()
    host.use(used)
    local task = appwrite.spawn(function()
      appwrite.sleep(0.01)
      return client.account.getCurrentUser().name
    end)
    assert.equal("Ada", task:await())
    local begin = core.monotonic()
    appwrite.sleep(0.05)
    assert.is_true(core.monotonic() - begin >= 0.05)
    assert.equal("Ada", appwrite.run(function()
      return client.account.getCurrentUser().name
    end))
    assert.equal(3, #used.awaited)
    for _, one in ipairs(used.awaited) do
      assert.is_false(one.call)
    end
  end)

  it("waits no longer than told", function()
    host.use(polling())
    local task = appwrite.spawn(appwrite.sleep, 1000)
    local _, err = task:await(0.05)
    assert.equal("timeout", err.kind)
    task:cancel()
  end)

  it("may wake whom it likes by the call", function()
    local woken
    host.use {
      name = "test",
      await = function(done, call, whose)
        function call.wake(which)
          woken = which
        end
        repeat
          whose:step(0)
        until woken
        assert.is_true(done())
      end,
    }
    assert.equal("Ada", client.account.getCurrentUser().name)
    assert.is_nil(woken.handle and engine.of(server).calls[woken.handle])
  end)

  it("raises to who waits", function()
    host.use { name = "test", await = function() error("not in this phase", 0) end }
    local ok, message = pcall(client.account.getCurrentUser)
    assert.is_false(ok)
    assert.truthy(tostring(message):find("not in this phase", 1, true))
    host.use(nil)
    while appwrite.poll() > 0 do end
  end)
end)
