--- Writes a file so that there is always a whole one: into a new file beside it, which takes its place when it is
-- complete and on the disk. Only its owner may read it.

local ffi = require "ffi"

local concat, format = table.concat, string.format

ffi.cdef [[
int open(const char *path, int flags, ...);
ssize_t write(int file, const void *bytes, size_t count);
int fsync(int file);
int close(int file);
int rename(const char *from, const char *to);
int unlink(const char *path);
char *strerror(int number);
]]

local C = ffi.C
local WRITE_NEW = 0x1 + 0x40 + 0x200 + 0x80000 -- Linux: write only, create, truncate, close on exec
local OWNER_ONLY = tonumber("600", 8)
local BUFFER = 1024 * 1024

local safeFile = {}

local function fail(what, path)
  error(format("cannot %s %s: %s", what, path, ffi.string(C.strerror(ffi.errno()))), 0)
end

local function writeAll(file, bytes, path)
  local from, left = ffi.cast("const char *", bytes), #bytes
  while left > 0 do
    local count = tonumber(C.write(file, from, left))
    if count < 0 then
      fail("write", path)
    end
    from, left = from + count, left - count
  end
end

-- A function that takes pieces and writes them in larger ones; without a piece it writes what is left.
local function buffered(file, path)
  local pieces, size = {}, 0
  return function(bytes)
    if bytes then
      pieces[#pieces + 1], size = bytes, size + #bytes
    end
    if not bytes or size >= BUFFER then
      writeAll(file, concat(pieces), path)
      pieces, size = {}, 0
    end
  end
end

local function fill(file, path, produce)
  local out = buffered(file, path)
  produce(out)
  out()
  if C.fsync(file) ~= 0 then
    fail("write", path)
  end
end

---@param path string
---@param produce fun(out: fun(bytes: string)) gives the bytes out, piece by piece
function safeFile.write(path, produce)
  local temporary = path .. ".new"
  local file = C.open(temporary, WRITE_NEW, ffi.cast("int", OWNER_ONLY))
  if file < 0 then
    fail("create", temporary)
  end
  local ok, problem = pcall(fill, file, temporary, produce)
  if C.close(file) ~= 0 and ok then
    ok, problem = pcall(fail, "close", temporary)
  end
  if ok and C.rename(temporary, path) ~= 0 then
    ok, problem = pcall(fail, "replace", path)
  end
  if not ok then
    C.unlink(temporary)
    error(problem, 0)
  end
end

return safeFile
