local appwrite = require "appwrite"
local hostile = require "spec.support.hostile"
local port = require "spec.support.port"
local recorder = require "spec.support.recorder"

-- Retries over the real transport: above all, what it knows of whether anything was sent.
describe("Retries by the C core", function()
  local QUICK = { attempts = 3, base = 0.01 }
  local REGISTRATION = { userId = "ada", email = "ada@example.com", password = "correct horse" }
  local server

  setup(function()
    server = hostile.start()
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    server:clear()
  end)

  local function clientAt(endpoint, options)
    options = options or {}
    options.endpoint, options.project, options.retry = endpoint, "p", options.retry or QUICK
    return appwrite.new(options)
  end

  it("repeat any call whose connection was refused", function()
    local number, holder = port.refusing()
    finally(function() holder:close() end)
    local client = clientAt("http://127.0.0.1:" .. number .. "/v1")
    for _, err in ipairs {
      select(2, client.account.registerUser(REGISTRATION)), select(2, client.account.getCurrentUser()),
    } do
      assert.equal("network", err.kind)
      assert.equal(3, err.attempts)
      assert.is_true(err.retryable)
    end
  end)

  it("find the server that has come meanwhile", function()
    local number, holder = port.refusing()
    finally(function() holder:close() end)
    local client = clientAt("http://127.0.0.1:" .. number .. "/v1", {
      onRetry = function() assert(holder:listen(4)) end,
    })
    local task = appwrite.spawn(client.account.registerUser, REGISTRATION)
    holder:settimeout(0)
    local connection
    while not connection do
      assert.equal("running", task.status)
      appwrite.poll(0.01)
      connection = holder:accept()
    end
    connection:settimeout(10)
    assert.equal("POST /v1/account HTTP/1.1", connection:receive "*l")
    assert(connection:send "HTTP/1.1 201 Created\r\ncontent-length: 14\r\nconnection: close\r\n\r\n{\"name\":\"Ada\"}")
    local user, err, response = task:await(10)
    assert(user, err)
    assert.equal("Ada", user.name)
    assert.equal(2, response.attempts)
    connection:close()
  end)

  it("repeat any call whose connection was not made in time", function()
    local number, holder = port.deaf()
    finally(function() holder:close() end)
    local client = clientAt("http://127.0.0.1:" .. number .. "/v1", { connectTimeout = 0.05 })
    local _, err = client.account.registerUser(REGISTRATION)
    assert.equal("timeout", err.kind)
    assert.equal(3, err.attempts)
    assert.is_true(err.retryable)
  end)

  it("do not repeat what was sent and may have been carried out", function()
    local client = clientAt(server.endpoint)
    local _, err = client:call { method = "POST", path = "/close" }
    assert.equal("network", err.kind)
    assert.equal(1, err.attempts)
    assert.is_false(err.retryable)
    assert.equal(1, #server:requests())
  end)

  it("repeat what may be read again", function()
    local client = clientAt(server.endpoint)
    local _, err = client:call { method = "GET", path = "/close" }
    assert.equal("network", err.kind)
    assert.equal(3, err.attempts)
    assert.equal(3, #server:requests())
  end)

  it("repeat what took longer than one attempt may, within the time of the call", function()
    local client = clientAt(server.endpoint, { retry = { attempts = 9, base = 0.01, timeout = 0.1 }, timeout = 0.35 })
    local begun = require("appwrite.scheduler").now()
    local _, err = client:call { method = "GET", path = "/silent" }
    local seconds = require("appwrite.scheduler").now() - begun
    assert.equal("timeout", err.kind)
    assert.is_true(err.attempts >= 2 and err.attempts <= 4, err.attempts)
    assert.is_true(seconds < 0.6, seconds)
  end)

  it("do not trust a server the more often it is asked", function()
    local secure = recorder.start { tls = true }
    finally(function() secure:stop() end)
    local _, err = clientAt(secure.endpoint).account.getCurrentUser()
    assert.equal("tls", err.kind)
    assert.equal(1, err.attempts)
    assert.is_false(err.retryable)
  end)
end)
