-- A controller of cqueues, with real cqueues, against a real server.

local fake = require "appwrite.transport.fake"
local recorder = require "spec.support.recorder"

local appwrite = require "appwrite"
local curl = require "appwrite.transport.curl"

local unpack = table.unpack or unpack

local PATIENCE = 20 -- seconds; nothing takes as long unless it hangs

local function need(name, package)
  local found, module = pcall(require, name)
  if not found then
    error(("these specs need the module %s: install the package %s"):format(name, package), 0)
  end
  return module
end

local cqueues = need("cqueues", "lua-cqueues")
local adapter = require "appwrite.loop.cqueues"

-- The core's transport, counting how often it is asked to move on.
local function counting()
  local counted = { name = "counting", open = curl.open, fds = curl.fds, timeout = curl.timeout, count = 0 }
  function counted.step(timeout)
    counted.count = counted.count + 1
    return curl.step(timeout)
  end
  return counted
end

describe("appwrite.loop.cqueues", function()
  local server, transport, client, queue

  local function after(seconds, fn)
    queue:wrap(function()
      cqueues.sleep(seconds)
      fn()
    end)
  end

  -- Until nothing is left; raises what a coroutine raised.
  local function run()
    local deadline = cqueues.monotime() + PATIENCE
    local ok, problem = queue:loop(PATIENCE)
    if not ok then
      error(problem, 0)
    end
    assert(cqueues.monotime() < deadline and queue:empty(), "the loop does not end")
  end

  setup(function()
    server = recorder.start()
    transport = counting()
    client = appwrite.new { endpoint = server.endpoint, project = "p", transport = transport }
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    server:clear()
    transport.count = 0
    queue = cqueues.new()
    adapter.attach(queue)
  end)

  after_each(function()
    adapter.detach()
    run()
    queue:close()
  end)

  it("answers a plain call in a coroutine of the controller, and lets the loop end", function()
    server:reply { body = '{"name":"Ada"}' }
    local name
    queue:wrap(function()
      name = assert(client.account.getCurrentUser()).name
    end)
    run()
    assert.equal("Ada", name)
  end)

  it("lets coroutines wait side by side, each for its own answer", function()
    local COUNT = 20
    local replies = {}
    for index = 1, COUNT do
      replies[index] = { body = ('{"name":"%d"}'):format(index) }
    end
    replies[1].hold = true
    server:reply(unpack(replies))
    local names, count = {}, 0
    for _ = 1, COUNT do
      queue:wrap(function()
        names[assert(client.account.getCurrentUser()).name] = true
        count = count + 1
        if count == COUNT - 1 then
          server:release()
        end
      end)
    end
    run()
    for index = 1, COUNT do
      assert.is_true(names[tostring(index)])
    end
  end)

  it("does not poll while there is nothing to be had, and does not hold the loop up", function()
    server:reply { hold = true, body = "{}" }
    local ticks, ended, released, polls, cpu = 0, nil, nil, nil, nil
    queue:wrap(function()
      assert(client.account.getCurrentUser())
      ended = cqueues.monotime()
    end)
    queue:wrap(function()
      repeat
        cqueues.sleep(0.01)
        ticks = ticks + 1
      until ended
    end)
    after(0.1, function()
      polls, cpu = transport.count, os.clock()
    end)
    after(0.6, function()
      polls, cpu = transport.count - polls, os.clock() - cpu
      released = cqueues.monotime()
      server:release()
    end)
    run()
    assert.is_true(polls <= 5, polls .. " polls in half a second")
    assert.is_true(cpu < 0.1, cpu .. " s of CPU in half a second")
    assert.is_true(ticks >= 40, ticks .. " ticks")
    assert.is_true(ended - released < 0.1, ended - released .. " s until the answer was there")
  end)

  it("moves tasks on and calls back", function()
    server:reply { body = '{"name":"Ada"}' }
    local seen = {}
    local task = appwrite.spawn(function()
      appwrite.sleep(0.02)
      seen[#seen + 1] = assert(client.account.getCurrentUser()).name
    end)
    client.account.getCurrentUser({}, function(user)
      seen[#seen + 1] = user.name
      client.account.getCurrentUser({}, function(again)
        seen[#seen + 1] = again.name
      end)
    end)
    run()
    assert.equal("done", task.status)
    assert.same({ "Ada", "Ada", "Ada" }, seen)
  end)

  it("lets a coroutine await a task, run one, and sleep", function()
    server:reply { body = '{"name":"Ada"}' }
    local task = appwrite.spawn(function()
      appwrite.sleep(0.05)
      return assert(client.account.getCurrentUser()).name
    end)
    local seen, other = {}, 0
    queue:wrap(function()
      seen[1] = task:await()
      seen[2] = appwrite.run(function() return client.account.getCurrentUser().name end)
      local began = cqueues.monotime()
      appwrite.sleep(0.1)
      seen[3] = cqueues.monotime() - began
    end)
    after(0.02, function()
      other = other + 1
    end)
    run()
    assert.equal("Ada", seen[1])
    assert.equal("Ada", seen[2])
    assert.is_true(seen[3] >= 0.1 and seen[3] < 0.3, seen[3] .. " s")
    assert.equal(1, other)
  end)

  it("wakes a task that only sleeps", function()
    run()
    local began, slept = cqueues.monotime(), nil
    appwrite.spawn(function()
      appwrite.sleep(0.1)
      slept = cqueues.monotime() - began
    end)
    run()
    assert.is_true(slept and slept >= 0.1 and slept < 0.3, tostring(slept) .. " s")
    assert.is_true(transport.count <= 5, transport.count .. " polls")
  end)

  it("ends at once when what is under way is cancelled", function()
    server:reply({ hold = true }, { body = '{"name":"Ada"}' })
    local task = appwrite.spawn(client.account.getCurrentUser)
    local began, name
    after(0.1, function()
      began = cqueues.monotime()
      task:cancel()
      name = assert(client.account.getCurrentUser()).name
    end)
    run()
    assert.equal("cancelled", task.status)
    assert.equal("Ada", name)
    assert.is_true(cqueues.monotime() - began < 0.2, cqueues.monotime() - began .. " s until the loop ended")
  end)

  it("keeps up with connections that come and go under the same numbers", function()
    local COUNT = 60
    local closing = client:with { headers = { connection = "close" } }
    local answered = 0
    for _ = 1, COUNT do
      queue:wrap(function()
        assert(closing.account.getCurrentUser())
        answered = answered + 1
      end)
    end
    local began = cqueues.monotime()
    run()
    assert.equal(COUNT, answered)
    assert.is_true(cqueues.monotime() - began < 5)
    local connections, used = {}, 0
    for _, request in ipairs(server:requests()) do
      used = used + (connections[request.connection] and 0 or 1)
      connections[request.connection] = true
    end
    assert.equal(COUNT, used)
  end)

  it("hands on that the server has gone, and lets the loop end", function()
    local gone = recorder.start()
    gone:reply { hold = true }
    local lost = appwrite.new { endpoint = gone.endpoint, project = "p", transport = transport }
    local result, err, user
    queue:wrap(function()
      result, err = lost.account.getCurrentUser()
      user = client.account.getCurrentUser()
    end)
    after(0.1, function()
      gone:stop()
    end)
    run()
    assert.is_nil(result)
    assert.equal("network", err.kind)
    assert.is_truthy(user)
  end)

  it("steps the controller while a plain call outside of it waits", function()
    server:reply { hold = true, body = '{"name":"Ada"}' }
    after(0.05, function()
      server:release()
    end)
    assert.equal("Ada", assert(client.account.getCurrentUser()).name)
    assert.is_nil((cqueues.running()))
  end)

  it("answers a plain call where the code cannot yield to the loop", function()
    server:reply { body = '{"name":"Ada"}' }
    local names = {}
    local function ask()
      local name = assert(client.account.getCurrentUser()).name
      names[#names + 1] = name -- by now another may have added its own
    end
    queue:wrap(function()
      coroutine.wrap(ask)()
      ask()
    end)
    client.account.getCurrentUser({}, function()
      ask()
    end)
    local other = cqueues.new()
    other:wrap(ask)
    assert(other:loop())
    run()
    assert.same({ "Ada", "Ada", "Ada", "Ada" }, names)
  end)

  it("raises where a task is awaited that nothing will ever end", function()
    local first, second
    first = appwrite.spawn(function()
      appwrite.sleep(0)
      return second:await()
    end)
    second = appwrite.spawn(function()
      return first:await()
    end)
    assert.has_error(function()
      second:await()
    end, "appwrite: this waits for a task that waits for nothing that could happen")
    first:cancel()
    second:cancel()
  end)

  it("hands an error of the error handler to the loop, and goes on", function()
    appwrite.onError(function(message)
      error("told: " .. message:match "[^\n]*", 0)
    end)
    local name
    client.account.getCurrentUser({}, function()
      error("of a callback", 0)
    end)
    client.account.getCurrentUser({}, function()
      name = "called"
    end)
    local told = {}
    repeat
      local ok, problem = queue:loop(PATIENCE)
      told[#told + 1] = problem
    until ok
    appwrite.onError(nil)
    assert.same({ "told: a callback failed: of a callback" }, told)
    assert.equal("called", name)
  end)

  it("drives transports without descriptors too", function()
    local pretended = fake.new():on("GET", "/account", { json = { name = "Ada" }, steps = 3 })
    local name
    queue:wrap(function()
      name = appwrite.new({ project = "p", transport = pretended }).account.getCurrentUser().name
    end)
    run()
    assert.equal("Ada", name)
  end)

  it("finishes what waits when it is detached, and lets the loop end", function()
    server:reply { body = '{"name":"Ada"}' }
    local names = {}
    for index = 1, 2 do
      queue:wrap(function()
        names[index] = assert(client.account.getCurrentUser()).name
      end)
    end
    queue:wrap(adapter.detach)
    run()
    assert.same({ "Ada", "Ada" }, names)
    adapter.detach()
    assert.equal("Ada", assert(client.account.getCurrentUser()).name)
  end)

  it("takes over a call that was under way before", function()
    adapter.detach()
    server:reply { body = '{"name":"Ada"}' }
    local name
    client.account.getCurrentUser({}, function(user)
      name = user.name
    end)
    adapter.attach(queue)
    run()
    assert.equal("Ada", name)
  end)

  it("is attached to a controller and nothing else", function()
    for _, wrong in ipairs { { n = 1 }, { n = 1, {} }, { n = 1, "queue" } } do
      local ok, message = pcall(adapter.attach, wrong[1])
      assert.is_false(ok)
      assert.truthy(message:find("attach takes a controller, from cqueues.new(), got " .. type(wrong[1]), 1, true), message)
    end
  end)
end)
