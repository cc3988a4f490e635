--- The host for nginx's Lua module and OpenResty: a call yields the light thread that makes it, and the worker goes on.
--
-- Each worker has one pump, a light thread of its own that polls while anything is under way and ends when nothing is,
-- so that an idle worker never wakes up. Who waits for a call sleeps on a semaphore that the call's end posts.
--
-- The pump must learn when libcurl's sockets are ready, which nginx does not watch. A thread of nginx's pool waits for
-- libcurl's epoll set instead, and the pump sleeps until that thread returns (ngx.run_worker_thread). This needs the
-- directive `thread_pool default threads=2;`. Where it or the function is missing, the pump looks every millisecond.
--
-- Tasks and callbacks run inside of the pump, outside of any request. A callback may do, and wait for, what a timer's
-- function may. What waits in a task must be this library's: nginx would resume the light thread around it. So a task
-- has no request, and nginx's functions that need one say so: "no request found".

local core = require "appwrite.core"
local semaphore = require "ngx.semaphore"

local ngx = ngx
local error, format, ipairs, next, pairs, pcall, setmetatable, tostring, type =
  error, string.format, ipairs, next, pairs, pcall, setmetatable, tostring, type
local max, min, remove, unpack = math.max, math.min, table.remove, unpack
local monotonic, running = core.monotonic, coroutine.running

local THREAD_POOL = "default"
local THREAD_WAIT = 0.05 -- seconds; a worker that ends waits for its threads
local RETRY = 10 -- seconds before a thread is asked for again, where none was to be had
local SHORT_WAIT = 0.001 -- seconds: nginx's shortest, and what is slept where sockets cannot be waited for
local LONGEST_WAIT = 0.1 -- seconds; so often it looks for calls whose request has gone
local PATIENCE = 2 -- seconds after which who waits looks whether the pump still goes round
local SPARE = 128 -- semaphores kept for the next calls

