--- How a task runs: a coroutine that begins, pauses, is woken, and ends. What a program does with tasks, and where one
-- can pause, is in appwrite.tasks.

local Error = require "appwrite.error"
local failures = require "appwrite.failures"
local host = require "appwrite.host"
local scheduler = require "appwrite.scheduler"

local getinfo, traceback = debug.getinfo, debug.traceback
local error, ipairs, next, pairs, select, setmetatable, xpcall =
  error, ipairs, next, pairs, select, setmetatable, xpcall
local textOf = failures.text
local sort = table.sort
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

-- 5.1's xpcall does not.
local handsOn = select(2, xpcall(function(given) return given end, error, true)) == true

-- What a task yields when this module pauses it; anything else comes from the task's own code.
local PAUSE = {}

local Task = { __name = "appwrite.Task" }
---A function that runs beside others, or a call with a callback: what `appwrite.spawn` gives.
---@class appwrite.Task
---@field status "running"|"done"|"failed"|"cancelled"
---@field traceback string? where a failed one failed
local methods = {}
Task.__index = methods

-- `Task` is their metatable; `methods` is for appwrite.tasks to fill; `handsOn`: xpcall hands arguments on.
local coroutines = { Task = Task, methods = methods, handsOn = handsOn }

---@type appwrite.Task?
local current
-- Those that have not ended, and are not forgotten by everybody.
local living = setmetatable({}, { __mode = "k" })
local enqueue = scheduler.enqueue

local function pack(...)
  return { n = select("#", ...), ... }
end

-- Errors --------------------------------------------------------------------------------------------------------------

---@param task appwrite.Task
---@return appwrite.Error
function coroutines.cancelledError(task)
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
  local text = textOf(task.err)
  return Error.new {
    kind = text:find("not enough memory", 1, true) and "memory" or "cancelled",
    message = "the call was broken off by an error: " .. text,
    operation = task.operation,
  }
end

-- Running -------------------------------------------------------------------------------------------------------------

local function withTraceback(err)
  return traceback(textOf(err), 2)
end

local function withResults(callback, results)
  if handsOn then
    return xpcall(callback, withTraceback, unpack(results, 1, results.n))
  end
  return xpcall(function()
    return callback(unpack(results, 1, results.n))
  end, withTraceback)
end

local function callBack(task)
  local callback = task.callback
  task.callback = nil
  scheduler.depth = scheduler.depth + 1
  local ok, message = withResults(callback, task.results)
  scheduler.depth = scheduler.depth - 1
  if not ok then
    scheduler.report("a callback failed: " .. message)
  end
end

local advance

---Have a task go on, if it is there to.
---@param task appwrite.Task
function coroutines.wake(task)
  if task.status == "running" then
    enqueue(advance, task)
  end
end
local wake = coroutines.wake

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

---Let tasks look again whether what they wait for is so, in the order in which they began to wait.
---@param waiters table<appwrite.Task, true>
function coroutines.wakeAll(waiters)
  local list = {}
  for waiter in pairs(waiters) do
    list[#list + 1] = waiter
  end
  sort(list, byTurn)
  for _, waiter in ipairs(list) do
    wake(waiter)
  end
end

local function finish(task, how)
  task.status = how
  living[task] = nil
  coroutines.wakeAll(task.waiters)
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
    enqueue(scheduler.report, "a task failed while it was cancelled: " .. textOf(err))
  end
end

local function fail(task, err)
  task.status, task.err, task.traceback = "failed", err, traceback(task.co)
  task.err = close(task, task.err)
  task.results = task.callback and pack(nil, brokenOff(task))
  finish(task, "failed")
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
    fail(task, (...))
  end
end

local function stopped(task, before, ...)
  current = before
  scheduler.depth = scheduler.depth - 1
  settle(task, ...)
  local used = host.current()
  if not before and used and used.resumed then
    used.resumed()
  end
end

local function run(task, ...)
  local before = current
  current, task.pending = task, nil
  scheduler.depth = scheduler.depth + 1
  stopped(task, before, resume(task.co, ...))
end

local ELSEWHERE = "something else resumed this task's coroutine, and it ended there: only the library may resume it"

-- Whoever waits looks again whether what it waits for has come, so that being woken in vain does no harm.
function advance(task)
  local now = task.status == "running" and status(task.co)
  if now == "dead" then
    fail(task, ELSEWHERE)
  end
  if now ~= "suspended" then
    return
  end
  local arguments = task.arguments
  if arguments then
    task.arguments = nil
    run(task, unpack(arguments, 1, arguments.n))
  else
    run(task)
  end
end

---The task that runs this very code, not a coroutine that the task has made.
---@return appwrite.Task?
function coroutines.inside()
  return current and running() == current.co and current or nil
end
local inside = coroutines.inside

---The same, where it can pause.
---@return appwrite.Task?
function coroutines.own()
  local task = inside()
  return task and (not isYieldable or isYieldable()) and task or nil
end

---@return boolean within the code of a task, or what that has called, also in a coroutine of its own
function coroutines.within()
  return current ~= nil
end

local turns = 0

-- A `pending` that is still there is of a pause that failed (on 5.1).
---Pause the task that runs until it is woken, maybe in vain, or by something else that resumes its coroutine.
---@param task appwrite.Task
---@param pending fun() how to end what is waited for when the task is cancelled
function coroutines.pause(task, pending)
  abandon(task)
  task.pending = pending
  turns = turns + 1
  task.turn = turns
  yield(PAUSE)
  task.pending = nil
end

local function make(fn)
  local used = host.current()
  if used and used.create then
    return used.create(create, fn)
  end
  return create(fn)
end

local function coroutineOf(fn)
  if takesC or getinfo(fn, "S").what ~= "C" then
    return make(fn)
  end
  return make(function(...)
    return fn(...)
  end)
end

---A task of a function, with room for all that it will usually know of itself. It waits for `start`.
---@param fn function
---@param callback function?
---@param operation string? what the callback waits for, for errors
---@param group table? of appwrite.all
---@return appwrite.Task
function coroutines.new(fn, callback, operation, group)
  return setmetatable({
    status = "running", co = coroutineOf(fn), waiters = {}, callback = callback, operation = operation, group = group,
    pending = nil, turn = nil, results = nil,
  }, Task)
end

---@param task appwrite.Task
---@param ... any its function's arguments
---@return appwrite.Task
function coroutines.start(task, ...)
  living[task] = true
  if scheduler.depth < scheduler.DEEP then
    run(task, ...)
  else
    task.arguments = pack(...)
    wake(task)
  end
  return task
end

---Have something undone should the task that runs be cut off before that is taken back.
---@param undo fun() runs nothing of the user's
---@return fun()? forget takes it back; nil where no task runs
function coroutines.undoIfCut(undo)
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

---End a task that has not ended, and does not run this very code.
---@param task appwrite.Task
function coroutines.cancel(task)
  task.results = pack(nil, coroutines.cancelledError(task))
  finish(task, "cancelled")
  closeCancelled(task)
end

---@return boolean some whether there are tasks that have not ended
function coroutines.any()
  return next(living) ~= nil
end

---Forget those that have not ended: each is told of once.
---@return integer count of them
function coroutines.forgetLiving()
  local count = 0
  for task in pairs(living) do
    count, living[task] = count + 1, nil
  end
  return count
end

function Task.__tostring(self)
  return "appwrite.Task (" .. self.status .. ")"
end

return coroutines
