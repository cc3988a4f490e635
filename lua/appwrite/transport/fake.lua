--- A transport that sends nothing: it records every request and answers as it was told. For tests of your own code.
--
--   local fake = require "appwrite.transport.fake"
--   local server = fake.new()
--   server:on("GET", "/account", { status = 200, json = { ["$id"] = "ada", name = "Ada" } })
--   local client = appwrite.new { project = "test", transport = server }
--   assert(client.account.getCurrentUser().name == "Ada")
--   assert(server.requests[1].method == "GET")
--
-- Files that your code uploads stay in the recorded requests (their bytes, or where on the disk they are); a download
-- with `to = path` writes the reply's body there, one with `to = function` hands it on in one piece. For realtime see
-- appwrite.transport.fake_socket: `server.sockets`, `server:emit`, `server:onConnect`.
-- Nothing is sent again by itself, so that your tests do not wait, unless the client's option `retry` says so.

local fakeSocket = require "appwrite.transport.fake_socket"
local json = require "appwrite.json"

local error, format, setmetatable, type = error, string.format, setmetatable, type
local min = math.min

local Fake = { __name = "appwrite.transport.Fake" }
local Session = { __name = "appwrite.transport.FakeSession" }
local Handle = { __name = "appwrite.transport.FakeHandle" }

local File = { __name = "appwrite.transport.FakeFile" }

local fakeMethods, sessionMethods, handleMethods, fileMethods = {}, {}, {}, {}
Fake.__index, Session.__index, Handle.__index, File.__index = fakeMethods, sessionMethods, handleMethods, fileMethods

local fake = {}

local CREDENTIALS = { project = true, key = true, jwt = true, session = true, locale = true }
local NAP = 0.001 -- seconds slept at most by a step that has nothing to do
-- As a server's JSON API answers.
local JSON_TYPE = "application/json; charset=UTF-8"

---@class appwrite.FakeReply
---@field status integer?   default 200
---@field headers table<string, string>?
---@field body string?      of a failure: what had come before it
---@field json any?         encoded as the body, with its content type
---@field kind string?      a failure instead of an answer: "network", "timeout", "tls", …
---@field message string?   of the failure
---@field elapsed number?   seconds, default 0
---@field steps integer?    how many steps of the engine go by before it arrives, default 1

---@class appwrite.FakeRequest
---@field method string
---@field target string    path and query as sent
---@field path string      without the query
---@field query string     undecoded, "" where there is none
---@field headers table<string, string>
---@field body string?
---@field json any?        the body decoded, where it is JSON
---@field multipart table[]? parts { name, filename, type, data }, or path, offset, length in place of data
---@field credentials table<string, boolean> which ones would go along: key, jwt, session, cookies
---@field project string?
---@field timeout number?
---@field to string?        path of the file that its answer goes to
---@field stream boolean?   its answer goes to a function, or is watched

-- Handles ------------------------------------------------------------------------------------------------------------

function handleMethods:done()
  return self.finished
end

function handleMethods:result()
  if not self.finished then
    error("this request has not ended yet", 2)
  end
  local reply = self.reply
  local status = reply.status or 200
  if reply.kind then
    return nil, reply.kind, reply.message or ("the fake transport was told to fail: " .. reply.kind),
      reply.elapsed or 0, reply.status or 0
  elseif self.failure then
    return nil, "protocol", self.failure, reply.elapsed or 0, status
  elseif self.goesElsewhere then
    return status, nil, reply.elapsed or 0
  end
  return status, reply.body or "", reply.elapsed or 0
end

function handleMethods:headers()
  local headers = {}
  for name, value in pairs(self.reply.headers or {}) do
    headers[name:lower()] = value
  end
  return headers
end

function handleMethods:progress()
  local size = self.finished and #(self.reply.body or "") or 0
  return size, size, 0, 0
end

function handleMethods:waiting()
  return self.unread and #self.unread or 0
end

function handleMethods:read()
  local bytes = self.unread
  self.unread = nil
  return bytes
end

function handleMethods:cancel()
  if not self.finished then
    self.reply = { kind = "cancelled", message = "the call was cancelled" }
    self.wait = 0
  end
end

-- Sessions -----------------------------------------------------------------------------------------------------------

local function openSession(server, endpoint, options)
  local session = setmetatable({
    server = server, url = endpoint, kept = {}, extra = options.headers or {}, changes = 0,
  }, Session)
  for name in pairs(CREDENTIALS) do
    session.kept[name] = options[name]
  end
  return session
end

function sessionMethods:endpoint()
  return self.url
end

function sessionMethods:project()
  return self.kept.project
end

function sessionMethods:set(name, value)
  if not CREDENTIALS[name] then
    error(format('no credential is called "%s"', tostring(name)), 2)
  end
  self.kept[name] = value
  self.changes = self.changes + 1
  return true
end

function sessionMethods:has(name)
  return self.kept[name] ~= nil
end

function sessionMethods:clear()
  self.kept.session, self.kept.jwt, self.kept.cookies = nil, nil, nil
  self.changes = self.changes + 1
