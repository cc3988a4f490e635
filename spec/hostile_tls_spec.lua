--- Servers with certificates that prove nothing, and with TLS of former times: nothing of a request reaches them.

local appwrite = require "appwrite"
local checks = require "spec.support.hostile_checks"
local process = require "spec.support.process"
local recorder = require "spec.support.recorder"
local scheduler = require "appwrite.scheduler"
local socket = require "socket"

local CAREFREE = "ALL:@SECLEVEL=0" -- a server's, so that it is the client that refuses
local CONNECT = 0.5 -- seconds

describe("a server with hostile TLS", function()
  local tried = 0

  teardown(function()
    checks.tell(tried, "tls")
  end)

  local function newClient(server, changes)
    local options = {
      endpoint = server.endpoint, project = "p", timeout = 10, connectTimeout = CONNECT, retry = false,
      key = "hunter2-key", jwt = "hunter2-jwt", session = "hunter2-session", caFile = server.caFile,
    }
    for name, value in pairs(changes or {}) do
      options[name] = value
    end
    return appwrite.new(options)
  end

  local function start(tls, requests)
    tried = tried + 1
    local server = recorder.start { tls = tls, requests = requests }
    server:reply { headers = { ["content-type"] = "application/json" }, body = '{"name":"Ada"}' }
    finally(function() server:stop() end)
    return server
  end

  local function refused(client, expected)
    local elapsed, result, err = checks.timed(client.account.getCurrentUser)
    checks.error(expected, result, err)
    assert.is_false(err.retryable)
    assert.is_true(elapsed < checks.WITHIN, elapsed)
  end

  local function pollUntil(what, test)
    local deadline = scheduler.now() + checks.WITHIN
    local value = test()
    while not value do
      assert(scheduler.now() < deadline, what)
      appwrite.poll(0.02)
      value = test()
    end
    return value
  end

  -- A WebSocket's TLS is that of the calls.
  local function refusedRealtime(client, message)
    local told
    client.realtime.onError = function(err) told = err end
    client.realtime:subscribe "files"
    pollUntil("no error of realtime", function() return told end)
    client.realtime:close()
    checks.error({ kind = "tls", code = 0, message = message }, nil, told)
  end

  local CASES = {
    ["has expired"] = { { expired = true }, "expired" },
    ["is not valid yet"] = { { early = true }, "not yet valid" },
    ["is another host's"] = { { names = "DNS:other.invalid" }, "does not match|no alternative certificate subject name" },
    ["has the address as if it were a name"] = { { names = "DNS:127.0.0.1" }, "does not match|no alternative" },
    ["is another address's"] = { { names = "IP:127.0.0.2" }, "does not match|no alternative" },
    ["is signed by itself"] = { { selfSigned = true }, "self-signed|self signed" },
    ["is signed by an unknown CA"] = { { stranger = true }, "unable to get local issuer" },
    ["is signed by what is no CA"] = { { noAuthority = true }, "invalid CA certificate|certificate" },
    ["is for clients"] = { { clientsOnly = true }, "certificate purpose" },
    ["has a key that is too short"] = { { weakKey = true, ciphers = CAREFREE }, "too weak" },
    ["is signed with SHA-1"] = { { weakHash = true, ciphers = CAREFREE }, "too weak" },
  }

  local function matches(message, words)
    for word in words:gmatch "[^|]+" do
      if message:find(word, 1, true) then
        return true
      end
    end
    return false
  end

  for name, case in pairs(CASES) do
    it("is refused where its certificate " .. name, function()
      local server = start(case[1])
      local client = newClient(server)
      refused(client, { kind = "tls", code = 0 })
      local _, err = client.account.getCurrentUser()
      assert.is_true(matches(err.message, case[2]), err.message)
      refusedRealtime(client)
      assert.same({}, server:requests())
      -- The server as such is in order.
      assert.equal("Ada", assert(newClient(server, { selfSigned = true }).account.getCurrentUser()).name)
      refused(client, { kind = "tls", code = 0 })
      assert.equal(1, #server:requests())
    end)
  end

  for name, tls in pairs {
    ["TLS 1.0"] = { protocols = "TLSv1", ciphers = CAREFREE },
    ["TLS 1.1"] = { protocols = "TLSv1.1", ciphers = CAREFREE },
    ["ciphers that hide nothing"] = { protocols = "TLSv1.2", ciphers = "NULL:@SECLEVEL=0" },
    ["ciphers without certificates"] = { protocols = "TLSv1.2", ciphers = "ADH:@SECLEVEL=0" },
  } do
    it("is refused where it knows only " .. name .. ", also where no certificate counts", function()
      local server = start(tls)
      refused(newClient(server), { kind = "tls", code = 0 })
      refused(newClient(server, { selfSigned = true }), { kind = "tls", code = 0 })
      refusedRealtime(newClient(server))
      assert.same({}, server:requests())
    end)
  end

  it("may use TLS 1.2", function()
    assert.equal("Ada", assert(newClient(start { protocols = "TLSv1.2" }).account.getCurrentUser()).name)
  end)

  -- What the server staples to its certificate -------------------------------------------------------------------------

  local STAPLED = {
    ["that it was revoked"] = { { ocsp = "revoked" }, "revocation reason: keyCompromise" },
    ["that it was revoked, over TLS 1.2"] = { { ocsp = "revoked", protocols = "TLSv1.2" }, "keyCompromise" },
    ["what was so once"] = { { ocsp = "expired" }, "expired" },
    ["what somebody else has signed"] = { { ocsp = "forged" }, "verification failed" },
    ["what is so of another certificate"] = { { ocsp = "anothers" }, "certificate ID" },
    ["that its CA does not say"] = { { ocsp = "refused" }, "trylater" },
    ["garbage"] = { { ocsp = "garbage" }, "Invalid OCSP response" },
    ["half an answer"] = { { ocsp = "cut" }, "Invalid OCSP response" },
    ["nothing"] = { {}, "No OCSP response" },
    ["nothing, though its certificate says that it must"] = { { mustStaple = true }, "No OCSP response" },
  }

  for what, case in pairs(STAPLED) do
    it("is refused where its certificate's status is demanded and it staples " .. what, function()
      local server = start(case[1])
      -- Without the option it is not looked at, and what was opened for such a client serves no other.
      local careless = newClient(server)
      assert.equal("Ada", assert(careless.account.getCurrentUser()).name)
      local client = newClient(server, { verifyStatus = true })
      for _ = 1, 2 do
        refused(client, { kind = "tls", code = 0, message = "verifyStatus" })
      end
      local _, err = client.account.getCurrentUser()
      assert.truthy(err.message:find(case[2], 1, true), err.message)
      refusedRealtime(client, "verifyStatus")
      assert.equal("Ada", assert(careless.account.getCurrentUser()).name)
      assert.equal(2, #server:requests())
    end)
  end

  for _, case in ipairs {
    { "signs", { ocsp = "good" } }, { "signs, over TLS 1.2", { ocsp = "good", protocols = "TLSv1.2" } },
    { "has signed with the key alone", { ocsp = "signed" } },
    { "signs, for one that must have it", { ocsp = "good", mustStaple = true } },
  } do
    it("is trusted where its certificate's status is demanded and it staples what the CA " .. case[1], function()
      -- Each connection is proved anew: a TLS session that is taken up again would come without a proof.
      local server = start(case[2], 1)
      local client = newClient(server, { verifyStatus = true })
      for _ = 1, 3 do
        assert.equal("Ada", assert(client.account.getCurrentUser()).name)
        assert.equal("Ada", assert(client:with({ key = "hunter2-key" }).account.getCurrentUser()).name)
      end
      local told
      client.realtime.onError = function(err) told = err end
      client.realtime:subscribe "files"
      pollUntil("no error of realtime", function() return told end)
      client.realtime:close()
      checks.error({ kind = "api", code = 200 }, nil, told) -- the recorder speaks no WebSocket, but it was asked
    end)
  end

  it("cannot have both its status demanded and no certificate", function()
    local ok, problem = pcall(appwrite.new, { project = "p", verifyStatus = true, selfSigned = true })
    assert.is_false(ok)
    assert.truthy(problem:find("verifyStatus and selfSigned exclude each other", 1, true), problem)
  end)

  -- As the README says: libcurl asks nobody whether a certificate was revoked.
  it("is not found out where its certificate was revoked", function()
    local server = start { revoked = true }
    local made = server.made
    local output, status = process.run(("openssl verify -crl_check -CAfile %s -CRLfile %s %s"):format(
      process.quote(made.caFile), process.quote(made.crl), process.quote(made.certificate)))
    assert.not_equal(0, status)
    assert.truthy(output:find("certificate revoked", 1, true), output)
    assert.equal("Ada", assert(newClient(server).account.getCurrentUser()).name)
  end)

  it("gets no certificate of the client's, which has none", function()
    local server = start { clientCertificate = true }
    local client = newClient(server)
    local result, err = client.account.getCurrentUser()
    checks.error({ kind = { "api", "tls" } }, result, err)
    assert.same({}, server:requests())
  end)

  it("speaks TLS where plain HTTP is asked for", function()
    local server = start {}
    local client = newClient(server, { endpoint = server.endpoint:gsub("^https", "http") })
    local result, err = client.account.getCurrentUser()
    checks.error({ kind = { "api", "network", "protocol" } }, result, err)
    assert.same({}, server:requests())
  end)

  it("takes the connection and then says nothing", function()
    tried = tried + 1
    local holder = assert(socket.bind("127.0.0.1", 0))
    finally(function() holder:close() end)
    local _, port = holder:getsockname()
    local elapsed, result, err = checks.timed(newClient({ endpoint = ("https://127.0.0.1:%d/v1"):format(port) })
      .account.getCurrentUser)
    checks.error({ kind = "timeout", code = 0 }, result, err)
    assert.is_true(elapsed >= CONNECT * 0.9 and elapsed < CONNECT + 1, elapsed)
  end)

  for name, text in pairs {
    ["plain HTTP"] = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
    ["an alert"] = "\21\3\3\0\2\2\40",
    ["half a record"] = "\22\3\3\64\0\2",
    ["a record that is too long"] = "\22\3\3\255\255" .. ("x"):rep(65535),
    ["nothing but the end"] = "",
  } do
    it("answers the handshake with " .. name, function()
      tried = tried + 1
      local holder = assert(socket.bind("127.0.0.1", 0))
      finally(function() holder:close() end)
      local _, port = holder:getsockname()
      local client = newClient { endpoint = ("https://127.0.0.1:%d/v1"):format(port) }
      local task = appwrite.spawn(client.account.getCurrentUser)
      holder:settimeout(0)
      local peer = pollUntil("nobody comes", function() return holder:accept() end)
      peer:settimeout(0)
      -- What was not read would make the end a reset.
      pollUntil("no handshake", function()
        local bytes, _, part = peer:receive(64 * 1024)
        return #(bytes or part) > 0
      end)
      peer:settimeout(checks.WITHIN)
      assert(peer:send(text))
      peer:shutdown "send"
      local elapsed, result, err = checks.timed(task.await, task)
      peer:close()
      checks.error({ kind = { "tls", "network" }, code = 0 }, result, err)
      assert.is_true(elapsed < checks.WITHIN, elapsed)
    end)
  end
end)
