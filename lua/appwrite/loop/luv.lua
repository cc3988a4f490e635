--- Appwrite in libuv's loop, by way of luv.
--
--   local uv = require "luv"
--   require("appwrite.loop.luv").attach()
--   appwrite.spawn(function() print(assert(client.account.getCurrentUser()).name) end)
--   uv.run()
--
-- Calls in tasks and calls with a callback go on while the loop runs, and the loop ends by itself when nothing is left.
-- A plain call runs the loop until its answer is there. Inside of a callback of the loop, which cannot run in itself, a
-- plain call holds the loop up, as luv's own functions do when they are given no callback.

local loop = require "appwrite.loop"
local uv = require "luv"

local assert, ceil, ipairs, pairs = assert, math.ceil, ipairs, pairs

local way = { name = "luv" }

-- What keeps the loop running: by descriptor a uv_poll_t, and a uv_timer_t.
local watchers, timer = {}, nil

function way.watch(fds, seconds, turn)
  for _, descriptor in ipairs(fds) do
    local watcher = assert(uv.new_poll(descriptor.fd))
    watchers[descriptor.fd] = watcher
    watcher:start((descriptor.read and "r" or "") .. (descriptor.write and "w" or ""), turn)
  end
  if seconds then
    timer = assert(uv.new_timer())
    timer:start(ceil(seconds * 1000), 0, turn)
  end
end

-- The program may have closed it, with all that its loop has.
local function close(handle)
  if not handle:is_closing() then
    handle:close()
  end
end

function way.unwatch()
  for _, watcher in pairs(watchers) do
    close(watcher)
  end
  if timer then
    close(timer)
  end
  watchers, timer = {}, nil
end

function way.running()
  return uv.loop_mode() ~= nil
end

function way.step()
  return uv.run "once"
end

local driver = loop.adapter(way)
local adapter = {}

---Have libuv's loop move the library's calls and tasks on; `appwrite.poll` is then not the program's to call. May be
---called twice: do so after a `uv.walk` that closes every handle.
function adapter.attach()
  driver.attach()
end

---Leave the loop: nothing of the library keeps it running any more. What is under way waits for `appwrite.poll`.
function adapter.detach()
  driver.detach()
end

return adapter
