--- Starts requests on a transport, steps it, and hands each answer to whoever waits for it.
--
-- One path for all ways of waiting: `start` gives a call, `step` moves every call of the transport on and wakes those
-- who wait, and `wait` is where a host decides what happens in between (appwrite.host).

local host = require "appwrite.host"

local error, next, pairs, pcall, tostring = error, next, pairs, pcall, tostring

local LOOK = 0.05 -- seconds of one step at the most, while somebody wants to see how a call gets on

---@class appwrite.Engine the calls of one transport
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
    self = setmetatable({
      step_ = transport.step, transport = transport, calls = {}, count = 0, watched = {},
      sockets = {}, listeners = setmetatable({}, { __mode = "k" }), isActive = false,
      -- There from the start: to set them takes no memory.
      finished = false, handed = 0, ending = false, news = false, told = 0,
    }, Engine)
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
---@field session table   that it is of
---@field answer appwrite.Answer? once it has ended
---@field wake fun(call: appwrite.Call)? called then, and when there is news
---@field look (fun(call: appwrite.Call): boolean)? whether there is news: asked after each step, until there is
---@field news boolean?    something to be seen to before the end; whoever waits for the call takes it back

local function resultOf(handle)
  local status, body, elapsed, last, code = handle:result()
  if status then
    return { status = status, body = body, elapsed = elapsed, handle = handle, attempts = 1 }
  end
  -- nil, kind, message, elapsed, code
  return { kind = body, message = elapsed, elapsed = last, code = code, handle = handle, attempts = 1 }
end

-- Takes no memory, for where there is none.
local NO_MEMORY = { kind = "memory", message = "not enough memory", elapsed = 0, attempts = 1 }

local function failureOf(handle, problem)
  local message = tostring(problem)
  local kind = message:find("not enough memory", 1, true) and "memory" or "protocol"
  return { kind = kind, message = message, elapsed = 0, handle = handle, attempts = 1 }
end

-- A result that cannot be had (no memory for its body) fails its own call, and none of those that ended with it.
local function answerOf(handle)
  local ok, answer = pcall(resultOf, handle)
  if not ok then
    ok, answer = pcall(failureOf, handle, answer)
  end
  return ok and answer or NO_MEMORY
end

