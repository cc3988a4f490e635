--- Starts requests on a transport, steps it, and hands each answer to whoever waits for it.
--
-- One path for all ways of waiting: `start` gives a call, `step` moves every call of the transport on and wakes those
-- who wait, and `wait` is where a host decides what happens in between (appwrite.host).

local host = require "appwrite.host"

local pcall, tostring = pcall, tostring

local Engine = { __name = "appwrite.Engine" }
Engine.__index = Engine

-- Weak both ways: before 5.2 a value that leads to its key would keep it for ever. Whoever waits for a call has its
-- engine, so none goes while it is needed.
---@type table<table, appwrite.Engine>
local engines = setmetatable({}, { __mode = "kv" })

-- Those with calls under way, in the order of their first.
---@type appwrite.Engine[]
local active = {}

local engine = {}

---The engine of a transport: one for all clients that share it.
---@param transport appwrite.Transport
---@return appwrite.Engine
function engine.of(transport)
  local self = engines[transport]
  if not self then
    self = setmetatable({ step_ = transport.step, transport = transport, calls = {}, count = 0 }, Engine)
    engines[transport] = self
  end
  return self
end

---The engines that have calls under way. Not to be changed.
---@return appwrite.Engine[]
function engine.active()
  return active
end

---@class appwrite.Call
---@field handle table    the transport's
---@field answer appwrite.Answer? once it has ended
---@field wake fun(call: appwrite.Call)? called then

local function resultOf(handle, request)
  local status, body, elapsed, last, code = handle:result()
  if status then
    return { status = status, body = body, elapsed = elapsed, handle = handle, attempts = 1, to = request.to }
  end
  -- nil, kind, message, elapsed, code
  return { kind = body, message = elapsed, elapsed = last, code = code, handle = handle, attempts = 1 }
end

-- A result that cannot be had (no memory for its body) fails its own call, and none of those that ended with it.
local function answerOf(handle, request)
  local ok, answer = pcall(resultOf, handle, request)
  if ok then
    return answer
  end
  local message = tostring(answer)
  local kind = message:find("not enough memory", 1, true) and "memory" or "protocol"
  return { kind = kind, message = message, elapsed = 0, handle = handle, attempts = 1 }
end

local function add(self, call)
  self.calls[call.handle] = call
  self.count = self.count + 1
  if self.count == 1 then
    active[#active + 1] = self
  end
end

local function remove(self, call)
  self.calls[call.handle] = nil
  self.count = self.count - 1
  if self.count > 0 then
    return
  end
  for index = 1, #active do
    if active[index] == self then
      table.remove(active, index)
      return
    end
  end
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
  add(self, call)
  return call
end

---One step: what has ended since gets its answer.
---@param timeout number seconds to wait for something to happen; 0 never waits
---@return integer running calls still under way
function Engine:step(timeout)
  local running, finished = self.step_(timeout)
  if finished then
    for index = 1, #finished do
      local call = self.calls[finished[index]]
      if call then
        remove(self, call)
        call.answer = answerOf(call.handle, call.request)
        if call.wake then
          call.wake(call)
        end
      end
    end
  end
  return running
end

---Wait, in the way of the host, until the call has ended.
---@param call appwrite.Call
---@return appwrite.Answer
function Engine:wait(call)
  if not call.answer then
    host.await(self, call)
  end
  return call.answer
end

---End a call that nobody waits for any more: nothing is woken.
---@param call appwrite.Call
function Engine:drop(call)
  if call.answer or not self.calls[call.handle] then
    return
  end
  local used = host.current()
  if used and used.wake then
    used.wake() -- before its descriptors are closed, which a loop may be watching
  end
  remove(self, call)
  call.handle:cancel()
  self:step(0) -- what was cancelled counts as ended and is to be taken out
end

return engine
