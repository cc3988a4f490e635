local core = require "appwrite.core"
local host = require "appwrite.host"
local line = require "appwrite.realtime.line"
local scheduler = require "appwrite.scheduler"
local tasks = require "appwrite.tasks"

describe("appwrite.realtime.line", function()
  local list

  before_each(function()
    list = {}
  end)

  -- Tasks that write down their number once they were woken.
  local function waiting(count)
    local order, all = {}, {}
    for index = 1, count do
      all[index] = tasks.spawn(function()
        line.rest(list)
        order[#order + 1] = index
      end)
    end
    return order, all
  end

  it("ends with its time, and is left", function()
    assert.is_true(line.rest(list, scheduler.now() + 0.01))
    assert.same({}, list)
  end)

  it("says where nothing could end it", function()
    assert.is_false(line.rest(list))
    assert.same({}, list)
  end)

  it("is woken in its order", function()
    local order = waiting(3)
    line.wake(list)
    scheduler.poll(0)
    assert.same({ 1 }, order)
    line.wake(list, true)
    scheduler.poll(0)
    assert.same({ 1, 2, 3 }, order)
    assert.same({}, list)
  end)

  for name, deadline in pairs { ["without a time"] = false, ["with a time"] = 100 } do
    it("is left where a poll raises, " .. name, function()
      scheduler.enqueue(function() error("on purpose", 0) end)
      local ok, problem = pcall(line.rest, list, deadline and scheduler.now() + deadline or nil)
      assert.same({ false, "on purpose" }, { ok, problem })
      assert.same({}, list)
      assert.is_true(scheduler.stuck())
    end)
  end

  it("wakes the next one where a poll raises when who was first had been woken", function()
    local order
    scheduler.enqueue(function()
      order = waiting(1)
      line.wake(list)
      error("on purpose", 0)
    end)
    assert.has_error(function() line.rest(list) end, "on purpose")
    scheduler.poll(0)
    assert.same({ 1 }, order)
  end)

  it("wakes the next one where a task is cancelled that was woken", function()
    local order, all = waiting(3)
    all[1]:cancel()
    line.wake(list)
    all[2]:cancel()
    scheduler.poll(0)
    assert.same({ 3 }, order)
    assert.same({}, list)
  end)

  it("is left where the host gives up, and where the host says that who waits has gone", function()
    local undo
    host.use { name = "spec", await = function()
      assert.equal(1, #list)
      undo()
      assert.same({}, list)
      error("the wait was ended", 0)
    end, undoIfGone = function(fn)
      undo = fn
      return function() end
    end }
    finally(function() host.use(nil) end)
    assert.has_error(function() line.rest(list) end, "the wait was ended")
    assert.same({}, list)
  end)

  it("is left by a coroutine that is never resumed again", function()
    local thread = coroutine.create(function()
      line.rest(list)
    end)
    host.use { name = "spec", await = function() coroutine.yield() end }
    finally(function() host.use(nil) end)
    -- A coroutine of plain 5.1 cannot be left in the middle of pcall; nor is it within one there.
    assert(coroutine.resume(thread))
    assert.equal(1, #list)
    host.use(nil)
    thread = nil -- luacheck: ignore 311
    local deadline = core.monotonic() + 10
    while list[1] and core.monotonic() < deadline do
      collectgarbage()
      scheduler.poll(0)
    end
    assert.same({}, list)
  end)
end)
