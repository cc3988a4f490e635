local twice = require "appwrite.realtime.twice"

describe("appwrite.realtime.twice", function()
  it("knows again what the old connection has brought, as often as that did", function()
    local one = twice.new(2)
    assert.is_false(one:knows(1, "a", 0))
    assert.is_false(one:knows(1, "a", 0))
    assert.is_false(one:knows(1, "b", 0))
    assert.is_true(one:knows(2, "a", 1))
    assert.is_true(one:knows(2, "a", 1))
    assert.is_false(one:knows(2, "a", 1))
    assert.is_false(one:knows(2, "c", 1))
    assert.is_true(one:knows(2, "b", 1))
  end)

  it("does so for some seconds after the new connection has begun", function()
    local one = twice.new(2)
    one:knows(1, "a", 0)
    one:knows(1, "b", 100)
    assert.is_true(one:knows(2, "a", 100))
    assert.is_false(one:knows(2, "b", 106))
    assert.is_nil(next(one.texts))
  end)

  it("has nothing to say of later connections", function()
    local one = twice.new(2)
    one:knows(1, "a", 0)
    assert.is_false(one:knows(3, "a", 0))
  end)

  it("keeps no more than it may", function()
    local one = twice.new(2)
    local megabyte = ("x"):rep(1024 * 1024)
    for index = 1, 10 do
      one:knows(1, index .. megabyte, 0)
    end
    local kept = 0
    for _ in pairs(one.texts) do
      kept = kept + 1
    end
    assert.equal(3, kept)
  end)
end)
