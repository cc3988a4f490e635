local Error = require "appwrite.error"
local appwrite = require "appwrite"
local core = require "appwrite.core"
local engine = require "appwrite.engine"
local fake = require "appwrite.transport.fake"
local scheduler = require "appwrite.scheduler"
local tasks = require "appwrite.tasks"
local turn = require "spec.support.turn"

local all, poll, run, sleep, spawn = appwrite.all, appwrite.poll, appwrite.run, appwrite.sleep, appwrite.spawn
local nan, huge = 0 / 0, math.huge

-- PUC 5.1 cannot yield through C, and cannot tell whether it could.
local yieldsThroughC = _VERSION ~= "Lua 5.1" or rawget(_G, "jit") ~= nil
local closesVariables = _VERSION == "Lua 5.4"

local function collect()
  if jit then
    jit.flush()
  end
  for _ = 1, 4 do
    collectgarbage()
  end
end

local function here()
  return "tasks_spec.lua:" .. debug.getinfo(2, "l").currentline .. ":"
end

local function assertFinds(expected, text)
  assert.is_string(text)
  assert.truthy(text:find(expected, 1, true), ("expected to find %q in %q"):format(expected, text))
end

-- The specs' assert makes a table of its own of what it is given.
local function must(ok, problem)
  if not ok then
    error(problem, 0)
  end
end

-- That a traceback goes through a function.
local function assertTraced(fn, text)
  assertFinds("stack traceback:", text)
  assertFinds(("in function <spec/tasks_spec.lua:%d>"):format(debug.getinfo(fn, "S").linedefined), text)
end

-- Whatever is raised in a fresh task.
local function raisedInTask(fn)
  local ok, message
  run(function()
    ok, message = pcall(fn)
  end)
  assert.is_false(ok)
  return message
end

