--- One request, and whoever wants to see how it gets on: in the caller's own task, light thread or program, not in
-- whatever steps the engine, so that what is called here may wait, write to its client, or raise. (Not wait on Lua 5.1,
-- where a task cannot within what pcall calls.)

local pcall = pcall

local transfer = {}

---@class appwrite.Watch
---@field look fun(self, handle: table): boolean whether there is anything to see; cheap, calls nothing of the user's
---@field see fun(self, handle: table): string?  sees to it; a text cancels the request, and so does what it raises

local function cancelled(call, ok, stop)
  return {
    kind = "cancelled", message = ok and stop or tostring(stop), elapsed = 0, handle = call.handle, attempts = 1,
    raised = not ok and { value = stop } or nil,
  }
end

local function follow(engine, call, watch, held)
  while not engine:wait(call) do
    call.news = nil
    local ok, stop = pcall(watch.see, watch, call.handle)
    if not ok or stop then
      engine:drop(call)
      held:release()
      return cancelled(call, ok, stop)
    end
  end
  held:release()
  return call.answer
end

---@param engine appwrite.Engine
---@param session table
---@param request appwrite.Request
---@param watch appwrite.Watch?
---@return appwrite.Answer of kind "cancelled" where the watch wanted it; `raised` has the value that it raised, to be
---  raised again when what belongs to the call is cleared away
function transfer.run(engine, session, request, watch)
  if not watch then
    return engine:wait(engine:start(session, request))
  end
  local call = engine:start(session, request, function(one)
    return watch:look(one.handle)
  end)
  if call.answer then
    return call.answer
  end
  local held = require("appwrite.guard").new(function()
    engine:drop(call)
  end)
  return follow(engine, call, watch, held)
end

return transfer
