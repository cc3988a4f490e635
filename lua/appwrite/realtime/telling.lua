--- Whom realtime tells of what: the handlers of a client and of its subscriptions, or else appwrite.onError. Nothing of
-- theirs is called at once, so that what it does or raises cuts nothing off.

local protected = require "appwrite.realtime.protected"
local scheduler = require "appwrite.scheduler"

local ipairs, tostring = ipairs, tostring
local now = scheduler.now

local telling = {}

local function callHandler(call)
  protected.call(call.name, call.handler, call.about)
end

local function enqueueHandler(handlers, name, about)
  local handler = handlers[name]
  if handler then
    scheduler.enqueue(callHandler, { handler = handler, name = name, about = about })
  end
  return handler ~= nil
end

---Call the handlers of that name: the client's, and those of one subscription or of all.
---@param driver appwrite.realtime.Driver
---@param name string "onError", …
---@param one appwrite.Subscription? nil: all
---@param about any
---@return boolean heard whether there was any
function telling.tell(driver, name, one, about)
  local heard = enqueueHandler(driver.handlers, name, about)
  for _, each in ipairs(one and { one } or driver.subscriptions) do
    heard = enqueueHandler(each.handlers, name, about) or heard
  end
  if not heard and one and name == "onError" then
    scheduler.enqueue(scheduler.report, tostring(about))
  end
  return heard
end

---An outage that nobody has a handler for is told once, what ends it all always.
---@param driver appwrite.realtime.Driver
---@param err appwrite.Error
---@param always boolean?
function telling.err(driver, err, always)
  if not telling.tell(driver, "onError", nil, err) and (always or not driver.toldOutage) then
    scheduler.enqueue(scheduler.report, tostring(err))
    driver.toldOutage = true
  end
end

---@param err appwrite.Error
---@param at number? when the next attempt is
---@return appwrite.Error err
function telling.withRetry(err, at)
  err.retryable = at ~= nil
  err.retryAfter = at and at - now() or nil
  return err
end

return telling
