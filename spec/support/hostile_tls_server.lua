--- The own process of a server that ends its connections as TLS forbids: `lua spec/support/hostile_tls_server.lua
-- CERTIFICATE KEY`. TLS by luaossl; what goes past it by LuaSocket, over the same descriptor.
--
-- Listens on two ports: for the spec, and for requests. The spec says where the answers from then on end, and how:
-- "half cut" and so on, and asks for the number of "connections". "idle" ends
-- when the spec says "end", with the connection's answer received. Ends with the spec's connection.

local context = require "openssl.ssl.context"
local cqueues = require "cqueues"
local luasocket = require "socket"
local pkey = require "openssl.pkey"
local socket = require "cqueues.socket"
local x509 = require "openssl.x509"

local HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
local BODY = '{"name":"Ada"}'
local HALF = '{"name":"Eve","labels":["admin"]' -- and a part of it that reads as a whole
local WHOLE = HEAD .. "Content-Length: " .. #BODY .. "\r\n\r\n" .. BODY
local PLAIN_NOTIFY = "\21\3\3\0\2\1\0" -- an alert that nothing vouches for: close_notify, RFC 8446, section 6.1

-- What is said before the end.
local PLACES = {
  nothing = "",
  head = "HTTP/1.1 200 OK\r\nContent-Type: appli",
  line = "HTTP/1.1 200 OK\r\n",
  length = HEAD .. "Content-Length: 100\r\n\r\n" .. BODY,
  chunk = HEAD .. "Transfer-Encoding: chunked\r\n\r\n20\r\n" .. BODY,
  chunks = HEAD .. "Transfer-Encoding: chunked\r\n\r\ne\r\n" .. BODY .. "\r\n",
  lastChunk = HEAD .. "Transfer-Encoding: chunked\r\n\r\ne\r\n" .. BODY .. "\r\n0\r\n",
  endless = HEAD .. "Connection: close\r\n\r\n" .. BODY,
  half = HEAD .. "Connection: close\r\n\r\n" .. HALF,
  text = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello",
  empty = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n",
  none = "HTTP/1.1 204 No Content\r\n\r\n",
  idle = WHOLE,
  ok = WHOLE,
}

local queue = cqueues.new()
local place, ending = "ok", "keep"
local accepted = 0 -- connections
local idle = {} -- connections that were answered on, and how they are to end

local function readFile(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local tls = context.new("TLS", true)
tls:setCertificate(x509.new(readFile(arg[1])))
tls:setPrivateKey(pkey.new(readFile(arg[2])))

-- A connection of LuaSocket's, whose descriptor is put in place of its own.
local function rawOver(peer)
  local listener = assert(luasocket.bind("127.0.0.1", 0))
  local address, port = listener:getsockname()
  local raw = assert(luasocket.connect(address, port))
  listener:close()
  local own = raw:getfd()
  raw:setfd(peer:pollfd())
  return raw, function()
    raw:setfd(own)
    raw:close()
  end
end

local ENDS = {
  cut = function() end,
  alert = function(raw)
    assert(raw:send(PLAIN_NOTIFY))
  end,
  reset = function(raw)
    assert(raw:setoption("linger", { on = true, timeout = 0 }))
  end,
}

-- cqueues closes the descriptor alone.
local function finish(peer, how)
  local raw, giveBack = rawOver(peer)
  ENDS[how](raw)
  giveBack()
  peer:close()
end

local function readRequest(peer)
  local line = peer:xread "*l"
  while line and not line:find "^\r?$" do
    line = peer:xread "*l"
  end
  return line ~= nil
end

local function serve(peer)
  peer:onerror(function(_, _, code) return code end)
  if not peer:starttls(tls) then
    peer:close()
    return
  end
  while readRequest(peer) do
    peer:xwrite(PLACES[place], "bn")
    if place == "idle" then
      idle[#idle + 1] = { peer = peer, how = ending }
      return
    elseif ending ~= "keep" then
      finish(peer, ending)
      return
    end
  end
  peer:close()
end

local function listen()
  local listener = socket.listen { host = "127.0.0.1", port = 0 }
  assert(listener:listen())
  local _, _, port = listener:localname()
  return listener, port
end

local control, controlPort = listen()
local main, mainPort = listen()

queue:wrap(function()
  local spec = control:accept()
  local line = spec:xread "*l"
  while line do
    if line == "end" then
      for _, one in ipairs(idle) do
        finish(one.peer, one.how)
      end
      idle = {}
      spec:xwrite("ok\n", "bn")
    elseif line == "connections" then
      spec:xwrite(accepted .. "\n", "bn")
    else
      local where, how = line:match "^(%a+) (%a+)$"
      assert(PLACES[where] and (how == "keep" or ENDS[how]), line)
      place, ending = where, how
      spec:xwrite("ok\n", "bn")
    end
    line = spec:xread "*l"
  end
  os.exit(0, true)
end)
queue:wrap(function()
  while true do
    local connection = main:accept()
    accepted = accepted + 1
    queue:wrap(serve, connection)
  end
end)
io.stdout:write(("ready %d %d\n"):format(controlPort, mainPort))
io.stdout:flush()
assert(queue:loop())
