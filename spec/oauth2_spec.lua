local appwrite = require "appwrite"
local browser = require "spec.support.browser"
local fake = require "appwrite.transport.fake"
local process = require "spec.support.process"
local sandbox = require "spec.support.sandbox"
local socket = require "socket"
local uri = require "appwrite.uri"

local quote = process.quote

local PERSON = "useroauth@localhost.test" -- whom the sandbox's mock provider knows
local PATIENCE = 20 -- seconds
local FRAME = 0.25 -- seconds that a poll may take at most; generous, for machines that do other things too

describe("client.oauth2", function()
  local server, asking, client

  setup(function()
    process.need("curl", "curl")
    server = sandbox.start {}
    asking = sandbox.start { project = "spec/support/oauth2_project.lua" }
  end)

  teardown(function()
    server.stop()
    asking.stop()
  end)

  before_each(function()
    client = appwrite.new { endpoint = server.endpoint, project = server.project }
  end)

  local function at(which)
    return appwrite.new { endpoint = which.endpoint, project = which.project }
  end

  -- An `open` that signs in as a browser does, and keeps the URL.
  local function opener(addition)
    local kept = {}
    return function(url)
      kept.url = url
      browser.start(url .. (addition or ""))
    end, kept
  end

  local function portOf(url)
    return tonumber(url:match "localhost%%3A(%d+)")
  end

  local function isFree(port)
    local _, problem = socket.connect("127.0.0.1", port)
    return problem == "connection refused"
  end

  local function pollUntil(done)
    local limit, longest = socket.gettime() + PATIENCE, 0
    repeat
      local from = socket.gettime()
      appwrite.poll()
      longest = math.max(longest, socket.gettime() - from)
      assert(socket.gettime() < limit, "it does not end")
      socket.sleep(0.005) -- the rest of a frame
    until done()
    return longest
  end

  it("ends in a session", function()
    local open, kept = opener()
    local session, err, response = client.oauth2:signIn { provider = "mock", open = open, timeout = PATIENCE }
    assert.is_nil(err)
    assert.equal("oauth2", session.provider)
    assert.equal(201, response.status)
    assert.equal(PERSON, appwrite.check(client.account.getCurrentUser()).email)
    assert.is_true(isFree(portOf(kept.url)))
  end)

  it("asks for the scopes, and does not change what it was given", function()
    local given = { provider = "mock", scopes = { "a b", "c" }, timeout = PATIENCE }
    local open, kept = opener()
    given.open = open
    assert(client.oauth2.signIn(given))
    assert.matches("[?&]scope=email%+a%+b%+c&", kept.url)
    assert.same({ provider = "mock", scopes = { "a b", "c" }, timeout = PATIENCE, open = open }, given)
  end)

  it("shows a page at the end", function()
    local page
    local task = appwrite.spawn(function()
      return client.oauth2:signIn { provider = "mock", timeout = PATIENCE, open = function(url)
        page = os.tmpname()
        browser.start(url, page)
      end }
    end)
    assert(task:await(PATIENCE))
    local text = ""
    pollUntil(function()
      local file = assert(io.open(page, "rb"))
      text = file:read "*a"
      file:close()
      return text ~= ""
    end)
    os.remove(page)
    assert.matches("You may close this page", text)
  end)

  it("lets other calls and frames go on", function()
    local url, others = nil, 0
    local task = appwrite.spawn(function()
      return client.oauth2:signIn { provider = "mock", timeout = PATIENCE, open = function(given) url = given end }
    end)
    local other = at(server)
    local longest = pollUntil(function()
      if url and others < 20 then
        others = others + 1
        other.locale.listCountries(function() end)
      elseif url and others == 20 then
        others = 21
        browser.start(url)
      end
      return task.status ~= "running"
    end)
    assert.equal("oauth2", task:await().provider)
    assert.is_true(longest < FRAME, "a poll took " .. longest .. " s")
  end)

  it("takes a callback", function()
    local got
    local task = client.oauth2:signIn({ provider = "mock", open = (opener()), timeout = PATIENCE }, function(...)
      got = { ... }
    end)
    pollUntil(function() return got end)
    assert.equal("oauth2", got[1].provider)
    assert.equal("done", task.status)
  end)

  it("uses next to no processor time while it waits", function()
    local begun = os.clock()
    local _, err = client.oauth2:signIn { provider = "mock", open = function() end, timeout = 1 }
    assert.equal("timeout", err.kind)
    assert.is_true(os.clock() - begun < 0.3, os.clock() - begun)
  end)

  it("says that nobody came", function()
    local port
    local session, err = client.oauth2:signIn { provider = "mock", timeout = 0.2, open = function(url)
      port = portOf(url)
    end }
    assert.is_nil(session)
    assert.same({ "timeout", "oauth2.signIn: nobody signed in within 0.2 s (timeout)" }, { err.kind, tostring(err) })
    assert.is_true(isFree(port))
  end)

  it("gives its port back when it is cancelled", function()
    local port
    local task = appwrite.spawn(function()
      return client.oauth2:signIn { provider = "mock", open = function(url) port = portOf(url) end }
    end)
    pollUntil(function() return port end)
    assert.is_false(isFree(port))
    assert.is_true(task:cancel())
    assert.is_true(isFree(port))
    local _, err = task:await()
    assert.equal("cancelled", err.kind)
    assert.equal(0, appwrite.poll())
  end)

  it("tells a callback that it was cancelled", function()
    local port, got
    local task = client.oauth2:signIn({ provider = "mock", open = function(url) port = portOf(url) end }, function(...)
      got = { ... }
    end)
    pollUntil(function() return port end)
    task:cancel()
    appwrite.poll()
    assert.is_nil(got[1])
    assert.equal("cancelled", got[2].kind)
    assert.is_true(isFree(port))
  end)

  it("is not moved by what strays in", function()
    local url
    local task = appwrite.spawn(function()
      return client.oauth2:signIn { provider = "mock", timeout = PATIENCE, open = function(given) url = given end }
    end)
    pollUntil(function() return url end)
    local held = {}
    for _, bytes in ipairs {
      "GET /favicon.ico HTTP/1.1\r\n\r\n", "GET /?state=no&userId=u&secret=s HTTP/1.1\r\n\r\n", "\0\1\2", "GET /",
      "GET / HTTP/1.1\r\nX: " .. ("x"):rep(40000), "",
    } do
      held[#held + 1] = assert(socket.connect("127.0.0.1", portOf(url)))
      held[#held]:send(bytes)
      appwrite.poll(0.06)
    end
    assert.equal("running", task.status)
    browser.start(url)
    pollUntil(function() return task.status ~= "running" end)
    assert.equal("oauth2", task:await().provider)
    for _, one in ipairs(held) do
      one:close()
    end
  end)

  describe("where it fails", function()
    it("says that the user refused", function()
      local other = at(asking)
      local session, err = other.oauth2:signIn {
        provider = "github", open = (opener "&choice=refuse"), timeout = PATIENCE,
      }
      assert.is_nil(session)
      assert.same({ "api", "user_oauth2_provider_error", 424, "oauth2.signIn" }, { err.kind, err.type, err.code,
        err.operation })
      assert.matches("access_denied", err.message)
      assert.is_false(other:has "cookies")
    end)

    it("says that the user is blocked", function()
      local _, err = at(asking).oauth2:signIn {
        provider = "mock", open = (opener "&choice=allow&email=blocked%40example.com"), timeout = PATIENCE,
      }
      assert.same({ "api", "user_blocked", 401 }, { err.kind, err.type, err.code })
    end)

    it("gives what Appwrite refuses at once, and opens nothing", function()
      local opened = false
      local function open() opened = true end
      local _, err = client.oauth2:signIn { provider = "github", open = open }
      assert.equal("project_provider_disabled", err.type)
      _, err = client.oauth2:signIn { provider = "githup", open = open }
      assert.equal("argument", err.kind)
      -- A host that is no platform of the project; the sandbox admits the one that it is reached by.
      local named = appwrite.new { endpoint = server.endpoint:gsub("127.0.0.1", "localhost"), project = server.project }
      _, err = named.oauth2:signIn { provider = "mock", open = open, host = "127.0.0.1" }
      assert.same({ "api", 400 }, { err.kind, err.code })
      assert.matches("URL host must be one of", err.message)
      assert.is_false(opened)
    end)

    it("does not make up an error that the redirect does not tell", function()
      for error_, wanted in pairs {
        ["x"] = { "protocol", "protocol", 0 }, ["[]"] = { "api", "api", 0 }, ["%7B%22code%22:%22x%22%7D"] = { "api", "api", 0 },
        ["%7B%22message%22:%22no%22,%22type%22:%22t%22,%22code%22:400%7D"] = { "api", "t", 400 },
      } do
        local _, err = client.oauth2:signIn { provider = "mock", timeout = PATIENCE, open = function(url)
          local state = url:match "state%%3D(%x+)"
          browser.start(("http://localhost:%d/?state=%s&error=%s"):format(portOf(url), state, error_))
        end }
        assert.same(wanted, { err.kind, err.type, err.code })
      end
    end)

    it("says that a wrong secret is none", function()
      local _, err = client.oauth2:signIn { provider = "mock", timeout = PATIENCE, open = function(url)
        local state = url:match "state%%3D(%x+)"
        browser.start(("http://localhost:%d/?state=%s&userId=u&secret=5ec0de"):format(portOf(url), state))
      end }
      assert.equal("user_invalid_token", err.type)
      assert.is_nil(tostring(err):find "5ec0de")
    end)

    it("says that there is no browser", function()
      local ROWS = {
        { function() return false end, "`open` returned false" },
        { function() return nil, "the window is gone" end, "the window is gone" },
        { function() return false, "no display" end, "no display" },
      }
      for _, row in ipairs(ROWS) do
        local port
        local _, err = client.oauth2:signIn { provider = "mock", open = function(url)
          port = portOf(url)
          return row[1]()
        end }
        assert.same({ "file", "browser_not_opened" }, { err.kind, err.type })
        assert.truthy(err.message:find(row[2], 1, true))
        assert.is_true(isFree(port))
      end
    end)

    it("raises what `open` raises, and gives its port back", function()
      local port
      local given = { provider = "mock", open = function(url)
        port = portOf(url)
        error "no window"
      end }
      local ok, message = pcall(client.oauth2.signIn, given)
      assert.is_false(ok)
      assert.matches("no window", message)
      assert.is_true(isFree(port))
      local task = appwrite.spawn(function() return client.oauth2.signIn(given) end)
      pollUntil(function() return task.status ~= "running" end)
      assert.is_false(pcall(task.await, task))
      assert.is_true(isFree(port))
    end)

    it("says that no port can be had", function()
      local _, err = client.oauth2:signIn { provider = "mock", socket = {
        tcp4 = function() return nil, "too many open files" end,
      } }
      assert.same({ "network", "oauth2.signIn" }, { err.kind, err.operation })
      assert.matches("too many open files", err.message)
    end)

    it("names the package where LuaSocket is missing", function()
      local found, preload = package.loaded.socket, package.preload.socket
      package.loaded.socket, package.preload.socket = nil, function() error "not here" end
      local ok, message = pcall(client.oauth2.signIn, { provider = "mock" })
      package.loaded.socket, package.preload.socket = found, preload
      assert.is_false(ok)
      assert.matches('oauth2.signIn: it listens on a port.*"lua%-socket".*"luasocket"', message)
    end)

    it("raises a wrong call at its line", function()
      local ROWS = {
        { {}, 'option "provider" is missing' },
        { { provider = "" }, 'option "provider" must not be empty' },
        { { provider = "mock", scopes = "email" }, 'option "scopes" must be a table' },
        { { provider = "mock", scopes = { 5 } }, "scopes" },
        { { provider = "mock", host = "example.com" }, 'option "host" must be "localhost" or "127.0.0.1"' },
        { { provider = "mock", timeout = -1 }, 'option "timeout" must be 0 or more seconds' },
      }
      for _, row in ipairs(ROWS) do
        local ok, message = pcall(function() client.oauth2:signIn(row[1]) end)
        assert.is_false(ok)
        assert.matches("^spec/oauth2_spec.lua:%d+: oauth2.signIn: ", message)
        assert.truthy(message:find(row[2], 1, true), message)
      end
    end)
  end)

  it("opens the system's browser", function()
    local directory = browser.install()
    local script = ([[
      package.path, package.cpath = %q, %q
      local appwrite = require "appwrite"
      local client = appwrite.new { endpoint = %q, project = %q }
      appwrite.check(client.oauth2:signIn { provider = "mock", timeout = 20 })
      io.write(appwrite.check(client.account.getCurrentUser()).email)
    ]]):format(package.path, package.cpath, server.endpoint, server.project)
    local output, status = process.run(("PATH=%s:\"$PATH\" %s -e %s"):format(quote(directory),
      quote(process.interpreter()), quote(script)))
    process.removeDirectory(directory)
    assert.same({ PERSON, 0 }, { output, status })
  end)

  it("has operations that give the URL to open", function()
    for _, name in ipairs { "createOAuth2Session", "createOAuth2Token" } do
      local url, err, response = client.account[name] { provider = "mock", success = "http://localhost/ok" }
      assert.is_nil(err)
      assert.equal(301, response.status)
      assert.matches("^http://127%.0%.0%.1:%d+/v1/mock/tests/general/oauth2%?", url)
    end
    assert.matches("Sign in with the mock provider", browser.get((at(asking).account.createOAuth2Token {
      provider = "github",
    })))
  end)

  it("sends what Appwrite wants, by whatever transport", function()
    local transport = fake.new()
    transport:on("GET", "/account/tokens/oauth2/github", { status = 301, headers = { location = "https://github/" } })
    transport:on("POST", "/account/sessions/token", { status = 201, json = { provider = "oauth2" } })
    local faked = appwrite.new { project = "test", transport = transport }
    local session = assert(faked.oauth2:signIn { provider = "github", timeout = PATIENCE, open = function()
      local query = uri.fields(transport.requests[1].query)
      local port, state = query.success:match "^http://localhost:(%d+)/%?state=(%x+)$"
      assert.same({ 32, query.success }, { #state, query.failure })
      browser.start(("http://localhost:%s/?state=%s&userId=ada&secret=s"):format(port, state))
    end })
    assert.equal("oauth2", session.provider)
  end)
end)
