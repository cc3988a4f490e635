--- Where the bytes of an upload come from, slice by slice: a file on the disk, a string, or a function.

local format, sub = string.format, string.sub
local min, setmetatable, type = math.min, setmetatable, type

local PIECE = 256 * 1024 -- bytes that a function is asked for at a time

local source = {}

---@class appwrite.FileSource
---@field size integer     bytes
---@field mtime number?    of a file on the disk, seconds since 1970
---@field forwardOnly boolean? what was read cannot be read again
---@field check fun(self): string? what has changed since it was opened
---@field slice fun(self, offset: integer, length: integer): table?, string? fields of a multipart's part, or a problem

-- Files on the disk ---------------------------------------------------------------------------------------------------

local Path = { __name = "appwrite.PathSource" }
local pathMethods = {}
Path.__index = pathMethods

local function stat(path)
  return require("appwrite.core").stat(path)
end

-- A file that is opened but cannot be read is told of before anything is sent.
local function readProblem(path)
  local handle, problem = io.open(path, "rb")
  if not handle then
    return format("cannot open the file %s", problem)
  end
  local _, why = handle:read(0)
  handle:close()
  return why and format("cannot read the file %s: %s", path, why)
end

---@param path string
---@return appwrite.FileSource? source
---@return string? problem
function source.ofPath(path)
  local info, why = stat(path)
  if not info then
    return nil, format("cannot open the file %s: %s", path, why)
  elseif info.directory then
    return nil, format("cannot read the file %s: it is a directory", path)
  elseif not info.regular then
    return nil, format("cannot read the file %s: it is no regular file; give its bytes by InputFile.fromReader", path)
  end
  local problem = readProblem(path)
  if problem then
    return nil, problem
  end
  return setmetatable({ path = path, size = info.size, mtime = info.mtime }, Path)
end

---@param expected { size: integer, mtime: number }? what it was when the upload began; if not told, when it was opened
---@return string? problem
function pathMethods:check(expected)
  expected = expected or self
  local info, why = stat(self.path)
  if not info then
    return format("cannot open the file %s: %s", self.path, why)
  elseif info.size ~= expected.size then
    return format("the file %s changed since its upload began: it had %d bytes and now has %d", self.path,
      expected.size, info.size)
  elseif info.mtime ~= expected.mtime then
    return format("the file %s changed since its upload began: it was written to at %s", self.path,
      os.date("%Y-%m-%d %H:%M:%S", math.floor(info.mtime)))
  end
  return nil
end

function pathMethods:slice(offset, length)
  return { path = self.path, offset = offset, length = length, fileSize = self.size }
end

-- Strings -------------------------------------------------------------------------------------------------------------

local Bytes = { __name = "appwrite.BytesSource" }
local bytesMethods = {}
Bytes.__index = bytesMethods

---@param bytes string
---@return appwrite.FileSource
function source.ofBytes(bytes)
  return setmetatable({ bytes = bytes, size = #bytes }, Bytes)
end

function bytesMethods.check()
  return nil
end

function bytesMethods:slice(offset, length)
  return { data = self.bytes, offset = offset, length = length }
end

-- Functions -----------------------------------------------------------------------------------------------------------

local Reader = { __name = "appwrite.ReaderSource" }
local readerMethods = {}
Reader.__index = readerMethods

---@param read fun(length: integer): string?, string? gives at least one of the next bytes; nil and why it cannot
---@param size integer bytes that it has in all
---@return appwrite.FileSource
function source.ofReader(read, size)
  return setmetatable({ read = read, size = size, position = 0, forwardOnly = true, over = "" }, Reader)
end

function readerMethods.check()
  return nil
end

-- What it gave too many of is the beginning of the next ones.
local function readSome(self, wanted)
  local piece = self.over
  self.over = ""
  if piece ~= "" then
    return piece
  end
  local problem
  piece, problem = self.read(wanted)
  if type(piece) == "string" and piece ~= "" then
    return piece
  elseif piece == nil and problem ~= nil then
    return nil, format("the file's reader failed: %s", tostring(problem))
  elseif piece == nil or piece == "" then
    return nil, format("the file's reader ended after %d of %d bytes", self.position, self.size)
  end
  return nil, format("the file's reader must return a string, or nil at the end, got %s", type(piece))
end

-- Up to a place; what is read goes into the buffer, where there is one.
local function readTo(self, stop, buffer)
  while self.position < stop do
    local left = stop - self.position
    local piece, problem = readSome(self, min(left, PIECE))
    if not piece then
      return problem
    elseif #piece > left then
      self.over, piece = sub(piece, left + 1), sub(piece, 1, left)
    end
    if buffer then
      buffer:add(piece)
    end
    self.position = self.position + #piece
  end
  return nil
end

-- The last one stays, in case it must be sent again. What the server has already is read past.
function readerMethods:slice(offset, length)
  if offset == self.from then
    return { buffer = self.buffer }
  elseif self.position > offset then
    return nil, format("the file's reader is at byte %d and cannot go back to %d", self.position, offset)
  end
  self.buffer = self.buffer or require("appwrite.core").buffer(length)
  self.buffer:clear()
  self.from = nil
  local problem = readTo(self, offset) or readTo(self, offset + length, self.buffer)
  if problem then
    return nil, problem
  end
  self.from = offset
  return { buffer = self.buffer }
end

return source
