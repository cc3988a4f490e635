--- Lines of those who wait, for an event or for the end of a client's subscriptions: tasks, and whoever blocks.

local coroutines = require "appwrite.coroutines"
local guard = require "appwrite.guard"
local scheduler = require "appwrite.scheduler"

local ipairs, remove = ipairs, table.remove

local line = {}

local function wakeWaiter(waiter)
  if waiter.wake then
    waiter:wake()
  end
  waiter.news = true
end

local function leave(waiter)
  if waiter.timer then
    scheduler.cancelTimer(waiter.timer)
  end
  for index, other in ipairs(waiter.line) do
    if other == waiter then
      remove(waiter.line, index)
      return
    end
  end
end

---@param list table[]
---@param all boolean? not only the first that was not woken yet
function line.wake(list, all)
  for _, waiter in ipairs(list) do
    if not waiter.news then
      wakeWaiter(waiter)
      if not all then
        return
      end
    end
  end
end

-- Of one that will not go on: what it was woken for is the next one's.
local function forsake(waiter)
  leave(waiter)
  if waiter.news then
    line.wake(waiter.line)
  end
end

-- For appwrite.tasks, in place of an engine: what is to be dropped where a task is cut off is a place in a line.
local LINES = {}

function LINES.drop(_, waiter)
  forsake(waiter)
end

local function block(waiter, held)
  return scheduler.block(function()
    return waiter.news == true
  end, nil, function(ok)
    held:release()
    if not ok then
      forsake(waiter)
    end
  end)
end

---Wait in a line: in a task the others go on, elsewhere everything is driven. Whatever ends the wait, also what a poll
---raises, the end of a task or of nginx's request, ends the place in the line.
---@param list table[] `line.wake` ends the wait
---@param deadline number?
---@return boolean possible false where nothing that is left could end it
function line.rest(list, deadline)
  local waiter = { line = list, news = false, timer = false, wake = nil, task = nil }
  local held = not coroutines.own() and guard.new(forsake, waiter)
  waiter.timer = deadline and scheduler.at(deadline, wakeWaiter, waiter)
  list[#list + 1] = waiter
  local possible = require("appwrite.tasks").pauseForCall(LINES, waiter) or block(waiter, held)
  leave(waiter)
  return possible
end

return line
