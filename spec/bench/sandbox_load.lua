-- luacheck: std max
--- The sandbox under load: events to many connections at once, and many clients over HTTP. Run it as
--
--   lua5.4 spec/bench/sandbox_load.lua [SECONDS]
--
-- from the top directory; examples/sandbox/spec/load.lua runs a short version. Whatever is lost, doubled, out of order
-- or wrong raises an error. What the worker's memory grows by is state: documents and users left behind, users' logs.

local cjson = require "cjson"
local socket = require "socket"

local format = string.format

local HERE = "examples/sandbox/spec/"
local PATIENCE = 60 -- seconds
local PAGING = "/databases/main/collections/paging/documents"
local NOTES = "/databases/main/collections/notes/documents"
local KEPT = 10 -- documents a client leaves behind

local loads = {}

---Memory of the sandbox's worker.
---@param server sandbox.Running
---@return integer KiB
function loads.memory(server)
  local function read(path)
    local file = assert(io.open(path))
    local text = file:read "*a"
    file:close()
    return text
  end
  local master = read(server.dir .. "/pid"):match "%d+"
  local worker = read(format("/proc/%s/task/%s/children", master, master)):match "%d+"
  return tonumber(read(format("/proc/%s/status", worker)):match "VmRSS:%s*(%d+)")
end

-- A client of its own with a connection that is kept; its calls wait by yielding "read" or "write" and the socket.
local Client = {}
Client.__index = Client

local function newClient(server)
  local host, port, base = server.endpoint:match "^http://([^:/]+):(%d+)(/.*)$"
  local connection = assert(socket.connect(host, port))
  connection:settimeout(0)
  connection:setoption("tcp-nodelay", true)
  return setmetatable({ connection = connection, base = base, project = server.project, calls = 0 }, Client)
end

function Client:send(data)
  local position = 1
  while position <= #data do
    local last, problem, sent = self.connection:send(data, position)
    if not last and problem ~= "timeout" then
      error("sending: " .. problem)
    elseif not last then
      coroutine.yield("write", self.connection)
    end
    position = (last or sent) + 1
  end
end

function Client:receive(pattern)
  local text, problem, partial = self.connection:receive(pattern)
  while not text do
    if problem ~= "timeout" then
      error("receiving: " .. problem)
    end
    coroutine.yield("read", self.connection)
    text, problem, partial = self.connection:receive(pattern, partial)
  end
  return text
end

