--- The host for nginx's Lua module and OpenResty: a call yields the light thread that makes it, and the worker goes on.
--
-- Each worker has one pump, a light thread of its own that polls while anything is under way and ends when nothing is,
-- so that an idle worker never wakes up. Who waits for a call sleeps on a semaphore that the call's end posts.
--
-- The pump must learn when libcurl's sockets are ready, which nginx does not watch. Tried and measured (see
-- spec/bench/nginx): short sleeps of 1 ms cost half a millisecond of latency per answer and 1,000 wake-ups a second for
-- a slow backend; a thread that waits for the sockets' epoll set wakes the pump when there is something to do, and only
-- then. So that is done, by ngx.run_worker_thread, and short sleeps are left for where it is missing.

local core = require "appwrite.core"
local semaphore = require "ngx.semaphore"

local ngx = ngx
local error, format, pcall, setmetatable, type = error, string.format, pcall, setmetatable, type
local min, remove = math.min, table.remove

local PATIENCE = 3600 -- seconds a semaphore is waited for before the wait begins anew
local SHORT_SLEEP = 0.001 -- seconds, where sockets cannot be waited for
local LONGEST_WAIT = 0.05 -- seconds in the thread, which does not learn of timers that are set meanwhile
local ABANDONED_EVERY = 0.1 -- seconds between looking for calls whose request has gone
local SPARE = 128 -- semaphores kept for the next calls
local THREAD_POOL = "default"

-- Where a light thread may wait (ngx.semaphore's documentation).
local CAN_WAIT = {
  rewrite = true, server_rewrite = true, access = true, content = true, timer = true, ssl_cert = true,
  ssl_session_fetch = true, ssl_client_hello = true, preread = true,
}

local nginx = { name = "nginx" }

local spare = {}
local waiting = {} -- call -> { semaphore, engine }
local watchers = {} -- { done, semaphore } that no single call ends
local pumping = false

local function takeSemaphore()
  local found = remove(spare)
  if found then
    return found
  end
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

local function dropAbandoned()
  for call, entry in pairs(waiting) do
    if not call.answer and abandoned(entry.semaphore) then
      waiting[call] = nil
      entry.engine:drop(call)
    end
  end
  for index = #watchers, 1, -1 do
    if abandoned(watchers[index].semaphore) then
      remove(watchers, index)
    end
  end
end

local function wakeWatchers()
  for index = #watchers, 1, -1 do
    local entry = watchers[index]
    if entry.done() then
      remove(watchers, index)
      entry.semaphore:post(1)
    end
  end
end

-- The pump ------------------------------------------------------------------------------------------------------------

local threads = type(ngx.run_worker_thread) == "function"

-- Wait for the sockets; whether by thread or by sleep.
local function waitForSockets(loop)
  local timeout = loop.timeout()
  if timeout == 0 then
    ngx.sleep(0)
    return
  end
  timeout = min(timeout or LONGEST_WAIT, LONGEST_WAIT)
  local fds = threads and loop.fds() or nil
  if fds and #fds == 1 then
    local ok, problem = ngx.run_worker_thread(THREAD_POOL, "appwrite.core", "await", fds[1].fd, timeout)
    if ok then
      return
    end
    threads = false
    ngx.log(ngx.WARN, "appwrite: no worker thread (", problem, "): polling every millisecond instead")
  end
  ngx.sleep(min(timeout, SHORT_SLEEP))
end

local function pumpOnce(loop, scheduler, state)
  waitForSockets(loop)
  scheduler.poll(0)
  wakeWatchers()
  local at = core.monotonic()
  if at >= state.look then
    state.look = at + ABANDONED_EVERY
    dropAbandoned()
  end
end

local function pump()
  local loop, scheduler = require "appwrite.loop", require "appwrite.scheduler"
  local state = { look = core.monotonic() + ABANDONED_EVERY }
  while loop.busy() or next(watchers) do
    local ok, problem = pcall(pumpOnce, loop, scheduler, state)
    if not ok then
      ngx.log(ngx.ERR, "appwrite: ", problem)
      ngx.sleep(SHORT_SLEEP)
    end
  end
  pumping = false
end

---Something is to be polled for.
function nginx.wake()
  if pumping then
    return
  end
  local started, problem = ngx.timer.at(0, pump)
  if not started then
    error(format("appwrite: nginx starts no timer: %s", tostring(problem)), 0)
  end
  pumping = true
end

-- Waiting -------------------------------------------------------------------------------------------------------------

local function checkPhase()
  local phase = ngx.get_phase()
  if not CAN_WAIT[phase] then
    error(format(
      'appwrite: a call cannot wait in nginx\'s phase "%s"; make it in one that can (rewrite, access, content), or in'
        .. " ngx.timer.at(0, …)", phase
    ), 0)
  end
end

local function wait(used)
  local ok, problem
  repeat
    ok, problem = used:wait(PATIENCE)
  until ok or problem ~= "timeout"
  if not ok then
    error("appwrite: the wait for an answer was ended: " .. tostring(problem), 0)
  end
  giveBack(used)
end

local function postCall(call)
  local entry = waiting[call]
  waiting[call] = nil
  if entry then
    entry.semaphore:post(1)
  end
end

---@param done fun(): boolean
---@param call appwrite.Call?
---@param engine appwrite.Engine?
function nginx.await(done, call, engine)
  checkPhase()
  if call then
    engine:step(0) -- what can be sent goes out at once
    if call.answer then
      return
    end
  elseif done() then
    return
  end
  local used = takeSemaphore()
  if call then
    waiting[call] = { semaphore = used, engine = engine }
    call.wake = postCall
  else
    watchers[#watchers + 1] = { done = done, semaphore = used }
  end
  nginx.wake()
  wait(used)
end

return setmetatable(nginx, { __name = "appwrite.loop.nginx" })