describe("appwrite.tasks", function()
  local server, client, told, log

  local function note(...)
    if select("#", ...) == 1 then
      log[#log + 1] = ...
    else
      log[#log + 1] = { ... }
    end
  end

  before_each(function()
    server = fake.new()
    server:on("*", "*", { json = { name = "Ada" }, steps = 2 })
    client = appwrite.new { endpoint = "http://127.0.0.1:1/v1", project = "p", transport = server }
    told, log = {}, {}
    appwrite.onError(function(message)
      told[#told + 1] = message
    end)
  end)

  -- Nothing is left of any of them, and none told of an error that its spec does not know of.
  after_each(function()
    while poll(1) > 0 or scheduler.due() do end
    appwrite.onError(nil)
    assert.is_true(scheduler.stuck())
    assert.equal(0, #engine.active())
    assert.equal(0, scheduler.depth)
    assert.same({}, told)
  end)

  local function takeTold()
    local list = told
    told = {}
    return list
  end

  local function call()
    return client.account.getCurrentUser()
  end

  -- Needs that many polls.
  local function slow(steps)
    return function()
      server:on("GET", "/account", { json = { name = steps }, steps = steps })
      return assert(call()).name
    end
  end

  describe("spawn", function()
    it("runs the function at once until it waits", function()
      local task = spawn(function(...)
        note(...)
        call()
        note "after"
      end, 1, nil, 3)
      assert.same({ { 1, nil, 3 } }, log)
      assert.equal("running", task.status)
      assert.equal("appwrite.Task (running)", tostring(task))
      run()
      assert.equal("after", log[2])
      assert.equal("done", task.status)
    end)

    it("gives every argument, nil among them", function()
      local count
      spawn(function(...)
        count = select("#", ...)
      end, nil, nil, nil)
      assert.equal(3, count)
    end)

    it("takes a function only", function()
      for _, wrong in ipairs { 5, "f", {}, true } do
        local at
        local ok, message = pcall(function() at = here() spawn(wrong) end)
        assert.is_false(ok)
        assertFinds(at .. " appwrite.spawn takes a function, got " .. type(wrong), message)
      end
    end)

    it("lets tasks overlap", function()
      server:on("GET", "/account", { json = {}, steps = 5 })
      for index = 1, 3 do
        spawn(function()
          assert(call())
          note(index)
        end)
      end
      assert.equal(3, #server.requests)
      for _ = 1, 4 do
        assert.equal(3, turn())
        assert.same({}, log)
      end
      assert.equal(0, turn())
      assert.same({ 1, 2, 3 }, log)
    end)

    it("works within a task", function()
      run(function()
        local inner = spawn(function()
          call()
          note "inner"
          return "result"
        end)
        note "outer"
        assert.equal("result", inner:await())
      end)
      assert.same({ "outer", "inner" }, log)
    end)

    it("works where each task starts the next one, however many", function()
      local COUNT = 1000
      local function nest(left)
        if left > 0 then
          spawn(nest, left - 1)
        end
        call()
        note(left)
      end
      spawn(nest, COUNT)
      run()
      assert.equal(COUNT + 1, #log)
    end)

    it("goes on with others at a plain coroutine.yield, until the next poll", function()
      local task = spawn(function()
        for index = 1, 3 do
          note(index)
          coroutine.yield("ignored", index)
        end
        return "end"
      end)
      assert.same({ 1 }, log)
      turn()
      assert.same({ 1, 2 }, log)
      assert.equal("end", task:await())
    end)
  end)

  describe("a call in a task", function()
    it("gives what it gives elsewhere", function()
      server:on("GET", "/account/sessions", { status = 500, json = { message = "m", code = 500, type = "t" } })
      run(function()
        local user, none, response = call()
        assert.equal("Ada", user.name)
        assert.is_nil(none)
        assert.equal(200, response.status)
        local nothing, err = client.account.listSessions()
        assert.is_nil(nothing)
        assert.equal("api", err.kind)
        assert.equal(500, err.code)
      end)
    end)

    it("raises at its own line where it is wrong", function()
      local at
      local message = raisedInTask(function() at = here() client.account.getSession {} end)
      assertFinds(at .. ' account.getSession: missing parameter "sessionId"', message)
    end)

    -- In what surroundings, and whether the interpreter can pause there at all.
    local places = {
      ["the task itself"] = { true, function(fn) fn() end },
      ["pcall"] = { yieldsThroughC, function(fn) must(pcall(fn)) end },
      ["xpcall"] = { yieldsThroughC, function(fn) must(xpcall(fn, tostring)) end },
      ["pcall in pcall"] = { yieldsThroughC, function(fn) must(select(2, pcall(pcall, fn))) end },
      ["a metamethod"] = { yieldsThroughC, function(fn)
        return setmetatable({}, { __index = fn }).field
      end },
      ["an iterator"] = { yieldsThroughC, function(fn)
        for _ in function(_, done) fn() return not done or nil end do end
      end },
      ["string.gsub"] = { false, function(fn) return (("x"):gsub("x", function() fn() end)) end },
      ["table.sort"] = { false, function(fn)
        table.sort({ 2, 1 }, function(one, other) fn() return one < other end)
      end },
      ["a coroutine of its own"] = { false, function(fn) coroutine.wrap(fn)() end },
    }
    for name, place in pairs(places) do
      local canPause = place[1]
      if canPause or yieldsThroughC or name == "a coroutine of its own" then
        it((canPause and "lets others go on" or "blocks") .. " in " .. name, function()
          for _, wait in ipairs { call, function() sleep(0.02) end, function() spawn(sleep, 0.02):await() end } do
            log = {}
            local task = spawn(function()
              place[2](wait)
              note "through"
            end)
            assert.equal(canPause and "running" or "done", task.status)
            assert.same(canPause and {} or { "through" }, log)
            task:await()
            assert.same({ "through" }, log)
          end
        end)
      else
        it("raises in " .. name .. ", and is cut off when the task goes on", function()
          server:on("GET", "/account", { json = {}, steps = 1000 })
          local task = spawn(function()
            local ok, message = pcall(place[2], call)
            assert.is_false(ok)
            note(message)
            server:on("GET", "/account", { json = { name = "second" } })
            return assert(call()).name
          end)
          assertFinds("attempt to yield across metamethod/C-call boundary", log[1])
          assert.equal("second", task:await())
          assert.equal(0, #engine.active())
        end)
      end
    end

    if not yieldsThroughC then
      it("that could not pause is cut off when the task ends", function()
        server:on("GET", "/account", { json = {}, steps = 1000 })
        for _, wait in ipairs { call, function() sleep(1000) end } do
          spawn(function()
            assert.is_false((pcall(wait)))
          end)
          assert.is_true(scheduler.stuck())
        end
      end)
    end
  end)

  describe("await", function()
    it("gives the results, nil among them, as often as asked", function()
      local task = spawn(function()
        call()
        return 1, nil, 3, nil
      end)
      for _ = 1, 2 do
        assert.equal(4, select("#", task:await()))
        assert.same({ 1, nil, 3, nil }, { task:await() })
      end
      assert.equal(0, select("#", spawn(function() end):await()))
    end)

    it("may be used by several tasks at once, which go on in the order in which they came", function()
      local task = spawn(slow(3))
      for index = 1, 20 do
        spawn(function()
          assert.equal(3, task:await())
          note(index)
        end)
      end
      assert.equal(3, task:await())
      run()
      for index = 1, 20 do
        assert.equal(index, log[index])
      end
    end)

    it("wakes who waits within the same poll, through any number of tasks", function()
      local task = spawn(call)
      for _ = 1, 20 do
        local before = task
        task = spawn(function()
          return before:await()
        end)
      end
      turn()
      assert.equal("running", task.status)
      turn()
      assert.equal("done", task.status)
      assert.equal("Ada", task:await().name)
    end)

    it("raises a text with the traceback of where it failed, anything else as it is", function()
      local function failing()
        call()
        error "broken"
      end
      local task = spawn(failing)
      local ok, message = pcall(task.await, task)
      assert.is_false(ok)
      assertFinds("tasks_spec.lua:", message)
      assertFinds("broken", message)
      assertTraced(failing, message)
      assert.equal("failed", task.status)
      for _, thrown in ipairs { { "a table" }, false, Error.new { kind = "file", message = "m" } } do
        local other = spawn(function()
          call()
          error(thrown)
        end)
        local same, got = pcall(other.await, other)
        assert.is_false(same)
        assert.equal(thrown, got)
        assertFinds("stack traceback:", other.traceback)
      end
      local none = spawn(error)
      assert.is_false((pcall(none.await, none)))
    end)

    it("carries the error of a call through assert, from task to task", function()
      server:on("GET", "/account", { status = 401, json = { message = "m", code = 401, type = "t" } })
      local inner = spawn(function()
        local user, problem = call()
        return user or error(problem)
      end)
      local outer = spawn(function() return inner:await() end)
      local ok, err = pcall(outer.await, outer)
      assert.is_false(ok)
      assert.is_true(Error.is(err))
      assert.equal(401, err.code)
      assert.equal("account.getCurrentUser", err.operation)
    end)

    it("waits no longer than told, in a task and outside", function()
      local task = spawn(sleep, 0.3)
      local function check()
        local begin, cpu = core.monotonic(), os.clock()
        local result, err = task:await(0.05)
        local elapsed = core.monotonic() - begin
        assert.is_true(elapsed >= 0.05 and elapsed < 0.2, "took " .. elapsed)
        assert.is_true(os.clock() - cpu < 0.04)
        assert.is_nil(result)
        assert.equal("timeout", err.kind)
        assertFinds("within 0.05 s", err.message)
        assert.equal("running", task.status)
      end
      check()
      run(check)
      assert.equal("done", task.status)
    end)

    it("with a timeout gives the result where it comes in time", function()
      local task = spawn(slow(2))
      assert.equal(2, task:await(10))
      local other = spawn(slow(2))
      run(function()
        assert.equal(2, other:await(10))
      end)
      assert.is_nil(scheduler.due())
      assert.equal(2, task:await(0))
    end)

    it("with 0 looks, and lets go on", function()
      local task, count = spawn(slow(3)), 0
      repeat
        count = count + 1
        assert(count < 10)
      until task:await(0)
      assert.equal(3, task:await())
    end)

    it("with infinity waits as without", function()
      local a, b
      a = spawn(function()
        coroutine.yield()
        b:await(huge)
      end)
      b = spawn(function() a:await(huge) end)
      local ok, message = pcall(a.await, a, huge)
      assert.is_false(ok)
      assertFinds("deadlock", message)
      a:cancel()
    end)

    it("again and again with a timeout leaves nothing behind", function()
      local task = spawn(sleep, 0.1)
      local waiter = spawn(function()
        while task.status == "running" do
          task:await(0)
        end
      end)
      run()
      assert.equal("done", waiter.status)
      assert.is_nil(next(task.waiters))
    end)

    it("takes seconds only", function()
      local task = spawn(call)
      for _, wrong in ipairs { -1, nan, "1", {}, false } do
        local at
        local ok, message = pcall(function() at = here() task:await(wrong) end)
        assert.is_false(ok)
        assertFinds(at .. " task:await takes seconds, 0 or more, got ", message)
      end
      task:await()
    end)

    it("of oneself raises, also in a coroutine of one's own", function()
      local task, at
      task = spawn(function()
        coroutine.yield()
        at = here() task:await()
      end)
      local ok, message = pcall(task.await, task)
      assert.is_false(ok)
      assertFinds(at .. " a task cannot await itself", message)
      task = spawn(function()
        coroutine.yield()
        coroutine.wrap(task.await)(task)
      end)
      ok, message = pcall(task.await, task)
      assert.is_false(ok)
      assertFinds("deadlock", message)
    end)

    it("of what waits for nothing that could happen says so at its line", function()
      local a, b
      a = spawn(function()
        coroutine.yield()
        b:await()
      end)
      b = spawn(function() a:await() end)
      local at
      local ok, message = pcall(function() at = here() b:await() end)
      assert.is_false(ok)
      assertFinds(at .. " task:await waits for what nothing that is left could bring about: a deadlock", message)
      local none, err = a:await(0.01)
      assert.is_nil(none)
      assert.equal("timeout", err.kind)
      assert.is_true(a:cancel())
      none, err = b:await()
      assert.is_nil(none)
      assert.is_nil(err)
      assert.equal("done", b.status)
    end)
  end)

  describe("cancel", function()
    it("ends what the task waits for, at once", function()
      server:on("GET", "/account", { json = {}, steps = 1000 })
      local other = spawn(slow(4))
      server:on("GET", "/account", { json = {}, steps = 1000 })
      local waits = {
        call = call,
        sleep = function() sleep(1000) end,
        await = function() other:await() end,
        ["await with a timeout"] = function() other:await(1000) end,
        all = function() all { call, function() sleep(1000) end } end,
        yield = function() while true do coroutine.yield() end end,
      }
      for name, wait in pairs(waits) do
        local task = spawn(function()
          wait()
          note(name)
        end)
        assert.is_true(task:cancel(), name)
        assert.equal("cancelled", task.status)
        assert.equal("appwrite.Task (cancelled)", tostring(task))
        assert.is_nil(scheduler.due() and scheduler.due() > 0 or nil, name)
        assert.is_nil(next(other.waiters), name)
        local result, err = task:await()
        assert.is_nil(result)
        assert.equal("cancelled", err.kind)
        assert.equal("the task was cancelled", err.message)
        assert.is_nil(err.operation)
      end
      assert.equal(4, other:await())
      assert.same({}, log)
    end)

    it("leaves alone what has ended, and is said once", function()
      local done = spawn(function() return 1 end)
      assert.is_false(done:cancel())
      assert.equal(1, done:await())
      local failed = spawn(error, { "thrown" })
      assert.is_false(failed:cancel())
      assert.is_false((pcall(failed.await, failed)))
      local cancelled = spawn(call)
      assert.is_true(cancelled:cancel())
      assert.is_false(cancelled:cancel())
    end)

    it("wakes whoever awaits", function()
      local task = spawn(sleep, 1000)
      local waiter = spawn(function()
        return task:await()
      end)
      run(function()
        task:cancel()
        local result, err = waiter:await()
        assert.is_nil(result)
        assert.equal("cancelled", err.kind)
      end)
    end)

    it("leaves what the task awaited or had started", function()
      local inner
      local task = spawn(function()
        inner = spawn(slow(3))
        inner:await()
      end)
      task:cancel()
      assert.equal(3, inner:await())
    end)

    it("of oneself raises", function()
      local task
      local at
      task = spawn(function()
        coroutine.yield()
        at = here() task:cancel()
      end)
      local ok, message = pcall(task.await, task)
      assert.is_false(ok)
      assertFinds(at .. " a task cannot cancel itself; return from its function instead", message)
    end)

    -- The child runs inside of its parent until it first waits.
    it("by a task that the cancelled one has just started takes effect where it next waits", function()
      local other = spawn(sleep, 1000)
      server:on("GET", "/account", { json = {}, steps = 1000 })
      for name, wait in pairs {
        call = call,
        sleep = function() sleep(1000) end,
        await = function() other:await() end,
        all = function() all { call, call } end,
        yield = coroutine.yield,
        nothing = function() end,
      } do
        log = {}
        local parent
        parent = spawn(function()
          coroutine.yield()
          spawn(function()
            note(parent:cancel())
          end)
          note "goes on"
          wait()
          note "too far"
        end)
        parent:await()
        assert.equal("cancelled", parent.status)
        assert.same(name == "nothing" and { true, "goes on", "too far" } or { true, "goes on" }, log, name)
        assert.equal(0, engine.of(server).count, name)
        assert.is_nil(next(other.waiters), name)
      end
      other:cancel()
      assert.is_nil(scheduler.due())
    end)

    it("from a coroutine of one's own takes effect likewise", function()
      local task
      task = spawn(function()
        coroutine.yield()
        coroutine.wrap(function() note(task:cancel()) end)()
        call()
        note "too far"
      end)
      task:await()
      assert.same({ true }, log)
      assert.equal(0, #engine.active())
    end)

    it("does not lose an error that comes after it", function()
      local task
      task = spawn(function()
        coroutine.yield()
        spawn(function() task:cancel() end)
        error "after the end"
      end)
      task:await()
      run()
      local list = takeTold()
      assert.equal(1, #list)
      assertFinds("a task failed while it was cancelled: ", list[1])
      assertFinds("after the end", list[1])
    end)

    it("within a callback or another task's turn harms nobody", function()
      local list = {}
      for index = 1, 10 do
        list[index] = spawn(function()
          assert(call())
          note(index)
          if index % 2 == 1 then
            list[index + 1]:cancel()
          end
        end)
      end
      run()
      assert.same({ 1, 3, 5, 7, 9 }, log)
    end)
  end)

  if closesVariables then
    describe("to-be-closed variables", function()
      -- 5.4's syntax, which the others could not even read.
      local holding = load [[
        local note, wait = ...
        return function(onClose)
          local outer <close> = setmetatable({}, { __close = function() note "outer closed" end })
          local inner <close> = setmetatable({}, { __close = function(_, err)
            note("inner closed", err)
            if onClose then onClose() end
          end })
          return wait()
        end
      ]]

      it("are closed, the last one first, when the task is cancelled", function()
        local fn = holding(note, call)
        spawn(fn):cancel()
        assert.same({ { "inner closed", nil }, "outer closed" }, log)
      end)

      it("are closed when the task is cancelled while it runs", function()
        local task
        task = spawn(holding(note, function()
          coroutine.yield()
          spawn(function() task:cancel() end)
          note "goes on"
          call()
        end))
        task:await()
        assert.same({ "goes on", { "inner closed", nil }, "outer closed" }, log)
      end)

      it("are closed when the task fails, before anybody learns of it", function()
        local task = spawn(holding(note, function()
          call()
          error { "thrown" }
        end))
        local ok, err = pcall(task.await, task)
        assert.is_false(ok)
        assert.same({ "thrown" }, err)
        assert.same({ { "inner closed", err }, "outer closed" }, log)
        assertFinds("stack traceback:", task.traceback)
      end)

      it("that raise when the task is cancelled are told of, and close the others", function()
        spawn(holding(note, call), function() error "from close" end):cancel()
        run()
        assert.equal("outer closed", log[2])
        local list = takeTold()
        assert.equal(1, #list)
        assertFinds("a task failed while it was cancelled: ", list[1])
        assertFinds("from close", list[1])
      end)

      it("that raise when the task fails replace its error, as they do elsewhere", function()
        local task = spawn(holding(note, function()
          call()
          error "first"
        end), function() error "from close" end)
        local ok, message = pcall(task.await, task)
        assert.is_false(ok)
        assertFinds("from close", message)
      end)

      it("may call, sleep and await, which blocks", function()
        local other = spawn(slow(2))
        spawn(holding(note, call), function()
          note(assert(call()).name)
          sleep(0.01)
          other:await()
        end):cancel()
        assert.equal("outer closed", log[#log])
        assert.equal("done", other.status)
      end)

      it("may cancel the task once more, to no effect", function()
        local task
        task = spawn(holding(note, function()
          call()
          error { "thrown" }
        end), function() note(task:cancel()) end)
        assert.is_false((pcall(task.await, task)))
        assert.equal("failed", task.status)
        assert.is_false(log[2])
        task = spawn(holding(note, call), function() note(task:cancel()) end)
        task:cancel()
        assert.equal("cancelled", task.status)
      end)
    end)
  end

  describe("an error that nobody awaits", function()
    local function once()
      run()
      run()
      return takeTold()
    end

    it("is told once, with its traceback", function()
      local function failing()
        call()
        error "broken"
      end
      spawn(failing)
      local list = once()
      assert.equal(1, #list)
      assertFinds("a task failed, and nobody awaits it: ", list[1])
      assertFinds("broken", list[1])
      assertTraced(failing, list[1])
    end)

    it("is told by poll soon", function()
      spawn(error, "broken")
      assert.same({}, told)
      local polls = 0
      while poll() > 0 do
        polls = polls + 1
      end
      assert.equal(1, #takeTold())
      assert.is_true(polls < 5)
    end)

    it("is told where the task is garbage", function()
      spawn(function()
        sleep(0.01)
        error "broken"
      end)
      collect()
      run(sleep, 0.03)
      collect()
      assert.equal(1, #once())
    end)

    it("is not told where somebody awaits it in time, however late it comes", function()
      local task = spawn(function()
        sleep(0.01)
        error { "mine" }
      end)
      local waiter = spawn(function()
        return task:await()
      end)
      assert.is_false((pcall(waiter.await, waiter)))
      local early = spawn(error, { "at once" })
      assert.is_false((pcall(early.await, early)))
      local pausing = spawn(function()
        coroutine.yield()
        error { "then" }
      end)
      turn()
      assert.is_false((pcall(pausing.await, pausing)))
      assert.same({}, once())
    end)

    it("is raised also to who comes after it was told", function()
      local task = spawn(error, { "broken" })
      assert.equal(1, #once())
      assert.is_false((pcall(task.await, task)))
      assert.same({}, once())
    end)

    it("is told where who awaited had given up", function()
      local task = spawn(function()
        sleep(0.3)
        error "late"
      end)
      local _, err = task:await(0.001)
      assert.equal("timeout", err.kind)
      assert.equal(1, #once())
    end)

    it("is told where who awaited was cancelled, before it came or just after", function()
      local function failing()
        call()
        error "broken"
      end
      local waiter = spawn(function(task) task:await() end, spawn(failing))
      waiter:cancel()
      assert.equal(1, #once())
      local task = spawn(failing)
      local second
      spawn(function()
        pcall(error)
        coroutine.yield()
        second:cancel()
      end)
      second = spawn(function() task:await() end)
      assert.equal(1, #once())
    end)

    it("is told for each task that failed", function()
      for index = 1, 5 do
        spawn(function()
          call()
          error("broken " .. index)
        end)
      end
      local list = once()
      assert.equal(5, #list)
      for index = 1, 5 do
        assertFinds("broken " .. index, list[index])
      end
    end)

    it("comes out of poll where the function raises, and no other is lost", function()
      appwrite.onError(error)
      for index = 1, 3 do
        spawn(error, "broken " .. index)
      end
      local seen = {}
      for _ = 1, 20 do
        local ok, message = pcall(poll)
        if not ok then
          seen[#seen + 1] = message
        end
      end
      assert.equal(3, #seen)
      for index = 1, 3 do
        assertFinds("broken " .. index, seen[index])
      end
    end)
  end)

  describe("all", function()
    it("runs side by side, and gives the first result of each in order", function()
      local results = { all {
        slow(3), slow(1), function() return nil, "dropped" end, function() return "at once" end, slow(2),
      } }
      assert.same({ 3, 1, nil, "at once", 2 }, results)
      assert.equal(3, #server.requests)
      run(function()
        assert.same({ 2, 1 }, { all { slow(2), slow(1) } })
      end)
    end)

    it("gives as many results as there are functions", function()
      local function nothing() end
      local function count()
        assert.equal(0, select("#", all {}))
        assert.equal(1, select("#", all { nothing }))
        assert.equal(3, select("#", all { nothing, function() return 1, 2, 3 end, nothing }))
      end
      count()
      run(count)
    end)

    it("cancels the others at the first error, and raises that", function()
      server:on("GET", "/account", { json = {}, steps = 1000 })
      local function check()
        log = {}
        local ok, err = pcall(all, {
          function()
            sleep(1000)
            note "too far"
          end,
          function()
            coroutine.yield()
            error { "first" }
          end,
          function()
            call()
            note "too far"
          end,
        })
        assert.is_false(ok)
        assert.same({ "first" }, err)
        assert.equal(0, #engine.active())
        assert.equal(0, scheduler.due() or 0)
      end
      check()
      if yieldsThroughC then
        run(check)
      end
      run(sleep, 0.01)
      assert.same({}, log)
    end)

    it("raises the one that failed first, not the first in the list, with its traceback", function()
      local function failing()
        coroutine.yield()
        error "first"
      end
      local task = spawn(all, {
        function()
          sleep(0.05)
          error "second"
        end,
        failing,
      })
      local ok, message = pcall(task.await, task)
      assert.is_false(ok)
      assertFinds("first", message)
      assertTraced(failing, message)
    end)

    it("tells of the errors that it does not raise", function()
      local function failing(text)
        return function()
          coroutine.yield()
          error(text, 0)
        end
      end
      local ok, message = pcall(all, { failing "one", failing "two", failing "three" })
      assert.is_false(ok)
      assertFinds("one", message)
      run()
      local list = takeTold()
      assert.equal(2, #list)
      assertFinds("two", list[1])
      assertFinds("three", list[2])
    end)

    it("starts no more once one has failed", function()
      local ok = pcall(all, { note, error, function() note "started" end })
      assert.is_false(ok)
      assert.same({ {} }, log)
    end)

    it("is cancelled with its task, and the functions' tasks with it", function()
      server:on("GET", "/account", { json = {}, steps = 1000 })
      local task = spawn(function()
        all {
          call,
          function() sleep(1000) end,
          function() all { call, function() sleep(1000) end } end,
        }
        note "too far"
      end)
      assert.equal(2, engine.of(server).count)
      task:cancel()
      assert.equal(0, #engine.active())
      assert.is_true(scheduler.stuck())
    end)

    it("within all, deep", function()
      local function tree(depth)
        return function()
          if depth == 0 then
            call()
            return 1
          end
          local left, right = all { tree(depth - 1), tree(depth - 1) }
          return left + right
        end
      end
      assert.equal(64, (all { tree(6) }))
      assert.equal(64, run(tree(6)))
    end)

    it("of thousands is quick", function()
      local list = {}
      for index = 1, 7000 do
        list[index] = function()
          call()
          return index
        end
      end
      local function check()
        local cpu = os.clock()
        local results = { all(list) }
        assert.equal(7000, #results)
        assert.equal(1, results[1])
        assert.equal(7000, results[7000])
        assert.is_true(os.clock() - cpu < 5, "took " .. os.clock() - cpu)
      end
      check()
      run(check)
    end)

    it("says at its line what is wrong", function()
      local many = {}
      for index = 1, 7001 do
        many[index] = note
      end
      for _, case in ipairs {
        { 5, "appwrite.all takes an array of functions, got number" },
        { note, "appwrite.all takes an array of functions, got function" },
        { { note, 5 }, "appwrite.all takes an array of functions, but item 2 is a number" },
        { { note, user = note }, "appwrite.all takes an array of functions, without gaps, but it has a field user" },
        { many, "appwrite.all takes at most 7000 functions, got 7001; spawn a task for each, and await them" },
      } do
        local at
        local ok, message = pcall(function() at = here() all(case[1]) end)
        assert.is_false(ok)
        assertFinds(at .. " " .. case[2], message)
      end
      local ok, message = pcall(all)
      assert.is_false(ok)
      assertFinds("got nil", message)
      assert.same({}, log)
    end)

    it("that can never end says so at its line", function()
      local a
      a = spawn(function()
        coroutine.yield()
        all { function() a:await() end }
      end)
      local at
      local ok, message = pcall(function() at = here() all { function() a:await() end } end)
      assert.is_false(ok)
      assertFinds(at .. " appwrite.all waits for what nothing that is left could bring about: a deadlock", message)
      a:cancel()
    end)
  end)

  describe("sleep", function()
    it("takes its time, not less, and lets others go on", function()
      local begin = core.monotonic()
      run(function()
        spawn(function()
          call()
          note "other"
        end)
        sleep(0.1)
        note(core.monotonic() - begin)
      end)
      assert.equal("other", log[1])
      assert.is_true(log[2] >= 0.1 and log[2] < 0.3, log[2])
    end)

    it("outside of tasks drives them, and is not busy", function()
      spawn(function()
        call()
        note "driven"
      end)
      local cpu, begin = os.clock(), core.monotonic()
      sleep(0.2)
      assert.is_true(core.monotonic() - begin >= 0.2)
      assert.is_true(os.clock() - cpu < 0.1)
      assert.same({ "driven" }, log)
    end)

    it("of 0 lets the others have a turn, in a task and outside", function()
      spawn(function()
        for index = 1, 3 do
          note(index)
          sleep(0)
        end
      end)
      assert.same({ 1 }, log)
      sleep(0)
      sleep(0)
      assert.is_true(#log >= 2)
      run()
      assert.same({ 1, 2, 3 }, log)
    end)

    it("is not cut short by being woken in vain", function()
      local begin = core.monotonic()
      local task = spawn(function()
        sleep(0.1)
        return core.monotonic() - begin
      end)
      local other = spawn(function()
        sleep(0.02)
      end)
      -- One that was woken for something else: what it waited for came while it was on its way.
      task.waiters[other] = true
      other.waiters[task] = true
      local elapsed = task:await()
      assert.is_true(elapsed >= 0.1, "woke after " .. elapsed)
      assert.is_nil(scheduler.due())
    end)

    it("takes seconds only", function()
      for _, wrong in ipairs { -1, nan, huge, "1", {}, false } do
        local at
        local ok, message = pcall(function() at = here() sleep(wrong) end)
        assert.is_false(ok)
        assertFinds(at .. " appwrite.sleep takes seconds, 0 or more, got ", message)
      end
      assert.is_false((pcall(sleep)))
    end)

    it("wakes 10,000 in the order of their times, each in time", function()
      local COUNT = 10000
      local woken, worst, begun, start = {}, 0, nil, core.monotonic()
      math.randomseed(7)
      for index = 1, COUNT do
        local seconds = math.random() / 2
        local before = core.monotonic()
        local entry = { from = before + seconds }
        spawn(function()
          sleep(seconds)
          local now = core.monotonic()
          assert(now >= entry.from)
          worst = math.max(worst, now - math.max(entry.to, begun))
          woken[#woken + 1] = entry
        end)
        entry.to = core.monotonic() + seconds
        assert.is_true(index > 0)
      end
      begun = core.monotonic() -- what is due before that waits for it
      run()
      assert.equal(COUNT, #woken)
      -- Each time lies between the two that were taken around it.
      local latest = 0
      for _, entry in ipairs(woken) do
        assert(entry.to >= latest, "woken before one that was due earlier")
        latest = math.max(latest, entry.from)
      end
      -- On a busy machine to wake them takes as long as to start them did.
      assert.is_true(worst < 1 + 2 * (begun - start), "late by " .. worst)
    end)
  end)

  describe("run", function()
    it("gives the results of its function", function()
      assert.same({ 1, nil, 3 }, { run(function(...)
        call()
        return ...
      end, 1, nil, 3) })
      assert.equal(0, select("#", run()))
    end)

    it("drives everything: tasks, calls, callbacks, sleepers, and what they start", function()
      spawn(function()
        sleep(0.02)
        client.account.getCurrentUser({}, function()
          note "callback"
          spawn(function()
            coroutine.yield()
            call()
            note "last"
          end)
        end)
      end)
      run(note, "first")
      assert.same({ "first", "callback", "last" }, log)
    end)

    it("raises what its function raised, when all the rest is done", function()
      spawn(function()
        call()
        note "rest"
      end)
      local ok, message = pcall(run, function()
        error "broken"
      end)
      assert.is_false(ok)
      assertFinds("broken", message)
      assertFinds("stack traceback:", message)
      assert.same({ "rest" }, log)
    end)

    it("says at its line that what is left waits for itself, once", function()
      local a, b
      a = spawn(function()
        coroutine.yield()
        b:await()
      end)
      b = spawn(function() a:await() end)
      local at
      local ok, message = pcall(function() at = here() run(note, "main") end)
      assert.is_false(ok)
      assertFinds(at .. " appwrite.run: a task waits for what nothing that is left could bring about: a deadlock (2 left)",
        message)
      assert.same({ "main" }, log)
      assert.equal(5, run(function() return 5 end))
      b:cancel()
      run()
      assert.equal("done", a.status)
    end)

    it("says so where its own function waits for ever, and still tells of its error", function()
      local a, mine
      a = spawn(function()
        coroutine.yield()
        mine:await()
      end)
      local ok, message = pcall(run, function()
        mine = spawn(function() a:await() end)
        mine:await()
        error "at last"
      end)
      assert.is_false(ok)
      assertFinds("deadlock (3 left)", message)
      a:cancel()
      run()
      local list = takeTold()
      assert.equal(1, #list)
      assertFinds("at last", list[1])
    end)

    it("does not mind deadlocked tasks that are gone", function()
      local function leave()
        local a, b
        a = spawn(function()
          coroutine.yield()
          b:await()
        end)
        b = spawn(function() a:await() end)
        turn()
        turn()
      end
      leave()
      collect()
      assert.equal(5, run(function() return 5 end))
    end)

    it("takes a function only, outside of tasks", function()
      for _, wrong in ipairs { 5, "f", {}, true } do
        local at
        local ok, message = pcall(function() at = here() run(wrong) end)
        assert.is_false(ok)
        assertFinds(at .. " appwrite.run takes a function, got " .. type(wrong), message)
      end
      local at
      local message = raisedInTask(function() at = here() run(note) end)
      assertFinds(at .. " appwrite.run is for the program outside of its tasks", message)
    end)

    it("may be used in a callback", function()
      client.account.getCurrentUser({}, function()
        note(run(function()
          return assert(call()).name
        end))
      end)
      run()
      assert.same({ "Ada" }, log)
    end)
  end)

  describe("poll", function()
    it("says how many calls are under way, until nothing is left to be polled for", function()
      server:on("GET", "/account", { json = {}, steps = 3 })
      for _ = 1, 5 do
        client.account.getCurrentUser({}, note)
      end
      assert.equal(5, turn())
      assert.equal(5, turn())
      assert.equal(0, turn())
      assert.equal(5, #log)
      assert.equal(0, turn())
    end)

    it("does not say 0 while callbacks start further calls", function()
      local left = 5
      local function again()
        left = left - 1
        if left > 0 then
          client.account.getCurrentUser({}, again)
        end
      end
      client.account.getCurrentUser({}, again)
      while poll(1) > 0 do end
      assert.equal(0, left)
    end)

    it("takes seconds only", function()
      for _, wrong in ipairs { -1, nan, "1", {}, true } do
        local at
        local ok, message = pcall(function() at = here() poll(wrong) end)
        assert.is_false(ok)
        assertFinds(at .. " appwrite.poll takes seconds, 0 or more, got ", message)
      end
      assert.equal(0, poll(huge))
    end)

    it("is refused in a task", function()
      local at
      local message = raisedInTask(function() at = here() poll() end)
      assertFinds(at .. " appwrite.poll is for the program outside of its tasks", message)
    end)

    it("may be called by a callback, and by a task's own coroutine", function()
      for index = 1, 3 do
        client.account.getCurrentUser({}, function()
          poll()
          note(index)
        end)
      end
      run()
      table.sort(log)
      assert.same({ 1, 2, 3 }, log)
      spawn(function()
        coroutine.wrap(poll)()
      end)
      run()
    end)

    it("by every one of a thousand callbacks loses none of them", function()
      local COUNT = 1000
      for _ = 1, COUNT do
        client.account.getCurrentUser({}, function()
          note "called"
          poll()
        end)
      end
      run()
      assert.equal(COUNT, #log)
      for _, message in ipairs(takeTold()) do
        assertFinds("a callback failed: appwrite: 30 callbacks or tasks wait or poll inside one another", message)
      end
    end)
  end)

  describe("memory", function()
    -- Things that are only held by what is given, and whether they are gone.
    local function watch(...)
      local watched = setmetatable({}, { __mode = "k" })
      for _, thing in ipairs { ... } do
        watched[thing] = true
      end
      return watched
    end

    it("of a task that has ended is given back, with its results and its call", function()
      local function one()
        local held, result = {}, {}
        local watched
        local task = spawn(function()
          call()
          return result, held
        end)
        watched = watch(task, task.co, held, result)
        run()
        return watched
      end
      local watched = one()
      collect()
      assert.is_nil(next(watched))
    end)

    it("of one that failed is given back once its error was told or raised", function()
      local function one(awaited)
        local task = spawn(error, {})
        if awaited then
          assert.is_false((pcall(task.await, task)))
        end
        run()
        return watch(task, task.err, task.co)
      end
      local raised, untold = one(true), one(false)
      assert.equal(1, #takeTold())
      collect()
      assert.is_nil(next(raised))
      assert.is_nil(next(untold))
    end)

    it("of a callback is given back though its task is held", function()
      local held
      local function one()
        local function callback() note "called" end
        held = client.account.getCurrentUser({}, callback)
        run()
        return watch(callback)
      end
      local watched = one()
      assert.same({ "called" }, log)
      collect()
      assert.is_nil(next(watched))
      assert.equal("done", held.status)
    end)

    it("of one that was cancelled is given back though its time has not come", function()
      local function one()
        local held = {}
        local task = spawn(function()
          sleep(1000)
          return held
        end)
        local watched = watch(task, task.co, held)
        task:cancel()
        return watched
      end
      local watched = one()
      collect()
      assert.is_nil(next(watched))
    end)

    it("of one that gave up awaiting is given back while the other goes on", function()
      local long = spawn(slow(50))
      local function one()
        local waiter = spawn(function() long:await(0.001) end)
        waiter:await()
        return watch(waiter, waiter.co)
      end
      local watched = one()
      collect()
      assert.is_nil(next(watched))
      assert.equal(50, long:await())
    end)

    it("of tasks that wait for each other for ever is given back when nobody holds them", function()
      local function pair()
        local a, b
        a = spawn(function()
          coroutine.yield()
          b:await()
        end)
        b = spawn(function() a:await() end)
        turn()
        turn()
        return watch(a, b, a.co, b.co)
      end
      local watched = pair()
      collect()
      assert.is_nil(next(watched))
    end)

    it("of a waiting task is kept though nobody holds it", function()
      spawn(function()
        sleep(0.02)
        note "slept"
        assert(call())
        note "called"
      end)
      collect()
      poll(1)
      collect()
      run()
      assert.same({ "slept", "called" }, log)
    end)

    -- Counted by the collector, so that a table anywhere that grows shows.
    it("does not grow with the number of tasks", function()
      local function round()
        local list = {}
        for index = 1, 200 do
          list[index] = spawn(function()
            local inner = spawn(call)
            sleep(0.001 * (index % 5))
            inner:await(index % 3)
            all { call, function() sleep(0) end }
          end)
        end
        for index = 1, 200, 2 do
          list[index]:cancel()
        end
        client.account.getCurrentUser({}, function() end)
        run()
        server:reset()
      end
      local function kilobytes()
        collect()
        return collectgarbage "count"
      end
      round()
      round()
      local before = kilobytes()
      for _ = 1, 10 do
        round()
      end
      local grown = kilobytes() - before
      assert.is_true(grown < 50, "grown by " .. grown .. " KB")
    end)
  end)

  it("is what the public module gives", function()
    for _, name in ipairs { "all", "onError", "poll", "run", "sleep", "spawn" } do
      assert.equal(tasks[name], appwrite[name])
    end
  end)
end)
