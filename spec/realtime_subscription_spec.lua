local scheduler = require "appwrite.scheduler"
local subscription = require "appwrite.realtime.subscription"
local tasks = require "appwrite.tasks"

-- What a driver is to its subscriptions.
local function owner()
  local driver = { told = {}, pending = 0, removed = 0 }
  function driver.tell(_, name, _, about)
    driver.told[#driver.told + 1] = { name, about }
  end
  function driver.delay()
    driver.pending = driver.pending + 1
  end
  function driver.resume()
    driver.pending = driver.pending - 1
  end
  function driver.wake()
  end
  function driver.remove()
    driver.removed = driver.removed + 1
  end
  return driver
end

describe("appwrite.realtime.subscription", function()
  local driver

  before_each(function()
    driver = owner()
  end)

  after_each(function()
    while not scheduler.stuck() do
      scheduler.poll(1)
    end
    assert.equal(0, driver.pending)
  end)

  it("keeps events in order until they are taken", function()
    local one = subscription.new(driver, { "files" }, {})
    for n = 1, 3 do
      subscription.push(one, { n = n })
    end
    for n = 1, 3 do
      assert.equal(n, one:wait(0).n)
    end
    assert.equal("timeout", (select(2, one:wait(0))).kind)
  end)

  it("gives those that came before the end after it", function()
    local one = subscription.new(driver, { "files" }, {})
    subscription.push(one, { n = 1 })
    one:close()
    subscription.push(one, { n = 2 })
    assert.equal(1, one:wait().n)
    assert.equal("cancelled", (select(2, one:wait())).kind)
    one:close()
    assert.equal(1, driver.removed)
  end)

  it("calls back one event after the other, from poll only, and says when", function()
    local got = {}
    local one = subscription.new(driver, { "files" }, { callback = function(event) got[#got + 1] = event.n end })
    subscription.push(one, { n = 1 })
    subscription.push(one, { n = 2 })
    assert.same({}, got)
    assert.equal(2, driver.pending)
    scheduler.poll(0)
    scheduler.poll(0)
    assert.same({ 1, 2 }, got)
  end)

  it("does not call back inside of a callback", function()
    local inside, deepest = 0, 0
    local one
    one = subscription.new(driver, { "files" }, { callback = function()
      inside = inside + 1
      deepest = math.max(deepest, inside)
      scheduler.poll(0)
      inside = inside - 1
    end })
    for n = 1, 5 do
      subscription.push(one, { n = n })
    end
    while not scheduler.stuck() do
      scheduler.poll(1)
    end
    assert.equal(1, deepest)
  end)

  it("tells of what is too much once a second, with the number since the last time", function()
    local one = subscription.new(driver, { "files" }, { queue = 2 })
    for n = 1, 5 do
      subscription.push(one, { n = n })
    end
    scheduler.poll(0)
    assert.same({ "onError", 3 }, { driver.told[1][1], driver.told[1][2].dropped })
    subscription.push(one, { n = 6 })
    subscription.push(one, { n = 7 })
    scheduler.poll(0)
    assert.equal(1, #driver.told)
    local begin = scheduler.now()
    while #driver.told < 2 do
      scheduler.poll(1)
    end
    assert.is_true(scheduler.now() - begin > 0.9)
    assert.equal(2, driver.told[2][2].dropped)
    assert.equal(5, one.dropped)
  end)

  it("stops and begins again", function()
    local one = subscription.new(driver, { "files" }, {})
    local err = { kind = "api" }
    local waiting = tasks.spawn(function() return one:wait() end)
    subscription.stop(one, err)
    assert.equal(err, (select(2, waiting:await(5))))
    assert.equal("stopped", one.status)
    subscription.push(one, { n = 1 })
    subscription.restart(one)
    assert.is_nil(one.err)
    subscription.push(one, { n = 2 })
    assert.equal(2, one:wait(0).n)
    one:close()
    subscription.restart(one)
    subscription.stop(one, err)
    assert.equal("closed", one.status)
  end)

  it("is closed by Lua 5.4 where its variable goes", function()
    local one = subscription.new(driver, { "files" }, {})
    getmetatable(one).__close(one)
    assert.equal("closed", one.status)
  end)
end)
