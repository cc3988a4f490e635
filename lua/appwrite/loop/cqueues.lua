--- Appwrite in a controller of cqueues.
--
--   local queue = require("cqueues").new()
--   require("appwrite.loop.cqueues").attach(queue)
--   queue:wrap(function() print(assert(client.account.getCurrentUser()).name) end)
--   assert(queue:loop())
--
-- A call in a coroutine of the controller lets its other coroutines go on; so do tasks and calls with a callback. The
-- controller is empty, and its loop ends, when nothing is left. A plain call from outside of the loop steps the
-- controller until its answer is there. Where the loop runs but the code cannot yield to it (a callback, a coroutine of
-- one's own inside of one of the controller's) a plain call holds it up.
--
-- A task waits for calls, for `appwrite.sleep` and for tasks; what cqueues waits for belongs in a coroutine of its own.

local condition = require "cqueues.condition"
local cqueues = require "cqueues"
local loop = require "appwrite.loop"

local error, format, ipairs, pcall, type = error, string.format, ipairs, pcall, type
local running, unpack = coroutine.running, table.unpack or unpack

local way = { name = "cqueues" }

-- The controller; what is waited for in it and what to do then; the coroutine that does both. nil: there is none.
local queue, watched, turn, pump
-- They end waits: the pump's; those for any poll; all of them.
local nudged, polled, left = condition.new(), condition.new(), condition.new()

local function run()
  local me = running()
  pump = me
  local ok, problem = true, nil
  while ok and watched and pump == me do
    cqueues.poll(nudged, unpack(watched))
    ok, problem = pcall(turn)
  end
  pump = pump ~= me and pump or not ok and watched and queue:wrap(run) or nil
  if not ok then
    error(problem, 0)
  end
end

function way.watch(fds, seconds, whenReady)
  turn, watched = whenReady, {}
  for index, descriptor in ipairs(fds) do
    local events = (descriptor.read and "r" or "") .. (descriptor.write and "w" or "")
    watched[index] = { pollfd = descriptor.fd, events = events }
  end
  watched[#watched + 1] = seconds
  if not watched[1] then
    watched = nil
  end
  nudged:signal()
  pump = pump or watched and queue:wrap(run)
end

function way.unwatch()
  for _, descriptor in ipairs(watched or {}) do
    if type(descriptor) == "table" then
      cqueues.cancel(descriptor.pollfd)
    end
  end
  watched = nil
end

function way.turned()
  polled:signal()
end

function way.close()
  nudged:signal()
  left:signal()
end

function way.running()
  return cqueues.running() ~= nil
end

function way.step()
  local ok, problem = queue:step()
  if not ok then
    error(problem, 0)
  end
  return not queue:empty()
end

function way.yield(done, call)
  local controller, isItsOwn = cqueues.running()
  if controller ~= queue or not isItsOwn or running() == pump then
    return
  end
  local moved = polled
  if call then
    moved = condition.new()
    call.wake = function()
      moved:signal()
    end
  end
  while not done() do
    cqueues.poll(moved, left)
  end
end

local driver = loop.adapter(way)
local adapter = {}

---Have a controller move the library's calls and tasks on; `appwrite.poll` is then not the program's to call.
---@param controller table from cqueues.new()
function adapter.attach(controller)
  if cqueues.type(controller) ~= "controller" then
    error(format("attach takes a controller, from cqueues.new(), got %s", type(controller)), 2)
  end
  driver.detach()
  queue, pump = controller, nil
  driver.attach()
end

---Leave the loop: nothing of the library keeps it running any more. What is under way waits for `appwrite.poll`.
function adapter.detach()
  driver.detach()
end

return adapter
