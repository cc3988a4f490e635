--- Files to upload: named by their path or given by a function, and read only while they are sent, or given as bytes.

local argument = require "appwrite.argument"
local sources = require "appwrite.file_source"

local error, find, format, getmetatable, setmetatable, type = error, string.find, string.format, getmetatable,
  setmetatable, type
local floor, lower, match = math.floor, string.lower, string.match

-- What the server is told; it looks at the bytes itself for what it stores.
local TYPES = {
  aac = "audio/aac", avi = "video/x-msvideo", avif = "image/avif", bin = "application/octet-stream", bmp = "image/bmp",
  bz2 = "application/x-bzip2", css = "text/css", csv = "text/csv", doc = "application/msword",
  docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", epub = "application/epub+zip",
  flac = "audio/flac", gif = "image/gif", glb = "model/gltf-binary", gltf = "model/gltf+json", gz = "application/gzip",
  heic = "image/heic", htm = "text/html", html = "text/html", ico = "image/vnd.microsoft.icon", ics = "text/calendar",
  jpeg = "image/jpeg", jpg = "image/jpeg", js = "text/javascript", json = "application/json",
  jsonl = "application/jsonl", lua = "text/x-lua",
  m4a = "audio/mp4", md = "text/markdown", mid = "audio/midi", mjs = "text/javascript",
  mkv = "video/x-matroska", mov = "video/quicktime", mp3 = "audio/mpeg", mp4 = "video/mp4", mpeg = "video/mpeg",
  odp = "application/vnd.oasis.opendocument.presentation", ods = "application/vnd.oasis.opendocument.spreadsheet",
  odt = "application/vnd.oasis.opendocument.text", oga = "audio/ogg", ogg = "audio/ogg", ogv = "video/ogg",
  opus = "audio/ogg", otf = "font/otf", pdf = "application/pdf", png = "image/png",
  ppt = "application/vnd.ms-powerpoint",
  pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation", rar = "application/vnd.rar",
  rtf = "application/rtf", svg = "image/svg+xml", tar = "application/x-tar", tif = "image/tiff", tiff = "image/tiff",
  toml = "application/toml", ttf = "font/ttf", txt = "text/plain", wasm = "application/wasm", wav = "audio/wav",
  webm = "video/webm", webp = "image/webp", woff = "font/woff", woff2 = "font/woff2", xls = "application/vnd.ms-excel",
  xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xml = "application/xml",
  yaml = "application/yaml", yml = "application/yaml", zip = "application/zip", zst = "application/zstd",
  ["7z"] = "application/x-7z-compressed",
}
local UNKNOWN = "application/octet-stream"

---@class appwrite.InputFile
---@field path string?     one of these three is there
---@field data string?
---@field read (fun(length: integer): string?, string?)?
---@field length integer?  bytes that `read` has
---@field filename string  as the server stores it
---@field mimeType string
---@field isInputFile true
local methods = { isInputFile = true }

local File = { __name = "appwrite.InputFile", __index = methods }

function File.__tostring(self)
  return format("appwrite.InputFile (%s)", self.filename)
end

---@class appwrite.InputFileModule
local InputFile = {}

local function typeOf(filename)
  local extension = match(filename, "%.([^.]+)$")
  return extension and TYPES[lower(extension)] or UNKNOWN
end

local function nameProblem(where, name)
  if not argument.isText(name) then
    return argument.wrong(where, "name", "a file name", name)
  elseif find(name, "%z") then
    return where .. ': argument "name" must not contain a NUL byte'
  end
  return nil
end

-- It becomes a header of the file's part.
local function typeProblem(where, mimeType)
  if mimeType ~= nil and not (type(mimeType) == "string" and find(mimeType, "^[%w!#$&^_.+-]+/[%w!#$&^_.+-]+[ -~]*$"))
  then
    return argument.wrong(where, "mimeType", 'a media type such as "image/png"', mimeType)
  end
  return nil
