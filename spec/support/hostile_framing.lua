--- How the hostile server breaks HTTP's framing: chunks, lengths, status lines, interim and unasked answers.

local answers = require "spec.support.hostile_answers"

local format, rep = string.format, string.rep
local CHUNKED, JSON = answers.CHUNKED, answers.JSON
local chunk, json, length, respond = answers.chunk, answers.json, answers.length, answers.respond

local ADA, MALLORY = '{"name":"Ada"}', '{"name":"Mallory"}'
local GOOD = "HTTP/1.1 200 OK\r\n" .. JSON .. "\r\n" .. length(ADA) .. "\r\n\r\n" .. ADA
local EVIL = "HTTP/1.1 200 OK\r\n" .. JSON .. "\r\n" .. length(MALLORY) .. "\r\n\r\n" .. MALLORY

local behaviours = {}

local function chunked(connection, body)
  respond(connection, "200 OK", { JSON, CHUNKED }, body)
end

local function forever(connection, piece)
  while true do
    connection:send(piece)
  end
end

-- Chunks -------------------------------------------------------------------------------------------------------------

function behaviours.chunkExtensions(connection)
  chunked(connection, 'e;name="a;b";' .. rep("x", 5000) .. "\r\n" .. ADA .. "\r\n0;last\r\n\r\n")
end

---A chunk's size that is followed by an extension without an end.
function behaviours.endlessExtension(connection)
  chunked(connection, "e;")
  forever(connection, answers.PIECE)
end

function behaviours.longChunkSize(connection)
  chunked(connection, rep("0", 1000) .. "e\r\n" .. ADA .. "\r\n0\r\n\r\n")
  connection:close()
end

function behaviours.negativeChunk(connection)
  chunked(connection, "-e\r\n" .. ADA .. "\r\n0\r\n\r\n")
  connection:close()
end

---More bytes than the chunk's size, with no line's end where one is due.
function behaviours.longChunk(connection)
  chunked(connection, "5\r\n" .. ADA .. "\r\n0\r\n\r\n")
  connection:close()
end

---A chunk a byte, each in a packet of its own or nearly so.
function behaviours.tinyChunks(connection)
  chunked(connection)
  for index = 1, #ADA do
    connection:send(chunk(ADA:sub(index, index)))
    connection:pause(0)
  end
  connection:send "0\r\n\r\n"
end

---Half the body, and then nothing: a byte now and then would look the same.
function behaviours.slowChunks(connection)
  chunked(connection, chunk '{"name":')
  connection:drain()
end

---Fields behind the body that must not be there (RFC 9110, section 6.5.1).
function behaviours.forbiddenTrailers(connection)
  chunked(connection, chunk(ADA) .. "0\r\ncontent-length: 999\r\ntransfer-encoding: gzip\r\nset-cookie: evil=1; path=/\r\n"
    .. 'x-fallback-cookies: {"evil":"1"}\r\nlocation: /evil\r\nx-trailer: evil\r\n\r\n')
end

function behaviours.endlessTrailers(connection)
  chunked(connection, chunk(ADA) .. "0\r\n")
  forever(connection, rep("x-trailer: y\r\n", 1000))
end

function behaviours.longTrailer(connection)
  chunked(connection, chunk(ADA) .. "0\r\nx-trailer: ")
  forever(connection, answers.PIECE)
end

function behaviours.nulTrailer(connection)
  chunked(connection, chunk(ADA) .. "0\r\nx-trailer: a\0b\r\n\r\n")
end

-- Lengths ------------------------------------------------------------------------------------------------------------

---Both a length and chunks: the chunks count (RFC 9112, section 6.3).
function behaviours.lengthAndChunks(connection)
  respond(connection, "200 OK", { JSON, "content-length: 3", CHUNKED }, chunk(ADA) .. "0\r\n\r\n")
end

function behaviours.unknownTransfer(connection)
  respond(connection, "200 OK", { JSON, "transfer-encoding: rot13" }, ADA)
  connection:close()
end

function behaviours.wordLength(connection)
  respond(connection, "200 OK", { JSON, "content-length: many" }, ADA)
  connection:close()
end

function behaviours.overflowLength(connection)
  respond(connection, "200 OK", { JSON, "content-length: 18446744073709551630" }, ADA)
  connection:close()
end

---As an answer to HEAD would be: a length, and no body though the connection stays.
function behaviours.headLike(connection)
  respond(connection, "200 OK", { JSON, "content-length: 100" })
  connection:drain()
end

-- Status lines and header fields -------------------------------------------------------------------------------------

function behaviours.noReason(connection)
  connection:send("HTTP/1.1 200\r\n" .. JSON .. "\r\n" .. length(ADA) .. "\r\n\r\n" .. ADA)
end

