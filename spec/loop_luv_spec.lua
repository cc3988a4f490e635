-- libuv's loop, with real libuv, against a real server.

local fake = require "appwrite.transport.fake"
local recorder = require "spec.support.recorder"

local appwrite = require "appwrite"
local curl = require "appwrite.transport.curl"

local PATIENCE = 20 -- seconds; nothing takes as long unless it hangs

local function need(name, package)
  local found, module = pcall(require, name)
  if not found then
    error(("these specs need the module %s: install the package %s"):format(name, package), 0)
  end
  return module
end

local uv = need("luv", "lua-luv")
local adapter = require "appwrite.loop.luv"

-- The core's transport, counting how often it is asked to move on.
local function counting()
  local counted = { name = "counting", open = curl.open, fds = curl.fds, timeout = curl.timeout, count = 0 }
  function counted.step(timeout)
    counted.count = counted.count + 1
    return curl.step(timeout)
  end
  return counted
end

local function after(seconds, fn)
  local timer = uv.new_timer()
  uv.update_time()
  timer:start(seconds * 1000, 0, function()
    timer:close()
    fn()
  end)
end

local function seconds()
  return uv.hrtime() / 1e9
end

-- Until nothing is left; fails where it would not end.
local function run()
  local hung = false
  local guard = uv.new_timer()
  uv.update_time() -- the loop's clock stands while it does not run
  guard:start(PATIENCE * 1000, 0, function()
    hung = true
    uv.stop()
  end)
  guard:unref()
  uv.run()
  guard:close()
  uv.run "nowait"
  assert.is_false(hung, "the loop does not end")
end

local function activeHandles()
  local count = 0
  uv.walk(function(handle)
    if handle:is_active() and not handle:is_closing() then
      count = count + 1
    end
  end)
  return count
end

