--- Appwrite in a controller of cqueues.
--
--   local queue = require("cqueues").new()
--   require("appwrite.loop.cqueues").attach(queue)
--   queue:wrap(function() print(assert(client.account.getCurrentUser()).name) end)
--   assert(queue:loop())
--
-- A call in a coroutine of the controller lets its other coroutines go on; so do tasks and calls with a callback. The
-- controller is empty, and its loop ends, when nothing is left; `appwrite.poll` is then this module's to call. A plain
-- call from outside of the loop steps the controller until its answer is there. Where the loop runs but the code cannot
-- yield to it (a callback, a coroutine of one's own inside of one of the controller's) a plain call holds it up.
--
-- A task waits for calls, for `appwrite.sleep` and for tasks; what cqueues waits for belongs in a coroutine of its own.

local condition = require "cqueues.condition"
local cqueues = require "cqueues"
local loop = require "appwrite.loop"
local tasks = require "appwrite.tasks"

local error, format, ipairs, pcall, type = error, string.format, ipairs, pcall, type
local runningCoroutine = coroutine.running
local unpack = table.unpack or unpack

local WAIT = 0.5 -- seconds of one blocking step, in which an interrupt from the keyboard is not heard

local adapter = {}

-- The controller; nil while detached.
local queue
-- The coroutine that waits and polls; nil while nothing is under way.
local pump
-- What it waits for.
local watched = {}
local turning = false
-- What ends waits: the pump's; that for any poll; every one, by detaching.
local nudged, polled, left = condition.new(), condition.new(), condition.new()

-- libcurl closes descriptors, and opens others of the same number, whenever it is stepped. cqueues must give one up
-- before that: afterwards it cannot, and fails at the next wait or never sees the new one ready.
local function unwatch()
  for _, descriptor in ipairs(watched) do
    cqueues.cancel(descriptor.pollfd)
  end
  watched = {}
end

local function wait()
  local list = { nudged }
  for index, descriptor in ipairs(loop.fds()) do
    local events = (descriptor.read and "r" or "") .. (descriptor.write and "w" or "")
    watched[index] = { pollfd = descriptor.fd, events = events }
    list[index + 1] = watched[index]
  end
  list[#list + 1] = loop.timeout()
  cqueues.poll(unpack(list))
end

local function turn()
  turning = true
  unwatch()
  local ok, problem = pcall(tasks.poll)
  turning = false
  polled:signal()
  return ok, problem
end

local wake

local function run()
  pump = runningCoroutine()
  local ok, problem = true, nil
  while ok and queue and loop.busy() do
    wait()
    ok, problem = turn()
  end
  pump = nil
  if not ok then
    wake()
    error(problem, 0)
  end
end

function wake()
  if turning or not queue then
    return
  end
  unwatch()
  if pump then
    nudged:signal()
  else
    pump = true
    queue:wrap(run)
  end
end

local function checkHope()
  if not loop.busy() then
    error("appwrite: this waits for a task that waits for nothing that could happen", 0)
  end
end

local function block(done)
  unwatch()
  while not done() do
    checkHope()
    tasks.poll(WAIT)
  end
  wake()
end

local function stepFromOutside(done)
  while not done() do
    if queue:empty() then
      checkHope()
    end
    local ok, problem = queue:step()
    if not ok then
      error(problem, 0)
    end
  end
end

local function yieldToLoop(done, call)
  local moved = polled
  if call then
    moved = condition.new()
    call.wake = function()
      moved:signal()
    end
  end
  while queue and not done() do
    cqueues.poll(moved, left)
  end
end

local function await(done, call)
  wake()
  local controller, isItsOwn = cqueues.running()
  if not controller then
    return stepFromOutside(done)
  end
  if controller == queue and isItsOwn and runningCoroutine() ~= pump then
    yieldToLoop(done, call)
  end
  block(done)
end

---Have a controller move the library's calls and tasks on.
---@param controller table from cqueues.new()
function adapter.attach(controller)
  if cqueues.type(controller) ~= "controller" then
    error(format("attach takes a controller, from cqueues.new(), got %s", type(controller)), 2)
  end
  adapter.detach()
  queue = controller
  loop.use { name = "cqueues", await = await, wake = wake }
  wake()
end

---Leave the loop: nothing of the library keeps it running any more. What is under way waits for `appwrite.poll`.
function adapter.detach()
  if not queue then
    return
  end
  loop.use(nil)
  unwatch()
  queue = nil
  nudged:signal()
  left:signal()
end

return adapter