function behaviours.endlessReason(connection)
  connection:send "HTTP/1.1 200 "
  forever(connection, answers.PIECE)
end

function behaviours.zeroStatus(connection)
  respond(connection, "000 Nothing", { JSON, length(ADA) }, ADA)
  connection:close()
end

function behaviours.highStatus(connection)
  respond(connection, "999 Beyond", { JSON, length(ADA) }, ADA)
end

---HTTP/2 by its name only.
function behaviours.http2Line(connection)
  connection:send("HTTP/2 200\r\n" .. JSON .. "\r\n" .. length(ADA) .. "\r\n\r\n" .. ADA)
  connection:close()
end

---Frames of HTTP/2, which nobody asked for: SETTINGS, then GOAWAY.
function behaviours.http2Frames(connection)
  connection:send("\0\0\0\4\0\0\0\0\0" .. "\0\0\8\7\0\0\0\0\0\0\0\0\0\0\0\0\1")
  connection:close()
end

function behaviours.http2Preface(connection)
  connection:send "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
  connection:close()
end

---What a server of TLS says to a request without: an alert.
function behaviours.tlsAlert(connection)
  connection:send "\21\3\1\0\2\2\70"
  connection:close()
end

function behaviours.http10(connection)
  connection:send("HTTP/1.0 200 OK\r\n" .. JSON .. "\r\n\r\n" .. ADA)
  connection:close()
end

function behaviours.icyLine(connection)
  connection:send("ICY 200 OK\r\n" .. JSON .. "\r\n" .. length(ADA) .. "\r\n\r\n" .. ADA)
  connection:close()
end

function behaviours.bareLines(connection)
  connection:send((GOOD:gsub("\r\n", "\n")))
end

function behaviours.crHeader(connection)
  json(connection, ADA, "x-cr: a\rx-other: b")
end

function behaviours.emptyName(connection)
  json(connection, ADA, ": nameless", "x-after: yes")
end

---A field that begins on the line behind the status line as if it went on with one before.
function behaviours.foldedFirst(connection)
  connection:send("HTTP/1.1 200 OK\r\n  folded: nothing\r\n" .. JSON .. "\r\n" .. length(ADA) .. "\r\n\r\n" .. ADA)
end

-- Interim and unasked answers ----------------------------------------------------------------------------------------

function behaviours.hintFlood(connection)
  while true do
    respond(connection, "103 Early Hints", { "link: </x.css>; rel=preload", "x-fallback-cookies: {\"evil\":\"1\"}" })
  end
end

function behaviours.switchingHttp2(connection)
  respond(connection, "101 Switching Protocols", { "connection: upgrade", "upgrade: h2c" }, "\0\0\0\4\0\0\0\0\0")
  connection:drain()
end

---An interim answer, and the end.
function behaviours.interimOnly(connection)
  respond(connection, "100 Continue", {})
  connection:close()
end

---A second answer a moment after the first, when the connection lies idle.
function behaviours.lateAnswer(connection)
  connection:send(GOOD)
  connection:pause(0.05)
  connection:send(EVIL)
end

function behaviours.notModified(connection)
  respond(connection, "304 Not Modified", { JSON, length(MALLORY) }, MALLORY)
  connection:close()
end

---A part of something, though all of it was asked for.
function behaviours.partUnasked(connection)
  respond(connection, "206 Partial Content", { JSON, length(ADA), format("content-range: bytes 0-%d/100", #ADA - 1) }, ADA)
end

---A part without saying which.
function behaviours.partNowhere(connection)
  respond(connection, "206 Partial Content", { JSON, length(ADA) }, ADA)
end

function behaviours.partElsewhere(connection)
  respond(connection, "206 Partial Content", { JSON, length(ADA), "content-range: bytes 50-63/100" }, ADA)
end

function behaviours.partNonsense(connection)
  respond(connection, "206 Partial Content", { JSON, length(ADA),
    format("content-range: bytes %s-5/%s", rep("9", 400), rep("9", 400)) }, ADA)
end

---Parts in an envelope.
function behaviours.partsWrapped(connection)
  local body = "--x\r\ncontent-range: bytes 0-1/100\r\n\r\nAd\r\n--x--\r\n"
  respond(connection, "206 Partial Content", { "content-type: multipart/byteranges; boundary=x", length(body) }, body)
end

-- Before the request has come ----------------------------------------------------------------------------------------

---A success, to a request whose body is still on its way.
function behaviours.earlyOk(connection)
  respond(connection, "201 Created", { JSON, length '{"$id":"f"}', "connection: close" }, '{"$id":"f"}')
  connection:finish()
end

---The connection breaks while the body comes.
function behaviours.earlyReset(connection)
  connection:fill()
  connection:reset()
end

return behaviours