-- Those with something under way are stepped.
local function setActive(self)
  local isActive = self.count > 0 or self.finished ~= false or self.news ~= false or next(self.sockets) ~= nil
  if isActive == self.isActive then
    return
  end
  if isActive then
    active[#active + 1] = self
    self.isActive = true -- not before it is there
    return
  end
  self.isActive = false
  for index = 1, #active do
    if active[index] == self then
      table.remove(active, index)
      return
    end
  end
end

-- May fail for want of memory at two places, and what was done by then is undone.
local function add(self, call)
  self.calls[call.handle] = call
  self.count = self.count + 1
  local ok, problem = pcall(setActive, self)
  if not ok then
    self.calls[call.handle] = nil
    self.count = self.count - 1
    error(problem, 0)
  end
end

local function remove(self, call)
  self.calls[call.handle] = nil
  self.watched[call] = nil
  self.count = self.count - 1
end

---@param session table    the transport's session of one client
---@param request appwrite.Request
---@param look (fun(call: appwrite.Call): boolean)? for whoever wants to see how it gets on
---@return appwrite.Call
function Engine:start(session, request, look)
  -- With room for all that it may get: where memory has ended by then, an answer can still be handed on.
  local call = { handle = nil, look = look, session = session, answer = nil, wake = nil, task = nil, news = nil }
  local handle, kind, message = session:start(request)
  if not handle then
    call.answer = { kind = kind, message = message, elapsed = 0, attempts = 0 }
    return call
  end
  call.handle = handle
  local ok, problem = pcall(add, self, call)
  if not ok then
    handle:cancel() -- nobody could wait for it
    error(problem, 0)
  end
  self.watched[call] = look
  return call
end

local function lookAt(watched)
  for call in pairs(watched) do
    if not call.news and call:look() then
      call.news = true
      if call.wake then
        call.wake(call)
      end
    end
  end
end

local function tellListeners(self, call)
  if call.answer.status then
    for listener in pairs(self.listeners) do
      listener:heardCall(call)
    end
  end
end

-- As with calls: whom a memory error left unwoken is woken by the next step, maybe twice.
local function wakeForSockets(self)
  local news = self.news
  while self.told < #news do
    local socket = news[self.told + 1]
    local wake = self.sockets[socket]
    if wake then
      wake()
    end
    if socket:state() == "closed" then
      self.sockets[socket] = nil -- nothing is told of it any more
    end
    self.told = self.told + 1
  end
  self.news = false
  setActive(self)
end

local function finish(self, call)
  if self.calls[call.handle] then
    remove(self, call)
  end
  call.answer = call.answer or answerOf(call.handle)
  tellListeners(self, call)
  if call.wake then
    call.wake(call)
  end
  self.ending = false
end

-- What a memory error interrupts (where memory has ended, any call may raise one, since the stack may have to grow) is
-- taken up where it was by the next step, so that each call gets its answer and who waits for it is woken.
local function handOn(self)
  local finished = self.finished
  if self.ending then
    finish(self, self.ending)
  end
  while finished and self.handed < #finished do
    local call = self.calls[finished[self.handed + 1]]
    self.ending = call or false
    self.handed = self.handed + 1
    if call then
      finish(self, call)
    end
  end
  self.finished = false
  if self.news then
    wakeForSockets(self)
  end
end

---How long a step may wait: not so long that nobody sees how a call gets on.
---@param timeout number? seconds; nil: without end
---@return number? seconds
function Engine:patience(timeout)
  if next(self.watched) and (not timeout or timeout > LOOK) then
    return LOOK
  end
  return timeout
end

---One step: what has ended since gets its answer.
---@param timeout number seconds to wait for something to happen; 0 never waits
---@return integer running calls still under way
function Engine:step(timeout)
  timeout = self:patience(timeout)
  if self.finished or self.news then
    handOn(self)
    timeout = 0
  end
  local running, finished, news = self.step_(timeout)
  if finished or news then
    self.finished, self.handed, self.news, self.told = finished or false, 0, news or false, 0
    handOn(self)
  end
  if next(self.watched) then
    lookAt(self.watched)
  end
  if self.count == 0 then
    setActive(self)
  end
  return running
end

local function listenTo(self, socket, wake)
  self.sockets[socket] = wake
  setActive(self)
end

---Begin a connection over which messages come. It is stepped with the calls, until its end was told of.
---@param session table the transport's session of one client
---@param request { target: string, headers: table<string, string>?, timeout: number, maxMessageBytes: integer,
---  queueMessages: integer }
---@param wake fun() called after a step that brought messages or another state; runs nothing of the user's
---@return table? socket
---@return string? kind
---@return string? message
function Engine:connect(session, request, wake)
  local socket, kind, message = session:connect(request)
  if not socket then
    return nil, kind, message
  end
  local ok, problem = pcall(listenTo, self, socket, wake)
  if not ok then
    self.sockets[socket] = nil
    socket:cancel() -- nobody would hear of it
    error(problem, 0)
  end
  return socket
end

local function nobody()
end

---Nobody is to be woken for a connection that ends or has ended. Its transport holds it until a step has told of that.
---@param socket table
function Engine:forget(socket)
  if self.sockets[socket] then
    self.sockets[socket] = nobody
  end
end

---Have somebody told of every call that is answered, by `listener:heardCall(call)`, or not any more.
---It is held by whoever else has it.
---@param listener table
---@param isOn boolean
function Engine:listen(listener, isOn)
  self.listeners[listener] = isOn or nil
end

---Wait, in the way of the host, until the call has ended or has news.
---@param call appwrite.Call
---@return appwrite.Answer? nil where there is news first
function Engine:wait(call)
  if not (call.answer or call.news) then
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
