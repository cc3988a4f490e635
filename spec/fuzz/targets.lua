--- What spec/fuzz/lua.c calls with each input: functions that raise where something is wrong.

local appwrite = require "appwrite"
local core = require "appwrite.core"
local decode = require "appwrite.decode"
local fake = require "appwrite.transport.fake"
local json = require "appwrite.json"
local messages = require "appwrite.realtime.messages"
local rate = require "appwrite.rate"
local uri = require "appwrite.uri"

local huge = math.huge

local targets = {}

local KINDS = { api = true, protocol = true, network = true }

local function checkError(err)
  assert(type(err) == "table" and KINDS[err.kind], "no error of the library")
  assert(type(err.message) == "string" and not tostring(err):find "%c", "an error of more than one line")
  assert(math.type(err.code) == "integer", "a code that is none")
end

local function isSame(one, other)
  if type(one) ~= "table" or type(other) ~= "table" then
    return one == other and math.type(one) == math.type(other)
  end
  for name, value in pairs(one) do
    if not isSame(value, other[name]) then
      return false
    end
  end
  for name in pairs(other) do
    if one[name] == nil then
      return false
    end
  end
  return json.isArray(one) == json.isArray(other)
end

---What is taken goes out again, and comes back the same.
function targets.json(text)
  for _, nulls in ipairs { "drop", "keep" } do
    local value, problem = json.decode(text, { nulls = nulls })
    if value == nil then
      assert(type(problem) == "string")
    else
      local written, why = json.encode(value)
      if written then
        assert(isSame(value, json.decode(written, { nulls = nulls })), "it comes back as something else")
      else
        assert(not utf8.len(text) and why:find "is not valid UTF%-8", why) -- read as it came, but not sent
      end
    end
  end
end

---Messages of realtime, and what a refused handshake says.
function targets.realtime(text)
  local message, err = messages.read(text, "drop")
  if message then
    if message.type == "error" then
      checkError(messages.serverError(message.data))
    end
  else
    checkError(err)
  end
  checkError(messages.ending { status = 400, body = text })
  checkError(messages.ending { code = 1008, reason = text:sub(1, 120) })
end

-- "name: value" lines.
local function headersOf(text)
  local headers = {}
  for name, value in text:gmatch "([%w-]+): *([^\r\n]*)" do
    headers[name:lower()] = value
  end
  return headers
end

---Times and limits in the fields of an answer.
function targets.limits(text)
  local headers = headersOf(text)
  for _, ask in ipairs { rate.wait, rate.afterRefusal } do
    local seconds = ask(headers, 1700000000)
    assert(seconds == nil or seconds >= 0 and seconds < huge, "no time to wait")
  end
  local word = rate.word(headers, 1700000000)
  assert(not word or word.limit >= 1 and word.seconds >= 0 and word.seconds < huge, "no limit")
end

-- One that answers as it is told, whatever it is asked.
local told
local server = fake.new()
local client = appwrite.new { project = "p", transport = server, retry = false }
server:on("*", "*", function()
  told.asked = told.asked + 1
  assert(told.asked < 50, "it goes on for ever")
  return told.answer
end)

local function answerWith(answer)
  told = { asked = 0, answer = answer }
  server.requests = {}
end

---An answer's status and body, to a call: the first byte chooses the status.
function targets.answer(text)
  local STATUS = { 200, 201, 204, 301, 400, 401, 404, 429, 500, 503 }
  local status = STATUS[(text:byte(1) or 0) % #STATUS + 1]
  answerWith { status = status, headers = { ["content-type"] = "application/json" }, body = text:sub(2) }
  local result, err = client.account.getCurrentUser()
  if err then
    assert(result == nil)
    checkError(err)
  end
  decode.message { status = 400, headers = {}, body = text }
end

---Content-Range and the like, on the way of a download. Header lines, an empty one, the body.
function targets.range(text)
  local head, body = text:match "^(.-)\n\n(.*)$"
  answerWith { status = 206, headers = headersOf(head or text), body = body or "" }
  local result, err = client.storage.getFileDownload({ bucketId = "b", fileId = "f" }, { to = function() end })
  if not result then
    checkError(err)
  end
end

---Links, queries and dates, as people paste them.
function targets.texts(text)
  appwrite.Link.parse(text)
  uri.fields(text)
  assert(not uri.withoutSecrets(text):find "[\r\n]" or text:find "[\r\n]")
  local seconds = appwrite.time.parse(text)
  if seconds then
    assert(appwrite.time.parse(appwrite.time.format(seconds)) == math.floor(seconds), "a date that is another")
  end
end

local function inOrder(text)
  local lines = {}
  for line in text:gmatch "[^\n]+" do
    lines[#lines + 1] = line
  end
  table.sort(lines)
  return table.concat(lines, "\n")
end

---What a store gives: taken whole, or refused; and what is taken is given out as it came.
local engine = core.engine()
function targets.kept(text)
  local one = engine:client { endpoint = "http://127.0.0.1:1/v1", project = "p" }
  local done, problem = one:import(text)
  if done then
    local kept = one:export()
    if kept then
      local other = engine:client { endpoint = "http://127.0.0.1:1/v1", project = "p" }
      assert(other:import(kept), "it does not take what it gave")
      assert(inOrder(other:export()) == inOrder(kept), "it gives something else")
      other:close()
    end
  else
    assert(type(problem) == "string" and not problem:find "%c", "no problem of one line")
  end
  one:close()
end

return targets
