local options = require "appwrite.options"

local RULES = {
  project = { type = "string", nonEmpty = true },
  timeout = { type = "number", unit = "seconds" },
  nulls = { type = "string", enum = { "drop", "keep" } },
  headers = { type = "table" },
  count = { type = "number", min = 1, max = 5, whole = true },
  to = { type = "string", other = "function", nonEmpty = true },
}

describe("appwrite.options", function()
  it("lets good options through", function()
    assert.is_nil(options.check({}, RULES))
    assert.is_nil(options.check({ to = "x" }, RULES))
    assert.is_nil(options.check({ to = print }, RULES))
    assert.is_nil(options.check({ project = "p", timeout = 0, nulls = "keep", headers = {} }, RULES))
  end)

  local refused = {
    { 5, "options must be a table, got number 5" },
    { { projekt = "p" }, 'unknown option "projekt"; did you mean "project"?' },
    { { xyzzy = 1 }, 'unknown option "xyzzy"; there are count, headers, nulls, project, timeout, to' },
    { { project = 5 }, 'option "project" must be a string, got number 5' },
    { { project = "" }, 'option "project" must not be empty' },
    { { timeout = -1 }, 'option "timeout" must be 0 or more seconds, got -1' },
    { { timeout = 0 / 0 }, 'option "timeout" must be 0 or more seconds' },
    { { timeout = math.huge }, 'option "timeout" must be 0 or more seconds' },
    { { to = 5 }, 'option "to" must be a string or a function, got number 5' },
    { { to = "" }, 'option "to" must not be empty' },
    { { count = 6 }, 'option "count" must be 5 or less, got 6' },
    { { count = 1.5 }, 'option "count" must be a whole number, got 1.5' },
    { { count = 0 }, 'option "count" must be 1 or more, got 0' },
    { { nulls = "kepe" }, 'option "nulls" must be "drop" or "keep", got "kepe"' },
  }
  for _, case in ipairs(refused) do
    it("says: " .. case[2], function()
      local problem = options.check(case[1], RULES)
      assert.is_string(problem)
      assert.equal(case[2], problem:sub(1, #case[2]))
    end)
  end

  it("does not print the value of an option that may be a secret", function()
    local problem = options.check({ project = { "hunter2" } }, RULES)
    assert.is_nil(problem:find("hunter2", 1, true))
  end)

  it("checks header names and values", function()
    assert.is_nil(options.checkHeaders { ["x-a"] = "1" })
    assert.equal('header "x-a" must be a string, got number 1', options.checkHeaders { ["x-a"] = 1 })
    assert.equal('header "x-a" must not contain CR, LF or NUL', options.checkHeaders { ["x-a"] = "a\r\nb: c" })
    assert.equal('header "x-a" must not contain CR, LF or NUL', options.checkHeaders { ["x-a"] = "a\0" })
    assert.truthy(options.checkHeaders({ ["x a"] = "1" }):find("not a token", 1, true))
    assert.truthy(options.checkHeaders({ ["x:"] = "1" }):find("not a token", 1, true))
  end)
end)