describe("appwrite.loop.luv", function()
  local server, transport, client

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
    adapter.attach()
  end)

  after_each(function()
    adapter.detach()
    run()
  end)

  it("moves a task on while the loop runs, and lets the loop end", function()
    server:reply { body = '{"name":"Ada"}' }
    local name
    local task = appwrite.spawn(function()
      name = assert(client.account.getCurrentUser()).name
    end)
    assert.equal("running", task.status)
    run()
    assert.equal("done", task.status)
    assert.equal("Ada", name)
    assert.equal(0, activeHandles())
    assert.is_false(uv.loop_alive())
  end)

  it("calls back from the loop, whether started before it or in it", function()
    local seen = {}
    client.account.getCurrentUser({}, function()
      seen[#seen + 1] = uv.loop_mode()
      client.account.getCurrentUser({}, function()
        seen[#seen + 1] = uv.loop_mode()
      end)
    end)
    after(0.02, function()
      client.account.getCurrentUser({}, function()
        seen[#seen + 1] = uv.loop_mode()
      end)
    end)
    run()
    assert.same({ "default", "default", "default" }, seen)
  end)

  it("does not poll while there is nothing to be had, and does not hold the loop up", function()
    server:reply { hold = true, body = "{}" }
    local ticks, ended = 0, nil
    local ticking = uv.new_timer()
    ticking:start(10, 10, function()
      ticks = ticks + 1
    end)
    client.account.getCurrentUser({}, function()
      ended = seconds()
      ticking:close()
    end)
    local released, polls, cpu
    after(0.1, function()
      polls, cpu = transport.count, os.clock()
    end)
    after(0.6, function()
      polls, cpu = transport.count - polls, os.clock() - cpu
      released = seconds()
      server:release()
    end)
    run()
    assert.is_true(polls <= 5, polls .. " polls in half a second")
    assert.is_true(cpu < 0.1, cpu .. " s of CPU in half a second")
    assert.is_true(ticks >= 40, ticks .. " ticks")
    assert.is_true(ended - released < 0.1, ended - released .. " s until the answer was there")
  end)

  it("sleeps by the loop's timer", function()
    local began, slept = seconds(), nil
    appwrite.spawn(function()
      assert(client.account.getCurrentUser())
      transport.count = 0
      began = seconds()
      appwrite.sleep(0.2)
      slept = seconds() - began
      assert(client.account.getCurrentUser())
    end)
    run()
    assert.is_true(slept >= 0.2 and slept < 0.4, slept .. " s")
    assert.is_true(transport.count <= 12, transport.count .. " polls")
  end)

  it("wakes a task that only sleeps", function()
    run()
    local began, slept = seconds(), nil
    appwrite.spawn(function()
      appwrite.sleep(0.1)
      slept = seconds() - began
    end)
    run()
    assert.is_true(slept and slept >= 0.1 and slept < 0.3, tostring(slept) .. " s")
    assert.is_true(transport.count <= 5, transport.count .. " polls")
  end)

  it("ends at once when what is under way is cancelled", function()
    server:reply { hold = true }
    local task = appwrite.spawn(client.account.getCurrentUser)
    local began
    after(0.1, function()
      began = seconds()
      task:cancel()
    end)
    run()
    assert.equal("cancelled", task.status)
    assert.is_true(seconds() - began < 0.1, seconds() - began .. " s until the loop ended")
  end)

  it("keeps up with connections that come and go under the same numbers", function()
    local COUNT = 60
    local closing = client:with { headers = { connection = "close" } }
    local answered = 0
    for _ = 1, COUNT do
      closing.account.getCurrentUser({}, function(user, err)
        answered = answered + (user and 1 or 0)
        assert(user, err)
      end)
    end
    local began = seconds()
    run()
    assert.equal(COUNT, answered)
    assert.is_true(seconds() - began < 5)
    local connections, used = {}, 0
    for _, request in ipairs(server:requests()) do
      used = used + (connections[request.connection] and 0 or 1)
      connections[request.connection] = true
    end
    assert.equal(COUNT, used)
    assert.equal(0, activeHandles())
  end)

  it("hands on that the server has gone, and lets the loop end", function()
    local gone = recorder.start()
    gone:reply { hold = true }
    local other = client:with {}
    local err
    local lost = appwrite.new { endpoint = gone.endpoint, project = "p", transport = transport }
    lost.account.getCurrentUser({}, function(_, problem)
      err = problem
    end)
    after(0.1, function()
      gone:stop()
    end)
    run()
    assert.equal("network", err.kind)
    assert.is_truthy(other.account.getCurrentUser())
  end)

  it("runs the loop while a plain call waits", function()
    server:reply { hold = true, body = '{"name":"Ada"}' }
    local mode
    after(0.05, function()
      mode = uv.loop_mode()
      server:release()
    end)
    assert.equal("Ada", assert(client.account.getCurrentUser()).name)
    assert.equal("once", mode)
    assert.is_nil(uv.loop_mode())
  end)

  it("runs the loop in appwrite.run and appwrite.sleep", function()
    local fired = 0
    after(0.02, function()
      fired = fired + 1
    end)
    appwrite.sleep(0.05)
    assert.equal(1, fired)
    after(0.02, function()
      fired = fired + 1
    end)
    assert.equal("Ada", appwrite.run(function()
      server:reply { body = '{"name":"Ada"}' }
      appwrite.sleep(0.05)
      return client.account.getCurrentUser().name
    end))
    assert.equal(2, fired)
  end)

  it("answers a plain call inside of a callback, and goes on with the others afterwards", function()
    server:reply({ hold = true, body = '{"name":"late"}' }, { body = '{"name":"soon"}' })
    local names = {}
    client.account.getCurrentUser({}, function(user)
      names[#names + 1] = user.name
    end)
    after(0.1, function()
      names[#names + 1] = assert(client.account.getCurrentUser()).name
      server:release()
    end)
    run()
    assert.same({ "soon", "late" }, names)
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

  it("drives transports without descriptors too", function()
    local pretended = fake.new():on("GET", "/account", { json = { name = "Ada" }, steps = 3 })
    local name
    appwrite.new { project = "p", transport = pretended }.account.getCurrentUser({}, function(user)
      name = user.name
    end)
    run()
    assert.equal("Ada", name)
  end)

  it("may be attached twice and detached twice, also with a call under way", function()
    adapter.attach()
    server:reply { hold = true, body = '{"name":"Ada"}' }
    local name
    client.account.getCurrentUser({}, function(user)
      name = user.name
    end)
    after(0.05, adapter.detach)
    run()
    assert.equal(0, activeHandles())
    adapter.detach()
    server:release()
    appwrite.run()
    assert.equal("Ada", name)
    server:reply { body = '{"name":"Grace"}' }
    assert.equal("Grace", assert(client.account.getCurrentUser()).name)
  end)

  describe("whose handles the program has closed", function()
    local name

    before_each(function()
      name = nil
      server:reply({ hold = true, body = '{"name":"Ada"}' }, { body = '{"name":"Grace"}' })
      client.account.getCurrentUser({}, function(user)
        name = user.name
      end)
      uv.run "nowait"
      uv.walk(function(handle)
        if not handle:is_closing() then
          handle:close()
        end
      end)
      run()
      assert.equal(0, activeHandles())
      server:release()
    end)

    for what, goOn in pairs {
      ["the next call with a callback"] = function() client.account.getCurrentUser({}, function() end) end,
      ["a plain call"] = function() assert.equal("Grace", assert(client.account.getCurrentUser()).name) end,
      ["attaching it again"] = adapter.attach,
    } do
      it("goes on with " .. what, function()
        goOn()
        run()
        assert.equal("Ada", name)
      end)
    end

    it("goes on also where they were closed before they were due", function()
      client.account.getCurrentUser({}, function() end) -- sets a timer
      uv.walk(function(handle)
        if not handle:is_closing() then
          handle:close()
        end
      end)
      assert.equal("Grace", assert(client.account.getCurrentUser()).name)
      run()
      assert.equal("Ada", name)
    end)

    it("is left all the same", function()
      adapter.detach()
      appwrite.run()
      assert.equal("Ada", name)
    end)
  end)

  it("takes over a call that was under way before", function()
    adapter.detach()
    local name
    server:reply { body = '{"name":"Ada"}' }
    client.account.getCurrentUser({}, function(user)
      name = user.name
    end)
    adapter.attach()
    run()
    assert.equal("Ada", name)
  end)
end)
