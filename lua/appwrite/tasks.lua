--- Tasks: functions that run side by side in one Lua state. A call inside a task lets the others go on instead of
-- blocking. Nothing here runs by itself: `poll`, or what calls it, moves everything on.
--
-- A task is a coroutine and what it waits for.

local Error = require "appwrite.error"
local host = require "appwrite.host"
local scheduler = require "appwrite.scheduler"

local error, format, setmetatable, tostring, type = error, string.format, setmetatable, tostring, type
local traceback, xpcall = debug.traceback, xpcall
local huge = math.huge
local unpack = table.unpack or unpack

-- nginx replaces these with ones that belong to one request, but a task may outlive the request that began it.
local function plain(name)
  return rawget(coroutine, "_" .. name) or rawget(coroutine, name)
end
local create, resume, running, status, yield =
  plain "create", plain "resume", plain "running", plain "status", plain "yield"
local closeCoroutine = rawget(coroutine, "close") -- since 5.4

-- What a task yields when this module pauses it; anything else comes from the task's own code.
local PAUSE = {}

local Task = { __name = "appwrite.Task" }
---@class appwrite.Task
---@field status "running"|"done"|"failed"|"cancelled"
---@field traceback string? where a failed one failed
local methods = {}
Task.__index = methods

local tasks = {}

---@type appwrite.Task?
local current
local alive = 0
local enqueue, now = scheduler.enqueue, scheduler.now

local function pack(...)
  return { n = select("#", ...), ... }
end

local function explain(err, trace)
  local text = tostring(err)
  return trace and text .. "\n" .. trace or text
end

local function reportUnless(task)
  if not task.awaited then
    scheduler.report("a task failed, and nobody awaits it: " .. explain(task.err, task.traceback))
  end
end

-- Running -------------------------------------------------------------------------------------------------------------

local function callBack(task)
  local results = task.results
  local ok, message = xpcall(function()
    return task.callback(unpack(results, 1, results.n))
  end, traceback)
  if not ok then
    scheduler.report("a callback failed: " .. tostring(message))
  end
end

local advance

local function wake(task)
  if task.status == "running" then
    enqueue(advance, task)
  end
end

local function finish(task, how)
  task.status = how
  task.pending = nil
  alive = alive - 1
  for _, waiter in ipairs(task.waiters) do
    wake(waiter)
  end
  if task.callback then
    if how == "failed" then
      reportUnless(task)
    else
      enqueue(callBack, task)
    end
  elseif how == "failed" then
    -- A turn of the queue for somebody to await it.
    enqueue(reportUnless, task)
  end
end

local function cancelledError()
  return Error.new { kind = "cancelled", message = "the task was cancelled" }
end

local function settle(task, ok, ...)
  if task.status == "cancelled" then
    if closeCoroutine and status(task.co) == "suspended" then
      closeCoroutine(task.co)
    end
    return
  end
  if status(task.co) ~= "dead" then
    if ... ~= PAUSE then
      wake(task)
    end
    return
  end
  if ok then
    task.results = pack(...)
    finish(task, "done")
  else
    task.err, task.traceback = ..., traceback(task.co)
    finish(task, "failed")
  end
end

-- Whoever waits looks again whether what it waits for has come, so that being woken in vain does no harm.
function advance(task)
  if task.status ~= "running" or status(task.co) ~= "suspended" then
    return
  end
  local before = current
  current, task.pending = task, nil
  local arguments = task.arguments
  if arguments then
    task.arguments = nil
    settle(task, resume(task.co, unpack(arguments, 1, arguments.n)))
  else
    settle(task, resume(task.co))
  end
  current = before
end

-- The task that runs this very code, not a coroutine that the task has made.
local function own()
  if current and running() == current.co then
    return current
  end
  return nil
end

-- `pending` says how to end what is waited for when the task is cancelled.
local function pause(task, pending)
  task.pending = pending
  yield(PAUSE)
end

local function start(fn, callback, ...)
  local task = setmetatable({
    status = "running",
    co = create(fn),
    arguments = pack(...),
    waiters = {},
    callback = callback,
  }, Task)
  alive = alive + 1
  advance(task)
  return task
end

-- Waiting -------------------------------------------------------------------------------------------------------------

local function wakeForCall(call)
  wake(call.task)
end

---Pause the task that runs until a call has ended; false where none runs.
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
  repeat
    pause(task, function()
      used:drop(call)
    end)
  until call.answer
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
  repeat
    local timer = scheduler.at(at, wake, task)
    pause(task, function()
      scheduler.cancelTimer(timer)
    end)
  until now() >= at
end

-- Tasks ---------------------------------------------------------------------------------------------------------------

---Start a task: it runs until it first waits for something, then whenever `poll` lets it.
---@param fn function
---@param ... any its arguments
---@return appwrite.Task
function tasks.spawn(fn, ...)
  if type(fn) ~= "function" then
    error(format("appwrite.spawn takes a function, got %s", type(fn)), 2)
  end
  return start(fn, nil, ...)
