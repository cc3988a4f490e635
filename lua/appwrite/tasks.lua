--- Tasks: functions that run side by side in one Lua state. A call inside a task lets the others go on instead of
-- blocking. Nothing here runs by itself: `poll`, or what calls it, moves everything on.
--
-- A task is a coroutine and what it waits for. Where it can pause depends on the Lua at hand:
--   5.3, 5.4, LuaJIT  also within pcall, xpcall, metamethods and iterators. Not within what a C function calls: the
--                     function of string.gsub, the comparison of table.sort, the chunk that `require` loads. There a
--                     call, a sleep or an await blocks, as it does outside of tasks.
--   5.1               not within any of these: the call raises "attempt to yield across metamethod/C-call boundary",
--                     and what it had begun is cut off when the task goes on. Calls return their errors, so that they
--                     need no pcall; where one is needed, let it surround the `await` of another task from outside.
-- A coroutine that a task makes for itself (coroutine.wrap, coxpcall) is not the task: a call in it blocks. A plain
-- coroutine.yield() in the task lets the others go on until the next poll: so a task can wait for what the library
-- knows nothing of. It is not woken by coroutine.resume, which is the library's to call for it.


local Error = require "appwrite.error"
local argument = require "appwrite.argument"
local coroutines = require "appwrite.coroutines"
local failures = require "appwrite.failures"
local host = require "appwrite.host"
local scheduler = require "appwrite.scheduler"

local error, format, ipairs, pairs, tostring, type = error, string.format, ipairs, pairs, tostring, type
local huge = math.huge
local unpack = table.unpack or unpack
local inside, new, own, pause, start, wake =
  coroutines.inside, coroutines.new, coroutines.own, coroutines.pause, coroutines.start, coroutines.wake
local now = scheduler.now
local mustBeSelf, notSeconds = argument.mustBeSelf, argument.notSeconds

local MOST = 7000 -- values that a function returns: 5.1 and LuaJIT allow for 8,000

local Task, methods = coroutines.Task, coroutines.methods

local tasks = {}

-- Waiting -------------------------------------------------------------------------------------------------------------

local function wakeForCall(call)
  wake(call.task)
end

---Pause the task that runs until a call has ended or has news; false where none runs.
---@param used appwrite.Engine
---@param call appwrite.Call
---@return boolean paused
function tasks.pauseForCall(used, call)
  local task = own()
  if not task then
    return false
  end
  call.task, call.wake = task, wakeForCall
  local polling = host.current()
  if polling and polling.wake then
    polling.wake()
  end
  local function drop()
    used:drop(call)
  end
  repeat
    pause(task, drop)
  until call.answer or call.news
  call.wake = nil
  return true
end

local function sleepUntil(at, ofCall)
  local task = own()
  if not task then
    scheduler.block(function() return false end, at)
    return
  end
  local timer = scheduler.at(at, wake, task, ofCall)
  local function stop()
    scheduler.cancelTimer(timer)
  end
  repeat
    pause(task, stop)
  until now() >= at
  stop()
end

---Sleep; in a task the others go on meanwhile, elsewhere calls and tasks are driven.
---@param seconds number
function tasks.sleep(seconds)
  if type(seconds) ~= "number" or not (seconds >= 0 and seconds < huge) then
    error(notSeconds("appwrite.sleep", seconds), 2)
  end
  sleepUntil(now() + seconds)
end

---Sleep in the middle of a call, which is under way meanwhile.
---@param seconds number
function tasks.pauseCall(seconds)
  sleepUntil(now() + seconds, true)
end

-- Tasks ---------------------------------------------------------------------------------------------------------------

---Start a task: it runs until it first waits for something, then whenever `poll` lets it. (Where dozens start one
---another, all inside one another, it begins with the next poll.)
---@param fn function
---@param ... any its arguments
---@return appwrite.Task
function tasks.spawn(fn, ...)
  if type(fn) ~= "function" then
    error(format("appwrite.spawn takes a function, got %s", type(fn)), 2)
  end
  return start(new(fn), ...)
end

---Run a function as a task and hand its results to a callback, once, from `poll`.
---@param callback function
---@param operation string what it is, for errors
---@param fn function
---@param ... any its arguments
---@return appwrite.Task
function tasks.call(callback, operation, fn, ...)
  return start(new(fn, callback, operation), ...)
end

---Wait until something is so, or the time is over. In a task it is looked at when coroutines.wakeAll is called.
---@param done fun(): boolean cheap
---@param waiters table<appwrite.Task, true> those who wait for it
---@param deadline number? of scheduler.now
---@param ofCall true? in the middle of a call, which is under way meanwhile
---@return boolean possible false where nothing could ever make it so
function tasks.waitUntil(done, waiters, deadline, ofCall)
  local me = own()
  if not me then
    return scheduler.block(done, deadline)
  end
  waiters[me] = true
  local timer = deadline and scheduler.at(deadline, wake, me, ofCall)
  local function stop()
    waiters[me] = nil
    if timer then
      scheduler.cancelTimer(timer)
    end
  end
  repeat
    pause(me, stop)
  until done() or (deadline and now() >= deadline)
  stop()
  return true
end

local function waitFor(task, timeout)
  return tasks.waitUntil(function() return task.status ~= "running" end, task.waiters, timeout and now() + timeout)
end

local HOPELESS = "%s waits for what nothing that is left could bring about: a deadlock"

