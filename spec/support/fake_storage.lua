--- A storage service behind the fake transport: takes uploads in chunks and gives downloads by ranges, as the real one
-- does, and fails where it is told to.

local fake = require "appwrite.transport.fake"

local FakeStorage = { __name = "spec.FakeStorage" }
local methods = {}
FakeStorage.__index = methods

local storage = {}

local FILES = "/storage/buckets/b/files"
local MISSING = { status = 404, json = { message = "no such file", code = 404, type = "storage_file_not_found" } }

local function model(self)
  return {
    ["$id"] = self.id, name = self.name, sizeOriginal = self.size, chunksTotal = self.count,
    chunksUploaded = self.counted, signature = self.counted == self.count and "abc" or "",
  }
end

local function filePart(request)
  for _, part in ipairs(request.multipart) do
    if part.name == "file" then
      return part
    end
  end
end

local function bytesOf(part)
  if part.data then
    return part.data
  end
  local file = assert(io.open(part.path, "rb"))
  file:seek("set", part.offset)
  local bytes = part.length > 0 and file:read(part.length) or ""
  file:close()
  return bytes
end

local function take(self, request)
  local part = filePart(request)
  local bytes = bytesOf(part)
  local first, _, size = (request.headers["content-range"] or ""):match "^bytes (%d+)%-(%d+)/(%d+)$"
  self.id, self.name = self.id or "f1", part.filename
  self.size = tonumber(size) or #bytes
  self.count = size and math.ceil(self.size / (5 * 1024 * 1024)) or 1
  self.counted = (self.counted or 0) + 1
  self.pieces[(tonumber(first) or 0) + 1] = bytes
  return { status = 201, json = model(self) }
end

-- A fault: { reply } instead of the answer; with `counted` the request is carried out all the same.
local function meet(list, carryOut)
  local fault = table.remove(list, 1)
  if not fault then
    return carryOut()
  elseif fault.counted then
    carryOut()
  end
  return fault.reply or carryOut()
end

local function give(self, request)
  local bytes = self.content
  local first = tonumber((request.headers.range or ""):match "^bytes=(%d+)%-$")
  local headers = { etag = self.etag }
  local changed = request.headers["if-range"] and request.headers["if-range"] ~= self.etag
  if not first or changed or self.noRanges then
    return { status = 200, body = bytes, headers = headers }
  end
  local last = math.min(first + self.rangeMax, #bytes) - 1
  if first >= last then
    return { status = 416, json = { message = "no such range", code = 416, type = "storage_invalid_range" } }
  end
  headers["content-range"] = ("bytes %d-%d/%d"):format(first, last, #bytes)
  return { status = 206, body = bytes:sub(first + 1, last + 1), headers = headers }
end

-- Cuts an answer off after some bytes.
function storage.cut(answer, length)
  return { kind = "network", message = "the connection broke", status = answer.status, headers = answer.headers,
    body = answer.body:sub(1, length) }
end

---What has arrived, in its order.
---@return string
function methods:received()
  local starts, pieces = {}, {}
  for start in pairs(self.pieces) do
    starts[#starts + 1] = start
  end
  table.sort(starts)
  for index, start in ipairs(starts) do
    pieces[index] = self.pieces[start]
  end
  return table.concat(pieces)
end

---"POST POST GET …": what was asked for, in order.
---@return string
function methods:verbs()
  local verbs = {}
  for index, request in ipairs(self.transport.requests) do
    verbs[index] = request.method
  end
  return table.concat(verbs, " ")
end

---@return table storage `transport`; `posts`, `gets`, `downloads`: lists of faults; `content`, `etag`, `rangeMax`
function storage.new()
  local self = setmetatable({
    transport = fake.new(), pieces = {}, posts = {}, gets = {}, downloads = {}, content = "", rangeMax = 10,
  }, FakeStorage)
  local server = self.transport
  server:on("POST", FILES, function(request)
    return meet(self.posts, function() return take(self, request) end)
  end)
  server:on("GET", "*", function(request)
    if request.path:find "/download$" or request.path:find "/view$" or request.path:find "/preview$" then
      local fault = table.remove(self.downloads, 1)
      local answer = give(self, request)
      return fault and fault(answer, request) or answer
    end
    return meet(self.gets, function()
      return self.counted and { status = 200, json = model(self) } or MISSING
    end)
  end)
  return self
end

return storage
