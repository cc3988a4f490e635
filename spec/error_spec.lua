local Error = require "appwrite.error"

describe("appwrite.error", function()
  it("fills in what is not said", function()
    local err = Error.new { kind = "network", message = "no route" }
    local fields = {}
    for name, value in pairs(err) do
      fields[name] = value
    end
    assert.same({ kind = "network", message = "no route", type = "network", code = 0, attempts = 0, retryable = false },
      fields)
  end)

  it("keeps what is said", function()
    local given = {
      kind = "api", message = "m", type = "user_blocked", code = 401, response = "{}", operation = "account.get",
      attempts = 2, retryAfter = 1.5, retryable = true,
    }
    local err = Error.new(given)
    for name, value in pairs(given) do
      assert.equal(value, err[name])
    end
    assert.not_equal(given, err)
    assert.is_nil(getmetatable(given))
  end)

  local lines = {
    { { kind = "api", message = "Invalid credentials.", type = "user_invalid_credentials", code = 401,
      operation = "account.createJwt" }, "account.createJwt: Invalid credentials. (401 user_invalid_credentials)" },
    { { kind = "api", message = "Bad Gateway", code = 502 }, "Bad Gateway (502)" },
    { { kind = "protocol", message = "no JSON", code = 200, operation = "a.b" }, "a.b: no JSON (200 protocol)" },
    { { kind = "timeout", message = "too slow", operation = "a.b" }, "a.b: too slow (timeout)" },
    { { kind = "network", message = "why", type = "dns" }, "why (dns)" },
    { { kind = "api", message = "one\r\n  two\nthree", code = 500 }, "one two three (500)" },
    { { kind = "api", message = "\27[2J\0\194\155\208\176", type = "a\nb\7", code = 500 }, "\\x1B[2J\\x00\\xC2\\x9B\208\176 (500)" },
  }
  for _, case in ipairs(lines) do
    it("prints as one line: " .. case[2], function()
      assert.equal(case[2], tostring(Error.new(case[1])))
    end)
  end

  it("takes for a type only a word, and for a code only a whole number", function()
    for _, odd in ipairs { "a b", "", "a\27[2J", ("t"):rep(101), 5, {} } do
      assert.equal("api", Error.new { kind = "api", message = "m", type = odd }.type)
    end
    for _, odd in ipairs { 1.5, 0 / 0, 1 / 0, -1 / 0, 1e300, -1e300, "400", {} } do
      local err = Error.new { kind = "api", message = "m", code = odd }
      assert.equal(0, err.code)
      assert.equal("m (api)", tostring(err))
    end
  end)

  it("has a message that can be printed", function()
    assert.equal("\\x1B[2J", Error.new { kind = "api", message = "\27[2J" }.message)
    assert.equal(2003, #Error.new { kind = "api", message = ("x"):rep(500000) }.message)
  end)

  it("does not print the body", function()
    local err = Error.new { kind = "api", message = "m", code = 400, response = '{"secret":"hunter2"}' }
    assert.is_nil(tostring(err):find("hunter2", 1, true))
    assert.equal('{"secret":"hunter2"}', err.response)
  end)

  it("is told from other tables", function()
    local err = Error.new { kind = "file", message = "m" }
    assert.is_true(Error.is(err))
    assert.equal("appwrite.Error", getmetatable(err).__name)
    for _, other in ipairs { {}, { kind = "file", message = "m" }, "m", 5, false } do
      assert.is_false(Error.is(other))
    end
    assert.is_false(Error.is(nil))
  end)

  it("can be raised and caught", function()
    local err = Error.new { kind = "file", message = "m" }
    local ok, caught = pcall(error, err)
    assert.is_false(ok)
    assert.equal(err, caught)
  end)

  it("is of a documented kind and has a message", function()
    assert.has_error(function() Error.new { kind = "oops", message = "m" } end,
      'an error\'s kind must be one of the documented ones, got "oops"')
    assert.has_error(function() Error.new { kind = "api" } end, "an error's message must be a string, got nil")
  end)
end)