---Wait until the task has ended.
---
---Raises what it raised: a text with the traceback of the task behind it, anything else as it is (see `traceback`).
---@param timeout number? seconds
---@return any ... its results; nil and an appwrite.Error where it was cancelled or the time is over
function methods:await(timeout)
  mustBeSelf("task:await", self, Task)
  if timeout ~= nil and not (type(timeout) == "number" and timeout >= 0) then
    error(notSeconds("task:await", timeout), 2)
  end
  if self == inside() then
    error("a task cannot await itself", 2)
  end
  if self.status == "running" and not waitFor(self, timeout ~= huge and timeout or nil) then
    error(format(HOPELESS, "task:await"), 2)
  end
  if self.status == "done" then
    return unpack(self.results, 1, self.results.n)
  elseif self.status == "failed" then
    failures.raise(self)
  elseif self.status == "cancelled" then
    return nil, coroutines.cancelledError(self)
  end
  return nil, Error.new { kind = "timeout", message = format("the task did not end within %s s", tostring(timeout)) }
end

---End the task: the call it waits for is cut off, and it does not run again. Tasks that it started or awaits go on. One
---that has ended stays as it is. One that runs the code which cancels it goes on until it next waits.
---A callback gets nil and an error of kind "cancelled".
---@return boolean cancelled
function methods:cancel()
  mustBeSelf("task:cancel", self, Task)
  if self.status ~= "running" then
    return false
  end
  if self == inside() then
    error("a task cannot cancel itself; return from its function instead", 2)
  end
  coroutines.cancel(self)
  return true
end

local function checkFunctions(functions)
  if type(functions) ~= "table" then
    return format("appwrite.all takes an array of functions, got %s", type(functions))
  end
  local count = #functions
  if count > MOST then
    return format("appwrite.all takes at most %d functions, got %d; spawn a task for each, and await them", MOST, count)
  end
  for index = 1, count do
    if type(functions[index]) ~= "function" then
      return format("appwrite.all takes an array of functions, but item %d is a %s", index, type(functions[index]))
    end
  end
  for key in pairs(functions) do
    if type(key) ~= "number" or key < 1 or key > count or key % 1 ~= 0 then
      return format("appwrite.all takes an array of functions, without gaps, but it has a field %s", tostring(key))
    end
  end
  return nil
end

local function startGroup(functions, group)
  local list = {}
  for index = 1, #functions do
    if group.failed then
      break
    end
    list[index] = start(new(functions[index], nil, nil, group))
  end
  return list
end

local function cancelAll(list)
  for _, task in ipairs(list) do
    task:cancel()
  end
end

-- Until all have ended or one has failed. False where nothing could ever make it so.
local function waitForGroup(group, list)
  local function ended()
    return group.left == 0 or group.failed ~= nil
  end
  local me = own()
  if not me then
    return scheduler.block(ended)
  end
  group.waiter = me
  local function stop()
    cancelAll(list)
  end
  while not ended() do
    pause(me, stop)
  end
  group.waiter = nil
  return true
end

---Run functions side by side and wait for all. Where one raises, the others are cancelled and its error is raised.
---@param functions function[] 7000 at most
---@return any ... the first result of each, in their order
function tasks.all(functions)
  local problem = checkFunctions(functions)
  if problem then
    error(problem, 2)
  end
  local group = { left = #functions }
  local list = startGroup(functions, group)
  local possible = waitForGroup(group, list)
  if group.failed or not possible then
    cancelAll(list)
  end
  if group.failed then
    failures.raise(group.failed)
  elseif not possible then
    error(format(HOPELESS, "appwrite.all"), 2)
  end
  local results = {}
  for index, task in ipairs(list) do
    results[index] = task.results[1]
  end
  return unpack(results, 1, #list)
end

-- Driving -------------------------------------------------------------------------------------------------------------

---One step: what has arrived wakes who waits for it, and what may run does. Without a timeout it never waits.
---@param timeout number? seconds to wait where nothing is to be done at once
---@return integer calls still under way, also between two attempts, and what is ready to run. Sleeping tasks and
---  subscriptions do not count: `appwrite.run` waits for all
function tasks.poll(timeout)
  timeout = timeout == nil and 0 or timeout
  if type(timeout) ~= "number" or timeout ~= timeout or timeout < 0 then
    error(notSeconds("appwrite.poll", timeout), 2)
  end
  if own() then
    error("appwrite.poll is for the program outside of its tasks; in a task, calls wait by themselves", 2)
  end
  return scheduler.poll(timeout)
end

---Run a function as a task, and everything else, until nothing is left.
---@param fn function?
---@param ... any its arguments
---@return any ... what the function returned; raises what it raised
function tasks.run(fn, ...)
  if fn ~= nil and type(fn) ~= "function" then
    error(format("appwrite.run takes a function, got %s", type(fn)), 2)
  end
  if coroutines.within() then
    error("appwrite.run is for the program outside of its tasks", 2)
  end
  local main = fn and new(fn)
  if main then
    main.heard = true
    start(main, ...)
  end
  scheduler.block(function()
    return not coroutines.any() and scheduler.stuck()
  end)
  if main and main.status == "failed" then
    failures.raise(main)
  end
  local stuck = coroutines.forgetLiving()
  if stuck > 0 then
    if main and main.status == "running" then
      main.heard = nil
    end
    error(format(HOPELESS .. " (%d left)", "appwrite.run: a task", stuck), 2)
  end
  if main then
    return main:await()
  end
end

tasks.undoIfCut = coroutines.undoIfCut
tasks.onError = scheduler.onError

return tasks
