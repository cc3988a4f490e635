--- Starts requests on a transport, steps it, and hands each answer to whoever waits for it.
--
-- One path for all ways of waiting: `start` gives a call, `step` moves every call of the transport on, and a waiter
-- decides what happens in between. Here the waiter blocks; a host with a loop of its own puts its waiter in its place.

local WAIT = 0.5 -- seconds of one blocking step, in which an interrupt from the keyboard is not heard

local Engine = { __name = "appwrite.Engine" }
Engine.__index = Engine

-- Weak both ways: before 5.2 a value that leads to its key would keep it for ever. Whoever waits for a call has its
-- engine, so none goes while it is needed.
---@type table<table, appwrite.Engine>
local engines = setmetatable({}, { __mode = "kv" })

local engine = {}

---The engine of a transport: one for all clients that share it.
---@param transport appwrite.Transport
---@return appwrite.Engine
function engine.of(transport)
  local self = engines[transport]
  if not self then
    self = setmetatable({ step_ = transport.step, calls = {}, running = 0 }, Engine)
    engines[transport] = self
  end
  return self
end

---@class appwrite.Call
---@field handle table    the transport's
---@field answer appwrite.Answer? once it has ended

local function answerOf(handle, request)
  local status, body, elapsed, last, code = handle:result()
  if status then
    return { status = status, body = body, elapsed = elapsed, handle = handle, attempts = 1, to = request.to }
  end
  -- nil, kind, message, elapsed, code
  return { kind = body, message = elapsed, elapsed = last, code = code, handle = handle, attempts = 1 }
end

---@param session table    the transport's session of one client
---@param request appwrite.Request
---@return appwrite.Call
function Engine:start(session, request)
  local handle, kind, message = session:start(request)
  if not handle then
    return { answer = { kind = kind, message = message, elapsed = 0, attempts = 0 } }
  end
  local call = { handle = handle, request = request }
  self.calls[handle] = call
  return call
end

---One step: what has ended since gets its answer.
---@param timeout number seconds to wait for something to happen; 0 never waits
---@return integer running calls still under way
function Engine:step(timeout)
  local running, finished = self.step_(timeout)
  if finished then
    for index = 1, #finished do
      local handle = finished[index]
      local call = self.calls[handle]
      self.calls[handle] = nil
      if call then
        call.answer = answerOf(handle, call.request)
      end
    end
  end
  return running
end

---Blocks until the call has ended.
---@param call appwrite.Call
---@return appwrite.Answer
function Engine:wait(call)
  while not call.answer do
    self:step(WAIT)
  end
  return call.answer
end

return engine
