local appwrite = require "appwrite"
local failures = require "appwrite.failures"
local scheduler = require "appwrite.scheduler"

describe("appwrite.failures", function()
  local told

  before_each(function()
    told = {}
    appwrite.onError(function(message)
      told[#told + 1] = message
    end)
  end)

  after_each(function()
    appwrite.onError(nil)
    assert.is_true(scheduler.stuck())
  end)

  local function polls()
    local count = 0
    while scheduler.poll(0) > 0 do
      count = count + 1
      assert(count < 100)
    end
    return count
  end

  it("gives whoever comes soon the time to, and then tells once", function()
    failures.add { err = "broken", traceback = "stack traceback: here" }
    assert.same({}, told)
    assert.is_true(polls() >= 1)
    assert.same({ "a task failed, and nobody awaits it: broken\nstack traceback: here" }, told)
    polls()
    assert.equal(1, #told)
  end)

  it("tells nobody of what was raised in time", function()
    local task = { err = "broken", traceback = "stack traceback: here" }
    failures.add(task)
    scheduler.poll(0)
    local ok, message = pcall(failures.raise, task)
    assert.is_false(ok)
    assert.equal("broken\nstack traceback: here", message)
    polls()
    assert.same({}, told)
  end)

  it("raises a text with its traceback, anything else as it is", function()
    for _, thrown in ipairs { {}, true, print } do
      local ok, same = pcall(failures.raise, { err = thrown, traceback = "stack traceback: here" })
      assert.is_false(ok)
      assert.equal(thrown, same)
    end
  end)

  it("tells of anything by its text", function()
    failures.add { err = setmetatable({}, { __tostring = function() return "an object" end }), traceback = "here" }
    failures.add { err = nil, traceback = "there" }
    polls()
    assert.same({
      "a task failed, and nobody awaits it: an object\nhere", "a task failed, and nobody awaits it: nil\nthere",
    }, told)
  end)
end)
