local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local operations = require "appwrite.operations"

local USER = { ["$id"] = "ada", name = "Ada", prefs = {} }

local function setup(changes)
  local server = fake.new()
  server:on("*", "*", { json = USER })
  local given = { project = "test", endpoint = "http://127.0.0.1:1/v1", transport = server }
  for name, value in pairs(changes or {}) do
    given[name] = value
  end
  return appwrite.new(given), server
end

-- The error that a wrong call raises, with the line it blames.
local function raised(fn)
  local ok, message = pcall(fn)
  assert.is_false(ok)
  return tostring(message)
end

local function here()
  return "client_spec.lua:" .. debug.getinfo(2, "l").currentline
end

local function assertStarts(expected, text)
  assert.equal(expected, text:sub(1, #expected))
end

describe("appwrite.client", function()
  describe("services", function()
    it("work with a dot, a colon, and as a stored function", function()
      local client, server = setup()
      local stored = client.account.getCurrentUser
      for _, user in ipairs {
        client.account.getCurrentUser(),
        client.account:getCurrentUser(),
        client.account.getCurrentUser {},
        client.account:getCurrentUser {},
        stored(),
        client:call "account.getCurrentUser",
        client:call("account.get", {}),
      } do
        assert.equal("Ada", user.name)
      end
      assert.equal(7, #server.requests)
      for _, request in ipairs(server.requests) do
        assert.equal("/account", request.target)
      end
    end)

    it("pass parameters and options with a colon too", function()
      local client, server = setup()
      assert(client.account:getSession({ sessionId = "s1" }, { timeout = 3 }))
      assert.equal("/account/sessions/s1", server.requests[1].target)
      assert.equal(3, server.requests[1].timeout)
    end)

    it("give the same function under the official name, for all 95", function()
      local client = setup()
      local count = 0
      for _, name in ipairs(operations.SERVICES) do
        for _, row in ipairs(assert(operations.service(name)).list) do
          assert.is_function(client[name][row.name])
          assert.equal(client[name][row.name], client[name][row.alias])
          count = count + 1
        end
      end
      assert.equal(95, count)
    end)

    it("are built on first use only", function()
      local client = setup()
      assert.is_nil(rawget(client, "account"))
      local account = client.account
      assert.is_nil(rawget(account, "getCurrentUser"))
      assert.equal(account.getCurrentUser, rawget(account, "getCurrentUser"))
      assert.equal(account, client.account)
    end)

    it("name the nearest right one at the caller's line", function()
      local client = setup()
      local at
      local message = raised(function() at = here() return client.acount.get end)
      assert.truthy(message:find(at, 1, true), message)
      assert.truthy(message:find('did you mean "account"?', 1, true), message)
      message = raised(function() at = here() return client.account.regsiterUser end)
      assert.truthy(message:find(at, 1, true), message)
      assert.truthy(message:find('did you mean "registerUser"?', 1, true), message)
      message = raised(function() client.account.mine = 1 end)
      assert.truthy(message:find("takes no new field", 1, true), message)
    end)
  end)

  describe("a wrong call", function()
    local client, server = setup()
    local cases = {
      ["missing"] = { function() client.account.registerUser {} end, 'account.registerUser: missing parameter "userId"' },
      ["misspelt"] = { function() client.account.getSession { sesionId = "x" } end, 'account.getSession: unknown parameter "sesionId"; did you mean "sessionId"?' },
      ["mistyped"] = { function() client.account.getSession { sessionId = 5 } end, 'account.getSession: parameter "sessionId" must be a string, got number 5' },
      ["by colon"] = { function() client.account:getSession { sessionId = 5 } end, 'account.getSession: parameter "sessionId" must be a string, got number 5' },
      ["no table"] = { function() client.account.getSession("current") end, "account.getSession: parameters must be a table, got string" },
      ["option"] = { function() client.account.getSession({ sessionId = "x" }, { timout = 1 }) end, 'account.getSession: unknown option "timout"; did you mean "timeout"?' },
      ["to"] = { function() client.account.getSession({ sessionId = "x" }, { to = "x" }) end, 'account.getSession: option "to" goes with' },
      ["onProgress"] = { function() client.account.getSession({ sessionId = "x" }, { onProgress = print }) end, 'account.getSession: option "onProgress" goes with' },
      ["header"] = { function() client.account.getSession({ sessionId = "x" }, { headers = { a = "\r\n" } }) end, 'account.getSession: header "a" must not contain CR, LF or NUL' },
      ["call name"] = { function() client:call("account.gett", {}) end, 'client:call: unknown operation "account.gett"; did you mean' },
      ["call type"] = { function() client:call(5) end, "client:call takes an operation's name or a table { method, path }, got number" },
      ["call param"] = { function() client:call("account.getSession", {}) end, 'account.getSession: missing parameter "sessionId"' },
      ["raw path"] = { function() client:call { path = "account" } end, 'client:call: path must begin with "/"' },
      ["url"] = { function() client:url("account.registerUser", {}) end, "client:url: account.registerUser is sent with POST" },
      ["url param"] = { function() client:url("avatars.getQR", {}) end, 'client:url: avatars.generateQrCodeImage: missing parameter "text"' },
      ["with"] = { function() client:with { sesion = "x" } end, 'client:with: unknown option "sesion"; did you mean "session"?' },
      ["set"] = { function() client:set("password", "x") end, 'client:set: "password" is none of' },
      ["set empty"] = { function() client:set("session", "") end, 'client:set: "session" must be a string that is not empty' },
    }
    for name, case in pairs(cases) do
      it("raises at the caller's line: " .. name, function()
        local line = debug.getinfo(case[1], "S").linedefined
        assertStarts("spec/client_spec.lua:" .. line .. ": " .. case[2], (raised(case[1]):gsub("^.-spec/client_spec", "spec/client_spec")))
        assert.equal(0, #server.requests)
      end)
    end
  end)

  it("returns a wrong value as an error, and sends nothing", function()
    local client, server = setup()
    local user, err = client.account.registerUser { userId = "a/b", email = "e", password = "hunter2!" }
    assert.is_nil(user)
    assert.equal("argument", err.kind)
    assert.equal("argument", err.type)
    assert.equal(0, err.code)
    assert.equal("account.registerUser", err.operation)
    assertStarts('account.registerUser: parameter "userId" must be', tostring(err))
    local _, other = client.databases.createDocument {
      databaseId = "d", collectionId = "c", documentId = "x", data = { f = print },
    }
    assert.equal("argument", other.kind)
    assert.truthy(other.message:find("data.f", 1, true), other.message)
    assert.equal(0, #server.requests)
  end)

  it("does not change the caller's tables", function()
    local client = setup()
    local params = { userId = "u", email = "e@x", password = "12345678" }
    local options = { timeout = 1, headers = { ["X-A"] = "1" } }
    assert(client.account.registerUser(params, options))
    assert.same({ userId = "u", email = "e@x", password = "12345678" }, params)
    assert.same({ timeout = 1, headers = { ["X-A"] = "1" } }, options)
  end)

  it("sends a call's own headers beside the usual ones", function()
    local client, server = setup()
    assert(client.account.createJwt({}, { headers = { ["X-Trace"] = "7" } }))
    assert(client.account.createJwt {})
    assert.equal("7", server.requests[1].headers["x-trace"])
    assert.equal("application/json", server.requests[1].headers["content-type"])
    assert.is_nil(server.requests[2].headers["x-trace"])
  end)

  it("limits the time of ordinary calls, not that of files", function()
    local client, server = setup()
    assert(client.account.getCurrentUser())
    assert(client.storage.getFileDownload { bucketId = "b", fileId = "f" })
    assert.equal(60, server.requests[1].timeout)
    assert.equal(0, server.requests[2].timeout)
    client, server = setup { timeout = 5 }
    assert(client.account.getCurrentUser())
    assert(client.storage.getFileDownload { bucketId = "b", fileId = "f" })
    assert.equal(5, server.requests[1].timeout)
    assert.equal(5, server.requests[2].timeout)
  end)

  it("gives the response beside the result", function()
    local client, server = setup()
    server:on("GET", "/account", { status = 200, headers = { ["X-RateLimit-Limit"] = "60" }, body = "{}", elapsed = 0.5 })
    local _, err, response = client.account.getCurrentUser()
    assert.is_nil(err)
    assert.equal(200, response.status)
    assert.equal(1, response.attempts)
    assert.equal(0.5, response.elapsed)
    assert.equal("60", response.headers["x-ratelimit-limit"])
    assert.equal(response.headers, response.headers)
  end)

  it("gives two values for an error, so that every Lua's assert raises it", function()
    local client, server = setup()
    server:on("GET", "/account", { status = 401, headers = { ["X-A"] = "1" }, json = { message = "no", type = "x", code = 401 } })
    assert.equal(2, select("#", client.account.getCurrentUser()))
    assert.equal(2, select("#", client:call "account.getCurrentUser"))
    assert.equal(2, select("#", client:call { path = "/account" }))
    local _, err = client.account.getCurrentUser()
    assert.equal(401, err.answer.status)
    assert.equal("1", err.answer.headers["x-a"])
    server:on("GET", "/account", { kind = "timeout" })
    assert.is_nil(select(2, client.account.getCurrentUser()).answer)
  end)

  describe("url", function()
    it("ends in the project and carries no credential", function()
      local client = setup { key = "hunter2", session = "hunter2", jwt = "hunter2" }
      assert.equal("http://127.0.0.1:1/v1/avatars/initials?name=Ada&project=test",
        client:url("avatars.getUserInitials", { name = "Ada" }))
      assert.equal("http://127.0.0.1:1/v1/storage/buckets/b/files/f/view?project=test",
        client:url("storage.getFileView", { bucketId = "b", fileId = "f" }))
      assert.equal("http://127.0.0.1:1/v1/account/sessions/oauth2/github?scopes%5B0%5D=user&project=test",
        client:url("account.createOAuth2Session", { provider = "github", scopes = { "user" } }))
    end)

    it("returns a wrong value as an error", function()
      local client = setup()
      local url, err = client:url("avatars.getBrowserIconByCode", { code = "xx" })
      assert.is_nil(url)
      assert.equal("argument", err.kind)
    end)
  end)

  describe("with", function()
    it("keeps credentials apart", function()
      local client, server = setup { key = "k", session = "s" }
      local other = client:with { session = "t" }
      local guest = client:with {}
      assert(other.account.getCurrentUser())
      assert(guest.account.getCurrentUser())
      assert(client.account.getCurrentUser())
      assert.same({ key = false, jwt = false, session = true, cookies = false }, server.requests[1].credentials)
      assert.same({ key = false, jwt = false, session = false, cookies = false }, server.requests[2].credentials)
      assert.same({ key = true, jwt = false, session = true, cookies = false }, server.requests[3].credentials)
      assert.equal("test", server.requests[2].project)
    end)

    it("keeps behaviour unless told otherwise", function()
      local client, server = setup { validate = "loose", timeout = 9 }
      assert(client:with({}).account.createMfaChallenge { factor = "passkey" })
      assert.equal(9, server.requests[1].timeout)
      local _, err = client:with({ validate = "strict" }).account.createMfaChallenge { factor = "passkey" }
      assert.equal("argument", err.kind)
    end)
  end)

  it("sets, tells of, and forgets credentials without showing them", function()
    local client = setup()
    assert.is_false(client:has "session")
    assert.equal(client, client:set("session", "hunter2"))
    assert.is_true(client:has "session")
    client:set("session", nil)
    assert.is_false(client:has "session")
    client:set("jwt", "hunter2")
    client:forget()
    assert.is_false(client:has "jwt")
    client:set("key", "hunter2")
    for _, value in ipairs { tostring(client), tostring(client.account) } do
      assert.is_nil(value:find("hunter2", 1, true))
    end
    assert.equal("appwrite.Client (http://127.0.0.1:1/v1, project test)", tostring(client))
    assert.equal("appwrite.Service (account)", tostring(client.account))
  end)

  it("logs in without the old credentials and keeps what came", function()
    local client, server = setup { session = "old" }
    server:on("POST", "/account/sessions/email", {
      status = 201, headers = { ["X-Fallback-Cookies"] = '{"a_session_test":"new"}' }, json = {},
    })
    server:on("DELETE", "/account/sessions/current", { status = 204, headers = { ["X-Fallback-Cookies"] = "[]" } })
    assert(client.account.createEmailPasswordSession { email = "e@x", password = "12345678" })
    assert.is_false(server.requests[1].credentials.session)
    assert.is_false(client:has "session")
    assert.is_true(client:has "cookies")
    assert.is_true(client.account.logoutSessionById { sessionId = "current" })
    assert.is_false(client:has "cookies")
  end)

  it("sends any other request", function()
    local client, server = setup()
    server:on("GET", "/ping", { headers = { ["Content-Type"] = "text/plain" }, body = "pong" })
    assert.equal("pong", client:call { path = "/ping", query = { a = 1 } })
    assert.equal("/ping?a=1", server.requests[1].target)
    server:on("POST", "/things", { status = 201, json = { id = 1 } })
    local thing, err, response = client:call({ method = "POST", path = "/things", body = { n = 5 } }, { timeout = 2 })
    assert.same({ id = 1 }, thing)
    assert.is_nil(err)
    assert.equal(201, response.status)
    assert.equal('{"n":5}', server.requests[2].body)
    assert.equal(2, server.requests[2].timeout)
    local nothing, refused = client:call { method = "POST", path = "/things", body = { f = print } }
    assert.is_nil(nothing)
    assert.equal("argument", refused.kind)
  end)
end)
