--- Servers whose header fields are hostile: cookies, redirects, limits, and invitations to go elsewhere.

local checks = require "spec.support.hostile_checks"
local hostile = require "spec.support.hostile"

local getJson, post = checks.getJson, checks.post

describe("a server with hostile header fields", function()
  local check = checks.new()
  local server

  setup(function()
    server = hostile.start()
    check.server = server
  end)

  teardown(function()
    check:finish "fields"
    server:stop()
  end)

  before_each(function()
    server:clear()
  end)

  describe("sets cookies", function()
    -- What the client sends after it.
    local function cookieAfter(behaviour, options, times)
      local client = check:client(options)
      for _ = 1, times or 1 do
        assert.equal("Ada", assert(getJson(client, behaviour)).name)
      end
      server:clear()
      check:usable(client)
      return server:requests()[1].head:match "\r\n[Cc]ookie: ([^\r]*)", client
    end

    local function names(cookie)
      local list = {}
      for name in (cookie or ""):gmatch "([^=; ]+)=" do
        list[#list + 1] = name
      end
      table.sort(list)
      return list
    end

    it("by the hundred, of which it gets some back", function()
      assert.is_true(#names(cookieAfter "cookieFlood") <= 50)
    end)

    it("again and again, of which a client keeps the newest", function()
      local kept
      local cookie = cookieAfter("cookieTide", { session = false, store = {
        load = function() return nil end, save = function(text) kept = text return true end,
      } }, 30)
      assert.is_true(#cookie <= 8192, #cookie)
      local count, oldest = 0, nil
      for number in kept:gmatch "\ttide(%d+)_" do
        count, oldest = count + 1, math.min(oldest or math.huge, tonumber(number))
      end
      assert.is_true(count > 0 and count <= 50, count)
      assert.is_true(oldest >= 29, oldest)
    end)

    it("that are larger than any", function()
      assert.equal("small=1", (cookieAfter "hugeCookie"))
    end)

    it("for whole domains, and hosts beside it", function()
      local cookie = cookieAfter("cookieSuffix",
        { endpoint = ("http://a.game.localhost:%d/v1"):format(server.ports.main) })
      assert.same({ "above", "own" }, names(cookie))
    end)

    it("with prefixes that they may not have", function()
      -- libcurl takes this machine's own address for as good as TLS.
      assert.same({ "locked", "own" }, names(cookieAfter "cookiePrefix"))
    end)

    it("with absurd times", function()
      local cookie = cookieAfter "cookieExpiry"
      assert.is_nil(cookie:find("b=", 1, true))
      assert.is_nil(cookie:find("d=", 1, true))
      assert.truthy(cookie:find("a=1", 1, true))
      assert.truthy(cookie:find("e=1", 1, true))
    end)

    it("that are none", function()
      local cookie = cookieAfter "cookieNonsense"
      assert.truthy(cookie:find("own=1", 1, true))
      assert.is_nil(cookie:find "%c")
    end)

    for behaviour, sent in pairs { fallbackNonsense = '{"a_session_p":"\\', fallbackHuge = '{"a_session_p":"sss' } do
      it("of its own kind, which go back as they came: " .. behaviour, function()
        local _, client = cookieAfter(behaviour)
        assert.truthy(server:requests()[1].head:find("X-Fallback-Cookies: " .. sent, 1, true))
        client:forget()
        server:clear()
        check:usable(client)
        assert.is_nil(server:requests()[1].head:find("X-Fallback-Cookies", 1, true))
      end)
    end

    it("with a refusal, which logs nobody in", function()
      local client = check:try("fallbackInError", { kind = "api", code = 401 })
      assert.is_false(client:has "cookies")
    end)
  end)

  describe("redirects", function()
    local function to(where, code)
      return { kind = "protocol", code = code or 302, message = "redirects to " .. where }
    end

    check:each({
      redirectLoop = to "/v1/storage/buckets/redirectLoop/files/f",
      redirectUser = to "http://127.0.0.1:",
      redirectRelative = to("../../ok", 303),
      redirectSchemeless = to("//127.0.0.1:", 308),
      redirectTls = to("https://127.0.0.1:", 301),
      redirectScript = to "javascript:alert(1)",
      redirectControl = to "http://evil.invalid/\\x1B[2J\\x1B]0;owned\\x07\\x9B 2J",
      redirectLong = to "http://evil.invalid/xxx",
      redirectChoice = { kind = "protocol", code = 300, message = "redirects nowhere" },
    }, it, "nobody follows")

    it("an upload, once", function()
      local client = check:client()
      checks.error(to "/v1/storage", post(client, "redirectLoop", ("x"):rep(100000)))
      assert.equal(1, #server:requests())
      check:usable(client)
    end)

    it("a sign-in to what is no web page", function()
      for behaviour, code in pairs {
        redirectScript = 302, redirectFile = 302, redirectControl = 302, redirectRelative = 303, redirectSchemeless = 308,
      } do
        local client = check:client {
          endpoint = ("http://127.0.0.1:%d/%s/v1"):format(server.ports.main, behaviour),
        }
        checks.error({ kind = "protocol", code = code, message = "which is no web page" },
          client.account.createOAuth2Session { provider = "github" })
      end
    end)
  end)

  it("points elsewhere, where nobody goes", function()
    local client = check:client()
    for _ = 1, 3 do
      assert.equal("Ada", assert(getJson(client, "elsewhere")).name)
    end
    check:usable(client)
  end)

  check:each({
    authenticate = { kind = "api", code = 401, message = "Who are you?" },
    authenticateProxy = { kind = "api", code = 407 },
  }, it, "wants credentials of another kind, and gets none")

  it("wants credentials of another kind once only", function()
    local client = check:client()
    checks.error({ kind = "api", code = 401 }, getJson(client, "authenticate"))
    assert.equal(1, #server:requests())
    assert.is_nil(server:requests()[1].head:lower():find("\r\nauthorization", 1, true))
  end)

  describe("says nonsense of its limits", function()
    local LIMIT = { kind = "api", code = 429, type = "general_rate_limit_exceeded" }
    local WAITS = { retryPast = 0 }

    for _, behaviour in ipairs {
      "retryNegative", "retryHuge", "retryWord", "retryFraction", "retryDate", "retryPast", "resetHuge", "resetNegative",
      "resetWord",
    } do
      it("which counts as nothing: " .. behaviour, function()
        local _, _, err = check:try(behaviour, LIMIT)
        assert.equal(WAITS[behaviour], err.retryAfter)
      end)

      it("and is asked again for so long as the caller wants: " .. behaviour, function()
        local elapsed, result, err = checks.timed(getJson,
          check:client { retry = { attempts = 3, base = 0.01, cap = 0.05 }, timeout = 2 }, behaviour)
        checks.error(LIMIT, result, err)
        assert.equal(3, err.attempts)
        assert.is_true(elapsed < 1, elapsed)
      end)
    end

    for _, behaviour in ipairs { "retryHuge", "retryDate", "resetHuge" } do
      it("by which a limiter does not stand still: " .. behaviour, function()
        local client = check:client { limit = true, key = false, timeout = 3 }
        local elapsed = checks.timed(function()
          for _ = 1, 2 do
            checks.error(LIMIT, client.databases.createDocument {
              databaseId = behaviour, collectionId = "c", documentId = "d", data = {},
            })
          end
        end)
        assert.is_true(elapsed < 8, elapsed)
        check:usable(client)
      end)
    end
  end)
end)