function Client:receiveBody(headers)
  if headers["transfer-encoding"] ~= "chunked" then
    return headers["content-length"] and self:receive(tonumber(headers["content-length"])) or ""
  end
  local pieces = {}
  repeat
    local size = tonumber(self:receive "*l", 16)
    pieces[#pieces + 1] = size > 0 and self:receive(size) or ""
    self:receive "*l"
  until size == 0
  return table.concat(pieces)
end

---@return integer status
---@return string body
---@return table<string, string> headers names in lower case
function Client:call(method, path, body, contentType)
  self:send(format("%s %s%s HTTP/1.1\r\nHost: sandbox\r\nX-Appwrite-Project: %s\r\n%sContent-Type: %s\r\n"
    .. "Content-Length: %d\r\n\r\n%s", method, self.base, path, self.project,
    self.session and "X-Fallback-Cookies: " .. self.session .. "\r\n" or "", contentType or "application/json",
    #(body or ""), body or ""))
  local status = tonumber(self:receive "*l":match "^HTTP/1.1 (%d+)")
  local headers = {}
  local line = self:receive "*l"
  while line ~= "" do
    local name, value = line:match "^([^:]+):%s*(.*)$"
    headers[name:lower()] = value
    line = self:receive "*l"
  end
  self.calls = self.calls + 1
  return status, self:receiveBody(headers), headers
end

---Expect a status.
---@return any json
---@return table<string, string> headers
function Client:expect(expected, method, path, body, contentType)
  local status, text, headers = self:call(method, path, body, contentType)
  if status ~= expected then
    error(format("%s %s: %d instead of %d: %s", method, path, status, expected, text))
  end
  return text ~= "" and headers["content-type"]:find "json" and cjson.decode(text) or text, headers
end

function Client:signIn(name)
  local email = format("%s@example.com", name)
  self:expect(201, "POST", "/account", format('{"userId":"unique()","email":"%s","password":"password123"}', email))
  local _, headers = self:expect(201, "POST", "/account/sessions/email",
    format('{"email":"%s","password":"password123"}', email))
  self.session = headers["x-fallback-cookies"]
end

local function equal(a, b, what)
  if a ~= b then
    error(format("%s: %s instead of %s", what, tostring(a), tostring(b)))
  end
end

-- What a document and a file go through; nothing of it is left.
local function oneRound(client, number)
  local id = client.name .. "-" .. number
  client:expect(201, "POST", NOTES, format('{"documentId":"%s","data":{"text":"%s"}}', id, id))
  equal(client:expect(200, "GET", NOTES .. "/" .. id).text, id, "text of a document")
  client:expect(200, "PATCH", NOTES .. "/" .. id, '{"data":{"text":"changed"}}')
  equal(client:expect(200, "GET", NOTES).documents[1].text, "changed", "first document of a list")
  client:expect(201, "POST", "/storage/buckets/files/files", format('--B\r\nContent-Disposition: form-data; '
    .. 'name="fileId"\r\n\r\n%s\r\n--B\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n%s'
    .. '\r\n--B--\r\n', id, id), "multipart/form-data; boundary=B")
  equal(client:expect(200, "GET", format("/storage/buckets/files/files/%s/download", id)), id, "content of a file")
  client:expect(204, "DELETE", "/storage/buckets/files/files/" .. id)
  client:expect(204, "DELETE", NOTES .. "/" .. id)
  client:expect(404, "GET", NOTES .. "/" .. id)
end

local function live(client, deadline)
  client:signIn(client.name)
  local number = 0
  repeat
    number = number + 1
    oneRound(client, number)
  until socket.gettime() > deadline
  for index = 1, KEPT do
    client:expect(201, "POST", NOTES, format('{"documentId":"unique()","data":{"text":"%d"}}', index))
  end
  equal(client:expect(200, "GET", NOTES).total, KEPT, "documents at the end")
end

-- Run coroutines that wait for sockets until all have ended.
local function drive(tasks)
  local waiting = { read = {}, write = {} }
  local running = #tasks
  local function resume(task)
    local ok, kind, connection = coroutine.resume(task)
    if not ok then
      error(debug.traceback(task, kind), 0)
    elseif coroutine.status(task) == "dead" then
      running = running - 1
    else
      waiting[kind][connection] = task
    end
  end
  for _, task in ipairs(tasks) do
    resume(task)
  end
  while running > 0 do
    local lists = { {}, {} }
    for place, kind in ipairs { "read", "write" } do
      for connection in pairs(waiting[kind]) do
        lists[place][#lists[place] + 1] = connection
      end
    end
    local readable, writable, problem = socket.select(lists[1], lists[2], PATIENCE)
    assert(not problem, problem)
    for kind, ready in pairs { read = readable, write = writable } do
      for _, connection in ipairs(ready) do
        local task = waiting[kind][connection]
        waiting[kind][connection] = nil
        resume(task)
      end
    end
  end
end

local rounds = 0

---Many clients at once, each with all it does checked.
---@param server sandbox.Running
---@param count integer of clients
---@param seconds number
---@return integer calls they made
function loads.http(server, count, seconds)
  rounds = rounds + 1
  local deadline = socket.gettime() + seconds
  local clients, tasks = {}, {}
  for index = 1, count do
    local client = newClient(server)
    client.name = format("load%d-%d", rounds, index)
    clients[index] = client
    tasks[index] = coroutine.create(function() live(client, deadline) end)
  end
  drive(tasks)
  local calls = 0
  for _, client in ipairs(clients) do
    client.connection:close()
    calls = calls + client.calls
  end
  return calls
end

---Many connections, all of which hear of every document that is written, once and in order.
---@param server sandbox.Running
---@param sockets sandbox.SpecSockets
---@param count integer of connections
---@param writes integer
---@return number seconds from the first write until all have heard of the last
function loads.events(server, sockets, count, writes)
  local listeners = {}
  for index = 1, count do
    listeners[index] = sockets:open(server, "project=" .. server.project .. "&channels[]=documents")
    listeners[index]:next()
  end
  local writer = newClient(server)
  rounds = rounds + 1
  local start
  drive { coroutine.create(function()
    writer:signIn("writer" .. rounds)
    sockets:collect(listeners, '"payload":{"n":(%d+)', writes, PATIENCE)
    start = socket.gettime()
    for number = 1, writes do
      writer:expect(201, "POST", PAGING, format('{"documentId":"unique()","data":{"n":%d}}', number))
    end
  end) }
  for index, heard in ipairs(sockets:collected()) do
    for number = 1, writes do
      equal(heard[number], tostring(number), format("event %d of connection %d", number, index))
    end
  end
  local seconds = socket.gettime() - start
  writer.connection:close()
  for _, listener in ipairs(listeners) do
    listener:drop()
  end
  return seconds
end

local function main(seconds)
  package.path = "./?.lua;" .. package.path
  local sandbox = require "spec.support.sandbox"
  local sockets = dofile(HERE .. "websockets.lua").start()
  local server = sandbox.start { project = HERE .. "project.lua" }
  local function report(text, ...)
    print(format(text .. "; the worker has %d KiB", ...))
  end
  report("at the start", loads.memory(server))
  for _ = 1, 2 do
    local took = loads.events(server, sockets, 100, 1000)
    report("1000 documents written, 100 connections heard of each: %.1f s", took, loads.memory(server))
  end
  for _ = 1, 3 do
    local calls = loads.http(server, 50, seconds / 3)
    report("50 clients for %.0f s: %.0f calls a second", seconds / 3, calls / (seconds / 3), loads.memory(server))
  end
  server.stop()
  sockets:stop()
end

if arg and arg[0] and arg[0]:find "sandbox_load%.lua$" then
  main(tonumber(arg[1]) or 30)
end

return loads
