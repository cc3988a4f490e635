--- The benchmark's back end, and its front end: call the API and return JSON, by the library and by hand.

-- luacheck: std ngx_lua
local cjson = require "cjson"

local tcp = ngx.socket.tcp

local handlers = {}

local client, backend, alone

local USER = [[{"$id":"5e5ea5c16897e","$createdAt":"2020-10-15T06:38:00.000+00:00",]]
  .. [["$updatedAt":"2020-10-15T06:38:00.000+00:00","name":"Ada Lovelace","registration":"2020-10-15T06:38:00.000+00:00",]]
  .. [["status":true,"labels":["vip"],"passwordUpdate":"2020-10-15T06:38:00.000+00:00","email":"ada@example.com",]]
  .. [["phone":"","emailVerification":true,"phoneVerification":false,"mfa":false,"prefs":{"theme":"dark"},"targets":[],]]
  .. [["accessedAt":"2020-10-15T06:38:00.000+00:00"}]]

---The back end's answer.
---@param from integer? after so many milliseconds, or some more
---@param to integer?
function handlers.user(from, to)
  if from then
    ngx.sleep(math.random(from, to) / 1000)
  end
  ngx.header["content-type"] = "application/json"
  ngx.header["content-length"] = #USER
  ngx.print(USER)
end

---@param port integer the back end's
function handlers.open(port)
  backend = port
  client = require("appwrite").new {
    endpoint = "http://127.0.0.1:" .. port .. "/v1", project = "bench", maxConnections = 256,
  }
end

local function answer(user)
  ngx.header["content-type"] = "application/json"
  ngx.print(cjson.encode { name = user.name })
end

function handlers.fast()
  answer(assert(client.account.getCurrentUser()))
end

-- By libcurl and lua-cjson with nothing between them and this; the worker does nothing else meanwhile.
function handlers.alone()
  alone = alone or require "spec.bench.libcurl_alone"("http://127.0.0.1:" .. backend .. "/v1/account")
  answer(cjson.decode(alone()))
end

function handlers.raw(path)
  answer(assert(client:call { method = "GET", path = path }))
end

-- The header fields are the library's.
local REQUEST = "GET /v1%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: bench\r\nAccept: */*\r\n"
  .. "X-Appwrite-Response-Format: 1.5.0\r\nX-SDK-Name: Lua\r\nX-SDK-Platform: client\r\nX-SDK-Language: lua\r\n"
  .. "X-SDK-Version: 0.1.0\r\nX-Appwrite-Project: bench\r\n\r\n"

-- What a programmer would write who calls one operation of one server: nothing but that it works is checked.
function handlers.byHand(path)
  local socket = tcp()
  assert(socket:connect("127.0.0.1", backend))
  assert(socket:send(REQUEST:format(path, backend)))
  local status = tonumber(assert(socket:receive()):match "^HTTP/1%.1 (%d+)")
  local headers = {}
  while true do
    local line = assert(socket:receive())
    if line == "" then
      break
    end
    local name, value = line:match "^([^:]+):%s*(.*)$"
    headers[name:lower()] = value
  end
  local body = assert(socket:receive(tonumber(headers["content-length"])))
  assert(socket:setkeepalive(60000, 256))
  assert(status == 200)
  answer(cjson.decode(body))
end

return handlers
