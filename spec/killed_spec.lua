--- Uploads whose process is killed, and taken up by another one. APPWRITE_SPEC_KILLS says how many; 8 otherwise.

local appwrite = require "appwrite"
local process = require "spec.support.process"
local sandbox = require "spec.support.sandbox"

local format = string.format
local quote = process.quote

local CHUNK = 5 * 1024 * 1024
local SIZE = 6 * CHUNK + 12345
local CHUNKS = 7
local KILLS = tonumber(os.getenv "APPWRITE_SPEC_KILLS") or 8

describe("an upload whose process is killed", function()
  local server, directory, path, bytes, client

  setup(function()
    server = sandbox.start()
    directory = process.directory()
    path = directory .. "/large.bin"
    process.run(format("head -c %d /dev/urandom > %s", SIZE, quote(path)))
    bytes = assert(io.open(path, "rb")):read "*a"
    assert.equal(SIZE, #bytes)
    client = appwrite.new { endpoint = server.endpoint, project = server.project, key = "sandbox-key" }
  end)

  teardown(function()
    server.stop()
    process.removeDirectory(directory)
  end)

  local function child(id)
    return format("%s %s %s %s %s", process.luaCommand "spec/support/upload_child.lua", server.endpoint,
      server.project, quote(path), id)
  end

  -- The statuses of the requests for chunks since the last time.
  local seen = 0
  local function chunkStatuses()
    local log = assert(io.open(server.dir .. "/access.log"))
    local count, list = 0, {}
    for line in log:lines() do
      count = count + 1
      if count > seen then
        list[#list + 1] = line:match "POST /v1/storage/buckets/files/files (%d+)"
      end
    end
    log:close()
    seen = count
    return list
  end

  local function counted(id)
    local file, err = client.storage.getFileById { bucketId = "files", fileId = id }
    assert(file or err.code == 404, tostring(err))
    return file and file.chunksUploaded or 0
  end

  -- How long one takes that nobody kills, so that the moments of the others are within it.
  local function wholeTime()
    local core, shortest = require "appwrite.core", math.huge
    for round = 1, 3 do
      local start = core.monotonic()
      local output, status = process.run("(" .. child("whole" .. round) .. ")")
      assert.equal(0, status, output)
      shortest = math.min(shortest, core.monotonic() - start)
    end
    chunkStatuses()
    return shortest
  end

  it(format("is whole after another one, %d times", KILLS), function()
    local time, moments = wholeTime(), {}
    for round = 1, KILLS do
      local id = format("killed%d", round)
      local seconds = time * (0.1 + 0.8 * math.random())
      process.run(format("%s >/dev/null 2>&1 & pid=$!; sleep %.4f; kill -9 $pid; wait $pid", child(id), seconds))
      local there = counted(id)
      moments[there] = (moments[there] or 0) + 1
      chunkStatuses()
      local output, status = process.run("(" .. child(id) .. ")")
      assert.equal(0, status, output)
      local sent = chunkStatuses()
      assert.equal(CHUNKS - there, #sent, format("%d were there, %d were sent", there, #sent))
      for _, code in ipairs(sent) do
        assert.equal("201", code)
      end
      assert.equal(CHUNKS, counted(id))
      local got = assert(client.storage.getFileDownload { bucketId = "files", fileId = id })
      assert.is_true(got == bytes, "the file is not the same")
      assert(client.storage.deleteFileById { bucketId = "files", fileId = id })
    end
    local places = {}
    for there, count in pairs(moments) do
      places[#places + 1] = format("%d chunks: %d", there, count)
    end
    table.sort(places)
    if os.getenv "APPWRITE_SPEC_KILLS" then
      print(table.concat(places, ", "))
    end
  end)
end)
