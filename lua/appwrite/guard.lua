--- Undoes what was begun where the code that began it is cut off before it could end it: in a task that is cancelled,
-- or in a coroutine that nobody resumes any more, such as the light thread of a request whose client hung up.

local host = require "appwrite.host"
local scheduler = require "appwrite.scheduler"

local pcall = pcall

local guard = {}

---@class appwrite.Guard
local Guard = { __name = "appwrite.Guard" }
local methods = {}
Guard.__index = methods

-- Calls fn when what it returns is collected.
local function whenForgotten(fn)
  if newproxy then
    local mark = newproxy(true)
    getmetatable(mark).__gc = fn
    return mark
  end
  return setmetatable({}, { __gc = fn })
end

---To be kept in a local variable of the code that it guards, until that calls `release`.
---@param undo fun(about: any) what it leads to must not lead back to the guard; it may be called when the program ends.
---  It does not use locals of the code that it guards: nginx clears the stack of a light thread that it ends
---@param about any what it needs instead; leads back to nothing of the guard either
---@return appwrite.Guard
function guard.new(undo, about)
  local state = { undo = undo, about = about }
  local function undoOnce()
    local fn, what = state.undo, state.about
    state.undo, state.about = nil, nil
    if fn then
      fn(what)
    end
  end
  local self = { state = state }
  local tasks, used = package.loaded["appwrite.tasks"], host.current()
  self.forget = tasks and tasks.undoIfCut(undoOnce)
  if not self.forget and used and used.undoIfGone then
    self.forget = used.undoIfGone(undoOnce)
  end
  -- Not at once: the collector may be at work in the middle of anything.
  self.mark = whenForgotten(function()
    if state.undo then
      pcall(scheduler.enqueue, undoOnce)
    end
  end)
  return setmetatable(self, Guard)
end

---It has come to its end by itself: nothing is to be undone any more.
function methods:release()
  self.state.undo, self.state.about = nil, nil
  if self.forget then
    self.forget()
  end
end

return guard
