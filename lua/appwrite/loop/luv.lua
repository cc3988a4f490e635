--- Appwrite in libuv's loop, by way of luv.
--
--   local uv = require "luv"
--   require("appwrite.loop.luv").attach()
--   appwrite.spawn(function() print(assert(client.account.getCurrentUser()).name) end)
--   uv.run()
--
-- Calls in tasks and calls with a callback go on while the loop runs, and the loop ends by itself when nothing is left;
-- `appwrite.poll` is then this module's to call. A plain call runs the loop until its answer is there. Inside of a
-- callback of the loop, which cannot run in itself, a plain call holds the loop up, as luv's own functions do when they
-- are given no callback.

local loop = require "appwrite.loop"
local tasks = require "appwrite.tasks"
local uv = require "luv"

local assert, error, ipairs, pairs, pcall = assert, error, ipairs, pairs, pcall
local ceil = math.ceil

local WAIT = 0.5 -- seconds of one blocking step, in which an interrupt from the keyboard is not heard

local adapter = {}

-- uv_timer_t; nil while detached.
local timer
-- By descriptor: uv_poll_t.
local watchers = {}
local turning, due = false, false

-- libcurl closes descriptors, and opens others of the same number, whenever it is stepped. libuv must not watch one
-- over that: it would go on waiting for the one that is gone.
local function unwatch()
  for _, watcher in pairs(watchers) do
    watcher:stop()
  end
end

local function forget(wanted)
  for fd, watcher in pairs(watchers) do
    if not wanted[fd] then
      watcher:close()
      watchers[fd] = nil
    end
  end
end

local turn

local function watch()
  local wanted = {}
  for _, descriptor in ipairs(loop.fds()) do
    local fd = descriptor.fd
    wanted[fd] = true
    watchers[fd] = watchers[fd] or assert(uv.new_poll(fd))
    watchers[fd]:start((descriptor.read and "r" or "") .. (descriptor.write and "w" or ""), turn)
  end
  forget(wanted)
  local timeout = loop.timeout()
  if timeout then
    timer:start(ceil(timeout * 1000), 0, turn)
  else
    timer:stop()
  end
end

function turn()
  if turning then
    return
  end
  turning, due = true, false
  unwatch()
  local ok, problem = pcall(tasks.poll)
  turning = false
  if timer then
    watch()
  end
  if not ok then
    error(problem, 0)
  end
end

local function wake()
  if timer and not turning and not due then
    due = true
    unwatch()
    timer:start(0, 0, turn)
  end
end

local function checkHope(alive)
  if not alive and not loop.busy() then
    error("appwrite: this waits for a task that waits for nothing that could happen", 0)
  end
end

local function await(done)
  wake()
  if not uv.loop_mode() then
    while not done() do
      checkHope(uv.run "once" or done())
    end
    return
  end
  unwatch()
  while not done() do
    checkHope(false)
    tasks.poll(WAIT)
  end
  due = false
  wake()
end

---Have libuv's loop move the library's calls and tasks on. May be called twice.
function adapter.attach()
  if timer then
    return
  end
  timer = assert(uv.new_timer())
  loop.use { name = "luv", await = await, wake = wake }
  wake()
end

---Leave the loop: nothing of the library keeps it running any more. What is under way waits for `appwrite.poll`.
function adapter.detach()
  if not timer then
    return
  end
  loop.use(nil)
  forget {}
  timer:close()
  timer, due = nil, false
end

return adapter
