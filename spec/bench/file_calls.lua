-- file_calls.lua up|reader|down|stream ENDPOINT FILE: one large file; prints wall and CPU seconds, and by how many KiB the
-- process grew at the most.

local appwrite = require "appwrite"
local core = require "appwrite.core"

local what, endpoint, path = arg[1], arg[2], arg[3]
local client = appwrite.new { endpoint = endpoint, project = "bench" }
local storage = client.storage

local function memory(field)
  for line in io.lines "/proc/self/status" do
    local kib = line:match("^" .. field .. ":%s*(%d+) kB")
    if kib then
      return tonumber(kib)
    end
  end
  error("the system does not tell of " .. field)
end

local ways = {}

function ways.up()
  assert(storage.createFile { bucketId = "b", fileId = "unique()", file = appwrite.InputFile.fromPath(path) })
end

function ways.reader()
  local source = assert(io.open(path, "rb"))
  local size = source:seek "end"
  source:seek("set", 0)
  assert(storage.createFile { bucketId = "b", fileId = "unique()", file = appwrite.InputFile.fromReader(function(length)
    return source:read(length)
  end, size, "large.bin") })
end

local FILE = { bucketId = "b", fileId = "large" }

function ways.down()
  assert(storage.getFileDownload(FILE, { to = path }))
end

function ways.stream()
  local size = 0
  assert(storage.getFileDownload(FILE, { to = function(bytes) size = size + #bytes end }))
  assert(size > 0)
end

-- Loaded before it is measured, as the reference has libcurl.
assert(not storage.getFileById(FILE))
local before = memory "VmHWM"
local wall, cpu = core.monotonic(), os.clock()
ways[what]()
print(("%.6f %.6f %d"):format(core.monotonic() - wall, os.clock() - cpu, memory "VmHWM" - before))
