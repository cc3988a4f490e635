--- The hostile server of HTTP/2's own process: `lua spec/support/hostile_http2_server.lua CERTIFICATE KEY`. TLS and its
-- negotiation by luaossl, since nothing but it lets a program write whatever bytes it wants into it.
--
-- Listens on two ports: for the spec, which says the name of the behaviour for the requests from then on, or asks for
-- the number of "connections"; and for requests. Ends with the spec's connection.

local behaviours = require "spec.support.hostile_http2"
local context = require "openssl.ssl.context"
local cqueues = require "cqueues"
local pkey = require "openssl.pkey"
local socket = require "cqueues.socket"
local x509 = require "openssl.x509"

local HEADERS, SETTINGS = 1, 4
local ACK = 1
local PREFACE = 24 -- bytes, of RFC 9113, section 3.4
local NO_SETTINGS, ACKNOWLEDGED = "\0\0\0\4\0\0\0\0\0", "\0\0\0\4\1\0\0\0\0"

local queue = cqueues.new()
local current = "h2Ok"
local accepted = 0 -- connections

local function readFile(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local tls = context.new("TLS", true)
tls:setCertificate(x509.new(readFile(arg[1])))
tls:setPrivateKey(pkey.new(readFile(arg[2])))
tls:setAlpnSelect(function() return "h2" end)

local Connection = {}
Connection.__index = Connection

---@return boolean went
function Connection:send(bytes)
  return self.socket:xwrite(bytes, "bn") == true
end

---Others have their turn.
function Connection.rest()
  cqueues.sleep(0)
end

function Connection:close()
  self.socket:close()
  self.closed = true
end

local function readFrame(peer)
  local head = peer:xread(9, "b")
  if not head or #head < 9 then
    return nil
  end
  local high, middle, low, kind, flags, a, b, c, d = head:byte(1, 9)
  local size = (high * 256 + middle) * 256 + low
  local payload = size == 0 and "" or peer:xread(size, "b")
  if not payload then
    return nil
  end
  return kind, flags, ((a % 128 * 256 + b) * 256 + c) * 256 + d
end

local function serve(peer)
  peer:onerror(function(_, _, code) return code end)
  if not peer:starttls(tls) or not peer:xread(PREFACE, "b") then
    peer:close()
    return
  end
  local connection = setmetatable({ socket = peer }, Connection)
  connection:send(NO_SETTINGS)
  local kind, flags, stream = readFrame(peer)
  while kind and not connection.closed do
    if kind == SETTINGS and flags % 2 ~= ACK then
      connection:send(ACKNOWLEDGED)
    elseif kind == HEADERS then
      behaviours[current](connection, stream)
    end
    kind, flags, stream = nil, nil, nil
    if not connection.closed then
      kind, flags, stream = readFrame(peer)
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
    if line == "connections" then
      spec:xwrite(accepted .. "\n", "bn")
    else
      current = assert(behaviours[line] and line, line)
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