-- Where a light thread may wait (ngx.semaphore's documentation).
local CAN_WAIT = {
  rewrite = true, server_rewrite = true, access = true, content = true, timer = true, ssl_cert = true,
  ssl_session_fetch = true, ssl_client_hello = true, preread = true,
}
-- Of these, where a request can end in a wait, with its client. Tasks run in a timer.
local OF_REQUEST = { rewrite = true, server_rewrite = true, access = true, content = true }
-- Where not even a task can be begun: no worker runs yet, or none will any more.
local CANNOT_POLL = { init = true, exit_worker = true }

-- OpenResty's LuaJIT has the request in each coroutine, handed down by the one that creates it.
local hasRequests, requestOf = pcall(require, "thread.exdata")
local NO_REQUEST = hasRequests and require("ffi").cast("void *", 0) or nil

local nginx = { name = "nginx" }

local spare = {}
local waiting = {} -- call -> { semaphore, engine, thread, request }
local watchers = {} -- { done, semaphore, thread, request } that no single call ends
local undos = setmetatable({}, { __mode = "k" }) -- light thread, or a request's ngx.ctx -> what is undone with it

local phaseAround -- of the tasks that run
local wanted = false -- a pump, by a task, from where nginx starts none

---@return boolean inside of a task, or before there is any worker
local function hasNoRequest()
  return hasRequests and requestOf() == nil
end

---@return string phase
local function phaseHere()
  return hasNoRequest() and phaseAround or ngx.get_phase()
end

---Make a task's coroutine: it may outlive the request in which it is made, whose memory nginx's functions would use.
---And what they wait for there would wake the light thread around the task.
---@param create fun(fn: function): thread
---@param fn function
---@return thread
function nginx.create(create, fn)
  if not hasRequests or hasNoRequest() then
    return create(fn)
  end
  local request = requestOf()
  phaseAround = ngx.get_phase()
  requestOf(NO_REQUEST)
  local ok, made = pcall(create, fn)
  requestOf(request)
  return ok and made or error(made, 0)
end

local function newSemaphore()
  local made, problem = semaphore.new(0)
  return made or error("appwrite: no semaphore: " .. tostring(problem), 0)
end

local function giveBack(used)
  if #spare < SPARE and used:count() == 0 then
    spare[#spare + 1] = used
  end
end

-- A semaphore on which nobody waits any more, and which was not posted: the client of that request hung up, and nginx
-- ended its light threads. (The count is negative while somebody waits.)
local function abandoned(used)
  return used:count() == 0
end

local function undoFor(key)
  local list = key and undos[key]
  if list then
    undos[key] = nil
    for undo in pairs(list) do
      undo()
    end
  end
end

local function undo(entry)
  undoFor(entry.thread)
  undoFor(entry.request)
end

local function dropAbandoned()
  for call, entry in pairs(waiting) do
    if abandoned(entry.semaphore) then
      waiting[call] = nil
      entry.engine:drop(call)
      undo(entry)
    end
  end
  for index = #watchers, 1, -1 do
    local entry = watchers[index]
    if abandoned(entry.semaphore) then
      remove(watchers, index)
      undo(entry)
    end
  end
end

local function undoWith(key, fn)
  if not key then
    return nil
  end
  local list = undos[key] or {}
  undos[key] = list
  list[fn] = true
  return function()
    list[fn] = nil
  end
end

local function request()
  return OF_REQUEST[ngx.get_phase()] and ngx.ctx or nil
end

---Have something undone should the light thread that runs be ended, with its request, while it waits here.
---@param fn fun() runs nothing of the user's
---@return fun()? forget takes it back; nil where nothing can wait
function nginx.undoIfGone(fn)
  return undoWith(running(), fn)
end

---The same, should any of the request's light threads be ended so.
---@param fn fun() runs nothing of the user's
---@return fun()? forget takes it back; nil where no request runs
function nginx.undoWithRequest(fn)
  return undoWith(request(), fn)
end

-- Of a light thread that was ended nginx takes the stack, and with it what its functions refer to: they are not called.
local function wakeWatchers()
  for index = #watchers, 1, -1 do
    local entry = watchers[index]
    if not abandoned(entry.semaphore) and entry.done() then
      remove(watchers, index)
      entry.semaphore:post(1)
    end
  end
end

-- The watch -----------------------------------------------------------------------------------------------------------
--
-- A second light thread of the pump, since one that waits for a thread of the pool hears nothing else.

---@class appwrite.Pump
---@field bell table        the semaphore it sleeps on
---@field beat number       when it last went round
---@field isFirst boolean?  it has not gone round yet
---@field till number?      while it sleeps: when that ends
---@field polling boolean?  it is inside of a poll
---@field arm table?        the semaphore that its watch sleeps on
---@field guard table?      the semaphore that its guard sleeps on

---@type appwrite.Pump?
local pump

local hasThreads = type(ngx.run_worker_thread) == "function"
local retryAt, warned = 0, false

---@type appwrite.Pump? whose watch waits for the sockets
local watching

local function ring()
  if pump and pump.till then
    pump.till = nil
    pump.bell:post(1)
  end
end

local function noThread(problem)
  retryAt = monotonic() + RETRY
  if not warned then
    warned = true
    ngx.log(ngx.WARN, 'appwrite: no thread of the pool "', THREAD_POOL, '" (', problem, "): looking at the sockets ",
      "every millisecond instead; `thread_pool ", THREAD_POOL, " threads=2;` in nginx.conf makes one")
  end
end

local function watch(self, fd)
  repeat
    local ok, ready = ngx.run_worker_thread(THREAD_POOL, "appwrite.core", "await", fd, THREAD_WAIT)
    if not ok then
      noThread(ready)
    end
    if not ok or ready or pump ~= self then
      watching = nil
      ring()
    end
    while pump == self and watching ~= self do
      self.arm:wait(PATIENCE)
    end
  until pump ~= self
  if watching == self then
    watching = nil
  end
end

-- Whether the pump's bell rings when a socket is ready.
local function startWatch(self, loop)
  if watching then
    return true
  elseif not hasThreads or monotonic() < retryAt then
    return false
  end
  local fds = loop.fds()
  if #fds ~= 1 then
    return false
  end
  watching = self
  if self.arm then
    self.arm:post(1)
  else
    self.arm = newSemaphore()
    ngx.thread.spawn(watch, self, fds[1].fd)
  end
  return watching ~= nil
end

-- The pump ------------------------------------------------------------------------------------------------------------

-- Sleep until something may have happened. Where there is more to do at once, nginx has its turn before, but for the
-- first time, as it has just had it. (Debian's nginx writes a warning for each ngx.sleep(0).)
local function rest(self, loop)
  local timeout, isFirst = loop.timeout(), self.isFirst
  self.isFirst = nil
  if timeout == 0 then
    if not isFirst then
      ngx.sleep(0)
    end
    return
  end
  timeout = max(min(timeout or LONGEST_WAIT, LONGEST_WAIT), SHORT_WAIT)
  if not startWatch(self, loop) then
    timeout = SHORT_WAIT
  end
  self.till = monotonic() + timeout
  self.bell:wait(timeout)
  self.till = nil
end

local startPump

-- A light thread that nginx runs as soon as the pump waits for anything. Where that is inside of a poll, a callback
-- waits, and another pump takes over; the first ends when the callback does.
local function guard(self)
  while pump == self do
    if self.polling then
      local problem = startPump()
      if problem then
        ngx.log(ngx.ERR, problem)
        return
      end
    else
      self.guard:wait(PATIENCE)
    end
  end
end

local function wakeGuard(self)
  if not self.guard then
    self.guard = newSemaphore()
    ngx.thread.spawn(guard, self)
  end
  self.guard:post(1)
end

local function turn(self, loop, scheduler)
  rest(self, loop)
  if pump ~= self then
    return
  end
  if package.loaded["appwrite.tasks"] then
    wakeGuard(self)
  end
  self.beat, self.polling, phaseAround = monotonic(), true, "timer"
  scheduler.depth = 0 -- what waits inside a callback has left this stack
  scheduler.poll(0)
  self.polling = false
  wakeWatchers()
  if self.beat >= self.look then
    self.look = self.beat + LONGEST_WAIT
    dropAbandoned()
  end
end

local function run(_, self)
  local loop, scheduler = require "appwrite.loop", require "appwrite.scheduler"
  while pump == self and (loop.busy() or next(watchers) or next(waiting)) do
    local ok, problem = pcall(turn, self, loop, scheduler)
    if not ok then
      self.polling = false
      ngx.log(ngx.ERR, "appwrite: ", problem)
      ngx.sleep(SHORT_WAIT)
    end
  end
  if pump == self then
    pump = nil
  end
  for _, name in ipairs { "arm", "guard" } do
    if self[name] then
      self[name]:post(1)
    end
  end
end

function startPump()
  local at = monotonic()
  local made = { bell = newSemaphore(), beat = at, look = at + LONGEST_WAIT, isFirst = true }
  local started, problem = ngx.timer.at(0, run, made)
  if not started then
    return "appwrite: nginx starts no timer: " .. tostring(problem)
  end
  pump = made
  return nil
end

local dropping = false

-- Nothing is to be polled for on its account.
local function drop(call, engine)
  dropping = true
  local ok, problem = pcall(engine.drop, engine, call)
  dropping = false
  if not ok then
    error(problem, 0)
  end
end

-- A task that was begun where none can be leaves its call to nobody.
local function dropAll()
  for _, engine in ipairs { unpack(require("appwrite.engine").active()) } do
    for _, call in pairs(engine.calls) do
      drop(call, engine)
    end
  end
end

local NO_CALL = 'appwrite: no call can be made in nginx\'s phase "%s"; the first that can is init_worker, in a task'
  .. " (appwrite.spawn) or with a callback"
local NO_WAIT = 'appwrite: a call cannot wait in nginx\'s phase "%s"; make it in one that can (access, content, …)'
  .. ", in a task (appwrite.spawn) or with a callback"

local NO_WAIT_IN_TASK = "appwrite: in nginx a call cannot wait in a coroutine that a task has made; make it in the"
  .. " task itself, or in a task of its own"

local function checkWorker()
  local phase = phaseHere()
  if CANNOT_POLL[phase] then
    dropAll()
    error(format(NO_CALL, phase), 0)
  end
end

-- One that does not go round was never run, as too many timers ran already.
local function goesRound()
  return pump ~= nil and monotonic() <= pump.beat + PATIENCE
end

---Something is to be polled for.
function nginx.wake()
  if dropping then
    return
  elseif goesRound() then
    ring()
    return
  end
  checkWorker()
  wanted = hasNoRequest()
  local problem = not wanted and startPump()
  if problem then
    error(problem, 0)
  end
end

---A task has paused or ended, and what runs is what began it or let it go on.
function nginx.resumed()
  if wanted then
    nginx.wake()
  end
end

-- Waiting -------------------------------------------------------------------------------------------------------------

local function cannotWait()
  local phase = phaseHere()
  if CAN_WAIT[phase] then
    return hasNoRequest() and NO_WAIT_IN_TASK or nil
  end
  return format(CANNOT_POLL[phase] and NO_CALL or NO_WAIT, phase)
end

-- The watch rings when a socket is ready, but does not know of times.
local function ringInTime(engine)
  if not pump.till then
    return
  end
  local timeout = engine.transport.timeout
  local due = 0
  if timeout then
    due = engine:patience(timeout())
  end
  if due and monotonic() + due < pump.till then
    ring()
  end
end

-- While it polls, only what waits in a callback comes here: another pump takes over, and the first ends on its return.
local function keepPumping(engine)
  if pump and pump.polling or not goesRound() then
    return startPump()
  elseif engine then
    ringInTime(engine)
  end
  return nil
end

local function wait(used, call)
  local ok, problem
  repeat
    ok, problem = used:wait(PATIENCE)
    if not ok and problem == "timeout" and not goesRound() then
      startPump()
    end
  until ok or problem ~= "timeout"
  if not ok or call and not (call.answer or call.news) then
    error("appwrite: the wait for an answer was ended by something else: " .. tostring(problem), 0)
  end
  giveBack(used)
end

-- One that nobody waits for any more stays, to be dropped.
local function postCall(call)
  local entry = waiting[call]
  if entry and not abandoned(entry.semaphore) then
    waiting[call] = nil
    entry.semaphore:post(1)
  end
end

-- What was begun in vain goes with it.
local function refuse(problem, call, engine)
  if call then
    drop(call, engine)
  end
  error(problem, 0)
end

---@param done fun(): boolean
---@param call appwrite.Call?
---@param engine appwrite.Engine?
function nginx.await(done, call, engine)
  local problem = cannotWait()
  if problem then
    refuse(problem, call, engine)
  end
  checkWorker()
  if call then
    engine:step(0) -- what can be sent goes out at once
  end
  if done() then
    return
  end
  problem = keepPumping(call and engine)
  if problem then
    refuse(problem, call, engine)
  end
  local used = remove(spare) or newSemaphore()
  if call then
    waiting[call] = { semaphore = used, engine = engine, thread = running(), request = request() }
    call.wake = postCall
  else
    watchers[#watchers + 1] = { done = done, semaphore = used, thread = running(), request = request() }
  end
  wait(used, call)
end

return setmetatable(nginx, { __name = "appwrite.loop.nginx" })
