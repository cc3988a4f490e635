--- Where a download goes: into a file, to a function, or into memory. A place has
--
--   prepare(request)   tells the transport
--   position()         bytes that are there for good
--   take(handle)       hands on what has come: nil, or a kind of error and a message where no more is wanted
--   restart()          forgets all: true, or nil, kind, message
--   finish()           what the call gives back; or nil, kind, message
--   discard()          leaves nothing behind

local concat = table.concat
local format, setmetatable, type = string.format, setmetatable, type

local place = {}

-- A file --------------------------------------------------------------------------------------------------------------

local File = { __name = "appwrite.FilePlace" }
local fileMethods = {}
File.__index = fileMethods

---@param transport appwrite.Transport
---@param path string
---@return table? place
---@return string? kind
---@return string? message
function place.ofFile(transport, path)
  if not transport.file then
    return nil, "file", format('the transport "%s" writes no files', transport.name)
  end
  local file, kind, message = transport.file(path)
  if not file then
    return nil, kind, message
  end
  return setmetatable({ file = file, path = path }, File)
end

function fileMethods:prepare(request)
  request.file = self.file
end

function fileMethods:position()
  return self.file:size()
end

function fileMethods.take()
  return nil
end

function fileMethods:restart()
  return self.file:restart()
end

function fileMethods:finish()
  local done, kind, message = self.file:commit()
  if not done then
    return nil, kind, message
  end
  return self.path
end

function fileMethods:discard()
  self.file:discard()
end

-- A function ----------------------------------------------------------------------------------------------------------

local Stream = { __name = "appwrite.StreamPlace" }
local streamMethods = {}
Stream.__index = streamMethods

---@param consume fun(bytes: string): boolean? false: no more is wanted
---@return table place
function place.ofFunction(consume)
  return setmetatable({ consume = consume, taken = 0 }, Stream)
end

function streamMethods.prepare(_, request)
  request.stream = true
end

function streamMethods:position()
  return self.taken
end

function streamMethods:take(handle)
  local bytes = handle:read()
  while bytes do
    self.taken = self.taken + #bytes
    if self.consume(bytes) == false then
      return "cancelled", format("the function that takes the file ended the download after %d bytes", self.taken)
    end
    bytes = handle:read()
  end
  return nil
end

function streamMethods:restart()
  if self.taken == 0 then
    return true
  end
  return nil, "protocol",
    format("the server has another version of the file by now, and %d bytes of the old one were handed on", self.taken)
end

function streamMethods.finish()
  return true
end

function streamMethods.discard()
end

-- Memory --------------------------------------------------------------------------------------------------------------

local Memory = { __name = "appwrite.MemoryPlace" }
local memoryMethods = {}
Memory.__index = memoryMethods

---@param limit integer bytes
---@return table place
function place.ofMemory(limit)
  return setmetatable({ limit = limit, pieces = {}, taken = 0 }, Memory)
end

memoryMethods.prepare = streamMethods.prepare
memoryMethods.position = streamMethods.position

function memoryMethods:take(handle)
  local bytes = handle:read()
  while bytes do
    self.taken = self.taken + #bytes
    self.pieces[#self.pieces + 1] = bytes
    if self.taken > self.limit then
      return "protocol", format("the answer is larger than %d bytes (maxResponseBytes)", self.limit)
    end
    bytes = handle:read()
  end
  return nil
end

function memoryMethods:restart()
  self.pieces, self.taken = {}, 0
  return true
end

function memoryMethods:finish()
  return concat(self.pieces)
end

function memoryMethods:discard()
  self.pieces = {}
end

---@param state table the client's
---@param to string|function|nil
---@return table? place
---@return string? kind
---@return string? message
function place.of(state, to)
  if type(to) == "function" then
    return place.ofFunction(to)
  elseif to then
    return place.ofFile(state.transport, to)
  end
  return place.ofMemory(state.maxResponse)
end

return place
