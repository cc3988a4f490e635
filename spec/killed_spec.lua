--- Transfers whose process is killed at any moment, and done by another one. APPWRITE_SPEC_KILLS says how many of each;
-- 8 otherwise.

local appwrite = require "appwrite"
local core = require "appwrite.core"
local lfs = require "lfs"
local process = require "spec.support.process"
local sandbox = require "spec.support.sandbox"

local format = string.format
local quote = process.quote

local CHUNK = 5 * 1024 * 1024
local SIZE = 6 * CHUNK + 12345
local CHUNKS = 7
local FIELDS = 4096 -- bytes of a request around its chunk, at the most
local KILLS = tonumber(os.getenv "APPWRITE_SPEC_KILLS") or 8

describe("a process that is killed", function()
  local server, directory, source, bytes, client

  local function read(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read "*a"
    file:close()
    return text
  end

  setup(function()
    server = sandbox.start()
    directory = process.directory()
    source = process.directory() .. "/source.bin"
    process.run(format("head -c %d /dev/urandom > %s", SIZE, quote(source)))
    bytes = read(source)
    assert.equal(SIZE, #bytes)
    client = appwrite.new { endpoint = server.endpoint, project = server.project, key = "sandbox-key" }
    assert(client.storage.createFile {
      bucketId = "files", fileId = "there", file = appwrite.InputFile.fromPath(source),
    })
  end)

  teardown(function()
    server.stop()
    process.removeDirectory(directory)
    process.removeDirectory(source:match "^(.*)/")
  end)

  local function child(way, path, id)
    return format("%s %s %s %s %s %s", process.luaCommand "spec/support/transfer_child.lua", server.endpoint,
      server.project, way, quote(path), id)
  end

  local function whole(...)
    local output, status = process.run("(" .. child(...) .. ")")
    assert.equal(0, status, output)
  end

  -- How long one takes that nobody kills, so that the moments of the others are within it.
  local function timeOf(...)
    local shortest = math.huge
    for _ = 1, 3 do
      local start = core.monotonic()
      whole(...)
      shortest = math.min(shortest, core.monotonic() - start)
    end
    return shortest
  end

  local function kill(seconds, ...)
    process.run(format("%s >/dev/null 2>&1 & pid=$!; sleep %.4f; kill -9 $pid; wait $pid", child(...), seconds))
  end

  local function moment(time)
    return time * (0.1 + 0.8 * math.random())
  end

  local function tell(what, counts)
    if not os.getenv "APPWRITE_SPEC_KILLS" then
      return
    end
    local places = {}
    for place, count in pairs(counts) do
      places[#places + 1] = format("%s: %d", place, count)
    end
    table.sort(places)
    print(what .. "  " .. table.concat(places, ", "))
  end

  -- The requests for chunks since the last time, the one included that the kill broke off: how many, how many of them
  -- were taken, and bytes of all.
  local seen = 0
  local function chunks()
    -- A request is in the log once a later one is answered: it is written down when its answer has gone already.
    assert(client.storage.getFileById { bucketId = "files", fileId = "there" })
    local count, requests, answered, length = 0, 0, 0, 0
    for line in io.lines(server.dir .. "/access.log") do
      count = count + 1
      local status, size = line:match "POST /v1/storage/buckets/files/files (%d+) .- (%d+)$"
      if count > seen and status then
        requests, length = requests + 1, length + tonumber(size)
        answered = answered + (status == "201" and 1 or 0)
      end
    end
    seen = count
    return requests, answered, length
  end

  local function counted(id)
    local file, err = client.storage.getFileById { bucketId = "files", fileId = id }
    assert(file or err.code == 404, tostring(err))
    return file and file.chunksUploaded or 0
  end

  it(format("in an upload leaves what another one goes on with, %d times", KILLS), function()
    local time, places = timeOf("up", source, "unique\\(\\)"), {}
    assert.equal(4 * CHUNKS, (chunks())) -- one of them is "there"
    for round = 1, KILLS do
      local id = format("killed%d", round)
      kill(moment(time), "up", source, id)
      local there = format("%d chunks", counted(id))
      places[there] = (places[there] or 0) + 1
      whole("up", source, id)
      assert.equal(CHUNKS, counted(id))
      local requests, answered, sent = chunks()
      assert.is_true(answered <= CHUNKS and requests <= answered + 1, format("%d of %d taken", answered, requests))
      assert.is_true(sent <= SIZE + CHUNK + (CHUNKS + 1) * FIELDS, format("%d bytes were sent", sent))
      local got = assert(client.storage.getFileDownload { bucketId = "files", fileId = id })
      assert.is_true(got == bytes, "the file is not the same")
      assert(client.storage.deleteFileById { bucketId = "files", fileId = id })
    end
    tell("up", places)
  end)

  -- What lies in the directory, by what it is.
  local function debris(path)
    local found = { parts = 0, whole = lfs.attributes(path) ~= nil }
    for name in lfs.dir(directory) do
      local isPart = name:find "^%.appwrite%-%x+%.part$" and #name == #".appwrite-.part" + 16
      assert.is_true(isPart or name == "down.bin" or name == "." or name == "..", name)
      found.parts = found.parts + (isPart and 1 or 0)
    end
    return found
  end

  -- Where a file has no name while it is written, nothing of it stays.
  local function partsPerKill()
    local file = core.file(directory .. "/probe")
    local parts = debris(directory .. "/down.bin").parts
    file:close()
    return parts
  end

  it(format("in a download leaves no half file, %d times", KILLS), function()
    local path = directory .. "/down.bin"
    local time, most, places = timeOf("down", path, "there"), partsPerKill(), {}
    os.remove(path)
    for round = 1, KILLS do
      kill(moment(time), "down", path, "there")
      local found = debris(path)
      assert.is_true(found.parts <= most * round, format("%d parts", found.parts))
      local place = found.whole and "whole" or "not there"
      places[place] = (places[place] or 0) + 1
      assert.is_true(not found.whole or read(path) == bytes)
      whole("down", path, "there")
      assert.is_true(read(path) == bytes, "the file is not the same")
      os.remove(path)
    end
    tell("down", places)
  end)
end)
