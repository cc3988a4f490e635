--- Puts the chunks of a file together, counting them as the real server does, weaknesses included: it keeps a log of
-- the chunks that came, and joins the parts when the log is as long as there are chunks, whichever chunks they were.

local errors = require "server.errors"
local validation = require "server.validation"

local ceil, concat, floor, match = math.ceil, table.concat, math.floor, string.match

local upload = {}

---@class sandbox.Chunk
---@field number integer from 1; -1 for "the last one"
---@field count integer how many there are; -1 where this cannot be told
---@field size integer bytes of the whole file
---@field id? string of the file, where the request names it

---What a request with Content-Range brings.
---@param request sandbox.Request
---@return sandbox.Chunk? chunk nil for a file in one piece
function upload.chunkOf(request)
  local header = request.headers["content-range"]
  if not header or header == "" then
    return nil
  end
  local first, last, size = match(header, "^%a+ (%d+)-(%d+)/(%d+)$")
  first, last, size = tonumber(first), tonumber(last), tonumber(size)
  if not size or first > last or last > size then
    errors.raise "storage_invalid_content_range"
  end
  local id = request.headers["x-appwrite-id"]
  if id and validation.uid(id) then
    errors.raise "storage_invalid_appwrite_id"
  end
  if last >= size - 1 then
    return { number = -1, count = -1, size = size, id = id }
  end
  local length = last + 1 - first
  return { number = floor(first / length) + 1, count = ceil(size / length), size = size, id = id }
end

local function join(pending, count)
  local pieces = {}
  for number = 1, count do
    local piece = pending.parts[number]
    if not piece or piece == "" then
      pending.content = (pending.content or "") .. concat(pieces)
      errors.raise "general_unknown"
    end
    pieces[number] = piece
    pending.parts[number] = nil
  end
  pending.content = (pending.content or "") .. concat(pieces)
end

---Take a chunk in.
---@param bucket { uploads: table<string, table> }
---@param id string of the file
---@param number integer of the chunk
---@param count integer of all chunks
---@param bytes string
---@return integer received chunks that came so far
---@return string? content of the whole file, once it is complete
function upload.take(bucket, id, number, count, bytes)
  local pending = bucket.uploads[id] or { parts = {}, received = 0 }
  bucket.uploads[id] = pending
  pending.received = pending.received + 1
  pending.parts[number] = bytes
  if pending.received ~= count then
    return pending.received
  end
  join(pending, count)
  bucket.uploads[id] = nil
  return pending.received, pending.content
end

---What lies where the file would be: nothing, or what a failed joining left.
---@param bucket table
---@param id string
---@return string?
function upload.remains(bucket, id)
  local pending = bucket.uploads[id]
  return pending and pending.content
end

return upload
