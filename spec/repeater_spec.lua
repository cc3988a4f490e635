local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local repeater = require "appwrite.repeater"
local scheduler = require "appwrite.scheduler"
local tasks = require "appwrite.tasks"

describe("appwrite.repeater", function()
  local server, time, slept, own

  -- A clock of the spec's own: sleeping is what moves it, and the server's answers.
  before_each(function()
    server, time, slept = fake.new(), 1000, {}
    own = { now = scheduler.now, sleep = tasks.pauseCall, chance = repeater.chance }
    scheduler.now = function() return time end
    tasks.pauseCall = function(seconds)
      slept[#slept + 1] = seconds
      time = time + seconds
    end
    repeater.chance = function() return 0 end
  end)

  after_each(function()
    scheduler.now, tasks.pauseCall, repeater.chance = own.now, own.sleep, own.chance
  end)

  local function clientWith(options)
    options.project, options.transport = "p", server
    return appwrite.new(options)
  end

  -- Answers with these, one after another, the last again and again; each takes its seconds.
  local function answers(list)
    local count = 0
    server:on("*", "*", function()
      count = count + 1
      local reply = list[math.min(count, #list)]
      time = time + (reply.takes or 0)
      return reply
    end)
  end

  local OK = { json = { name = "Ada" } }
  local LOST = { kind = "network", message = "lost" }
  local BUSY = { status = 503, json = { message = "busy", type = "t", code = 503 } }

  it("repeats what went wrong for a while", function()
    answers { LOST, BUSY, OK }
    local client = clientWith { retry = true }
    local user, err, response = client.account.getCurrentUser()
    assert.is_nil(err)
    assert.equal("Ada", user.name)
    assert.equal(3, response.attempts)
    assert.same({ 0.5, 1 }, slept)
    assert.equal(3, #server.requests)
  end)

  it("gives up after as many attempts as it may make", function()
    answers { BUSY }
    local result, err = clientWith({ retry = { attempts = 5, base = 1, cap = 3 } }).account.getCurrentUser()
    assert.is_nil(result)
    assert.equal(503, err.code)
    assert.equal(5, err.attempts)
    assert.equal(5, err.answer.attempts)
    assert.is_true(err.retryable)
    assert.same({ 1, 2, 3, 3 }, slept)
  end)

  it("does not repeat what may have been carried out", function()
    answers { LOST }
    local _, err = clientWith({ retry = true }).account.registerUser {
      userId = "ada", email = "ada@example.com", password = "correct horse",
    }
    assert.equal(1, err.attempts)
    assert.is_false(err.retryable)
    assert.equal(1, #server.requests)
  end)

  it("repeats anything that was refused, when the server wants it", function()
    answers { { status = 429, headers = { ["retry-after"] = "4" } }, OK }
    local client = clientWith { retry = true }
    assert(client.account.registerUser { userId = "ada", email = "ada@example.com", password = "correct horse" })
    assert.same({ 4 }, slept)
    assert.equal(server.requests[1].body, server.requests[2].body)
  end)

  it("hands on at once what the server wants to wait for too long", function()
    local date = "Thu, 01 Jan 1970 00:10:00 GMT"
    answers { { status = 429, headers = { ["x-ratelimit-reset"] = "3600", date = date } } }
    local _, err = clientWith({ retry = true }).account.getCurrentUser()
    assert.equal(1, err.attempts)
    assert.equal(3000, err.retryAfter)
    assert.is_true(err.retryable)
    assert.same({}, slept)
  end)

  it("does not take a rate limit's time for an answer that is not of it", function()
    answers { { status = 503, headers = { ["x-ratelimit-reset"] = "99999999999" } }, OK }
    assert(clientWith({ retry = true }).account.getCurrentUser())
    assert.same({ 0.5 }, slept)
  end)

  it("never takes longer than the call may, and no attempt longer than it may", function()
    for _, options in ipairs { { timeout = 10 }, {} } do
      time, slept = 1000, {}
      server:reset()
      answers { { kind = "timeout", takes = 4 } }
      -- 4 s, 1 s asleep, 4 s: one is left, and the next wait would be 2.
      local _, err = clientWith({ retry = { base = 1, timeout = 4, attempts = 9 }, timeout = options.timeout })
        .account.getCurrentUser({}, { timeout = not options.timeout and 10 or nil })
      assert.equal("timeout", err.kind)
      assert.equal(2, err.attempts)
      assert.same({ 1 }, slept)
      assert.equal(1009, time)
      assert.same({ 4, 4 }, { server.requests[1].timeout, server.requests[2].timeout })
    end
  end)

  it("goes on as long as it has attempts where a call has no end of time", function()
    answers { { kind = "timeout", takes = 4 } }
    local _, err = clientWith({ retry = { base = 1, timeout = 4, attempts = 4 } })
      .account.getCurrentUser({}, { timeout = 0 })
    assert.equal(4, err.attempts)
    assert.same({ 1, 2, 4 }, slept)
    assert.same({ 4, 4 }, { server.requests[1].timeout, server.requests[4].timeout })
  end)

  it("gives later attempts what is left", function()
    answers { { kind = "network", takes = 3 }, { kind = "network", takes = 3 }, OK }
    assert(clientWith({ retry = { base = 1 } }).account.getCurrentUser({}, { timeout = 10 }))
    assert.same({ 10, 6, 1 }, {
      server.requests[1].timeout, server.requests[2].timeout, server.requests[3].timeout,
    })
  end)

  it("is told otherwise by a call, or by client:with", function()
    answers { BUSY }
    local client = clientWith { retry = { attempts = 4, base = 0 } }
    for options, wanted in pairs {
      [{ retry = false }] = 1, [{ retry = { attempts = 2 } }] = 2, [{ retry = true }] = 4, [{}] = 4,
    } do
      local _, err = client.account.getCurrentUser({}, options)
      assert.equal(wanted, err.attempts)
    end
    local _, err = client:with({ retry = false }).account.getCurrentUser()
    assert.equal(1, err.attempts)
    _, err = client:with({}).account.getCurrentUser()
    assert.equal(4, err.attempts)
    _, err = client:with({ retry = false }).account.getCurrentUser({}, { retry = true })
    assert.equal(3, err.attempts)
  end)

  it("repeats nothing on a transport that says so, unless it is asked to", function()
    answers { BUSY }
    local _, err = clientWith({}).account.getCurrentUser()
    assert.equal(1, err.attempts)
    server.retry = nil
    _, err = clientWith({}).account.getCurrentUser()
    assert.equal(3, err.attempts)
  end)

  it("repeats raw calls and bytes too", function()
    answers { BUSY, OK }
    local client = clientWith { retry = true }
    local result, _, response = client:call { method = "GET", path = "/ping" }
    assert.equal("Ada", result.name)
    assert.equal(2, response.attempts)
    answers { LOST, { body = "\137PNG" } }
    assert.equal("\137PNG", (client.avatars.getUserInitials { name = "Ada" }))
    answers { LOST, OK }
    local _, err = client:call { method = "POST", path = "/ping" }
    assert.equal(1, err.attempts)
  end)

  it("asks whoever watches", function()
    answers { BUSY, LOST, OK }
    local seen = {}
    local client = clientWith {
      retry = true,
      onRetry = function(info)
        seen[#seen + 1] = info
      end,
    }
    assert(client.account.getCurrentUser())
    assert.equal(2, #seen)
    assert.equal("account.getCurrentUser", seen[1].operation)
    assert.equal(503, seen[1].err.code)
    assert.same({ 1, 3, 0.5 }, { seen[1].attempt, seen[1].attempts, seen[1].wait })
    assert.same({ 2, 3, 1 }, { seen[2].attempt, seen[2].attempts, seen[2].wait })
    assert.equal("network", seen[2].err.kind)
  end)

  it("stops where whoever watches does not want it", function()
    answers { BUSY }
    local _, err = clientWith({ retry = true, onRetry = function() return false end }).account.getCurrentUser()
    assert.equal(503, err.code)
    assert.equal(1, err.attempts)
    assert.same({}, slept)
  end)

  it("passes on what the watch raises", function()
    answers { BUSY }
    local raised = { "of the program's own" }
    local ok, problem = pcall(clientWith({ retry = true, onRetry = function() error(raised) end }).account.getCurrentUser)
    assert.is_false(ok)
    assert.equal(raised, problem)
  end)

  it("tells of each in the log", function()
    answers { BUSY, OK }
    local events = {}
    local client = clientWith { retry = true, log = function(level, event, fields)
      events[#events + 1] = { level, event, fields.attempt, fields.wait, fields.status }
    end }
    assert(client.account.getCurrentUser())
    assert.same({
      { "debug", "request.start", 1 }, { "warn", "request.end", 1, nil, 503 }, { "info", "request.retry", 1, 0.5 },
      { "debug", "request.start", 2 }, { "debug", "request.end", 2, nil, 200 },
    }, events)
  end)

  it("refuses wrong options at the caller's line", function()
    local client = clientWith {}
    for part, fn in pairs {
      ['"retry.attempts"'] = function() appwrite.new { project = "p", retry = { attempts = 0 } } end,
      ['"retry" must be a table or a boolean'] = function() client.account.getCurrentUser({}, { retry = 3 }) end,
      ['"onRetry" must be a function'] = function() client:with { onRetry = true } end,
      ["goes in pieces"] = function()
        client.storage.createFile({ bucketId = "b", fileId = "f", file = "x" }, { retry = false })
      end,
    } do
      local ok, problem = pcall(fn)
      assert.is_false(ok)
      assert.truthy(problem:find(part, 1, true), problem)
      assert.truthy(problem:find("repeater_spec.lua", 1, true), problem)
    end
  end)

  describe("while it waits", function()
    before_each(function()
      scheduler.now, tasks.pauseCall = own.now, own.sleep
    end)

    it("can be cancelled", function()
      answers { BUSY }
      local client = clientWith { retry = { base = 20 } }
      local got
      local task = client.account.getCurrentUser({}, {}, function(_, err) got = err end)
      while #server.requests == 0 or #require("appwrite.engine").active() > 0 do
        appwrite.poll()
      end
      appwrite.poll()
      assert.equal("running", task.status)
      assert.is_true(task:cancel())
      appwrite.run()
      assert.equal("cancelled", got.kind)
      assert.equal(1, #server.requests)
    end)

    it("is under way for whoever polls until nothing is", function()
      answers { BUSY, BUSY, OK }
      local client = clientWith { retry = { base = 0.02, jitter = 0 } }
      local got
      client.account.getCurrentUser({}, {}, function(user) got = user end)
      while appwrite.poll(1) > 0 do end
      assert.equal("Ada", got.name)
      answers { BUSY }
      local task = appwrite.spawn(clientWith({ retry = { base = 20 } }).account.getCurrentUser)
      while #server.requests == 3 or #require("appwrite.engine").active() > 0 do
        appwrite.poll()
      end
      appwrite.poll(1e-6)
      assert.equal(1, appwrite.poll(1e-6))
      task:cancel()
      assert.equal(0, appwrite.poll(1e-6))
    end)

    it("lets other tasks go on", function()
      answers { BUSY, OK }
      local client, order = clientWith { retry = { base = 0.02, jitter = 0 } }, {}
      appwrite.all {
        function()
          assert(client.account.getCurrentUser())
          order[#order + 1] = "call"
        end,
        function()
          appwrite.sleep(0.001)
          order[#order + 1] = "other"
        end,
      }
      assert.same({ "other", "call" }, order)
    end)
  end)

  it("leaves a part of each wait to the system's randomness", function()
    local seen = {}
    for _ = 1, 20 do
      local value = own.chance()
      assert.is_true(value >= 0 and value < 1)
      seen[value] = true
    end
    assert.is_truthy(next(seen, next(seen)))
  end)
end)
