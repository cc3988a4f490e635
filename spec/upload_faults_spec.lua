--- Uploads to a server that fails at one of the chunks, once: the file arrives whole, or the error says what to do.

local appwrite = require "appwrite"
local lfs = require "lfs"
local sandbox = require "spec.support.sandbox"

local format = string.format

local CHUNK = 5 * 1024 * 1024
local SIZE = 2 * CHUNK + 777
local CHUNKS = 3
local WHOLE = "whole"
local BUCKETS = 2 * CHUNKS -- faults are told apart by them

-- The sandbox's own start-up file, with these buckets.
local PROJECT = [[
local project = dofile %q
for index = 1, %d do
  project.buckets[index] = { id = "b" .. index, permissions = {}, maximumFileSize = 100 * 1024 * 1024 }
end
return project
]]

-- What the error says to do.
local NEW_ID = "upload again, with an id of your own (appwrite.ID.unique())"

-- `own` is what it comes to with an id of the caller's; with one that the server makes, `first` where it is the first
-- chunk that meets the fault.
local FAULTS = {
  { name = "the connection breaks before it is counted", fault = "drop=before", first = NEW_ID },
  { name = "the connection breaks after it is counted", fault = "drop=after", first = NEW_ID },
  { name = "the answer is 500", fault = "status=500", first = NEW_ID },
  { name = "the answer is 503", fault = "status=503", first = NEW_ID },
  { name = "the answer is 429", fault = "status=429, reset=1" },
  { name = "the answer is cut", fault = "cut=20", first = NEW_ID },
  { name = "the answer comes slowly", fault = "slow=2000" },
  { name = "the answer takes long", fault = "delay=0.3" },
  { name = "the answer is 401", fault = "status=401", own = "401, resumed" },
}

describe("an upload", function()
  local server, client, control, startup
  local bytes = ("0123456789abcdef"):rep(math.ceil(SIZE / 16)):sub(1, SIZE)

  setup(function()
    startup = os.tmpname()
    local file = assert(io.open(startup, "w"))
    assert(file:write(format(PROJECT, lfs.currentdir() .. "/examples/sandbox/project.lua", BUCKETS)))
    assert(file:close())
    server = sandbox.start { project = startup }
    client = appwrite.new { endpoint = server.endpoint, project = server.project, key = "sandbox-key" }
    control = appwrite.new { endpoint = server.endpoint:gsub("/v1$", ""), project = server.project }
  end)

  teardown(function()
    server.stop()
    os.remove(startup)
  end)

  local function arm(bucket, fault, chunk)
    return assert(control:call { method = "POST", path = "/sandbox/faults", body = {
      fault = fault, method = "POST", path = format("/v1/storage/buckets/%s/files", bucket), times = 1, skip = chunk - 1,
    } })
  end

  local function isWhole(bucket, id)
    local about = { bucketId = bucket, fileId = id }
    local got = assert(client.storage.getFileDownload(about))
    assert.is_true(got == bytes, "the file is not the same")
    assert.equal(CHUNKS, assert(client.storage.getFileById(about)).chunksUploaded)
    assert(client.storage.deleteFileById(about))
  end

  -- What it comes to: whole, or resumed after an error, or what the error says to do.
  local function upload(bucket, id, case, chunk)
    arm(bucket, case.fault, chunk)
    local file, err = client.storage.createFile {
      bucketId = bucket, fileId = id, file = appwrite.InputFile.fromString(bytes, "faulty.bin"),
    }
    if file then
      isWhole(bucket, file["$id"])
      return WHOLE
    elseif err.message:find(NEW_ID, 1, true) then
      return NEW_ID
    end
    err.upload.file = bytes
    file = assert(client.storage.resume(err.upload))
    isWhole(bucket, file["$id"])
    return format("%d, resumed", err.code)
  end

  -- All at once, in tasks.
  local function outcomes(case)
    local functions, own, unique = {}, {}, {}
    for chunk = 1, CHUNKS do
      functions[#functions + 1] = function()
        own[chunk] = upload("b" .. chunk, appwrite.ID.unique(), case, chunk)
      end
      functions[#functions + 1] = function()
        unique[chunk] = upload("b" .. CHUNKS + chunk, "unique()", case, chunk)
      end
    end
    appwrite.run(function() appwrite.all(functions) end)
    return { own = own, unique = unique }
  end

  for _, case in ipairs(FAULTS) do
    it(format("where at one of its chunks %s", case.name), function()
      local own = case.own or WHOLE
      assert.same({ own = { own, own, own }, unique = { case.first or own, own, own } }, outcomes(case))
      assert.equal(0, assert(control:call { method = "GET", path = "/sandbox/faults" }).total) -- each met its chunk
    end)
  end
end)
