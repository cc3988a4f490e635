--- WebSockets over the C core: against the sandbox, over TLS through nginx, and against servers that fail.

local appwrite = require "appwrite"
local core = require "appwrite.core"
local certificate = require "spec.support.certificate"
local digest = require "openssl.digest"
local json = require "appwrite.json"
local mime = require "mime"
local nginx = require "spec.support.nginx"
local sandbox = require "spec.support.sandbox"
local socket = require "socket"

local format = string.format
local PATIENCE = 10 -- seconds
local WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" -- RFC 6455, section 1.3

describe("a socket of appwrite.core", function()
  local server, engine

  setup(function()
    server = sandbox.start()
  end)

  teardown(function()
    server.stop()
  end)

  before_each(function()
    engine = core.engine()
  end)

  after_each(function()
    engine:close()
  end)

  local function session(options)
    local all = { endpoint = server.endpoint, project = server.project }
    for name, value in pairs(options or {}) do
      all[name] = value
    end
    return assert(engine:client(all))
  end

  local function target(channel)
    return format("/realtime?project=%s&channels%%5B%%5D=%s", server.project, channel or "documents")
  end

  local function connect(from, options)
    local all = { target = target() }
    for name, value in pairs(options or {}) do
      all[name] = value
    end
    return assert(from:connect(all))
  end

  -- Steps until it is so.
  local function untilTrue(fn)
    local deadline = core.monotonic() + PATIENCE
    repeat
      local value = fn()
      if value then
        return value
      end
      engine:step(0.2)
    until core.monotonic() > deadline
    error "this has not happened in time"
  end

  local function message(one)
    return json.decode((untilTrue(function() return (one:next()) end)))
  end

  local function ended(one)
    untilTrue(function() return one:state() == "closed" end)
    return one:result()
  end

  it("opens, gets messages, sends and closes", function()
    local one = connect(session())
    assert.equal("connecting", one:state())
    assert.equal("appwrite.core.Socket (connecting)", tostring(one))
    assert.same({ nil, "argument" }, { (one:send "early"), (select(2, one:send "early")) })
    local first = message(one)
    assert.equal("connected", first.type)
    assert.equal("open", one:state())
    assert.is_true(one:send '{"type":"nonsense"}')
    assert.equal("error", message(one).type)
    assert.is_true(one:close(1000, "bye"))
    assert.is_true(one:close())
    assert.equal("closing", one:state())
    assert.same({ code = 1000, reason = "bye" }, ended(one))
    assert.is_true(one:close())
    one:cancel()
    assert.is_nil(one:next())
  end)

  it("is told of by the step that brings something, and stands for itself there", function()
    local one = connect(session())
    local told = untilTrue(function()
      local running, finished, news = engine:step(1)
      assert.equal(0, running)
      assert.is_nil(finished)
      return news
    end)
    assert.same({ one }, told)
    untilTrue(function() return one:next() end)
    local _, _, news = engine:step(0)
    assert.is_nil(news)
  end)

  it("is of no use once it was collected", function()
    local one = connect(session())
    debug.getmetatable(one).__gc(one)
    debug.getmetatable(one).__gc(one)
    assert.equal("appwrite.core.Socket (closed)", tostring(one))
    assert.has_error(function() one:ping() end)
  end)

  it("is heard of by a ping", function()
    local one = connect(session())
    message(one)
    socket.sleep(0.2)
    local before = one:heard()
    assert.is_true(before >= 0.2)
    assert.is_true(one:ping())
    engine:step(0.1)
    assert.is_true(one:heard() < before)
  end)

  it("goes with the client's session", function()
    local client = appwrite.new { endpoint = server.endpoint, project = server.project }
    local email = appwrite.ID.unique() .. "@example.com"
    local user = assert(client.account.registerUser { userId = "unique()", email = email, password = "correct horse" })
    local jar = session()
    local login = assert(jar:start {
      method = "POST", target = "/account/sessions/email", auth = "login",
      headers = { ["content-type"] = "application/json" },
      body = json.encode { email = email, password = "correct horse" },
    })
    untilTrue(function() return login:done() end)
    assert.equal(201, (login:result()))
    assert.equal(user["$id"], message(connect(jar)).data.user["$id"])
    assert.is_true(message(connect(session())).data.user == nil)
  end)

  it("is refused as a call would be", function()
    local result = ended(connect(session(), { target = "/nothing" }))
    assert.equal("api", result.kind)
    assert.equal(404, result.status)
    if core.WEBSOCKET == "libcurl" then
      assert.equal("", result.body) -- libcurl reads no further
    else
      assert.truthy(result.body:find("general_route_not_found", 1, true))
    end
  end)

  it("keeps what came before the server ended it", function()
    local one = connect(session(), { target = "/realtime?project=" .. server.project })
    assert.equal("network", ended(one).kind)
    assert.equal(1008, message(one).data.code)
  end)

  it("says why there is no connection", function()
    local result = ended(connect(session { endpoint = "http://127.0.0.1:1/v1" }))
    assert.equal("network", result.kind)
    result = ended(connect(session { endpoint = "http://no-such-host.invalid/v1" }))
    assert.equal("network", result.kind)
  end)

  -- A server of one connection, and a socket on its way there.
  local function raw(options, timeout)
    local listener = assert(socket.bind("127.0.0.1", 0))
    local _, port = listener:getsockname()
    local one = connect(session(options and options(port) or { endpoint = format("http://127.0.0.1:%d/v1", port) }),
      { timeout = timeout })
    listener:settimeout(0)
    local peer = untilTrue(function()
      engine:step(0)
      return (listener:accept())
    end)
    listener:close()
    peer:settimeout(0)
    return one, peer
  end

  -- What the socket asks, up to the empty line.
  local function asks(peer)
    local text = ""
    return untilTrue(function()
      engine:step(0)
      local whole, _, part = peer:receive(4096)
      text = text .. (whole or part)
      return text:find("\r\n\r\n", 1, true) and text
    end)
  end

  local function upgrade(asked)
    local accept = digest.new("sha1"):final(asked:match "Sec%-WebSocket%-Key: (%S+)" .. WEBSOCKET_GUID)
    return "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
      .. mime.b64(accept) .. "\r\n\r\n"
  end

  -- What becomes of a socket whose server sends this, and may close.
  local function silent(text, closes)
    local one, peer = raw(nil, 0.3)
    if text then
      peer:send(text)
    end
    if closes then
      peer:close()
    end
    local result = ended(one)
    peer:close()
    return result
  end

  it("waits only so long for the handshake", function()
    local before = core.monotonic()
    assert.equal("timeout", silent().kind)
    assert.is_true(core.monotonic() - before < 2)
    assert.equal("timeout", silent("HTTP/1.1 101 Switching").kind)
    assert.equal("network", silent("HTTP/1.1 101 Switching", true).kind)
    assert.equal("protocol", silent("SSH-2.0-OpenSSH\r\n").kind)
    assert.equal("protocol", silent("HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n").kind)
  end)

  it("takes the frames that come together with the answer", function()
    local one, peer = raw()
    peer:send(upgrade(asks(peer)) .. "\129\2hi\130\1\0\1\1a\128\1b\136\5\3\232bye")
    local seen = {}
    local result = ended(one)
    for index = 1, 3 do
      seen[index] = { one:next() }
    end
    assert.same({ { "hi", false }, { "\0", true }, { "ab", false } }, seen)
    assert.same({ code = 1000, reason = "bye" }, result)
    peer:close()
  end)

  it("is told what a server's interim answer leads to", function()
    local one, peer = raw()
    peer:send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" .. upgrade(asks(peer)))
    untilTrue(function() return one:state() == "open" end)
    peer:close()
    assert.equal("network", ended(one).kind)
  end)

  it("keeps the text of a refusal, however it comes", function()
    local one, peer = raw()
    asks(peer)
    local text = ("refused "):rep(250)
    peer:send(format("HTTP/1.1 429 Slow\r\nContent-Length: %d\r\n\r\n%s", #text, text:sub(1, 100)))
    engine:step(0.05)
    peer:send(text:sub(101))
    local result = ended(one)
    assert.same({ "api", 429, core.WEBSOCKET == "libcurl" and "" or text }, { result.kind, result.status, result.body })
    peer:close()
  end)

  it("says that a server breaks the rules, and tells the server", function()
    local one, peer = raw()
    peer:send(upgrade(asks(peer)) .. "\193\0")
    local result = ended(one)
    assert.equal("protocol", result.kind)
    assert.truthy(result.message:find("rules of the WebSocket protocol", 1, true))
    peer:settimeout(PATIENCE)
    assert.equal("\136\130", peer:receive(2)) -- a close of two bytes, masked
    peer:close()
  end)

  it("goes through a proxy", function()
    local one, peer = raw(function(port)
      return { endpoint = "http://appwrite.example/v1", proxy = format("http://127.0.0.1:%d", port) }
    end)
    assert.truthy(asks(peer):find "^CONNECT appwrite%.example:80 ")
    peer:send "HTTP/1.1 200 Connected\r\nX-Proxy: yes\r\n\r\n"
    local asked = asks(peer)
    assert.truthy(asked:find("^GET /v1/realtime"))
    assert.truthy(asked:find("\r\nHost: appwrite.example\r\n", 1, true))
    peer:send(upgrade(asked) .. "\129\2hi")
    assert.equal("hi", untilTrue(function() return (one:next()) end))
    peer:close()
  end)

  it("goes over TLS, by the client's rules", function()
    local files = certificate.make {}
    local proxy = nginx.start { http = format([[
      server {
        listen 127.0.0.1:%%PORT2%% ssl;
        ssl_certificate %s; ssl_certificate_key %s;
        location / {
          proxy_pass %s; proxy_http_version 1.1;
          proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $http_connection;
        }
      }]], files.certificate, files.key, server.endpoint:match "^(http://[^/]+)"), values = {} }
    local endpoint = format("https://127.0.0.1:%d/v1", proxy.ports[2])
    assert.equal("tls", ended(connect(session { endpoint = endpoint })).kind)
    assert.equal("connected", message(connect(session { endpoint = endpoint, selfSigned = true })).type)
    assert.equal("connected", message(connect(session { endpoint = endpoint, caFile = files.caFile })).type)
    proxy:stop()
    files:remove()
  end)

  it("takes no connection from the calls", function()
    engine:limit(1)
    local from = session()
    local sockets = {}
    for index = 1, 3 do
      sockets[index] = connect(from)
      message(sockets[index])
    end
    local request = assert(from:start { method = "GET", target = "/locale" })
    untilTrue(function() return request:done() end)
    assert.equal(200, (request:result()))
  end)

  it("is ended by cancel, by its engine, and where nobody holds it", function()
    local one = connect(session())
    one:cancel()
    assert.equal("cancelled", one:result().kind)
    one = connect(session())
    message(one)
    engine:close()
    assert.equal("cancelled", one:result().kind)
    engine = core.engine()
    connect(session())
    engine:step(0)
  end)

  it("says by message who the user is, as somebody who logged in after it was made", function()
    local from = session()
    local one = connect(from, { target = target "account" })
    assert.equal(json.null, json.decode((untilTrue(function() return (one:next()) end)), { nulls = "keep" }).data.user)
    assert.same({ nil, "argument", "the client has no session" }, { one:authenticate() })
    local request = assert(from:start { method = "POST", target = "/account/sessions/anonymous", auth = "login", body = "{}",
      headers = { ["content-type"] = "application/json" } })
    untilTrue(function() return request:done() end)
    assert.equal(201, (request:result()))
    assert.is_true(one:authenticate())
    local answer = message(one)
    assert.same({ "response", "authentication", true }, { answer.type, answer.data.to, answer.data.success })
    assert.equal("string", type(answer.data.user["$id"]))
    from:set("session", "nobody")
    assert.is_true(one:authenticate())
    assert.same({ "error", 1003 }, { message(one).type, 1003 })
    one:cancel()
    assert.same({ nil, "argument" }, { (one:authenticate()), (select(2, one:authenticate())) })
  end)

  it("refuses what cannot be sent", function()
    local from = session()
    for part, options in pairs {
      ["begin with a slash"] = { target = "realtime" }, ["must not contain spaces"] = { target = "/a b" },
      ["must not contain CR"] = { target = "/a", headers = { ["X-A"] = "b\r\nc" } },
    } do
      local one, kind, problem = from:connect(options)
      assert.is_nil(one)
      assert.equal("argument", kind)
      assert.truthy(problem:find(part, 1, true), problem)
    end
    local one = connect(from)
    message(one)
    local done, kind, problem = one:send(("x"):rep(1024 * 1024 + 1))
    assert.same({ nil, "argument" }, { done, kind })
    assert.truthy(problem:find("wait to be sent", 1, true))
    done, kind = one:close(999)
    assert.same({ nil, "argument" }, { done, kind })
  end)
end)
