--- How the hostile server of HTTP/2 misbehaves: one function a name, called with the connection and a stream's number
-- once a request has come. Frames are RFC 9113's, header blocks RFC 7541's.

local char, floor, rep = string.char, math.floor, string.rep

local DATA, HEADERS, RESET, SETTINGS, PUSH, PING, GOAWAY, CONTINUATION = 0, 1, 3, 4, 5, 6, 7, 9
local END_STREAM, END_HEADERS = 1, 4
local OK = "\136" -- :status 200, of the static table
local BODY = '{"name":"Ada"}'

local behaviours = {}

local function number(value, bytes)
  local text = ""
  for _ = 1, bytes do
    text = char(value % 256) .. text
    value = floor(value / 256)
  end
  return text
end

local function frame(kind, flags, stream, payload, length)
  return number(length or #payload, 3) .. char(kind, flags) .. number(stream, 4) .. payload
end

-- A text of less than 127 bytes, as a header block has it, not compressed.
local function text(value)
  return char(#value) .. value
end

-- A field that is not to be kept in the table.
local function field(name, value)
  return "\0" .. text(name) .. text(value)
end

local function headers(stream, block, flags)
  return frame(HEADERS, END_HEADERS + (flags or 0), stream, block)
end

local function forever(connection, piece)
  while connection:send(piece) do
    connection:rest()
  end
end

local function answer(connection, stream, block)
  connection:send(headers(stream, OK .. (block or "")) .. frame(DATA, END_STREAM, stream, BODY))
end

function behaviours.h2Ok(connection, stream)
  answer(connection, stream)
end

function behaviours.h2GoAway(connection)
  connection:send(frame(GOAWAY, 0, 0, number(0, 4) .. number(11, 4)))
  connection:close()
end

function behaviours.h2Reset(connection, stream)
  connection:send(frame(RESET, 0, stream, number(2, 4)))
end

---What says that the request was not looked at, so that it may be sent again.
function behaviours.h2Refused(connection, stream)
  connection:send(frame(RESET, 0, stream, number(7, 4)))
end

function behaviours.h2Garbage(connection)
  connection:send(rep("\255garbage", 1000))
end

function behaviours.h2Silent()
end

function behaviours.h2PingFlood(connection)
  forever(connection, rep(frame(PING, 0, 0, rep("p", 8)), 1000))
end

function behaviours.h2SettingsFlood(connection)
  forever(connection, rep(frame(SETTINGS, 0, 0, number(3, 2) .. number(100, 4)), 1000))
end

---Frames of a body that bring nothing.
function behaviours.h2EmptyFlood(connection, stream)
  connection:send(headers(stream, OK))
  forever(connection, rep(frame(DATA, 0, stream, ""), 1000))
end

---A header that is gone on with for ever.
function behaviours.h2Continuations(connection, stream)
  connection:send(frame(HEADERS, 0, stream, OK))
  forever(connection, rep(frame(CONTINUATION, 0, stream, field("x-more", "y")), 1000))
end

---A field of 4000 bytes, and a byte for each time that it is there again.
function behaviours.h2HeaderBomb(connection, stream)
  local long = rep("y", 4000)
  local first = OK .. "\64" .. text "x" .. "\127" .. char((#long - 127) % 128 + 128, floor((#long - 127) / 128)) .. long
  connection:send(headers(stream, first .. rep("\190", 10000)))
end

function behaviours.h2InterimFlood(connection, stream)
  forever(connection, rep(headers(stream, "\8" .. text "100" .. field("x-interim", "1")), 100))
end

function behaviours.h2Push(connection, stream)
  connection:send(frame(PUSH, END_HEADERS, stream, number(2, 4) .. "\130\132\135"))
end

function behaviours.h2LongFrame(connection, stream)
  connection:send(frame(DATA, 0, stream, rep("x", 100000), 16777215))
end

function behaviours.h2WrongStream(connection)
  connection:send(headers(99, OK) .. frame(DATA, END_STREAM, 99, BODY))
end

---A body that is shorter than the header says.
function behaviours.h2Half(connection, stream)
  connection:send(headers(stream, OK .. field("content-length", "100")) .. frame(DATA, END_STREAM, stream, BODY))
end

function behaviours.h2NoStatus(connection, stream)
  connection:send(headers(stream, field("x-only", "this")) .. frame(DATA, END_STREAM, stream, BODY))
end

---Names that HTTP/2 does not have, and fields that are of a connection.
function behaviours.h2BadFields(connection, stream)
  answer(connection, stream, field("X-Upper", "1") .. field("connection", "close") .. field("bad\r\nname", "x"))
end

---A line's end within a value, which would be two fields in HTTP/1.
function behaviours.h2SplitField(connection, stream)
  answer(connection, stream, field("x-split", 'a\r\nx-fallback-cookies: {"evil":"1"}'))
end

function behaviours.h2Trailers(connection, stream)
  connection:send(headers(stream, OK) .. frame(DATA, 0, stream, BODY)
    .. headers(stream, field("x-fallback-cookies", '{"evil":"1"}') .. field("set-cookie", "evil=1; path=/"), END_STREAM))
end

return behaviours
