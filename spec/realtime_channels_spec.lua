local channels = require "appwrite.realtime.channels"

describe("appwrite.realtime.channels", function()
  for given, near in pairs {
    ["document"] = "documents",
    ["acount"] = "account",
    ["Documents"] = "documents",
    ["database.shop.collections.orders.documents"] = "databases.shop.collections.orders.documents",
    ["databases.shop.collection.orders.document"] = "databases.shop.collections.orders.documents",
    ["databases.shop.collections.orders.document.x"] = "databases.shop.collections.orders.documents.x",
    ["bucket.photos.files"] = "buckets.photos.files",
    ["team.t1"] = "teams.t1",
    ["function.resize"] = "functions.resize",
    ["membership.m1"] = "memberships.m1",
  } do
    it("suggests for " .. given, function()
      assert.truthy(channels.problem(given):find(('did you mean "%s"?'):format(near), 1, true), channels.problem(given))
    end)
  end

  for _, given in ipairs { "databases.shop", "", "documents.*", "databases..collections.c.documents", "x.y.z", 7, "functions",
    "databases.shop.collections.orders.documents.a b", ("x"):rep(1000) } do
    it("refuses " .. tostring(given):sub(1, 50), function()
      local problem = channels.problem(given)
      assert.truthy(problem)
      assert.is_true(#problem < 600, problem)
    end)
  end

  it("says where events of an account are", function()
    assert.truthy(channels.problem("account.5f"):find('"account" is that of whoever is logged in', 1, true))
  end)
end)
