local Role = require "appwrite.role"

local strings = dofile "spec/data/strings.lua"
local unpack = table.unpack or unpack

describe("appwrite.role", function()
  for _, case in ipairs(strings.roles) do
    it("is as the official SDK's: " .. case.output, function()
      assert.equal(case.output, Role[case.method](unpack(case.args)))
    end)
  end

  it("has all forms", function()
    assert.equal("users", Role.users())
    assert.equal("users", Role.users "")
    assert.equal("users/unverified", Role.users "unverified")
    assert.equal("user:u", Role.user "u")
    assert.equal("user:u/verified", Role.user("u", "verified"))
    assert.equal("team:t", Role.team "t")
    assert.equal("team:t", Role.team("t", ""))
    assert.equal("label:vip", Role.label "vip")
  end)

  local refused = {
    { function() Role.user() end, 'Role.user: argument "id" must be a string that is not empty, got nil' },
    { function() Role.user "" end, 'Role.user: argument "id" must be a string that is not empty, got an empty string' },
    { function() Role.user(5) end, 'Role.user: argument "id" must be a string that is not empty, got number 5' },
    { function() Role.user("u", "Verified") end,
      'Role.user: argument "status" must be "verified", "unverified" or nothing, got "Verified"' },
    { function() Role.users(true) end,
      'Role.users: argument "status" must be "verified", "unverified" or nothing, got boolean true' },
    { function() Role.team {} end, 'Role.team: argument "id" must be a string that is not empty, got a table' },
    { function() Role.team("t", 5) end, 'Role.team: argument "role" must be a string or nothing, got number 5' },
    { function() Role.member() end, 'Role.member: argument "id" must be' },
    { function() Role.label "" end, 'Role.label: argument "name" must be' },
    { function() return Role.eny end, 'Role has no "eny"; did you mean "any"?' },
  }
  for _, case in ipairs(refused) do
    it("says at the caller's line: " .. case[2], function()
      local ok, message = pcall(case[1])
      assert.is_false(ok)
      local line = debug.getinfo(case[1], "S").linedefined
      assert.truthy(message:find(("role_spec.lua:%d: %s"):format(line, case[2]), 1, true), message)
    end)
  end
end)
