--- Carries out what appwrite.upload_plan decides: sends a file, asks how much of it is there, waits, reports.

local Error = require "appwrite.error"
local InputFile = require "appwrite.input_file"
local build = require "appwrite.build"
local carrier = require "appwrite.carrier"
local operations = require "appwrite.operations"
local plans = require "appwrite.upload_plan"
local progress = require "appwrite.progress"

local error, format, ipairs, setmetatable, type = error, string.format, ipairs, setmetatable, type
local max, min = math.max, math.min

local CHUNK = plans.CHUNK
local UNIQUE = "unique()" -- the server's word for an id that it makes

local Upload = { __name = "appwrite.Upload" }
local methods = {}
Upload.__index = methods

local upload = { CHUNK = CHUNK }

-- Requests ------------------------------------------------------------------------------------------------------------

local function pieceRequest(self, action)
  local part, problem = self.source:slice(action.offset, action.length)
  if not part then
    return nil, problem
  end
  part.filename, part.type = self.file.filename, self.file.mimeType
  local request = { method = self.base.method, target = self.base.target }
  request.multipart = build.multipart(self.carrier.operation, self.params, part)
  if self.plan.count > 1 then
    request.headers = {
      ["content-range"] = format("bytes %d-%d/%d", action.offset, action.offset + action.length - 1, self.source.size),
      ["x-appwrite-id"] = action.id,
    }
  end
  return request
end

-- A body that the server does not have to its last byte it cannot have counted.
local function fateOf(answer)
  local handle = answer.handle
  if not handle or answer.status then
    return handle and "unknown" or "none"
  end
  local _, _, sent, size = handle:progress()
  return sent < size and "none" or "unknown"
end

-- Progress ------------------------------------------------------------------------------------------------------------

local function reportOf(self, underWay)
  local plan, source = self.plan, self.source
  return {
    id = plan.id or (self.params.fileId ~= UNIQUE and self.params.fileId or nil),
    sizeUploaded = min(source.size, plan.uploaded * CHUNK + underWay),
    sizeTotal = source.size,
    chunksUploaded = plan.uploaded,
    chunksTotal = plan.count,
  }
end

-- Of the chunk alone: the form's fields around it go first.
local function bytesSent(handle, length)
  local _, _, sent, size = handle:progress()
  return max(0, min(length, sent - (size - length)))
end

local function stopped(self)
  return format("onProgress ended the upload after %d of %d chunks", self.plan.uploaded, self.plan.count)
end

-- Watches one chunk on its way.
local function watchFor(self, length)
  local reporter, before = self.reporter, 0
  return reporter and {
    look = function(_, handle)
      return reporter:due() and bytesSent(handle, length) > before
    end,
    see = function(_, handle)
      before = bytesSent(handle, length)
      return reporter:report(reportOf(self, before), "sizeUploaded") and stopped(self) or nil
    end,
  }
end

-- What can be taken up again ------------------------------------------------------------------------------------------

---@class appwrite.UploadState plain fields only, to be kept wherever one likes
---@field bucketId string
---@field fileId string
---@field name string
---@field mimeType string
---@field size integer      bytes
---@field chunkSize integer bytes
---@field path string?      of a file on the disk
---@field mtime number?     of that, seconds since 1970
---@field permissions string[]?

local function stateOf(self)
  local permissions
  if type(self.params.permissions) == "table" then
    permissions = {}
    for index, permission in ipairs(self.params.permissions) do
      permissions[index] = permission
    end
  end
  return {
    bucketId = self.params.bucketId, fileId = self.plan.id or self.params.fileId, name = self.file.filename,
    mimeType = self.file.mimeType, size = self.source.size, mtime = self.source.mtime, path = self.file.path,
    chunkSize = CHUNK, permissions = permissions,
  }
end

-- What is done --------------------------------------------------------------------------------------------------------

-- nil, or what the upload ends with.
local actions = {}

-- A file as the server tells of it, with the field that is needed, if one is; what else may be there is an error.
local function asFile(self, field, file, err, response)
  if field and file and (type(file) ~= "table" or file[field] == nil) then
    err = Error.new {
      kind = "protocol", message = "the server's answer names no file", code = response.status,
      operation = self.carrier.operation.fullName,
    }
    file = nil
  end
  self.response, self.err = response or self.response, err
  return file, err
