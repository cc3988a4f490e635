--- What may run, what sleeps, and the one loop that moves everything on.
--
-- What may run is in a queue that is emptied by `poll` only, in the state that called it: so a callback is never called
-- from inside something else, and a task that wakes another does not run it.

local engine = require "appwrite.engine"
local host = require "appwrite.host"
local timers = require "appwrite.timers"

local error, find, format, pcall, rawget, running, type =
  error, string.find, string.format, pcall, rawget, coroutine.running, type
local huge, max, min = math.huge, math.max, math.min
local unpack = table.unpack or unpack

local TURN = 0.5 -- seconds of one wait, in which an interrupt from the keyboard is not heard
local SHARED_WAIT = 0.01 -- seconds: several transports cannot be waited for at once, so none is waited for long
local ROUNDS = 100 -- in one poll: what runs may make more ready, but not keep the program for ever
local BUDGET = 0.0003 -- seconds for what is ready, in a poll that must not wait: the rest of a frame is the game's

-- `depth`: how many tasks and callbacks run inside one another, counted by appwrite.tasks. Lua's C stack holds few.
local scheduler = { depth = 0, DEEP = 30 }

-- What is to be called, and what with: two arrays, as a table for each would be one more to make and to collect.
local queue, abouts, first, last = {}, {}, 1, 0
local later = {}
local sleeping = timers.new()

-- Functions of the queue that a memory error can cut off anywhere, to be called again as if for the first time.
local firm = {}
-- What a timer was for that is being called; there still where that was cut off.
local firing
-- Timers of calls that are under way though no transport has them: between two attempts, before their turn.
local callsAsleep = 0

local monotonic

---@return number seconds of a clock that is never set back
function scheduler.now()
  monotonic = monotonic or require("appwrite.core").monotonic
  return monotonic()
end

local now = scheduler.now

local function wakeHost()
  local used = host.current()
  if used and used.wake then
    used.wake()
  end
end

-- The queue -----------------------------------------------------------------------------------------------------------

---Have a function called as soon as may be.
---@param run fun(about: any)
---@param about any
function scheduler.enqueue(run, about)
  queue[last + 1], abouts[last + 1] = run, about
  last = last + 1 -- not before they are in: a memory error must leave no gap
  wakeHost()
end

