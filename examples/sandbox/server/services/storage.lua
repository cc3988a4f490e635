--- The storage service: files, kept in memory. Buckets are those of the start-up file.

local clock = require "server.clock"
local errors = require "server.errors"
local events = require "server.events"
local json = require "server.json"
local mime = require "server.mime"
local permissions = require "server.permissions"
local pictures = require "server.pictures"
local preview = require "server.preview"
local queries = require "server.queries"
local response = require "server.response"
local selection = require "server.selection"
local upload = require "server.upload"
local validation = require "server.validation"

local find, format, lower, match, sub = string.find, string.format, string.lower, string.match, string.sub
local min = math.min

local MAX_RANGE = 10 * 1024 * 1024 -- bytes that an open range gives at most

local BUCKET = { "bucketId", validation.uid }
local FILE = { "fileId", validation.uid }
local PERMISSIONS = { "permissions", validation.permissions, optional = true, nullable = true }

-- Types that are shown as they are; a view of any other says it were text, so that no browser runs it.
local SHOWN = {
  ["application/pdf"] = true, ["audio/flac"] = true, ["audio/mpeg"] = true, ["audio/ogg"] = true,
  ["audio/x-wav"] = true, ["image/bmp"] = true, ["image/gif"] = true, ["image/jpeg"] = true, ["image/png"] = true,
  ["image/webp"] = true, ["text/plain"] = true, ["video/mp4"] = true, ["video/webm"] = true,
}

local function findBucket(request)
  return request.project.buckets[request.params.bucketId] or errors.raise "storage_bucket_not_found"
end

local function fileModel(bucket, file)
  return json.object("$id", file.id, "bucketId", bucket.id, "$createdAt", file.createdAt, "$updatedAt", file.updatedAt,
    "$permissions", file.permissions, "name", file.name, "signature", file.signature, "mimeType", file.mimeType,
    "sizeOriginal", file.sizeOriginal, "chunksTotal", file.chunksTotal, "chunksUploaded", file.chunksUploaded)
end

-- Tell whoever may read a file what became of it; of an upload, each chunk.
local function announce(request, action, bucket, file)
  local model = fileModel(bucket, file)
  events.emit(request.project, "files." .. action, { bucket.id, file.id }, model, events.readers(bucket, file))
  return model
end

-- A reader to whom a file is not open does not learn that there is one.
local function findToRead(request)
  local bucket = findBucket(request)
  if not bucket.ownPermissions and not permissions.allows(request, "read", bucket.permissions) then
    errors.raise "user_unauthorized"
  end
  local file = bucket.files:get(request.params.fileId)
  if not file or not permissions.allowsIn(request, "read", bucket, file) then
    errors.raise "storage_file_not_found"
  end
  return file, bucket
end

local function findToChange(request, action)
  local bucket = findBucket(request)
  local file = bucket.files:get(request.params.fileId) or errors.raise "storage_file_not_found"
  if not permissions.allowsIn(request, action, bucket, file) then
    errors.raise "user_unauthorized"
  end
  return file, bucket
end

local function checkName(bucket, name)
  local allowed = bucket.allowedFileExtensions
  local extension = lower(match(name, "%.([^.]*)$") or "")
  for _, each in ipairs(allowed) do
    if lower(each) == extension then
      return
    end
  end
  if #allowed > 0 then
    errors.raise "storage_file_type_unsupported"
  end
end

local function complete(file, content)
  file.content, file.signature, file.mimeType = content, ngx.md5(content), mime.sniff(content)
end

local function store(bucket, id, name, granted, size, chunk)
  local now = clock.iso()
  return bucket.files:add {
    id = id, createdAt = now, updatedAt = now, permissions = granted, name = name, signature = "", mimeType = "",
    sizeOriginal = size, chunksTotal = chunk and chunk.count or 1, chunksUploaded = 0,
  }
end

