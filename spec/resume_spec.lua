local InputFile = require "appwrite.input_file"
local appwrite = require "appwrite"
local fakeStorage = require "spec.support.fake_storage"
local json = require "appwrite.json"
local tasks = require "appwrite.tasks"

local CHUNK = 5 * 1024 * 1024
local GONE = { reply = { kind = "network", message = "gone" } }

describe("client.storage.resume", function()
  local storage, client, sleep, path, bytes

  before_each(function()
    storage = fakeStorage.new()
    client = appwrite.new { project = "test", transport = storage.transport }
    sleep = tasks.pauseCall
    tasks.pauseCall = function() end
    path, bytes = os.tmpname(), ("0123456789abcdef"):rep(CHUNK / 8) .. "end"
    local file = assert(io.open(path, "wb"))
    file:write(bytes)
    file:close()
  end)

  after_each(function()
    tasks.pauseCall = sleep
    os.remove(path)
  end)

  -- What an upload leaves that fails at its chunk `at`, for good.
  local function broken(at, file, id)
    storage.posts = {}
    for index = 1, at + 2 do
      storage.posts[index] = index < at and {} or GONE
    end
    local _, err = client.storage.createFile {
      bucketId = "b", fileId = id or "mine", file = file or InputFile.fromPath(path, "x.png"), permissions = { "p" },
    }
    storage.posts = {}
    storage.transport:reset()
    return err.upload
  end

  it("goes on where the server stands", function()
    for at = 1, 3 do
      storage.counted, storage.pieces = nil, {}
      local upload = broken(at)
      local file, err, response = client.storage.resume(upload)
      assert.is_nil(err)
      assert.equal(3, file.chunksUploaded)
      assert.equal(201, response.status)
      assert.is_true(bytes == storage:received())
      assert.equal(at == 1 and "GET POST POST POST" or at == 2 and "GET GET POST POST" or "GET GET POST", storage:verbs())
      local request = storage.transport.requests[#storage.transport.requests]
      assert.equal("x.png", request.multipart[2].filename)
      assert.equal("image/png", request.multipart[2].type)
      assert.equal("p", request.multipart[3].data)
    end
  end)

  it("goes on from what was stored and read again, by a colon too, with options", function()
    local upload = broken(2)
    local stored = assert(json.encode(upload))
    local seen = {}
    assert(client.storage:resume(assert(json.decode(stored)), { onProgress = function(p) seen[#seen + 1] = p.progress end }))
    assert.is_true(bytes == storage:received())
    assert.equal(100, seen[#seen])
    assert.equal("mine", json.decode(stored).fileId)
  end)

  it("takes a callback", function()
    local got
    local call = client.storage.resume(broken(2), function(file) got = file end)
    appwrite.run()
    assert.equal("done", call.status)
    assert.equal(3, got.chunksUploaded)
  end)

  it("does nothing where all is there", function()
    local upload = broken(3)
    upload.permissions = nil
    assert(client.storage.resume(upload))
    storage.transport:reset()
    assert.equal(3, assert(client.storage.resume(upload)).chunksUploaded)
    assert.equal("GET", storage:verbs())
  end)

  it("begins anew where the server has nothing any more", function()
    local upload = broken(2)
    storage.counted, storage.pieces = nil, {}
    assert(client.storage.resume(upload))
    assert.equal("GET POST POST POST", storage:verbs())
  end)

  it("takes up small files as well", function()
    local small = os.tmpname()
    local upload = broken(1, InputFile.fromPath(small, "s.txt"))
    assert(client.storage.resume(upload))
    assert.equal("GET POST", storage:verbs())
    storage.transport:reset()
    assert(client.storage.resume(upload))
    assert.equal("GET", storage:verbs())
    os.remove(small)
  end)

  it("wants the bytes that were not on the disk", function()
    local upload = broken(2, InputFile.fromString(bytes, "x.png"))
    local ok, message = pcall(client.storage.resume, upload)
    assert.is_false(ok)
    assert.truthy(message:find('field "file"', 1, true))
    upload.file = bytes
    assert(client.storage.resume(upload))
    assert.is_true(bytes == storage:received())
    assert.equal("x.png", storage.name)
  end)

  it("reads past what the server has", function()
    local upload = broken(3, InputFile.fromString(bytes, "x.png"))
    local position = 0
    upload.file = InputFile.fromReader(function(length)
      local piece = bytes:sub(position + 1, position + length)
      position = position + #piece
      return piece
    end, #bytes, "x.png")
    assert(client.storage.resume(upload))
    assert.is_true(bytes == storage:received())
  end)

  it("refuses a file that changed since", function()
    local upload = broken(2)
    assert(os.execute("touch -d @1000000000 " .. path))
    local file, err = client.storage.resume(upload)
    assert.is_nil(file)
    assert.equal("file", err.kind)
    assert.truthy(err.message:find("changed since its upload began", 1, true))
    assert.is_nil(err.upload)
    upload = broken(2, InputFile.fromString(bytes, "x.png"))
    upload.file = "something else"
    file, err = client.storage.resume(upload)
    assert.is_nil(file)
    assert.equal("file", err.kind)
    assert.truthy(err.message:find("14 bytes", 1, true))
    os.remove(path)
    file, err = client.storage.resume { bucketId = "b", fileId = "f", name = "x", size = 1, chunkSize = CHUNK, path = path }
    assert.is_nil(file)
    assert.equal("file", err.kind)
    assert.equal("", storage:verbs())
  end)

  local GOOD = { bucketId = "b", fileId = "f", name = "x", size = 1, chunkSize = CHUNK, path = "x" }
  local WRONG = {
    { nil, "storage.resume: the upload must be a table, got nil" },
    { "x", "storage.resume: the upload must be a table, got string" },
    { { bucketid = "b" }, 'storage.resume: unknown field "bucketid"; did you mean "bucketId"?' },
    { { size = "5" }, 'storage.resume: field "size" must be a number' },
    { { bucketId = false }, 'storage.resume: field "bucketId" must be a string' },
    { { chunkSize = 1024 }, 'storage.resume: field "chunkSize" of the upload must be 5242880' },
    { { mimeType = "none" }, 'storage.resume: InputFile.fromPath: argument "mimeType" must be' },
    { { name = "a\0b" }, 'storage.resume: InputFile.fromPath: argument "name" must not contain' },
  }
  for _, case in ipairs(WRONG) do
    it("raises at the caller's line: " .. case[2], function()
      local given = case[1]
      if type(given) == "table" then
        given = {}
        for _, source in ipairs { GOOD, case[1] } do
          for name, value in pairs(source) do
            given[name] = value
          end
        end
      end
      local line
      local ok, message = pcall(function()
        line = debug.getinfo(1, "l").currentline + 1
        client.storage.resume(given)
      end)
      assert.is_false(ok)
      assert.truthy(message:find(("resume_spec.lua:%d: %s"):format(line, case[2]), 1, true), message)
    end)
  end

  it("names what is missing", function()
    for name in pairs(GOOD) do
      local given = {}
      for other, value in pairs(GOOD) do
        given[other] = other ~= name and value or nil
      end
      local ok, message = pcall(client.storage.resume, given)
      assert.is_false(ok)
      assert.truthy(message:find(name == "path" and '"file"' or ('"%s"'):format(name), 1, true), message)
    end
  end)

  it("checks its options and values as any call", function()
    local ok, message = pcall(client.storage.resume, GOOD, { onProgres = print })
    assert.is_false(ok)
    assert.truthy(message:find('did you mean "onProgress"', 1, true))
    local file, err = client.storage.resume { bucketId = "a/b", fileId = "f", name = "x", size = 1, chunkSize = CHUNK,
      file = "x" }
    assert.is_nil(file)
    assert.equal("argument", err.kind)
  end)
end)
