local appwrite = require "appwrite"
local channels = require "appwrite.realtime.channels"

local Channel = appwrite.Channel

describe("appwrite.Channel", function()
  for _, case in ipairs {
    { Channel.account(), "account" },
    { Channel.documents(), "documents" },
    { Channel.documents("shop", "orders"), "databases.shop.collections.orders.documents" },
    { Channel.documents("shop", "orders", "7.a-b_c"), "databases.shop.collections.orders.documents.7.a-b_c" },
    { Channel.files(), "files" },
    { Channel.files "photos", "buckets.photos.files" },
    { Channel.files("photos", "cat"), "buckets.photos.files.cat" },
    { Channel.executions(), "executions" },
    { Channel.executions "e1", "executions.e1" },
    { Channel.functions "resize", "functions.resize" },
    { Channel.teams(), "teams" },
    { Channel.teams "t1", "teams.t1" },
    { Channel.memberships(), "memberships" },
    { Channel.memberships "m1", "memberships.m1" },
  } do
    it("gives " .. case[2], function()
      assert.equal(case[2], case[1])
      assert.is_nil(channels.problem(case[1]))
    end)
  end

  for name, case in pairs {
    ["an id that is none"] = { function() Channel.documents("shop", "a b") end, 'argument "collectionId" must be an id' },
    ["an id that is too long"] = { function() Channel.teams(("x"):rep(37)) end, 'argument "teamId" must be an id' },
    ["a number"] = { function() Channel.files(5) end, "got number 5" },
    ["an empty id"] = { function() Channel.executions "" end, "got an empty string" },
    ["a database alone"] = { function() Channel.documents "shop" end, '"collectionId" is missing' },
    ["a gap"] = { function() Channel.documents("shop", nil, "x") end, '"collectionId" is missing, which comes before' },
    ["a file of no bucket"] = { function() Channel.files(nil, "x") end, '"bucketId" is missing' },
    ["no function"] = { function() Channel.functions() end, 'argument "functionId" must be an id' },
    ["a function's id that is none"] = { function() Channel.functions "a b" end, 'argument "functionId" must be an id' },
    ["a membership that is a table"] = { function() Channel.memberships {} end, 'argument "membershipId" must be an id' },
    ["a misspelt helper"] = { function() return Channel.document end, 'Channel has no "document"; did you mean "documents"?' },
  } do
    it("refuses " .. name .. ", at the caller's line", function()
      local ok, message = pcall(case[1])
      assert.is_false(ok)
      assert.truthy(message:find(case[2], 1, true), message)
      assert.truthy(message:find("spec/channel_spec.lua:", 1, true), message)
    end)
  end
end)
