--- Downloads from a server that fails at one of the ranges, once: the file arrives whole, or there is nothing of it.

local appwrite = require "appwrite"
local lfs = require "lfs"
local process = require "spec.support.process"
local sandbox = require "spec.support.sandbox"

local format = string.format

local RANGE = 10 * 1024 * 1024 -- bytes that the server gives at a time
local SIZE = 2 * RANGE + 777
local RANGES = 3
local WHOLE = "whole"

-- What it comes to where the first range meets the fault, and where a later one does: what has not begun cannot go on.
-- `or whole`: libcurl itself asks again where a connection that it had kept turns out to be closed.
local FAULTS = {
  { name = "the connection breaks before the answer", fault = "drop=before", first = "network 0 or whole" },
  { name = "the connection breaks instead of the answer", fault = "drop=after", first = "network 0 or whole" },
  { name = "the answer is 500", fault = "status=500", first = "api 500" },
  { name = "the answer is 503", fault = "status=503", first = "api 503" },
  { name = "the answer is 429", fault = "status=429, reset=1", first = "api 429" },
  { name = "the answer is cut after its first byte", fault = "cut=1" },
  { name = "the answer is cut", fault = "cut=700" },
  { name = "the answer comes slowly", fault = "slow=20000000" },
  { name = "the answer takes long", fault = "delay=0.3" },
  { name = "the answer is 401", fault = "status=401", first = "api 401", later = "api 401" },
}

describe("a download", function()
  local server, client, control, directory
  local bytes = ("0123456789abcdef"):rep(math.ceil(SIZE / 16)):sub(1, SIZE)

  -- Each takes what says which file, and a free path; gives the bytes, or nil and the error.
  local WAYS = {
    file = function(about, path)
      local result, err = client.storage.getFileDownload(about, { to = path })
      local file = io.open(path, "rb")
      if not result then
        assert.is_nil(file)
        return nil, err
      end
      local text = file:read "*a"
      file:close()
      os.remove(path)
      return text
    end,
    ["function"] = function(about)
      local pieces = {}
      local result, err = client.storage.getFileDownload(about, { to = function(piece)
        pieces[#pieces + 1] = piece
      end })
      return result and table.concat(pieces), err
    end,
    string = function(about)
      return client.storage.getFileDownload(about, { onProgress = function() end })
    end,
  }

  local function idOf(way, range)
    return format("%s-%d", way, range)
  end

  setup(function()
    server = sandbox.start()
    directory = process.directory()
    client = appwrite.new { endpoint = server.endpoint, project = server.project, key = "sandbox-key" }
    control = appwrite.new { endpoint = server.endpoint:gsub("/v1$", ""), project = server.project }
    for way in pairs(WAYS) do
      for range = 1, RANGES do
        assert(client.storage.createFile {
          bucketId = "files", fileId = idOf(way, range), file = appwrite.InputFile.fromString(bytes, "faulty.bin"),
        })
      end
    end
  end)

  teardown(function()
    server.stop()
    process.removeDirectory(directory)
  end)

  local function download(way, range, fault)
    local id = idOf(way, range)
    assert(control:call { method = "POST", path = "/sandbox/faults", body = {
      fault = fault, method = "GET", path = format("/v1/storage/buckets/files/files/%s/download", id), times = 1,
      skip = range - 1,
    } })
    local got, err = WAYS[way]({ bucketId = "files", fileId = id }, directory .. "/" .. id)
    if not got then
      return format("%s %d", err.kind, err.code)
    end
    return got == bytes and WHOLE or format("another file of %d bytes", #got)
  end

  -- All at once, in tasks.
  local function outcomes(fault)
    local functions, found = {}, {}
    for way in pairs(WAYS) do
      found[way] = {}
      for range = 1, RANGES do
        functions[#functions + 1] = function()
          found[way][range] = download(way, range, fault)
        end
      end
    end
    appwrite.run(function() appwrite.all(functions) end)
    return found
  end

  local function entries()
    local count = 0
    for _ in lfs.dir(directory) do
      count = count + 1
    end
    return count - 2 -- . and ..
  end

  for _, case in ipairs(FAULTS) do
    it(format("where at one of its ranges %s", case.name), function()
      local first, later = case.first or WHOLE, case.later or WHOLE
      for way, found in pairs(outcomes(case.fault)) do
        assert.truthy(first:find(found[1], 1, true), format("%s: %s where the first range met it", way, found[1]))
        assert.same({ found[1], later, later }, found, way)
      end
      assert.equal(0, entries())
      assert.equal(0, assert(control:call { method = "GET", path = "/sandbox/faults" }).total) -- each met its range
    end)
  end
end)
