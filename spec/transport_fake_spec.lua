local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"

local function setup()
  local server = fake.new()
  return server, appwrite.new { project = "test", transport = server, headers = { ["X-App"] = "1" } }
end

describe("appwrite.transport.fake", function()
  it("records what was sent", function()
    local server, client = setup()
    server:on("POST", "/account", { status = 201, json = { ["$id"] = "ada" } })
    assert(client.account.registerUser { userId = "ada", email = "e@x", password = "12345678" })
    local request = server.requests[1]
    assert.equal("POST", request.method)
    assert.equal("/account", request.path)
    assert.equal("", request.query)
    assert.equal("ada", request.json.userId)
    assert.equal("application/json", request.headers["content-type"])
    assert.equal("1", request.headers["x-app"])
    assert.equal("test", request.project)
    server:reset()
    assert.equal(0, #server.requests)
  end)

  it("takes of a request what the core takes, and no more", function()
    local server = fake.new()
    local session = server.open { endpoint = "http://x/" }
    assert.error_matches(function()
      session:start { method = "GET", target = "/", metod = "GET" }
    end, "^unknown option 'metod'")
    assert.equal(0, #server.requests)
  end)

  it("answers by method and path, later words first", function()
    local server, client = setup()
    server:on("*", "*", { status = 404, json = { message = "no", type = "x", code = 404 } })
    server:on("GET", "/account", { json = { name = "Ada" } })
    assert.equal("Ada", client.account.getCurrentUser().name)
    local _, err = client.account.getPrefs()
    assert.equal(404, err.code)
    server:on("GET", "/account", function(request)
      return { json = { name = request.method } }
    end)
    assert.equal("GET", client.account.getCurrentUser().name)
  end)

  it("takes the time that it was told", function()
    local server, client = setup()
    for name, reply in pairs {
      answer = { json = {}, elapsed = 0.25 }, refusal = { status = 404, json = { code = 404, message = "no" }, elapsed = 0.25 },
    } do
      server:on("GET", "/account", reply)
      local _, err, response = client.account.getCurrentUser()
      assert.equal(0.25, (response or err.answer).elapsed, name)
    end
  end)

  it("fails as it was told", function()
    local server, client = setup()
    server:on("GET", "/account", { kind = "timeout", message = "too slow", elapsed = 2 })
    local _, err, response = client.account.getCurrentUser()
    assert.equal("timeout", err.kind)
    assert.equal("too slow", err.message)
    assert.is_nil(response)
  end)

  it("says which reply is missing", function()
    local _, client = setup()
    local _, err = client.account.getCurrentUser()
    assert.equal("network", err.kind)
    assert.truthy(err.message:find('say one with :on("GET", "/account"', 1, true))
  end)

  it("lets an answer take its time", function()
    local server, client = setup()
    server:on("GET", "/account", { json = { name = "Ada" }, steps = 3 })
    assert.equal("Ada", client.account.getCurrentUser().name)
  end)

  it("keeps a session as the real transport does", function()
    local server, client = setup()
    client:set("session", "old")
    server:on("POST", "/account/sessions/anonymous", { status = 500, headers = { ["X-Fallback-Cookies"] = '{"a":"b"}' } })
    assert.is_nil((client.account.createAnonymousSession()))
    assert.is_true(client:has "session")
    assert.is_false(client:has "cookies")
    server:on("POST", "/account/sessions/anonymous", { status = 201, json = {}, headers = { ["X-Fallback-Cookies"] = '{"a":"b"}' } })
    assert(client.account.createAnonymousSession())
    assert.is_false(client:has "session")
    assert.is_true(client:has "cookies")
  end)

  it("renews and ends a session by any answer", function()
    local server, client = setup()
    server:on("GET", "/account", { json = {}, headers = { ["X-Fallback-Cookies"] = '{"a":"b"}' } })
    assert(client.account.getCurrentUser())
    assert.is_true(client:has "cookies")
    server:on("GET", "/account", { json = {}, headers = { ["X-Fallback-Cookies"] = "[]" } })
    assert(client.account.getCurrentUser())
    assert.is_false(client:has "cookies")
  end)

  it("takes a session of its own project alone, and no credential that there is not", function()
    local server = setup()
    local mine = server.open { endpoint = "http://a.example/v1", project = "p" }
    mine:set("session", "secret")
    local text = mine:export()
    for _, other in ipairs { { "http://a.example/v1", "q" }, { "http://b.example/v1", "p" } } do
      local theirs = server.open { endpoint = other[1], project = other[2] }
      local done, problem = theirs:import(text)
      assert.is_nil(done)
      assert.equal('is of the project "p" at http://a.example/v1', problem)
      assert.is_false(theirs:has "session")
    end
    for _, broken in ipairs { "", "5", "{}", '{"fake":2}' } do
      local done, why = mine:import(broken)
      assert.is_nil(done)
      assert.equal("is none that the fake transport wrote", why)
    end
    assert.equal("p", mine:fork():project())
    local ok, problem = pcall(mine.set, mine, "passwort", "x")
    assert.is_false(ok)
    assert.truthy(problem:find('no credential is called "passwort"', 1, true), problem)
  end)

  it("refuses a reply that is none", function()
    local server = setup()
    assert.has_error(function() server:on("GET", "/", 5) end)
    assert.has_error(function() server:on("GET", "/", { json = print }) end)
  end)

  it("does not give the result of a call under way", function()
    local server = fake.new()
    server:on("*", "*", { body = "x" })
    local handle = server.open({ endpoint = "http://x/" }):start { method = "GET", target = "/" }
    assert.is_false(handle:done())
    assert.has_error(function() handle:result() end)
    assert.same({ 0, 0, 0, 0 }, { handle:progress() })
    handle:cancel()
    handle:cancel()
    server.step(0)
    local status, kind = handle:result()
    assert.is_nil(status)
    assert.equal("cancelled", kind)
    handle:cancel()
    assert.same({ 0, 0, 0, 0 }, { handle:progress() })
    assert.equal(0, server.step())
    handle = server.open({ endpoint = "http://x/" }):start { method = "GET", target = "/" }
    server.step(0)
    assert.same({ 1, 1, 0, 0 }, { handle:progress() })
  end)

  describe("files", function()
    local path

    before_each(function()
      path = os.tmpname()
    end)

    after_each(function()
      os.remove(path)
    end)

    local function read()
      local file = assert(io.open(path, "rb"))
      local bytes = file:read "*a"
      file:close()
      return bytes
    end

    it("that are downloaded are written, or handed on", function()
      local server, client = setup()
      server:on("GET", "/storage/buckets/b/files/f/download", { body = "content" })
      local params = { bucketId = "b", fileId = "f" }
      assert.equal("content", assert(client.storage.getFileDownload(params)))
      assert.equal(path, assert(client.storage.getFileDownload(params, { to = path })))
      assert.equal("content", read())
      local got = {}
      assert.is_true(assert(client.storage.getFileDownload(params, { to = function(bytes) got[#got + 1] = bytes end })))
      assert.same({ "content" }, got)
      assert.equal(path, server.requests[2].to)
      assert.is_true(server.requests[3].stream)
      server:on("*", "*", { status = 404, json = { message = "no", code = 404, type = "t" } })
      assert.equal(404, select(2, client.storage.getFileDownload(params, { to = path })).code)
      assert.equal("content", read())
    end)

    it("that are uploaded are recorded as they were sent", function()
      local server, client = setup()
      server:on("POST", "/storage/buckets/b/files", { status = 201, json = { ["$id"] = "f" } })
      local bytes = ("x"):rep(5 * 1024 * 1024) .. "end"
      assert(client.storage.createFile { bucketId = "b", fileId = "unique()", file = bytes })
      assert.equal("end", server.requests[2].multipart[2].data)
      local given = { "abc", "def" }
      assert(client.storage.createFile { bucketId = "b", fileId = "f", file = appwrite.InputFile.fromReader(function()
        return table.remove(given, 1)
      end, 6, "r") })
      assert.equal("abcdef", server.requests[3].multipart[2].data)
    end)

    it("may break off on the way", function()
      local server, client = setup()
      local replies = {
        { kind = "network", status = 206, body = "cont", headers = { ["Content-Range"] = "bytes 0-6/7" } },
        { status = 206, body = "ent", headers = { ["Content-Range"] = "bytes 4-6/7" } },
      }
      server:on("GET", "*", function() return table.remove(replies, 1) end)
      assert(client.storage.getFileDownload({ bucketId = "b", fileId = "f" }, { to = path }))
      assert.equal("content", read())
      assert.equal("bytes=4-", server.requests[2].headers.range)
    end)

    it("that cannot be written are an error", function()
      local server, client = setup()
      server:on("GET", "*", { body = "content" })
      local result, err = client.storage.getFileDownload({ bucketId = "b", fileId = "f" }, { to = "no/such/folder" })
      assert.is_nil(result)
      assert.equal("file", err.kind)
      assert.truthy(err.message:find("no/such/folder", 1, true))
      result, err = client.storage.getFileDownload({ bucketId = "b", fileId = "f" }, { to = "/dev/full" })
      assert.is_nil(result)
      assert.equal("file", err.kind)
      assert.truthy(err.message:find("^cannot write the file /dev/full: "), err.message)
      for _, size in ipairs { 1, 1000000 } do -- what fits into a buffer is missed when it is closed
        server:on("GET", "*", { body = ("x"):rep(size) })
        result, err = client.storage.getFileDownload({ bucketId = "b", fileId = "f" }, { to = "/dev/full" })
        assert.is_nil(result)
        assert.equal("file", err.kind)
        assert.matches("cannot write the file /dev/full: ", err.message)
      end
    end)
  end)
end)
