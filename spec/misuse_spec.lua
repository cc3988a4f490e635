--- Wrong input through the public API, against a server that must not see any of it.

local appwrite = require "appwrite"
local parameters = require "spec.support.parameters"
local recorder = require "spec.support.recorder"

local eachOperation, rightParams = parameters.eachOperation, parameters.right

local EMOJI = "\240\159\153\130"
local REPLY = { headers = { ["content-type"] = "application/json" }, body = '{"$id":"x"}' }

-- What may not be an id: it would change the path, or the server would take it for another.
local BAD_IDS = {
  "", ".", "..", "/", "a/b", "../account", "a/../../b", "..%2f..", "%2e%2e", "a%00", "100%", " ", "a b", "a\tb", "a\nb",
  "a\r\nx-evil: 1", "a\0b", "a?b=c", "a#b", "a\\b", "a;b", "a:b", "_a", ".a", "-a", EMOJI, "caf\195\169", "\255",
  "\192\175", ("a"):rep(37),
}

local function shown(text)
  return (("%q"):format(text):gsub("[%c\128-\255]", "?"))
end

describe("misuse", function()
  local server, client

  setup(function()
    server = recorder.start()
    client = appwrite.new {
      endpoint = server.endpoint, project = "p", key = "hunter2", session = "hunter2", jwt = "hunter2",
    }
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    server:clear()
    server:reply(REPLY)
  end)

  local function assertNothingSent()
    assert.same({}, server:requests())
  end

  -- What a function raises, without the position, which must be that function's own line.
  local function raisedAt(run)
    local ok, message = pcall(run)
    assert.is_false(ok)
    assert.is_string(message)
    local line = debug.getinfo(run, "S").linedefined
    local position = ("misuse_spec.lua:%d: "):format(line)
    local _, last = message:find(position, 1, true)
    assert.truthy(last, ("expected %s, got %s"):format(position, message))
    assert.is_nil(message:find("hunter2", 1, true), message)
    return message:sub(last + 1)
  end

  describe("of ids", function()
    it("is refused in every path of every operation", function()
      local count = 0
      eachOperation(function(name, row)
        for _, param in ipairs(row.params) do
          if param.at == "path" then
            for _, bad in ipairs(BAD_IDS) do
              local params = rightParams(row)
              params[param.name] = bad
              local result, err = client:call(name, params)
              assert.is_nil(result, name)
              assert.equal("argument", err.kind, name)
              assert.equal(0, err.code)
              assert.equal(name, err.operation)
              assert.truthy(err.message:find('"' .. param.name .. '"', 1, true), err.message)
              assert.is_nil(tostring(err):find "[%c]", name)
              count = count + 1
            end
          end
        end
      end)
      assert.is_true(count > 1000)
      assertNothingSent()
    end)

    it("is refused for new ones too, but for the word of the server's own", function()
      eachOperation(function(name, row)
        for _, param in ipairs(row.params) do
          if param.format == "newId" then
            for _, bad in ipairs(BAD_IDS) do
              local params = rightParams(row)
              params[param.name] = bad
              local result, err = client:call(name, params)
              assert.is_nil(result, name .. " " .. shown(bad))
              assert.equal("argument", err.kind)
            end
          end
        end
      end)
      assertNothingSent()
    end)

    it("cannot leave its segment where values are not checked", function()
      local loose = client:with { validate = "loose" }
      for _, bad in ipairs(BAD_IDS) do
        server:clear()
        server:reply(REPLY)
        local result, err = loose.databases.getDocumentById {
          databaseId = "d", collectionId = bad, documentId = "x",
        }
        local encoded = bad:gsub("[^A-Za-z0-9._~-]", function(character)
          return ("%%%02X"):format(character:byte())
        end)
        if bad:find("\0", 1, true) then
          -- Where this ends is the server's affair: nginx takes no path with a NUL.
          assert.equal(400, err.code)
        elseif err then
          assert.is_nil(result)
          assert.equal("argument", err.kind)
          assertNothingSent()
          assert.truthy(bad == "" or bad == "." or bad == ".." or bad == "\255" or bad == "\192\175", shown(bad))
        else
          assert.equal("/v1/databases/d/collections/" .. encoded .. "/documents/x", server:last().path)
          assert.equal("", server:last().query)
        end
      end
    end)

    it("is refused in URLs", function()
      for _, bad in ipairs(BAD_IDS) do
        local url, err = client:url("storage.getFileView", { bucketId = bad, fileId = "f" })
        assert.is_nil(url)
        assert.equal("argument", err.kind)
        assert.equal("storage.getFileForView", err.operation)
      end
    end)
  end)

  describe("of data", function()
    local cycle = { list = {} }
    cycle.list[1] = { cycle }
    local deep = {}
    local inner = deep
    for _ = 1, 10000 do
      inner.a = {}
      inner = inner.a
    end
    local deepList = {}
    for _ = 1, 10000 do
      deepList = { deepList }
    end

    local BAD_DATA = {
      { { price = 0 / 0 }, "data.price", "NaN" },
      { { items = { 1, 2, { price = math.huge } } }, "data.items[3].price", "infinite" },
      { { low = -math.huge }, "data.low", "infinite" },
      { { f = print }, "data.f", "function" },
      { { co = coroutine.create(function() end) }, "data.co", "thread" },
      { { file = io.stdout }, "data.file", "userdata" },
      { { list = { 1, nil, 3, nil, nil, 6 } }, "data.list", nil },
      { { list = { [1] = "a", [1000000] = "b" } }, "data.list", nil },
      { { mixed = { "a", b = 1 } }, "data.mixed", nil },
      { { t = { [true] = 1 } }, "data.t", "boolean" },
      { { t = { [1.5] = 1 } }, "data.t", nil },
      { { t = { [{}] = 1 } }, "data.t", "table" },
      { { text = "a\255b" }, "data.text", "UTF-8" },
      { { text = "\237\160\128" }, "data.text", "UTF-8" },
      { { text = "\192\128" }, "data.text", "UTF-8" },
      { { a = { ["\255"] = 1 } }, "data.a", "UTF-8" },
      { cycle, "data.list[1]", "itself" },
      { deep, "data.a.a", "deep" },
      { { list = deepList }, "data.list[1]", "deep" },
    }
    for index, case in ipairs(BAD_DATA) do
      it(("names the place: %s, %s (%d)"):format(case[2], case[3] or "…", index), function()
        local result, err = client.databases.createDocument {
          databaseId = "d", collectionId = "c", documentId = "x", data = case[1],
        }
        assert.is_nil(result)
        assert.equal("argument", err.kind)
        assert.equal("databases.createDocument", err.operation)
        assert.truthy(err.message:find(case[2], 1, true), err.message)
        assert.truthy(not case[3] or err.message:find(case[3], 1, true), err.message)
        assert.is_true(#err.message < 500)
        assert.is_nil(tostring(err):find "%c")
        assertNothingSent()
      end)
    end

    it("is refused wherever a table goes", function()
      for name, params in pairs {
        ["account.updatePreferences"] = { prefs = { a = { 0 / 0 } } },
        ["teams.updatePrefsById"] = { teamId = "t", prefs = { a = { 0 / 0 } } },
        ["graphql.executeMutation"] = { query = { query = "{ a }", variables = { a = { 0 / 0 } } } },
        ["functions.triggerFunctionExecution"] = { functionId = "f", headers = { a = { 0 / 0 } } },
      } do
        local result, err = client:call(name, params)
        assert.is_nil(result)
        assert.equal("argument", err.kind)
        assert.truthy(err.message:find("NaN", 1, true), err.message)
        assert.truthy(err.message:find("a[1]", 1, true), err.message)
      end
      local result, err = client:call { method = "POST", path = "/x", body = cycle }
      assert.is_nil(result)
      assert.equal("argument", err.kind)
      assert.truthy(err.message:find("body.list[1]", 1, true), err.message)
      assertNothingSent()
    end)

    it("does not reach tables that are shared but hold no cycle", function()
      local shared = { x = 1 }
      assert(client.databases.createDocument {
        databaseId = "d", collectionId = "c", documentId = "x", data = { a = shared, b = { shared, shared } },
      })
      assert.equal('{"documentId":"x","data":', server:last().body:sub(1, 25))
      assert.equal(3, select(2, server:last().body:gsub('{"x":1}', "")))
    end)

    it("is not every object that is strict about its fields", function()
      local strict = setmetatable({ a = 1 }, { __index = function(_, name) error("no field " .. tostring(name)) end })
      assert(client.databases.createDocument { databaseId = "d", collectionId = "c", documentId = "x", data = strict })
      assert.truthy(server:last().body:find('"data":{"a":1}', 1, true), server:last().body)
      local list = setmetatable({ "a" }, getmetatable(strict))
      assert(client.teams.getUserMemberships { queries = list })
    end)

    it("in a text parameter is refused by its name", function()
      for _, name in ipairs { "bad \255", "\237\160\128", "\244\144\128\128" } do
        local result, err = client.account.updateNameOperation { name = name }
        assert.is_nil(result)
        assert.equal("argument", err.kind)
        assert.truthy(err.message:find('"name"', 1, true), err.message)
        assert.truthy(err.message:find("UTF-8", 1, true), err.message)
      end
      assertNothingSent()
    end)
  end)

  describe("of endpoints", function()
    for _, endpoint in ipairs {
      "https://", "https:///v1", "https:/one-slash/v1", "//example.com/v1", "javascript:alert(1)", "http://[::1/v1",
      "http://a:99999/v1", "http://a:x/v1", "http://hunter2@a/v1", "http://:hunter2@a/v1", "http://a@hunter2@b/v1",
      "http://a/v1\t", " http://a/v1", "http://a/v1 ", "http://a/\0/v1", "http://a/v1?", "http://a/v1#", "gopher://a/",
      "unix:/x",
    } do
      it("is refused at the caller's line: " .. shown(endpoint), function()
        local message = raisedAt(function() appwrite.new { project = "p", endpoint = endpoint } end)
        assert.truthy(message:find("^appwrite.new: "), message)
        assert.truthy(message:find("endpoint", 1, true), message)
      end)
    end
  end)

  describe("of credentials", function()
    for _, bad in ipairs { "hunter2\r\nx-evil: 1", "hunter2\n", "\rhunter2", "hunter2\0" } do
      it("is refused at the caller's line, without being shown: " .. shown(bad), function()
        local options = { endpoint = server.endpoint, project = "p" }
        for _, name in ipairs { "key", "jwt", "session", "locale", "project" } do
          local given = { [name] = bad }
          for option, value in pairs(options) do
            given[option] = given[option] or value
          end
          local message = raisedAt(function() appwrite.new(given) end)
          assert.truthy(message:lower():find(name, 1, true), message)
          message = raisedAt(function() client:with { [name] = bad } end)
          assert.truthy(message:lower():find(name, 1, true), message)
          if name ~= "project" then
            message = raisedAt(function() client:set(name, bad) end)
            assert.truthy(message:lower():find(name, 1, true), message)
          end
        end
        assert(client.account.getCurrentUser())
        assert.equal("hunter2", server:last().headers["x-appwrite-session"])
        assert.is_nil(server:last().headers["x-evil"])
      end)
    end
  end)

  describe("of headers", function()
    local BAD_HEADERS = {
      { { a = "b\r\nx-evil: 1" }, 'header "a" must not contain CR, LF or NUL' },
      { { a = "b\nc" }, 'header "a" must not contain CR, LF or NUL' },
      { { a = "\0" }, 'header "a" must not contain CR, LF or NUL' },
      { { ["a\r\nb"] = "c" }, "header name" },
      { { ["a b"] = "c" }, "header name" },
      { { [""] = "c" }, "header name" },
      { { "c" }, "header name" },
      { { a = 5 }, 'header "a" must be a string, got number 5' },
      { { a = { "b" } }, 'header "a" must be a string, got table' },
    }
    for index, case in ipairs(BAD_HEADERS) do
      it(("is refused at the caller's line: %s (%d)"):format(case[2], index), function()
        local bad, options = case[1], { endpoint = server.endpoint, project = "p", headers = case[1] }
        for _, run in ipairs {
          function() appwrite.new(options) end,
          function() client:with { headers = bad } end,
          function() client.account.getCurrentUser({}, { headers = bad }) end,
          function() client:call("account.getCurrentUser", {}, { headers = bad }) end,
          function() client:call({ path = "/x" }, { headers = bad }) end,
          function() client:call { path = "/x", headers = bad } end,
        } do
          local message = raisedAt(run)
          assert.truthy(message:find(case[2], 1, true), message)
        end
        assertNothingSent()
      end)
    end
  end)

  describe("of functions", function()
    local other = appwrite.new { project = "q", endpoint = "http://127.0.0.1:9/v1" }
    local CASES = {
      { function() client:call() end, "client:call takes an operation's name or a table" },
      { function() client:call(5) end, "client:call takes an operation's name or a table" },
      { function() client:call "account" end, "client:call: " },
      { function() client:call "account." end, "client:call: " },
      { function() client:call "acount.getCurrentUser" end, 'did you mean "account"?' },
      { function() client:call("account.getCurrentUser", 5) end,
        "account.getCurrentUser: parameters must be a table, got number" },
      { function() client:call("account.getCurrentUser", {}, 5) end,
        "account.getCurrentUser: options must be a table" },
      { function() client:call({ path = "/x" }, 5) end, "client:call: options must be a table" },
      { function() client:url() end, "client:url: " },
      { function() client:url(5) end, "client:url: " },
      { function() client:url("avatars.getUserInitials", "Ada") end,
        "client:url: parameters must be a table, got string" },
      { function() client:url "storage.getFileView" end,
        'client:url: storage.getFileForView: missing parameter "bucketId"' },
      { function() client:with() end, "client:with: options must be a table, got nil" },
      { function() client:with { endpoint = "http://a/v1" } end, 'client:with: unknown option "endpoint"' },
      { function() client:with { headers = "x" } end, 'client:with: option "headers" must be a table, got string' },
      { function() client:set() end, "client:set: " },
      { function() client:set("project", "x") end, 'client:set: "project" is none of' },
      { function() client:set("key", 5) end, 'client:set: "key" must be a string' },
      { function() client:has() end, "client:has: " },
      { function() client:has "password" end, "client:has: " },
      { function() client.account.getCurrentUser(5) end,
        "account.getCurrentUser: parameters must be a table, got number" },
      { function() client.account.getCurrentUser "x" end,
        "account.getCurrentUser: parameters must be a table, got string" },
      { function() client.account.getCurrentUser(true) end,
        "account.getCurrentUser: parameters must be a table, got boolean" },
      { function() client.account:getCurrentUser(5) end,
        "account.getCurrentUser: parameters must be a table, got number" },
      { function() client.account.getCurrentUser(other.account) end, "account.getCurrentUser: " },
      { function() client.account.getCurrentUser({}, 5) end, "account.getCurrentUser: options must be a table" },
      { function() client.account.getCurrentUser({}, { timeout = "5" }) end,
        'account.getCurrentUser: option "timeout" must be a number' },
      { function() client.account.getCurrentUser({}, { timeout = -1 }) end,
        'account.getCurrentUser: option "timeout" must be 0 or more' },
      { function() client.account.getCurrentUser({}, { timeout = 0 / 0 }) end,
        'account.getCurrentUser: option "timeout" must be 0 or more' },
      { function() client.storage.getFileDownload({ bucketId = "b", fileId = "f" }, { to = "" }) end,
        'option "to" must not be empty' },
      { function() client.storage.getFileDownload({ bucketId = "b", fileId = "f" }, { to = 5 }) end,
        'option "to" must be a string' },
      { function() client.account.createEmailPasswordSession { email = "a@b.c", pasword = "hunter2" } end,
        'unknown parameter "pasword"; did you mean "password"?' },
      { function() client.account.createEmailPasswordSession { email = "a@b.c", password = { "hunter2" } } end,
        'parameter "password" must be a string' },
      { function() client.account.createEmailPasswordSession { "a@b.c", "hunter2" } end,
        "account.createEmailPasswordSession: unknown parameter" },
      { function() client.storage.createFile { bucketId = "b", fileId = "f", file = io.stdout } end,
        'parameter "file" must be an InputFile or a string' },
      { function() client.accounts.get() end, 'did you mean "account"?' },
      { function() client.account.getUser {} end, "account" },
      { function() client.account[5] {} end, "account" },
      { function() return client[5] end, 'no service or method "5"' },
    }
    for _, case in ipairs(CASES) do
      local line = debug.getinfo(case[1], "S").linedefined
      it(("raises at the caller's line: %s (line %d)"):format(case[2], line), function()
        local message = raisedAt(case[1])
        assert.truthy(message:find(case[2], 1, true), message)
        assertNothingSent()
      end)
    end
  end)

  it("leaves the client as it was", function()
    for _, params in ipairs { { sessionId = "a/b" }, { sessionId = "" } } do
      client.account.getSession(params)
    end
    pcall(client.account.getSession, {})
    pcall(client.set, client, "session", "")
    pcall(client.with, client, { session = 5 })
    assert.equal("x", assert(client.account.getSession { sessionId = "current" })["$id"])
    assert.equal(1, #server:requests())
    assert.equal("/v1/account/sessions/current", server:last().path)
    assert.equal("hunter2", server:last().headers["x-appwrite-session"])
  end)
end)
