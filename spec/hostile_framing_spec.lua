--- Servers that break HTTP's framing, or answer what nobody asked.

local checks = require "spec.support.hostile_checks"
local hostile = require "spec.support.hostile"
local process = require "spec.support.process"
local socket = require "socket"

local BROKEN, getBytes, getJson, post = checks.BROKEN, checks.getBytes, checks.getJson, checks.post
local SHORT = { timeout = 0.5 }

describe("a server that breaks HTTP's framing", function()
  local check = checks.new()
  local server

  setup(function()
    server = hostile.start()
    check.server = server
  end)

  teardown(function()
    check:finish "framing"
    server:stop()
  end)

  before_each(function()
    server:clear()
  end)

  local PART = "a part of the answer where all of it was asked for"

  check:each({
    endlessExtension = { kind = "timeout", options = SHORT, within = 1 },
    longChunkSize = { kind = BROKEN, code = 200 },
    negativeChunk = { kind = BROKEN, code = 200 },
    longChunk = { kind = BROKEN, code = 200 },
    slowChunks = { kind = "timeout", code = 200, options = SHORT, within = 1 },
    endlessTrailers = { kind = "protocol", code = 200, message = "more than 1000 lines behind the body" },
    longTrailer = { kind = BROKEN, code = 200 },
    nulTrailer = { kind = BROKEN, code = 200 },
    unknownTransfer = { kind = "protocol" },
    wordLength = { kind = BROKEN },
    headLike = { kind = "timeout", code = 200, options = SHORT, within = 1 },
    endlessReason = { kind = "protocol" },
    zeroStatus = { kind = BROKEN },
    highStatus = { kind = "api", code = 999 },
    http2Frames = { kind = BROKEN, code = 0 },
    http2Preface = { kind = BROKEN, code = 0 },
    tlsAlert = { kind = BROKEN, code = 0 },
    icyLine = { kind = BROKEN, code = 0 },
    crHeader = { kind = "protocol", message = "a CR in it" },
    hintFlood = { kind = "protocol", message = "more than 16 interim answers" },
    switchingHttp2 = { kind = { "timeout", "network", "protocol" }, options = SHORT, within = 1 },
    interimOnly = { kind = BROKEN },
    notModified = { kind = "protocol", code = 304, message = "redirects nowhere (status 304)" },
    partUnasked = { kind = "protocol", code = 206, message = PART },
    partNowhere = { kind = "protocol", code = 206, message = PART },
    partElsewhere = { kind = "protocol", code = 206, message = PART },
    partNonsense = { kind = "protocol", code = 206, message = PART },
    partsWrapped = { kind = "protocol", code = 206, message = PART },
  }, it, "gives an error that tells")

  check:each({
    chunkExtensions = { name = "Ada" },
    tinyChunks = { name = "Ada" },
    forbiddenTrailers = { name = "Ada" },
    lengthAndChunks = { name = "Ada" },
    overflowLength = { name = "Ada" },
    noReason = { name = "Ada" },
    http2Line = { name = "Ada" },
    http10 = { name = "Ada" },
    bareLines = { name = "Ada" },
    emptyName = { name = "Ada" },
  }, it, "is understood")

  -- libcurl before 8.1.0 frees memory twice here, where a handle was used before.
  it("begins with the rest of a header field, again and again", function()
    local client = check:client()
    for _ = 1, 5 do
      check:usable(client)
      checks.error({ kind = BROKEN, code = 200 }, getJson(client, "foldedFirst"))
    end
    check:usable(client)
  end)

  it("says in trailers what only a header may say", function()
    local client = check:client()
    local result, err, response = getJson(client, "forbiddenTrailers")
    assert.is_nil(err)
    assert.equal("Ada", result.name)
    for _, name in ipairs { "content-length", "location", "set-cookie", "x-fallback-cookies", "x-trailer" } do
      assert.is_nil(response.headers[name])
    end
    assert.is_false(client:has "cookies")
    server:clear()
    check:usable(client)
    assert.is_nil(server:requests()[1].head:find("evil", 1, true))
  end)

  it("sends a second answer when nobody waits for one, which is nobody's", function()
    local client = check:client()
    assert.equal("Ada", assert(getJson(client, "lateAnswer")).name)
    local first, deadline = server:requests()[1].sent, socket.gettime() + checks.WITHIN
    -- It has come when the server has sent it: both are on this machine.
    while server:requests()[1].sent < 2 * first do
      assert(socket.gettime() < deadline, "the second answer does not come")
    end
    check:usable(client)
    check:usable(client)
  end)

  describe("with parts that were not asked for", function()
    local directory

    before_each(function()
      directory = process.directory()
    end)

    after_each(function()
      process.removeDirectory(directory)
    end)

    for _, behaviour in ipairs { "partUnasked", "partNowhere", "partElsewhere", "partNonsense", "partsWrapped" } do
      it("gives no half file for a whole one: " .. behaviour, function()
        local client = check:client()
        checks.error({ kind = "protocol", code = 206 }, getBytes(client, behaviour))
        checks.error({ kind = "protocol", code = 206 }, client.storage.getFilePreview {
          bucketId = behaviour, fileId = "f",
        })
        local path = directory .. "/x"
        checks.error({ kind = "protocol", code = 206 }, getBytes(client, behaviour, { to = path }))
        assert.is_nil(io.open(path, "rb"))
        check:usable(client)
      end)
    end

    it("gives the part that was", function()
      local client = check:client()
      local bytes = assert(client.storage.getFilePreview({ bucketId = "partUnasked", fileId = "f" },
        { headers = { Range = "bytes=0-13" } }))
      assert.equal('{"name":"Ada"}', bytes)
    end)
  end)

  describe("before a request has come", function()
    local LARGE = ("x"):rep(4 * 1024 * 1024)

    it("may say that all is well", function()
      local client = check:client()
      assert.equal("f", assert(post(client, "earlyOk", LARGE))["$id"])
      check:usable(client)
    end)

    it("breaks the connection, after which nobody knows", function()
      local client = check:client()
      local result, err = post(client, "earlyReset", LARGE)
      checks.error({ kind = "network", code = 0 }, result, err)
      assert.is_false(err.retryable)
      assert.equal(1, #server:requests())
      check:usable(client)
    end)
  end)
end)
