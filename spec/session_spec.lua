--- A client's session: what it does to the session that is kept, and to its store.

local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local lfs = require "lfs"
local process = require "spec.support.process"
local sandbox = require "spec.support.sandbox"
local scheduler = require "appwrite.scheduler"

local format = string.format

local canWait = _VERSION ~= "Lua 5.1" or jit ~= nil
local PASSWORD = "correct horse"
local LOST = { code = 401, type = "general_unauthorized_scope", message = "User (role: guests) missing scope (account)" }

-- What is told to those who have no log.
local function told(fn)
  local list = {}
  appwrite.onError(function(message) list[#list + 1] = message end)
  local ok, problem = pcall(fn)
  appwrite.onError(nil)
  assert(ok, problem)
  return list
end

describe("appwrite.session", function()
  describe("with a server", function()
    local server, directory, path

    setup(function()
      server = sandbox.start()
    end)

    teardown(function()
      server.stop()
    end)

    before_each(function()
      directory = process.directory()
      path = directory .. "/session"
    end)

    after_each(function()
      process.removeDirectory(directory)
    end)

    local function open(given)
      local options = { endpoint = server.endpoint, project = server.project }
      for name, value in pairs(given or {}) do
        options[name] = value
      end
      return appwrite.new(options)
    end

    local function newUser(client)
      local email = appwrite.ID.unique() .. "@example.com"
      assert(client.account.registerUser { userId = appwrite.ID.unique(), email = email, password = PASSWORD })
      return email
    end

    local function logIn(client, email)
      return assert(client.account.createEmailPasswordSession { email = email, password = PASSWORD })
    end

    local function isThere()
      return lfs.attributes(path) ~= nil
    end

    it("goes on in another program where this one had logged in", function()
      local client = open { store = path }
      local email = newUser(client)
      assert.is_false(isThere())
      logIn(client, email)
      assert.equal("rw-------", lfs.attributes(path, "permissions"))
      local again = open { store = path }
      assert.is_true(again:has "cookies")
      assert.equal(email, assert(again.account.getCurrentUser()).email)
    end)

    it("is replaced by a login, without being logged out before", function()
      local client = open { store = path }
      local first, second = newUser(client), newUser(client)
      logIn(client, first)
      logIn(client, second)
      assert.equal(second, assert(client.account.getCurrentUser()).email)
      assert.equal(second, assert(open({ store = path }).account.getCurrentUser()).email)
    end)

    it("stays where a login fails", function()
      local client = open { store = path }
      local email = newUser(client)
      logIn(client, email)
      local session, err = client.account.createEmailPasswordSession { email = email, password = "wrong horse" }
      assert.is_nil(session)
      assert.equal(401, err.code)
      assert.equal(email, assert(client.account.getCurrentUser()).email)
      assert.is_true(isThere())
    end)

    for name, leave in pairs {
      ['logoutSessionById "current"'] = function(client) return client.account.logoutSessionById { sessionId = "current" } end,
      removeSessions = function(client) return client.account.removeSessions() end,
      blockUserStatus = function(client) return client.account.blockUserStatus() end,
      ["client:forget"] = function(client)
        client:forget()
        return true
      end,
    } do
      it("ends by " .. name .. ", here and in the store", function()
        local lost = 0
        local client = open { store = path, onSessionLost = function() lost = lost + 1 end }
        logIn(client, newUser(client))
        assert.is_true(isThere())
        assert(leave(client))
        assert.is_false(client:has "cookies")
        assert.is_false(isThere())
        local user, err = client.account.getCurrentUser()
        assert.is_nil(user)
        assert.equal(401, err.code)
        assert.equal(0, lost)
      end)
    end

    it("stays where another one of the user is ended", function()
      local client, other = open { store = path }, open()
      local email = newUser(client)
      logIn(client, email)
      local elsewhere = logIn(other, email)
      assert(client.account.logoutSessionById { sessionId = elsewhere["$id"] })
      assert.is_true(isThere())
      assert.equal(email, assert(client.account.getCurrentUser()).email)
      assert.is_nil((other.account.getCurrentUser()))
    end)

    it("is told to be lost once, and is forgotten", function()
      local seen = {}
      local client = open { store = path, onSessionLost = function(...) seen[#seen + 1] = { ... } end }
      local email = newUser(client)
      logIn(client, email)
      local other = open()
      logIn(other, email)
      assert(other.account.removeSessions())
      local results = { appwrite.all {
        function() return select(2, client.account.getCurrentUser()) end,
        function() return select(2, client.account.listSessions()) end,
        function() return select(2, client.account.listMfaFactors()) end,
      } }
      for _, err in ipairs(results) do
        assert.equal("general_unauthorized_scope", err.type)
      end
      assert.equal(1, #seen)
      assert.is_true(rawequal(client, seen[1][1]))
      assert.equal(401, seen[1][2].code)
      assert.is_false(client:has "cookies")
      assert.is_false(isThere())
      client.account.getCurrentUser()
      assert.equal(1, #seen)
      logIn(client, email)
      assert(other.account.createEmailPasswordSession { email = email, password = PASSWORD })
      assert(other.account.removeSessions())
      client.account.getCurrentUser()
      assert.equal(2, #seen)
    end)

    it("can be had again by who is told", function()
      local email
      local client = open { onSessionLost = function(client) logIn(client, email) end }
      email = newUser(client)
      logIn(client, email)
      local other = open()
      logIn(other, email)
      assert(other.account.removeSessions())
      assert.is_nil((client.account.getCurrentUser()))
      assert.equal(email, assert(client.account.getCurrentUser()).email)
    end)

    it("is not lost to a guest, nor by what is not allowed", function()
      local lost = 0
      local client = open { onSessionLost = function() lost = lost + 1 end }
      client.account.getCurrentUser()
      logIn(client, newUser(client))
      client.account.getSession { sessionId = "other" } -- 404 user_session_not_found
      client:call { method = "GET", path = "/users" }
      assert.equal(0, lost)
      assert.is_true(client:has "cookies")
    end)

    it("of client:with has no store and tells nobody, unless it is told to", function()
      local lost = 0
      local client = open { store = path, onSessionLost = function() lost = lost + 1 end }
      local mine, theirs = newUser(client), newUser(client)
      logIn(client, mine)
      local visitor = client:with {}
      logIn(visitor, theirs)
      assert.equal(mine, assert(open({ store = path }).account.getCurrentUser()).email)
      local elsewhere = open()
      logIn(elsewhere, theirs)
      assert(elsewhere.account.removeSessions())
      visitor.account.getCurrentUser()
      assert.equal(0, lost)
      local own = client:with { store = path .. "2" }
      logIn(own, theirs)
      assert.equal(theirs, assert(client:with({ store = path .. "2" }).account.getCurrentUser()).email)
    end)

    it("of a stranger is set aside, and the program goes on", function()
      for _, text in ipairs {
        "{}", "appwrite-session 2\nend\n", "appwrite-session 1\nendpoint http://127.0.0.1:1/v1\nproject p\nend\n",
        "appwrite-session 1\nsession hunter2", ("hunter2"):rep(20000),
      } do
        local file = assert(io.open(path, "wb"))
        file:write(text)
        file:close()
        local client
        local messages = told(function() client = open { store = path } end)
        assert.equal(1, #messages)
        assert.truthy(messages[1]:find(path .. ".bad", 1, true), messages[1])
        assert.is_nil(messages[1]:find("hunter2", 1, true))
        assert.is_false(isThere())
        assert.is_false(client:has "cookies")
        logIn(client, newUser(client))
        assert.is_true(isThere())
      end
    end)

    it("is new where it is empty, as os.tmpname makes one", function()
      local file = assert(io.open(path, "wb"))
      file:close()
      local client
      assert.same({}, told(function() client = open { store = path } end))
      logIn(client, newUser(client))
      assert.is_true(open({ store = path }):has "cookies")
      assert.is_nil(lfs.attributes(path .. ".bad"))
    end)

    it("is bound to its project", function()
      local client = open { store = path }
      logIn(client, newUser(client))
      local other
      local messages = told(function() other = open { store = path, project = "another" } end)
      assert.truthy(messages[1]:find(format('is of the project "%s" at %s; it was set aside', server.project, server.endpoint), 1, true),
        messages[1])
      assert.is_false(other:has "cookies")
    end)

    it("goes into a place that cannot be written, and the calls go on", function()
      local client
      local messages = told(function()
        client = open { store = directory .. "/missing/session" }
        local email = newUser(client)
        logIn(client, email)
        assert.equal(email, assert(client.account.getCurrentUser()).email)
        assert.equal(email, assert(client.account.getCurrentUser()).email)
      end)
      assert.equal(1, #messages)
      assert.truthy(messages[1]:find("missing/session", 1, true), messages[1])
    end)

    it("of another program that has logged in anew is not removed with this one's", function()
      local client = open { store = path }
      local email = newUser(client)
      logIn(client, email)
      local other = open { store = path }
      logIn(other, email)
      assert(client.account.logoutSessionById { sessionId = "current" })
      assert.equal(email, assert(open({ store = path }).account.getCurrentUser()).email)
    end)

    it("is shown by nothing that the program can see", function()
      local client = open { store = path }
      logIn(client, newUser(client))
      local file = assert(io.open(path, "rb"))
      local secret = assert(file:read("*a"):match '"a_session_[^"]+":"([^"]+)"')
      file:close()
      assert.is_nil(tostring(client):find(secret, 1, true))
      for _, name in ipairs { "export", "import", "session", "store", "keeper", "revision" } do
        assert.has_error(function() return client[name] end)
      end
      for key, value in pairs(client) do
        assert.is_nil((tostring(key) .. tostring(value)):find(secret, 1, true))
      end
    end)
  end)

  -- A transport that answers at once, and functions as a store.
  describe("with functions", function()
    local server, kept, calls

    before_each(function()
      server, kept, calls = fake.new(), nil, {}
      server:on("*", "*", { json = {} })
      server:on("POST", "/account/sessions/anonymous", function()
        return { status = 201, json = {}, headers = { ["x-fallback-cookies"] = format('{"n":"%d"}', #server.requests) } }
      end)
      server:on("DELETE", "/account/sessions", { status = 204, headers = { ["x-fallback-cookies"] = "[]" } })
    end)

    local function functions(changes)
      local all = {
        load = function()
          calls[#calls + 1] = "load"
          return kept
        end,
        save = function(text)
          calls[#calls + 1] = "save"
          kept = text
        end,
        clear = function()
          calls[#calls + 1] = "clear"
          kept = nil
        end,
      }
      for name, fn in pairs(changes or {}) do
        all[name] = fn
      end
      return all
    end

    local function open(changes, given)
      local options = { endpoint = "http://127.0.0.1:1/v1", project = "p", transport = server, store = functions(changes) }
      for name, value in pairs(given or {}) do
        options[name] = value
      end
      return appwrite.new(options)
    end

    it("saves where it changed, and not with every call", function()
      local client = open()
      client.account.getCurrentUser()
      assert(client.account.createAnonymousSession())
      for _ = 1, 5 do
        client.account.getCurrentUser()
      end
      assert.same({ "load", "save" }, calls)
      client:set("jwt", "a jwt")
      client:set("key", "a key")
      assert.same({ "load", "save" }, calls)
      client:set("session", "a session")
      assert.same({ "load", "save", "save" }, calls)
      assert.truthy(kept:find("a session", 1, true))
      assert.is_nil(kept:find("a jwt", 1, true))
      assert.is_nil(kept:find("a key", 1, true))
      client:set("session", nil)
      assert(client.account.removeSessions())
      client:forget()
      assert.equal("clear", calls[#calls])
      assert.is_nil(kept)
      assert.is_true(open():has "cookies" == false)
    end)

    it("loads what was saved", function()
      assert(open().account.createAnonymousSession())
      assert.is_true(open():has "cookies")
      assert.equal("load", calls[#calls])
    end)

    it("tells a failure once, tries again later, and at once where the session changed", function()
      local now, fails, saves = 1000, true, 0
      local clock = scheduler.now
      scheduler.now = function() return now end
      finally(function() scheduler.now = clock end)
      local client
      local messages = told(function()
        client = open { save = function(text)
          saves = saves + 1
          if fails then
            error("the disk is full of " .. text, 0)
          end
          kept = text
        end }
        assert(client.account.createAnonymousSession())
        client.account.getCurrentUser()
        assert.equal(1, saves)
        now = now + 11
        client.account.getCurrentUser()
        assert.equal(2, saves)
        assert(client.account.createAnonymousSession())
        assert.equal(3, saves)
        fails, now = false, now + 11
        client.account.getCurrentUser()
        client.account.getCurrentUser()
        assert.equal(4, saves)
      end)
      assert.same({ "the store's save raised an error: the disk is full of ***" }, messages)
      assert.truthy(kept)
    end)

    it("tells a log instead where there is one", function()
      local events = {}
      local messages = told(function()
        local client = open({ load = function() return "rubbish" end, save = function() return nil, "no room" end },
          { log = function(_, event, fields) events[#events + 1] = event .. " " .. tostring(fields.message) end })
        client.account.createAnonymousSession()
      end)
      assert.same({}, messages)
      local text = table.concat(events, "\n")
      assert.truthy(text:find("session.store what the store's load gave is none that the fake transport wrote; it is not used", 1, true), text)
      assert.truthy(text:find("session.store the store's save failed: no room", 1, true), text)
    end)

    it("tells of a session that cannot be written", function()
      local messages = told(function()
        local transport = setmetatable({
          open = function(...)
            local session = server.open(...)
            return setmetatable({ export = function() return nil, "is too long" end }, {
              __index = function(_, name)
                return type(session[name]) == "function" and function(_, ...) return session[name](session, ...) end
                  or session[name]
              end,
            })
          end,
        }, { __index = server })
        assert(open(nil, { transport = transport }).account.createAnonymousSession())
      end)
      assert.same({ "the session cannot be kept: it is too long" }, messages)
      assert.is_nil(kept)
    end)

    it("does not fail a call by what its store does", function()
      local function fail() error { "a table" } end
      local messages = told(function()
        local client = open { load = fail, save = fail, clear = fail }
        assert(client.account.createAnonymousSession())
        assert(client.account.removeSessions())
      end)
      assert.equal(3, #messages)
    end)

    -- On 5.1 nothing can wait within what pcall calls.
    if canWait then
      it("stores what is newest where two calls save at a time", function()
        local client
        local order = {}
        client = open { save = function(text)
          appwrite.sleep(text:find('"1', 1, true) and 0.05 or 0.001)
          order[#order + 1] = text
          kept = text
        end }
        appwrite.all {
          function() return client.account.createAnonymousSession() end,
          function()
            appwrite.sleep(0.01)
            return client.account.createAnonymousSession()
          end,
        }
        assert.equal(2, #order)
        assert.truthy(order[1]:find('\\"1\\"', 1, true), order[1])
        assert.truthy(kept:find('\\"2\\"', 1, true), kept)
      end)

      it("saves again after a save that was cut off", function()
        local waits = true
        local client = open { save = function(text)
          if waits then
            appwrite.sleep(60)
          end
          kept = text
        end }
        local task = appwrite.spawn(function() client.account.createAnonymousSession() end)
        for _ = 1, 10 do
          appwrite.poll()
        end
        assert.equal("running", task.status)
        task:cancel()
        waits = false
        client.account.getCurrentUser()
        assert.truthy(kept)
      end)
    else
      it("tells that its functions cannot wait in a task", function()
        local client = open { save = function() appwrite.sleep(0.01) end }
        local messages = told(function()
          assert(appwrite.run(function() return client.account.createAnonymousSession() end))
        end)
        assert.equal(1, #messages)
        assert.truthy(messages[1]:find("the store's save raised an error: attempt to yield", 1, true), messages[1])
      end)
    end

    it("forgets what the server does not know any more", function()
      local client = open(nil, { onSessionLost = function(_, err) calls[#calls + 1] = err.type end })
      assert(client.account.createAnonymousSession())
      server:on("GET", "/account", { status = 401, json = LOST })
      client.account.getCurrentUser()
      assert.same({ "load", "save", "clear", "general_unauthorized_scope" }, calls)
    end)

    it("forgets it also where nobody wants to be told", function()
      local client = open()
      assert(client.account.createAnonymousSession())
      server:on("GET", "/account", { status = 401, json = LOST })
      assert.equal(401, select(2, client.account.getCurrentUser()).code)
      assert.same({ "load", "save", "clear" }, calls)
      assert.is_false(client:has "cookies")
    end)

    it("takes no other refusal for a loss", function()
      local lost = 0
      local client = open(nil, { onSessionLost = function() lost = lost + 1 end })
      assert(client.account.createAnonymousSession())
      for _, refusal in ipairs {
        { status = 401, json = { code = 401, type = "general_unauthorized_scope", message = "ada@example.com (role: users) missing scope (users.read)" } },
        { status = 401, json = { code = 401, type = "user_blocked", message = "x" } },
        { status = 401, json = { code = 401, type = "user_more_factors_required", message = "x" } },
        { status = 401, json = { code = 401, type = "user_jwt_invalid", message = "x" } },
        { status = 404, json = { code = 404, type = "user_session_not_found", message = "x" } },
        { status = 403, json = { code = 403, type = "general_unauthorized_scope", message = "x" } },
        { status = 401, body = "<html>proxy</html>" }, { kind = "network" },
      } do
        server:on("GET", "/account", refusal)
        client.account.getCurrentUser({}, { retry = false })
      end
      assert.equal(0, lost)
      assert.is_true(client:has "cookies")
      server:on("GET", "/account", { status = 401, json = { code = 401, type = "user_session_not_found", message = "x" } })
      client.account.getCurrentUser()
      assert.equal(1, lost)
    end)

    it("raises what the program's function raises", function()
      local client = open(nil, { onSessionLost = function() error("mine", 0) end })
      assert(client.account.createAnonymousSession())
      server:on("GET", "/account", { status = 401, json = LOST })
      local ok, problem = pcall(client.account.getCurrentUser)
      assert.is_false(ok)
      assert.equal("mine", problem)
      assert.is_false(client:has "cookies")
    end)

    it("needs a transport that can", function()
      local session = { __index = function() return function() end end }
      local bare = { name = "bare", step = function() return 0 end, open = function()
        return setmetatable({ revision = false }, session)
      end }
      local ok, problem = pcall(appwrite.new, { project = "p", transport = bare, store = functions() })
      assert.is_false(ok)
      assert.truthy(problem:find('"revision", and "bare" has none', 1, true), problem)
      assert(appwrite.new { project = "p", transport = bare })
    end)
  end)

  it("is opened by options that make sense", function()
    local server = fake.new()
    for word, given in pairs {
      ["exclude each other"] = { store = "x", session = "s" }, ['"store" must be a string or a table'] = { store = 5 },
      ['"store" must not be empty'] = { store = "" }, ['"store.save"'] = { store = { load = print, save = 1 } },
      ['"onSessionLost" must be a function'] = { onSessionLost = "x" },
    } do
      given.project, given.transport = "p", server
      local ok, problem = pcall(appwrite.new, given)
      assert.is_false(ok)
      assert.truthy(problem:find(word, 1, true), problem)
      given.transport = nil
      ok, problem = pcall(function() appwrite.new({ project = "p", transport = server }):with(given) end)
      assert.is_false(ok)
      assert.truthy(problem:find(word, 1, true), problem)
    end
  end)
end)