local function createWhole(bucket, id, part, granted)
  if bucket.files:get(id) then
    errors.raise "storage_file_already_exists"
  end
  local file = store(bucket, id, part.filename, granted, #part.data)
  file.chunksUploaded = 1
  complete(file, part.data)
  return file
end

local function addChunk(bucket, id, part, granted, chunk)
  local file = bucket.files:get(id)
  local number, count = chunk.number, chunk.count
  if file then
    count = file.chunksTotal
    number = number == -1 and count or number
    if file.chunksUploaded == count then
      errors.raise "storage_file_already_exists"
    end
  end
  local received, content = upload.take(bucket, id, number, count, part.data)
  if not file and count == -1 then
    errors.raise("document_invalid_structure", 'Invalid document structure: Attribute "chunksTotal" has invalid type. '
      .. "Value must be a valid range between 0 and 2,147,483,647")
  elseif not file then
    file = store(bucket, id, part.filename, granted, chunk.size, chunk)
  else
    file.updatedAt = clock.iso()
  end
  file.chunksUploaded = received
  if content then
    complete(file, content)
  end
  return file
end

-- The bytes from..to (counted from 0) a request asks for; nil for all.
local function rangeOf(request, size)
  local header = request.headers.range
  if not header or header == "" then
    return nil
  end
  local first, last = match(header, "^bytes=(%d+)-(%d*)$")
  first = tonumber(first) or errors.raise "storage_invalid_range"
  last = tonumber(last) or min(first + MAX_RANGE - 1, size - 1)
  if first >= last or last >= size then
    errors.raise "storage_invalid_range"
  end
  return first, last
end

local function hasLength(contentType)
  return find(contentType, "^text/") ~= nil or contentType == "application/x-empty"
end

local function contentOf(request, file, bucket)
  return file.content or upload.remains(bucket, file.id)
    or errors.raise("storage_file_not_found", format("File not found in /storage/uploads/app-%s/%s/%s",
      request.project.id, bucket.id, file.id .. (match(file.name, "%.[^.]*$") or "")))
end

local function sendContent(request, file, bucket, disposition, contentType)
  local content = contentOf(request, file, bucket)
  request.out["Content-Disposition"] = format('%s; filename="%s"', disposition, file.name)
  local answer = {
    status = 200, contentType = contentType, chunked = file.mimeType == "" or not hasLength(contentType),
  }
  local first, last = rangeOf(request, file.sizeOriginal)
  if first then
    answer.status = 206
    request.out["Accept-Ranges"] = "bytes"
    request.out["Content-Range"] = format("bytes %d-%d/%d", first, last, file.sizeOriginal)
  end
  answer.body = first and sub(content, first + 1, last + 1) or content
  return answer
end

local SCHEMA = {
  attributes = {
    ["$id"] = { type = "string" }, ["$createdAt"] = { type = "datetime" }, ["$updatedAt"] = { type = "datetime" },
    name = { type = "string" }, signature = { type = "string" }, mimeType = { type = "string" },
    sizeOriginal = { type = "integer" }, chunksTotal = { type = "integer" }, chunksUploaded = { type = "integer" },
  },
  fail = queries.failParam,
}

local function readValue(file, name)
  return file[sub(name, 1, 1) == "$" and sub(name, 2) or name]
end

local storage = {}

storage.createFile = {
  params = { BUCKET, { "fileId", validation.customId }, PERMISSIONS },
  handler = function(request)
    local params = request.params
    local bucket = findBucket(request)
    if not permissions.allows(request, "create", bucket.permissions) then
      errors.raise "user_unauthorized"
    end
    local granted = permissions.initial(request, params.permissions)
    local part = request.files.file or errors.raise "storage_file_empty"
    local chunk = upload.chunkOf(request)
    local id = chunk and chunk.id or clock.idFrom(params.fileId)
    checkName(bucket, part.filename)
    if (chunk and chunk.size or #part.data) > bucket.maximumFileSize then
      errors.raise "storage_invalid_file_size"
    end
    local file = chunk and addChunk(bucket, id, part, granted, chunk) or createWhole(bucket, id, part, granted)
    return response.json(201, announce(request, "create", bucket, file))
  end,
}

storage.getFileById = {
  params = { BUCKET, FILE },
  handler = function(request)
    local file, bucket = findToRead(request)
    return response.json(200, fileModel(bucket, file))
  end,
}

storage.listFiles = {
  params = { BUCKET, queries.param, { "search", validation.text(256, 0), optional = true } },
  handler = function(request)
    local bucket = findBucket(request)
    local wanted = queries.read(SCHEMA, request.params.queries)
    if not bucket.ownPermissions and not permissions.allows(request, "read", bucket.permissions) then
      errors.raise "user_unauthorized"
    end
    local term = lower(request.params.search or "")
    local found, total = selection.run(wanted, bucket.files, {
      noun = "File", read = readValue,
      visible = function(file)
        return find(lower(file.name), term, 1, true) and permissions.allowsIn(request, "read", bucket, file)
      end,
    })
    local list = json.array()
    for index, file in ipairs(found) do
      list[index] = fileModel(bucket, file)
    end
    return response.json(200, json.object("total", total, "files", list))
  end,
}

storage.getFileDownload = {
  params = { BUCKET, FILE },
  handler = function(request)
    local file, bucket = findToRead(request)
    return sendContent(request, file, bucket, "attachment", file.mimeType == "" and "text/html" or file.mimeType)
  end,
}

storage.getFileForView = {
  params = { BUCKET, FILE },
  handler = function(request)
    local file, bucket = findToRead(request)
    return sendContent(request, file, bucket, "inline", SHOWN[file.mimeType] and file.mimeType or "text/plain")
  end,
}

-- All that decides how a preview looks.
local function previewKey(request, file, bucket)
  local parts = { "preview", request.project.id, bucket.id, file.id, file.createdAt, file.name, file.signature }
  for _, param in ipairs(preview.params) do
    parts[#parts + 1] = param[1] .. "=" .. (request.params[param[1]] or "")
  end
  return table.concat(parts, "\n")
end

storage.getFilePreviewImage = {
  cached = true,
  params = { BUCKET, FILE, unpack(preview.params) },
  handler = function(request)
    local file, bucket = findToRead(request)
    contentOf(request, file, bucket)
    local acceptsWebp = find(request.headers.accept or "", "image/webp", 1, true) ~= nil
    local key = previewKey(request, file, bucket) .. (acceptsWebp and "\nwebp" or "")
    return pictures.cached(request, key, function() return preview.draw(file, request.params, acceptsWebp) end)
  end,
}

storage.updateFileById = {
  params = { BUCKET, FILE, { "name", validation.text(255), optional = true, nullable = true }, PERMISSIONS },
  handler = function(request)
    local params = request.params
    local file, bucket = findToChange(request, "update")
    local granted = params.permissions and permissions.granted(request, params.permissions) or file.permissions
    local name = params.name or file.name
    if name ~= file.name or json.encode(granted) ~= json.encode(file.permissions) then
      file.updatedAt = clock.iso()
    end
    file.name, file.permissions = name, granted
    return response.json(200, announce(request, "update", bucket, file))
  end,
}

storage.deleteFileById = {
  params = { BUCKET, FILE },
  handler = function(request)
    local file, bucket = findToChange(request, "delete")
    bucket.files:remove(file.id)
    bucket.uploads[file.id] = nil
    announce(request, "delete", bucket, file)
    return response.empty()
  end,
}

return storage
