--- What the handlers of transfers_nginx_spec do inside of nginx.

-- luacheck: std ngx_lua

local appwrite = require "appwrite"
local lfs = require "lfs"

local format = string.format

local transfers = {}

local LANES = 3

local client, directory

---@param endpoint string
---@param project string
---@param where string a directory with "source.bin", which is also the file "there" of the bucket "files"
function transfers.open(endpoint, project, where)
  client, directory = appwrite.new { endpoint = endpoint, project = project, key = "sandbox-key" }, where
end

local function upload(lane)
  local file = assert(client.storage.createFile({
    bucketId = "files", fileId = "unique()", file = appwrite.InputFile.fromPath(directory .. "/source.bin"),
  }, { onProgress = function() end }))
  return format("up%d %d", lane, file.chunksUploaded)
end

local function download(lane)
  local path = format("%s/down%d", directory, lane)
  assert(client.storage.getFileDownload({ bucketId = "files", fileId = "there" }, { to = path }))
  return format("down%d %d", lane, lfs.attributes(path, "size"))
end

local function stream(lane)
  local size = 0
  assert(client.storage.getFileDownload({ bucketId = "files", fileId = "there" }, { to = function(piece)
    size = size + #piece
  end }))
  return format("stream%d %d", lane, size)
end

local handlers = {}

---Several at once, each in a light thread of its own.
function handlers.move()
  local threads, said = {}, {}
  for lane = 1, LANES do
    for _, fn in ipairs { upload, download, stream } do
      threads[#threads + 1] = ngx.thread.spawn(fn, lane)
    end
  end
  for index, thread in ipairs(threads) do
    local ok, text = ngx.thread.wait(thread)
    said[index] = ok and text or tostring(text)
  end
  return table.concat(said, ", ")
end

---Calls under way, and files of the directory that this process has open.
function handlers.left()
  local count = 0
  for name in lfs.dir "/proc/self/fd" do
    local target = lfs.symlinkattributes("/proc/self/fd/" .. name, "target")
    count = count + (target and target:find(directory, 1, true) and 1 or 0)
  end
  return format("%d %d", require("appwrite.transport.curl").stats().transfers, count)
end

---Answers by the handler that the path names.
function transfers.serve()
  ngx.print(handlers[ngx.var.uri:match "([^/]+)$"]())
end

return transfers