end

function sessionMethods:revision()
  return self.changes
end

-- Not what the real one writes, but kept apart by the same things.
function sessionMethods:export()
  local kept = self.kept
  if not (kept.session or kept.cookies) then
    return nil
  end
  return json.encode {
    fake = 1, endpoint = self.url, project = kept.project, session = kept.session, cookies = kept.cookies,
  }
end

function sessionMethods:import(text)
  local read = json.decode(text)
  if type(read) ~= "table" or read.fake ~= 1 then
    return nil, "is none that the fake transport wrote"
  elseif read.endpoint ~= self.url or read.project ~= self.kept.project then
    return nil, format('is of the project "%s" at %s', tostring(read.project), tostring(read.endpoint))
  end
  self:clear()
  self.kept.session, self.kept.cookies = read.session, read.cookies
  return true
end

function sessionMethods:fork(options)
  local own = { project = self.kept.project, locale = self.kept.locale, headers = self.extra }
  for name, value in pairs(options or {}) do
    own[name] = value
  end
  return openSession(self.server, self.url, own)
end

-- Slices of strings as strings of their own.
local function parts(multipart)
  local list = {}
  for index, part in ipairs(multipart) do
    local copy = {}
    for name, value in pairs(part) do
      copy[name] = value
    end
    if part.buffer then
      copy.data, copy.buffer = part.buffer:bytes(), nil
    elseif part.data and part.length then
      copy.data = part.data:sub(part.offset + 1, part.offset + part.length)
      copy.offset, copy.length = nil, nil
    end
    list[index] = copy
  end
  return list
end

local function headersOf(session, request)
  local headers = {}
  for _, source in ipairs { session.extra, request.headers or {} } do
    for name, value in pairs(source) do
      headers[name:lower()] = value
    end
  end
  return headers
end

local function credentialsOf(kept, isLogin)
  return {
    key = kept.key ~= nil,
    jwt = kept.jwt ~= nil and not isLogin,
    session = kept.session ~= nil and not isLogin,
    cookies = kept.cookies ~= nil and not isLogin,
  }
end

-- What the core takes of a request; it refuses all else.
local TAKEN = {
  method = true, target = true, timeout = true, file = true, stream = true, partial = true, skip = true, auth = true,
  headers = true, multipart = true, body = true,
}

local function record(session, request)
  local path, query = request.target:match("^([^?]*)%??(.*)$")
  local kept = session.kept
  return {
    method = request.method,
    target = request.target,
    path = path,
    query = query,
    headers = headersOf(session, request),
    body = request.body,
    json = request.body and json.decode(request.body) or nil,
    multipart = request.multipart and parts(request.multipart),
    project = kept.project,
    timeout = request.timeout,
    to = request.file and request.file.path,
    stream = request.stream,
    credentials = credentialsOf(kept, request.auth == "login"),
  }
end

