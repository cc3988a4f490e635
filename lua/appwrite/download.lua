--- Downloads to a place (appwrite.download_place), taken up again where they break off.
--
-- Appwrite tells how large a file is in answer to a Range request only, gives at most 10 MiB of it then, and refuses a
-- range of a single byte (416). So a file is asked for by ranges from the start, and in one piece where that is
-- refused. Whether the rest belongs to what is there is known by the file's size and, where a server sends one, its
-- entity tag or date (If-Range; RFC 9110, section 13.1.5).

local attempts = require "appwrite.attempts"
local carrier = require "appwrite.carrier"
local decode = require "appwrite.decode"
local guard = require "appwrite.guard"
local places = require "appwrite.download_place"
local progress = require "appwrite.progress"

local error, find, format, match, setmetatable = error, string.find, string.format, string.match, setmetatable
local tonumber, type = tonumber, type

local RESTARTS = 2 -- times that another version may be there
local PARTIAL, NO_RANGE = 206, 416
local DIGITS = 15 -- of a number of bytes
local BROKEN = { network = true, timeout = true } -- kinds of errors

local Download = { __name = "appwrite.Download" }
local methods = {}
Download.__index = methods

local download = {}

-- What is asked for ---------------------------------------------------------------------------------------------------

-- A range of one byte is refused, so the one before comes along and is skipped.
local function firstByte(self, position)
  local isLastOne = self.total and position > 0 and self.total - position == 1
  return isLastOne and position - 1 or position
end

local function nextRequest(self)
  local position = self.place:position()
  local from = firstByte(self, position)
  local request, headers = { method = self.base.method, target = self.base.target }, {}
  if self.ranges and not (self.whole and position == 0) then
    headers.range = format("bytes=%d-", from)
    headers["if-range"] = position > 0 and self.version or nil
  end
  request.headers, request.partial, request.skip = headers, position > 0, position - from
  self.place:prepare(request)
  self.from, self.before, self.checked, self.stop = from, position, false, nil
  return request
end

-- What comes ----------------------------------------------------------------------------------------------------------

-- A weak tag does not promise the same bytes.
local function versionOf(headers)
  local tag = headers.etag
  return tag and find(tag, '^"') and tag or headers["last-modified"]
end

-- First byte, last byte and size by Content-Range; nothing where it names no bytes of a file that a float can count.
local function rangeOf(headers)
  local first, last, total = match(headers["content-range"] or "", "^bytes (%d+)%-(%d+)/(%d+)$")
  if not first or #first > DIGITS or #last > DIGITS or #total > DIGITS then
    return nil
  end
  first, last, total = tonumber(first), tonumber(last), tonumber(total)
  if first <= last and last < total then
    return first, last, total
  end
  return nil
end

-- What the answer's header says of the file; nil, or why its body is not what was asked for.
local function learn(self, headers)
  local first, last, total = rangeOf(headers)
  local version = versionOf(headers)
  if first and first ~= self.from or self.before > 0 and not first then
    return format('the server sent the range "%s" where the bytes from %d on were asked for',
      headers["content-range"] or "none", self.from)
  end
  local isOther = self.total and total ~= self.total or self.version and version and version ~= self.version
  if self.before > 0 and isOther then
    return "the server has another version of the file by now"
  end
  self.total, self.last = total or self.total, last
  self.version = self.version or version
  return nil
end

-- Once for each answer, before anything of it is handed on.
local function check(self, handle)
  if not self.checked then
    self.checked = true
    self.mismatch = learn(self, handle:headers())
  end
  return self.mismatch
end

-- While it comes, and at its end. A text where no more is wanted.
local function take(self, handle)
  local mismatch = check(self, handle)
  if mismatch then
    return mismatch
  end
  local kind, message = self.place:take(handle)
  if kind then
    self.stop = { kind = kind, message = message }
  end
  return message
end

-- A server that gives no ranges may say how long its answer is.
local function sizeOf(self, handle)
  if not self.total and self.before == 0 then
    local _, size = handle:progress()
    return size > 0 and size or nil
  end
  return self.total
end

local function report(self, handle)
  local position = self.place:position()
  self.seen = position
  if not self.reporter:report({
    id = self.fileId, sizeDownloaded = position, sizeTotal = sizeOf(self, handle),
  }, "sizeDownloaded") then
    return nil
  end
  self.stop = { kind = "cancelled", message = format("onProgress ended the download after %d bytes", position) }
  return self.stop.message
end

local Watch = { __name = "appwrite.DownloadWatch" }
local watchMethods = {}
Watch.__index = watchMethods

function watchMethods:look(handle)
  local own = self.download
  local waiting = handle:waiting()
  return waiting > 0 or own.reporter ~= nil and own.place:position() > own.seen and own.reporter:due()
end

function watchMethods:see(handle)
  local own = self.download
  -- Before that there may be no header, or that of an error.
  local hasBegun = handle:waiting() > 0 or own.place:position() > own.before
  local stop = hasBegun and take(own, handle) or nil
  if stop or not own.reporter or not own.reporter:due() then
    return stop
  end
  return report(own, handle)
end

-- What becomes of it --------------------------------------------------------------------------------------------------

