local appwrite = require "appwrite"
local carrier = require "appwrite.carrier"
local engine = require "appwrite.engine"
local fake = require "appwrite.transport.fake"
local operations = require "appwrite.operations"
local scheduler = require "appwrite.scheduler"
local tasks = require "appwrite.tasks"

local DOWNLOAD = operations.find "storage.getFileDownload"
local GET = operations.find "storage.getFileById"

describe("appwrite.carrier", function()
  local server, state, time, now, sleep, slept

  before_each(function()
    server = fake.new()
    server:on("*", "*", { json = { name = "Ada" } })
    state = {
      transport = server, engine = engine.of(server), session = server.open { endpoint = "http://x/v1", project = "p" },
      nulls = "drop",
    }
    now, sleep, time, slept = scheduler.now, tasks.pauseCall, 100, {}
    scheduler.now = function() return time end
    tasks.pauseCall = function(seconds)
      slept[#slept + 1] = seconds
      time = time + seconds
    end
  end)

  after_each(function()
    scheduler.now, tasks.pauseCall = now, sleep
  end)

  local function request()
    return { method = "GET", target = "/x", headers = { ["content-type"] = "a/b" } }
  end

  it("gives each kind of call its time", function()
    local cases = {
      { GET, nil, nil, 60 }, { DOWNLOAD, nil, nil, 0 }, { GET, 5, nil, 5 }, { DOWNLOAD, 5, nil, 5 },
      { GET, 5, { timeout = 7 }, 7 }, { GET, nil, { timeout = 0 }, 0 },
    }
    for _, case in ipairs(cases) do
      state.timeout = case[2]
      carrier.send(state, case[1], request(), case[3])
      assert.equal(case[4], server.requests[#server.requests].timeout)
    end
  end)

  it("adds the call's headers to the request's, and changes neither table", function()
    local one, headers = request(), { ["X-A"] = "1", ["Content-Type"] = "c/d" }
    local given = one.headers
    carrier.send(state, GET, one, { headers = headers })
    assert.same({ ["x-a"] = "1", ["content-type"] = "c/d" }, server.requests[1].headers)
    assert.same({ ["content-type"] = "a/b" }, given)
    assert.same({ ["X-A"] = "1", ["Content-Type"] = "c/d" }, headers)
  end)

  it("leaves later requests what is left of the call's time", function()
    local carried = carrier.new(state, DOWNLOAD, { timeout = 10, headers = { a = "1" } })
    carried:send(request())
    time = 103
    carried:send(request())
    time = 109.5
    assert(carried:call(GET, { bucketId = "b", fileId = "f" }))
    assert.same({ 10, 7, 0.5 }, { server.requests[1].timeout, server.requests[2].timeout, server.requests[3].timeout })
    assert.equal("1", server.requests[3].headers.a)
    time = 110
    local answer = carried:send(request())
    assert.equal("timeout", answer.kind)
    local result, err = carried:call(GET, { bucketId = "b", fileId = "f" })
    assert.is_nil(result)
    assert.equal("timeout", err.kind)
    assert.equal("the call did not end within 10 s", err.message)
    assert.equal(3, #server.requests)
  end)

  it("has no end of time where none is set", function()
    for _, options in ipairs { {}, { timeout = 0 } } do
      local carried = carrier.new(state, DOWNLOAD, options)
      carried:send(request())
      time = time + 1e6
      carried:send(request())
      assert.equal(0, server.requests[#server.requests].timeout)
      assert.is_true(carried:wait(1000))
    end
  end)

  it("waits only where something can come after it", function()
    local carried = carrier.new(state, DOWNLOAD, { timeout = 10 })
    assert.is_true(carried:wait(4))
    assert.is_false(carried:wait(6))
    assert.same({ 4 }, slept)
  end)

  it("speaks for its own operation", function()
    local carried = carrier.new(state, DOWNLOAD)
    server:on("GET", "/storage/buckets/b/files/f", { status = 404, json = { message = "no", code = 404, type = "t" } })
    local result, err, response = carried:call(GET, { bucketId = "b", fileId = "f" })
    assert.is_nil(result)
    assert.equal("storage.getFileDownload", err.operation)
    assert.equal(404, response.status)
    result, err = carried:call(GET, { bucketId = "b", fileId = ".." })
    assert.is_nil(result)
    assert.equal("argument", err.kind)
    assert.is_true(appwrite.Error.is(carried:fail("file", "x")))
    assert.equal("storage.getFileDownload", carried:fail("file", "x").operation)
  end)

  it("decodes as the client does", function()
    state.nulls = "keep"
    server:on("GET", "/x", { json = { a = appwrite.null } })
    local carried = carrier.new(state, GET)
    local result = carried:decode(carried:send(request()))
    assert.equal(appwrite.null, result.a)
  end)
end)
