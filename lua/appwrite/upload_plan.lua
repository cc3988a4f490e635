--- Decides what an upload does next, from what is known: nothing is sent, read or waited for here.
--
-- The rules come from how Appwrite 1.5 counts: it reads how many chunks it has, adds one, and writes that back,
-- whatever chunk it was. So they go in order and one at a time; one that arrives twice is counted twice, and the file
-- is broken then for good. Hence a chunk whose fate is not known is not sent again before the server was asked how
-- many it has, and where it may still be busy with it, before it has said the same twice. (A server that counts better
-- could be sent several at once: `next` would give out more than one.)
--
--   local action = plan:next()          what to do, and then to tell of:
--   "send"  index, offset, length, id   answered(file) | failed(err, fate)
--   "ask"   id                          told(file) | missing() | unanswered(err)
--   "wait"  seconds                     waited() | late()
--   "done"  file
--   "fail"  err, or kind and message; final: the upload cannot be taken up again

local attempts = require "appwrite.attempts"

local ceil, format, min = math.ceil, string.format, math.min
local setmetatable, type = setmetatable, type

local CHUNK = 5 * 1024 * 1024 -- bytes; also the most that one request without chunks may have
local SETTLE = 1 -- seconds between asking twice

-- Statuses that tell that the server is done with the chunk, whether it has counted it or not.
local SETTLED = { [429] = true, [500] = true }

local Plan = { __name = "appwrite.UploadPlan" }
local methods = {}
Plan.__index = methods

local plan = { CHUNK = CHUNK }

---@class appwrite.UploadFacts
---@field size integer      bytes of the file
---@field name string       of the file
---@field id string?        the file's id, where the caller chose it
---@field resuming boolean? the file may be there in part

---@param facts appwrite.UploadFacts
---@return table plan
function plan.new(facts)
  local size = facts.size
  local self = setmetatable({
    size = size,
    name = facts.name,
    id = facts.id,
    count = size > CHUNK and ceil(size / CHUNK) or 1,
    resuming = facts.resuming,
    uploaded = 0, -- chunks that the server has counted, as far as is known
    sent = false, -- whether any was sent by this plan
    attempts = 0, -- that failed since there was progress
    asked = 0, -- questions that failed since there was an answer
  }, Plan)
  if self.id and (self.count > 1 or facts.resuming) then
    self.doubt = "other" -- why the server is asked: what another process may have sent
    self.action = { what = "ask" }
  else
    self.action = { what = "send" }
  end
  return self
end

-- What comes next -----------------------------------------------------------------------------------------------------

local function fail(self, fields)
  fields.what = "fail"
  self.action = fields
end

local function broken(self, message, ...)
  fail(self, { kind = "protocol", message = format(message, ...), final = true })
end

local function waitThen(self, seconds, action)
  self.action = { what = "wait", seconds = seconds }
  self.after = action
end

---@class appwrite.UploadAction
---@field what "send"|"ask"|"wait"|"done"|"fail"

---@return boolean done nothing is left but to say so
function methods:isDone()
  return self.action.what == "done"
end

---@return appwrite.UploadAction action
function methods:next()
  local action = self.action
  if action.what == "send" then
    local offset = self.uploaded * CHUNK
    self.sent = true
    return {
      what = "send", index = self.uploaded + 1, offset = offset, length = min(CHUNK, self.size - offset),
      id = self.uploaded > 0 and self.id or nil,
    }
  elseif action.what == "ask" then
    return { what = "ask", id = self.id }
  end
  return action
end

-- What became of a chunk ----------------------------------------------------------------------------------------------

local function goOn(self, counted, file)
  if counted > self.uploaded then
    self.attempts = 0
  end
  self.uploaded, self.doubt, self.before = counted, nil, nil
  self.action = counted == self.count and { what = "done", file = file } or { what = "send" }
end

local MISCOUNTED = "the server has counted %s of the %d chunks, but %d were sent: the file cannot become whole there;"
  .. " delete it (storage.deleteFileById) and upload it anew"