local function finished(self, answer)
  local size = self.place:position()
  local result, kind, message = self.place:finish()
  local response = decode.response(answer)
  response.attempts = self.attempts
  if result == nil then
    return nil, self.carrier:fail(kind, message), response
  end
  if self.reporter then
    self.reporter:finish({ id = self.fileId, sizeDownloaded = size, sizeTotal = size }, "sizeDownloaded")
  end
  return result, nil, response
end

local function failed(self, kind, message, code)
  local err = self.carrier:fail(kind, message)
  err.code, err.attempts = code or 0, self.attempts
  return nil, err
end

-- Another version is there than the one of which some is here.
local function beginAnew(self, message, code)
  self.restarts = self.restarts + 1
  if self.restarts > RESTARTS then
    return failed(self, "protocol", message, code)
  end
  local done, kind, problem = self.place:restart()
  if not done then
    return failed(self, kind, problem, code)
  end
  self.total, self.version, self.whole = nil, nil, false
  self.attempts = self.attempts + 1
end

-- Nothing, where it goes on; else what the call ends with.
local function tryAgain(self, answer)
  local _, err, response = self.carrier:decode(answer)
  err.attempts = self.attempts
  local position = self.place:position()
  self.vain = position > self.before and 1 or self.vain + 1
  local seconds = self.ranges and position > 0 and attempts.pause(err, self.vain)
  if seconds and self.carrier:wait(seconds) then
    self.attempts = self.attempts + 1
    return nil
  end
  return nil, err, response
end

local function onPart(self, answer)
  local position = self.place:position()
  if not self.last then
    return failed(self, "protocol", "the server sent a part of the file without saying which", answer.status)
  elseif position ~= self.last + 1 then
    return failed(self, "protocol", format("the server sent %d bytes where it announced %d", position - self.before,
      self.last + 1 - self.before), answer.status)
  elseif position >= self.total then
    return finished(self, answer)
  elseif position <= self.before then
    return failed(self, "protocol", format("the server sent none of the bytes from %d on", position), answer.status)
  end
  self.vain = 0
end

local function onSuccess(self, answer)
  local stop = take(self, answer.handle)
  if self.mismatch or self.before > 0 and answer.status ~= PARTIAL then
    local message = self.mismatch or "the server sent all of the file where its rest was asked for"
    return beginAnew(self, message, answer.status)
  elseif stop then
    return failed(self, self.stop.kind, self.stop.message)
  elseif answer.status == PARTIAL then
    return onPart(self, answer)
  end
  local problem = decode.problemOfEnd(answer)
  if problem then
    return failed(self, "protocol", problem, answer.status)
  end
  return finished(self, answer)
end

local function onRefusal(self, answer)
  if answer.status ~= NO_RANGE or not self.ranges or self.whole then
    return tryAgain(self, answer)
  elseif self.before > 0 then
    return beginAnew(self, "the server's file is shorter than what came of it before", answer.status)
  end
  self.whole = true
end

-- What had come of a part before the connection broke: it may be all of it.
local function onRemains(self, answer)
  local stop = take(self, answer.handle)
  if self.mismatch then
    return beginAnew(self, self.mismatch, answer.code)
  elseif stop then
    return failed(self, self.stop.kind, self.stop.message)
  elseif self.last and self.place:position() == self.last + 1 then
    answer.status = answer.code
    return onPart(self, answer)
  end
  return tryAgain(self, answer)
end

-- It broke off, or was broken off here.
local function onFailure(self, answer)
  local code = answer.code or 0
  local isSuccess = code >= 200 and code < 300
  if self.mismatch or answer.kind == "protocol" and self.before > 0 and isSuccess and code ~= PARTIAL then
    return beginAnew(self, self.mismatch or answer.message, code)
  elseif self.stop then
    return failed(self, self.stop.kind, self.stop.message)
  elseif isSuccess and BROKEN[answer.kind] then
    return onRemains(self, answer)
  end
  return tryAgain(self, answer)
end

local function judge(self, answer)
  local status = answer.status
  if not status then
    return onFailure(self, answer)
  elseif status >= 200 and status < 300 then
    return onSuccess(self, answer)
  end
  return onRefusal(self, answer)
end

local function run(self)
  local result, err, response
  repeat
    self.mismatch = nil
    local answer = self.carrier:send(nextRequest(self), self.watch)
    if answer.raised then
      self.place:discard()
      error(answer.raised.value, 0)
    end
    result, err, response = judge(self, answer)
  until result ~= nil or err
  return result, err, response
end

---@param state table the client's
---@param operation appwrite.Prepared
---@param params table
---@param base appwrite.Request
---@param options table? of the call: to, onProgress, …
---@return any result the path, true, or the bytes
---@return appwrite.Error? err
---@return appwrite.Response? response of the last request
function download.run(state, operation, params, base, options)
  local carried = carrier.new(state, operation, options)
  local place, kind, message = places.of(state, options.to)
  if not place then
    return nil, carried:fail(kind, message)
  end
  local self = setmetatable({
    carrier = carried, base = base, place = place, ranges = operation.row.ranges == true, fileId = params.fileId,
    reporter = options.onProgress and progress.new(options.onProgress), attempts = 1, vain = 0, restarts = 0, seen = 0,
  }, Download)
  if self.reporter or type(options.to) == "function" then
    self.watch = setmetatable({ download = self }, Watch)
  end
  local held = guard.new(place.discard, place)
  local result, err, response = run(self)
  held:release()
  if result == nil then
    place:discard()
  end
  return result, err, response
end

return download
