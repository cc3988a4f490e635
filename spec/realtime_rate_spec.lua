local rate = require "appwrite.realtime.rate"

describe("appwrite.realtime.rate", function()
  it("lets as many begin as are allowed for, and the next when the first is old enough", function()
    local one = rate.new(3, 60)
    for at = 0, 2 do
      assert.equal(at, one:next(at))
      one:count(at)
    end
    assert.equal(60, one:next(2))
    assert.equal(60, one:next(59))
    assert.equal(60, one:next(60))
    one:count(60)
    assert.equal(61, one:next(60))
  end)

  it("keeps no more than it needs", function()
    local one = rate.new(10, 60)
    for at = 1, 10000 do
      one:next(at * 100)
      one:count(at * 100)
    end
    local kept = 0
    for key in pairs(one) do
      kept = kept + (type(key) == "number" and 1 or 0)
    end
    assert.is_true(kept <= 11)
  end)

  it("stays below the 128 a minute of Appwrite 1.5", function()
    local one = rate.new()
    local count = 0
    for at = 0, 59.99, 0.01 do
      if one:next(at) <= at then
        one:count(at)
        count = count + 1
      end
    end
    assert.equal(120, count)
  end)
end)
