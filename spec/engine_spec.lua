local engine = require "appwrite.engine"
local fake = require "appwrite.transport.fake"

local REQUEST = { method = "GET", target = "/account" }

local function setup(reply)
  local server = fake.new()
  server:on("*", "*", reply)
  return engine.of(server), server.open { endpoint = "http://x/v1", project = "p" }, server
end

describe("appwrite.engine", function()
  it("is one per transport", function()
    local server = fake.new()
    assert.equal(engine.of(server), engine.of(server))
    assert.not_equal(engine.of(server), engine.of(fake.new()))
  end)

  it("gives each answer to its own call", function()
    local own, session, server = setup { body = "late", steps = 3 }
    server:on("GET", "/soon", { body = "soon" })
    local late = own:start(session, REQUEST)
    local soon = own:start(session, { method = "GET", target = "/soon" })
    assert.equal("soon", own:wait(soon).body)
    assert.is_nil(late.answer)
    assert.equal("late", own:wait(late).body)
    assert.is_nil(next(own.calls))
  end)

  it("tells how many calls are under way", function()
    local own, session = setup { steps = 2 }
    own:start(session, REQUEST)
    own:start(session, REQUEST)
    assert.equal(2, own:step(0))
    assert.equal(0, own:step(0))
  end)

  it("answers a request that could not be started", function()
    local own, session = setup {}
    session.start = function()
      return nil, "file", "no such file"
    end
    local answer = own:wait(own:start(session, REQUEST))
    assert.equal("file", answer.kind)
    assert.equal("no such file", answer.message)
    assert.equal(0, answer.attempts)
  end)

  it("keeps an engine no longer than its transport", function()
    local watched = setmetatable({}, { __mode = "k" })
    do
      local server = fake.new()
      watched[engine.of(server)] = true
    end
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(watched))
  end)
end)
