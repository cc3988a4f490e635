local appwrite = require "appwrite"
local engine = require "appwrite.engine"
local fake = require "appwrite.transport.fake"
local transfer = require "appwrite.transfer"
local turn = require "spec.support.turn"

local REQUEST = { method = "GET", target = "/x" }

describe("appwrite.transfer", function()
  local used, session, server

  before_each(function()
    server = fake.new()
    server:on("*", "*", { body = "done", steps = 5 })
    used, session = engine.of(server), server.open { endpoint = "http://x/v1", project = "p" }
  end)

  -- Sees something after every step.
  local function watch(see)
    return { look = function() return true end, see = see }
  end

  local function run(see)
    return transfer.run(used, session, REQUEST, see and watch(see))
  end

  it("waits for the answer", function()
    assert.equal("done", run().body)
  end)

  it("lets the watch see to what there is, until the end", function()
    local seen = 0
    local answer = run(function(_, handle)
      assert.is_false(handle:done())
      seen = seen + 1
    end)
    assert.equal("done", answer.body)
    assert.equal(4, seen)
  end)

  it("asks nobody to see where there is nothing", function()
    local answer = transfer.run(used, session, REQUEST, {
      look = function() return false end, see = function() error "there is nothing" end,
    })
    assert.equal("done", answer.body)
  end)

  it("ends the request where the watch says so", function()
    local answer = run(function() return "enough" end)
    assert.equal("cancelled", answer.kind)
    assert.equal("enough", answer.message)
    assert.is_nil(answer.raised)
    assert.equal(0, used.count)
  end)

  it("ends the request where the watch raises, and hands on what", function()
    for _, value in ipairs { "text", {}, 5, false } do
      local answer = run(function() error(value, 0) end)
      assert.equal("cancelled", answer.kind)
      assert.equal(value, answer.raised.value)
      assert.equal(0, used.count)
    end
    assert.is_nil(run(function() error(nil) end).raised.value)
  end)

  it("hands on a request that does not start", function()
    session.start = function()
      return nil, "argument", "no"
    end
    assert.equal("argument", run(function() error "never" end).kind)
  end)

  it("is the task's, which may wait while it sees to something", function()
    local order = {}
    local task = appwrite.spawn(function()
      return run(function()
        order[#order + 1] = "begins"
        appwrite.sleep(0.001)
        order[#order + 1] = "ends"
      end)
    end)
    appwrite.run()
    local answer = task:await()
    if _VERSION == "Lua 5.1" and not jit then -- where a task cannot wait within what pcall calls
      assert.truthy(answer.raised.value:find("attempt to yield", 1, true))
      return
    end
    assert.equal("done", answer.body)
    assert.is_true(#order >= 2)
    for index = 1, #order, 2 do
      assert.same({ "begins", "ends" }, { order[index], order[index + 1] })
    end
  end)

  it("ends with its task, also while that sees to something", function()
    local task = appwrite.spawn(run, function() end)
    turn()
    assert.equal(1, used.count)
    task:cancel()
    assert.equal(0, used.count)
    task = appwrite.spawn(function()
      run(function() appwrite.sleep(1000) end)
    end)
    turn()
    turn()
    task:cancel()
    assert.equal(0, used.count)
  end)
end)