---Have a function called, but not by the poll that is under way: for what would have itself called again and again.
---@param run fun(about: any)
---@param about any
function scheduler.enqueueLater(run, about)
  later[#later + 1] = { run = run, about = about }
  wakeHost()
end

---Have a function of the queue called again, by the next poll, whenever a memory error has cut it off: for what
---nobody else would begin anew. What it returns is raised, and it is not called again for that.
---@param run fun(about: any): any
function scheduler.makeFirm(run)
  firm[run] = true
end

-- All of them are in the queue before any leaves its place: a memory error must leave no gap.
local function takeLater()
  local count = #later
  for index = 1, count do
    local entry = later[index]
    queue[last + index], abouts[last + index] = entry.run, entry.about
  end
  last = last + count
  for index = count, 1, -1 do
    later[index] = nil
  end
end

-- The first again. A poll inside of it may have gone on from where it is.
local function putBack(index)
  local place = first - 1
  if place ~= index then
    queue[place], abouts[place] = queue[index], abouts[index]
    queue[index], abouts[index] = nil, nil
  end
  first = place
end

-- It keeps its place while it runs, since there may be no memory for another one.
local function runFirm(index)
  local ok, problem = pcall(queue[index], abouts[index])
  if not ok and type(problem) == "string" and find(problem, "not enough memory", 1, true) then
    putBack(index)
  else
    queue[index], abouts[index] = nil, nil
  end
  if problem ~= nil then
    error(problem, 0)
  end
end

-- Each entry is out of the queue before it runs, so the rest is there after one that raises, and for one that polls.
-- What is left when the time is over is the next poll's; the first always runs.
---@param budget number seconds
---@return number left of them
local function runQueue(budget)
  if first > last then
    return budget
  end
  local start = now()
  for _ = 1, ROUNDS do
    local stop = last
    while first <= stop do
      local index = first
      local run, about = queue[index], abouts[index]
      first = index + 1
      if firm[run] then
        runFirm(index)
      else
        queue[index], abouts[index] = nil, nil
        run(about)
      end
      if now() - start >= budget then
        return 0
      end
    end
    if first > last then
      break
    end
  end
  return budget - (now() - start)
end

local function ready()
  return last - first + 1 + #later + (firing and 1 or 0)
end

-- Errors that nobody awaits -------------------------------------------------------------------------------------------

local function toStandardError(message)
  io.stderr:write("appwrite: ", message, "\n")
end

local report = toStandardError

---Where the error of a task that nobody awaits, or of a callback, is told: by default standard error. What the function
---itself raises comes out of `poll`.
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
---@param fn fun(about: any) called in a turn after that time; runs nothing of the user's
---@param about any
---@param ofCall boolean? a call goes on then, which `poll` counts until that
---@return appwrite.Timer timer
function scheduler.at(at, fn, about, ofCall)
  local timer = sleeping:add(at, { run = fn, about = about, ofCall = ofCall })
  callsAsleep = callsAsleep + (ofCall and 1 or 0)
  wakeHost()
  return timer
end

---@param timer appwrite.Timer
function scheduler.cancelTimer(timer)
  local item = timer.item
  sleeping:cancel(timer)
  callsAsleep = callsAsleep - (item and item.ofCall and 1 or 0)
end

local function fireTimers()
  if not (firing or sleeping:next()) then
    return
  end
  local at = now()
  firing = firing or sleeping:due(at)
  while firing do
    firing.run(firing.about)
    callsAsleep = callsAsleep - (firing.ofCall and 1 or 0)
    firing = sleeping:due(at)
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
  local count = #active
  if count == 0 then
    sleepFor(timeout)
  elseif count == 1 then
    active[1]:step(timeout)
  else
    timeout = min(timeout, SHARED_WAIT) / count
    for _, one in ipairs { unpack(active) } do
      one:step(timeout)
    end
  end
end

local function underWay()
  local count = callsAsleep
  for _, one in ipairs(engine.active()) do
    count = count + one.count
  end
  return count
end

local function limit(timeout)
  local at = sleeping:next()
  if at then
    return min(timeout, max(0, at - now()))
  end
  return #engine.active() > 0 and timeout or 0
end

---One step: what has arrived wakes who waits for it, and what may run does. With 0 it never waits, and leaves to the
---next one what would take it long.
---@param timeout number seconds to wait where nothing is to be done at once
---@return integer calls still under way, and what is ready to run but has not
function scheduler.poll(timeout)
  if scheduler.depth >= scheduler.DEEP then
    error(format("appwrite: %d callbacks or tasks wait or poll inside one another; start calls in them instead, and"
      .. " return", scheduler.depth), 0)
  end
  local budget = timeout > 0 and huge or BUDGET
  takeLater()
  fireTimers()
  if first <= last then
    budget = runQueue(budget)
    timeout = 0
  end
  step(timeout > 0 and limit(timeout) or 0)
  fireTimers()
  if budget > 0 then
    runQueue(budget)
  end
  return underWay() + ready()
end

---@return number? seconds until a sleeping task is due; 0: something may run now
function scheduler.due()
  if ready() > 0 then
    return 0
  end
  local at = sleeping:next()
  return at and max(0, at - now())
end

-- Where nothing is under way, nobody will ever wake who waits.
---@return boolean stuck nothing is under way, nothing is ready, nobody sleeps
function scheduler.stuck()
  return #engine.active() == 0 and ready() == 0 and not sleeping:next()
end

local function nothing()
end

-- A coroutine of 5.1 cannot wait within pcall; what is raised there goes past.
local waitsInPcall = _VERSION ~= "Lua 5.1" or rawget(_G, "jit") ~= nil

local function attempt(run, about)
  if waitsInPcall or not running() then
    return pcall(run, about)
  end
  return true, run(about)
end

local function driveUntil(ended)
  if host.current() then
    host.wait(ended)
    return true
  end
  repeat
    if scheduler.stuck() then
      return false
    end
    scheduler.poll(TURN)
  until ended()
  return true
end

---Wait outside of a task until done() or the time is over. Raises what a poll raises meanwhile.
---@param done fun(): boolean
---@param deadline number?
---@param atEnd fun(ok: boolean)? called then; ok: nothing was raised
---@return boolean possible false where nothing is left that could ever make it so
function scheduler.block(done, deadline, atEnd)
  local timer = deadline and scheduler.at(deadline, nothing)
  local function ended()
    return done() or (deadline ~= nil and now() >= deadline)
  end
  local ok, possible = true, true
  if not done() then
    ok, possible = attempt(driveUntil, ended)
  end
  if timer then
    scheduler.cancelTimer(timer)
  end
  if atEnd then
    atEnd(ok)
  end
  if not ok then
    error(possible, 0)
  end
  return possible
end

return scheduler
