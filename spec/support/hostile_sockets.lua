--- How the hostile server answers a WebSocket's handshake, and what it says over one.

local answers = require "spec.support.hostile_answers"
local mime = require "mime"
local process = require "spec.support.process"

local char, format, rep = string.char, string.format, string.rep
local JSON = answers.JSON
local length, respond = answers.length, answers.respond

local SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" -- RFC 6455, section 1.3
local CONNECTED = '{"type":"connected","data":{"channels":["files"],"user":null}}'
local EVENT = '{"type":"event","data":{"events":["e"],"channels":["files"],"timestamp":"t","payload":{"n":1}}}'

local behaviours = {}

-- Handshakes ---------------------------------------------------------------------------------------------------------

local function acceptOf(request)
  local key = request.head:match "\r\n[Ss]ec%-[Ww]eb[Ss]ocket%-[Kk]ey: *([^\r]*)"
  local pipe = assert(io.popen(format("printf %%s %s | openssl dgst -sha1 -binary", process.quote(key .. SALT)), "r"))
  local digest = pipe:read "*a"
  pipe:close()
  return "sec-websocket-accept: " .. mime.b64(digest)
end

local function switch(connection, accept, ...)
  respond(connection, "101 Switching Protocols", { "upgrade: websocket", "connection: upgrade", accept, ... })
end

---Answered like any call.
function behaviours.socketPlain(connection)
  local body = '{"name":"Ada"}'
  respond(connection, "200 OK", { JSON, length(body) }, body)
  connection:drain()
end

function behaviours.socketRedirect(connection, request)
  respond(connection, "302 Found", { "content-length: 0",
    format("location: http://127.0.0.1:%d%s", connection.server.ports.other, request.target) })
  connection:drain()
end

function behaviours.socketWrongAccept(connection)
  switch(connection, "sec-websocket-accept: " .. rep("A", 27) .. "=")
  connection:drain()
end

function behaviours.socketNoAccept(connection)
  switch(connection, "x-nothing: 1")
  connection:drain()
end

function behaviours.socketExtension(connection, request)
  switch(connection, acceptOf(request), "sec-websocket-extensions: permessage-deflate")
  connection:drain()
end

function behaviours.socketOtherProtocol(connection)
  respond(connection, "101 Switching Protocols", { "upgrade: h2c", "connection: upgrade" })
  connection:drain()
end

function behaviours.socketEndlessHeaders(connection)
  connection:send "HTTP/1.1 101 Switching Protocols\r\n"
  while true do
    connection:send(rep("x-header: y\r\n", 1000))
  end
end

function behaviours.socketLongHeader(connection)
  connection:send "HTTP/1.1 101 Switching Protocols\r\nx-header: "
  while true do
    connection:send(answers.PIECE)
  end
end

function behaviours.socketInterims(connection)
  while true do
    connection:send(rep("HTTP/1.1 100 Continue\r\n\r\n", 1000))
  end
end

---A refusal whose text has no end.
function behaviours.socketEndlessRefusal(connection)
  respond(connection, "403 Forbidden", { "content-type: text/html" })
  while true do
    connection:send(answers.PIECE)
  end
end

function behaviours.socketEscapeRefusal(connection)
  local body = '{"message":"\\u001b[2JNo.","code":403,"type":"a\\u001b[2J"}'
  respond(connection, "403 Forbidden", { JSON, length(body) }, body)
  connection:drain()
end

-- Messages -----------------------------------------------------------------------------------------------------------

local function frame(text, first)
  local size = #text
  local head = char(first or 0x81)
  if size < 126 then
    return head .. char(size) .. text
  end
  return head .. char(126, math.floor(size / 256), size % 256) .. text
end

-- What comes first, or where it is an error behind the greeting; the connection then stays open.
local MESSAGES = {
  socketNoJson = "hello",
  socketScalar = "42",
  socketList = "[]",
  socketNoData = '{"type":"connected"}',
  socketTypeNumber = '{"type":1,"data":{}}',
  socketDeep = rep("[", 5000),
  socketErrorFraction = '{"type":"error","data":{"code":1003.5,"message":{"a":1}}}',
  socketErrorHuge = '{"type":"error","data":{"code":1e300,"message":42}}',
  socketErrorEscape = '{"type":"error","data":{"code":1003,"message":"\\u001b]0;owned\\u0007\\u001b[2J\\u0000No."}}',
  socketErrorLong = '{"type":"error","data":{"code":1003,"message":"' .. rep("m", 60000) .. '"}}',
}
for name, text in pairs(MESSAGES) do
  behaviours[name] = function(connection, request)
    switch(connection, acceptOf(request))
    if name:find "^socketError" then
      connection:send(frame(CONNECTED))
    end
    connection:send(frame(text))
    connection:drain()
  end
end

---Messages in one packet with the handshake, of the wrong shape and of unknown types, and one good event behind them.
function behaviours.socketOddEvents(connection, request)
  switch(connection, acceptOf(request))
  for _, text in ipairs {
    '{"type":"connected","data":{"channels":"files","user":42}}', CONNECTED,
    '{"type":"event","data":{"events":5,"channels":[null,1,{"a":1},"nothing"],"payload":"x"}}',
    '{"type":"event","data":{"channels":{"files":1}}}', '{"type":"response","data":{"to":5,"success":"x"}}',
    '{"type":"unknown","data":{}}', EVENT,
  } do
    connection:send(frame(text))
  end
  connection:drain()
end

---Events without an end, as fast as they can be read.
function behaviours.socketFlood(connection, request)
  switch(connection, acceptOf(request))
  connection:send(frame(CONNECTED))
  local many = rep(frame(EVENT), 500)
  while true do
    connection:send(many)
  end
end

---Messages that are none, without an end.
function behaviours.socketNonsenseFlood(connection, request)
  switch(connection, acceptOf(request))
  local many = rep(frame "hello", 5000)
  while true do
    connection:send(many)
  end
end

---Pings without an end, each of which wants an answer that nobody reads.
function behaviours.socketPingFlood(connection, request)
  switch(connection, acceptOf(request))
  local many = rep(frame(rep("p", 100), 0x89), 500)
  while true do
    connection:send(many)
  end
end

---A reason for the end that wants to be printed.
function behaviours.socketCloseEscape(connection, request)
  switch(connection, acceptOf(request))
  connection:send(frame(CONNECTED) .. frame("\3\240\27[2J\27]0;owned\7No.", 0x88))
  connection:drain()
end

return behaviours
