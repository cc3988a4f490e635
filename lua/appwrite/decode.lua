--- Turns an answer into what the caller gets: a result, or an error that keeps the server's words.

local Error = require "appwrite.error"
local mask = require "appwrite.mask"
local plain = require "appwrite.plain"
local rate = require "appwrite.rate"
local reader = require "appwrite.json.reader"
local retry = require "appwrite.retry"
local uri = require "appwrite.uri"

local find, format, gsub, lower, match, sub = string.find, string.format, string.gsub, string.lower, string.match,
  string.sub

local READ_FOR_MESSAGE = 16384 -- bytes of a page, or of a message, that are looked at
local PAGE_MESSAGE = 200 -- bytes of it that are told
local LOCATION_MESSAGE = 300 -- bytes
local PARTIAL = 206

local decode = {}

---@class appwrite.Answer what the engine hands on when a request has ended
---@field status integer?  nil where no answer came
---@field body string?
---@field handle table     for the headers, read only when somebody asks
---@field elapsed number   seconds
---@field kind string?     of the failure
---@field message string?  of the failure
---@field type string?     of a call that had to be made before
---@field attempts integer how often it was sent
---@field unsent boolean?  nothing was, and it would have done no harm to begin again
---@field wait number?     of one that was not sent: seconds until it could be
---@field waited number?   seconds before it was sent
---@field code integer?    status of an answer that broke off
---@field ranged boolean?  a part of the answer was asked for
---@field batch boolean?   a list of GraphQL's queries was sent

---@class appwrite.Response
---@field status integer
---@field headers table<string, string> lower-case names
---@field attempts integer
---@field elapsed number seconds

-- Headers cost more than all the rest of a small answer, and few callers look at them: made on first access.
local Response = { __name = "appwrite.Response" }

function Response.__index(self, key)
  if key ~= "headers" then
    return nil
  end
  local headers = self[Response]:headers()
  rawset(self, "headers", headers)
  rawset(self, Response, nil)
  return headers
end

function Response.__tostring(self)
  return format("appwrite.Response (%d)", self.status)
end

---@param answer appwrite.Answer
---@return appwrite.Response? nil where no answer came
function decode.response(answer)
  if not answer.status then
    return nil
  end
  return setmetatable({
    status = answer.status,
    attempts = answer.attempts,
    elapsed = answer.elapsed,
    [Response] = answer.handle,
  }, Response)
end

-- Seconds until the server wants to be asked again, of one that may be. The window of a rate limit ends whatever was
-- wrong, but matters only where it was that limit.
local function retryAfter(answer)
  if not retry.isTemporary(answer) then
    return nil
  end
  local read = answer.status == 429 and rate.afterRefusal or rate.wait
  return read(answer.handle:headers(), os.time())
end

-- What a proxy says may repeat the request with its credentials.
local function oneLine(text)
  local line = gsub(sub(text, 1, READ_FOR_MESSAGE), "<[sS][cC][rR][iI][pP][tT].-</[sS][cC][rR][iI][pP][tT]>", " ")
  line = gsub(gsub(line, "<[^>]*>", " "), "%s+", " ")
  return plain.text(mask.pairs(match(line, "^ ?(.-) ?$")), PAGE_MESSAGE)
end

local function apiMessage(status, body)
  if type(body) == "string" and find(body, "^%s*{") then
    local value = reader.decode(body, false)
    if type(value) == "table" and type(value.message) == "string" then
      local message = plain.text(mask.text(sub(value.message, 1, READ_FOR_MESSAGE)))
      return message, type(value.type) == "string" and value.type or nil
    end
  end
  local text = oneLine(body or "")
  if text == "" then
    return format("the server answered with status %d and no explanation", status)
  end
  return text
end

---What an answer with an error says, for people.
---@param answer appwrite.Answer one with a status
---@return string message
---@return string? type Appwrite's word
function decode.message(answer)
  return apiMessage(answer.status, answer.body)
end

local function apiError(operation, answer)
  local status, body = answer.status, answer.body
  local message, kind = apiMessage(status, body)
  return Error.new {
    kind = "api",
    message = message,
    type = kind,
    code = status,
    response = body,
    operation = operation.fullName,
    attempts = answer.attempts,
    retryAfter = retryAfter(answer),
    retryable = retry.mayRepeat(operation, answer),
  }
end

