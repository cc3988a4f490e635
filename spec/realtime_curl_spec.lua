-- `client.realtime` on the C core, against the sandbox: many subscriptions, and connections that are broken.

local appwrite = require "appwrite"
local cutter = require "spec.support.cutter"
local rate = require "appwrite.realtime.rate"
local realtime = require "appwrite.realtime"
local sandbox = require "spec.support.sandbox"
local scheduler = require "appwrite.scheduler"

local ID, Channel, Permission, Role = appwrite.ID, appwrite.Channel, appwrite.Permission, appwrite.Role
local now = scheduler.now

-- APPWRITE_SPEC_PACE=ordinary: connections are broken with the times of ordinary use, which takes minutes.
local ORDINARY = os.getenv "APPWRITE_SPEC_PACE" == "ordinary"
local PATIENCE = ORDINARY and 150 or 30 -- seconds; nothing takes as long unless it hangs
-- As many as in 100 subscriptions of 20 clients; an interpreter that is very slow is given fewer.
local WRITES = tonumber(os.getenv "APPWRITE_SPEC_WRITES") or 1000
local SCORES = Channel.documents("main", "scores")

local server

local function untilTrue(what, test)
  local deadline = now() + PATIENCE
  while not test() do
    assert(now() < deadline, "in vain: " .. what)
    appwrite.poll(0.05)
  end
end

local function newClient(endpoint)
  return appwrite.new { endpoint = endpoint or server.endpoint, project = server.project }
end

-- A client that may write.
local function newWriter()
  local client = newClient()
  assert(client.account.createAnonymousSession())
  return client
end

local function awaitLive(clients)
  untilTrue("all connections", function()
    for _, client in ipairs(clients) do
      if client.realtime:state() ~= "live" then
        return false
      end
    end
    return true
  end)
end

local function create(writer, id, points)
  return assert(writer.databases.createDocument {
    databaseId = "main", collectionId = "scores", documentId = id or ID.unique(),
    data = { player = "ada", level = 1, points = points or 0 }, permissions = { Permission.read(Role.any()),
      Permission.update(Role.users()) },
  })
end

