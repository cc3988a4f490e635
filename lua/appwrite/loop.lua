--- For programs with an event loop of their own: what to wait for, and when to call `appwrite.poll`.
--
-- A loop does this, again and again, for as long as `loop.busy()`:
--
--   1. wait until one of `loop.fds()` is ready or `loop.timeout()` seconds have gone by, whichever comes first;
--   2. call `appwrite.poll()`.
--
-- On Linux all calls have one descriptor, which stays the same while any are under way. Elsewhere descriptors come and
-- go with every poll. So both are asked anew each time. `loop.use { name, await, wake }` tells the library about the
-- loop: `wake()` is called when there is something new to be polled for, and `await(done)` lets a call outside of a
-- task wait in the loop's way instead of blocking; it returns when `done()` is true. Code that runs in tasks needs
-- neither. The adapters in `appwrite.loop.*` are made of nothing else.

local engine = require "appwrite.engine"
local host = require "appwrite.host"
local scheduler = require "appwrite.scheduler"

local error, ipairs, type = error, ipairs, type

local loop = {}

-- Transports without descriptors, such as the fake one of tests, are asked again soon.
local BLIND_WAIT = 0.001 -- seconds

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

local function checkAdapter(adapter)
  if type(adapter) ~= "table" then
    return "got " .. type(adapter)
  elseif type(adapter.await) ~= "function" then
    return "but its await is a " .. type(adapter.await)
  elseif adapter.wake ~= nil and type(adapter.wake) ~= "function" then
    return "but its wake is a " .. type(adapter.wake)
  end
  return nil
end

---Tell the library about the program's loop; nil takes it back.
---@param adapter appwrite.Host?
function loop.use(adapter)
  local problem = adapter ~= nil and checkAdapter(adapter)
  if problem then
    error("appwrite.loop.use takes a table { name, await, wake }, " .. problem, 2)
  end
  host.use(adapter)
end

return loop
