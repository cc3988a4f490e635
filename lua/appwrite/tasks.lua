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
-- coroutine.yield() in the task lets the others go on until the next poll.

local Error = require "appwrite.error"
local failures = require "appwrite.failures"
local host = require "appwrite.host"
local scheduler = require "appwrite.scheduler"

local error, format, next, pairs, setmetatable, tostring, type =
  error, string.format, next, pairs, setmetatable, tostring, type
local xpcall, getinfo, traceback = xpcall, debug.getinfo, debug.traceback
local huge, sort = math.huge, table.sort
local unpack = table.unpack or unpack

-- nginx replaces these with ones that belong to one request, but a task may outlive the request that began it.
local function plain(name)
  return rawget(coroutine, "_" .. name) or rawget(coroutine, name)
end
local create, resume, running, status, yield =
  plain "create", plain "resume", plain "running", plain "status", plain "yield"
local closeCoroutine = rawget(coroutine, "close") -- since 5.4
local isYieldable = rawget(coroutine, "isyieldable") -- since 5.3, and LuaJIT

-- 5.1 makes a coroutine of a Lua function only.
local takesC = pcall(create, type)

-- What a task yields when this module pauses it; anything else comes from the task's own code.
local PAUSE = {}

local MOST = 7000 -- values that a function returns: 5.1 and LuaJIT allow for 8,000

local Task = { __name = "appwrite.Task" }
---@class appwrite.Task
---@field status "running"|"done"|"failed"|"cancelled"
---@field traceback string? where a failed one failed
local methods = {}
Task.__index = methods

local tasks = {}

---@type appwrite.Task?
local current
-- Those that have not ended, and are not forgotten by everybody.
local living = setmetatable({}, { __mode = "k" })
local enqueue, now = scheduler.enqueue, scheduler.now

local function pack(...)
  return { n = select("#", ...), ... }
end

-- Errors --------------------------------------------------------------------------------------------------------------

local function cancelledError(task)
  return Error.new {
    kind = "cancelled",
    message = task.operation and "the call was cancelled" or "the task was cancelled",
    operation = task.operation,
  }
end

-- For a callback, which gets an error of this library whatever was raised.
local function brokenOff(task)
  if Error.is(task.err) then
    return task.err
  end
  local text = tostring(task.err)
  return Error.new {
    kind = text:find("not enough memory", 1, true) and "memory" or "cancelled",
    message = "the call was broken off by an error: " .. text,
    operation = task.operation,
  }
end

-- Running -------------------------------------------------------------------------------------------------------------

local function withTraceback(err)
  return traceback(tostring(err), 2)
end

local function callBack(task)
  local callback, results = task.callback, task.results
  task.callback = nil
  scheduler.depth = scheduler.depth + 1
  local ok, message = xpcall(function()
    return callback(unpack(results, 1, results.n))
  end, withTraceback)
  scheduler.depth = scheduler.depth - 1
  if not ok then
    scheduler.report("a callback failed: " .. message)
  end
end

local advance

local function wake(task)
  if task.status == "running" then
    enqueue(advance, task)
  end
end

-- Cut off what a task waits for.
local function abandon(task)
  local pending = task.pending
  task.pending = nil
  if pending then
    pending()
  end
end

local function undoAll(task)
  local undos = task.undo
  task.undo = nil
  for undo in pairs(undos or {}) do
    undo()
  end
end

local function byTurn(one, other)
  return one.turn < other.turn
end