describe("client.realtime against the sandbox", function()
  setup(function()
    server = sandbox.start()
  end)

  teardown(function()
    server.stop()
  end)

  after_each(function()
    untilTrue("an end", scheduler.stuck)
  end)

  it("ends with the last subscription, and waits a second for a server that does not say goodbye", function()
    local proxy = cutter.start(tonumber(server.endpoint:match ":(%d+)/"))
    finally(function() proxy:stop() end)
    local client = newClient((server.endpoint:gsub(":%d+/", ":" .. proxy.port .. "/")))
    for _, case in ipairs { { "pass", 0, 0.9 }, { "mute", 0.9, 3 } } do
      local sub = client.realtime:subscribe(SCORES)
      awaitLive { client }
      if case[1] == "mute" then
        proxy:living "mute"
      end
      local begin = now()
      sub:close()
      appwrite.run()
      local elapsed = now() - begin
      assert.is_true(elapsed >= case[2] and elapsed < case[3], case[1] .. " took " .. elapsed)
    end
  end)

  it("hears of documents, files and the account, with what the events say", function()
    local client = newWriter()
    local events = {}
    client.realtime:subscribe({ SCORES, "files", "account" }, function(event) events[#events + 1] = event end)
    awaitLive { client }
    local id = create(client, nil, 7)["$id"]
    untilTrue("an event", function() return #events == 1 end)
    local event = events[1]
    assert.equal("databases.main.collections.scores.documents." .. id .. ".create", event.events[1])
    assert.same({ 7, id }, { event.payload.points, event.payload["$id"] })
    assert.truthy(event.timestamp:find "^%d%d%d%d%-")
    assert(client.account.updateNameOperation { name = "Ada" })
    untilTrue("an event", function() return #events == 2 end)
    assert.equal("Ada", events[2].payload.name)
    assert(client.storage.createFile { bucketId = "files", fileId = ID.unique(), file = "text",
      permissions = { Permission.read(Role.any()) } })
    untilTrue("an event", function() return #events == 3 end)
    assert.equal(4, events[3].payload.sizeOriginal)
    client.realtime:close()
  end)

  it("is whom the client is: before a login, after it, and after a logout", function()
    local client = newClient()
    local events = {}
    client.realtime:subscribe("account", function(event) events[#events + 1] = event.payload.name end)
    awaitLive { client }
    assert(client.account.createAnonymousSession())
    untilTrue("an event", function()
      assert(client.account.updateNameOperation { name = "Ada " .. now() })
      return #events > 0
    end)
    local other = newClient()
    assert(other.account.createAnonymousSession())
    assert(client.account.logoutSessionById { sessionId = "current" })
    untilTrue("the loss", function() return client.realtime:state() ~= "live" end)
    awaitLive { client }
    local before = #events
    assert(other.account.updateNameOperation { name = "Grace" })
    appwrite.sleep(0.1)
    assert.equal(before, #events)
    client.realtime:close()
  end)

  it("stops where the project is unknown, and says so", function()
    local client = appwrite.new { endpoint = server.endpoint, project = "nobody" }
    local told
    client.realtime.onError = function(err) told = err end
    client.realtime:subscribe "files"
    local over, err = client.realtime:run(PATIENCE)
    assert.is_nil(over)
    assert.same({ "api", 1008, "realtime_policy_violation" }, { err.kind, err.code, err.type })
    untilTrue("the handler", function() return told end)
    client.realtime:close()
  end)

  it("leaves nothing of a connection behind that was given up on the way", function()
    local curl = require "appwrite.transport.curl"
    local client = newClient()
    client.realtime:subscribe "files"
    untilTrue("an attempt", function() return client.realtime:state() == "connecting" end)
    client.realtime:close()
    client = nil
    untilTrue("an end", scheduler.stuck)
    local before = curl.stats().clients
    for _ = 1, 4 do
      collectgarbage()
    end
    assert.is_true(curl.stats().clients < before, "the client is still held")
    assert.is_nil(client)
  end)

  it("says what is wrong where there is no server", function()
    local client = newClient "http://127.0.0.1:1/v1"
    local told
    client.realtime.onError = function(err) told = err end
    client.realtime:subscribe "files"
    untilTrue("an error", function() return told end)
    assert.equal("network", told.kind)
    assert.is_true(told.retryable and told.retryAfter > 0.9 and told.retryAfter <= 2)
    client.realtime:close()
  end)

  it(("brings every event once and in order: 100 subscriptions of 20 clients, %d writes"):format(WRITES), function()
    local DOCUMENTS = 20
    local writer = newWriter()
    local clients, seen = {}, {}
    for index = 1, 20 do
      clients[index] = newClient()
      for place = 1, 5 do
        local list = {}
        seen[#seen + 1] = list
        clients[index].realtime:subscribe(place == 1 and { SCORES, "documents" } or SCORES, function(event)
          list[#list + 1] = { event.payload["$id"], event.payload.points }
        end)
      end
    end
    awaitLive(clients)
    local ids, points = {}, {}
    for index = 1, DOCUMENTS do
      ids[index] = create(writer)["$id"]
      points[ids[index]] = 0
    end
    for write = 1, WRITES - DOCUMENTS do
      local id = ids[write % DOCUMENTS + 1]
      points[id] = points[id] + 1
      assert(writer.databases.updateDocumentById { databaseId = "main", collectionId = "scores", documentId = id,
        data = { points = points[id] } })
    end
    untilTrue("all events", function()
      for _, list in ipairs(seen) do
        if #list < WRITES then
          return false
        end
      end
      return true
    end)
    appwrite.sleep(0.1)
    for _, list in ipairs(seen) do
      assert.equal(WRITES, #list)
      local last = {}
      for _, entry in ipairs(list) do
        assert.equal((last[entry[1]] or -1) + 1, entry[2])
        last[entry[1]] = entry[2]
      end
    end
    for _, client in ipairs(clients) do
      client.realtime:close()
    end
  end)

  it("loses nothing while subscriptions come and go", function()
    local writer, client, writes = newWriter(), newClient(), WRITES / 5
    local seen, others = {}, {}
    client.realtime:subscribe(SCORES, function(event) seen[#seen + 1] = event.payload.points end)
    awaitLive { client }
    for write = 1, writes do
      if write % 10 == 0 then
        others[#others + 1] = client.realtime:subscribe(Channel.teams("t" .. write))
      elseif write % 10 == 5 and others[1] then
        table.remove(others):close()
      end
      create(writer, nil, write)
      appwrite.poll(0.005)
    end
    untilTrue("all events", function() return #seen >= writes end)
    appwrite.sleep(0.1)
    for write = 1, writes do
      assert.equal(write, seen[write])
    end
    assert.equal(writes, #seen)
    client.realtime:close()
  end)

  describe("comes back", function()
    -- A fiftieth to a hundredth of the times of ordinary use; every connection counts as a good one.
    local PACE = { debounce = 0.005, minDelay = 0.02, maxDelay = 0.5, stable = 0, greeting = 0.2, ping = 0.1,
      silence = 0.1, drain = 0.2 }
    if ORDINARY then
      PACE = { minDelay = 1, maxDelay = 60, stable = 10 }
    end
    local MOST, WITHIN = ORDINARY and 120 or 100, ORDINARY and 60 or 1 -- connections, seconds
    local DROPS = tonumber(os.getenv "APPWRITE_SPEC_DROPS") or 8 -- of each kind
    local SLACK = 0.3 -- seconds that a busy machine may need on top

    local proxy, writer, client, seen, closed, errors, open

    setup(function()
      proxy = cutter.start(tonumber(server.endpoint:match ":(%d+)/"))
      writer = newWriter()
    end)

    teardown(function()
      proxy:stop()
    end)

    before_each(function()
      proxy:forget()
      client = newClient(("http://127.0.0.1:%d/v1"):format(proxy.port))
      realtime.hasten(client.realtime, PACE, rate.new(MOST, WITHIN))
      seen, closed, errors, open = {}, {}, {}, 0
      client.realtime.onClose = function(err) closed[#closed + 1] = { now(), err } end
      client.realtime.onError = function(err) errors[#errors + 1] = err end
      client.realtime.onOpen = function() open = open + 1 end
      for index = 1, 5 do
        seen[index] = {}
        client.realtime:subscribe(index == 1 and "documents" or SCORES, function(event)
          seen[index][event.payload.points] = (seen[index][event.payload.points] or 0) + 1
        end)
      end
      awaitLive { client }
    end)

    after_each(function()
      proxy:mode "pass"
      client.realtime:close()
      untilTrue("an end", scheduler.stuck)
    end)

    local function checkRate(most)
      local times = proxy:times()
      for index = most + 1, #times do
        assert.is_true(times[index] - times[index - most] > WITHIN - 0.1, "too many connections within a second")
      end
    end

    -- All subscriptions get an event of the connection that there is now, once.
    local function checkAlive(mark)
      create(writer, nil, mark)
      untilTrue("the event on all subscriptions", function()
        for index = 1, 5 do
          if not seen[index][mark] then
            return false
          end
        end
        return true
      end)
      for index = 1, 5 do
        assert.equal(1, seen[index][mark])
      end
    end

    local function awaitReturn(count)
      untilTrue("another connection", function() return open > count and client.realtime:state() == "live" end)
    end

    local kinds = {
      ["before the handshake"] = function()
        proxy:mode "before"
        proxy:living "cut"
        local failed = #errors
        untilTrue("a failed attempt", function() return #errors > failed end)
        proxy:mode "pass"
      end,
      ["in the handshake"] = function()
        proxy:mode "during"
        proxy:living "cut"
        local failed = #errors
        untilTrue("a failed attempt", function() return #errors > failed end)
        proxy:mode "pass"
      end,
      ["after the handshake"] = function()
        local lost = #closed
        proxy:mode "after"
        proxy:living "cut"
        untilTrue("two losses", function() return #closed >= lost + 2 or #errors > 0 and #closed > lost end)
        proxy:mode "pass"
      end,
      ["in the middle of a frame"] = function(mark)
        local lost = #closed
        proxy:living "frame"
        create(writer, nil, -mark)
        untilTrue("the loss", function() return #closed > lost end)
      end,
      ["half-open"] = function()
        local lost = #closed
        proxy:living "mute"
        untilTrue("the loss", function() return #closed > lost end)
        assert.equal("timeout", closed[#closed][2].kind)
      end,
    }

    for name, drop in pairs(kinds) do
      it(("after %d drops %s, within the bounds of the backoff, with all subscriptions"):format(DROPS, name), function()
        for mark = 1, DROPS do
          local good = now() + PACE.stable
          untilTrue("a good connection", function() return now() >= good end)
          local count, failures, lost = open, #errors, #closed
          drop(mark)
          awaitReturn(count)
          local allowed = 0
          for index = lost + 1, #closed do
            allowed = allowed + closed[index][2].retryAfter
          end
          for index = failures + 1, #errors do
            assert.is_true(errors[index].retryAfter >= PACE.minDelay * 0.5 and errors[index].retryAfter <= PACE.maxDelay)
            allowed = allowed + errors[index].retryAfter
          end
          local took = now() - closed[lost + 1][1]
          assert.is_true(took <= allowed + SLACK, ("%g s, where %g s were due"):format(took, allowed))
          checkAlive(mark)
        end
        checkRate(MOST)
      end)
    end

    it("with no more connections than are allowed, though each is broken at once", function()
      local few = 8
      client.realtime:close()
      untilTrue("an end", scheduler.stuck)
      realtime.hasten(client.realtime, PACE, rate.new(few, WITHIN))
      proxy:forget()
      proxy:mode "after"
      client.realtime:subscribe(SCORES)
      untilTrue("many connections", function() return #proxy:times() >= 3 * few end)
      checkRate(few)
    end)
  end)
end)
