--- Uploads to a server that fails at one of the chunks, once: the file arrives whole, or the error says what to do.

local appwrite = require "appwrite"
local sandbox = require "spec.support.sandbox"

local format = string.format

local CHUNK = 5 * 1024 * 1024
local SIZE = 2 * CHUNK + 777
local CHUNKS = 3
local WHOLE = "whole"

-- With an id of the caller's; and with one that the server makes, where the first chunk is the one that fails.
local FAULTS = {
  { name = "the connection breaks before it is counted", fault = "drop=before", unknown = "appwrite.ID.unique()" },
  { name = "the connection breaks after it is counted", fault = "drop=after", unknown = "appwrite.ID.unique()" },
  { name = "500", fault = "status=500", unknown = "appwrite.ID.unique()" },
  { name = "503", fault = "status=503", unknown = "appwrite.ID.unique()" },
  { name = "429", fault = "status=429, reset=1", unknown = WHOLE },
  { name = "the answer is cut", fault = "cut=20", unknown = "appwrite.ID.unique()" },
  { name = "the answer comes slowly", fault = "slow=2000", unknown = WHOLE },
  { name = "it takes long", fault = "delay=0.3", unknown = WHOLE },
  { name = "401", fault = "status=401", own = "", unknown = "" },
}

describe("an upload", function()
  local server, client, control
  local bytes = ("0123456789abcdef"):rep(math.ceil(SIZE / 16)):sub(1, SIZE)

  setup(function()
    server = sandbox.start()
    client = appwrite.new { endpoint = server.endpoint, project = server.project, key = "sandbox-key" }
    control = appwrite.new { endpoint = server.endpoint:gsub("/v1$", ""), project = server.project }
  end)

  teardown(function()
    server.stop()
  end)

  local function arm(fault, chunk)
    assert(control:call { method = "DELETE", path = "/sandbox/faults" })
    assert(control:call { method = "POST", path = "/sandbox/faults", body = {
      fault = fault, method = "POST", path = "/v1/storage/*", times = 1, skip = chunk - 1,
    } })
  end

  local function disarm()
    local armed = assert(control:call { method = "GET", path = "/sandbox/faults" })
    assert(control:call { method = "DELETE", path = "/sandbox/faults" })
    return armed
  end

  local function isWhole(id)
    local got = assert(client.storage.getFileDownload { bucketId = "files", fileId = id })
    assert.is_true(got == bytes, "the file is not the same")
    local file = assert(client.storage.getFileById { bucketId = "files", fileId = id })
    assert.equal(CHUNKS, file.chunksUploaded)
  end

  local function upload(id)
    return client.storage.createFile {
      bucketId = "files", fileId = id, file = appwrite.InputFile.fromString(bytes, "faulty.bin"),
    }
  end

  for _, case in ipairs(FAULTS) do
    for chunk = 1, CHUNKS do
      it(format("with an id of one's own, where at chunk %d %s", chunk, case.name), function()
        local id = appwrite.ID.unique()
        arm(case.fault, chunk)
        local file, err = upload(id)
        disarm()
        if case.own then
          assert.is_nil(file)
          assert.equal(401, err.code)
          err.upload.file = bytes
          file = assert(client.storage.resume(err.upload))
        else
          assert.is_nil(err, tostring(err))
        end
        assert.equal(id, file["$id"])
        isWhole(id)
      end)

      it(format("with an id of the server's, where at chunk %d %s", chunk, case.name), function()
        arm(case.fault, chunk)
        local file, err = upload "unique()"
        disarm()
        if chunk == 1 and case.unknown ~= WHOLE then
          assert.is_nil(file)
          assert.truthy(err.message:find(case.unknown, 1, true), err.message)
        elseif case.own then
          assert.is_nil(file)
          err.upload.file = bytes
          file = assert(client.storage.resume(err.upload))
          isWhole(file["$id"])
        else
          assert.is_nil(err, tostring(err))
          isWhole(file["$id"])
        end
      end)
    end
  end
end)
