--- The C core's transport over TLS and through proxies.

local drive = require "spec.support.drive"
local hostile = require "spec.support.hostile"
local port = require "spec.support.port"
local recorder = require "spec.support.recorder"

local fetch, finish, open, start = drive.fetch, drive.finish, drive.open, drive.start

describe("appwrite.transport.curl", function()
  describe("over TLS", function()
    local secure

    setup(function()
      secure = recorder.start { tls = true }
    end)

    teardown(function()
      secure:stop()
    end)

    before_each(function()
      secure:clear()
    end)

    local function refused(endpoint, options)
      local status, kind, message = fetch(open(endpoint, options), {})
      assert.is_nil(status)
      assert.equal("tls", kind)
      assert.is_string(message)
    end

    it("speaks HTTP/2 with a server whose CA is given", function()
      secure:reply { status = 201, body = "hello", headers = { ["X-A"] = "b" } }
      local handle = start(open(secure.endpoint, { caFile = secure.caFile, key = "k" }),
        { method = "POST", target = "/x?y=z", body = "{}" })
      local status, body = finish(handle)
      assert.equal(201, status)
      assert.equal("hello", body)
      assert.equal("b", handle:headers()["x-a"])
      local request = secure:last()
      assert.equal("2", request.version:sub(1, 1))
      assert.equal("/v1/x", request.path)
      assert.equal("k", request.headers["x-appwrite-key"])
      assert.equal("{}", request.body)
    end)

    it("keeps cookies, also the secure ones", function()
      local session = open(secure.endpoint, { caFile = secure.caFile })
      secure:reply { headers = { ["set-cookie"] = "a=1; path=/; secure; httponly; samesite=None" } }
      fetch(session)
      fetch(session)
      assert.equal("a=1", secure:last().headers.cookie)
    end)

    it("sends nothing to a server that it does not know", function()
      refused(secure.endpoint, { key = "hunter2" })
      assert.same({}, secure:requests())
    end)

    it("takes any certificate where it was told to", function()
      assert.equal(200, (fetch(open(secure.endpoint, { selfSigned = true }))))
    end)

    it("does not take one's leave for another's", function()
      assert.equal(200, (fetch(open(secure.endpoint, { selfSigned = true }))))
      refused(secure.endpoint, {})
      assert.equal(200, (fetch(open(secure.endpoint, { caFile = secure.caFile }))))
      refused(secure.endpoint, {})
      assert.equal(2, #secure:requests())
    end)

    it("says when the file of certificates is not there", function()
      local session = open(secure.endpoint, { caFile = "no/such/file.pem" })
      local status, kind, message = fetch(session)
      assert.is_nil(status)
      assert.equal("tls", kind)
      assert.truthy(message:find("no/such/file.pem", 1, true), message)
    end)

    for name, tls in pairs {
      ["is signed by itself"] = { selfSigned = true },
      ["has expired"] = { expired = true },
      ["is another host's"] = { names = "DNS:other.invalid" },
    } do
      it("refuses a certificate that " .. name, function()
        local other = recorder.start { tls = tls }
        finally(function() other:stop() end)
        refused(other.endpoint, { caFile = other.caFile, session = "hunter2" })
        assert.same({}, other:requests())
        assert.equal(200, (fetch(open(other.endpoint, { selfSigned = true }))))
      end)
    end
  end)

  describe("through a proxy", function()
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

    it("asks it for the whole URL", function()
      server:reply { body = "hello" }
      local session = open("http://appwrite.invalid/v1", { proxy = "http://127.0.0.1:" .. server.port })
      local status, body = fetch(session, { target = "/x?y=z" })
      assert.equal(200, status)
      assert.equal("hello", body)
      assert.equal("GET http://appwrite.invalid/v1/x?y=z HTTP/1.1", server:last().line)
      assert.equal("appwrite.invalid", server:last().headers.host)
    end)

    it("shows it the password that is for it, and nobody else", function()
      local session = open("http://appwrite.invalid/v1", { proxy = "http://ada:hunter2@127.0.0.1:" .. server.port })
      fetch(session)
      assert.equal("Basic YWRhOmh1bnRlcjI=", server:last().headers["proxy-authorization"])
      local number, holder = port.refusing()
      finally(function() holder:close() end)
      session = open("http://appwrite.invalid/v1", { proxy = "http://ada:hunter2@127.0.0.1:" .. number })
      local status, kind, message = fetch(session)
      assert.is_nil(status)
      assert.equal("network", kind)
      assert.is_nil(message:find("hunter2", 1, true))
      assert.is_nil(tostring(session):find("hunter2", 1, true))
    end)

    it("talks TLS with the server behind it, which the proxy cannot read", function()
      local secure, proxy = recorder.start { tls = true }, hostile.start()
      finally(function()
        proxy:stop()
        secure:stop()
      end)
      local session = open(secure.endpoint, { caFile = secure.caFile, key = "hunter2",
        proxy = "http://127.0.0.1:" .. proxy.ports.main })
      assert.equal(200, (fetch(session, { target = "/secret-path" })))
      assert.equal("hunter2", secure:last().headers["x-appwrite-key"])
      local seen = proxy:requests()
      assert.equal(1, #seen)
      assert.truthy(seen[1].head:find("CONNECT 127.0.0.1:" .. secure.port .. " HTTP/1.1", 1, true))
      for _, secret in ipairs { "hunter2", "secret-path", "appwrite-project" } do
        assert.is_nil(seen[1].head:lower():find(secret, 1, true))
      end
    end)

    it("says when there is none", function()
      local number, holder = port.refusing()
      finally(function() holder:close() end)
      local status, kind = fetch(open(server.endpoint, { proxy = "http://127.0.0.1:" .. number }))
      assert.is_nil(status)
      assert.equal("network", kind)
      assert.same({}, server:requests())
    end)
  end)
end)
