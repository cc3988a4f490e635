-- What a program does to its tasks by mistake: it is told, and nothing else comes to harm.

local appwrite = require "appwrite"
local engine = require "appwrite.engine"
local fake = require "appwrite.transport.fake"
local scheduler = require "appwrite.scheduler"

local all, poll, run, sleep, spawn = appwrite.all, appwrite.poll, appwrite.run, appwrite.sleep, appwrite.spawn
local nan = 0 / 0

describe("misuse of tasks:", function()
  local server, client, told

  before_each(function()
    server = fake.new()
    server:on("*", "*", { json = { name = "Ada" }, steps = 3 })
    client = appwrite.new { endpoint = "http://127.0.0.1:1/v1", project = "p", transport = server }
    told = {}
    appwrite.onError(function(message)
      told[#told + 1] = message
    end)
  end)

  after_each(function()
    run()
    appwrite.onError(nil)
    assert.is_true(scheduler.stuck())
    assert.equal(0, #engine.active())
    assert.equal(0, scheduler.depth)
  end)

  local function call()
    return assert(client.account.getCurrentUser()).name
  end

  local function found(expected, text)
    assert.is_string(text)
    assert.truthy(text:find(expected, 1, true), ("expected to find %q in %q"):format(expected, text))
  end

  -- fn raises at its only line.
  local function raises(expected, fn)
    local ok, message = pcall(fn)
    assert.is_false(ok)
    found(("tasks_misuse_spec.lua:%d: %s"):format(debug.getinfo(fn, "S").linedefined, expected), message)
  end

  describe("a task's coroutine that something else resumes", function()
    local other

    before_each(function()
      other = spawn(sleep, 0.01)
    end)

    for name, wait in pairs {
      ["a call"] = call,
      ["a sleep"] = function() sleep(0.005) return "Ada" end,
      ["a task"] = function() other:await() return "Ada" end,
      ["a task, for a time"] = function() other:await(10) return "Ada" end,
      ["several"] = function() return (all { call, call }) end,
    } do
      it("goes on waiting for " .. name, function()
        local co
        local task = spawn(function()
          co = coroutine.running()
          return wait()
        end)
        for _ = 1, 3 do
          assert.is_true(coroutine.resume(co))
          poll()
        end
        assert.equal("Ada", task:await())
        assert.equal("done", other:await() == nil and other.status)
      end)
    end

    for name, ending in pairs {
      ["ends there"] = { function() return "lost" end,
        "something else resumed this task's coroutine, and it ended there" },
      ["fails there"] = { function() error "on purpose" end, _VERSION == "Lua 5.4" and "on purpose"
        or "something else resumed this task's coroutine, and it ended there" },
    } do
      it("and " .. name .. " has failed, which whoever awaits it learns", function()
        local co
        local task = spawn(function()
          co = coroutine.running()
          coroutine.yield()
          return ending[1]()
        end)
        local waiter = spawn(function() task:await() end)
        coroutine.resume(co)
        assert.equal("dead", coroutine.status(co))
        run()
        assert.equal("failed", task.status)
        local ok, message = pcall(waiter.await, waiter)
        assert.is_false(ok)
        found(ending[2], message)
      end)
    end
  end)

  it("run in a coroutine of a task, which would wait for itself, is refused before it begins", function()
    local ran = false
    local ok, message = coroutine.wrap(function()
      return spawn(function()
        return coroutine.wrap(function()
          return pcall(run, function() ran = true end)
        end)()
      end):await()
    end)()
    assert.is_false(ok)
    found("appwrite.run is for the program outside of its tasks", message)
    assert.is_false(ran)
  end)

  it("methods without their colon say so", function()
    local task = spawn(call)
    raises("task:await is called with a colon: task:await(…)", function() task.await() end)
    raises("task:await is called with a colon", function() task.await(5) end)
    raises("task:await is called with a colon", function() task.await {} end)
    raises("task:cancel is called with a colon: task:cancel(…)", function() task.cancel() end)
    assert.equal("Ada", task:await())
  end)

  it("what are no seconds is shown as what it is", function()
    local task = spawn(call)
    for _, case in ipairs { { "1", '"1"' }, { -1, "number -1" }, { {}, "a table" }, { false, "boolean false" },
      { nan, "number " } } do
      local wrong, shown = case[1], case[2]
      raises("appwrite.sleep takes seconds, 0 or more, got " .. shown, function() sleep(wrong) end)
      raises("appwrite.poll takes seconds, 0 or more, got " .. shown, function() poll(wrong) end)
      raises("task:await takes seconds, 0 or more, got " .. shown, function() task:await(wrong) end)
    end
  end)

  it("all leaves out no function that is beside the array", function()
    local function begun()
      error "this was begun"
    end
    for _, key in ipairs { 0, -1, 1.5, 3 } do
      raises("appwrite.all takes an array of functions, without gaps, but it has a field " .. tostring(key),
        function() all { begun, [key] = begun } end)
    end
  end)

  describe("errors that cannot be shown", function()
    local function unshowable(how)
      return setmetatable({}, { __tostring = how })
    end

    for name, how in pairs {
      ["as they raise"] = function() error "there is no text" end,
      ["as what they give is no text"] = function() return {} end,
    } do
      it("are told of all the same, " .. name, function()
        local given = unshowable(how)
        local task = spawn(function()
          sleep(0)
          error(given)
        end)
        client.account.getCurrentUser({}, function()
          error(given)
        end)
        run()
        poll()
        assert.equal("failed", task.status)
        table.sort(told)
        assert.equal(2, #told)
        found("a callback failed: a table that cannot be shown", told[1])
        found("a task failed, and nobody awaits it: a table that cannot be shown", told[2])
        local ok, err = pcall(task.await, task)
        assert.is_false(ok)
        assert.equal(given, err)
      end)

      it("call back nonetheless, " .. name, function()
        local flaky = appwrite.new {
          endpoint = "http://127.0.0.1:1/v1", project = "p", transport = server, retry = { base = 0, jitter = 0 },
          onRetry = function() error(unshowable(how)) end,
        }
        server:on("GET", "/account", { status = 503 })
        local times, failure = 0, nil
        flaky.account.getCurrentUser({}, function(_, err)
          times, failure = times + 1, err
        end)
        pcall(run)
        run()
        assert.equal(1, times)
        found("a table that cannot be shown", tostring(failure))
      end)
    end
  end)
end)