---A chunk, or the whole file, was taken.
---@param file any the server's; with an id where there are several chunks
function methods:answered(file)
  if self.count == 1 then
    goOn(self, 1, file)
    return
  end
  local counted, expected = file.chunksUploaded, self.uploaded + 1
  self.id = self.id or file["$id"]
  if type(counted) == "number" and counted ~= expected then
    broken(self, MISCOUNTED, tostring(counted), self.count, expected)
    return
  end
  goOn(self, expected, file)
end

local UNKNOWN = "; whether the first chunk arrived cannot be found out, since the server was to choose the file's id:"
  .. " upload again, with an id of your own (appwrite.ID.unique()) so that it can be taken up where it broke off"

---A chunk, or the whole file, was not answered as it should be.
---@param err appwrite.Error
---@param fate "none"|"unknown" whether it is known that the server cannot have counted it
function methods:failed(err, fate)
  local unreadable = err.kind == "protocol" and err.code >= 200 and err.code < 300
  self.attempts = self.attempts + 1
  local pause = self.count > 1 and attempts.pause(err, self.attempts, unreadable)
  if not pause then
    fail(self, { err = err })
  elseif self.id then
    self.doubt = (fate == "none" or SETTLED[err.code]) and "settled" or "own"
    self.because = err
    waitThen(self, pause, { what = "ask" })
  elseif fate == "none" or err.code == 429 then
    waitThen(self, pause, { what = "send" })
  else
    fail(self, { err = err, addition = UNKNOWN })
  end
end

-- What the server says ------------------------------------------------------------------------------------------------

local OTHER = 'under the id "%s" the server has another file than "%s" (%s); choose another id, or delete that one'

local function plainName(name)
  return type(name) == "string" and not name:find '["%c%%\\]'
end

local function otherFile(self, file)
  local what
  if file.sizeOriginal ~= self.size then
    what = format("it has %s bytes, not %d", tostring(file.sizeOriginal), self.size)
  elseif file.chunksTotal ~= self.count then
    what = format("it comes in %s chunks, not %d", tostring(file.chunksTotal), self.count)
  elseif plainName(file.name) and plainName(self.name) and file.name ~= self.name then
    what = format('its name is "%s"', file.name)
  end
  return what and { kind = "file", message = format(OTHER, self.id, self.name, what), final = true }
end

local function isComplete(self, file)
  return file.chunksUploaded == self.count and file.signature ~= ""
end

-- The same twice, where it may still be busy with the last one.
local function isSettled(self, counted)
  if self.doubt == "settled" or self.before == counted then
    return true
  end
  self.before = counted
  waitThen(self, SETTLE, { what = "ask" })
  return false
end

local function isPlausible(self, counted)
  if not self.sent then
    return counted >= 0 and counted <= self.count
  end
  return counted == self.uploaded + 1 or counted == self.uploaded
end

---The server has told of the file.
---@param file appwrite.models.File
function methods:told(file)
  local counted = file.chunksUploaded
  self.asked = 0
  local other = otherFile(self, file)
  if other then
    fail(self, other)
  elseif isComplete(self, file) then
    self.action = { what = "done", file = file }
  elseif type(counted) ~= "number" or counted % 1 ~= 0 or counted >= self.count or not isPlausible(self, counted) then
    broken(self, MISCOUNTED, tostring(counted), self.count, self.sent and self.uploaded + 1 or 0)
  elseif counted > self.uploaded and self.sent or isSettled(self, counted) then
    goOn(self, counted, file)
  end
end

---The server knows of no such file.
function methods:missing()
  self.asked = 0
  if self.sent and self.uploaded > 0 then
    fail(self, { kind = "api", code = 404, final = true, message = format(
      "after %d of %d chunks the server does not show the file any more: it was deleted, or nobody may read it",
      self.uploaded, self.count
    ) })
  elseif not self.sent or isSettled(self, 0) then
    goOn(self, 0)
  end
end

---It could not be asked.
---@param err appwrite.Error
function methods:unanswered(err)
  self.asked = self.asked + 1
  local pause = attempts.pause(err, self.asked)
  if pause then
    waitThen(self, pause, { what = "ask" })
  else
    fail(self, { err = err })
  end
end

-- Waiting -------------------------------------------------------------------------------------------------------------

function methods:waited()
  self.action, self.after = self.after, nil
end

---There is no time left to wait for another attempt.
---@param err appwrite.Error
function methods:late(err)
  fail(self, { err = self.because or err })
end

return plan
