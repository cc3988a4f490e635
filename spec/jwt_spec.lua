--- JWTs that a client renews by itself.

local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local jwt = require "appwrite.jwt"
local sandbox = require "spec.support.sandbox"

local format = string.format
local REFUSED = { status = 401, json = { code = 401, type = "user_jwt_invalid", message = "Failed to verify JWT." } }
local GUEST = { status = 401, json = { code = 401, type = "general_unauthorized_scope", message = "User (role: guests) missing scope (account)" } }

describe("appwrite.jwt", function()
  local now, made, clock, server, parent, client

  before_each(function()
    now, made, clock = 1000000, 0, jwt.now
    jwt.now = function() return now end
    server = fake.new()
    server:on("*", "*", { json = {} })
    server:on("POST", "/account/jwt", function()
      made = made + 1
      return { status = 201, json = { jwt = format("jwt %d", made) }, steps = 3 }
    end)
    parent = appwrite.new { endpoint = "http://127.0.0.1:1/v1", project = "p", transport = server, session = "s" }
    client = parent:with { jwt = "auto" }
  end)

  after_each(function()
    jwt.now = clock
  end)

  local function asked()
    local count = 0
    for _, request in ipairs(server.requests) do
      count = count + (request.path == "/account/jwt" and 1 or 0)
    end
    return count
  end

  it("asks for one before the first call, and not before each", function()
    assert.equal(0, asked())
    assert.is_false(client:has "jwt")
    for _ = 1, 5 do
      assert(client.account.getCurrentUser())
    end
    assert.equal(1, asked())
    assert.is_true(client:has "jwt")
    assert.is_false(parent:has "jwt")
    assert.is_true(server.requests[1].credentials.session)
    assert.same({ key = false, jwt = true, session = false, cookies = false }, server.requests[2].credentials)
  end)

  for seconds, expected in pairs { [0] = 1, [11 * 60] = 1, [12 * 60] = 2, [15 * 60] = 2, [86400] = 2, [-10] = 2 } do
    it(format("asks for %d within %d s", expected, seconds), function()
      assert(client.account.getCurrentUser())
      now = now + seconds
      assert(client.account.getCurrentUser())
      assert.equal(expected, asked())
    end)
  end

  it("asks once for all calls that wait", function()
    for round = 1, 2 do
      local calls = {}
      for index = 1, 20 do
        calls[index] = function() return assert(client.account.getCurrentUser()) end
      end
      assert.equal(20, select("#", appwrite.all(calls)))
      assert.equal(round, asked())
      now = now + 800
    end
  end)

  it("goes on for the others where the call that began it is cut off", function()
    local first = appwrite.spawn(function() return client.account.getCurrentUser() end)
    local second = appwrite.spawn(function() return client.account.getCurrentUser() end)
    first:cancel()
    assert.is_table((second:await(5)))
    assert.equal(1, asked())
  end)

  it("asks anew where the server refuses it, once, and sends the call again", function()
    assert(client.account.getCurrentUser())
    local refusals = 1
    server:on("PATCH", "/account/name", function()
      refusals = refusals - 1
      return refusals >= 0 and REFUSED or { json = { name = "Ada" } }
    end)
    local user, _, response = client.account.updateNameOperation { name = "Ada" }
    assert.equal("Ada", user.name)
    assert.equal(2, asked())
    assert.equal(2, response.attempts)
    refusals = 100
    local result, err = client.account.updateNameOperation { name = "Ada" }
    assert.is_nil(result)
    assert.equal("user_jwt_invalid", err.type)
    assert.equal(3, asked())
    assert.equal(2, err.attempts)
  end)

  it("gives the error where there is none to be had, and asks again with the next call", function()
    server:on("POST", "/account/jwt", GUEST)
    local sent = #server.requests
    local user, err = client.account.getCurrentUser()
    assert.is_nil(user)
    assert.same({ "api", 401, "general_unauthorized_scope", "account.getCurrentUser" },
      { err.kind, err.code, err.type, err.operation })
    assert.truthy(err.message:find("no JWT was to be had: User (role: guests)", 1, true))
    assert.equal(sent + 1, #server.requests)
    server:on("POST", "/account/jwt", { status = 201, json = { jwt = "good" } })
    assert(client.account.getCurrentUser())
  end)

  it("does not wait longer than the call may take", function()
    server:on("POST", "/account/jwt", { status = 201, json = { jwt = "late" }, steps = 1e9 })
    local user, err = client.account.getCurrentUser({}, { timeout = 0.05, retry = false })
    assert.is_nil(user)
    assert.equal("timeout", err.kind)
    server.flying = {}
  end)

  it("waits as long as it takes for a call that has no end of time", function()
    server:on("POST", "/account/jwt", { status = 201, json = { jwt = "late" }, steps = 50 })
    assert(client.account.getCurrentUser({}, { timeout = 0 }))
    assert.equal(1, asked())
  end)

  it("gives the error where the one that was refused cannot be renewed", function()
    assert(client.account.getCurrentUser())
    server:on("GET", "/account", REFUSED)
    server:on("POST", "/account/jwt", GUEST)
    local sent = #server.requests
    local user, err = client.account.getCurrentUser()
    assert.is_nil(user)
    assert.equal("general_unauthorized_scope", err.type)
    assert.equal(sent + 2, #server.requests)
  end)

  it("asks for one alone where two calls were refused at a time", function()
    assert(client.account.getCurrentUser())
    local refusals = 2
    server:on("GET", "/account", function()
      refusals = refusals - 1
      return refusals >= 0 and REFUSED or { json = { name = "Ada" } }
    end)
    local users = { appwrite.all { client.account.getCurrentUser, client.account.getCurrentUser } }
    assert.same({ "Ada", "Ada" }, { users[1].name, users[2].name })
    assert.equal(2, asked())
  end)

  it("follows the session that it is of", function()
    assert(client.account.getCurrentUser())
    parent:set("session", "another")
    assert(client.account.getCurrentUser())
    assert.equal(2, asked())
  end)

  for name, leave in pairs {
    ["a login"] = function()
      server:on("POST", "/account/sessions/anonymous", { status = 201, json = {}, headers = { ["x-fallback-cookies"] = "{}" } })
      assert(client.account.createAnonymousSession())
      assert.is_false(server.requests[#server.requests].credentials.jwt)
    end,
    ["a JWT that is set"] = function() client:set("jwt", "own") end,
    ["a session that is set"] = function() client:set("session", "own") end,
    ["forgetting the user"] = function() client:forget() end,
  } do
    it("ends with " .. name, function()
      assert(client.account.getCurrentUser())
      leave()
      now = now + 1000
      assert(client.account.getCurrentUser())
      assert.equal(1, asked())
    end)
  end

  it("goes on after a login that fails", function()
    for _, reply in ipairs { { status = 501, json = { message = "no" } }, { kind = "network" } } do
      server:on("POST", "/account/sessions/anonymous", reply)
      assert.is_nil((client.account.createAnonymousSession({}, { retry = false })))
      assert(client.account.getCurrentUser())
      assert.equal(1, asked())
    end
  end)

  it("is for client:with only, and shows nothing", function()
    local ok, problem = pcall(appwrite.new, { project = "p", transport = server, jwt = "auto" })
    assert.is_false(ok)
    assert.truthy(problem:find("client:with", 1, true))
    assert.is_nil(tostring(client):find("jwt", 1, true))
    assert.equal("appwrite.Renewal", tostring(jwt.new(parent, {}, {})))
  end)

  it("works with a server, and not beyond its session", function()
    local real = sandbox.start()
    finally(function() real.stop() end)
    jwt.now = clock
    local user = appwrite.new { endpoint = real.endpoint, project = real.project }
    local id = assert(user.account.createAnonymousSession()).userId
    local own = user:with { jwt = "auto" }
    assert.equal(id, assert(own.account.getCurrentUser())["$id"])
    assert.equal(id, assert(own.account.updatePreferences { prefs = { a = 1 } })["$id"])
    assert(user.account.logoutSessionById { sessionId = "current" })
    assert.equal(401, select(2, own.account.getCurrentUser()).code)
    local another = assert(user.account.createAnonymousSession()).userId
    assert.equal(another, assert(own.account.getCurrentUser())["$id"])
  end)
end)