end

---Run a function as a task and hand its results to a callback, once, from `poll`.
---@param callback function
---@param fn function
---@param ... any its arguments
---@return appwrite.Task
function tasks.call(callback, fn, ...)
  return start(fn, callback, ...)
end

-- Until it has ended, the time is over, or enough() says so.
local function waitFor(task, timeout, enough)
  local me = own()
  local deadline = timeout and now() + timeout
  local function ended()
    return task.status ~= "running" or (enough ~= nil and enough())
  end
  if not me then
    scheduler.block(ended, deadline)
    return
  end
  local waiters = task.waiters
  waiters[#waiters + 1] = me
  local timer = deadline and scheduler.at(deadline, wake, me)
  repeat
    pause(me)
  until ended() or (deadline and now() >= deadline)
  if timer then
    scheduler.cancelTimer(timer)
  end
end

---Wait until the task has ended.
---
---Raises what it raised: a text with the traceback of the task behind it, anything else as it is (see `traceback`).
---@param timeout number? seconds
---@return any ... its results; nil and an appwrite.Error where it was cancelled or the time is over
function methods:await(timeout)
  if timeout ~= nil and (type(timeout) ~= "number" or timeout < 0) then
    error(format("task:await takes seconds, got %s", tostring(timeout)), 2)
  end
  if self == own() then
    error("a task cannot await itself", 2)
  end
  self.awaited = true
  if self.status == "running" then
    waitFor(self, timeout)
  end
  if self.status == "done" then
    return unpack(self.results, 1, self.results.n)
  elseif self.status == "failed" then
    error(type(self.err) == "string" and explain(self.err, self.traceback) or self.err, 0)
  elseif self.status == "cancelled" then
    return nil, cancelledError()
  end
  return nil, Error.new { kind = "timeout", message = format("the task did not end within %s s", tostring(timeout)) }
end

---End the task: the call it waits for is cut off, and it does not run again. One that has ended stays as it is.
---A callback gets nil and an error of kind "cancelled".
---@return boolean cancelled
function methods:cancel()
  if self.status ~= "running" then
    return false
  end
  if self == own() then
    error("a task cannot cancel itself; return from its function instead", 2)
  end
  local pending = self.pending
  self.results = pack(nil, cancelledError())
  finish(self, "cancelled")
  if pending then
    pending()
  end
  for _, child in ipairs(self.children or {}) do
    child:cancel()
  end
  if closeCoroutine and status(self.co) == "suspended" then
    closeCoroutine(self.co)
  end
  return true
end

function Task.__tostring(self)
  return format("appwrite.Task (%s)", self.status)
end

local function checkFunctions(functions)
  if type(functions) ~= "table" then
    return format("appwrite.all takes an array of functions, got %s", type(functions))
  end
  for index = 1, #functions do
    if type(functions[index]) ~= "function" then
      return format("appwrite.all takes an array of functions, but item %d is a %s", index, type(functions[index]))
    end
  end
  return nil
end

local function oneFailed(list)
  for _, task in ipairs(list) do
    if task.status == "failed" then
      return task
    end
  end
  return nil
end

-- Until all have ended or one has failed.
local function waitForAll(list)
  for _, task in ipairs(list) do
    while task.status == "running" and not oneFailed(list) do
      waitFor(task, nil, function()
        return oneFailed(list) ~= nil
      end)
    end
  end
end

---Run functions side by side and wait for all. Where one raises, the others are cancelled and its error is raised.
---@param functions function[]
---@return any ... the first result of each, in their order
function tasks.all(functions)
  local problem = checkFunctions(functions)
  if problem then
    error(problem, 2)
  end
  local list, results, me = {}, {}, own()
  for index = 1, #functions do
    list[index] = start(functions[index])
    list[index].awaited = true
  end
  if me then
    -- Every one of them wakes who waits for any: the first that fails ends it.
    me.children = list
    for _, task in ipairs(list) do
      task.waiters[1] = me
    end
  end
  waitForAll(list)
  if me then
    me.children = nil
  end
  local failed = oneFailed(list)
  if failed then
    for _, task in ipairs(list) do
      task:cancel()
    end
    error(type(failed.err) == "string" and explain(failed.err, failed.traceback) or failed.err, 0)
  end
  for index, task in ipairs(list) do
    results[index] = task.results[1]
  end
  return unpack(results, 1, #list)
end

-- Driving -------------------------------------------------------------------------------------------------------------

---One step: what has arrived wakes who waits for it, and what may run does. Without a timeout it never waits.
---@param timeout number? seconds to wait where nothing is to be done at once
---@return integer calls still under way
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
  local main = fn and start(fn, nil, ...)
  if main then
    main.awaited = true
  end
  scheduler.block(function()
    return alive == 0 and scheduler.stuck()
  end)
  if main then
    return main:await()
  end
end

tasks.onError = scheduler.onError

return tasks
