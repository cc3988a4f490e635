local argument = require "appwrite.argument"
local json = require "appwrite.json"

describe("appwrite.argument", function()
  local shown = {
    { nil, "nil" }, { json.null, "appwrite.null" }, { "", "an empty string" }, { "x", '"x"' }, { "a\nb", '"a?b"' },
    { ("x"):rep(50), '"' .. ("x"):rep(40) .. '…"' }, { 5, "number 5" }, { true, "boolean true" }, { {}, "a table" },
    { { 1 }, "an array" }, { print, "function" },
    { setmetatable({}, { __index = function() error "read" end }), "a table" },
  }
  for index = 1, #shown do
    it("shows " .. shown[index][2], function()
      assert.equal(shown[index][2], argument.shown(shown[index][1]))
    end)
  end

  it("says what was wrong", function()
    assert.equal('Query.limit: argument "limit" must be a whole number, got "5"',
      argument.wrong("Query.limit", "limit", "a whole number", "5"))
  end)

  it("lets a module name the nearest of its functions, at the caller's line", function()
    local module = argument.closed("Thing", { measure = print })
    assert.equal(print, module.measure)
    local line = debug.getinfo(1, "l").currentline + 1
    local ok, message = pcall(function() return module.meassure end)
    assert.is_false(ok)
    assert.truthy(message:find("argument_spec.lua:" .. line
      .. ': Thing has no "meassure"; did you mean "measure"?', 1, true), message)
    assert.has_error(function() return module[5] end, 'Thing has no "5"')
    assert.equal("appwrite.Thing", getmetatable(module).__name)
  end)
end)
