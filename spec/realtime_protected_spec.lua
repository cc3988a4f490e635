local protected = require "appwrite.realtime.protected"
local scheduler = require "appwrite.scheduler"

describe("appwrite.realtime.protected", function()
  after_each(function()
    scheduler.onError(nil)
  end)

  it("calls a function with its arguments, one level deeper", function()
    local got
    local depth = scheduler.depth
    protected.call("onOpen", function(...)
      got = { scheduler.depth, ... }
    end, "a", "b")
    assert.same({ depth + 1, "a", "b" }, got)
    assert.equal(depth, scheduler.depth)
  end)

  for name, raised in pairs { ["a text"] = "my mistake", ["a table"] = setmetatable({}, { __tostring = function() return "my mistake" end }) } do
    it("tells what it raises: " .. name, function()
      local told
      scheduler.onError(function(message) told = message end)
      local depth = scheduler.depth
      protected.call("onOpen", function() error(raised) end)
      assert.truthy(told:find "^onOpen of realtime failed: .*my mistake.*stack traceback", told)
      assert.equal(depth, scheduler.depth)
    end)
  end
end)
