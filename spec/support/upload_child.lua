-- upload_child.lua ENDPOINT PROJECT FILE ID: uploads the file, says "begins", and at its end what it got.

local appwrite = require "appwrite"

local client = appwrite.new { endpoint = arg[1], project = arg[2], key = "sandbox-key" }
io.stdout:setvbuf "no"
print "begins"
local file, err = client.storage.createFile({
  bucketId = "files", fileId = arg[4], file = appwrite.InputFile.fromPath(arg[3]),
}, { timeout = 60 })
print(file and "done " .. file.chunksUploaded or tostring(err))
os.exit(file and 0 or 1)
