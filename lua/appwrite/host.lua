--- How code waits that does not run in a task: by blocking, or as the program's own loop does it.
--
-- A host is a table:
--   name           for messages
--   await(done, call, engine)
--                  returns when done() is true, and lets the program go on in between; `done` is cheap, and may become
--                  true whenever the engines are stepped (appwrite.poll) or a task runs. Where it is one call that is
--                  waited for, that comes along: a host may set its `wake`, which is called once `done()` is true,
--                  instead of asking again and again
--   wake()         optional: a call was put under way or a task became ready, so that whatever polls must do so
--   leave()        optional: another host is used from now on, or none
--   undoIfGone(fn) optional -> forget(), or nil: until that is called, fn is where what runs now is ended in a wait
--   undoWithRequest(fn) optional -> forget(), or nil: the same where the request that runs is ended in a wait, of
--                  whichever of its threads
--   create(create, fn)
--                  optional -> create(fn): a task's coroutine
--   resumed()      optional: a task has run, which was not begun or woken by another
-- In nginx its own is found by itself (appwrite.loop.nginx).

local error, format, tostring = error, string.format, tostring

local WAIT = 0.5 -- seconds of one blocking step, in which an interrupt from the keyboard is not heard

local host = {}

---@class appwrite.Host
---@field name string
---@field await fun(done: fun(): boolean, call: appwrite.Call?, engine: appwrite.Engine?)
---@field wake fun()?
---@field leave fun()?
---@field undoIfGone (fun(undo: fun()): fun()?)?
---@field undoWithRequest (fun(undo: fun()): fun()?)?
---@field create (fun(create: (fun(fn: function): thread), fn: function): thread)?
---@field resumed fun()?

---@type appwrite.Host?
local current

if ngx and ngx.get_phase then
  current = require "appwrite.loop.nginx"
end

---Use a host for this Lua state; nil returns to blocking.
---@param chosen appwrite.Host?
function host.use(chosen)
  local before = current
  current = chosen
  if before and before ~= chosen and before.leave then
    before.leave()
  end
end

---@return appwrite.Host?
function host.current()
  return current
end

---Wait in the way of the host that is used.
---@param done fun(): boolean
---@param call appwrite.Call?
---@param engine appwrite.Engine?
function host.wait(done, call, engine)
  local used = current
  used.await(done, call, engine)
  if not done() then
    error(format('appwrite: the "await" of the host "%s" returned though done() is not true yet', tostring(used.name)),
      0)
  end
end

---@param engine appwrite.Engine
---@param call appwrite.Call
function host.await(engine, call)
  local tasks = package.loaded["appwrite.tasks"]
  if tasks and tasks.pauseForCall(engine, call) then
    return
  end
  if current then
    host.wait(function()
      return call.answer ~= nil or call.news == true
    end, call, engine)
    call.wake = nil
    return
  end
  repeat
    engine:step(WAIT)
  until call.answer or call.news
end

return host
