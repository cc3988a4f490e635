--- What may run, what sleeps, and the one loop that moves everything on.
--
-- What may run is in a queue that is emptied by `poll` only, in the state that called it: so a callback is never called
-- from inside something else, and a task that wakes another does not run it.

local engine = require "appwrite.engine"
local host = require "appwrite.host"
local timers = require "appwrite.timers"

local error, format, type = error, string.format, type
local max, min = math.max, math.min
local unpack = table.unpack or unpack

local TURN = 0.5 -- seconds of one wait, in which an interrupt from the keyboard is not heard
local SHARED_WAIT = 0.01 -- seconds: several transports cannot be waited for at once, so none is waited for long

local scheduler = {}

local queue, first, last = {}, 1, 0
local sleeping = timers.new()

---@return number seconds of a clock that is never set back
function scheduler.now()
  return require("appwrite.core").monotonic()
end

local now = scheduler.now

-- The queue -----------------------------------------------------------------------------------------------------------

---Have a function called in the next turn.
---@param run fun(about: any)
---@param about any
function scheduler.enqueue(run, about)
  last = last + 1
  queue[last] = { run = run, about = about }
  local used = host.current()
  if used and used.wake then
    used.wake()
  end
end

local function runQueue()
  local stop = last
  while first <= stop do
    local entry = queue[first]
    queue[first] = nil
    first = first + 1
    entry.run(entry.about)
  end
end

-- Errors that nobody awaits -------------------------------------------------------------------------------------------

local function toStandardError(message)
  io.stderr:write("appwrite: ", message, "\n")
end

local report = toStandardError

---Where the error of a task that nobody awaits, or of a callback, is told: by default standard error.
---@param fn fun(message: string)? nil returns to the default
function scheduler.onError(fn)
  if fn ~= nil and type(fn) ~= "function" then
    error(format("appwrite.onError takes a function, got %s", type(fn)), 2)
  end
  report = fn or toStandardError
end

---@param message string
function scheduler.report(message)
  report(message)
end

-- Sleeping ------------------------------------------------------------------------------------------------------------

---@param at number
---@param fn fun(about: any) called in a turn after that time
---@param about any
---@return appwrite.Timer timer
function scheduler.at(at, fn, about)
  return sleeping:add(at, { run = fn, about = about })
end

---@param timer appwrite.Timer
function scheduler.cancelTimer(timer)
  timers.cancel(timer)
end

local function fireTimers()
  if not sleeping:next() then
    return
  end
  local at = now()
  local item = sleeping:due(at)
  while item do
    item.run(item.about)
    item = sleeping:due(at)
  end
end

-- Driving -------------------------------------------------------------------------------------------------------------

local function sleepFor(seconds)
  if seconds > 0 then
    require("appwrite.core").sleep(seconds)
  end
end

local function step(timeout)
  local active = engine.active()
  if #active == 0 then
    sleepFor(timeout)
    return 0
  elseif #active == 1 then
    return active[1]:step(timeout)
  end
  local count = 0
  for _, one in ipairs { unpack(active) } do
    count = count + one:step(min(timeout, SHARED_WAIT))
  end
  return count
end

---One step: what has arrived wakes who waits for it, and what may run does. With 0 it never waits.
---@param timeout number seconds to wait where nothing is to be done at once
---@return integer calls still under way
function scheduler.poll(timeout)
  fireTimers()
  if first <= last then
    runQueue()
    timeout = 0
  end
  if timeout > 0 then
    local at = sleeping:next()
    if at then
      timeout = min(timeout, max(0, at - now()))
    elseif #engine.active() == 0 then
      timeout = 0
    end
  end
  local count = step(timeout)
  fireTimers()
  runQueue()
  return count
end

---@return number? seconds until a sleeping task is due; 0: something may run now
function scheduler.due()
  if first <= last then
    return 0
  end
  local at = sleeping:next()
  return at and max(0, at - now())
end

-- Where nothing is under way, nobody will ever wake who waits.
---@return boolean stuck nothing is under way, nothing is ready, nobody sleeps
function scheduler.stuck()
  return #engine.active() == 0 and first > last and not sleeping:next()
end

---Wait outside of a task until done() or the time is over.
---@param done fun(): boolean
---@param deadline number?
function scheduler.block(done, deadline)
  local used = host.current()
  if used then
    if deadline then
      scheduler.at(deadline, function() end)
    end
    used.await(function()
      return done() or (deadline ~= nil and now() >= deadline)
    end)
    return
  end
  while not done() and (not deadline or now() < deadline) do
    if not deadline and scheduler.stuck() then
      error("appwrite: this waits for a task that waits for nothing that could happen", 3)
    end
    scheduler.poll(deadline and min(TURN, deadline - now()) or TURN)
  end
end

return scheduler
