--- Servers that are hostile to realtime: in the handshake, and in what they say over a connection.

local appwrite = require "appwrite"
local checks = require "spec.support.hostile_checks"
local hostile = require "spec.support.hostile"
local memory = require "spec.support.memory"
local realtime = require "appwrite.realtime"
local scheduler = require "appwrite.scheduler"

local now = scheduler.now
local QUICK = { debounce = 0.005, minDelay = 0.05, maxDelay = 0.5 } -- seconds

describe("a server that is hostile to realtime", function()
  local check = checks.new()
  local server

  local function untilTrue(what, test, patience)
    local deadline = now() + (patience or checks.WITHIN)
    while not test() do
      assert(now() < deadline, "in vain: " .. what)
      appwrite.poll(0.02)
    end
  end

  setup(function()
    server = hostile.start()
    check.server = server
  end)

  -- What does not answer to the end of a connection is left after five seconds.
  teardown(function()
    untilTrue("an end", scheduler.stuck, 2 * checks.WITHIN)
    check:finish "sockets"
    server:stop()
  end)

  before_each(function()
    server:clear()
  end)

  -- Subscribes, and does something until `test` holds of what was told.
  local function listen(behaviour, test)
    local client = check:client { endpoint = ("http://127.0.0.1:%d/%s/v1"):format(server.ports.main, behaviour) }
    realtime.hasten(client.realtime, QUICK)
    local told = { errors = {}, events = 0, opened = 0, closed = {} }
    client.realtime.onError = function(err) told.errors[#told.errors + 1] = err end
    client.realtime.onClose = function(err) told.closed[#told.closed + 1] = err end
    client.realtime.onOpen = function() told.opened = told.opened + 1 end
    client.realtime:subscribe("files", function(event)
      told.events = told.events + 1
      told.last = event
    end)
    finally(function() client.realtime:close() end)
    local grown = memory.growth(untilTrue, behaviour, function()
      return test(told, client)
    end)
    assert.is_true(grown < checks.MEMORY, "took bytes: " .. grown)
    check:usable(check:client())
    return told
  end

  local CASES = {
    socketPlain = { kind = { "api", "protocol" }, code = 200 },
    socketRedirect = { kind = "api", code = 302 },
    socketWrongAccept = { kind = "protocol", message = "Sec-WebSocket-Accept" },
    socketNoAccept = { kind = "protocol", message = "Sec-WebSocket-Accept" },
    socketExtension = { kind = "protocol", message = "that was not asked for" },
    socketOtherProtocol = { kind = "protocol", message = "another protocol" },
    socketEndlessHeaders = { kind = "protocol", message = "header fields" },
    socketLongHeader = { kind = "protocol", message = "too long" },
    socketInterims = { kind = { "api", "protocol" } },
    socketEndlessRefusal = { kind = "api", code = 403 },
    socketEscapeRefusal = { kind = "api", code = 403, message = "\\x1B[2JNo.", type = "api" },
    socketNoJson = { kind = "protocol", message = "none of realtime's" },
    socketScalar = { kind = "protocol", message = "none of realtime's" },
    socketList = { kind = "protocol", message = "none of realtime's" },
    socketNoData = { kind = "protocol", message = "none of realtime's" },
    socketTypeNumber = { kind = "protocol", message = "none of realtime's" },
    socketDeep = { kind = "protocol", message = "none of realtime's" },
    socketErrorFraction = { kind = "api", code = 0, message = "the server reports an error" },
    socketErrorHuge = { kind = "api", code = 0, message = "the server reports an error" },
    socketErrorEscape = { kind = "api", code = 1003, message = "\\x1B]0;owned\\x07\\x1B[2J\\x00No." },
    socketErrorLong = { kind = "api", code = 1003 },
    socketNonsenseFlood = { kind = "protocol", message = "none of realtime's" },
  }
  for behaviour, expected in pairs(CASES) do
    it("gives an error that tells: " .. behaviour, function()
      local told = listen(behaviour, function(told) return told.errors[1] end)
      checks.error(expected, nil, told.errors[1])
      assert.equal(0, told.events)
    end)
  end

  it("says a reason for the end that is to be printed", function()
    local told = listen("socketCloseEscape", function(told) return told.errors[1] end)
    checks.error({ kind = "network", code = 1008, message = "\\x1B[2J\\x1B]0;owned\\x07No." }, nil, told.errors[1])
  end)

  it("sends events of odd shapes, of which a good one is heard", function()
    local told = listen("socketOddEvents", function(told) return told.events > 0 end)
    assert.equal(1, told.events)
    assert.equal(1, told.last.payload.n)
  end)

  it("sends events faster than anybody reads", function()
    local frames = 0
    local told = listen("socketFlood", function(told)
      frames = frames + 1
      return told.events > 20000
    end)
    assert.is_true(frames > 10, frames) -- others had their turn meanwhile
    assert.equal(0, #told.errors)
  end)

  it("sends pings without an end", function()
    local begun = now()
    local told = listen("socketPingFlood", function(told) return now() - begun > 1 or told.errors[1] or told.closed[1] end)
    assert.equal(0, told.events)
  end)

  it("gets no credential but those of the connection that it was asked for", function()
    listen("socketRedirect", function(told) return told.errors[1] end)
    assert.same({}, server:requests "other")
    assert.equal("GET /socketRedirect/v1/realtime?", server:requests()[1].head:match "^[^?]*%?")
  end)
end)
