local Permission = require "appwrite.permission"
local Role = require "appwrite.role"

local strings = dofile "spec/data/strings.lua"
local unpack = table.unpack or unpack

describe("appwrite.permission", function()
  for _, case in ipairs(strings.permissions) do
    it("is as the official SDK's: " .. case.output, function()
      assert.equal(case.output, Permission[case.method](unpack(case.args)))
    end)
  end

  it("takes what Role gives", function()
    assert.equal('write("team:t/owner")', Permission.write(Role.team("t", "owner")))
  end)

  for _, wrong in ipairs { false, 5, "" } do
    it("refuses at the caller's line: " .. tostring(wrong), function()
      for _, name in ipairs { "read", "create", "update", "delete", "write" } do
        local line = debug.getinfo(1, "l").currentline + 1
        local ok, message = pcall(function() Permission[name](wrong) end)
        assert.is_false(ok)
        local expected = ('permission_spec.lua:%d: Permission.%s: argument "role" must be a role such as Role.any(), got ')
          :format(line, name)
        assert.truthy(message:find(expected, 1, true), message)
      end
    end)
  end

  it("names the nearest", function()
    assert.has_error(function() return Permission.raed end, 'Permission has no "raed"; did you mean "read"?')
  end)
end)
