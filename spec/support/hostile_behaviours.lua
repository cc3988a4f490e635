--- How the hostile server misbehaves: one function a name, called with the connection once a request has been read. It
-- returns nothing to keep the connection for the next request, or closes it itself.

local answers = require "spec.support.hostile_answers"

local format, rep = string.format, string.rep
local HUGE, JSON = answers.HUGE, answers.JSON
local chunk, json, length, pour, respond = answers.chunk, answers.json, answers.length, answers.pour, answers.respond

local behaviours = {}

---What any other path gets.
function behaviours.ok(connection)
  json(connection, '{"name":"Ada"}')
end

-- Connections that end too early -------------------------------------------------------------------------------------

function behaviours.close(connection)
  connection:close()
end

function behaviours.reset(connection)
  connection:reset()
end

---Answers nothing until the client goes.
function behaviours.silent(connection)
  connection:drain()
end

function behaviours.half(connection)
  respond(connection, "200 OK", { JSON, "content-length: 1000" }, rep("x", 500))
  connection:close()
end

function behaviours.halfHeaders(connection)
  connection:send "HTTP/1.1 200 OK\r\ncontent-type: appli"
  connection:close()
end

function behaviours.cutChunk(connection)
  respond(connection, "200 OK", { JSON, "transfer-encoding: chunked" }, "64\r\n" .. rep("x", 50))
  connection:close()
end

---All chunks but the last, empty one that says it is all.
function behaviours.noLastChunk(connection)
  respond(connection, "200 OK", { JSON, "transfer-encoding: chunked" }, chunk '{"name":"Ada"}')
  connection:close()
end

---A good answer on a connection that then goes without a word.
function behaviours.closeAfter(connection)
  behaviours.ok(connection)
  connection:close()
end

---Takes the request and goes, but only where it came on a connection that was used before.
function behaviours.closeReused(connection)
  if connection.served > 1 then
    connection:close()
  else
    behaviours.ok(connection)
  end
end

-- Time ---------------------------------------------------------------------------------------------------------------

function behaviours.slow(connection)
  local body = '{"name":"Ada Augusta King, Countess of Lovelace"}'
  respond(connection, "200 OK", { JSON, length(body) })
  for index = 1, #body do
    connection:pause(0.2)
    connection:send(body:sub(index, index))
  end
end

function behaviours.slowHeaders(connection)
  local head = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}"
  for index = 1, #head do
    connection:pause(0.2)
    connection:send(head:sub(index, index))
  end
end

-- Too much -----------------------------------------------------------------------------------------------------------

function behaviours.huge(connection)
  respond(connection, "200 OK", { "content-type: image/png", "content-length: " .. HUGE })
  pour(connection, HUGE)
end

function behaviours.hugeChunked(connection)
  respond(connection, "200 OK", { "content-type: image/png", "transfer-encoding: chunked" })
  pour(connection, HUGE, chunk)
  connection:send "0\r\n\r\n"
end

function behaviours.hugeError(connection)
  respond(connection, "500 Internal Server Error", { "content-type: text/plain", "transfer-encoding: chunked" })
  pour(connection, HUGE, chunk)
  connection:send "0\r\n\r\n"
end

function behaviours.endless(connection)
  respond(connection, "200 OK", { "content-type: image/png", "transfer-encoding: chunked" })
  pour(connection, math.huge, chunk)
end

---Without a length, until the connection ends, which it does not.
function behaviours.endlessPlain(connection)
  respond(connection, "200 OK", { "content-type: image/png" })
  pour(connection, math.huge)
end

function behaviours.endlessHeaders(connection)
  connection:send "HTTP/1.1 200 OK\r\n"
  local count = 0
  while true do
    count = count + 1
    connection:send(format("x-header-%d: %s\r\n", count, rep("y", 100)))
  end
end

