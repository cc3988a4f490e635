local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local log = require "appwrite.log"
local process = require "spec.support.process"
local scheduler = require "appwrite.scheduler"

describe("appwrite.log", function()
  local told, reports
  local function note(level, event, fields)
    told[#told + 1] = { level, event, fields }
  end

  before_each(function()
    told, reports = {}, {}
    scheduler.onError(function(message)
      reports[#reports + 1] = message
    end)
  end)

  after_each(function()
    scheduler.onError(nil)
  end)

  local function stateWith(fn)
    return { log = log.new(fn) }
  end

  it("is silent where nobody wants to know", function()
    assert.is_nil(log.new(nil))
    log.emit({}, "info", "request.start", { operation = "a.b" })
  end)

  it("tells level, event and fields", function()
    log.emit(stateWith(note), "info", "request.retry", { operation = "a.b", wait = 1.5 })
    log.emit(stateWith(note), "info", "session.login")
    assert.same({ { "info", "request.retry", { operation = "a.b", wait = 1.5 } }, { "info", "session.login", {} } }, told)
  end)

  it("hides what is secret, whoever tells it, and changes nothing", function()
    local fields = {
      url = "http://h/v1/x?secret=abc", headers = { ["x-appwrite-key"] = "k" }, session = "s", token = { "t" },
      message = "no " .. ("ab"):rep(32), code = 401, jwt = true,
    }
    log.emit(stateWith(note), "warn", "request.end", fields)
    assert.same({
      url = "http://h/v1/x?secret=***", headers = { ["x-appwrite-key"] = "***" }, session = "***", token = "***",
      message = "no ***", code = 401, jwt = true,
    }, told[1][3])
    assert.equal("k", fields.headers["x-appwrite-key"])
    told[1][3].headers["x-appwrite-key"] = "changed"
    assert.equal("k", fields.headers["x-appwrite-key"])
  end)

  it("tells once that the function raised, and raises nothing", function()
    local calls = 0
    local state = stateWith(function()
      calls = calls + 1
      error("log is full", 0)
    end)
    log.emit(state, "info", "a", {})
    log.emit(state, "info", "b", {})
    assert.equal(2, calls)
    assert.same({ "the log function failed, which is told this once: log is full" }, reports)
  end)

  it("does not suffer from a report that raises", function()
    scheduler.onError(function()
      error "no more"
    end)
    assert.has_no.errors(function()
      log.emit(stateWith(function()
        error "full"
      end), "info", "a", {})
    end)
  end)

  it("does not tell what the function itself does", function()
    local state, count = nil, 0
    state = stateWith(function()
      count = count + 1
      log.emit(state, "info", "inner", {})
    end)
    log.emit(state, "info", "outer", {})
    log.emit(state, "info", "outer", {})
    assert.equal(2, count)
  end)

  it("writes readable lines", function()
    local line = log.line("debug", "request.end", {
      status = 200, operation = "account.getCurrentUser", method = "GET", elapsed = 0.0123, message = "two\nwords",
      headers = { b = "2", a = "1" },
    })
    assert.truthy(line:find "^appwrite %d%d:%d%d:%d%d debug request%.end ")
    assert.equal("operation=account.getCurrentUser method=GET status=200 elapsed=0.012 headers={a=1 b=2}"
      .. ' message="two words"', line:match "request%.end (.*)$")
  end)

  it("is told of sessions and of realtime", function()
    local server = fake.new()
    server:on("POST", "/account/sessions/anonymous", { status = 201, json = { ["$id"] = "s" } })
    local client = appwrite.new { project = "p", transport = server, log = note }
    assert(client.account.createAnonymousSession())
    client:set("jwt", "hunter2"):forget()
    local sub = client.realtime:subscribe "files"
    local function untilState(state)
      local deadline = scheduler.now() + 10
      while client.realtime:state() ~= state do
        assert(scheduler.now() < deadline, state)
        appwrite.poll(0.01)
      end
    end
    untilState "live"
    server.sockets[1]:drop { kind = "network", message = "the cable is out" }
    untilState "waiting"
    sub:close()
    appwrite.run()
    local events = {}
    for _, entry in ipairs(told) do
      if not entry[2]:find "^request" then
        events[#events + 1] = { entry[1], entry[2], entry[3].message }
      end
    end
    assert.same({
      { "info", "session.login" }, { "info", "session.set" }, { "info", "session.forgotten" },
      { "debug", "realtime.connect" }, { "debug", "realtime.open" }, { "warn", "realtime.lost", "the cable is out" },
    }, events)
  end)

  describe("with APPWRITE_DEBUG", function()
    -- A process of its own, since the environment of this one cannot be changed.
    local function run(value, code)
      return (process.run(("APPWRITE_DEBUG=%s LUA_PATH=%s LUA_CPATH=%s %s -e %s"):format(process.quote(value),
        process.quote(package.path), process.quote(package.cpath), process.quote(process.interpreter()),
        process.quote(code))))
    end

    local CODE = [[
      local fake = require("appwrite.transport.fake").new()
      fake:on("POST", "/account", { json = { name = "Ada" } })
      local client = require("appwrite").new { project = "p", transport = fake, key = "key-of-this-spec" }
      assert(client.account.registerUser { userId = "ada", email = "ada@example.com", password = "correct horse" })
      io.stderr:write("end")
    ]]

    it("goes to standard error", function()
      local output = run("1", CODE)
      assert.truthy(output:find("debug request.start operation=account.registerUser method=POST", 1, true), output)
      assert.truthy(output:find("debug request.end operation=account.registerUser", 1, true), output)
      assert.is_nil(output:find("horse", 1, true))
      assert.is_nil(output:find("key-of-this-spec", 1, true))
    end)

    it("is silent where it is 0 or empty", function()
      for _, value in ipairs { "0", "" } do
        assert.equal("end", run(value, CODE))
      end
    end)
  end)
end)
