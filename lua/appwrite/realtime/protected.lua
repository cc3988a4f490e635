--- Calls of the user's functions: what they raise is told (appwrite.onError) and disturbs nobody.

local coroutines = require "appwrite.coroutines"
local scheduler = require "appwrite.scheduler"

local format, tostring, traceback, xpcall = string.format, tostring, debug.traceback, xpcall

local protected = {}

local function explained(message)
  return traceback(tostring(message), 2)
end

-- Without a new function, where that can be, so that no memory error comes before the call.
local function attempt(fn, one, two)
  if coroutines.handsOn then
    return xpcall(fn, explained, one, two)
  end
  return xpcall(function()
    fn(one, two)
  end, explained)
end

---@param what string for the message
---@param fn function
---@param ... any two arguments at most
function protected.call(what, fn, ...)
  scheduler.depth = scheduler.depth + 1
  local ok, message = attempt(fn, ...)
  scheduler.depth = scheduler.depth - 1
  if not ok then
    scheduler.report(format("%s of realtime failed: %s", what, message))
  end
end

return protected
