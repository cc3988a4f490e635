--- Servers that break HTTP/2.

local appwrite = require "appwrite"
local certificate = require "spec.support.certificate"
local checks = require "spec.support.hostile_checks"
local memory = require "spec.support.memory"
local process = require "spec.support.process"

local BROKEN = checks.BROKEN

describe("a server that breaks HTTP/2", function()
  local made, server
  local tried, count = {}, 0

  setup(function()
    made = certificate.make {}
    server = assert(process.start(process.luaCommand "spec/support/hostile_http2_server.lua"
      .. " " .. process.quote(made.certificate) .. " " .. process.quote(made.key)))
  end)

  teardown(function()
    server:stop()
    made:remove()
    for name in pairs(require "spec.support.hostile_http2") do
      assert.is_true(tried[name] == true, "nobody tried the behaviour " .. name)
    end
    checks.tell(count, "http2")
  end)

  local function behave(name)
    if not tried[name] then
      tried[name], count = true, count + 1
    end
    assert(server.control:send(name .. "\n"))
    assert.equal("ok", (server.control:receive "*l"))
  end

  local function connections()
    assert(server.control:send "connections\n")
    return tonumber((server.control:receive "*l"))
  end

  local function newClient(changes)
    local options = {
      endpoint = ("https://127.0.0.1:%d/v1"):format(server.ports[2]), project = "p", timeout = 10, retry = false,
      maxResponseBytes = checks.MAX, key = "hunter2-key", session = "hunter2-session", caFile = made.caFile,
    }
    for name, value in pairs(changes or {}) do
      options[name] = value
    end
    return appwrite.new(options)
  end

  local function try(name, case)
    local client = newClient(case.options)
    behave(name)
    local grown, elapsed, result, err = memory.growth(checks.timed, client.account.getCurrentUser)
    if case.kind then
      checks.error(case, result, err)
    else
      assert.is_nil(err, tostring(err))
      assert.equal("Ada", result.name)
    end
    assert.is_true(elapsed < (case.within or checks.WITHIN), "took " .. elapsed)
    assert.is_true(grown < checks.MEMORY, "took bytes: " .. grown)
    behave "h2Ok"
    assert.equal("Ada", assert(client.account.getCurrentUser()).name)
    return client
  end

  local SHORT = { timeout = 0.5 }
  for name, case in pairs {
    h2GoAway = { kind = BROKEN },
    h2Reset = { kind = BROKEN },
    h2Refused = { kind = BROKEN },
    h2Garbage = { kind = BROKEN },
    h2Silent = { kind = "timeout", options = SHORT, within = 1 },
    h2PingFlood = { kind = { "network", "protocol", "timeout" }, options = SHORT, within = 1 },
    h2SettingsFlood = { kind = { "network", "protocol", "timeout" }, options = SHORT, within = 1 },
    h2EmptyFlood = { kind = { "network", "protocol", "timeout" }, options = SHORT, within = 1 },
    h2Continuations = { kind = BROKEN },
    -- libcurl understands nothing more on that connection, and keeps it.
    h2HeaderBomb = { kind = BROKEN },
    h2BadFields = { kind = BROKEN },
    h2SplitField = { kind = BROKEN },
    h2InterimFlood = { kind = BROKEN },
    h2Push = { kind = BROKEN },
    h2LongFrame = { kind = BROKEN },
    h2WrongStream = { kind = BROKEN },
    h2Half = { kind = BROKEN },
    h2NoStatus = { kind = BROKEN },
  } do
    it("gives an error that tells: " .. name, function()
      try(name, case)
    end)
  end

  -- One that died without a word looks the same: without this every call would wait there in vain.
  it("says nothing any more on a connection, which is not used again", function()
    local client = newClient()
    behave "h2Ok"
    assert(client.account.getCurrentUser())
    behave "h2Silent"
    checks.error({ kind = "timeout", code = 0 }, client.account.getCurrentUser({}, { timeout = 0.3 }))
    behave "h2Ok"
    local before = connections()
    for _ = 1, 5 do
      assert(client.account.getCurrentUser({}, { timeout = 2 }))
    end
    assert.equal(before + 1, connections())
  end)

  it("hides a session in trailers, where it counts for nothing", function()
    local client = try("h2Trailers", {})
    assert.is_false(client:has "cookies")
  end)
end)
