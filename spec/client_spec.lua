local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local operations = require "appwrite.operations"
local turn = require "spec.support.turn"

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
      ["call by dot"] = { function() client.call("account.getSession", {}) end, "client:call is called with a colon: client:call(…)" },
      ["url by dot"] = { function() client.url("avatars.getQR") end, "client:url is called with a colon" },
      ["each by dot"] = { function() client.each("account.listSessions") end, "client:each is called with a colon" },
      ["with by dot"] = { function() client.with { session = "x" } end, "client:with is called with a colon" },
      ["set by dot"] = { function() client.set("session", "x") end, "client:set is called with a colon" },
      ["has by dot"] = { function() client.has("session") end, "client:has is called with a colon" },
      ["forget by dot"] = { function() client.forget() end, "client:forget is called with a colon" },
      ["subscribe by dot"] = { function() client.realtime.subscribe("files", print) end, "client.realtime:subscribe is called with a colon" },
      ["run by dot"] = { function() client.realtime.run() end, "client.realtime:run is called with a colon" },
      ["state by dot"] = { function() return (client.realtime.state()) end, "client.realtime:state is called with a colon" },
      ["close by dot"] = { function() client.realtime.close() end, "client.realtime:close is called with a colon" },
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

  describe("a callback", function()
    local poll = appwrite.poll
    local client, server, told, calls

    local function note(...)
      calls[#calls + 1] = { n = select("#", ...), ... }
    end

    before_each(function()
      client, server = setup()
      told, calls = {}, {}
      appwrite.onError(function(message)
        told[#told + 1] = message
      end)
    end)

    local function finish()
      while poll() > 0 do end
    end

    after_each(function()
      finish()
      appwrite.onError(nil)
      assert.same({}, told)
      assert.equal(0, #server.flying)
    end)

    local positions = {
      ["f(cb)"] = function(cb) return client.account.getCurrentUser(cb) end,
      ["f({}, cb)"] = function(cb) return client.account.getCurrentUser({}, cb) end,
      ["f(nil, cb)"] = function(cb) return client.account.getCurrentUser(nil, cb) end,
      ["f(nil, nil, cb)"] = function(cb) return client.account.getCurrentUser(nil, nil, cb) end,
      ["f({}, nil, cb)"] = function(cb) return client.account.getCurrentUser({}, nil, cb) end,
      ["f({}, options, cb)"] = function(cb) return client.account.getCurrentUser({}, { timeout = 7 }, cb) end,
      ["f(nil, options, cb)"] = function(cb) return client.account.getCurrentUser(nil, { timeout = 7 }, cb) end,
      [":f(cb)"] = function(cb) return client.account:getCurrentUser(cb) end,
      [":f({}, cb)"] = function(cb) return client.account:getCurrentUser({}, cb) end,
      [":f(nil, cb)"] = function(cb) return client.account:getCurrentUser(nil, cb) end,
      [":f(nil, nil, cb)"] = function(cb) return client.account:getCurrentUser(nil, nil, cb) end,
      [":f({}, options, cb)"] = function(cb) return client.account:getCurrentUser({}, { timeout = 7 }, cb) end,
      ["stored(cb)"] = function(cb)
        local stored = client.account.get
        return stored(cb)
      end,
      ["call(name, cb)"] = function(cb) return client:call("account.getCurrentUser", cb) end,
      ["call(name, {}, cb)"] = function(cb) return client:call("account.getCurrentUser", {}, cb) end,
      ["call(name, nil, cb)"] = function(cb) return client:call("account.getCurrentUser", nil, cb) end,
      ["call(name, {}, options, cb)"] = function(cb)
        return client:call("account.getCurrentUser", {}, { timeout = 7 }, cb)
      end,
      ["call(raw, cb)"] = function(cb) return client:call({ path = "/account" }, cb) end,
      ["call(raw, nil, cb)"] = function(cb) return client:call({ path = "/account" }, nil, cb) end,
      ["call(raw, options, cb)"] = function(cb) return client:call({ path = "/account" }, { timeout = 7 }, cb) end,
    }
    for name, call in pairs(positions) do
      it("is the last argument: " .. name, function()
        local task, more = call(note)
        assert.equal("running", task.status)
        assert.is_nil(more)
        assert.same({}, calls)
        finish()
        assert.equal(1, #calls)
        assert.equal(3, calls[1].n)
        assert.equal("Ada", calls[1][1].name)
        assert.is_nil(calls[1][2])
        assert.equal(200, calls[1][3].status)
        assert.equal(1, #server.requests)
        assert.equal("/account", server.requests[1].target)
        assert.equal(name:find("options", 1, true) and 7 or 60, server.requests[1].timeout)
        assert.equal("done", task.status)
        assert.equal("Ada", task:await().name)
      end)
    end

    local wrong = {
      ["missing"] = { function() client.account.getSession(note) end, 'account.getSession: missing parameter "sessionId"' },
      ["misspelt"] = { function() client.account.getSession({ sesionId = "x" }, note) end, 'account.getSession: unknown parameter "sesionId"; did you mean "sessionId"?' },
      ["mistyped"] = { function() client.account.getSession({ sessionId = 5 }, {}, note) end, 'account.getSession: parameter "sessionId" must be a string, got number 5' },
      ["by colon"] = { function() client.account:getSession({ sessionId = 5 }, note) end, 'account.getSession: parameter "sessionId" must be a string, got number 5' },
      ["no table"] = { function() client.account.getSession("current", note) end, "account.getSession: parameters must be a table, got string" },
      ["option"] = { function() client.account.getSession({ sessionId = "x" }, { timout = 1 }, note) end, 'account.getSession: unknown option "timout"; did you mean "timeout"?' },
      ["no callback"] = { function() client.account.getSession({ sessionId = "x" }, {}, "note") end, "account.getSession: the last argument may be a callback, got string" },
      ["no callback after nil"] = { function() client.account.getSession({ sessionId = "x" }, nil, {}) end, "account.getSession: the last argument may be a callback, got table" },
      ["callback first"] = { function() client.account.getCurrentUser(note, { timeout = 1 }) end, "account.getCurrentUser: parameters must be a table, got function" },
      ["call name"] = { function() client:call("account.gett", {}, note) end, 'client:call: unknown operation "account.gett"; did you mean' },
      ["call param"] = { function() client:call("account.getSession", note) end, 'account.getSession: missing parameter "sessionId"' },
      ["raw path"] = { function() client:call({ path = "account" }, note) end, 'client:call: path must begin with "/"' },
      ["raw option"] = { function() client:call({ path = "/x" }, { timout = 1 }, note) end, 'client:call: unknown option "timout"' },
      ["raw callback"] = { function() client:call({ path = "/x" }, {}, "note") end, "client:call: the last argument may be a callback, got string" },
      ["raw params"] = { function() client:call({ path = "/x" }, nil, nil, note) end, "client:call { method, path, … } takes options and a callback behind the table, and no parameters" },
    }
    for name, case in pairs(wrong) do
      it("changes nothing about a wrong call, which raises at the caller's line: " .. name, function()
        local line = debug.getinfo(case[1], "S").linedefined
        assertStarts("spec/client_spec.lua:" .. line .. ": " .. case[2], (raised(case[1]):gsub("^.-spec/client_spec", "spec/client_spec")))
        finish()
        assert.same({}, calls)
        assert.equal(0, #server.requests)
      end)
    end

    it("gets a wrong value's error from poll", function()
      for _, call in ipairs {
        function() return client.account.getSession({ sessionId = "/" }, note) end,
        function() return client:call("account.getSession", { sessionId = "/" }, note) end,
        function() return client:call({ method = "POST", path = "/x", body = { f = print } }, note) end,
        function()
          return client.storage.createFile({
            bucketId = "b", fileId = "f", file = appwrite.InputFile.fromPath "/nowhere/at/all",
          }, note)
        end,
      } do
        calls = {}
        call()
        assert.same({}, calls)
        finish()
        assert.equal(1, #calls)
        assert.equal(2, calls[1].n)
        assert.is_nil(calls[1][1])
        assert.is_true(appwrite.Error.is(calls[1][2]))
        assert.equal(0, #server.requests)
      end
    end)

    it("gets the server's error, and a failure on the way, as two values", function()
      server:on("GET", "/account", { status = 401, json = { message = "no", code = 401, type = "t" } })
      server:on("GET", "/account/sessions", { kind = "timeout", message = "m" })
      local task = client.account.getCurrentUser(note)
      client.account.listSessions(note)
      finish()
      assert.equal(2, #calls)
      for index = 1, 2 do
        assert.equal(2, calls[index].n)
        assert.is_nil(calls[index][1])
      end
      assert.equal("t", calls[1][2].type)
      assert.equal(401, calls[1][2].answer.status)
      assert.equal("timeout", calls[2][2].kind)
      assert.equal("account.listSessions", calls[2][2].operation)
      assert.equal(2, select("#", task:await()))
    end)

    it("is never called from inside of a call, whoever makes that", function()
      local inside = false
      local function check()
        assert.is_false(inside)
        note()
      end
      local function guarded(...)
        inside = true
        local ok, problem = pcall(...)
        inside = false
        assert(ok, problem)
      end
      guarded(client.account.getCurrentUser, check)
      guarded(client.account.getSession, { sessionId = "/" }, check)
      guarded(client.account.getCurrentUser)
      guarded(client.account.getCurrentUser)
      assert.same({}, calls)
      appwrite.spawn(function()
        client.account.getSession({ sessionId = "/" }, check)
        note "task"
      end)
      assert.same({ { n = 1, "task" } }, calls)
      finish()
      assert.equal(4, #calls)
    end)

    it("comes with the poll that its answer comes with", function()
      server:on("GET", "/account", { json = USER, steps = 3 })
      client.account.getCurrentUser(note)
      assert.equal(1, turn())
      assert.equal(1, turn())
      assert.same({}, calls)
      assert.equal(0, turn())
      assert.equal(1, #calls)
    end)

    it("that raises is told of, with its traceback, and disturbs no other", function()
      local function failing()
        error "in the callback"
      end
      local object = setmetatable({}, { __tostring = function() return "an object" end })
      client.account.getCurrentUser(note)
      client.account.getCurrentUser(failing)
      client.account.getCurrentUser(function() error(object) end)
      client.account.getCurrentUser(note)
      local task = appwrite.spawn(client.account.getCurrentUser)
      finish()
      assert.equal(2, #calls)
      assert.equal("Ada", task:await().name)
      assert.equal(2, #told)
      assertStarts("a callback failed: ", told[1])
      assert.truthy(told[1]:find("in the callback", 1, true))
      local line = debug.getinfo(failing, "S").linedefined
      assert.truthy(told[1]:find(("in function <spec/client_spec.lua:%d>"):format(line), 1, true), told[1])
      assert.truthy(told[2]:find("an object", 1, true))
      assert.truthy(told[2]:find("stack traceback:", 1, true))
      told = {}
    end)

    it("may start, spawn, cancel, block and poll", function()
      local other
      client.account.getCurrentUser(function()
        client.account.getCurrentUser(note)
        appwrite.spawn(function() note(client.account.getCurrentUser().name) end)
        other:cancel()
        note(client.account.getCurrentUser().name)
        appwrite.sleep(0.001)
        turn()
        note "end"
      end)
      server:on("GET", "/account/sessions", { json = {}, steps = 1000 })
      other = client.account.listSessions(function(_, err) note(err.kind) end)
      finish()
      assert.equal(5, #calls)
      assert.equal("end", calls[5][1])
    end)

    describe("of a call that is cancelled", function()
      before_each(function()
        server:on("GET", "/account", { json = USER, steps = 1000 })
      end)

      it("gets an error, once, from poll, and the request is gone at once", function()
        local call = client.account.getCurrentUser(note)
        turn()
        assert.equal(1, #server.flying)
        assert.is_true(call:cancel())
        assert.equal(0, #server.flying)
        assert.is_false(call:cancel())
        assert.same({}, calls)
        finish()
        assert.equal(1, #calls)
        assert.equal(2, calls[1].n)
        assert.is_nil(calls[1][1])
        local err = calls[1][2]
        assert.equal("cancelled", err.kind)
        assert.equal("account.getCurrentUser", err.operation)
        assert.equal("account.getCurrentUser: the call was cancelled (cancelled)", tostring(err))
        assert.equal("cancelled", call.status)
      end)

      it("in its own callback stays as it was", function()
        local call
        server:on("GET", "/account", { json = USER })
        call = client.account.getCurrentUser(function(user)
          note(user.name, call:cancel())
        end)
        finish()
        assert.same({ { n = 2, "Ada", false } }, calls)
      end)

      it("after its answer, but before its callback, stays as it was", function()
        server:on("GET", "/account", { json = USER })
        local second
        client.account.getCurrentUser(function() note(second:cancel()) end)
        second = client.account.getCurrentUser(function(user) note(user.name) end)
        finish()
        assert.same({ { n = 1, false }, { n = 1, "Ada" } }, calls)
      end)

      it("by another's callback, at random, is called once each", function()
        math.randomseed(3)
        local list, count, cancelled = {}, {}, 0
        for index = 1, 200 do
          server:on("GET", "/account", { json = USER, steps = math.random(20) })
          list[index] = client.account.getCurrentUser(function(user, err)
            count[index] = (count[index] or 0) + 1
            assert.equal(user == nil, err ~= nil)
            if list[math.random(200)]:cancel() then
              cancelled = cancelled + 1
            end
          end)
        end
        finish()
        for index = 1, 200 do
          assert.equal(1, count[index])
        end
        assert.is_true(cancelled > 0)
      end)
    end)

    describe("of an upload", function()
      local CHUNK = 5 * 1024 * 1024

      local function create(onProgress, callback)
        server:on("POST", "/storage/buckets/b/files", { status = 201, json = { ["$id"] = "f" } })
        return client.storage.createFile({ bucketId = "b", fileId = "unique()", file = ("x"):rep(2 * CHUNK + 1) },
          { onProgress = onProgress }, callback)
      end

      it("comes after the last chunk; the chunks go one after the other", function()
        local progress = {}
        create(function(p) progress[#progress + 1] = p.progress end, note)
        assert.equal(1, #server.requests)
        turn()
        assert.equal(2, #server.requests)
        finish()
        assert.equal(3, #server.requests)
        assert.same({ 49, 100 }, progress) -- 99 came too soon after
        assert.equal("f", calls[1][1]["$id"])
        assert.equal(1, #calls)
      end)

      it("that onProgress ends gets an error", function()
        create(function() return false end, note)
        finish()
        assert.equal(1, #calls)
        assert.equal("cancelled", calls[1][2].kind)
        assert.equal(1, #server.requests)
      end)

      it("that is cancelled sends no further chunk", function()
        local call = create(function() note "progress" end, note)
        turn()
        call:cancel()
        finish()
        assert.equal(2, #server.requests)
        assert.equal(2, #calls)
        assert.equal("cancelled", calls[2][2].kind)
      end)

      it("whose onProgress raises gets an error, and the traceback is told", function()
        local call = create(function() error "in onProgress" end, note)
        finish()
        assert.equal(1, #calls)
        assert.is_nil(calls[1][1])
        local err = calls[1][2]
        assert.is_true(appwrite.Error.is(err))
        assert.equal("cancelled", err.kind)
        assert.equal("storage.createFile", err.operation)
        assert.truthy(err.message:find("in onProgress", 1, true))
        assert.equal("failed", call.status)
        assert.equal(1, #told)
        assert.truthy(told[1]:find("in onProgress", 1, true))
        assert.truthy(told[1]:find("stack traceback:", 1, true))
        told = {}
      end)

      it("that ends for want of memory is told so", function()
        create(function() error("not enough memory", 0) end, note)
        finish()
        assert.equal("memory", calls[1][2].kind)
        assert.equal(1, #told)
        told = {}
      end)

      it("whose onProgress raises an error of the library gets that", function()
        local mine = appwrite.Error.new { kind = "file", message = "mine" }
        create(function() error(mine) end, note)
        finish()
        assert.equal(mine, calls[1][2])
        assert.equal(1, #told)
        told = {}
      end)
    end)
  end)
end)
