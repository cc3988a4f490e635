-- Uploads a file with a progress bar; Ctrl-C leaves it resumable, and the next run goes on where it broke off.
--
--   examples/run upload holiday.mp4
--
-- starts a local server for one run. To see it go on, keep one: `examples/sandbox/sandbox run --port 8080`, and set
-- APPWRITE_ENDPOINT=http://127.0.0.1:8080/v1.

local appwrite = require "appwrite"

local BUCKET = "files"
local path = arg[1] or error("usage: upload.lua FILE", 0)
local notes = path .. ".upload" -- keeps the file's id on the server until all of it is there

local client = appwrite.new {
  endpoint = os.getenv "APPWRITE_ENDPOINT",
  project = os.getenv "APPWRITE_PROJECT" or "sandbox",
  key = os.getenv "APPWRITE_KEY" or "sandbox-key",
}

local function read(name)
  local file = io.open(name)
  local text = file and file:read "*l"
  if file then
    file:close()
  end
  return text
end

local function write(name, text)
  local file = assert(io.open(name, "w"))
  assert(file:write(text, "\n"))
  assert(file:close())
end

-- With an id of our own the same call goes on where the last one ended, whatever ended it: the server is asked first.
local id = read(notes)
print(id and "going on with " .. id or "beginning")
if not id then
  id = appwrite.ID.unique()
  write(notes, id)
end

local function showProgress(p)
  local done = math.floor(p.progress * 40 / 100)
  io.stderr:write(("\r[%s%s] %3d %%  %.1f of %.1f MiB "):format(("="):rep(done), (" "):rep(40 - done), p.progress,
    p.sizeUploaded / 2 ^ 20, p.sizeTotal / 2 ^ 20))
end

local ok, file, err = pcall(client.storage.createFile, {
  bucketId = BUCKET, fileId = id, file = appwrite.InputFile.fromPath(path),
}, { onProgress = showProgress })
io.stderr:write "\n"
if not (ok and file) then -- Ctrl-C comes as an error of Lua's own
  io.stderr:write(("%s\nrun it again to go on\n"):format(tostring(ok and err or file)))
  os.exit(1, true)
end
os.remove(notes)
print(("%s is there: %s, %d bytes"):format(file.name, file["$id"], file.sizeOriginal))
