local appwrite = require "appwrite"
local guard = require "appwrite.guard"
local host = require "appwrite.host"
local scheduler = require "appwrite.scheduler"

local function collect()
  if jit then
    jit.flush()
  end
  for _ = 1, 4 do
    collectgarbage()
  end
end

describe("appwrite.guard", function()
  local undone

  local function undo()
    undone = undone + 1
  end

  before_each(function()
    undone = 0
  end)

  it("does nothing once it was released", function()
    local task = appwrite.spawn(function()
      local held = guard.new(undo)
      held:release()
      held:release()
      appwrite.sleep(1000)
    end)
    task:cancel()
    collect()
    appwrite.poll()
    assert.equal(0, undone)
  end)

  it("hands on what is needed for it", function()
    local given
    local task = appwrite.spawn(function()
      local held = guard.new(function(about) given = about end, "this")
      appwrite.sleep(1000)
      held:release()
    end)
    task:cancel()
    assert.equal("this", given)
  end)

  it("undoes at once where the task is cancelled, and once", function()
    local task = appwrite.spawn(function()
      local held = guard.new(undo)
      appwrite.sleep(1000)
      held:release()
    end)
    assert.equal(0, undone)
    task:cancel()
    assert.equal(1, undone)
    task = nil -- luacheck: ignore 311
    collect()
    appwrite.poll()
    assert.equal(1, undone)
  end)

  it("undoes where the task fails", function()
    local task = appwrite.spawn(function()
      local held = guard.new(undo)
      error "no"
      held:release() -- luacheck: ignore 511
    end)
    assert.equal(1, undone)
    assert.has_error(function() task:await() end)
  end)

  it("leaves other tasks alone", function()
    local first = appwrite.spawn(function()
      local held = guard.new(undo)
      appwrite.sleep(0.001)
      held:release()
      return "done"
    end)
    appwrite.spawn(function() appwrite.sleep(1000) end):cancel()
    assert.equal("done", first:await())
    assert.equal(0, undone)
  end)

  it("undoes where the host says that what ran has gone", function()
    local gone
    host.use { name = "spec", await = function() end, undoIfGone = function(fn)
      gone = fn
      return function() gone = function() end end
    end }
    finally(function() host.use(nil) end)
    local held = guard.new(undo)
    gone()
    gone()
    assert.equal(1, undone)
    held:release()
    held = guard.new(undo)
    held:release()
    gone()
    assert.equal(1, undone)
  end)

  it("undoes with the next poll where a coroutine is never resumed again", function()
    local thread = coroutine.create(function()
      local held = guard.new(undo)
      coroutine.yield()
      held:release()
    end)
    coroutine.resume(thread)
    thread = nil -- luacheck: ignore 311
    collect()
    scheduler.poll(0)
    assert.equal(1, undone)
  end)
end)
