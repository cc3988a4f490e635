local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local transport = require "appwrite.transport"

describe("appwrite.transport", function()
  it("accepts the two transports there are", function()
    assert.is_nil(transport.check(require "appwrite.transport.curl"))
    local server = fake.new()
    assert.is_nil(transport.check(server))
    assert.is_nil(transport.checkSession(server.open { endpoint = "http://x", project = "p" }, "fake"))
  end)

  it("says that something is none", function()
    assert.equal("a transport must be a table, got number", transport.check(5))
  end)

  it("says what is missing when the client is made", function()
    local function new(candidate)
      local ok, message = pcall(appwrite.new, { project = "p", transport = candidate })
      assert.is_false(ok)
      return message
    end
    local function open()
      return { start = print }
    end
    assert.truthy(new({}):find("the transport's", 1, true))
    assert.truthy(new({ name = "x", open = open, step = 5 }):find('"step" must be a function, got number', 1, true))
    assert.truthy(new({ name = "x", open = open, step = open }):find('"x" opened a session without the method "fork"', 1, true))
    assert.truthy(new({ name = "x", step = open, open = function() return nil, "no route" end }):find("no route", 1, true))
  end)
end)
