-- luacheck: std max+busted
--- OAuth2 with the mock provider, as a browser goes through it, and the identities that come of it.

local cjson = require "cjson"

local format = string.format

local function encoded(text)
  return (text:gsub("[^%w%-_. ]", function(character) return format("%%%02X", character:byte()) end):gsub(" ", "+"))
end

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused, newUser = t.call, t.expect, t.refused, t.newUser
  local SUCCESS, FAILURE = "http://localhost/ok?mine=1", "http://game.example:8080/no"
  local OK = format("?success=%s&failure=%s", encoded(SUCCESS), encoded(FAILURE))

  local function base()
    return t.server.endpoint:gsub("/v1$", "")
  end

  local function redirectUrl(query)
    return format("%s/v1/account/sessions/oauth2/mock/redirect?%s&project=spec", base(), query)
  end

  -- A browser's request: nothing but the address, and a cookie.
  local function get(url, session)
    local cookie = session and "a_session_spec=" .. cjson.decode(session).a_session_spec
    return call("GET", (url:gsub("^" .. base():gsub("%p", "%%%0"), "")), {
      server = { endpoint = base() }, headers = { cookie = cookie },
    })
  end

  local function location(answer)
    assert.equal(301, answer.status, answer.body)
    assert.same({ "", "text/html" }, { answer.body, answer.headers["content-type"] })
    return answer.headers.location
  end

  local function start(way, query)
    local separator = query == "" and "?" or "&"
    return get(format("%s/v1/account/%s/oauth2/mock%s%sproject=spec", base(), way, query, separator))
  end

  -- Through all of it; answers with the last answer.
  local function go(way, query, session)
    local toProvider = location(start(way, query))
    local toCallback = location(get(toProvider))
    local toRedirect = location(get(toCallback))
    return get(toRedirect, session)
  end

  local function signedIn(answer)
    return answer.headers["x-fallback-cookies"]
  end

  describe("OAuth2", function()
    it("goes the way of the real server", function()
      local state = encoded(format('{"success":"%s","failure":"%s","token":false}', (SUCCESS:gsub("/", "\\/")),
        (FAILURE:gsub("/", "\\/"))))
      local first = start("sessions", OK .. "&scopes%5B0%5D=user&scopes%5B1%5D=e%20mail")
      assert.equal("50", first.headers["x-ratelimit-limit"])
      local callback = "/v1/account/sessions/oauth2/callback/mock/spec"
      local toProvider = location(first)
      assert.equal(format("%s/v1/mock/tests/general/oauth2?client_id=1&redirect_uri=%s&scope=email+user+e+mail"
        .. "&state=%s", base(), encoded(base() .. callback), state), toProvider)
      local toCallback = location(get(toProvider))
      assert.equal(format("%s%s?code=abcdef&state=%s", base(), callback, state), toCallback)
      local toRedirect = location(get(toCallback))
      assert.equal(redirectUrl("code=abcdef&state=" .. state), toRedirect)
      local last = get(toRedirect)
      assert.equal("http://:@localhost/ok?mine=1#", location(last))
      assert.matches("a_session_spec=[^;]+;.*samesite=None", last.headers["set-cookie"])
      local session = expect(200, call("GET", "/account/sessions/current", { session = signedIn(last) }))
      assert.same({ "mock", "1", "123456", "tuvwxyz", { "email" } }, { session.provider, session.providerUid,
        session.providerAccessToken, session.providerRefreshToken, session.factors })
      local user = expect(200, call("GET", "/account", { session = signedIn(last) }))
      assert.same({ "useroauth@localhost.test", "User Name", true, "" },
        { user.email, user.name, user.emailVerification, user.passwordUpdate })
      assert.equal("useroauth@localhost.test", user.targets[1].identifier)
    end)

    it("ends in a token, which is changed into a session", function()
      local target = location(go("tokens", OK))
      local secret, userId = target:match "^http://:@localhost/ok%?mine=1&secret=(%x+)&userId=([%w]+)#$"
      assert.equal(64, #secret)
      local body = format('{"userId":"%s","secret":"%s"}', userId, secret)
      local answer = call("POST", "/account/sessions/token", { body = body })
      local session = expect(201, answer)
      assert.same({ "oauth2", { "email" } }, { session.provider, session.factors })
      refused(call("POST", "/account/sessions/token", { body = body }), 401, "user_invalid_token")
      local raw = expect(200, call("PATCH", "/account/sessions/current", { session = signedIn(answer), body = "{}" }))
      assert.equal("", raw.providerAccessTokenExpiry)
    end)

    it("ends on a page of its own without one of the client's", function()
      for way, pattern in pairs {
        sessions = "/auth/oauth2/success%?project=spec&key=a_session_spec&secret=([%w%%]+)#$",
        tokens = "/auth/oauth2/success%?secret=(%x+)&userId=%w+#$",
      } do
        local last = go(way, "")
        local target = location(last)
        local secret = target:match("^http://:@127%.0%.0%.1:%d+" .. pattern)
        assert.truthy(secret, target)
        if way == "sessions" then
          local value = secret:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end)
          expect(200, call("GET", "/account", { headers = { ["x-appwrite-session"] = value } }))
        end
        local page = get((target:gsub(":@", ""):gsub("#$", "")))
        expect(200, page)
        assert.matches("This is the sandbox", page.body)
      end
    end)

    it("gives an extended session new tokens of the provider", function()
      local session = signedIn(go("sessions", OK))
      local raw = expect(200, call("PATCH", "/account/sessions/current", { session = session, body = "{}" }))
      assert.matches("^%d+%-%d%d%-%d%d %d", raw.providerAccessTokenExpiry)
      assert.equal("tuvwxyz", raw.providerRefreshToken)
    end)

    it("adds an identity to the user who is logged in, and takes the place of his session", function()
      local session, user = newUser()
      -- Somebody has the mock provider's person already, by address and by identity.
      local page = go("sessions", OK, session)
      assert.equal(409, page.status)
      assert.matches("<code>user_already_exists</code>", page.body)
      local mine = signedIn(go("sessions", OK))
      local last = go("sessions", OK, mine)
      location(last)
      refused(call("GET", "/account", { session = mine }), 401, "general_unauthorized_scope")
      assert.not_equal(user["$id"], expect(200, call("GET", "/account", { session = signedIn(last) }))["$id"])
    end)

    it("keeps identities, which can be listed and given up", function()
      local session = signedIn(go("sessions", OK))
      local function list(...)
        return call("GET", "/account/identities" .. (... and t.queries(...) or ""), { session = session })
      end
      local found = expect(200, list())
      assert.equal(1, found.total)
      local identity = found.identities[1]
      assert.same({ "mock", "1", "useroauth@localhost.test", "123456", "tuvwxyz" }, { identity.provider,
        identity.providerUid, identity.providerEmail, identity.providerAccessToken, identity.providerRefreshToken })
      assert.is_true(identity.providerAccessTokenExpiry > identity["$updatedAt"])
      assert.equal(1, expect(200, list '{"method":"equal","attribute":"provider","values":["mock"]}').total)
      assert.equal(0, expect(200, list '{"method":"equal","attribute":"providerUid","values":["2"]}').total)
      refused(list '{"method":"equal","attribute":"nope","values":["x"]}', 400, "general_argument_invalid",
        "Invalid `queries` param: Invalid query: Attribute not found in schema: nope")
      local path = "/account/identities/" .. identity["$id"]
      refused(call("DELETE", path, { session = (newUser()), body = "{}" }), 404, "user_identity_not_found")
      assert.equal(204, call("DELETE", path, { session = session, body = "{}" }).status)
      refused(call("DELETE", path, { session = session, body = "{}" }), 404, "user_identity_not_found")
      expect(200, call("GET", "/account", { session = session }))
    end)

    it("keeps the address of an identity from others", function()
      local session = signedIn(go("sessions", OK))
      local body = '{"email":"elsewhere@example.com","password":"password123"}'
      expect(200, call("PATCH", "/account/email", { session = session, body = body }))
      local taken = '"email":"useroauth@localhost.test"'
      refused(call("POST", "/account", { body = '{"userId":"unique()",' .. taken .. ',"password":"password123"}' }),
        400, "general_bad_request")
      refused(call("POST", "/account/tokens/magic-url", { body = '{"userId":"unique()",' .. taken .. "}" }), 409,
        "user_email_already_exists")
      refused(call("POST", "/account/tokens/email", { body = '{"userId":"unique()",' .. taken .. "}" }), 400,
        "general_bad_request")
      local user = expect(200, call("GET", "/account", { session = session }))
      assert.equal(user["$id"], expect(200, call("GET", "/account", { session = signedIn(go("sessions", OK)) }))["$id"])
    end)

    it("tells of errors by pages, but of a token's in JSON", function()
      local HOSTS = "param: URL host must be one of: localhost, 127.0.0.1, appwrite.io, *.appwrite.io, game.example"
      local ROWS = {
        { "sessions/oauth2/nope?project=spec", 400, "general_argument_invalid", "must be one of (amazon, apple," },
        { "sessions/oauth2/github?project=spec", 412, "project_provider_disabled", "This provider is disabled." },
        { "sessions/oauth2/mock?project=spec&success=http%3A%2F%2Fevil.example%2F", 400, "general_argument_invalid",
          HOSTS },
        { "sessions/oauth2/mock?project=spec&failure=appwrite-callback-spec%3A%2F%2Fx", 400,
          "general_argument_invalid", HOSTS },
        { "sessions/oauth2/mock/redirect?project=spec&code=abcdef&state=nojson", 500, "general_unknown",
          "Server Error" },
        { "sessions/oauth2/mock/redirect?project=spec&code=abcdef&state="
          .. encoded '{"success":"http://evil.example/"}', 400, "project_invalid_success_url", "OAuth success" },
        { "sessions/oauth2/mock/redirect?project=spec", 424, "user_oauth2_provider_error", "no code" },
        { "sessions/oauth2/mock?project=nope", 404, "project_not_found", "Project with the requested ID" },
      }
      for _, row in ipairs(ROWS) do
        local page = get(base() .. "/v1/account/" .. row[1])
        assert.equal(row[2], page.status, page.body)
        assert.equal("text/html; charset=UTF-8", page.headers["content-type"])
        assert.truthy(page.body:find("Error " .. row[2], 1, true))
        assert.truthy(page.body:find("<code>" .. row[3] .. "</code>", 1, true), page.body)
        assert.truthy(page.body:find(row[4], 1, true), page.body)
      end
      refused(call("GET", "/account/tokens/oauth2/github"), 412, "project_provider_disabled")
    end)

    it("tells the client's page for failures what went wrong", function()
      local state = encoded(format('{"success":"%s","failure":"%s","token":false}', SUCCESS, FAILURE))
      local ROWS = {
        { "code=wrong", "user_oauth2_provider_error", 424 },
        { "error=access_denied&error_description=no%20thanks", "user_oauth2_provider_error", 424,
          "The Mock OAuth2 provider returned an error: access_denied: no thanks" },
        { "code=", "user_oauth2_provider_error", 424 },
      }
      for _, row in ipairs(ROWS) do
        local target = location(get(redirectUrl(row[1] .. "&state=" .. state)))
        local told = target:match "^http://:@game%.example:8080/no%?error=([%w%%+_.-]+)#$"
        assert.truthy(told, target)
        local problem = cjson.decode((told:gsub("%+", " "):gsub("%%(%x%x)", function(digits)
          return string.char(tonumber(digits, 16))
        end)))
        assert.same({ row[2], row[3] }, { problem.type, problem.code })
        assert.equal(row[4] or problem.message, problem.message)
      end
    end)
  end)
end
