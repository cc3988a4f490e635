--- Several files at once over the C core, up and down, and cancelled at any moment.

local appwrite = require "appwrite"
local core = require "appwrite.core"
local lfs = require "lfs"
local process = require "spec.support.process"
local sandbox = require "spec.support.sandbox"
local turn = require "spec.support.turn"

local format = string.format

local SIZE = 12 * 1024 * 1024
local ROUNDS = 12
local LANES = 3

describe("several files at once", function()
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
    source = directory .. "/source.bin"
    process.run(format("head -c %d /dev/urandom > %s", SIZE, process.quote(source)))
    bytes = read(source)
    client = appwrite.new { endpoint = server.endpoint, project = server.project, key = "sandbox-key" }
    assert(client.storage.createFile {
      bucketId = "files", fileId = "there", file = appwrite.InputFile.fromPath(source),
    })
  end)

  teardown(function()
    server.stop()
    process.removeDirectory(directory)
  end)

  local function upload(id)
    return client.storage.createFile({
      bucketId = "files", fileId = id, file = appwrite.InputFile.fromPath(source),
    }, { onProgress = function() end })
  end

  local function download(to)
    return client.storage.getFileDownload({ bucketId = "files", fileId = "there" }, { to = to })
  end

  local function entries()
    local names = {}
    for name in lfs.dir(directory) do
      if not name:find "^%.+$" then
        names[#names + 1] = name
      end
    end
    table.sort(names)
    return names
  end

  -- Files of ours that this process has open.
  local function opened()
    local count = 0
    for name in lfs.dir "/proc/self/fd" do
      local target = lfs.symlinkattributes("/proc/self/fd/" .. name, "target")
      count = count + (target and target:find(directory, 1, true) and 1 or 0)
    end
    return count
  end

  it("all arrive", function()
    local functions, taken = {}, {}
    for lane = 1, LANES do
      functions[#functions + 1] = function() return assert(upload("up" .. lane)) end
      functions[#functions + 1] = function() return assert(download(directory .. "/down" .. lane)) end
      functions[#functions + 1] = function()
        local pieces = {}
        assert(client.storage.getFileDownload({ bucketId = "files", fileId = "there" }, { to = function(piece)
          pieces[#pieces + 1] = piece
        end }))
        taken[lane] = table.concat(pieces)
      end
    end
    appwrite.run(function() appwrite.all(functions) end)
    for lane = 1, LANES do
      assert.is_true(read(directory .. "/down" .. lane) == bytes)
      assert.is_true(taken[lane] == bytes)
      assert.is_true(assert(client.storage.getFileDownload { bucketId = "files", fileId = "up" .. lane }) == bytes)
      os.remove(directory .. "/down" .. lane)
    end
    assert.equal(0, opened())
  end)

  it("end where their function wants no more, before all has come", function()
    local got = 0
    local result, err = download(function(piece)
      got = got + #piece
      return false
    end)
    assert.is_nil(result)
    assert.equal("cancelled", err.kind)
    assert.is_true(got < SIZE)
  end)

  it("leave nothing where they are cancelled", function()
    for round = 1, ROUNDS do
      local tasks = {}
      for lane = 1, LANES do
        tasks[#tasks + 1] = appwrite.spawn(upload, format("gone%d-%d", round, lane))
        tasks[#tasks + 1] = appwrite.spawn(download, directory .. "/gone" .. lane)
        tasks[#tasks + 1] = appwrite.spawn(download, function() end)
      end
      local stop = core.monotonic() + 0.12 * math.random()
      repeat
        appwrite.poll(0.001)
      until core.monotonic() >= stop
      for _, task in ipairs(tasks) do
        task:cancel()
      end
      assert.equal(0, turn())
      for lane = 1, LANES do -- one that had come to its end is whole
        local path = directory .. "/gone" .. lane
        if lfs.attributes(path) then
          assert.is_true(read(path) == bytes)
          os.remove(path)
        end
      end
      assert.same({ "source.bin" }, entries())
      assert.equal(0, opened())
    end
    assert.is_true(#assert(client.storage.getFileDownload { bucketId = "files", fileId = "there" }) == SIZE)
  end)
end)