function behaviours.manyHeaders(connection)
  local headers = { JSON, "content-length: 2" }
  for index = 1, 10000 do
    headers[#headers + 1] = format("x-header-%d: %d", index, index)
  end
  respond(connection, "200 OK", headers, "{}")
end

function behaviours.longHeader(connection)
  json(connection, "{}", "x-long: " .. rep("y", 1024 * 1024))
end

function behaviours.deepJson(connection)
  json(connection, rep("[", 100000) .. rep("]", 100000))
end

---Says that a hundred gigabytes will come, of which the first bytes do.
function behaviours.longLength(connection)
  respond(connection, "200 OK", { "content-type: image/png", "content-length: 100000000000" }, "{}")
  connection:drain()
end

-- Something else than what was asked for -----------------------------------------------------------------------------

function behaviours.html502(connection)
  local body = "<html><head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body></html>"
  respond(connection, "502 Bad Gateway", { "content-type: text/html", length(body) }, body)
end

function behaviours.empty502(connection)
  respond(connection, "502 Bad Gateway", { "content-length: 0" })
end

function behaviours.text429(connection)
  local body = "slow down"
  respond(connection, "429 Too Many Requests", { "content-type: text/plain", length(body), "retry-after: 7" }, body)
end

---Appwrite's own kind of error, to a request whose body is still on its way.
function behaviours.early413(connection)
  local body = '{"message":"too large","code":413,"type":"storage_invalid_file_size","version":"1.5.11"}'
  respond(connection, "413 Payload Too Large", { JSON, length(body), "connection: close" }, body)
  connection:finish()
end

function behaviours.invalidJson(connection)
  json(connection, '{"name":"Ada"')
end

function behaviours.html200(connection)
  local body = "<html>A captive portal</html>"
  respond(connection, "200 OK", { "content-type: text/html", length(body) }, body)
end

function behaviours.empty200(connection)
  respond(connection, "200 OK", { JSON, "content-length: 0" })
end

function behaviours.noContentBody(connection)
  respond(connection, "204 No Content", { "content-length: 14" }, '{"evil":"204"}')
end

---More bytes than it said, which read like a second answer. They come at once: what came later, nobody could tell from
-- an answer.
function behaviours.shortLength(connection)
  local second = '{"name":"Mallory"}'
  respond(connection, "200 OK", { JSON, "content-length: 14" },
    '{"name":"Ada"}HTTP/1.1 200 OK\r\n' .. JSON .. "\r\n" .. length(second) .. "\r\n\r\n" .. second)
end

function behaviours.redirectOther(connection, request)
  local where = format("http://127.0.0.1:%d%s", connection.server.ports.other, request.target)
  respond(connection, "302 Found", { "location: " .. where, "content-length: 0" })
end

function behaviours.redirect307(connection, request)
  local where = format("http://localhost:%d%s", connection.server.ports.other, request.target)
  respond(connection, "307 Temporary Redirect", { "location: " .. where, "content-length: 0" })
end

function behaviours.redirectSelf(connection)
  respond(connection, "301 Moved Permanently", { "location: /v1/ok?secret=hunter2", "content-length: 0" })
end

function behaviours.redirectFile(connection)
  respond(connection, "302 Found", { "location: file:///etc/passwd", "content-length: 0" })
end

function behaviours.redirectNowhere(connection)
  respond(connection, "302 Found", { "content-length: 0" })
end

function behaviours.cookiesOfOthers(connection)
  json(connection, '{"name":"Ada"}',
    "set-cookie: own=1; path=/",
    "set-cookie: other_domain=1; domain=example.com; path=/",
    "set-cookie: parent=1; domain=.invalid; path=/",
    "set-cookie: elsewhere=1; path=/elsewhere",
    "set-cookie: expired=1; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "set-cookie: ended=1; path=/; max-age=0")
end

-- Broken HTTP --------------------------------------------------------------------------------------------------------

function behaviours.interim(connection)
  respond(connection, "100 Continue", { "x-interim: 100" })
  respond(connection, "103 Early Hints", { "x-interim: 103", "x-fallback-cookies: {\"interim\":\"1\"}" })
  json(connection, '{"name":"Ada"}', "x-final: yes")
end

---Interim answers without an end.
function behaviours.endlessInterim(connection)
  while true do
    connection:send(rep("HTTP/1.1 100 Continue\r\n\r\n", 1000))
  end
end

function behaviours.switching(connection)
  respond(connection, "101 Switching Protocols", { "upgrade: websocket", "connection: upgrade" }, "\129\5hello")
  connection:close()
end

function behaviours.garbage(connection)
  connection:send(rep("\0\255\1\254garbage\r\n", 100) .. "\r\n\r\n")
  connection:close()
end

---An answer of 1991: the body and nothing else.
function behaviours.http09(connection)
  connection:send '{"name":"Ada"}'
  connection:close()
end

function behaviours.nulHeader(connection)
  json(connection, "{}", "x-nul: a\0b")
end

function behaviours.foldedHeader(connection)
  json(connection, '{"name":"Ada"}', "x-folded: one\r\n  two")
end

function behaviours.colonlessHeader(connection)
  json(connection, '{"name":"Ada"}', "this is no header")
end

function behaviours.twoLengths(connection)
  respond(connection, "200 OK", { JSON, "content-length: 2", "content-length: 200" }, "{}")
  connection:close()
end

function behaviours.negativeLength(connection)
  respond(connection, "200 OK", { JSON, "content-length: -1" }, "{}")
  connection:close()
end

function behaviours.badChunk(connection)
  respond(connection, "200 OK", { JSON, "transfer-encoding: chunked" }, "zz\r\n{}\r\n0\r\n\r\n")
  connection:close()
end

function behaviours.hugeChunkSize(connection)
  respond(connection, "200 OK", { JSON, "transfer-encoding: chunked" }, "ffffffffffffffffff\r\n{}\r\n")
  connection:close()
end

function behaviours.badStatus(connection)
  respond(connection, "99999 What", { "content-length: 0" })
  connection:close()
end

-- Compression --------------------------------------------------------------------------------------------------------

local function gzip(command)
  local pipe = assert(io.popen(command .. " | gzip -c", "r"))
  local bytes = pipe:read "*a"
  pipe:close()
  return bytes
end

local bomb

---A hundred kilobytes that become a hundred megabytes.
function behaviours.gzipBomb(connection)
  bomb = bomb or gzip("head -c " .. HUGE .. " /dev/zero")
  respond(connection, "200 OK", { "content-type: image/png", "content-encoding: gzip", length(bomb) }, bomb)
end

function behaviours.brokenGzip(connection)
  json(connection, "\31\139\8\0 this is not gzip", "content-encoding: gzip")
end

---A compressed answer of which the second half is missing, though the length agrees.
function behaviours.cutGzip(connection)
  local bytes = gzip "head -c 100000 /dev/urandom"
  json(connection, bytes:sub(1, 50000), "content-encoding: gzip")
end

function behaviours.unknownEncoding(connection)
  json(connection, "{}", "content-encoding: rot13")
end

return behaviours
