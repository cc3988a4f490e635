local attempts = require "appwrite.attempts"

local format = string.format

local function describeError(err)
  return format("%s %s, retryAfter %s", err.kind, tostring(err.code), tostring(err.retryAfter))
end

-- The error, how many failed, and seconds, or nil where it is given up.
local CASES = {
  { { kind = "network", code = 0 }, 1, 0.5 },
  { { kind = "timeout", code = 0 }, 1, 0.5 },
  { { kind = "network", code = 206 }, 2, 1 },
  { { kind = "network", code = 0 }, 3, nil },
  { { kind = "api", code = 500 }, 1, 0.5 },
  { { kind = "api", code = 502 }, 1, 0.5 },
  { { kind = "api", code = 503 }, 2, 1 },
  { { kind = "api", code = 504 }, 1, 0.5 },
  { { kind = "api", code = 503, retryAfter = 7 }, 1, 7 },
  { { kind = "api", code = 429 }, 1, 1 },
  { { kind = "api", code = 429 }, 2, 1 },
  { { kind = "api", code = 429, retryAfter = 60 }, 1, 60 },
  { { kind = "api", code = 429, retryAfter = 60.5 }, 1, nil },
  { { kind = "api", code = 429, retryAfter = 0 }, 3, nil },
  { { kind = "api", code = 400 }, 1, nil },
  { { kind = "api", code = 401 }, 1, nil },
  { { kind = "api", code = 404 }, 1, nil },
  { { kind = "api", code = 501 }, 1, nil },
  { { kind = "tls", code = 0 }, 1, nil },
  { { kind = "cancelled", code = 0 }, 1, nil },
  { { kind = "file", code = 0 }, 1, nil },
  { { kind = "protocol", code = 201 }, 1, nil },
}

describe("appwrite.attempts", function()
  for _, case in ipairs(CASES) do
    local err, failed, seconds = case[1], case[2], case[3]
    it(format("after %d of %s waits %s s", failed, describeError(err), tostring(seconds)), function()
      assert.equal(seconds, attempts.pause(err, failed))
    end)
  end

  it("takes the word of who asks, but not for ever", function()
    local err = { kind = "protocol", code = 201 }
    assert.equal(0.5, attempts.pause(err, 1, true))
    assert.equal(1, attempts.pause(err, attempts.MOST - 1, true))
    assert.is_nil(attempts.pause(err, attempts.MOST, true))
  end)
end)