end

---A file on the disk. It is opened when the upload begins, so a missing one is an error of the call.
---@param path string
---@param name string?     the name to store it under; by default the last part of the path
---@param mimeType string? by default after the name's extension
---@return appwrite.InputFile
function InputFile.fromPath(path, name, mimeType)
  local where = "InputFile.fromPath"
  if not argument.isText(path) then
    error(argument.wrong(where, "path", "a path", path), 2)
  elseif find(path, "%z") then
    error(where .. ': argument "path" must not contain a NUL byte', 2)
  end
  local filename = name
  if name == nil then
    filename = match(path, "([^/\\]+)[/\\]*$") or path
  end
  local problem = nameProblem(where, filename) or typeProblem(where, mimeType)
  if problem then
    error(problem, 2)
  end
  return setmetatable({ path = path, filename = filename, mimeType = mimeType or typeOf(filename) }, File)
end

---Bytes in memory.
---@param bytes string
---@param name string      the name to store them under
---@param mimeType string? by default after the name's extension
---@return appwrite.InputFile
function InputFile.fromString(bytes, name, mimeType)
  local where = "InputFile.fromString"
  if type(bytes) ~= "string" then
    error(argument.wrong(where, "bytes", "a string with the file's bytes", bytes), 2)
  end
  local problem = nameProblem(where, name) or typeProblem(where, mimeType)
  if problem then
    error(problem, 2)
  end
  return setmetatable({ data = bytes, filename = name, mimeType = mimeType or typeOf(name) }, File)
end

---Bytes that a function gives, one piece after another, while they are sent: of a file in an archive, a database, a
---pipe of known size. They can be read once, by one upload.
---@param read fun(length: integer): string?, string? gives the next bytes, best as many as it is asked for and at least
---  one; nil at the end; nil and why where it cannot. Called by the code that uploads, so in a task it may wait
---@param size integer     bytes it has in all
---@param name string      the name to store them under
---@param mimeType string? by default after the name's extension
---@return appwrite.InputFile
function InputFile.fromReader(read, size, name, mimeType)
  local where = "InputFile.fromReader"
  if type(read) ~= "function" then
    error(argument.wrong(where, "read", "a function that gives the next bytes", read), 2)
  elseif type(size) ~= "number" or size < 0 or size % 1 ~= 0 or size >= 2 ^ 53 then
    error(argument.wrong(where, "size", "a whole number of bytes", size), 2)
  end
  local problem = nameProblem(where, name) or typeProblem(where, mimeType)
  if problem then
    error(problem, 2)
  end
  return setmetatable({
    read = read, length = floor(size), filename = name, mimeType = mimeType or typeOf(name),
  }, File)
end

---What a call was given as its file: an InputFile, or a string with the bytes, which is stored under the name "file".
---@param value any
---@return appwrite.InputFile? file
---@return string? problem
function InputFile.from(value)
  if type(value) == "string" then
    return InputFile.fromString(value, "file")
  elseif type(value) == "table" and getmetatable(value) == File then
    return value
  end
  return nil, format("the file must be an InputFile or a string with its bytes, got %s", argument.shown(value))
end

---What is read from while it is sent.
---@return appwrite.FileSource? source
---@return string? problem it cannot be read, or not again
function methods:open()
  if self.data then
    return sources.ofBytes(self.data)
  elseif self.path then
    return sources.ofPath(self.path)
  elseif self.opened then
    return nil, format('the reader of "%s" was used by another upload: make a new InputFile for each', self.filename)
  end
  self.opened = true
  return sources.ofReader(self.read, self.length)
end

---How many bytes the file has now.
---@return integer? bytes
---@return string? problem
function methods:size()
  if self.read then
    return self.length
  end
  local opened, problem = self:open()
  if not opened then
    return nil, problem
  end
  return opened.size
end

return argument.closed("InputFile", InputFile)