local function protocolError(operation, answer, message)
  return Error.new {
    kind = "protocol",
    message = message,
    code = answer.status,
    response = answer.body,
    operation = operation.fullName,
    attempts = answer.attempts,
  }
end

local function transportError(operation, answer)
  local kind = answer.kind
  return Error.new {
    kind = kind,
    type = answer.type,
    message = answer.message,
    code = answer.code,
    operation = operation.fullName,
    attempts = answer.attempts,
    retryAfter = answer.wait,
    retryable = retry.mayRepeat(operation, answer),
  }
end

local function redirectError(operation, answer)
  local location = answer.handle:headers().location
  if not location then
    return protocolError(operation, answer, format("the server redirects nowhere (status %d)", answer.status))
  end
  return protocolError(operation, answer, format(
    "the server redirects to %s (status %d), which is not followed because credentials would go along;"
      .. " set `endpoint` to the server's own address",
    plain.text(uri.withoutSecrets(location), LOCATION_MESSAGE), answer.status
  ))
end

local function jsonResult(operation, answer, nulls)
  if answer.status == 204 then
    return true
  end
  local value, problem = reader.decode(answer.body or "", nulls == "keep")
  if value == nil then
    return nil, protocolError(operation, answer, "the server's answer is not JSON: " .. tostring(problem))
  end
  return value
end

---What is wrong with the end of an answer that does not show itself, as JSON does, whether it is whole.
---@param answer appwrite.Answer
---@return string? problem
function decode.problemOfEnd(answer)
  local handle = answer.handle
  if handle.openEnded and handle:openEnded() then
    return "nothing shows whether the answer is whole: the server sent neither its length nor chunks, and the end of a"
      .. " connection can be forged"
  end
  return nil
end

local function bytesResult(operation, answer)
  local problem = decode.problemOfEnd(answer)
  if problem then
    return nil, protocolError(operation, answer, problem)
  end
  return answer.body
end

-- All of Appwrite's answers are objects, a batch of GraphQL an array. Of `false` or null nobody could tell that it is
-- no error.
local function tableResult(operation, answer, nulls)
  local value, problem = jsonResult(operation, answer, nulls)
  if problem or value == true and answer.status == 204 or type(value) == "table" then
    return value, problem
  end
  return nil, protocolError(operation, answer, "the server's answer is neither an object nor an array of JSON")
end

local RESULTS = {
  json = tableResult,
  graphql = function(operation, answer, nulls)
    local value, problem = tableResult(operation, answer, nulls)
    if value == nil then
      return nil, problem
    end
    return require("appwrite.graphql").result(operation, answer, value)
  end,
  upload = tableResult,
  bytes = bytesResult,
  redirect = function(operation, answer)
    return nil, protocolError(operation, answer, format("a redirect was expected, got status %d", answer.status))
  end,
  raw = function(operation, answer, nulls)
    local contentType = lower(answer.handle:headers()["content-type"] or "")
    if answer.status == 204 or find(contentType, "json", 1, true) then
      return jsonResult(operation, answer, nulls)
    end
    return bytesResult(operation, answer)
  end,
}

local function redirected(operation, answer)
  if operation.row.kind == "redirect" then
    local location = answer.handle:headers().location
    if location and find(lower(location), "^https?://%C+$") then
      return location
    elseif location then -- whoever hands it to the system's opener would have it open a file, or run something
      return nil, protocolError(operation, answer, format("the server redirects to %s, which is no web page",
        plain.text(uri.withoutSecrets(location), LOCATION_MESSAGE)))
    end
  end
  return nil, redirectError(operation, answer)
end

---@param operation appwrite.Prepared
---@param answer appwrite.Answer
---@param nulls "drop"|"keep"
---@return any result
---@return appwrite.Error? err
---@return appwrite.Response? response
function decode.answer(operation, answer, nulls)
  local status = answer.status
  if not status then
    return nil, transportError(operation, answer)
  end
  local result, err
  if status == PARTIAL and not answer.ranged then
    err = protocolError(operation, answer, "the server sent a part of the answer where all of it was asked for")
  elseif status >= 200 and status < 300 then
    result, err = RESULTS[operation.row.kind](operation, answer, nulls)
  elseif status >= 300 and status < 400 then
    result, err = redirected(operation, answer)
  else
    err = apiError(operation, answer)
  end
  local response = decode.response(answer)
  if err then
    err.answer = response
  end
  return result, err, response
end

return decode
