--- What kind of file some bytes are, by libmagic, as the real server asks it.

local ffi = require "ffi"
local library = require "server.library"

ffi.cdef [[
typedef struct magic_set *magic_t;
magic_t magic_open(int flags);
void magic_close(magic_t cookie);
int magic_load(magic_t cookie, const char *file);
const char *magic_buffer(magic_t cookie, const void *bytes, size_t length);
const char *magic_error(magic_t cookie);
]]

local C = library.load("libmagic.so.1", "libmagic1")

local MIME_TYPE = 0x10 -- libmagic's flag for an answer such as "image/png"

local cookie = ffi.gc(C.magic_open(MIME_TYPE), C.magic_close)

local mime = {}

local function check(ok)
  if not ok then
    local problem = cookie ~= nil and C.magic_error(cookie)
    error("libmagic: " .. (problem and problem ~= nil and ffi.string(problem) or "no memory"), 0)
  end
end

check(cookie ~= nil and C.magic_load(cookie, nil) == 0)

---@param bytes string
---@return string
function mime.sniff(bytes)
  if bytes == "" then
    return "application/x-empty"
  end
  local kind = C.magic_buffer(cookie, bytes, #bytes)
  check(kind ~= nil)
  return ffi.string(kind)
end

return mime