end

local function resumable(self, err)
  err.upload = stateOf(self)
  return nil, err, self.response
end

function actions.send(self, action)
  local problem = self.source:check()
  if problem then
    return nil, self.carrier:fail("file", problem), self.response
  end
  local request
  request, problem = pieceRequest(self, action)
  if not request then
    return resumable(self, self.carrier:fail("file", problem))
  end
  local answer = self.carrier:send(request, watchFor(self, action.length))
  if answer.raised then
    error(answer.raised.value, 0)
  end
  local file, err = asFile(self, self.plan.count > 1 and "$id", self.carrier:decode(answer))
  if file ~= nil then
    self.plan:answered(file)
  else
    self.plan:failed(err, fateOf(answer))
  end
end

function actions.ask(self, action)
  local file, err = asFile(self, "chunksUploaded", self.carrier:call(operations.find "storage.getFileById", {
    bucketId = self.params.bucketId, fileId = action.id,
  }))
  if file then
    self.plan:told(file)
  elseif err.code == 404 and err.kind == "api" then
    self.plan:missing()
  else
    self.plan:unanswered(err)
  end
end

function actions.wait(self, action)
  if self.carrier:wait(action.seconds) then
    self.plan:waited()
  else
    self.plan:late(self.err or self.carrier:fail("timeout", "there is no time left to ask the server again"))
  end
end

local MIXED = "; what the server has may be a mixture of both: delete it (storage.deleteFileById) and upload it anew"

function actions.done(self, action)
  local problem = self.plan.sent and self.source:check()
  if problem then
    return nil, self.carrier:fail("file", problem .. MIXED), self.response
  end
  if self.reporter then
    self.plan.uploaded = self.plan.count
    self.reporter:finish(reportOf(self, self.source.size), "sizeUploaded")
  end
  return action.file, nil, self.response
end

function actions.fail(self, action)
  local err = action.err
  if not err then
    err = Error.new {
      kind = action.kind, message = action.message, code = action.code, operation = self.carrier.operation.fullName,
    }
  elseif action.addition then
    err.message = err.message .. action.addition
  end
  if action.final then
    return nil, err, self.response
  end
  return resumable(self, err)
end

-- Between two chunks, too, somebody may want to see how it gets on.
local function reportBetween(self)
  local plan = self.plan
  if not self.reporter or plan.uploaded == self.reported then
    return nil
  end
  self.reported = plan.uploaded
  if self.reporter:report(reportOf(self, 0), "sizeUploaded") then
    return self.carrier:fail("cancelled", stopped(self))
  end
  return nil
end

function methods:run()
  while true do
    local action = self.plan:next()
    local result, err, response = actions[action.what](self, action)
    if result ~= nil or err then
      return result, err, response
    end
    err = not self.plan:isDone() and reportBetween(self)
    if err then
      return resumable(self, err)
    end
  end
end

-- Beginning -----------------------------------------------------------------------------------------------------------

local function openFile(params, known)
  local file, problem = InputFile.from(params.file)
  if not file then
    return nil, problem, "argument"
  end
  local source
  source, problem = file:open()
  if source and known then
    problem = source:check(known)
    if not problem and source.size ~= known.size then
      problem = format("the file has %d bytes, but %d when its upload began", source.size, known.size)
    end
  end
  if problem then
    return nil, problem, "file"
  end
  return file, source
end

---@param state table the client's
---@param operation appwrite.Prepared
---@param params table
---@param base appwrite.Request method and target
---@param options table? of the call
---@param known { size: integer, mtime: number? }? of an upload that is taken up again
---@return table? file
---@return appwrite.Error? err with `upload` where it can be taken up again
---@return appwrite.Response? response of the last request
function upload.run(state, operation, params, base, options, known)
  local carried = carrier.new(state, operation, options)
  local file, source, kind = openFile(params, known)
  if not file then
    return nil, carried:fail(kind, source)
  end
  local self = setmetatable({
    carrier = carried, params = params, base = base, file = file, source = source, reported = 0,
    plan = plans.new {
      size = source.size, name = file.filename, resuming = known ~= nil,
      id = params.fileId ~= UNIQUE and params.fileId or nil,
    },
    reporter = options and options.onProgress and progress.new(options.onProgress),
  }, Upload)
  return self:run()
end

return upload
