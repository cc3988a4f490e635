local InputFile = require "appwrite.input_file"
local appwrite = require "appwrite"
local fakeStorage = require "spec.support.fake_storage"
local tasks = require "appwrite.tasks"
local upload = require "appwrite.upload"

local CHUNK = upload.CHUNK
local NETWORK = { kind = "network", message = "gone" }

local function filePart(request)
  for _, part in ipairs(request.multipart) do
    if part.name == "file" then
      return part
    end
  end
end

local pieces = {}
for index = 1, 2 * CHUNK / 8 do
  pieces[index] = ("%07x\n"):format(index)
end
local PATTERN = table.concat(pieces) .. "0123456789"

-- No two places of it look alike.
local function pattern(size)
  return PATTERN:sub(1, size)
end

describe("appwrite.upload", function()
  local storage, client, sleep, slept

  before_each(function()
    storage = fakeStorage.new()
    client = appwrite.new { project = "test", transport = storage.transport }
    sleep, slept = tasks.pauseCall, {}
    tasks.pauseCall = function(seconds) slept[#slept + 1] = seconds end
  end)

  after_each(function()
    tasks.pauseCall = sleep
  end)

  local function send(file, options, id)
    return client.storage.createFile({ bucketId = "b", fileId = id or "unique()", file = file, permissions = { "p" } },
      options)
  end

  local function requests()
    return storage.transport.requests
  end

  local function withFile(bytes, fn)
    local path = os.tmpname()
    local handle = assert(io.open(path, "wb"))
    handle:write(bytes)
    handle:close()
    local ok, problem = pcall(fn, path)
    os.remove(path)
    assert(ok, problem)
  end

  it("sends up to 5 MiB in one request without a range", function()
    for _, size in ipairs { 0, 1, CHUNK } do
      for _, id in ipairs { "unique()", "mine" } do
        storage.transport:reset()
        storage.counted = nil
        local file = assert(send(("x"):rep(size), nil, id))
        assert.equal("f1", file["$id"])
        assert.equal(1, #requests())
        assert.is_nil(requests()[1].headers["content-range"])
        assert.equal(size, #filePart(requests()[1]).data)
        assert.equal(id, requests()[1].multipart[1].data)
        assert.is_nil(requests()[1].body)
      end
    end
  end)

  it("sends more in chunks of 5 MiB, in order, each with all fields", function()
    local bytes = ("a"):rep(CHUNK) .. ("b"):rep(CHUNK) .. "c"
    local file = assert(send(InputFile.fromString(bytes, "x.bin")))
    assert.equal(3, file.chunksUploaded)
    local total = 2 * CHUNK + 1
    local expected = {
      { ("bytes 0-%d/%d"):format(CHUNK - 1, total), nil, CHUNK, "a" },
      { ("bytes %d-%d/%d"):format(CHUNK, 2 * CHUNK - 1, total), "f1", CHUNK, "b" },
      { ("bytes %d-%d/%d"):format(2 * CHUNK, 2 * CHUNK, total), "f1", 1, "c" },
    }
    assert.equal(3, #requests())
    for index, request in ipairs(requests()) do
      local part = filePart(request)
      assert.equal(expected[index][1], request.headers["content-range"])
      assert.equal(expected[index][2], request.headers["x-appwrite-id"])
      assert.equal(expected[index][3], #part.data)
      assert.is_nil(part.data:find("[^" .. expected[index][4] .. "]"))
      assert.equal("x.bin", part.filename)
      assert.equal("unique()", request.multipart[1].data)
      assert.equal("p", request.multipart[3].data)
    end
  end)

  it("asks first where the caller chose the id of a large one", function()
    assert(send(("x"):rep(CHUNK + 1), nil, "mine"))
    assert.equal("GET POST POST", storage:verbs())
    assert.equal("/storage/buckets/b/files/mine", requests()[1].path)
    assert.is_nil(requests()[2].headers["x-appwrite-id"])
    assert.equal("mine", requests()[3].headers["x-appwrite-id"])
  end)

  it("leaves a file on the disk to the transport", function()
    withFile(("x"):rep(CHUNK + 2), function(path)
      assert(send(InputFile.fromPath(path, "holiday.mp4")))
      local last = filePart(requests()[2])
      assert.same({ path, CHUNK, 2, CHUNK + 2 }, { last.path, last.offset, last.length, last.fileSize })
      assert.equal("holiday.mp4", last.filename)
      assert.equal("video/mp4", last.type)
      assert.is_nil(last.data)
    end)
  end)

  describe("a function's bytes", function()
    local function readerOf(bytes, most)
      local position = 0
      return function(length)
        local piece = bytes:sub(position + 1, position + math.min(length, most or length))
        position = position + #piece
        return piece ~= "" and piece or nil
      end
    end

    it("arrive in whatever pieces they come", function()
      for _, size in ipairs { 0, 1, CHUNK, CHUNK + 1, 2 * CHUNK + 9 } do
        for _, most in ipairs { 100000, 1000003, 1e9 } do
          storage.pieces, storage.counted = {}, nil
          local bytes = pattern(size)
          assert(send(InputFile.fromReader(readerOf(bytes, most), size, "r.bin")))
          assert.is_true(bytes == storage:received())
        end
      end
    end)

    it("may come in larger pieces than asked for", function()
      local bytes = pattern(CHUNK + 100)
      assert(send(InputFile.fromReader(readerOf(bytes .. "more", 1e9), #bytes, "r.bin")))
      storage.pieces, storage.counted = {}, nil
      local given = false
      assert(send(InputFile.fromReader(function()
        if not given then
          given = true
          return bytes
        end
      end, #bytes, "r.bin")))
      assert.is_true(bytes == storage:received())
    end)

    it("are read once: a chunk that is sent again is the same", function()
      local bytes, given = pattern(2 * CHUNK + 1), 0
      storage.posts = { {}, { reply = NETWORK }, {}, { reply = NETWORK, counted = true } }
      assert(send(InputFile.fromReader(function(length)
        local piece = bytes:sub(given + 1, given + length)
        given = given + #piece
        return piece
      end, #bytes, "r.bin"), nil, "mine"))
      assert.equal(#bytes, given)
      assert.is_true(bytes == storage:received())
    end)

    it("that end too soon, or fail, are an error that says so", function()
      local cases = {
        { function() return nil end, "ended after 0 of 10 bytes" },
        { readerOf "abc", "ended after 3 of 10 bytes" },
        { function() return "" end, "ended after 0 of 10 bytes" },
        { function() return nil, "the tape tore" end, "the tape tore" },
        { function() return 5 end, "must return a string" },
      }
      for _, case in ipairs(cases) do
        local file, err = send(InputFile.fromReader(case[1], 10, "r.bin"))
        assert.is_nil(file)
        assert.equal("file", err.kind)
        assert.truthy(err.message:find(case[2], 1, true), err.message)
      end
      assert.equal(0, #requests())
    end)

    it("that raise are raised", function()
      local mine = {}
      local ok, raised = pcall(send, InputFile.fromReader(function() error(mine) end, 10, "r.bin"))
      assert.is_false(ok)
      assert.equal(mine, raised)
    end)

    it("belong to one upload", function()
      local file = InputFile.fromReader(readerOf "0123456789", 10, "r.bin")
      assert(send(file))
      local again, err = send(file)
      assert.is_nil(again)
      assert.equal("file", err.kind)
      assert.truthy(err.message:find("used by another upload", 1, true))
    end)

    it("may wait for something, in a task", function()
      local task = appwrite.spawn(function()
        return assert(send(InputFile.fromReader(function()
          sleep(0)
          return "0123456789"
        end, 10, "r.bin")))
      end)
      appwrite.run()
      assert.equal("f1", task:await()["$id"])
      assert.equal("0123456789", storage:received())
    end)
  end)

  describe("onProgress", function()
    it("is told up to 100, once", function()
      local seen = {}
      assert(send(("x"):rep(CHUNK + 1), { onProgress = function(p) seen[#seen + 1] = p end }))
      assert.same({
        { id = "f1", progress = 99, sizeUploaded = CHUNK, sizeTotal = CHUNK + 1, chunksUploaded = 1, chunksTotal = 2 },
        { id = "f1", progress = 100, sizeUploaded = CHUNK + 1, sizeTotal = CHUNK + 1, chunksUploaded = 2, chunksTotal = 2 },
      }, seen)
      for _, size in ipairs { 0, 1, CHUNK } do
        seen = {}
        assert(send(("x"):rep(size), { onProgress = function(p) seen[#seen + 1] = p.progress end }))
        assert.same({ 100 }, seen)
      end
    end)

    it("ends the upload by returning false, which can be taken up again", function()
      local seen = 0
      local file, err = send(("x"):rep(2 * CHUNK + 1), { onProgress = function(p)
        seen = p.chunksUploaded
        return false
      end }, "mine")
      assert.is_nil(file)
      assert.equal("cancelled", err.kind)
      assert.equal("onProgress ended the upload after 1 of 3 chunks", err.message)
      assert.equal(1, seen)
      assert.equal("GET POST", storage:verbs())
      assert.equal("mine", err.upload.fileId)
    end)

    it("cannot end what is done", function()
      assert(send("x", { onProgress = function() return false end }))
    end)

    it("passes on what it raises, as it is", function()
      for _, size in ipairs { 1, 2 * CHUNK } do
        storage.counted = nil
        local mine = {}
        local ok, raised = pcall(send, ("x"):rep(size), { onProgress = function() error(mine) end })
        assert.is_false(ok)
        assert.equal(mine, raised)
      end
    end)
  end)

  describe("after a fault", function()
    it("asks, and goes on", function()
      local bytes = pattern(2 * CHUNK + 1)
      storage.posts = { { reply = NETWORK, counted = true }, { reply = { status = 503, body = "busy" } } }
      assert(send(bytes, nil, "mine"))
      assert.equal("GET POST GET POST GET GET POST POST", storage:verbs())
      assert.is_true(bytes == storage:received())
      assert.equal(3, storage.counted)
      assert.same({ 0.5, 0.5, 1 }, slept)
    end)

    it("gives up after three attempts, with what is needed to take it up again", function()
      storage.posts = { {}, { reply = NETWORK }, { reply = NETWORK }, { reply = NETWORK } }
      local file, err = client.storage.createFile({ bucketId = "b", fileId = "mine", file = InputFile.fromString(
        pattern(2 * CHUNK), "x.png"), permissions = { "p", "q" } })
      assert.is_nil(file)
      assert.equal("network", err.kind)
      assert.equal("gone", err.message)
      assert.equal("storage.createFile", err.operation)
      assert.same({
        bucketId = "b", fileId = "mine", name = "x.png", mimeType = "image/png", size = 2 * CHUNK, chunkSize = CHUNK,
        permissions = { "p", "q" },
      }, err.upload)
    end)

    it("names the id that the server chose, once it is known", function()
      storage.posts = { {}, { reply = { status = 401, body = "no" } } }
      local _, err = send(pattern(2 * CHUNK))
      assert.equal(401, err.code)
      assert.equal("f1", err.upload.fileId)
      assert.equal(401, err.answer.status)
    end)

    it("says what to do where it cannot be known whether the first chunk arrived", function()
      storage.posts = { { reply = NETWORK, counted = true } }
      local _, err = send(pattern(2 * CHUNK))
      assert.equal("network", err.kind)
      assert.truthy(err.message:find("appwrite.ID.unique()", 1, true))
      assert.equal("unique()", err.upload.fileId)
      assert.equal("POST", storage:verbs())
    end)

    it("does not send a small file again", function()
      storage.posts = { { reply = NETWORK } }
      local file, err = send("x", nil, "mine")
      assert.is_nil(file)
      assert.equal("network", err.kind)
      assert.equal("mine", err.upload.fileId)
      assert.equal("POST", storage:verbs())
    end)

    it("has only as much time as the call", function()
      storage.posts = { { reply = NETWORK } }
      local _, err = send(pattern(2 * CHUNK), { timeout = 0.3 }, "mine")
      assert.equal("network", err.kind)
      assert.equal("GET POST", storage:verbs())
      assert.same({}, slept)
    end)

    it("is told of answers that are none", function()
      for _, reply in ipairs { { status = 204 }, { status = 200, json = 5 }, { status = 200, json = { name = "Ada" } },
        { status = 200, body = "<html>" } } do
        storage.transport:reset()
        storage.posts, storage.counted = { {}, { reply = reply }, { reply = reply }, { reply = reply } }, nil
        local file, err = send(pattern(2 * CHUNK), nil, "mine")
        assert.is_nil(file)
        assert.equal("protocol", err.kind)
        assert.equal(reply.status, err.code)
      end
      storage.gets, storage.counted = { { reply = { status = 200, json = { name = "Ada" } } } }, nil
      local file, err = send(pattern(2 * CHUNK), nil, "mine")
      assert.is_nil(file)
      assert.equal("protocol", err.kind)
    end)

    it("notices a chunk that was counted twice", function()
      storage.posts = { {}, { reply = { status = 201, json = { ["$id"] = "f1", chunksUploaded = 3 } } } }
      local _, err = send(("x"):rep(3 * CHUNK), nil, "mine")
      assert.equal("protocol", err.kind)
      assert.truthy(err.message:find("delete it", 1, true))
      assert.is_nil(err.upload)
    end)
  end)

  it("sends each request with the call's headers", function()
    assert(send(("x"):rep(CHUNK + 1), { headers = { ["X-Trace"] = "7" } }, "mine"))
    for _, request in ipairs(requests()) do
      assert.equal("7", request.headers["x-trace"])
    end
  end)

  it("names a file that is not there, and what is none", function()
    for path, part in pairs { ["no/such/file"] = "no/such/file", ["."] = "directory", ["/dev/null"] = "regular" } do
      local file, err = send(InputFile.fromPath(path))
      assert.is_nil(file)
      assert.equal("file", err.kind)
      assert.truthy(err.message:find(part, 1, true), err.message)
    end
    assert.equal(0, #requests())
  end)

  local function touch(path)
    assert(os.execute("touch -d @1000000000 " .. path))
  end

  it("notices a file that changes between two chunks", function()
    local changes = {
      ["now has 5"] = function(path)
        local handle = io.open(path, "wb")
        handle:write "short"
        handle:close()
      end,
      ["written to"] = touch,
      ["cannot open"] = os.remove,
    }
    for part, change in pairs(changes) do
      storage.counted = nil
      withFile(pattern(2 * CHUNK), function(path)
        local file, err = send(InputFile.fromPath(path), { onProgress = function() change(path) end })
        assert.is_nil(file)
        assert.equal("file", err.kind)
        assert.truthy(err.message:find(part, 1, true), err.message)
        assert.is_nil(err.upload)
      end)
    end
  end)

  it("notices a file that changed while its last chunk was sent", function()
    withFile("0123456789", function(path)
      storage.transport:on("POST", "*", function()
        touch(path)
        return { status = 201, json = { ["$id"] = "f1" } }
      end)
      local file, err = send(InputFile.fromPath(path))
      assert.is_nil(file)
      assert.equal("file", err.kind)
      assert.truthy(err.message:find("mixture", 1, true))
    end)
  end)
end)
