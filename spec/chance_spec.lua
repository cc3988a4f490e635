local chance = require "appwrite.chance"
local core = require "appwrite.core"

describe("a chance", function()
  local random = core.random

  after_each(function()
    core.random = random
  end)

  it("is one of many numbers from 0 to below 1", function()
    local seen, count = {}, 0
    for _ = 1, 100 do
      local one = chance()
      assert.is_true(one >= 0 and one < 1)
      count = count + (seen[one] and 0 or 1)
      seen[one] = true
    end
    assert.is_true(count > 50)
  end)

  it("is all that two bytes can say", function()
    for bytes, wanted in pairs { ["\0\0"] = 0, ["\128\0"] = 0.5, ["\255\255"] = 65535 / 65536 } do
      core.random = function() return bytes end
      assert.equal(wanted, chance())
    end
  end)

  it("is a half where the system gives no randomness", function()
    core.random = function() error "cannot open /dev/urandom" end
    assert.equal(0.5, chance())
  end)
end)