local function wakeWaiters(task)
  local waiters = {}
  for waiter in pairs(task.waiters) do
    waiters[#waiters + 1] = waiter
  end
  sort(waiters, byTurn)
  for _, waiter in ipairs(waiters) do
    wake(waiter)
  end
end

local function finish(task, how)
  task.status = how
  living[task] = nil
  wakeWaiters(task)
  local group = task.group
  if group then
    group.left = group.left - 1
    group.failed = group.failed or (how == "failed" and task or nil)
    if group.waiter and (group.left == 0 or group.failed) then
      wake(group.waiter)
    end
  end
  if how == "failed" then
    failures.add(task)
  end
  if task.callback then
    enqueue(callBack, task)
  end
  abandon(task)
  undoAll(task)
end

-- Before 5.4 there is nothing to close. Gives back what a to-be-closed variable raised, or else `err`.
local function close(task, err)
  if closeCoroutine and status(task.co) ~= "normal" then
    local ok, raised = closeCoroutine(task.co)
    return ok and err or raised
  end
  return err
end

local function closeCancelled(task, failure)
  local err = close(task, failure)
  if err ~= nil then
    enqueue(scheduler.report, "a task failed while it was cancelled: " .. tostring(err))
  end
end

local function settle(task, ok, ...)
  if task.status == "cancelled" then
    -- While it ran, by what it ran.
    abandon(task)
    closeCancelled(task, not ok and (...) or nil)
  elseif status(task.co) ~= "dead" then
    if ... ~= PAUSE then
      scheduler.enqueueLater(advance, task)
    end
  elseif ok then
    task.results = pack(...)
    finish(task, "done")
  else
    task.status, task.err, task.traceback = "failed", (...), traceback(task.co)
    task.err = close(task, task.err)
    task.results = task.callback and pack(nil, brokenOff(task))
    finish(task, "failed")
  end
end

local function stopped(task, before, ...)
  current = before
  scheduler.depth = scheduler.depth - 1
  settle(task, ...)
end

-- Whoever waits looks again whether what it waits for has come, so that being woken in vain does no harm.
function advance(task)
  if task.status ~= "running" or status(task.co) ~= "suspended" then
    return
  end
  local before, arguments = current, task.arguments
  current, task.pending, task.arguments = task, nil, nil
  scheduler.depth = scheduler.depth + 1
  if arguments then
    stopped(task, before, resume(task.co, unpack(arguments, 1, arguments.n)))
  else
    stopped(task, before, resume(task.co))
  end
end

-- The task that runs this very code, not a coroutine that the task has made.
local function inside()
  return current and running() == current.co and current or nil
end

-- The same, where it can pause.
local function own()
  local task = inside()
  return task and (not isYieldable or isYieldable()) and task or nil
end

local turns = 0

-- `pending` says how to end what is waited for when the task is cancelled. One that is still there is of a pause that
-- failed (on 5.1).
local function pause(task, pending)
  abandon(task)
  task.pending = pending
  turns = turns + 1
  task.turn = turns
  yield(PAUSE)
end

local function coroutineOf(fn)
  if takesC or getinfo(fn, "S").what ~= "C" then
    return create(fn)
  end
  return create(function(...)
    return fn(...)
  end)
end

local function start(fields, fn, ...)
  fields.status, fields.co, fields.arguments, fields.waiters = "running", coroutineOf(fn), pack(...), {}
  local task = setmetatable(fields, Task)
  living[task] = true
  if scheduler.depth < scheduler.DEEP then
    advance(task)
  else
    wake(task)
  end
  return task
end

---Have something undone should the task that runs be cut off before that is taken back.
---@param undo fun() runs nothing of the user's
---@return fun()? forget takes it back; nil where no task runs
function tasks.undoIfCut(undo)
  local task = inside()
  if not task then
    return nil
  end
  task.undo = task.undo or {}
  local undos = task.undo
  undos[undo] = true
  return function()
    undos[undo] = nil
  end
end

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

---Sleep; in a task the others go on meanwhile, elsewhere calls and tasks are driven.
---@param seconds number
function tasks.sleep(seconds)
  if type(seconds) ~= "number" or not (seconds >= 0 and seconds < huge) then
    error(format("appwrite.sleep takes seconds, 0 or more, got %s", tostring(seconds)), 2)
  end
  local task, at = own(), now() + seconds
  if not task then
    scheduler.block(function() return false end, at)
    return
  end
  local timer = scheduler.at(at, wake, task)
  local function stop()
    scheduler.cancelTimer(timer)
  end
  repeat
    pause(task, stop)
  until now() >= at
  stop()
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
  return start({}, fn, ...)
end

---Run a function as a task and hand its results to a callback, once, from `poll`.
---@param callback function
---@param operation string what it is, for errors
---@param fn function
---@param ... any its arguments
---@return appwrite.Task
function tasks.call(callback, operation, fn, ...)
  return start({ callback = callback, operation = operation }, fn, ...)
end

-- Until it has ended or the time is over. False where nothing could ever end it.
local function waitFor(task, timeout)
  local me, deadline = own(), timeout and now() + timeout
  if not me then
    return scheduler.block(function() return task.status ~= "running" end, deadline)
  end
  task.waiters[me] = true
  local timer = deadline and scheduler.at(deadline, wake, me)
  local function stop()
    task.waiters[me] = nil
    if timer then
      scheduler.cancelTimer(timer)
    end
  end
  repeat
    pause(me, stop)
  until task.status ~= "running" or (deadline and now() >= deadline)
  stop()
  return true
end

local HOPELESS = "%s waits for what nothing that is left could bring about: a deadlock"

---Wait until the task has ended.
---
---Raises what it raised: a text with the traceback of the task behind it, anything else as it is (see `traceback`).
---@param timeout number? seconds
---@return any ... its results; nil and an appwrite.Error where it was cancelled or the time is over
function methods:await(timeout)
  if timeout ~= nil and not (type(timeout) == "number" and timeout >= 0) then
    error(format("task:await takes seconds, got %s", tostring(timeout)), 2)
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
    return nil, cancelledError(self)
  end
  return nil, Error.new { kind = "timeout", message = format("the task did not end within %s s", tostring(timeout)) }
end

---End the task: the call it waits for is cut off, and it does not run again. Tasks that it started or awaits go on. One
---that has ended stays as it is. One that runs the code which cancels it goes on until it next waits.
---A callback gets nil and an error of kind "cancelled".
---@return boolean cancelled
function methods:cancel()
  if self.status ~= "running" then
    return false
  end
  if self == inside() then
    error("a task cannot cancel itself; return from its function instead", 2)
  end
  self.results = pack(nil, cancelledError(self))
  finish(self, "cancelled")
  closeCancelled(self)
  return true
end

function Task.__tostring(self)
  return format("appwrite.Task (%s)", self.status)
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
    if type(key) ~= "number" then
      return format("appwrite.all takes an array of functions, but it has a field %s", tostring(key))
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
    list[index] = start({ group = group }, functions[index])
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
---@return integer calls still under way, and what is ready to run
function tasks.poll(timeout)
  timeout = timeout or 0
  if type(timeout) ~= "number" or timeout ~= timeout or timeout < 0 then
    error(format("appwrite.poll takes seconds, got %s", tostring(timeout)), 2)
  end
  if own() then
    error("appwrite.poll is for the program outside of its tasks; in a task, calls wait by themselves", 2)
  end
  return scheduler.poll(timeout)
end

-- Each is told of once.
local function forgetLiving()
  local count = 0
  for task in pairs(living) do
    count, living[task] = count + 1, nil
  end
  return count
end

---Run a function as a task, and everything else, until nothing is left.
---@param fn function?
---@param ... any its arguments
---@return any ... what the function returned; raises what it raised
function tasks.run(fn, ...)
  if fn ~= nil and type(fn) ~= "function" then
    error(format("appwrite.run takes a function, got %s", type(fn)), 2)
  end
  if own() then
    error("appwrite.run is for the program outside of its tasks", 2)
  end
  local main = fn and start({ heard = true }, fn, ...)
  scheduler.block(function()
    return next(living) == nil and scheduler.stuck()
  end)
  if main and main.status == "failed" then
    failures.raise(main)
  end
  local stuck = forgetLiving()
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

tasks.onError = scheduler.onError

return tasks
