describe("appwrite.limiter", function()
  local appwrite, core, fake, ownNow, ownSleep, before
  local server, counters, time

  -- The library anew, on a clock of the spec's own: whoever waits for a time has it come at once.
  setup(function()
    core, before = require "appwrite.core", {}
    for name, module in pairs(package.loaded) do
      if name:find "^appwrite" and module ~= core then
        before[name], package.loaded[name] = module, nil
      end
    end
    ownNow, ownSleep = core.monotonic, core.sleep
    core.monotonic = function() return time end
    core.sleep = function(seconds) time = time + seconds end
    appwrite, fake = require "appwrite", require "appwrite.transport.fake"
  end)

  teardown(function()
    core.monotonic, core.sleep = ownNow, ownSleep
    for name in pairs(package.loaded) do
      if name:find "^appwrite" and name ~= "appwrite.core" then
        package.loaded[name] = before[name]
      end
    end
  end)

  before_each(function()
    server, counters, time = fake.new(), {}, 0
  end)

  -- As the real one counts: in windows that begin with the clock's, refusing what is too much, and saying so or not.
  local function count(key, limit, seconds)
    local window = math.floor(time / seconds)
    local counter = counters[key]
    if not counter or counter.window ~= window then
      counter = { window = window, used = 0, refused = counter and counter.refused or 0 }
      counters[key] = counter
    end
    local isOver = counter.used >= limit
    counter.used = counter.used + (isOver and 0 or 1)
    counter.refused = counter.refused + (isOver and 1 or 0)
    return isOver, {
      ["x-ratelimit-limit"] = tostring(limit), ["x-ratelimit-remaining"] = tostring(limit - counter.used),
      ["x-ratelimit-reset"] = tostring((window + 1) * seconds),
      date = os.date("!%a, %d %b %Y %H:%M:%S GMT", math.floor(time)),
    }
  end

  local function counting(limit, seconds, subject, silent)
    server:on("*", "*", function(request)
      local isOver, headers = count(subject and subject(request) or "all", limit, seconds)
      return {
        status = isOver and 429 or 201, json = { ["$id"] = "x", code = isOver and 429 or nil },
        headers = not silent and headers or nil,
      }
    end)
  end

  local function clientWith(options)
    options.project, options.transport = "p", server
    return appwrite.new(options)
  end

  local function register(client, index, options)
    return client.account.registerUser({
      userId = "user" .. index, email = index .. "@example.com", password = "correct horse",
    }, options)
  end

  local function write(client, options)
    return client.databases.createDocument({
      databaseId = "d", collectionId = "c", documentId = "unique()", data = {},
    }, options)
  end

  local function together(times, fn)
    local list = {}
    for index = 1, times do
      list[index] = function()
        assert(fn(index))
      end
    end
    appwrite.all(list)
  end

  it("lets a loop over a thousand registrations wait instead of failing", function()
    counting(10, 3600)
    local client = clientWith { limit = true, retry = true }
    for index = 1, 1000 do
      assert(register(client, index))
    end
    assert.equal(1000, #server.requests)
    assert.equal(0, counters.all.refused)
    assert.equal(99, math.floor(time / 3600))
  end)

  it("and a thousand at once", function()
    counting(10, 3600)
    local client = clientWith { limit = true, retry = true }
    together(1000, function(index) return register(client, index) end)
    assert.equal(1000, #server.requests)
    assert.equal(0, counters.all.refused)
    assert.equal(99, math.floor(time / 3600))
  end)

  it("keeps to the documented limit where no answer tells of it", function()
    counting(1000, 3600, nil, true)
    local client = clientWith { limit = true }
    local begun
    together(25, function(index)
      begun = begun or time
      return register(client, index)
    end)
    assert.equal(7200, time - begun)
  end)

  it("learns how much of it is left, and repeats what was refused in its turn", function()
    counting(10, 3600)
    counters.all = { window = 0, used = 10, refused = 0 }
    local client = clientWith { limit = true, retry = true }
    together(15, function(index) return register(client, index) end)
    assert.equal(16, #server.requests)
    assert.equal(1, counters.all.refused)
    assert.equal(2, math.floor(time / 3600))
  end)

  it("keeps a storm within a limit that nobody has documented", function()
    counting(10, 1)
    local client = clientWith { limit = true, retry = true }
    together(100, function() return write(client) end)
    assert.equal(100, #server.requests)
  end)

  it("is shared by client:with where the server counts by address", function()
    counting(10, 3600)
    local client = clientWith { limit = true }
    together(30, function(index) return register(client:with {}, index) end)
    assert.equal(30, #server.requests)
    assert.equal(0, counters.all.refused)
  end)

  it("is each client's own where the server counts by user", function()
    counting(120, 60)
    local client = clientWith { limit = true }
    local one, other = client:with { session = "a" }, client:with { session = "b" }
    server:on("*", "*", function(request)
      local isOver, headers = count(request.headers["x-user"], 120, 60)
      return { status = isOver and 429 or 201, json = { a = 1 }, headers = headers }
    end)
    together(240, function(index)
      local isOne = index % 2 == 0
      return write(isOne and one or other, { headers = { ["X-User"] = isOne and "one" or "other" } })
    end)
    assert.equal(0, time)
    assert.equal(240, #server.requests)
    together(1, function() return write(one, { headers = { ["X-User"] = "one" } }) end)
    assert.equal(60, time)
  end)

  it("goes by a parameter where the server does", function()
    counting(10, 3600, function(request) return request.json.email end)
    local client = clientWith { limit = true }
    local function logIn(email)
      return client.account.createEmailPasswordSession { email = email, password = "correct horse" }
    end
    together(40, function(index) return logIn((index % 4) .. "@example.com") end)
    assert.equal(0, time)
    together(1, function() return logIn "1@example.com" end)
    assert.equal(3600, time)
  end)

  it("knows that another user has logged in", function()
    counting(5, 60, function(request) return request.json.email or "writes" end)
    local client = clientWith { limit = true }
    together(5, function() return write(client) end)
    counters.writes = nil
    assert(client.account.createEmailPasswordSession { email = "a@example.com", password = "correct horse" })
    together(5, function() return write(client) end)
    assert.equal(0, time)
  end)

  it("does not limit what an API key is sent with", function()
    counting(10, 3600, nil, true)
    local client = clientWith { limit = true, key = "k", retry = false }
    for index = 1, 10 do
      assert(register(client, index))
    end
    local _, err = register(client, 11)
    assert.equal(429, err.code)
    assert.equal(0, time)
  end)

  it("keeps to a limit of the caller's own, whatever is sent", function()
    counting(1000, 3600, nil, true)
    local client = clientWith { limit = { requests = 5, seconds = 2 }, key = "k" }
    together(21, function() return client:call { method = "GET", path = "/ping" } end)
    assert.equal(8, time)
  end)

  it("says at once that a call's turn comes too late, and leaves no place behind", function()
    counting(10, 3600)
    local client = clientWith { limit = true, retry = true }
    for index = 1, 10 do
      assert(register(client, index))
    end
    local result, err = register(client, 11, { timeout = 60 })
    assert.is_nil(result)
    assert.equal("timeout", err.kind)
    assert.equal(0, err.attempts)
    assert.equal(3600, err.retryAfter)
    assert.is_true(err.retryable)
    assert.equal(0, time)
    assert.equal(10, #server.requests)
    assert(register(client, 12))
    assert.equal(3600, time)
  end)

  it("does not count the wait as part of a client's timeout", function()
    counting(10, 3600)
    local client = clientWith { limit = true, retry = true, timeout = 5 }
    together(20, function(index) return register(client, index) end)
    assert.equal(3600, time)
    for _, request in ipairs(server.requests) do
      assert.equal(5, request.timeout)
    end
  end)

  it("frees the place of a task that is cancelled while it waits", function()
    counting(1, 10)
    local client = clientWith { limit = true }
    local order = {}
    local function begin(name)
      return appwrite.spawn(function()
        assert(write(client))
        order[#order + 1] = { name, time }
      end)
    end
    begin "first"
    local second = begin "second"
    begin "third"
    while #order == 0 do
      appwrite.poll(1)
    end
    second:cancel()
    appwrite.run()
    assert.same({ { "first", 0 }, { "third", 10 } }, order)
  end)

  it("has a call that waits count as under way", function()
    counting(1, 10)
    local client, ended = clientWith { limit = true }, 0
    for _ = 1, 3 do
      appwrite.spawn(function()
        assert(write(client))
        ended = ended + 1
      end)
    end
    while appwrite.poll(1) > 0 do end
    assert.equal(3, ended)
  end)

  it("lets the next go where the one that was to tell is cut off", function()
    counting(10, 3600)
    local client = clientWith { limit = true }
    local first = appwrite.spawn(function() return write(client) end)
    local second = appwrite.spawn(function() return write(client) end)
    first:cancel()
    assert(second:await())
    assert.equal(2, #server.requests)
  end)

  it("counts each piece of a file", function()
    counting(2, 10, nil, true)
    local size = 5 * 1024 * 1024
    server:on("POST", "*", function(request)
      local last = tonumber(request.headers["content-range"]:match "-(%d+)/")
      return { status = 201, json = { ["$id"] = "f", chunksUploaded = math.floor(last / size) + 1, chunksTotal = 5 } }
    end)
    server:on("GET", "*", { status = 404, json = { message = "none", code = 404, type = "storage_file_not_found" } })
    local client = clientWith { limit = { requests = 2, seconds = 10 }, timeout = 3 }
    assert(client.storage.createFile { bucketId = "b", fileId = "f", file = ("x"):rep(4 * size + 1) })
    assert.equal(6, #server.requests) -- it asks first what is there
    assert.equal(20, math.floor(time))
    local _, err = client.storage.createFile({ bucketId = "b", fileId = "f", file = ("x"):rep(4 * size + 1) },
      { timeout = 15 })
    assert.equal("timeout", err.kind)
    assert.is_true(time <= 36)
  end)

  it("does not let go of what may be needed, and keeps no more than it must", function()
    counting(10, 3600, function(request) return request.json.email end)
    local client = clientWith { limit = true }
    collectgarbage()
    local kept = collectgarbage "count"
    for index = 1, 5000 do
      assert(client.account.createEmailPasswordSession { email = index .. "@example.com", password = "correct horse" })
      server:reset()
      counters = {}
      time = time + 10
    end
    for _ = 1, 3 do -- what has a finalizer goes in a later cycle
      collectgarbage()
    end
    assert.is_true(collectgarbage "count" - kept < 2000)
  end)

  it("tells in the log who waits, once", function()
    counting(1, 10)
    local waits = {}
    local client = clientWith { limit = true, log = function(_, event, fields)
      waits[#waits + 1] = event == "limit.wait" and fields or nil
    end }
    assert(write(client))
    assert(write(client))
    assert.same({ { operation = "databases.createDocument", wait = 10, ahead = 0 } }, waits)
  end)

  it("takes nobody for another user whose login failed", function()
    counting(1, 10)
    for _, reply in ipairs { { kind = "network" }, { status = 401, json = { message = "no", code = 401 } } } do
      server:on("POST", "/account/sessions/email", reply)
      local client = clientWith { limit = true, retry = false }
      time, counters = (math.floor(time / 10) + 1) * 10, {}
      local begun = time
      assert(write(client))
      assert.is_nil(client.account.createEmailPasswordSession { email = "a@example.com", password = "correct horse" })
      assert(write(client))
      assert.is_true(time > begun)
    end
  end)

  it("keeps to one limit with whoever is made from a client", function()
    counting(1000, 10, nil, true)
    local client = clientWith { limit = { requests = 1, seconds = 10 } }
    assert(write(client))
    assert(write(client:with { limit = true }))
    assert.equal(10, time)
    assert(write(client:with {}))
    assert.equal(20, time)
    assert(write(client:with { limit = false }))
    assert.equal(20, time)
  end)

  it("ends a call whose time is over before the first has told of the limit", function()
    server:on("*", "*", { status = 201, json = {}, steps = 1000000 })
    local client = clientWith { limit = true, retry = false }
    local first = appwrite.spawn(function() return write(client) end)
    local clock = appwrite.spawn(function()
      while true do
        time = time + 0.05
        appwrite.sleep(0)
      end
    end)
    local result, err = write(client, { timeout = 1 })
    clock:cancel()
    assert.is_nil(result)
    assert.equal("timeout", err.kind)
    assert.equal(0, err.attempts)
    assert.is_nil(err.retryAfter)
    assert.is_true(time >= 1 and time < 1.1)
    assert.equal(1, #server.requests)
    first:cancel()
    appwrite.run()
  end)

  it("refuses wrong options", function()
    for part, options in pairs {
      ['"limit" must be a table or a boolean'] = 3, ["must have requests and seconds"] = { requests = 3 },
      ['"limit.requests" must be 1 or more'] = { requests = 0, seconds = 1 }, ['"limit.second"'] = false,
    } do
      local given = options or { requests = 1, second = 1 }
      local ok, problem = pcall(clientWith, { limit = given })
      assert.is_false(ok)
      assert.truthy(problem:find(part, 1, true) or problem:find('did you mean "seconds"', 1, true), problem)
    end
  end)

  it("is off unless it is asked for, and can be switched off again", function()
    counting(10, 3600)
    for _, client in ipairs { clientWith {}, clientWith({ limit = true }):with { limit = false } } do
      counters = {}
      for index = 1, 10 do
        assert(register(client, index))
      end
      local _, err = register(client, 11)
      assert.equal(429, err.code)
    end
    assert.equal(0, time)
  end)
end)
