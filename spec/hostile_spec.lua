--- The library against servers that misbehave: each time the error that was promised, nothing given away, no memory
-- filled, and a client that works on.

local checks = require "spec.support.hostile_checks"
local hostile = require "spec.support.hostile"
local lfs = require "lfs"
local port = require "spec.support.port"
local process = require "spec.support.process"
local recorder = require "spec.support.recorder"

local POURED = 100 * 1024 * 1024 -- bytes of the answers that are too large
-- What may be on its way in the buffers of both ends when the client hangs up.
local BUFFERS = 24 * 1024 * 1024

local BROKEN, MAX = checks.BROKEN, checks.MAX
local assertError, getBytes, getJson, post, timed = checks.error, checks.getBytes, checks.getJson, checks.post, checks.timed

describe("a hostile server", function()
  local check = checks.new()
  local server

  setup(function()
    server = hostile.start()
    check.server = server
  end)

  teardown(function()
    check:finish "behaviours"
    server:stop()
  end)

  before_each(function()
    server:clear()
  end)

  local function new(changes)
    return check:client(changes)
  end

  local function assertUsable(client)
    check:usable(client)
  end

  -- Each with a read that wants JSON.
  local CASES = {
    close = { kind = "network", code = 0 },
    reset = { kind = "network", code = 0 },
    half = { kind = "network", code = 200 },
    halfHeaders = { kind = "network" },
    cutChunk = { kind = "network", code = 200 },
    noLastChunk = { kind = "network", code = 200 },
    garbage = { kind = BROKEN, code = 0 },
    http09 = { kind = BROKEN, code = 0 },
    switching = { kind = { "network", "protocol", "api" } },
    nulHeader = { kind = "protocol" },
    colonlessHeader = { kind = BROKEN },
    twoLengths = { kind = BROKEN },
    negativeLength = { kind = BROKEN },
    badChunk = { kind = BROKEN },
    hugeChunkSize = { kind = BROKEN },
    badStatus = { kind = BROKEN },
    endlessHeaders = { kind = "protocol" },
    endlessInterim = { kind = BROKEN },
    manyHeaders = { kind = "protocol" },
    longHeader = { kind = "protocol" },
    brokenGzip = { kind = "protocol" },
    unknownEncoding = { kind = "protocol" },
    cutGzip = { kind = BROKEN },
    deepJson = { kind = "protocol", code = 200, message = "not JSON" },
    invalidJson = { kind = "protocol", code = 200, message = "not JSON" },
    html200 = { kind = "protocol", code = 200, message = "not JSON" },
    empty200 = { kind = "protocol", code = 200, message = "not JSON" },
    redirectOther = { kind = "protocol", code = 302, message = "redirects to http://127.0.0.1:" },
    redirect307 = { kind = "protocol", code = 307, message = "redirects to http://localhost:" },
    redirectSelf = { kind = "protocol", code = 301, message = "redirects to /v1/ok" },
    redirectFile = { kind = "protocol", code = 302, message = "redirects to file:///etc/passwd" },
    redirectNowhere = { kind = "protocol", code = 302, message = "redirects nowhere" },
    html502 = { kind = "api", code = 502, message = "502 Bad Gateway" },
    empty502 = { kind = "api", code = 502, message = "status 502 and no explanation" },
    text429 = { kind = "api", code = 429, message = "slow down" },
    hugeError = { kind = "protocol" },
  }
  check:each(CASES, it, "gives an error that tells")

  it("keeps what an error's body says", function()
    local client = new()
    local _, err = getJson(client, "html502")
    assert.truthy(err.response:find("<h1>502 Bad Gateway</h1>", 1, true))
    assert.is_nil(err.message:find("<", 1, true))
    assert.is_true(err.retryable)
    _, err = getJson(client, "text429")
    assert.equal(7, err.retryAfter)
    assert.is_true(err.retryable)
  end)

  it("may refuse an upload before it has come", function()
    local client = new { timeout = 20 }
    local file, err = post(client, "early413", ("x"):rep(4 * 1024 * 1024))
    assertError({ kind = "api", code = 413, message = "too large" }, file, err)
    assert.equal("storage_invalid_file_size", err.type)
    assertUsable(client)
  end)

  describe("that says nothing", function()
    local SLOW = {
      silent = { kind = "timeout", code = 0 },
      slow = { kind = "timeout", code = 200 },
      slowHeaders = { kind = "timeout", code = 0 },
    }
    for behaviour, expected in pairs(SLOW) do
      it("is left when the time is over: " .. behaviour, function()
        local client = new { timeout = 0.5 }
        local elapsed, result, err = timed(getJson, client, behaviour)
        assertError(expected, result, err)
        assert.is_true(err.retryable)
        assert.is_true(elapsed >= 0.45 and elapsed < 1, "took " .. elapsed)
        assertUsable(client)
      end)
    end

    it("is left when too little comes", function()
      local client = new { timeout = 0, lowSpeedLimit = 1000, lowSpeedTime = 1 }
      local elapsed, result, err = timed(getBytes, client, "slow")
      assertError({ kind = "timeout" }, result, err)
      assert.is_true(elapsed < 5, "took " .. elapsed)
      assertUsable(client)
    end)

    it("is left when it does not even take the connection", function()
      local number, holder = port.deaf()
      finally(function() holder:close() end)
      local client = new { endpoint = ("http://127.0.0.1:%d/v1"):format(number), connectTimeout = 0.4, timeout = 20 }
      local elapsed, result, err = timed(getJson, client, "ok")
      assertError({ kind = "timeout", code = 0 }, result, err)
      assert.is_true(elapsed >= 0.35 and elapsed < 5, "took " .. elapsed)
    end)
  end)

  describe("that is not there", function()
    it("is a network error", function()
      local number, holder = port.refusing()
      finally(function() holder:close() end)
      local result, err = getJson(new { endpoint = ("http://127.0.0.1:%d/v1"):format(number) }, "ok")
      assertError({ kind = "network", code = 0 }, result, err)
      assert.is_true(err.retryable)
    end)

    it("or hangs up at once, is a network error", function()
      local result, err = getJson(new { endpoint = ("http://127.0.0.1:%d/v1"):format(server.ports.closing) }, "ok")
      assertError({ kind = "network", code = 0 }, result, err)
    end)

    it("or speaks no TLS, is a TLS error", function()
      local result, err = getJson(new { endpoint = ("https://127.0.0.1:%d/v1"):format(server.ports.main) }, "ok")
      assertError({ kind = "tls", code = 0 }, result, err)
    end)
  end)

  describe("that says too much", function()
    for _, behaviour in ipairs { "huge", "hugeChunked", "endless", "endlessPlain", "gzipBomb", "longLength" } do
      it("is cut off: " .. behaviour, function()
        local client = new()
        local elapsed, result, err = timed(getBytes, client, behaviour)
        assertError({ kind = "protocol", message = "maxResponseBytes" }, result, err)
        assert.is_true(elapsed < 5, "took " .. elapsed)
        assert.is_true(server:requests()[1].sent < MAX + BUFFERS)
        assertUsable(client)
      end)
    end

    it("may fill a file, whatever fits into memory", function()
      local path = os.tmpname()
      finally(function() os.remove(path) end)
      for _, behaviour in ipairs { "huge", "hugeChunked" } do
        local client = new { timeout = 60 }
        assert.equal(path, assert(getBytes(client, behaviour, { to = path })))
        assert.equal(POURED, lfs.attributes(path, "size"))
        assertUsable(client)
      end
    end)
  end)

  describe("leaves no half file", function()
    local directory

    before_each(function()
      directory = process.directory()
    end)

    after_each(function()
      process.removeDirectory(directory)
    end)

    local function entries()
      local list = {}
      for name in lfs.dir(directory) do
        if name ~= "." and name ~= ".." then
          list[#list + 1] = name
        end
      end
      return list
    end

    local CUT = {
      half = { kind = "network" },
      halfHeaders = { kind = "network" },
      cutChunk = { kind = "network" },
      noLastChunk = { kind = "network" },
      html502 = { kind = "api", code = 502 },
      redirectOther = { kind = "protocol", code = 302 },
      endless = { kind = "timeout" },
      slow = { kind = "timeout" },
      brokenGzip = { kind = "protocol" },
    }
    for behaviour, expected in pairs(CUT) do
      it("where there was none: " .. behaviour, function()
        local client = new()
        local result, err = getBytes(client, behaviour, { to = directory .. "/x", timeout = 0.5 })
        assertError(expected, result, err)
        assert.same({}, entries())
        assertUsable(client)
      end)
    end

    it("nor touches the one that was there", function()
      local path = directory .. "/x"
      local file = assert(io.open(path, "wb"))
      file:write "old"
      file:close()
      local client = new()
      for behaviour, expected in pairs(CUT) do
        local result, err = getBytes(client, behaviour, { to = path, timeout = 0.5 })
        assertError(expected, result, err)
        assert.same({ "x" }, entries())
        file = assert(io.open(path, "rb"))
        assert.equal("old", file:read "*a")
        file:close()
      end
      assert.equal(path, assert(getBytes(client, "ok", { to = path })))
      file = assert(io.open(path, "rb"))
      assert.equal('{"name":"Ada"}', file:read "*a")
      file:close()
      assert.same({ "x" }, entries())
    end)
  end)

  describe("cannot get at credentials", function()
    it("by sending a login elsewhere", function()
      local client = new { endpoint = ("http://127.0.0.1:%d/redirect307/v1"):format(server.ports.main) }
      local result, err = client.account.createEmailPasswordSession { email = "a@b.c", password = "hunter2-password" }
      assertError({ kind = "protocol", code = 307 }, result, err)
      assert.same({}, server:requests "other")
      assert.equal(1, #server:requests())
    end)

    it("by a redirect from TLS to plain HTTP", function()
      local secure = recorder.start { tls = true }
      finally(function() secure:stop() end)
      local location = ("http://127.0.0.1:%d/v1?secret=hunter2-query"):format(server.ports.other)
      secure:reply { status = 301, headers = { location = location } }
      local client = new { endpoint = secure.endpoint, caFile = secure.caFile }
      local result, err = getJson(client, "ok")
      assertError({ kind = "protocol", code = 301 }, result, err)
      assert.same({}, server:requests())
      secure:reply { headers = { ["content-type"] = "application/json" }, body = '{"name":"Ada"}' }
      assert.equal("Ada", assert(getJson(client, "ok")).name)
    end)

    it("through cookies for other hosts, or old ones", function()
      local client = new()
      assert.equal("Ada", assert(getJson(client, "cookiesOfOthers")).name)
      assertUsable(client)
      local list = server:requests()
      assert.is_nil(list[1].head:lower():find("\r\ncookie:", 1, true))
      assert.equal("own=1", list[2].head:match "\r\n[Cc]ookie: ([^\r]*)")
    end)

    it("by an answer that says it is only an interim one", function()
      local client = new()
      local result, err, response = getJson(client, "interim")
      assert.is_nil(err)
      assert.equal("Ada", result.name)
      assert.equal(200, response.status)
      assert.equal("yes", response.headers["x-final"])
      assert.is_nil(response.headers["x-interim"])
      assert.is_false(client:has "cookies")
      assertUsable(client)
    end)
  end)

  describe("is understood where it can be", function()
    it("with a 204 that has a body", function()
      local client = new()
      assert.is_true(assert(getJson(client, "noContentBody")))
      assertUsable(client)
    end)

    it("with more bytes than it said, which are no second answer", function()
      local client = new()
      assert.equal("Ada", assert(getJson(client, "shortLength")).name)
      assertUsable(client)
    end)

    it("with a header on two lines", function()
      local client = new()
      local result, err, response = getJson(client, "foldedHeader")
      assert.is_nil(err)
      assert.equal("Ada", result.name)
      assert.equal("one two", response.headers["x-folded"])
    end)
  end)

  describe("that hangs up between two calls", function()
    it("is asked again on a new connection", function()
      local client = new()
      for index = 1, 5 do
        assert.equal("Ada", assert(getJson(client, "closeAfter")).name)
        -- It answers this when it has hung up.
        assert.equal(index, #server:requests())
      end
      assert.equal("Ada", assert(post(client, "closeAfter")).name)
      assert.equal(6, #server:requests())
      assertUsable(client)
    end)

    it("after it has taken the request, is asked again where that is safe", function()
      local client = new()
      assertUsable(client)
      assert.equal("Ada", assert(getJson(client, "closeReused")).name)
      assert.equal(3, #server:requests())
      assertUsable(client)
    end)

    -- A chunk that arrives twice is counted twice and the file is broken, and a function runs twice: once is all that
    -- may be, and where it is not known whether it was, the caller is told.
    for name, call in pairs {
      ["no file twice"] = post,
      ["nothing twice that may have been carried out"] = function(client, behaviour)
        return client.functions.triggerFunctionExecution { functionId = behaviour }
      end,
    } do
      it("after it has taken the request, gets " .. name, function()
        local client = new()
        assertUsable(client)
        server:clear()
        local result, err = call(client, "closeReused")
        if err then
          assertError({ kind = "network" }, result, err)
          assert.is_false(err.retryable)
        end
        assert.equal(1, #server:requests())
        assertUsable(client)
      end)
    end
  end)
end)
