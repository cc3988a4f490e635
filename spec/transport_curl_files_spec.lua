--- Files over the C core: uploads as the server receives them, downloads as the disk does.

local appwrite = require "appwrite"
local curl = require "appwrite.transport.curl"
local drive = require "spec.support.drive"
local lfs = require "lfs"
local process = require "spec.support.process"
local recorder = require "spec.support.recorder"

local arrive, fetch, finish, open, start = drive.arrive, drive.fetch, drive.finish, drive.open, drive.start

local CHUNK = 5 * 1024 * 1024

local function write(path, bytes)
  local file = assert(io.open(path, "wb"))
  assert(file:write(bytes))
  assert(file:close())
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local bytes = file:read "*a"
  file:close()
  return bytes
end

-- No two places of it look alike.
local function pattern(size)
  local pieces = {}
  for index = 1, math.ceil(size / 8) do
    pieces[index] = ("%07x\n"):format(index)
  end
  return table.concat(pieces):sub(1, size)
end

-- The parts of a multipart body (RFC 7578), in order: { headers, data }.
local function parts(request)
  local boundary = assert(request.headers["content-type"]:match "^multipart/form%-data; boundary=(.+)$")
  local list, position = {}, 1
  local body = "\r\n" .. request.body
  local mark = "\r\n--" .. boundary
  while true do
    local first, last = body:find(mark, position, true)
    assert(first, "the body does not end in a boundary")
    if #list > 0 then
      list[#list].data = body:sub(list[#list].from, first - 1)
    end
    if body:sub(last + 1, last + 4) == "--\r\n" then
      assert(last + 4 == #body, "there is something behind the last part")
      return list
    end
    local stop, headersEnd = body:find("\r\n\r\n", last, true)
    list[#list + 1] = { headers = body:sub(last + 3, stop + 1), from = headersEnd + 1 }
    position = headersEnd + 1 - 2
  end
end

describe("files over appwrite.transport.curl", function()
  local server, directory

  setup(function()
    server = recorder.start()
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    server:clear()
    directory = process.directory()
  end)

  after_each(function()
    process.removeDirectory(directory)
  end)

  local function entries()
    local list = {}
    for name in lfs.dir(directory) do
      if name ~= "." and name ~= ".." then
        list[#list + 1] = name
      end
    end
    table.sort(list)
    return list
  end

  local function client(changes)
    local options = { endpoint = server.endpoint, project = "p" }
    for name, value in pairs(changes or {}) do
      options[name] = value
    end
    return appwrite.new(options)
  end

  local FILE = { status = 201, headers = { ["content-type"] = "application/json" }, body = '{"$id":"f1"}' }

  local function create(file, options)
    server:reply(FILE)
    return client().storage.createFile({ bucketId = "b", fileId = "unique()", file = file, permissions = { 'read("any")' } },
      options)
  end

  describe("uploads:", function()
    local function send(...)
      return fetch(open(server.endpoint), { method = "POST", target = "/files", multipart = { ... } })
    end

    it("each part arrives as it was given", function()
      local bytes = "\0\r\n--\r\n\255" .. ("-"):rep(100) .. "\r\n\r\n"
      assert.equal(200, (send({ name = "fileId", data = "f1" }, { name = "permissions[]", data = 'read("any")' },
        { name = "file", filename = "x.bin", type = "application/octet-stream", data = bytes },
        { name = "empty", data = "" })))
      local request = server:last()
      assert.equal(tostring(#request.body), request.headers["content-length"])
      local list = parts(request)
      assert.equal(4, #list)
      assert.equal('content-disposition: form-data; name="fileid"\r\n', list[1].headers:lower())
      assert.equal("f1", list[1].data)
      assert.truthy(list[2].headers:find('name="permissions[]"', 1, true))
      assert.equal('read("any")', list[2].data)
      assert.truthy(list[3].headers:find('name="file"; filename="x.bin"\r\n', 1, true))
      assert.truthy(list[3].headers:lower():find("content-type: application/octet-stream\r\n", 1, true))
      assert.equal(bytes, list[3].data)
      assert.equal("", list[4].data)
    end)

    for given, sent in pairs {
      ['a"b.txt'] = "a%22b.txt",
      ["a\rb\nc\r\nd"] = "a%0Db%0Ac%0D%0Ad",
      ["a\\b"] = "a\\b",
      ["a\\\"b"] = "a\\%22b",
      ["100%22.txt"] = "100%22.txt",
      ["caf\195\169 \230\188\162.png"] = "caf\195\169 \230\188\162.png",
      ["../../etc/passwd"] = "../../etc/passwd",
      ["; filename=evil"] = "; filename=evil",
      [" "] = " ",
    } do
      it("the file name " .. ("%q"):format(given):gsub("%c", "?"), function()
        assert.equal(200, (send { name = "file", filename = given, data = "x" }))
        local list = parts(server:last())
        assert.equal(1, #list)
        assert.equal(sent, list[1].headers:match '; name="file"; filename="(.-)"\r\n')
        assert.equal("x", list[1].data)
      end)
    end

    it("a slice of a file", function()
      local path = directory .. "/x"
      local bytes = pattern(300000)
      write(path, bytes)
      local slices = { { 0, 300000 }, { 0, 1 }, { 1, 65536 }, { 65535, 131073 }, { 299999, 1 }, { 150000, 0 } }
      for _, slice in ipairs(slices) do
        assert.equal(200, (send { name = "file", filename = "x", path = path, offset = slice[1], length = slice[2] }))
        assert.equal(bytes:sub(slice[1] + 1, slice[1] + slice[2]), parts(server:last())[1].data)
      end
    end)

    for _, size in ipairs { 0, 1, CHUNK, CHUNK + 1, 2 * CHUNK + 1 } do
      it(("a file of %d bytes arrives whole"):format(size), function()
        local path = directory .. "/x.bin"
        local bytes = pattern(size)
        write(path, bytes)
        assert.equal("f1", assert(create(appwrite.InputFile.fromPath(path)))["$id"])
        local requests, arrived = server:requests(), {}
        assert.equal(math.max(1, math.ceil(size / CHUNK)), #requests)
        for index, request in ipairs(requests) do
          local list = parts(request)
          assert.equal("unique()", list[1].data)
          assert.truthy(list[2].headers:find('filename="x.bin"', 1, true))
          arrived[index] = list[2].data
          assert.equal('read("any")', list[3].data)
          local first = (index - 1) * CHUNK
          local range = ("bytes %d-%d/%d"):format(first, math.min(first + CHUNK, size) - 1, size)
          assert.equal(#requests > 1 and range or nil, request.headers["content-range"])
          assert.equal(index > 1 and "f1" or nil, request.headers["x-appwrite-id"])
        end
        assert.is_true(bytes == table.concat(arrived))
      end)
    end

    it("over TLS and HTTP/2", function()
      local secure = recorder.start { tls = true }
      finally(function() secure:stop() end)
      local path = directory .. "/x.bin"
      local bytes = pattern(CHUNK + 1)
      write(path, bytes)
      secure:reply(FILE)
      assert(client({ endpoint = secure.endpoint, caFile = secure.caFile }).storage.createFile {
        bucketId = "b", fileId = "unique()", file = appwrite.InputFile.fromPath(path),
      })
      local requests = secure:requests()
      assert.equal(2, #requests)
      assert.is_true(bytes == parts(requests[1])[2].data .. parts(requests[2])[2].data)
      assert.equal("2", requests[2].version:sub(1, 1))
    end)

    local CHANGES = {
      ["becomes shorter"] = function(path) write(path, pattern(CHUNK + 5)) end,
      ["becomes longer"] = function(path) write(path, pattern(CHUNK + 15)) end,
      ["becomes empty"] = function(path) write(path, "") end,
      ["is removed"] = os.remove,
    }
    for name, change in pairs(CHANGES) do
      it("a file that " .. name .. " on the way is an error", function()
        local path = directory .. "/x.bin"
        write(path, pattern(CHUNK + 10))
        server:reply(FILE)
        local one = client { log = function(_, event) -- between the chunks, however fast they are
          if event == "request.end" then
            change(path)
          end
        end }
        local file, err = one.storage.createFile { bucketId = "b", fileId = "unique()", permissions = { 'read("any")' },
          file = appwrite.InputFile.fromPath(path) }
        assert.is_nil(file)
        assert.equal("file", err.kind)
        assert.truthy(err.message:find(path, 1, true), err.message)
        assert.equal(1, #server:requests())
      end)
    end

    for name, size in pairs { shorter = 999, longer = 1001 } do
      it(("a file that becomes %s after its request has begun is an error"):format(name), function()
        local path = directory .. "/x.bin"
        write(path, pattern(1000))
        local handle = start(open(server.endpoint), { method = "POST", multipart = {
          { name = "file", filename = "x", path = path, offset = 0, length = 1000, fileSize = 1000 },
        } })
        write(path, pattern(size))
        local status, kind, message = finish(handle)
        assert.is_nil(status)
        assert.equal("file", kind)
        assert.truthy(message:find(path, 1, true), message)
        assert.same({}, server:requests())
      end)
    end

    it("what is no file is an error, and the next request goes well", function()
      local session = open(server.endpoint)
      for _, path in ipairs { directory, directory .. "/no/such/file", "" } do
        local status, kind, message
        local handle, problem, text = session:start { method = "POST", target = "/files", timeout = drive.PATIENCE,
          multipart = { { name = "file", filename = "x", path = path, offset = 0, length = 10 } } }
        if handle then
          status, kind, message = finish(handle)
        else
          kind, message = problem, text
        end
        assert.is_nil(status)
        assert.equal("file", kind)
        assert.truthy(message:find(path, 1, true), message)
        assert.equal(200, (fetch(session)))
      end
    end)

    -- Connections stay for the next request, files do not.
    local function openFiles(path)
      local count = 0
      for name in lfs.dir "/proc/self/fd" do
        if lfs.symlinkattributes("/proc/self/fd/" .. name, "target") == path then
          count = count + 1
        end
      end
      return count
    end

    it("leave no file open", function()
      local path = directory .. "/x.bin"
      write(path, pattern(CHUNK))
      assert(create(appwrite.InputFile.fromPath(path)))
      local handle = start(open(server.endpoint), { method = "POST", multipart = {
        { name = "file", filename = "x", path = path, offset = 0, length = CHUNK },
      } })
      local deadline = os.time() + drive.PATIENCE
      while openFiles(path) == 0 do
        assert(os.time() < deadline, "the file is never opened")
        curl.step(0)
      end
      handle:cancel()
      curl.step(0)
      assert.equal(0, openFiles(path))
    end)
  end)

  describe("downloads:", function()
    local function download(to, options)
      return client(options).storage.getFileDownload({ bucketId = "b", fileId = "f" }, { to = to })
    end

    it("bytes are the result, or go to a file", function()
      local bytes = pattern(1000003) .. "\0\r\n\26"
      for _, chunked in ipairs { false, true } do
        server:reply { body = bytes, chunked = chunked, headers = { ["content-type"] = "application/pdf" } }
        assert.is_true(bytes == assert(download()))
        for _, name in ipairs { "x", "a b", "caf\195\169", "x.part-1" } do
          local path = directory .. "/" .. name
          local result, err, response = download(path)
          assert.is_nil(err)
          assert.equal(path, result)
          assert.equal(200, response.status)
          assert.equal("application/pdf", response.headers["content-type"])
          assert.is_true(bytes == read(path))
        end
      end
      assert.same({ "a b", "caf\195\169", "x", "x.part-1" }, entries())
    end)

    it("an empty file is one too", function()
      server:reply { body = "" }
      assert.equal(directory .. "/x", assert(download(directory .. "/x")))
      assert.equal("", read(directory .. "/x"))
      assert.equal("", assert(download()))
    end)

    it("a file is larger than what memory may hold", function()
      local bytes = pattern(100000)
      server:reply { body = bytes }
      local _, err = download(nil, { maxResponseBytes = 1000 })
      assert.equal("protocol", err.kind)
      assert(download(directory .. "/x", { maxResponseBytes = 1000 }))
      assert.is_true(bytes == read(directory .. "/x"))
    end)

    it("the old file stays until the new one is whole", function()
      local path = directory .. "/x"
      write(path, "old")
      server:reply { body = "new", hold = true }
      local task = appwrite.spawn(download, path)
      arrive(server, 1)
      assert.equal("old", read(path))
      server:release()
      assert.equal(path, task:await(drive.PATIENCE))
      assert.equal("new", read(path))
      assert.same({ "x" }, entries())
    end)

    it("an error's text is no file", function()
      local path = directory .. "/x"
      write(path, "old")
      server:reply { status = 404, headers = { ["content-type"] = "application/json" },
        body = '{"message":"File not found","code":404,"type":"storage_file_not_found","version":"1.5.11"}' }
      local result, err = download(path)
      assert.is_nil(result)
      assert.equal("api", err.kind)
      assert.equal("storage_file_not_found", err.type)
      assert.equal("File not found", err.message)
      assert.equal("old", read(path))
      assert.same({ "x" }, entries())
    end)

    it("one that is cancelled, or that nobody awaits, leaves nothing", function()
      local path = directory .. "/x"
      server:reply { body = ("x"):rep(4 * CHUNK) }
      local task = appwrite.spawn(download, path)
      assert.is_true(#entries() <= 1) -- none, where a file may have no name
      arrive(server, 1)
      assert.is_nil(lfs.attributes(path))
      assert.is_true(task:cancel())
      assert.same({}, entries())
    end)

    it("two to the same place do not mix", function()
      local path = directory .. "/x"
      local first, second = ("a"):rep(2 * CHUNK), ("b"):rep(2 * CHUNK)
      server:reply({ body = first }, { body = second })
      local function one()
        return assert(download(path))
      end
      assert.same({ path, path }, { appwrite.all { one, one } })
      local bytes = read(path)
      assert.is_true(bytes == first or bytes == second)
      assert.same({ "x" }, entries())
    end)

    it("a place that cannot be written is an error, and the next request goes well", function()
      server:reply { body = "new", headers = { ["content-type"] = "application/json" } }
      assert(lfs.mkdir(directory .. "/folder"))
      write(directory .. "/file", "old")
      for _, path in ipairs { directory .. "/no/such/folder/x", directory .. "/folder", directory .. "/file/x" } do
        local result, err = download(path)
        assert.is_nil(result)
        assert.equal("file", err.kind)
        assert.truthy(err.message:find(path, 1, true), err.message)
        assert.same({ "file", "folder" }, entries())
        assert.equal("new", assert(download()))
      end
      assert.equal("old", read(directory .. "/file"))
    end)
  end)
end)
