local suggest = require "appwrite.suggest"

local SERVICES = {
  "account", "avatars", "databases", "functions", "graphql", "locale", "messaging", "storage", "teams",
}
local NAMES = { "registerUser", "getCurrentUser", "get", "getPrefs", "updatePreferences", "createJwt" }

describe("appwrite.suggest", function()
  local cases = {
    { "acount", SERVICES, "account" },
    { "Account", SERVICES, "account" },
    { "team", SERVICES, "teams" },
    { "grapqhl", SERVICES, "graphql" },
    { "payments", SERVICES, nil },
    { "x", SERVICES, nil },
    { "", SERVICES, nil },
    { "...", SERVICES, nil },
    { ("account"):rep(100), SERVICES, nil },
    { "regsiterUser", NAMES, "registerUser" },
    { "getcurrentuser", NAMES, "getCurrentUser" },
    { "get_current_user", NAMES, "getCurrentUser" },
    { "gett", NAMES, "get" },
    { "createJWT", NAMES, "createJwt" },
    { "updatePrefrences", NAMES, "updatePreferences" },
    { "updateEverything", NAMES, nil },
    { "de", { "fr", "DE" }, "DE" },
    { "zz", { "za", "zw" }, nil },
    { "aab", { "aac", "aaa" }, "aaa" },
    { "aab", { "aaa", "aac" }, "aaa" },
    { "aab", { "aab", "aac" }, "aab" },
    { "abc", {}, nil },
    { "abc", { "", "-", "abd" }, "abd" },
  }
  for _, case in ipairs(cases) do
    it(("%s: %s"):format(case[1]:sub(1, 20), tostring(case[3])), function()
      assert.equal(case[3], suggest.nearest(case[1], case[2]))
    end)
  end

  -- Each is one edit away from "abcdef".
  for name, text in pairs { swap = "abdcef", change = "abxdef", missing = "abdef", added = "abxcdef" } do
    it("counts one edit: " .. name, function()
      assert.equal("abcdef", suggest.nearest(text, { "abcdef" }))
    end)
  end

  it("allows a third of the letters to differ and no more", function()
    assert.equal("abcdef", suggest.nearest("abcdxy", { "abcdef" }))
    assert.is_nil(suggest.nearest("abcxyz", { "abcdef" }))
  end)
end)
