--- Servers, and whoever stands in between, that end a connection without TLS's own end: what came before must not count
-- as whole where nothing but the end says how long it is.

local appwrite = require "appwrite"
local certificate = require "spec.support.certificate"
local checks = require "spec.support.hostile_checks"
local lfs = require "lfs"
local process = require "spec.support.process"
local recorder = require "spec.support.recorder"

local BROKEN = { "network", "protocol", "tls" }

describe("an end of TLS that is none", function()
  local made, server
  local count = 0

  setup(function()
    made = certificate.make {}
    server = assert(process.start(process.luaCommand "spec/support/hostile_tls_server.lua"
      .. " " .. process.quote(made.certificate) .. " " .. process.quote(made.key)))
  end)

  teardown(function()
    server:stop()
    made:remove()
    checks.tell(count, "tls_ends")
  end)

  local function say(line)
    assert(server.control:send(line .. "\n"))
    return (server.control:receive "*l")
  end

  local function behave(place, ending)
    assert.equal("ok", say(place .. " " .. ending))
  end

  local function newClient(changes)
    local options = {
      endpoint = ("https://127.0.0.1:%d/v1"):format(server.ports[2]), project = "p", timeout = 10, retry = false,
      key = "hunter2-key", session = "hunter2-session", caFile = made.caFile,
    }
    for name, value in pairs(changes or {}) do
      options[name] = value
    end
    return appwrite.new(options)
  end

  local function worksOn(client)
    behave("ok", "keep")
    assert.equal("Ada", assert(client.account.getCurrentUser()).name)
  end

  local function broken(client, run)
    local elapsed, result, err = checks.timed(run or client.account.getCurrentUser)
    checks.error({ kind = BROKEN }, result, err)
    assert.is_true(elapsed < checks.WITHIN, elapsed)
  end

  local CUTS = {
    nothing = "before the answer", line = "after its first line", head = "in its header", length = "in a body of a length",
    chunk = "in a chunk", chunks = "between chunks", lastChunk = "in the last chunk",
    half = "in a body that only the end limits",
  }

  for place, where in pairs(CUTS) do
    for ending, how in pairs {
      cut = "without a word", alert = "by a forged word", reset = "by a reset",
    } do
      it(("breaks the answer, %s, %s"):format(where, how), function()
        count = count + 1
        local client = newClient()
        behave(place, ending)
        broken(client)
        worksOn(client)
      end)
    end
  end

  it("does not make less of JSON, which shows itself that it is whole", function()
    count = count + 1
    local client = newClient()
    behave("endless", "cut")
    assert.equal("Ada", assert(client.account.getCurrentUser()).name)
    worksOn(client)
  end)

  local function bytesOf(client)
    return client.avatars.getUserInitials { name = "Ada" }
  end

  local function textOf(client)
    return client:call { method = "GET", path = "/text" }
  end

  it("leaves nobody sure of bytes and texts, however they end", function()
    count = count + 1
    local client = newClient()
    for _, ask in ipairs { bytesOf, textOf } do
      behave("text", "cut")
      local result, err = ask(client)
      checks.error({ kind = "protocol", code = 200, message = "nothing shows whether the answer is whole" }, result, err)
      worksOn(client)
    end
  end)

  it("is none that is missed where an answer has no body", function()
    local client = newClient()
    behave("empty", "keep")
    local _, err, response = client:call { method = "HEAD", path = "/text" }
    assert.is_nil(err)
    assert.equal(200, response.status)
    behave("none", "keep")
    assert.is_true((assert(client:call { method = "DELETE", path = "/text" })))
  end)

  -- libcurl's OpenSSL does not tell the one end from the other.
  it("is not told from the true one, but over plain HTTP, where nobody looks for one, all are", function()
    count = count + 1
    local endless = recorder.start { tls = true, endless = true }
    local plain = recorder.start { endless = true }
    finally(function()
      endless:stop()
      plain:stop()
    end)
    local answer = { body = "hello", chunked = true, headers = { ["content-type"] = "text/plain" } }
    endless:reply(answer)
    plain:reply(answer)
    for _, ask in ipairs { bytesOf, textOf } do
      local result, err = ask(newClient { endpoint = endless.endpoint, caFile = endless.caFile })
      checks.error({ kind = "protocol", code = 200, message = "whole" }, result, err)
      local bytes, _, response = ask(newClient { endpoint = plain.endpoint })
      assert.equal("hello", bytes)
      assert.is_nil(response.headers["content-length"])
      assert.is_nil(response.headers["transfer-encoding"])
    end
  end)

  for _, ending in ipairs { "cut", "alert", "reset" } do
    it("leaves no file, and none that was there is touched: " .. ending, function()
      count = count + 1
      local directory = process.directory()
      finally(function() process.removeDirectory(directory) end)
      local path = directory .. "/prefs.json"
      local old = assert(io.open(path, "wb"))
      old:write "old"
      old:close()
      local client = newClient()
      behave("half", ending)
      broken(client, function()
        return client.storage.getFileDownload({ bucketId = "b", fileId = "f" }, { to = path })
      end)
      local file = assert(io.open(path, "rb"))
      assert.equal("old", file:read "*a")
      file:close()
      for name in lfs.dir(directory) do
        assert.truthy(name == "." or name == ".." or name == "prefs.json", name)
      end
      worksOn(client)
    end)

    it("says nothing to whoever gets the bytes as they come: " .. ending, function()
      count = count + 1
      local client, got = newClient(), {}
      behave("half", ending)
      broken(client, function()
        return client.storage.getFileDownload({ bucketId = "b", fileId = "f" }, {
          to = function(bytes) got[#got + 1] = bytes end,
        })
      end)
      worksOn(client)
    end)
  end

  for _, ending in ipairs { "cut", "alert", "reset" } do
    it("on a connection that lies idle concerns no call: " .. ending, function()
      count = count + 1
      local client = newClient()
      behave("idle", ending)
      assert.equal("Ada", assert(client.account.getCurrentUser()).name)
      for _, ask in ipairs { client.account.getCurrentUser, client.account.updateNameOperation } do
        local before = tonumber(say "connections")
        assert.equal("ok", say "end")
        assert.equal("Ada", assert(ask { name = ask ~= client.account.getCurrentUser and "Ada" or nil }).name)
        assert.equal(before + 1, tonumber(say "connections"))
      end
      assert.equal("ok", say "end")
      worksOn(client)
    end)
  end
end)
