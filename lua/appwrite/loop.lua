--- For programs with an event loop of their own: what to wait for, and when to call `appwrite.poll`.
--
-- A loop does this, again and again, for as long as `loop.busy()`:
--
--   1. wait until one of `loop.fds()` is ready or `loop.timeout()` seconds have gone by, whichever comes first;
--   2. call `appwrite.poll()`.
--
-- On Linux all calls have one descriptor, which stays the same while any are under way. Elsewhere descriptors come and
-- go with every poll. So both are asked anew each time.
--
-- That is enough for code that runs in tasks. `loop.adapter` does the rest, with four functions about the loop: the
-- library is polled when there is something to poll for, and a call outside of a task runs the loop while it waits.
-- `appwrite.loop.luv` and `appwrite.loop.cqueues` are made of it. `loop.use { name, await, wake }` is below that:
-- `wake()` is called when there is something new to be polled for, and `await(done)` lets a call outside of a task wait
-- in the loop's way; it returns when `done()` is true.
--
-- One loop drives the library at a time: another that is attached takes over from it.

local engine = require "appwrite.engine"
local host = require "appwrite.host"
local scheduler = require "appwrite.scheduler"

local error, format, ipairs, pcall, tostring, type = error, string.format, ipairs, pcall, tostring, type

local loop = {}

-- Transports without descriptors, such as the fake one of tests, are asked again soon.
local BLIND_WAIT = 0.001 -- seconds
local STEP_WAIT = 0.5 -- seconds of one blocking step, in which an interrupt from the keyboard is not heard

---@class appwrite.Descriptor
---@field fd integer
---@field read boolean  wait until it can be read
---@field write boolean wait until it can be written

---What to wait for; ask anew each time.
---@return appwrite.Descriptor[]
function loop.fds()
  local all = {}
  for _, one in ipairs(engine.active()) do
    local fds = one.transport.fds
    for _, descriptor in ipairs(fds and fds() or {}) do
      all[#all + 1] = descriptor
    end
  end
  return all
end

---How long to wait at most.
---@return number? seconds until a poll is due even if no descriptor is ready; nil where only they count
function loop.timeout()
  local soonest = scheduler.due()
  for _, one in ipairs(engine.active()) do
    local timeout = one.transport.timeout
    local due = BLIND_WAIT
    if timeout then
      due = one:patience(timeout())
    end
    if due and (not soonest or due < soonest) then
      soonest = due
    end
  end
  return soonest
end

---Whether to go on.
---@return boolean busy whether there is anything to be polled for
function loop.busy()
  return not scheduler.stuck()
end

-- What is wrong with a table of functions.
local function problemOf(given, required, optional)
  if type(given) ~= "table" then
    return "got " .. type(given)
  end
  for _, name in ipairs(required) do
    if type(given[name]) ~= "function" then
      return format("but its %s is a %s", name, type(given[name]))
    end
  end
  for _, name in ipairs(optional) do
    if given[name] ~= nil and type(given[name]) ~= "function" then
      return format("but its %s is a %s", name, type(given[name]))
    end
  end
  return nil
end

---Tell the library about the program's loop; nil takes it back.
---@param adapter appwrite.Host?
function loop.use(adapter)
  local problem = adapter ~= nil and problemOf(adapter, { "await" }, { "wake" })
  if problem then
    error("appwrite.loop.use takes a table { name, await, wake }, " .. problem, 2)
  end
  host.use(adapter)
end

local function checkHope()
  if not loop.busy() then
    error("appwrite: this waits for a task that waits for nothing that could happen", 0)
  end
end

---@class appwrite.LoopFunctions
---@field name string
---@field watch fun(fds: appwrite.Descriptor[], seconds: number?, turn: fun()) have `turn` called when one of them is
---  ready or the time has gone by (nil: there is none), instead of what was watched before; nothing of either: never
---@field unwatch fun() watch nothing. Called before whatever may close descriptors, and open others of the same number:
---  the loop must not go on waiting for the one that is gone
---@field running fun(): boolean whether the loop runs, so that it cannot be run in itself
---@field step fun(): boolean? one round of the loop, waiting for what it has; whether anything is left in it
---@field yield (fun(done: (fun(): boolean), call: appwrite.Call?))? where the loop runs: wait as its own code does,
---  where that is possible here
---@field turned fun()? called after each poll
---@field close fun()? called when detached: those that yielded must ask done() again

---What drives the library by a loop.
---@param way appwrite.LoopFunctions
---@return { attach: fun(), detach: fun() } adapter Attached, the library is driven by the loop and `appwrite.poll` is
---  not the program's to call; detached, it is again, and nothing of the library keeps the loop running. Both may be
---  called twice; to attach again takes up also what the program has taken from its loop.
function loop.adapter(way)
  local problem = problemOf(way, { "watch", "unwatch", "running", "step" }, { "yield", "turned", "close" })
  if problem then
    error("appwrite.loop.adapter takes a table of functions, " .. problem, 2)
  end
  local tasks = require "appwrite.tasks"
  local attached, turning, due, turns = false, false, false, 0

  local function turn()
    if turning or not attached then
      return
    end
    turning, due, turns = true, false, turns + 1
    way.unwatch()
    local ok, fault = pcall(tasks.poll)
    turning = false
    if attached then
      way.watch(loop.fds(), loop.timeout(), turn)
    end
    if way.turned then
      way.turned()
    end
    if not ok then
      error(fault, 0)
    end
  end

  local function turnSoon()
    due = true
    way.unwatch()
    way.watch({}, 0, turn)
  end

  local function wake()
    if attached and not turning and not due then
      turnSoon()
    end
  end

  -- The loop stands still meanwhile.
  local function block(done)
    way.unwatch()
    while not done() do
      checkHope()
      tasks.poll(STEP_WAIT)
    end
    due = false
    wake()
  end

  -- The loop has nothing left: the program took away what was watched, which is watched again.
  local function watchAgain(turnsThen)
    checkHope()
    if turns == turnsThen then
      error(format('appwrite: the loop "%s" ends without having done what it was told to watch', tostring(way.name)), 0)
    end
    turnSoon()
    return turns
  end

  local function runLoop(done)
    local turnsThen
    while not done() do
      if not way.step() and not done() then
        turnsThen = watchAgain(turnsThen)
      end
    end
  end

  local function await(done, call)
    wake()
    if not way.running() then
      return runLoop(done)
    end
    if way.yield then
      way.yield(function() return not attached or done() end, call)
    end
    block(done)
  end

  local function leave()
    attached, due = false, false
    way.unwatch()
    if way.close then
      way.close()
    end
  end

  local adapter, used = {}, { name = way.name, await = await, wake = wake, leave = leave }

  function adapter.attach()
    attached, due = true, false
    loop.use(used)
    wake()
  end

  function adapter.detach()
    if attached then
      loop.use(nil)
    end
  end

  return adapter
end

return loop
