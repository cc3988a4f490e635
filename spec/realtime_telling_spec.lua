local scheduler = require "appwrite.scheduler"
local telling = require "appwrite.realtime.telling"

describe("appwrite.realtime.telling", function()
  local driver, heard, reports

  local function handler(name)
    return function(about)
      heard[#heard + 1] = { name, about }
    end
  end

  before_each(function()
    heard, reports = {}, {}
    driver = { handlers = {}, subscriptions = { { handlers = {} }, { handlers = {} } }, toldOutage = false }
    scheduler.onError(function(message)
      reports[#reports + 1] = message
    end)
  end)

  after_each(function()
    scheduler.onError(nil)
  end)

  it("calls the client's handler and those of all subscriptions, or of one, by the next poll", function()
    driver.handlers.onOpen = handler "client"
    driver.subscriptions[1].handlers.onOpen = handler "first"
    driver.subscriptions[2].handlers.onOpen = handler "second"
    assert.is_true(telling.tell(driver, "onOpen", nil, 1))
    assert.is_true(telling.tell(driver, "onOpen", driver.subscriptions[2], 2))
    assert.is_false(telling.tell(driver, "onClose", nil, 3))
    assert.same({}, heard)
    scheduler.poll(0)
    assert.same({ { "client", 1 }, { "first", 1 }, { "second", 1 }, { "client", 2 }, { "second", 2 } }, heard)
    assert.same({}, reports)
  end)

  it("reports what nobody has a handler for: of one subscription always, an outage once", function()
    telling.tell(driver, "onError", driver.subscriptions[1], "dropped")
    telling.err(driver, "outage")
    telling.err(driver, "outage again")
    telling.err(driver, "the end", true)
    assert.same({}, reports)
    scheduler.poll(0)
    assert.same({ "dropped", "outage", "the end" }, reports)
    driver.handlers.onError = handler "client"
    telling.err(driver, "heard", true)
    scheduler.poll(0)
    assert.same({ { "client", "heard" } }, heard)
    assert.equal(3, #reports)
  end)

  it("goes on after a report that raises", function()
    scheduler.onError(function(message)
      error("not " .. message, 0)
    end)
    telling.err(driver, "heard")
    driver.handlers.onError = handler "client"
    telling.err(driver, "heard", true)
    assert.same({ false, "not heard" }, { pcall(scheduler.poll, 0) })
    scheduler.poll(0)
    assert.same({ { "client", "heard" } }, heard)
  end)

  it("says when the next attempt is", function()
    local err = telling.withRetry({}, scheduler.now() + 5)
    assert.is_true(err.retryable)
    assert.is_true(err.retryAfter > 4 and err.retryAfter <= 5)
    assert.same({ retryable = false }, telling.withRetry { retryAfter = 3 })
  end)
end)
