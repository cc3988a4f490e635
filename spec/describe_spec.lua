local describe_ = require "appwrite.describe"
local operations = require "appwrite.operations"

local function param(fullName, name)
  return operations.find(fullName).byName[name]
end

describe("appwrite.describe", function()
  it("says what values a parameter takes", function()
    local cases = {
      { "account.registerUser", "userId", { 'an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit; or "unique()"' } },
      { "account.registerUser", "password", { "8 to 256 bytes" } },
      { "account.registerUser", "email", {} },
      { "account.updatePhone", "phone", { "a plus and up to 15 digits" } },
      { "avatars.getUserInitials", "width", { "0 to 2000" } },
      { "avatars.getCountryFlagByCode", "code", { "in any case" } },
      { "databases.listUserDocuments", "queries", { "100 items at most", "each of up to 4096 characters" } },
      { "graphql.executeMutation", "query", { "or an array of up to 10 of them" } },
    }
    for _, case in ipairs(cases) do
      assert.same(case[3], describe_.range(param(case[1], case[2])), case[1] .. "." .. case[2])
    end
    assert.same({ "5 or more" }, describe_.range { min = 5 })
    assert.same({ "up to 3 characters" }, describe_.range { maxLength = 3 })
  end)

  it("says what the server takes where nothing is sent", function()
    assert.equal("500", describe_.default(param("avatars.getUserInitials", "width")))
    assert.equal('""', describe_.default(param("avatars.getUserInitials", "name")))
    assert.equal("false", describe_.default(param("avatars.generateQrCodeImage", "download")))
    assert.is_nil(describe_.default(param("account.registerUser", "name")))
  end)

  it("says how often an operation may be called", function()
    assert.equal("10 calls an hour, counted by address", describe_.rateLimit { rateLimit = { requests = 10, seconds = 3600 } })
    assert.equal("60 calls a minute, counted by user",
      describe_.rateLimit { rateLimit = { requests = 60, seconds = 60, by = "user" } })
    assert.equal("5 calls in 10 seconds, counted by `email`",
      describe_.rateLimit { rateLimit = { requests = 5, seconds = 10, by = "email" } })
    assert.is_nil(describe_.rateLimit {})
  end)

  it("says how an operation is called, and what it gives", function()
    local cases = {
      { "account.registerUser", "account.registerUser { userId, email, password, name? }", "User" },
      { "locale.getUserLocale", "locale.getUserLocale()", "Locale" },
      { "avatars.getFavicon", "avatars.getFavicon { url }", "bytes" },
      { "account.createOAuth2Token", "account.createOAuth2Token { provider, success?, failure?, scopes? }", "url" },
      { "graphql.executeMutation", "graphql.executeMutation { query }", "data" },
      { "teams.removeTeam", "teams.removeTeam { teamId }", "true" },
    }
    for _, case in ipairs(cases) do
      local operation = operations.find(case[1])
      assert.equal(case[2], describe_.signature(case[1]:match "^%a+", operation.row))
      assert.equal(case[3], describe_.result(operation.row))
    end
  end)
end)
