local operations = require "appwrite.operations"
local retry = require "appwrite.retry"

describe("appwrite.retry", function()
  local GET, POST = operations.find "account.getCurrentUser", operations.find "account.registerUser"
  local DELETE, PATCH = operations.find "databases.deleteDocumentById", operations.find "databases.updateDocumentById"
  local RAW = { fullName = "HEAD /x", row = { kind = "raw", verb = "HEAD" } }

  local function handle(sent)
    return { sent = function() return sent end }
  end

  it("says what may be repeated", function()
    for _, case in ipairs {
      -- answer, GET, POST, DELETE, PATCH
      { { status = 429 }, true, true, true, true },
      { { status = 502 }, true, false, true, false },
      { { status = 503 }, true, false, true, false },
      { { status = 504 }, true, false, true, false },
      { { status = 500 }, false, false, false, false },
      { { status = 408 }, false, false, false, false },
      { { status = 401 }, false, false, false, false },
      { { kind = "network", handle = handle(true) }, true, false, true, false },
      { { kind = "network", handle = handle(false) }, true, true, true, true },
      { { kind = "timeout", handle = handle(true) }, true, false, true, false },
      { { kind = "timeout", handle = handle(false) }, true, true, true, true },
      { { kind = "timeout", unsent = true }, true, true, true, true },
      { { kind = "network", handle = {} }, true, false, true, false },
      { { kind = "network" }, true, false, true, false },
      { { kind = "tls", handle = handle(false) }, false, false, false, false },
      { { kind = "protocol", handle = handle(true) }, false, false, false, false },
      { { kind = "cancelled", handle = handle(false) }, false, false, false, false },
    } do
      for index, operation in ipairs { GET, POST, DELETE, PATCH } do
        assert.equal(case[index + 1], retry.mayRepeat(operation, case[1]),
          operation.fullName .. " " .. tostring(case[1].status or case[1].kind))
      end
    end
    assert.is_true(retry.mayRepeat(RAW, { status = 503 }))
  end)

  it("completes a policy by the one before, or the usual", function()
    assert.same(retry.DEFAULT, retry.policy(true, false))
    assert.is_false(retry.policy(false, retry.DEFAULT))
    assert.is_false(retry.policy(nil, false))
    local own = retry.policy({ attempts = 7 }, retry.DEFAULT)
    assert.same({ attempts = 7, base = 0.5, cap = 30, jitter = 0.5 }, own)
    assert.same({ attempts = 7, base = 1, cap = 30, jitter = 0.5 }, retry.policy({ base = 1 }, own))
    assert.same({ attempts = 7, base = 0.5, cap = 30, jitter = 0.5 }, retry.policy(true, own))
    assert.equal(3, retry.DEFAULT.attempts)
  end)

  it("says what is wrong with a policy", function()
    for part, given in pairs {
      ['option "retry.attempts" must be 1 or more attempts, got 0'] = { attempts = 0 },
      ['"retry.attempts" must be a whole number'] = { attempts = 1.5 },
      ['"retry.jitter" must be 1 or less'] = { jitter = 2 },
      ['"retry.base" must be 0 or more seconds'] = { base = -1 },
      ['"retry.cap" must be a number, got string'] = { cap = "5" },
      ['did you mean "attempts"?'] = { attempt = 5 },
    } do
      local problem = retry.check(given)
      assert.truthy(problem and problem:find(part, 1, true), problem)
    end
    for _, given in ipairs { true, false, {}, { attempts = 1, base = 0, cap = 0, jitter = 0, timeout = 3 } } do
      assert.is_nil(retry.check(given))
    end
  end)

  it("waits longer each time, up to the cap, and leaves a part to chance", function()
    local policy = { attempts = 9, base = 0.5, cap = 3, jitter = 0.5 }
    local err = { retryable = true }
    for attempt, wanted in ipairs { 0.5, 1, 2, 3, 3 } do
      assert.equal(wanted, retry.pause(policy, err, attempt, 0))
      assert.equal(wanted / 2, retry.pause(policy, err, attempt, 1))
    end
    assert.equal(3, retry.pause(policy, err, 8, 0))
    assert.is_nil(retry.pause(policy, err, 9, 0))
    assert.is_nil(retry.pause(policy, { retryable = false }, 1, 0))
  end)

  it("waits as long as the server wants, never less, or not at all", function()
    local policy = { attempts = 3, base = 1, cap = 10, jitter = 0.5 }
    assert.equal(4, retry.pause(policy, { retryable = true, retryAfter = 4 }, 1, 0))
    assert.equal(4.25, retry.pause(policy, { retryable = true, retryAfter = 4 }, 1, 0.5))
    assert.is_nil(retry.pause(policy, { retryable = true, retryAfter = 11 }, 1, 0))
  end)
end)
