--- What the C core's sessions keep across programs, and what late answers may not do to them.

local curl = require "appwrite.transport.curl"
local drive = require "spec.support.drive"
local recorder = require "spec.support.recorder"

local arrive, fetch, finish, open, start = drive.arrive, drive.fetch, drive.finish, drive.open, drive.start

local LOGIN = { method = "POST", body = "{}", auth = "login" }

local function session(name, more)
  local headers = {
    ["set-cookie"] = ("a_session_p=%s; path=/; max-age=3600; httponly"):format(name),
    ["x-fallback-cookies"] = ('{"a_session_p":"%s"}'):format(name),
  }
  local reply = { status = 201, headers = headers }
  for key, value in pairs(more or {}) do
    reply[key] = value
  end
  return reply
end

describe("a session of appwrite.transport.curl that is kept", function()
  local server

  setup(function()
    server = recorder.start()
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    server:clear()
  end)

  local function sent(what)
    fetch(what)
    local headers = server:last().headers
    return (headers.cookie or "none") .. " " .. (headers["x-fallback-cookies"] or "none")
  end

  it("is sent by another program as by the one that logged in", function()
    server:reply(session "ada", {})
    local first = open(server.endpoint, { key = "k", jwt = "j" })
    assert.is_nil(first:export())
    fetch(first, LOGIN)
    local text = first:export()
    assert.is_string(text)
    local second = open(server.endpoint)
    assert.is_true(second:import(text))
    assert.equal(text, second:export())
    assert.equal('a_session_p=ada {"a_session_p":"ada"}', sent(second))
    assert.is_nil(server:last().headers["x-appwrite-key"])
    second:clear()
    assert.is_nil(second:export())
  end)

  it("is nobody else's", function()
    server:reply(session "ada", {})
    local first = open(server.endpoint)
    fetch(first, LOGIN)
    local text = first:export()
    for options, word in pairs {
      [{ project = "q" }] = 'is of the project "p"', [{ endpoint = server.endpoint .. "x" }] = "is of the project",
    } do
      local other = open(options.endpoint or server.endpoint, { project = options.project })
      local done, why = other:import(text)
      assert.is_nil(done)
      assert.truthy(why:find(word, 1, true), why)
      assert.is_nil(why:find("ada", 1, true))
      assert.is_false(other:has "cookies")
    end
  end)

  it("keeps what outlasts a program, and not what has gone by", function()
    local first = open(server.endpoint)
    server:reply({ headers = { ["set-cookie"] = { "once=1; path=/", "gone=1; path=/; max-age=1", "long=1; path=/; max-age=99" } } })
    fetch(first)
    local text = first:export()
    assert.truthy(text:find "long")
    assert.is_nil(text:find "once")
    -- As it is read later.
    text = text:gsub("\n(cookie[^\n]*)\t%d+\tgone", "\n%1\t1000000000\tgone")
    local second = open(server.endpoint)
    assert.is_true(second:import(text))
    server:reply {}
    assert.equal("long=1 none", sent(second))
  end)

  it("is checked in whole before anything of it is taken", function()
    local first = open(server.endpoint, { session = "own" })
    local text = first:export()
    for _, bad in ipairs { "", "x", text:sub(1, -2), text .. "x", text:gsub("end\n$", "cookie ALL\nend\n"),
      text:gsub("own", "o\rwn"), text:gsub("own", "o\0wn"), text:gsub("session 1", "session 2") } do
      local done, why = first:import(bad)
      assert.is_nil(done)
      assert.is_string(why)
      assert.is_true(first:has "session")
    end
    assert.has_error(function() first:import() end)
  end)

  it("tells of each change by its revision", function()
    server:reply({}, session "ada", {}, { status = 204, headers = { ["x-fallback-cookies"] = "[]" } }, {})
    local first, seen = open(server.endpoint), {}
    for index, request in ipairs { {}, LOGIN, {}, { method = "DELETE", body = "{}" }, {} } do
      local before = first:revision()
      fetch(first, request)
      seen[index] = first:revision() ~= before
    end
    assert.same({ false, true, false, true, false }, seen)
  end)

  describe("while calls are under way", function()
    -- One call begins as one user, and its answer comes when there is another.
    local function late(reply, change)
      reply.hold = true
      server:reply(session "ada", reply, session "grace", {})
      local own = open(server.endpoint)
      fetch(own, LOGIN)
      local slow = start(own, { target = "/slow" })
      arrive(server, 2)
      change(own)
      server:release()
      finish(slow)
      server:reply {}
      return own
    end

    it("is not the old user's again by an answer that comes after a login", function()
      for _, status in ipairs { 200, 401 } do
        server:clear()
        local own = late(session("ada2", { status = status }), function(own) fetch(own, LOGIN) end)
        assert.equal('a_session_p=grace {"a_session_p":"grace"}', sent(own))
      end
    end)

    it("is not ended by the old one's end", function()
      local own = late({ status = 204, headers = { ["x-fallback-cookies"] = "[]",
        ["set-cookie"] = "a_session_p=deleted; path=/; max-age=0" } }, function(own) fetch(own, LOGIN) end)
      assert.equal('a_session_p=grace {"a_session_p":"grace"}', sent(own))
    end)

    it("is not there again by an answer that comes after its end", function()
      local own = late(session "ada2", function(own) own:clear() end)
      assert.equal("none none", sent(own))
      assert.is_false(own:has "cookies")
      assert.is_nil(own:export())
    end)

    it("goes with no call that still waits for its turn as the old user", function()
      server:reply({ hold = true })
      local other, held = open(server.endpoint, { maxConnections = 2 }), {}
      for index = 1, 2 do
        held[index] = start(other, { target = "/held" })
      end
      arrive(server, 2)
      local own = open(server.endpoint, { session = "ada" })
      local waiting = start(own, { target = "/waiting" })
      curl.step(0)
      assert(own:import(('appwrite-session 1\nendpoint %s\nproject p\nfallback {"a":"grace"}\n'
        .. "cookie 127.0.0.1\tFALSE\t/\tFALSE\t4000000000\ta\tgrace\nend\n"):format(server.endpoint)))
      server:reply { headers = { ["set-cookie"] = "late=1; path=/" } }
      server:release()
      for index = 1, 2 do
        finish(held[index])
      end
      finish(waiting)
      local headers = server:last().headers
      assert.equal("ada", headers["x-appwrite-session"])
      assert.is_nil(headers.cookie)
      assert.is_nil(headers["x-fallback-cookies"])
      server:reply {}
      assert.equal('a=grace {"a":"grace"}', sent(own))
      assert.equal("none none", sent(other)) -- by the same handle of libcurl
      curl.open { endpoint = server.endpoint, project = "p", maxConnections = 6 }
    end)
  end)
end)
