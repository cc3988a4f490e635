--- A real HTTP server that writes down what it is sent and answers as it is told: nginx, over plain HTTP or over TLS
-- with HTTP/2. It is told and asked over a second port with LuaSocket, so that nothing of the library is in between.

local certificate = require "spec.support.certificate"
local http = require "socket.http"
local ltn12 = require "ltn12"
local netstring = require "spec.support.netstring"
local nginx = require "spec.support.nginx"
local ocsp = require "spec.support.ocsp"

local format = string.format

local Recorder = { __name = "spec.Recorder" }
local methods = {}
Recorder.__index = methods

local recorder = {}

-- %LISTEN% is " ssl http2" or nothing.
local CONFIG = [[
  default_type "";
  client_body_buffer_size 1m;
  large_client_header_buffers 8 64k;
  keepalive_requests %REQUESTS%;
  chunked_transfer_encoding %CHUNKS%;
  server {
    listen 127.0.0.1:%PORT2%%LISTEN%;
    %TLS%
    location / { content_by_lua_block { require("spec.support.recorder_nginx").record() } }
  }
  server {
    listen 127.0.0.1:%PORT3%;
    location / { content_by_lua_block { require("spec.support.recorder_nginx").control() } }
  }
]]

-- The server itself has no scruples, so that it is the client's that count.
local TLS = [[
    ssl_certificate %s;
    ssl_certificate_key %s;
    ssl_protocols %s;
    ssl_ciphers %s;
]]

-- A client's certificate, which it has to show.
local CLIENT = [[
    ssl_client_certificate %s;
    ssl_verify_client on;
]]

-- An OCSP answer, whatever it is.
local STAPLE = [[
    ssl_certificate_by_lua_block { require("spec.support.recorder_nginx").staple("%s") }
]]

local PROTOCOLS, CIPHERS = "TLSv1.2 TLSv1.3", "HIGH:!aNULL:!MD5"

local function tlsOf(made, options)
  -- Who looks at a stapled answer needs the issuer's certificate as well.
  local text = format(TLS, options.ocsp and made.chain or made.certificate, made.key, options.protocols or PROTOCOLS, options.ciphers or CIPHERS)
  if options.ocsp then
    text = text .. format(STAPLE, ocsp.make(made, options.ocsp))
  end
  return options.clientCertificate and text .. format(CLIENT, made.caFile) or text
end

local function control(self, verb, body)
  local pieces = {}
  local done, status = http.request {
    url = format("http://127.0.0.1:%d/%s", self.server.ports[3], verb),
    method = "POST",
    headers = { ["content-length"] = tostring(#body) },
    source = ltn12.source.string(body),
    sink = ltn12.sink.table(pieces),
  }
  local text = table.concat(pieces)
  if not done or status ~= 200 then
    error(format("the recorder cannot be told to %s: %s %s", verb, tostring(status), text), 3)
  end
  return text
end

---@class spec.RecorderTls : spec.CertificateOptions
---@field protocols string?          nginx's ssl_protocols; TLS 1.2 and 1.3 if not told
---@field ciphers string?            nginx's ssl_ciphers
---@field clientCertificate boolean? is demanded
---@field ocsp string?               what is stapled to the certificate: see spec.support.ocsp; nothing if not told

---@class spec.RecorderOptions
---@field requests integer?  of one connection, which ends then
---@field endless boolean?   over HTTP/1.1, and a reply that is `chunked` ends with its connection instead
---@field tls spec.RecorderTls|boolean|nil over TLS; true: a certificate for 127.0.0.1, signed by `server.caFile`

---@param options spec.RecorderOptions?
---@return table server `endpoint`, `port`, and over TLS `caFile`
function recorder.start(options)
  options = options or {}
  local tls = options.tls
  tls = tls == true and {} or tls
  local made = tls and certificate.make(tls)
  local started = nginx.start {
    http = CONFIG,
    ports = 2,
    values = {
      REQUESTS = tostring(options.requests or 100000),
      CHUNKS = options.endless and "off" or "on",
      LISTEN = (made and " ssl" or "") .. (made and not options.endless and " http2" or ""),
      TLS = made and tlsOf(made, tls) or "",
    },
  }
  return setmetatable({
    server = started,
    made = made,
    port = started.ports[2],
    caFile = made and made.caFile,
    endpoint = format("%s://127.0.0.1:%d/v1", made and "https" or "http", started.ports[2]),
  }, Recorder)
end

---Forgets what was recorded and what was to be answered.
function methods:clear()
  control(self, "clear", "")
end

local function encodeReply(reply)
  local list = { reply.status or 200, reply.body or "", reply.hold and 1 or 0, reply.chunked and 1 or 0 }
  for name, value in pairs(reply.headers or {}) do
    for _, one in ipairs(type(value) == "table" and value or { value }) do
      list[#list + 1] = name
      list[#list + 1] = one
    end
  end
  return netstring.encode(list)
end

---@class spec.Reply
---@field status integer?  200 if not told
---@field headers table<string, string|string[]>?
---@field body string?
---@field chunked boolean? without a content-length
---@field hold boolean?    only when `server:release()` is called

---What the following requests are answered with, one reply each; the last one serves all further ones.
---@param ... spec.Reply
function methods:reply(...)
  local list = {}
  for index, reply in ipairs { ... } do
    list[index] = encodeReply(reply)
  end
  control(self, "reply", netstring.encode(list))
end

---Lets the answers go that were held.
function methods:release()
  control(self, "release", "")
end

---@class spec.Request
---@field method string
---@field path string     as sent, undecoded
---@field query string    as sent, without the question mark
---@field headers table<string, string> lower-case names; those sent more than once joined with ", "
---@field body string
---@field line string     the request line; over HTTP/2 what nginx makes of it
---@field version string  "1.1", "2.0"
---@field connection string the same for requests on the same connection

local function decodeRequest(text)
  local list = netstring.decode(text)
  local request = {
    method = list[1], path = list[2], query = list[3], body = list[4], line = list[5], version = list[6],
    connection = list[7], headers = {},
  }
  for index = 8, #list, 2 do
    request.headers[list[index]] = list[index + 1]
  end
  return request
end

---@return spec.Request[] in the order in which they were complete
function methods:requests()
  local list = netstring.decode(control(self, "requests", ""))
  for index, text in ipairs(list) do
    list[index] = decodeRequest(text)
  end
  return list
end

---@return spec.Request? the newest
function methods:last()
  local list = self:requests()
  return list[#list]
end

---Ends the server and waits until it is gone.
function methods:stop()
  self.server:stop()
  if self.made then
    self.made:remove()
  end
end

return recorder
