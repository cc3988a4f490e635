local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local port = require "spec.support.port"
local process = require "spec.support.process"
local sandbox = require "spec.support.sandbox"
local secrets = require "spec.support.secrets"

describe("The search for secrets", function()
  it("finds them as they may be written", function()
    local SECRET = 'correct "horse" & battery'
    for _, text in ipairs {
      SECRET, "x?p=correct%20%22horse%22%20%26%20battery&y", "p=correct+%22horse%22+%26+battery",
      [[{"password":"correct \"horse\" & battery"}]], "Y29ycmVjdCAiaG9yc2UiICYgYmF0dGVyeQ==",
    } do
      local search = secrets.new { SECRET }
      search:saw("here", { inner = { text } })
      assert.same({ 'here: a secret of 25 characters that begins with "co"' }, search:found())
      assert.has_error(function() search:check() end)
    end
  end)

  it("finds them in names, in log lines and by tostring, and nowhere else", function()
    local search = secrets.new { "hunter2" }
    search:saw("name", { hunter2 = 1 })
    search:saw("tostring", setmetatable({}, { __tostring = function() return "hunter2" end }))
    search.log("info", "event", { a = "hunter2" })
    search:saw("error", { response = "hunter2", answer = { "hunter2" } })
    search:saw("harmless", "hunter")
    assert.equal(3, #search:found())
  end)

  it("is not content with nothing", function()
    assert.has_error(function() secrets.new({ "hunter2" }):check() end)
    assert.has_error(function() secrets.new { "pw" } end)
  end)
end)

describe("No secret is in a log line, an error or a tostring", function()
  local PASSWORD, NEW, WRONG = "correct horse battery", "battery horse correct", "wrong horse battery"
  local server, search

  setup(function()
    server = sandbox.start()
  end)

  teardown(function()
    server.stop()
  end)

  before_each(function()
    search = secrets.new { PASSWORD, NEW, WRONG }
  end)

  local function open(options)
    options = options or {}
    options.endpoint = options.endpoint or server.endpoint
    options.project, options.log = server.project, search.log
    local client = appwrite.new(options)
    search:saw("tostring of a client", client)
    search:saw("tostring of a service", client.account)
    return client
  end

  local function note(what, result, err, response)
    if err then
      search:saw(what, err)
    end
    return result, err, response
  end

  local function user(client)
    local email = appwrite.ID.unique() .. "@example.com"
    assert(client.account.registerUser { userId = appwrite.ID.unique(), email = email, password = PASSWORD })
    return email
  end

  local function addToken(header)
    for token in header:gmatch "[%w+/=_-]+" do
      if #token > 40 then
        search:add(token)
      end
    end
  end

  it("of logins, good and bad, and of what they give", function()
    local client = open()
    local email = user(client)
    note("a failed login", client.account.createEmailPasswordSession { email = email, password = WRONG })
    local _, _, response = client.account.createEmailPasswordSession { email = email, password = PASSWORD }
    addToken(response.headers["x-fallback-cookies"])
    addToken(response.headers["set-cookie"])
    search:saw("tostring of a response", tostring(response))
    local jwt = assert(client.account.createJwt()).jwt
    search:add(jwt)
    local other = client:with { jwt = jwt }
    assert(other.account.getCurrentUser())
    search:saw("tostring of a client with a JWT", other)
    note("a JWT that is none", client:with({ jwt = jwt:sub(1, 80) .. "x" }).account.getCurrentUser())
    note("a failed change", client.account.updatePassword { password = NEW, oldPassword = WRONG })
    assert(client.account.updatePassword { password = NEW, oldPassword = PASSWORD })
    note("a logout", client.account.logoutSessionById { sessionId = "current" })
    assert.is_true(search.events > 12)
    search:check()
  end)

  it("of credentials that are given", function()
    local KEY, SESSION, JWT = "hunter2-the-key", "hunter2-the-session", "hunter2-the-jwt"
    for _, secret in ipairs { KEY, SESSION, JWT } do
      search:add(secret)
    end
    local client = open { key = KEY, session = SESSION, jwt = JWT, headers = { ["X-Api-Token"] = "hunter2-header" } }
    search:add "hunter2-header"
    note("a key that is none", client.account.getCurrentUser())
    note("a header of the call", client.account.getCurrentUser({}, { headers = { Authorization = "Bearer " .. KEY } }))
    client:set("jwt", JWT):set("session", nil)
    client:forget()
    local number, holder = port.refusing()
    finally(function() holder:close() end)
    local lost = open { endpoint = ("http://127.0.0.1:%d/v1"):format(number), key = KEY, retry = { base = 0 } }
    note("no server", lost.account.createEmailPasswordSession { email = "a@example.com", password = PASSWORD })
    note("a proxy that is none", open({ proxy = ("http://ada:%s@127.0.0.1:%d"):format(KEY, number), retry = false })
      .account.getCurrentUser())
    search:check()
  end)

  it("of stores, and of what goes wrong with them", function()
    local directory = process.directory()
    finally(function() process.removeDirectory(directory) end)
    local kept
    local function fail(text) error("cannot keep " .. tostring(text or kept)) end
    local email
    for _, store in ipairs {
      directory .. "/session", { load = function() return nil end, save = function(text) kept = text ~= "" and text or kept end },
      { load = fail, save = fail, clear = fail }, directory .. "/missing/session", directory,
      { load = function() return kept and kept:gsub("end\n$", "") end, save = function() return nil, kept end },
    } do
      local client = open { store = store }
      email = email or user(client)
      local _, _, response = client.account.createEmailPasswordSession { email = email, password = PASSWORD }
      addToken(response.headers["x-fallback-cookies"])
      note("lost", client.account.logoutSessionById { sessionId = "current" })
      note("a guest", client.account.getCurrentUser())
    end
    local file = assert(io.open(directory .. "/session", "wb"))
    file:write((kept:gsub("end\n$", "")))
    file:close()
    search:saw("a client with a damaged store", open { store = directory .. "/session" })
    -- Where it was set aside it is still whoever's it was; beside it there is nothing.
    local listing = process.run("cd " .. process.quote(directory) .. " && grep -rl session . ; ls -A")
    assert.equal("./session.bad\nsession.bad\n", listing)
    search:check()
  end)

  it("of links, codes and raw calls", function()
    local client = open()
    search:add "hunter2-secret"
    note("a link", client.account.createSessionFromToken { userId = "ada", secret = "hunter2-secret" })
    note("a code", client.account.completeMfaChallenge { challengeId = "c", otp = "hunter2-secret" })
    note("a query", client:call { path = "/account", query = { secret = "hunter2-secret", ["token[]"] = { "hunter2-secret" } } })
    note("a body", client:call { method = "POST", path = "/account/sessions/email",
      body = { email = "a@example.com", password = PASSWORD, more = { accessToken = "hunter2-secret" } } })
    note("GraphQL", client.graphql.executeMutation { query = {
      query = 'mutation { accountCreateEmailPasswordSession(email: "a@example.com", password: "' .. PASSWORD .. '") { _id } }',
    } })
    note("a function's", client.functions.triggerFunctionExecution {
      functionId = "none", body = PASSWORD, headers = { ["x-key"] = "hunter2-secret" }, path = "/x?key=hunter2-secret",
    })
    note("a wrong value", client.account.registerUser { userId = "?", email = "a@example.com", password = PASSWORD })
    note("a wrong password", client.account.registerUser { userId = "ada", email = "a@example.com", password = "hun2" })
    search:add "hun2"
    local _, raised = pcall(client.account.registerUser, { userId = "ada", email = "a@example.com", password = { PASSWORD } })
    search:saw("what is raised", raised)
    search:check()
  end)

  it("where a server repeats what it was sent", function()
    local KEY, SESSION = ("0123456789abcdef"):rep(16), ("fedcba9876543210"):rep(16)
    search:add(KEY)
    search:add(SESSION)
    search:add "hunter2"
    local transport = fake.new()
    transport:on("*", "*", {
      status = 502,
      body = "<html><h1>Bad gateway</h1>X-Appwrite-Key: " .. KEY .. "<br>Cookie: a_session_p=" .. SESSION
        .. '<pre>POST /v1/x?secret=hunter2 {"password":"hunter2"}</pre></html>',
    })
    local client = appwrite.new { project = "p", transport = transport, key = KEY, log = search.log }
    local _, err = note("a proxy's page", client.account.getCurrentUser())
    assert.equal(502, err.code)
    assert.truthy(err.message:find("Bad gateway", 1, true))
    transport:on("*", "*", { status = 401, json = { message = "no " .. KEY, type = "t", code = 401 } })
    note("a server's words", client.account.getCurrentUser())
    assert.equal(4, search.events)
    search:check()
  end)
end)
