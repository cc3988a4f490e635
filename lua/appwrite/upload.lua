--- Files in one request, or in chunks where they are larger than one may be.
--
-- Source of the numbers and the order: Appwrite counts chunks of exactly 5 MiB, one after another; a file that fits
-- one request must come without Content-Range.

local Error = require "appwrite.error"
local InputFile = require "appwrite.input_file"
local build = require "appwrite.build"

local ceil, floor, format, min = math.ceil, math.floor, string.format, math.min

local CHUNK = 5 * 1024 * 1024 -- bytes

local upload = { CHUNK = CHUNK }

local function fileError(operation, kind, message)
  return Error.new { kind = kind, message = message, operation = operation.fullName }
end

local function part(file, offset, length, size)
  local piece = { filename = file.filename, type = file.mimeType }
  if file.path then
    piece.path, piece.offset, piece.length, piece.fileSize = file.path, offset, length, size
  else
    piece.data = file.data:sub(offset + 1, offset + length)
  end
  return piece
end

local function pieceRequest(operation, params, base, file, chunk)
  local request = { method = base.method, target = base.target }
  request.multipart = build.multipart(operation, params, part(file, chunk.offset, chunk.length, chunk.size))
  if chunk.count > 1 then
    request.headers = {
      ["content-range"] = format("bytes %d-%d/%d", chunk.offset, chunk.offset + chunk.length - 1, chunk.size),
      ["x-appwrite-id"] = chunk.id,
    }
  end
  return request
end

---@class appwrite.Progress
---@field id string             of the file
---@field progress number       0 to 100
---@field sizeUploaded integer  bytes
---@field sizeTotal integer     bytes
---@field chunksUploaded integer
---@field chunksTotal integer

local function report(onProgress, chunk, id)
  if not onProgress then
    return true
  end
  local done = chunk.offset + chunk.length
  return onProgress {
    id = id,
    progress = chunk.size == 0 and 100 or floor(done * 100 / chunk.size),
    sizeUploaded = done,
    sizeTotal = chunk.size,
    chunksUploaded = chunk.index,
    chunksTotal = chunk.count,
  } ~= false
end

---@param operation appwrite.Prepared
---@param params table
---@param base appwrite.Request method and target
---@param onProgress fun(progress: appwrite.Progress): boolean?|nil returning false ends the upload
---@param send fun(request: appwrite.Request): any, appwrite.Error?, appwrite.Response?
---@return table? file
---@return appwrite.Error? err
---@return appwrite.Response? response of the last request
function upload.run(operation, params, base, onProgress, send)
  local file, problem = InputFile.from(params.file)
  if not file then
    return nil, fileError(operation, "argument", problem)
  end
  local size
  size, problem = file:size()
  if not size then
    return nil, fileError(operation, "file", problem)
  end
  local chunk = { size = size, count = size > CHUNK and ceil(size / CHUNK) or 1, index = 0 }
  local result, err, response
  repeat
    chunk.offset = chunk.index * CHUNK
    chunk.length = min(CHUNK, size - chunk.offset)
    chunk.index = chunk.index + 1
    result, err, response = send(pieceRequest(operation, params, base, file, chunk))
    if not result then
      return nil, err, response
    end
    chunk.id = chunk.id or result["$id"]
    if not report(onProgress, chunk, chunk.id) and chunk.index < chunk.count then
      return nil, fileError(operation, "cancelled", format(
        "onProgress ended the upload after %d of %d chunks", chunk.index, chunk.count)), response
    end
  until chunk.index == chunk.count
  return result, nil, response
end

return upload
