--- GET /v1/realtime: a WebSocket, over which a client hears of what happens in the channels it asked for.

local accounts = require "server.accounts"
local clock = require "server.clock"
local connections = require "server.connections"
local control = require "server.control"
local cors = require "server.cors"
local errors = require "server.errors"
local faults = require "server.faults"
local identity = require "server.identity"
local json = require "server.json"
local realtimeJson = require "server.realtime_json"
local request = require "server.request"
local response = require "server.response"
local state = require "server.state"
local websocket = require "nginx.websocket.server"

local char, format, sub = string.char, string.format, string.sub
local concat, floor = table.concat, math.floor

local BAD_FORMAT, POLICY, TOO_MANY = 1003, 1008, 1013 -- codes of errors
local MINUTE = 60 -- seconds
local MAX_CONNECTIONS = 128 -- a minute and address
local MAX_MESSAGES = 32 -- a minute and connection
local MAX_MESSAGE = 64000 -- bytes
local SEND_TIMEOUT = 60000 -- milliseconds in which a reader must take something
local NEVER = 0x7FFFFFFF -- milliseconds; a client may be silent for as long as it likes

local Refusal = { __name = "sandbox.Refusal" }

local function refuse(code, message)
  error(setmetatable({ code = code, message = message }, Refusal), 0)
end

local realtime = {}

-- The code and the words for what pcall caught.
local function problemOf(problem)
  if getmetatable(problem) == Refusal or errors.is(problem) then
    return problem
  end
  ngx.log(ngx.ERR, "sandbox: realtime: ", debug.traceback(tostring(problem), 2))
  return { code = 500, type = "general_unknown", message = "Server Error" }
end

local function sendError(connection, problem)
  connection:send(realtimeJson.encode(json.object("type", "error", "data", json.object("code", problem.code, "message",
    problem.message))))
end

-- Counts up; whether there were more than `limit` in this minute. A project without limits counts nothing.
local function exceeds(project, counters, key, limit)
  if not project.rateLimits then
    return false
  end
  local minute = floor(clock.now() / MINUTE)
  local counter = counters[key]
  if not counter or counter.minute ~= minute then
    counter = { minute = minute, used = 0 }
    counters[key] = counter
  end
  counter.used = counter.used + 1
  return counter.used > limit
end

-- A page may connect where it could ask for changes.
local function checkOrigin(self)
  if self.project.id == "console" then
    return
  end
  local ok, problem = pcall(cors.check, { headers = self.headers, method = "POST", project = self.project })
  if not ok then
    refuse(POLICY, problemOf(problem).message)
  end
end

