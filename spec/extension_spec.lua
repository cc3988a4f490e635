local appwrite = require "appwrite"
local extension = require "appwrite.extension"
local fake = require "appwrite.transport.fake"

describe("appwrite.extension", function()
  local client, received, proxy

  before_each(function()
    client = appwrite.new { project = "test", transport = fake.new() }
    received = {}
    proxy = extension.of("things", {
      make = {
        rules = { name = { type = "string" }, bad = { type = "boolean" } }, required = { "name" },
        check = function(given) return given.bad and "it is bad" or nil end,
        run = function(with, given)
          received[#received + 1] = { with, given }
          return { given.name }, nil, "response"
        end,
      },
      fail = { rules = {}, run = function() return nil, "err", "response" end },
      done = { rules = {}, run = function() return true end },
    }, client)
  end)

  local function raised(message, ...)
    local ok, problem = pcall(...)
    assert.is_false(ok)
    assert.truthy(problem:find(message, 1, true), problem)
  end

  it("calls by a dot and by a colon, with a copy of what was given", function()
    local given = { name = "x" }
    for _, call in ipairs {
      function() return proxy.make(given) end,
      function() return proxy:make(given) end,
    } do
      local result, err, response = call()
      assert.same({ { "x" }, "response" }, { result, response })
      assert.is_nil(err)
    end
    for _, row in ipairs(received) do
      assert.equal(client, row[1])
      assert.same(given, row[2])
      assert.not_equal(given, row[2])
    end
    assert.equal(2, #received)
  end)

  it("hands back an error as two values, and nothing given as an empty table", function()
    assert.equal(2, select("#", proxy.fail()))
    assert.same({ nil, "err" }, { proxy:fail {} })
    assert.is_true(proxy.done())
  end)

  it("calls back, with options and without", function()
    local got = {}
    local function callback(...)
      got[#got + 1] = { ... }
    end
    for _, call in ipairs {
      function() return proxy.make({ name = "x" }, callback) end,
      function() return proxy:make({ name = "x" }, callback) end,
      function() return proxy.done(callback) end,
      function() return proxy:done(callback) end,
      function() return proxy:fail(callback) end,
    } do
      local task = call()
      assert.equal("appwrite.Task (done)", tostring(task))
    end
    assert.equal(0, #got)
    while appwrite.poll() > 0 do end
    assert.same({ { { "x" }, nil, "response" }, { { "x" }, nil, "response" }, { true }, { true }, { nil, "err" } }, got)
  end)

  it("raises what is wrong with a call, at its line", function()
    raised('spec/extension_spec.lua', function() proxy.make {} end)
    raised('things.make: option "name" is missing', function() proxy.make {} end)
    raised('things.make: option "name" is missing', function() proxy.make() end)
    raised('things.make: unknown option "nam"; did you mean "name"?', function() proxy:make { nam = "x" } end)
    raised('things.make: option "name" must be a string, got number 5', function() proxy.make { name = 5 } end)
    raised("things.make: it is bad", function() proxy.make { name = "x", bad = true } end)
    raised("things.make: options must be a table, got string", function() proxy.make "x" end)
    raised("things.make: the last argument may be a callback, got table", function() proxy.make({ name = "x" }, {}) end)
    assert.equal(0, #received)
  end)

  it("is a table of its own kind", function()
    assert.equal(proxy.make, proxy.make)
    raised('client.things has no "mke"; did you mean "make"?', function() return proxy.mke end)
    raised('client.things has no "5"', function() return proxy[5] end)
    raised('client.things takes no new field "x"', function() proxy.x = 1 end)
    assert.equal("appwrite.things", getmetatable(proxy).__name)
  end)

  it("is a field of a client, made once", function()
    assert.equal(client.oauth2, client.oauth2)
    assert.equal(client.flows, client.flows)
    assert.not_equal(client.oauth2, client:with({}).oauth2)
    raised('a client has no service or method "oauth"; did you mean "oauth2"?', function() return client.oauth end)
  end)
end)