function sessionMethods:connect(request)
  local server = self.server
  local made = fakeSocket.new {
    target = request.target, headers = headersOf(self, request), project = self.kept.project,
    credentials = credentialsOf(self.kept, false),
  }
  server.sockets[#server.sockets + 1] = made
  server.connected[#server.connected + 1] = made
  return made
end

function sessionMethods:start(request)
  local server = self.server
  for name in pairs(request) do
    if not TAKEN[name] then
      error(format("unknown option '%s'", tostring(name)), 2)
    end
  end
  local recorded = record(self, request)
  server.requests[#server.requests + 1] = recorded
  local reply = server:replyTo(recorded)
  local handle = setmetatable({
    finished = false,
    reply = reply,
    wait = reply.steps or 1,
    session = self,
    request = request,
    login = request.auth == "login",
  }, Handle)
  server.flying[#server.flying + 1] = handle
  return handle
end

-- A server keeps its user logged in by this header; "[]" is its word for logged out.
local function keepSession(handle)
  local status = handle.reply.status or 200
  local fallback = not handle.reply.kind and handle:headers()["x-fallback-cookies"]
  if not fallback or status < 200 or status > 299 then
    return
  end
  if handle.login or fallback == "[]" then
    handle.session:clear()
  end
  handle.session.kept.cookies = fallback ~= "[]" and fallback or nil
  handle.session.changes = handle.session.changes + 1
end

-- The body of a success to where it was wanted.
local function deliver(handle)
  local request, reply = handle.request, handle.reply
  local status = reply.status or (reply.kind and 0 or 200)
  if not (request.file or request.stream) or status < 200 or status > 299 then
    return
  end
  handle.goesElsewhere = true
  if request.partial and status ~= 206 then
    handle.failure = "the server sent all of what the rest was asked of"
    return
  end
  local bytes = (reply.body or ""):sub((request.skip or 0) + 1)
  if request.file then
    request.file:write(bytes)
  elseif bytes ~= "" then
    handle.unread = bytes
  end
end

-- The server ---------------------------------------------------------------------------------------------------------

local function accept(socket)
  socket:accept()
end

local function prepared(reply)
  if type(reply) ~= "table" then
    error(format("a reply must be a table, got %s", type(reply)), 3)
  end
  if reply.json == nil then
    return reply
  end
  local body, problem = json.encode(reply.json)
  if not body then
    error("the reply's json cannot be encoded: " .. problem, 3)
  end
  local copy = { body = body, headers = { ["content-type"] = JSON_TYPE } }
  for name, value in pairs(reply) do
    if name == "headers" then
      for header, text in pairs(value) do
        copy.headers[header:lower()] = text
      end
    elseif name ~= "json" then
      copy[name] = value
    end
  end
  return copy
end

---Say what a request is answered with. Later words win over earlier ones.
---@param method string "GET", …, or "*" for all
---@param path string   below the endpoint, exactly as sent ("/account"), or "*" for all
---@param reply appwrite.FakeReply|fun(request: appwrite.FakeRequest): appwrite.FakeReply
---@return appwrite.FakeServer self
function fakeMethods:on(method, path, reply)
  if type(reply) ~= "function" then
    reply = prepared(reply)
  end
  table.insert(self.routes, 1, { method = method, path = path, reply = reply })
  return self
end

---What a request is answered with.
---@param request appwrite.FakeRequest
---@return appwrite.FakeReply
function fakeMethods:replyTo(request)
  for _, route in ipairs(self.routes) do
    if (route.method == "*" or route.method == request.method) and (route.path == "*" or route.path == request.path)
    then
      if type(route.reply) == "function" then
        return prepared(route.reply(request))
      end
      return route.reply
    end
  end
  return {
    kind = "network",
    message = format('the fake transport has no reply for %s %s; say one with :on("%s", "%s", { … })', request.method,
      request.path, request.method, request.path),
  }
end

---Forget what was recorded.
function fakeMethods:reset()
  self.requests, self.sockets = {}, {}
end

---Say what happens to a connection of realtime that is begun: `socket:accept`, `refuse`, `drop`, or nothing for now.
---@param fn fun(socket: appwrite.FakeSocket)? nil: it is accepted
function fakeMethods:onConnect(fn)
  if fn ~= nil and type(fn) ~= "function" then
    error(format("onConnect takes a function, got %s", type(fn)), 2)
  end
  self.connect = fn or accept
end

---Send an event of realtime to all connections that asked for one of its channels.
---@param channels string|string[]
---@param payload table
---@param events string[]? the event's names
function fakeMethods:emit(channels, payload, events)
  fakeSocket.emit(self.connected, channels, payload, events)
end

-- Files ---------------------------------------------------------------------------------------------------------------

-- Kept in memory until it is whole.
function fileMethods:write(bytes)
  self.bytes = self.bytes .. bytes
end

function fileMethods:size()
  return #self.bytes
end

function fileMethods:restart()
  self.bytes = ""
  return true
end

function fileMethods:commit()
  local file, problem = io.open(self.path, "wb")
  if not file then
    return nil, "file", "cannot write the file " .. problem
  end
  local written, why = file:write(self.bytes)
  local closed, whyNot = file:close() -- what is buffered is written here
  if not (written and closed) then
    why = why or whyNot
    return nil, "file", format("cannot write the file %s: %s", self.path, why)
  end
  return true
end

function fileMethods:discard()
  self.bytes = ""
end

-- What has nothing to do waits for a moment, so that a program that waits does not run hot.
local function nap(timeout)
  if timeout and timeout > 0 then
    require("appwrite.core").sleep(min(timeout, NAP))
  end
end

local function stepCalls(self)
  local flying, finished = {}, {}
  for _, handle in ipairs(self.flying) do
    handle.wait = handle.wait - 1
    if handle.wait <= 0 then
      handle.finished = true
      deliver(handle)
      keepSession(handle)
      finished[#finished + 1] = handle
    else
      flying[#flying + 1] = handle
    end
  end
  self.flying = flying
  return finished[1] and finished or nil
end

---What `fake.new` gives: a transport that records requests, and answers as it was told.
---@class appwrite.FakeServer: appwrite.Transport
---@field requests appwrite.FakeRequest[] what was sent, in order
---@field sockets appwrite.FakeSocket[]   connections of realtime

---Make a transport that sends nothing.
---@return appwrite.FakeServer transport for `appwrite.new { transport = … }`
function fake.new()
  local self = setmetatable({
    name = "fake", retry = false, requests = {}, routes = {}, flying = {}, sockets = {}, connected = {},
    connect = accept,
  }, Fake)
  function self.open(options)
    return openSession(self, (options.endpoint:gsub("/+$", "")), options)
  end
  function self.file(path)
    return setmetatable({ path = path, bytes = "" }, File)
  end
  function self.step(timeout)
    local finished = stepCalls(self)
    local news
    self.connected, news = fakeSocket.step(self.connected, self.connect)
    if not (finished or news or self.flying[1]) then
      nap(timeout)
    end
    return #self.flying, finished, news
  end
  return self
end

return fake
