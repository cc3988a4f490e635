local InputFile = require "appwrite.input_file"
local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local upload = require "appwrite.upload"

local CHUNK = upload.CHUNK

local function setup()
  local server = fake.new()
  local count = 0
  server:on("POST", "/storage/buckets/b/files", function()
    count = count + 1
    return { status = 201, json = { ["$id"] = "file-1", chunksUploaded = count } }
  end)
  return appwrite.new { project = "test", transport = server }, server
end

local function filePart(request)
  for _, part in ipairs(request.multipart) do
    if part.name == "file" then
      return part
    end
  end
end

local function send(client, file, options)
  return client.storage.createFile({ bucketId = "b", fileId = "unique()", file = file, permissions = { "p" } }, options)
end

describe("appwrite.upload", function()
  it("sends up to 5 MiB in one request without a range", function()
    for _, size in ipairs { 0, 1, CHUNK } do
      local client, server = setup()
      local file = assert(send(client, ("x"):rep(size)))
      assert.equal("file-1", file["$id"])
      assert.equal(1, #server.requests)
      assert.is_nil(server.requests[1].headers["content-range"])
      assert.equal(size, #filePart(server.requests[1]).data)
      assert.is_nil(server.requests[1].body)
    end
  end)

  it("sends more in chunks of 5 MiB, in order, each with all fields", function()
    local client, server = setup()
    local bytes = ("a"):rep(CHUNK) .. ("b"):rep(CHUNK) .. "c"
    local file = assert(send(client, InputFile.fromString(bytes, "x.bin")))
    assert.equal(3, file.chunksUploaded)
    local total = 2 * CHUNK + 1
    local expected = {
      { ("bytes 0-%d/%d"):format(CHUNK - 1, total), nil, CHUNK, "a" },
      { ("bytes %d-%d/%d"):format(CHUNK, 2 * CHUNK - 1, total), "file-1", CHUNK, "b" },
      { ("bytes %d-%d/%d"):format(2 * CHUNK, 2 * CHUNK, total), "file-1", 1, "c" },
    }
    assert.equal(3, #server.requests)
    for index, request in ipairs(server.requests) do
      local part = filePart(request)
      assert.equal(expected[index][1], request.headers["content-range"])
      assert.equal(expected[index][2], request.headers["x-appwrite-id"])
      assert.equal(expected[index][3], #part.data)
      assert.is_nil(part.data:find("[^" .. expected[index][4] .. "]"))
      assert.equal("x.bin", part.filename)
      assert.equal("unique()", request.multipart[1].data)
    end
  end)

  it("leaves a file on the disk to the transport", function()
    local path = os.tmpname()
    local handle = assert(io.open(path, "wb"))
    handle:write(("x"):rep(CHUNK + 2))
    handle:close()
    local client, server = setup()
    assert(send(client, InputFile.fromPath(path, "holiday.mp4")))
    os.remove(path)
    local last = filePart(server.requests[2])
    assert.same({ path, CHUNK, 2 }, { last.path, last.offset, last.length })
    assert.equal("holiday.mp4", last.filename)
    assert.equal("video/mp4", last.type)
    assert.is_nil(last.data)
  end)

  it("reports progress up to 100", function()
    local client = setup()
    local seen = {}
    assert(send(client, ("x"):rep(CHUNK + 1), { onProgress = function(p)
      seen[#seen + 1] = p
    end }))
    assert.same({
      { id = "file-1", progress = 99, sizeUploaded = CHUNK, sizeTotal = CHUNK + 1, chunksUploaded = 1, chunksTotal = 2 },
      { id = "file-1", progress = 100, sizeUploaded = CHUNK + 1, sizeTotal = CHUNK + 1, chunksUploaded = 2, chunksTotal = 2 },
    }, seen)
    seen = {}
    assert(send(client, "", { onProgress = function(p)
      seen[#seen + 1] = p.progress
    end }))
    assert.same({ 100 }, seen)
  end)

  it("stops when onProgress returns false", function()
    local client, server = setup()
    local file, err = send(client, ("x"):rep(2 * CHUNK + 1), { onProgress = function(p)
      return p.chunksUploaded < 2
    end })
    assert.is_nil(file)
    assert.equal("cancelled", err.kind)
    assert.equal("onProgress ended the upload after 2 of 3 chunks", err.message)
    assert.equal(2, #server.requests)
  end)

  it("sends no further chunk after one that failed", function()
    local client, server = setup()
    local count = 0
    server:on("POST", "/storage/buckets/b/files", function()
      count = count + 1
      if count == 2 then
        return { kind = "network", message = "gone" }
      end
      return { status = 201, json = { ["$id"] = "file-1" } }
    end)
    local file, err = send(client, ("x"):rep(2 * CHUNK + 1))
    assert.is_nil(file)
    assert.equal("network", err.kind)
    assert.equal(2, #server.requests)
  end)

  it("names a file that is not there, and a folder", function()
    local client, server = setup()
    local file, err = send(client, InputFile.fromPath "no/such/file")
    assert.is_nil(file)
    assert.equal("file", err.kind)
    assert.truthy(err.message:find("no/such/file", 1, true))
    file, err = send(client, InputFile.fromPath ".")
    assert.is_nil(file)
    assert.equal("file", err.kind)
    assert.truthy(err.message:find("directory", 1, true), err.message)
    assert.equal(0, #server.requests)
  end)
end)