-- What a client hears of: each channel once, and of accounts none but its own, which it gets by asking for "account".
local function channelsFor(wanted, user)
  local channels, seen, isAccount = json.array(), {}, false
  for _, name in ipairs(wanted) do
    if not seen[name] and sub(name, 1, 8) ~= "account." then
      seen[name] = true
      channels[#channels + 1] = name
      isAccount = isAccount or name == "account"
    end
  end
  if isAccount and user then
    channels[#channels + 1] = "account." .. user.id
  end
  return channels
end

local function askedChannels(self)
  local given = self.query.channels
  if type(given) == "string" then
    refuse(0, "Appwrite\\Messaging\\Adapter\\Realtime::convertChannels(): Argument #1 ($channels) must be of type "
      .. "array, string given")
  end
  if not json.isObject(given) then
    return given or {}
  end
  local list = {}
  for _, name in given:each() do
    list[#list + 1] = name
  end
  return list
end

local function admit(self, connection)
  local id = self.query.project or self.headers["x-appwrite-project"]
  local project = state.projects[(id == nil or id == "") and "console" or id]
  if not project then
    refuse(POLICY, "Missing or unknown project ID")
  end
  self.project = project
  identity.resolve(self)
  if exceeds(project, project.counters, "realtime " .. ngx.var.remote_addr, MAX_CONNECTIONS) then
    refuse(TOO_MANY, "Too many requests")
  end
  checkOrigin(self)
  local channels = channelsFor(askedChannels(self), self.user)
  if not channels[1] then
    refuse(POLICY, "Missing channels")
  end
  connection:subscribe(project, self.user, channels)
  connection:send(realtimeJson.encode(json.object("type", "connected", "data", json.object("channels", channels,
    "user", self.user and accounts.userModel(self.user) or json.null))))
end

-- What PHP calls the type of a value.
local function phpType(value)
  if json.isInteger(value) then
    return "int"
  elseif value == json.null or value == nil then
    return "null"
  end
  return ({ number = "float", boolean = "bool", string = "string" })[type(value)]
end

-- A real server takes JSON that is no object for an array, and says what PHP makes of that.
local function member(value, name)
  if json.isObject(value) then
    return value:get(name)
  elseif not json.isArray(value) then
    refuse(0, format("array_key_exists(): Argument #2 ($array) must be of type array, %s given", phpType(value)))
  end
end

local function userOf(project, session)
  local claim = { project = project, cookies = {}, headers = { ["x-appwrite-session"] = session }, out = {} }
  identity.resolve(claim)
  return claim.user
end

local messages = {}

function messages.authentication(connection, data)
  local session = member(data, "session")
  if session == nil then
    refuse(BAD_FORMAT, "Payload is not valid.")
  end
  local user = type(session) == "string" and userOf(connection.project, session)
  if not user then
    refuse(BAD_FORMAT, "Session is not valid.")
  end
  connection:subscribe(connection.project, user, channelsFor(connection.channels, user))
  connection:send(realtimeJson.encode(json.object("type", "response", "data", json.object("to", "authentication",
    "success", true, "user", accounts.userModel(user)))))
end

local function handle(connection, text)
  if exceeds(connection.project, connection.counters, "messages", MAX_MESSAGES) then
    refuse(TOO_MANY, "Too many messages.")
  end
  local message = json.decode(text)
  if message == nil or message == json.null then
    refuse(BAD_FORMAT, "Message format is not valid.")
  end
  local kind, data = member(message, "type"), member(message, "data")
  if kind == nil and data == nil then
    refuse(BAD_FORMAT, "Message format is not valid.")
  end
  local answer = type(kind) == "string" and messages[kind] or refuse(BAD_FORMAT, "Message type is not valid.")
  answer(connection, data)
end

local function receiveMessage(connection, text)
  local ok, problem = xpcall(handle, problemOf, connection, text)
  if not ok then
    sendError(connection, problem)
  end
end

-- A close frame is sent back as it came.
local function acknowledgeClose(connection, code, reason)
  connection:sendClose(code and char(floor(code / 256), code % 256) .. reason or "")
  connection:finish()
end

-- Returns when the client has gone or has broken the protocol; a message that is too long breaks it.
local function receive(connection)
  local pieces, size
  while not connection.finishing do
    local data, kind, detail = connection.socket:recv_frame()
    if not data then
      return
    elseif kind == "close" then
      return acknowledgeClose(connection, detail, data)
    elseif kind == "ping" then
      connection:pong(data)
    elseif kind ~= "pong" then
      if (kind == "continuation") ~= (pieces ~= nil) then
        return
      end
      pieces, size = pieces or {}, (size or 0) + #data
      pieces[#pieces + 1] = data
      if size > MAX_MESSAGE then
        return
      elseif detail ~= "again" then
        receiveMessage(connection, concat(pieces))
        pieces, size = nil, nil
      end
    end
  end
end

-- A fault on demand meets the handshake; dropped afterwards is a connection that has just been made.
local function meetFault(self)
  self.fault = faults.find(self)
  return self.fault and faults.before(self, self.fault)
end

---Serve a connection to its end.
function realtime.handle()
  local self = request.read()
  local ok, answer = xpcall(meetFault, problemOf, self)
  if not ok or answer then
    return response.send(self, ok and answer or response.error(answer))
  end
  ngx.header["Sec-WebSocket-Version"] = "13"
  local socket = websocket:new { max_payload_len = MAX_MESSAGE }
  if not socket then
    ngx.header["Sec-WebSocket-Version"] = nil
    return response.send({ out = {} }, { status = 400, contentType = "text/plain; charset=UTF-8",
      body = "The sandbox's realtime speaks WebSocket only.\n" })
  end
  socket.sock:settimeouts(SEND_TIMEOUT, SEND_TIMEOUT, NEVER)
  local connection = connections.new(socket)
  local isAdmitted, problem = xpcall(admit, problemOf, self, connection)
  if not isAdmitted then
    sendError(connection, problem)
  end
  if not isAdmitted or self.fault and self.fault.drop == "after" then
    connection:finish()
  end
  connection:run(receive)
end

control.add("DELETE", "/connections", {
  handler = function()
    connections.abortAll()
    return response.empty()
  end,
})

return realtime
