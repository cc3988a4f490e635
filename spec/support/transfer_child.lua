-- transfer_child.lua ENDPOINT PROJECT up|down FILE ID: sends or fetches the file, and says at its end what it got.

local appwrite = require "appwrite"

local endpoint, project, way, path, id = arg[1], arg[2], arg[3], arg[4], arg[5]
local client = appwrite.new { endpoint = endpoint, project = project, key = "sandbox-key", timeout = 60 }
local result, err
if way == "up" then
  result, err = client.storage.createFile {
    bucketId = "files", fileId = id, file = appwrite.InputFile.fromPath(path),
  }
else
  result, err = client.storage.getFileDownload({ bucketId = "files", fileId = id }, { to = path })
end
print(result and "done" or tostring(err))
os.exit(result and 0 or 1, true)
