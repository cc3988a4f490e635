--- What the hostile server puts into bodies: JSON that is none, or too much of it, errors of the wrong shape, and
-- encodings within encodings.

local answers = require "spec.support.hostile_answers"
local process = require "spec.support.process"

local format, rep = string.format, string.rep
local JSON = answers.JSON
local json, length, respond = answers.json, answers.length, answers.respond

local ADA = '{"name":"Ada"}'
local MANY, LAYERS = 100000, 50

local behaviours = {}

-- JSON ---------------------------------------------------------------------------------------------------------------

local BODIES = {
  deepObjects = rep('{"a":', MANY) .. "1" .. rep("}", MANY),
  unclosedJson = rep('[{"a":', MANY),
  duplicateKeys = '{"name":"Mallory","name":"Eve","name":"Ada"}',
  manyKeys = "{" .. rep('"k":0,', MANY) .. '"name":"Ada"}',
  manyArrays = '{"name":"Ada","list":[' .. rep("[],", MANY) .. "[]]}",
  hugeExponent = '{"n":1e999999999}',
  longDigits = '{"name":"Ada","n":' .. rep("9", 200000) .. ".0}",
  longInteger = '{"name":"Ada","n":[' .. rep("12345678901234567890,", 20000) .. "1]}",
  notANumber = '{"n":NaN}',
  infinity = '{"n":-Infinity}',
  hexNumber = '{"n":0x10}',
  plusNumber = '{"n":+1}',
  loneSurrogate = '{"name":"\\ud800"}',
  swappedSurrogates = '{"name":"\\udc00\\ud800"}',
  notUtf8 = '{"name":"\255\254\192\128"}',
  overlongUtf8 = '{"name":"\192\175"}',
  nulEscape = '{"name":"A\\u0000B"}',
  nulByte = '{"name":"A\0B"}',
  rawControls = '{"name":"A\1\27B"}',
  trailingGarbage = ADA .. ADA,
  trailingComma = '{"name":"Ada",}',
  singleQuotes = "{'name':'Ada'}",
  comments = '{/* hello */"name":"Ada"}',
  byteOrderMark = "\239\187\191" .. ADA,
  topNull = "null",
  topFalse = "false",
  topNumber = "42",
  topString = '"Ada"',
  blankJson = " \r\n\t",
  prototypeKeys = '{"name":"Ada","__index":"x","__gc":"x","__proto__":{"a":1},"__name":"x"}',
  wrongList = '{"total":1,"files":"no list"}',
  wrongTotal = '{"total":"many","files":[{"$id":"a"}]}',
  wrongItems = '{"total":3,"files":[1,null,"x"]}',
}
for name, body in pairs(BODIES) do
  behaviours[name] = function(connection)
    json(connection, body)
  end
end

function behaviours.utf16(connection)
  local body = "\255\254" .. ADA:gsub(".", "%0\0")
  respond(connection, "200 OK", { "content-type: application/json; charset=utf-16", length(body) }, body)
end

---Right, but said to be something else.
function behaviours.wrongType(connection)
  respond(connection, "200 OK", { "content-type: image/png; charset=\255\27[2J", length(ADA) }, ADA)
end

function behaviours.noType(connection)
  respond(connection, "200 OK", { length(ADA) }, ADA)
end

-- Errors -------------------------------------------------------------------------------------------------------------

local ERRORS = {
  numberMessage = '{"message":42,"code":400,"type":"general_argument_invalid"}',
  tableMessage = '{"message":{"deep":["x"]},"code":400,"type":{"a":1}}',
  nestedError = '{"error":{"message":"inner","code":400}}',
  listError = '[{"message":"first"}]',
  stringCode = '{"message":"No.","code":"four hundred","type":"general_argument_invalid"}',
  otherCode = '{"message":"No.","code":200,"type":"general_argument_invalid"}',
  hugeMessage = '{"message":"' .. rep("m ", 250000) .. '","code":400,"type":"general_argument_invalid"}',
  hugeType = '{"message":"No.","code":400,"type":"' .. rep("t", 500000) .. '"}',
  escapeMessage = '{"message":"\\u001b]0;owned\\u0007\\u001b[2J\\u009b31m\\u0000\\b\\u007fNo.","code":400,"type":"a\\u001b[2J"}',
  lineMessage = '{"message":"No.\\r\\nroot: all is well\\u2028x\\u0085y","code":400,"type":"general_argument_invalid"}',
  brokenMessage = '{"message":"\255\27[2J","code":400}',
  textEscapes = "\27[2J\27]0;owned\7\0\155 2J plain \255 text",
  nullError = "null",
  emptyError = "{}",
}
for name, body in pairs(ERRORS) do
  behaviours[name] = function(connection)
    respond(connection, "400 Bad Request", { JSON, length(body) }, body)
  end
end

---Repeats what it was sent, as some proxies do to be helpful: first what is secret in it.
function behaviours.echo(connection, request)
  local body = "<pre>" .. request.head:gsub("^.-(\r\nX%-Appwrite%-Key)", "%1") .. "</pre>"
  respond(connection, "400 Bad Request", { "content-type: text/html", length(body) }, body)
end

-- Encodings ----------------------------------------------------------------------------------------------------------

local made = {}

-- Bytes of a command, once.
local function output(command)
  if not made[command] then
    local pipe = assert(io.popen(command, "r"))
    made[command] = pipe:read "*a"
    pipe:close()
  end
  return made[command]
end

local function pack(text, tool)
  return output(format("printf %%s %s | %s", process.quote(text), tool))
end

local function encoded(connection, encoding, body)
  json(connection, body, "content-encoding: " .. encoding)
end

---A bomb in a bomb: less than a kilobyte.
function behaviours.nestedBomb(connection)
  encoded(connection, "gzip, gzip", output(format("head -c %d /dev/zero | gzip -9c | gzip -9c", answers.HUGE)))
end

function behaviours.nestedGzip(connection)
  encoded(connection, "gzip, gzip", pack(ADA, "gzip -c | gzip -c"))
end

---More layers than anybody needs.
function behaviours.manyEncodings(connection)
  encoded(connection, rep("gzip, ", LAYERS) .. "gzip", pack(ADA, rep("gzip -c | ", LAYERS) .. "gzip -c"))
end

function behaviours.manyEncodingFields(connection)
  local headers = {}
  for index = 1, LAYERS do
    headers[index] = "content-encoding: gzip"
  end
  headers[#headers + 1] = JSON
  headers[#headers + 1] = length(ADA)
  respond(connection, "200 OK", headers, ADA)
end

---A bomb that is an error's body.
function behaviours.bombError(connection)
  local bomb = output(format("head -c %d /dev/zero | gzip -c", answers.HUGE))
  respond(connection, "400 Bad Request", { JSON, "content-encoding: gzip", length(bomb) }, bomb)
end

---Good, with something behind it.
function behaviours.gzipTail(connection)
  encoded(connection, "gzip", pack(ADA, "gzip -c") .. rep("tail", 100))
end

function behaviours.brokenDeflate(connection)
  encoded(connection, "deflate", "\120\156 this is no deflate")
end

function behaviours.brokenBrotli(connection)
  encoded(connection, "br", "\255\255\255 this is no brotli")
end

function behaviours.brokenZstd(connection)
  encoded(connection, "zstd", "\40\181\47\253 this is no zstd")
end

---Said to be encoded, and empty.
function behaviours.emptyGzip(connection)
  encoded(connection, "gzip", "")
end

---A name that wants to be printed.
function behaviours.encodingName(connection)
  encoded(connection, "\27[2Jrot13\155", ADA)
end

return behaviours
