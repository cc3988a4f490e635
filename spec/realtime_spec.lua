-- `client.realtime` on the fake transport: what a user sees of it.

local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local realtime = require "appwrite.realtime"
local scheduler = require "appwrite.scheduler"

local PATIENCE = 10 -- seconds; nothing takes as long unless it hangs

-- Shorter than servers like it.
local QUICK = { debounce = 0.005, minDelay = 0.02, maxDelay = 0.1, stable = 0.01, greeting = 0.2, ping = 0.05, silence = 0.05,
  drain = 0.1, hint = 0.02 }

local server, client, reports

local function untilTrue(what, test)
  local deadline = scheduler.now() + PATIENCE
  while not test() do
    assert(scheduler.now() < deadline, "in vain: " .. what)
    appwrite.poll(0.01)
  end
end

local function pass(seconds)
  appwrite.sleep(seconds)
end

local function newClient(options)
  local given = { project = "test", transport = server }
  for name, value in pairs(options or {}) do
    given[name] = value
  end
  local made = appwrite.new(given)
  realtime.hasten(made.realtime, QUICK)
  return made
end

local function live(count)
  untilTrue("a connection", function()
    return #server.sockets >= (count or 1) and client.realtime:state() == "live"
  end)
  return server.sockets[#server.sockets]
end

local function collector()
  local list = {}
  return list, function(event)
    list[#list + 1] = event.payload.n
  end
end

local function raises(text, fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  assert.truthy(tostring(err):find(text, 1, true), tostring(err))
  return tostring(err)
end

describe("client.realtime", function()
  before_each(function()
    server, reports = fake.new(), {}
    client = newClient()
    appwrite.onError(function(message)
      reports[#reports + 1] = message
    end)
  end)

  after_each(function()
    client.realtime:close()
    untilTrue("an end", scheduler.stuck)
    appwrite.onError(nil)
    assert.same({}, reports)
  end)

  describe("subscribe", function()
    it("brings events to its callback", function()
      local got, callback = collector()
      local sub = client.realtime:subscribe("documents", callback)
      assert.same({ "documents" }, sub.channels)
      assert.equal("open", sub.status)
      assert.equal("idle", appwrite.new({ project = "p", transport = server }).realtime:state())
      live()
      server:emit("files", { n = 0 })
      server:emit("documents", { n = 1 })
      server:emit({ "files", "documents" }, { n = 2 })
      untilTrue("events", function() return #got == 2 end)
      assert.same({ 1, 2 }, got)
    end)

    it("makes one connection for all, and gives each what it asked for, once, as a table of its own", function()
      local events = {}
      local function keep(name)
        return function(event, sub)
          events[#events + 1] = { name, event, sub }
        end
      end
      local one = client.realtime:subscribe({ "documents", "files", "documents" }, keep "one")
      local two = client.realtime:subscribe("files", keep "two")
      assert.same({ "documents", "files" }, one.channels)
      live()
      server:emit({ "documents", "files" }, { n = 1 })
      untilTrue("events", function() return #events == 2 end)
      pass(0.02)
      assert.equal(1, #server.sockets)
      assert.same({ "documents", "files" }, server.sockets[1].channels)
      assert.same({ "one", "two" }, { events[1][1], events[2][1] })
      assert.same({ one, two }, { events[1][3], events[2][3] })
      assert.same(events[1][2], events[2][2])
      assert.is_false(rawequal(events[1][2], events[2][2]))
      assert.is_false(rawequal(events[1][2].payload, events[2][2].payload))
    end)

    it("leaves the table of channels as it is", function()
      local given = { "files", "files" }
      client.realtime:subscribe(given):close()
      assert.same({ "files", "files" }, given)
    end)

    it("reads nulls as the client does", function()
      local keeping = newClient { nulls = "keep" }
      local got
      local sub = keeping.realtime:subscribe("documents", function(event) got = event.payload end)
      untilTrue("a connection", function() return keeping.realtime:state() == "live" end)
      server:emit("documents", { n = appwrite.null })
      untilTrue("an event", function() return got end)
      assert.equal(appwrite.null, got.n)
      sub:close()
    end)

    for name, case in pairs {
      ["a misspelt channel"] = { { "document" }, 'there is no channel "document"; did you mean "documents"?' },
      ["a misspelt channel of several"] = { { { "files", "team.x" } }, 'did you mean "teams.x"?' },
      ["no channel"] = { {}, "it takes a channel or an array of them, got nil" },
      ["an empty list"] = { { {} }, "it takes a channel or an array of them" },
      ["a list with fields"] = { { { "files", on = true } }, "it has a field on" },
      ["an unknown option"] = { { "files", { onErorr = print } }, 'unknown option "onErorr"; did you mean "onError"?' },
      ["a callback that is none"] = { { "files", { callback = 5 } }, 'option "callback" must be a function' },
      ["a queue without room"] = { { "files", { queue = 0 } }, 'option "queue" must be 1 or more' },
      ["options that are none"] = { { "files", "x" }, "options must be a table, got string" },
    } do
      it("refuses " .. name .. ", at the caller's line", function()
        local function call()
          client.realtime:subscribe((unpack or table.unpack)(case[1]))
        end
        local message = raises(case[2], call)
        assert.truthy(message:find("spec/realtime_spec.lua:", 1, true), message)
        assert.equal("idle", client.realtime:state())
      end)
    end

    it("takes channels of newer servers where the client is loose", function()
      local loose = newClient { validate = "loose" }
      loose.realtime:subscribe("tables.t.rows"):close()
      raises("must be a string", function() loose.realtime:subscribe { 5 } end)
    end)

    it("refuses more channels than an address can carry", function()
      local list = {}
      for index = 1, 100 do
        list[index] = appwrite.Channel.documents("a-database", "a-collection", ("x"):rep(30) .. index)
      end
      raises("too many channels", function() client.realtime:subscribe(list) end)
    end)
  end)

  describe("closes", function()
    it("the connection with the last subscription", function()
      local one, two = client.realtime:subscribe "files", client.realtime:subscribe "files"
      local socket = live()
      one:close()
      one:close()
      assert.equal("closed", one.status)
      pass(0.03)
      assert.equal("open", socket:state())
      two:close()
      untilTrue("an end", function() return socket:state() == "closed" end)
      assert.equal(1000, socket.closing.code)
      assert.equal("idle", client.realtime:state())
    end)

    it("and calls nothing back any more", function()
      local got, callback = collector()
      local sub
      sub = client.realtime:subscribe("files", function(event)
        callback(event)
        sub:close()
      end)
      live()
      for n = 1, 3 do
        server:emit("files", { n = n })
      end
      untilTrue("an event", function() return #got > 0 end)
      pass(0.02)
      assert.same({ 1 }, got)
    end)

    it("and begins anew with the next", function()
      client.realtime:subscribe("files"):close()
      client.realtime:subscribe "teams"
      assert.same({ "teams" }, live().channels)
    end)
  end)

  describe("with another list of channels", function()
    it("loses nothing, brings nothing twice, and keeps the order", function()
      local got, callback = collector()
      client.realtime:subscribe("documents", callback)
      local old = live()
      server:emit("documents", { n = 1 })
      local new
      server:onConnect(function(socket) new = socket end)
      client.realtime:subscribe "files"
      untilTrue("another connection", function() return new end)
      server:emit("documents", { n = 2 })
      new:accept()
      server:emit("documents", { n = 3 }) -- to both
      old:push { type = "event", data = { channels = { "documents" }, payload = { n = 4 }, events = {} } } -- to the old one only
      new:push { type = "event", data = { channels = { "documents" }, payload = { n = 5 }, events = {} } } -- later
      untilTrue("events", function() return #got >= 5 end)
      pass(0.05)
      assert.same({ 1, 2, 3, 4, 5 }, got)
      assert.equal("closed", old:state())
      assert.equal("open", new:state())
      assert.equal(2, #server.sockets)
    end)

    it("brings an event twice that came twice", function()
      local got, callback = collector()
      client.realtime:subscribe("documents", callback)
      live()
      client.realtime:subscribe "files"
      live(2)
      pass(0.05)
      server:emit("documents", { n = 1 })
      server:emit("documents", { n = 1 })
      untilTrue("events", function() return #got >= 2 end)
      assert.same({ 1, 1 }, got)
    end)

    it("stays as it is for a channel that is there already", function()
      client.realtime:subscribe { "documents", "files" }
      live()
      local sub = client.realtime:subscribe "files"
      pass(0.03)
      sub:close()
      pass(0.03)
      assert.equal(1, #server.sockets)
    end)
  end)

  describe("after a loss", function()
    it("comes back with all subscriptions, and says so", function()
      local said = {}
      client.realtime.onOpen = function() said[#said + 1] = "open" end
      client.realtime.onClose = function(err) said[#said + 1] = err end
      local since
      local got, callback = collector()
      client.realtime:subscribe("documents", { callback = callback, onReconnect = function(at)
        since = at
        said[#said + 1] = "reconnect"
      end })
      client.realtime:subscribe "files"
      live():drop { kind = "network", message = "the cable is out" }
      live(2)
      untilTrue("words", function() return #said == 4 end)
      assert.same({ "open", "open", "reconnect" }, { said[1], said[3], said[4] })
      local err = said[2]
      assert.same({ "network", "the cable is out", true }, { err.kind, err.message, err.retryable })
      assert.is_true(err.retryAfter > 0 and err.retryAfter <= 0.1)
      assert.is_true(math.abs(since - os.time()) <= 2)
      assert.same({ "documents", "files" }, server.sockets[2].channels)
      server:emit("documents", { n = 1 })
      untilTrue("an event", function() return #got == 1 end)
    end)

    it("goes on trying, and tells of each attempt that failed", function()
      local errors = {}
      client.realtime.onError = function(err) errors[#errors + 1] = err end
      server:onConnect(function(socket)
        if #server.sockets == 1 then
          socket:refuse { status = 503, body = "<html>" }
        elseif #server.sockets == 2 then
          socket:drop { kind = "tls", message = "a certificate" }
        elseif #server.sockets == 3 then
          socket:accept { greet = false }
        else
          socket:accept()
        end
      end)
      client.realtime:subscribe "files"
      live(4)
      assert.same({ "api", "tls", "timeout" }, { errors[1].kind, errors[2].kind, errors[3].kind })
      assert.equal(503, errors[1].code)
      assert.is_true(errors[3].retryable)
      assert.equal(3, #errors)
    end)

    it("gives a connection up that does not answer to pings", function()
      client.realtime:subscribe "files"
      local socket = live()
      untilTrue("a ping", function() return socket.pings > 0 end)
      assert.equal("open", socket:state())
      socket.isMute = true
      live(2)
      assert.equal("closed", socket:state())
    end)

    it("tries again though what is told of the outage raises", function()
      appwrite.onError(function()
        error "out of the poll"
      end)
      local refused, raised = 0, 0
      server:onConnect(function(socket)
        refused = refused + 1
        if refused == 1 then
          socket:refuse { status = 503 }
        else
          socket:accept()
        end
      end)
      client.realtime:subscribe("files")
      untilTrue("a connection", function()
        if not pcall(appwrite.poll, 0.01) then
          raised = raised + 1
        end
        return client.realtime:state() == "live"
      end)
      assert.same({ 2, 1 }, { refused, raised })
    end)

    it("tells an outage that nobody has a handler for to appwrite.onError, once", function()
      server:onConnect(function(socket)
        if #server.sockets <= 3 then
          socket:refuse { status = 503 }
        else
          socket:accept()
        end
      end)
      client.realtime:subscribe "files"
      live(4)
      assert.equal(1, #reports)
      assert.truthy(reports[1]:find("status 503", 1, true))
      reports = {}
    end)

    it("tries at once when a call has succeeded", function()
      server:on("GET", "/locale", { json = {} })
      local slow = {}
      for name, seconds in pairs(QUICK) do
        slow[name] = seconds
      end
      slow.minDelay, slow.maxDelay = 60, 60
      local patient = appwrite.new { project = "test", transport = server }
      realtime.hasten(patient.realtime, slow)
      patient.realtime:subscribe "files"
      untilTrue("a connection", function() return patient.realtime:state() == "live" end)
      server.sockets[1]:drop()
      untilTrue("the loss", function() return patient.realtime:state() == "waiting" end)
      assert(client.locale.getUserLocale())
      untilTrue("a connection", function() return patient.realtime:state() == "live" end)
      patient.realtime:close()
    end)
  end)

  describe("where the server refuses for good", function()
    local function refuse(socket)
      socket:accept { greet = false }
      socket:push { type = "error", data = { code = 1008, message = "Missing or unknown project ID" } }
      socket:drop()
    end

    it("stops, and says so to everybody", function()
      server:onConnect(refuse)
      local told
      local sub = client.realtime:subscribe("files", { onError = function(err) told = err end })
      local over, err = client.realtime:run(PATIENCE)
      assert.is_nil(over)
      assert.same({ "api", 1008, "realtime_policy_violation" }, { err.kind, err.code, err.type })
      untilTrue("the handler", function() return told end)
      assert.is_false(told.retryable)
      assert.equal("stopped", sub.status)
      assert.equal("stopped", client.realtime:state())
      assert.equal(err, (select(2, sub:wait(1))))
      raises("Missing or unknown project ID", function()
        for _ in sub:events() do
          error "an event"
        end
      end)
      pass(0.1)
      assert.equal(1, #server.sockets)
    end)

    it("wakes who waits in a task", function()
      server:onConnect(refuse)
      client.realtime.onError = function() end
      local sub = client.realtime:subscribe "files"
      local task = appwrite.spawn(function()
        return sub:wait()
      end)
      local _, err = task:await(PATIENCE)
      assert.equal(1008, err.code)
    end)

    it("tells appwrite.onError where there is no handler", function()
      server:onConnect(refuse)
      client.realtime:subscribe "files"
      client.realtime:run(PATIENCE)
      untilTrue("a report", function() return #reports == 1 end)
      assert.truthy(reports[1]:find("Missing or unknown project ID (1008 realtime_policy_violation)", 1, true), reports[1])
      reports = {}
    end)

    it("tries again with another subscription", function()
      client.realtime.onError = function() end
      server:onConnect(refuse)
      local sub = client.realtime:subscribe "files"
      client.realtime:run(PATIENCE)
      server:onConnect(nil)
      client.realtime:subscribe "teams"
      live(2)
      assert.equal("open", sub.status)
      assert.same({ "files", "teams" }, server.sockets[2].channels)
    end)
  end)

  it("goes on where the server complains about a message, or sends what is none", function()
    local errors = {}
    client.realtime.onError = function(err) errors[#errors + 1] = err end
    local got, callback = collector()
    client.realtime:subscribe("files", callback)
    local socket = live()
    socket:push { type = "error", data = { code = 1003, message = "Message type is not valid." } }
    socket:push "hello"
    socket:push { type = "news", data = {} }
    server:emit("files", { n = 1 })
    untilTrue("an event", function() return #got == 1 end)
    assert.same({ 1003, "protocol" }, { errors[1].code, errors[2].kind })
    assert.equal(2, #errors)
    assert.equal(1, #server.sockets)
  end)

  describe("callbacks", function()
    it("that raise disturb nobody", function()
      local got, callback = collector()
      client.realtime:subscribe("files", function() error "my mistake" end)
      client.realtime:subscribe("files", callback)
      client.realtime.onOpen = function() error "another" end
      live()
      server:emit("files", { n = 1 })
      server:emit("files", { n = 2 })
      untilTrue("events", function() return #got == 2 and #reports == 3 end)
      assert.truthy(reports[1]:find("onOpen of realtime failed: .*another"), reports[1])
      assert.truthy(reports[2]:find("a callback of realtime failed: .*my mistake"), reports[2])
      assert.truthy(reports[2]:find("stack traceback", 1, true))
      reports = {}
    end)

    it("that wait get the next event when they have returned, and hold up no other subscription", function()
      local order = {}
      client.realtime:subscribe("files", function(event)
        order[#order + 1] = "begin " .. event.payload.n
        appwrite.sleep(0.03)
        order[#order + 1] = "end " .. event.payload.n
      end)
      local got, callback = collector()
      client.realtime:subscribe("teams", callback)
      live()
      server:emit("files", { n = 1 })
      server:emit("files", { n = 2 })
      server:emit("teams", { n = 3 })
      untilTrue("events", function() return #order == 4 end)
      assert.same({ "begin 1", "end 1", "begin 2", "end 2" }, order)
      assert.same({ 3 }, got)
    end)

    it("may make calls, subscribe and close", function()
      server:on("GET", "/locale", { json = { country = "Peru" } })
      local country, inner
      local sub
      sub = client.realtime:subscribe("files", function()
        country = assert(client.locale.getUserLocale()).country
        inner = client.realtime:subscribe "teams"
        sub:close()
      end)
      live()
      server:emit("files", { n = 1 })
      untilTrue("a call", function() return country end)
      live(2)
      assert.same({ "teams" }, server.sockets[2].channels)
      inner:close()
    end)
  end)

  describe("a slow consumer", function()
    it("loses nothing silently", function()
      local told = {}
      local sub = client.realtime:subscribe("files", { queue = 3, onError = function(err) told[#told + 1] = err end })
      live()
      for n = 1, 8 do
        server:emit("files", { n = n })
      end
      untilTrue("an error", function() return #told > 0 end)
      assert.equal(5, sub.dropped)
      assert.same({ 5, "memory", "realtime_queue_full" }, { told[1].dropped, told[1].kind, told[1].type })
      assert.truthy(told[1].message:find("5 events of files were dropped", 1, true), told[1].message)
      for n = 1, 3 do
        assert.equal(n, sub:wait(0).payload.n)
      end
      assert.is_nil((sub:wait(0)))
      server:emit("files", { n = 9 })
      assert.equal(9, sub:wait(PATIENCE).payload.n)
      assert.equal(1, #told)
    end)

    it("has the server wait where it is the program that polls too seldom", function()
      local got, callback = collector()
      local sub = client.realtime:subscribe("files", { callback = callback, queue = 2 })
      live()
      for n = 1, 100 do
        server:emit("files", { n = n })
      end
      untilTrue("events", function() return #got == 100 end)
      assert.equal(0, sub.dropped)
    end)

    it("is told on standard terms where it has no handler", function()
      client.realtime:subscribe("files", { queue = 1 })
      live()
      server:emit("files", { n = 1 })
      server:emit("files", { n = 2 })
      untilTrue("a report", function() return #reports == 1 end)
      assert.truthy(reports[1]:find("1 events of files were dropped", 1, true))
      reports = {}
    end)
  end)

  describe("wait", function()
    it("gives the next event, in a task and outside of one", function()
      local sub = client.realtime:subscribe "files"
      local task = appwrite.spawn(function()
        return sub:wait().payload.n, sub:wait(PATIENCE).payload.n
      end)
      live()
      for n = 1, 3 do
        server:emit("files", { n = n })
      end
      assert.same({ 1, 2 }, { task:await(PATIENCE) })
      assert.equal(3, sub:wait(PATIENCE).payload.n)
    end)

    it("ends with its time", function()
      local sub = client.realtime:subscribe "files"
      local _, err = sub:wait(0.02)
      assert.same({ "timeout", "no event came within 0.02 s" }, { err.kind, err.message })
      _, err = appwrite.spawn(function() return sub:wait(0.02) end):await(PATIENCE)
      assert.equal("timeout", err.kind)
      assert.is_nil((sub:wait(0)))
    end)

    it("ends when the subscription is closed", function()
      local sub = client.realtime:subscribe "files"
      local task = appwrite.spawn(function() return sub:wait() end)
      sub:close()
      local _, err = task:await(PATIENCE)
      assert.same({ "cancelled", "the subscription was closed" }, { err.kind, err.message })
      assert.equal("cancelled", (select(2, sub:wait())).kind)
    end)

    it("leaves nothing behind in a task that is cancelled", function()
      local sub = client.realtime:subscribe "files"
      local task = appwrite.spawn(function() return sub:wait(1000) end)
      task:cancel()
      sub:close()
      untilTrue("an end", scheduler.stuck)
    end)

    it("gives each event to one of those that wait", function()
      local sub = client.realtime:subscribe "files"
      local got = {}
      for _ = 1, 3 do
        appwrite.spawn(function()
          local event = sub:wait(PATIENCE)
          got[#got + 1] = event.payload.n
        end)
      end
      live()
      for n = 1, 3 do
        server:emit("files", { n = n })
      end
      untilTrue("events", function() return #got == 3 end)
      assert.same({ 1, 2, 3 }, got)
    end)

    it("is for subscriptions without a callback, and takes seconds", function()
      local sub = client.realtime:subscribe("files", function() end)
      raises("go to its callback", function() sub:wait() end)
      raises("go to its callback", function() sub:events() end)
      local other = client.realtime:subscribe "files"
      raises('takes seconds, 0 or more, got "x"', function() other:wait "x" end)
      raises("takes seconds, 0 or more, got number -1", function() other:wait(-1) end)
    end)
  end)

  it("events goes through all until the subscription is closed", function()
    local sub = client.realtime:subscribe "files"
    live()
    for n = 1, 3 do
      server:emit("files", { n = n })
    end
    local got = {}
    for event in sub:events() do
      got[#got + 1] = event.payload.n
      if event.payload.n == 3 then
        sub:close()
      end
    end
    assert.same({ 1, 2, 3 }, got)
  end)

  describe("run", function()
    it("drives everything until no subscription is left", function()
      local sub
      sub = client.realtime:subscribe("files", function() sub:close() end)
      client.realtime.onOpen = function() server:emit("files", {}) end
      assert.is_true(client.realtime:run(PATIENCE))
      assert.is_true(client.realtime:run())
    end)

    it("ends with its time", function()
      client.realtime:subscribe "files"
      local over, err = client.realtime:run(0.05)
      assert.is_nil(over)
      assert.equal("timeout", err.kind)
      raises("takes seconds", function() client.realtime:run "x" end)
    end)

    it("waits in a task as well", function()
      local sub = client.realtime:subscribe "files"
      local task = appwrite.spawn(function() return client.realtime:run() end)
      appwrite.spawn(function()
        appwrite.sleep(0.02)
        sub:close()
      end)
      assert.is_true(task:await(PATIENCE))
    end)

    it("appwrite.run goes on for as long as there are subscriptions", function()
      local got = 0
      appwrite.run(function()
        local sub
        sub = client.realtime:subscribe("files", function()
          got = got + 1
          sub:close()
        end)
        client.realtime.onOpen = function() server:emit("files", {}) end
      end)
      assert.equal(1, got)
    end)

    it("appwrite.poll does not count connections as calls", function()
      client.realtime:subscribe "files"
      live()
      pass(0.02)
      assert.equal(0, appwrite.poll())
    end)
  end)

  describe("and the user:", function()
    local COOKIES = '{"a_session_test":"x"}'

    it("the handshake carries the client's credentials", function()
      local other = newClient { session = "s", headers = { ["X-App"] = "1" } }
      other.realtime:subscribe("account")
      untilTrue("a connection", function() return other.realtime:state() == "live" end)
      local socket = server.sockets[1]
      assert.is_true(socket.credentials.session)
      assert.equal("test", socket.project)
      assert.equal("1", socket.headers["x-app"])
      other.realtime:close()
    end)

    it("who is not known to the server is named by message", function()
      local other = newClient { session = "s" }
      other.realtime:subscribe("account")
      untilTrue("a message", function() return server.sockets[1] and server.sockets[1].sent[1] end)
      assert.truthy(server.sockets[1].sent[1]:find('"authentication"', 1, true))
      server:onConnect(function(socket) socket:accept { user = { ["$id"] = "ada" } } end)
      server.sockets[1]:drop()
      untilTrue("another connection", function() return #server.sockets == 2 and other.realtime:state() == "live" end)
      pass(0.02)
      assert.equal(0, #server.sockets[2].sent)
      other.realtime:close()
    end)

    it("a login makes another connection, and the old one goes on until then", function()
      server:on("POST", "/account/sessions/anonymous", { status = 201, json = {}, headers = { ["X-Fallback-Cookies"] = COOKIES } })
      client.realtime:subscribe "files"
      local old = live()
      assert.is_false(old.credentials.cookies)
      assert(client.account.createAnonymousSession())
      assert.equal("open", old:state())
      live(2)
      untilTrue("the end of the old one", function() return old:state() == "closed" end)
      assert.is_true(server.sockets[2].credentials.cookies)
    end)

    it("a logout ends the connection at once", function()
      server:on("DELETE", "/account/sessions/current", { status = 204, headers = { ["X-Fallback-Cookies"] = "[]" } })
      client.realtime:subscribe "files"
      local old = live()
      assert(client.account.logoutSessionById { sessionId = "current" })
      untilTrue("the end of the old one", function() return old:state() == "closed" end)
      assert.is_nil(old.closing)
      live(2)
    end)

    it("credentials that are set or forgotten by hand count as well", function()
      client.realtime:subscribe "files"
      live()
      client:set("session", "s")
      live(2)
      assert.is_true(server.sockets[2].credentials.session)
      client:forget()
      live(3)
      assert.is_false(server.sockets[3].credentials.session)
      client:set("locale", "pt-br")
      pass(0.05)
      assert.equal(3, #server.sockets)
    end)

    it("other clients' calls do not", function()
      server:on("POST", "/account/sessions/anonymous", { status = 201, json = {}, headers = { ["X-Fallback-Cookies"] = COOKIES } })
      client.realtime:subscribe "files"
      live()
      local other = client:with {}
      assert(other.account.createAnonymousSession())
      pass(0.05)
      assert.equal(1, #server.sockets)
      other.realtime:subscribe "files"
      untilTrue("a connection of its own", function() return #server.sockets == 2 end)
      other.realtime:close()
    end)
  end)

  describe("its fields", function()
    it("are handlers, and misspelt ones raise", function()
      local function handler() end
      client.realtime.onError = handler
      assert.equal(handler, client.realtime.onError)
      client.realtime.onError = nil
      assert.is_nil(client.realtime.onError)
      raises("onErorr", function() client.realtime.onErorr = handler end)
      raises("takes a function, or nil, got number", function() client.realtime.onError = 5 end)
      raises("client.realtime:run takes seconds, 0 or more, got number -1", function() client.realtime:run(-1) end)
      raises('client.realtime has no "listenToAll"', function() client.realtime:listenToAll() end)
      raises('client.realtime has no "subscrbe"; did you mean "subscribe"?', function() client.realtime:subscrbe() end)
    end)

    it("tell what it is", function()
      local sub = client.realtime:subscribe { "files", "teams" }
      assert.equal("appwrite.Realtime (https://cloud.appwrite.io/v1, waiting)", tostring(client.realtime))
      assert.equal("appwrite.Subscription (files, teams, open)", tostring(sub))
    end)
  end)

  it("is also that of the default client", function()
    appwrite.setup { project = "test", transport = server }
    assert.equal("idle", appwrite.realtime:state())
  end)

  it("tries again where a connection cannot even begin", function()
    local failures = 2
    local failing = setmetatable({
      open = function(...)
        local session = server.open(...)
        local connect = session.connect
        session.connect = function(...)
          failures = failures - 1
          if failures >= 0 then
            return nil, "file", "too many open files"
          end
          return connect(...)
        end
        return session
      end,
    }, { __index = server })
    local other = newClient { transport = failing }
    other.realtime:subscribe("documents", error)
    untilTrue("a connection", function() return other.realtime:state() == "live" end)
    assert.equal(-1, failures)
    assert.same({ "realtime: too many open files (file)" }, reports)
    reports = {}
    other.realtime:close()
  end)

  it("says where a transport has none", function()
    local bare = { name = "bare", step = function() return 0 end }
    function bare.open(options)
      local session = server.open(options)
      return setmetatable({ connect = false }, { __index = session })
    end
    local other = appwrite.new { project = "test", transport = bare }
    local message = raises('the transport "bare" has no realtime', function() return other.realtime end)
    assert.truthy(message:find("spec/realtime_spec.lua:", 1, true), message)
    bare.realtime = function() return false, "it was built without" end
    bare.open = server.open
    other = appwrite.new { project = "test", transport = bare }
    raises("has no realtime: it was built without", function() return other.realtime end)
  end)
end)
