-- luacheck: std max+busted
--- Accounts, sessions and JWTs.

local cjson = require "cjson"

local format = string.format

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused, newUser = t.call, t.expect, t.refused, t.newUser

  describe("account", function()
    it("registers, with the members in the real order", function()
      local body = '{"userId":"Custom.id-1_x","email":"MiXed@Example.com","password":"password123","colour":"red"}'
      local answer = call("POST", "/account", { body = body })
      local user = expect(201, answer)
      assert.equal("mixed@example.com", user.email)
      assert.matches('^{"%$id":"Custom.id%-1_x","%$createdAt":"%d+%-%d+%-%d+T%d+:%d+:%d+%.%d%d%d%+00:00",', answer.body)
      assert.matches('"prefs":{},"targets":%[{"%$id":"%x+",.*"providerId":null,"providerType":"email"', answer.body)
      assert.equal("10", answer.headers["x-ratelimit-limit"])
      assert.equal("9", answer.headers["x-ratelimit-remaining"])
      assert.is_true(tonumber(answer.headers["x-ratelimit-reset"]) > os.time() - 1)
      refused(call("POST", "/account", { body = body }), 409, "user_already_exists")
      refused(call("POST", "/account", { body = body:gsub("Custom", "Other") }), 409, "user_already_exists")
    end)

    it("takes a form as well as JSON", function()
      local user = expect(201, call("POST", "/account", {
        body = "userId=unique%28%29&email=form%40example.com&password=password123",
        headers = { ["content-type"] = "application/x-www-form-urlencoded" },
      }))
      assert.equal("form@example.com", user.email)
      assert.matches("^%x+$", user["$id"])
      assert.equal(20, #user["$id"])
    end)

    it("logs in with cookies and a fallback header, the secret in neither body", function()
      local answer = call("POST", "/account/sessions/email", {
        body = format('{"email":"%s","password":"password123"}', t.adaEmail:upper()),
      })
      local session = expect(201, answer)
      assert.equal("", session.secret)
      assert.is_true(session.current)
      assert.same({ "password" }, session.factors)
      local value = answer.headers["x-fallback-cookies"]:match '^{"a_session_spec":"([%w+/\\]+=*)"}$'
      assert.truthy(value)
      local cookies = answer.headers["set-cookie"]
      assert.matches("a_session_spec_legacy=[^;]+; expires=[^;]+; Max%-Age=31536000; path=/; httponly, ", cookies)
      assert.matches("a_session_spec=[^;]+; expires=[^;]+; Max%-Age=31536000; path=/; httponly; samesite=None$",
        cookies)
    end)

    it("does not tell a wrong password from an unknown address", function()
      for _, email in ipairs { t.adaEmail, "nobody@example.com" } do
        refused(call("POST", "/account/sessions/email", { body = format('{"email":"%s","password":"wrong-password"}',
          email) }),
          401, "user_invalid_credentials", "Invalid credentials. Please check the email and password.")
      end
    end)

    it("refuses a login or an anonymous session with a live one, and a blocked user", function()
      local body = format('{"email":"%s","password":"password123"}', t.adaEmail)
      refused(call("POST", "/account/sessions/email", { body = body, session = t.ada }), 401,
        "user_session_already_exists")
      refused(call("POST", "/account/sessions/anonymous", { body = "{}", session = t.ada }), 401,
        "user_session_already_exists")
      local blocked = '{"email":"blocked@example.com","password":"password123"}'
      refused(call("POST", "/account/sessions/email", { body = blocked }),
        401, "user_blocked")
    end)

    it("takes the session from four places, and none that is wrong", function()
      local value = cjson.decode(t.ada).a_session_spec
      local ROWS = {
        { { ["x-fallback-cookies"] = t.ada }, 200 },
        { { ["x-appwrite-session"] = value }, 200 },
        { { cookie = "a_session_spec=" .. value }, 200 },
        { { cookie = "other=1; a_session_spec_legacy=" .. value }, 200 },
        { { ["x-appwrite-session"] = "", ["x-fallback-cookies"] = t.ada }, 200 },
        { { ["x-fallback-cookies"] = "" }, 401 },
        { { ["x-fallback-cookies"] = "[]" }, 401 },
        { { ["x-fallback-cookies"] = "garbage" }, 401 },
        { { ["x-appwrite-session"] = ("5e"):rep(128) }, 401 },
        { { ["x-appwrite-session"] = "eyJpZCI6IngiLCJzZWNyZXQiOiJ5In0=" }, 401 },
        { { cookie = "a_session_other=" .. value }, 401 },
      }
      for index, row in ipairs(ROWS) do
        assert.equal(row[2], call("GET", "/account", { headers = row[1] }).status, "row " .. index)
      end
    end)

    it("keeps preferences exactly", function()
      local ROWS = {
        { "{}", "{}" }, { "[]", "{}" },
        { '{"a":[],"b":{},"c":null,"h":[[],{},null,[1,[2]]]}', '{"a":[],"b":[],"c":null,"h":[[],[],null,[1,[2]]]}' },
        { '{"a":9007199254740993,"b":9223372036854775807,"c":-9223372036854775808,"d":9223372036854775808}',
          '{"a":9007199254740993,"b":9223372036854775807,"c":-9223372036854775808,"d":9.223372036854776e+18}' },
        { '{"a":1.0,"b":0.1,"c":1e3,"d":1e-7,"f":1.7976931348623157e308,"g":3.141592653589793,"i":0.30000000000000004}',
          '{"a":1,"b":0.1,"c":1000,"d":1.0e-7,"f":1.7976931348623157e+308,"g":3.141592653589793,'
          .. '"i":0.30000000000000004}' },
        { '{"h":1e20,"m":-12.5,"s":0.00012}', '{"h":1.0e+20,"m":-12.5,"s":0.00012}' },
        { '{"slash":"a/b","esc":"\\u00e9\\ud83d\\ude00\\n\\t\\u0000","":"empty"}',
          '{"slash":"a\\/b","esc":"\195\169\240\159\152\128\\n\\t\\u0000","":"empty"}' },
        { '{"1":"a","5":"b"}', '{"1":"a","5":"b"}' }, { '{"k":1,"l":0,"k":2}', '{"k":2,"l":0}' },
      }
      local session = newUser()
      for _, row in ipairs(ROWS) do
        local answer = call("PATCH", "/account/prefs", { body = '{"prefs":' .. row[1] .. "}", session = session })
        expect(200, answer)
        assert.truthy(answer.body:find('"prefs":' .. row[2] .. ',"targets"', 1, true), answer.body)
        assert.equal(row[2], call("GET", "/account/prefs", { session = session }).body)
      end
    end)

    it("changes the name", function()
      local session, user = newUser()
      local name = ("\195\169"):rep(128)
      local changed = expect(200, call("PATCH", "/account/name", { body = '{"name":"' .. name .. '"}',
        session = session }))
      assert.equal(name, changed.name)
      assert.equal(user["$createdAt"], changed["$createdAt"])
    end)

    it("lists, shows and ends sessions, and clears the client's own only when that one ends", function()
      local session, _, email = newUser()
      local body = format('{"email":"%s","password":"password123"}', email)
      local other = expect(201, call("POST", "/account/sessions/email", { body = body }))
      local list = expect(200, call("GET", "/account/sessions", { session = session }))
      assert.equal(2, list.total)
      assert.same({ true, false }, { list.sessions[1].current, list.sessions[2].current })
      local current = expect(200, call("GET", "/account/sessions/current", { session = session }))
      assert.equal(list.sessions[1]["$id"], current["$id"])
      local ended = call("DELETE", "/account/sessions/" .. other["$id"], { body = "{}", session = session })
      assert.equal(204, ended.status)
      assert.equal("", ended.body)
      assert.is_nil(ended.headers["x-fallback-cookies"])
      refused(call("DELETE", "/account/sessions/" .. other["$id"], { session = session }), 404,
        "user_session_not_found")
      local out = call("DELETE", "/account/sessions/current", { session = session })
      assert.equal(204, out.status)
      assert.equal("[]", out.headers["x-fallback-cookies"])
      assert.matches("a_session_spec=deleted; expires=Thu, 01%-Jan%-1970 00:00:01 GMT; Max%-Age=0",
        out.headers["set-cookie"])
      refused(call("GET", "/account", { session = session }), 401, "general_unauthorized_scope")
    end)

    it("ends all sessions at once", function()
      local session, _, email = newUser()
      local second = call("POST", "/account/sessions/email", { body = format('{"email":"%s","password":"password123"}',
        email) })
      local answer = call("DELETE", "/account/sessions", { body = "{}", session = session })
      assert.equal(204, answer.status)
      assert.equal("[]", answer.headers["x-fallback-cookies"])
      for _, dead in ipairs { session, second.headers["x-fallback-cookies"] } do
        assert.equal(401, call("GET", "/account", { session = dead }).status)
      end
    end)

    it("makes anonymous users", function()
      local answer = call("POST", "/account/sessions/anonymous", { body = "{}" })
      assert.equal("anonymous", expect(201, answer).provider)
      assert.equal("50", answer.headers["x-ratelimit-limit"])
      local user = expect(200, call("GET", "/account", { session = answer.headers["x-fallback-cookies"] }))
      assert.same({ "", "", {} }, { user.email, user.passwordUpdate, user.targets })
    end)

    it("makes JWTs that stand for the user but are no session", function()
      local session, user = newUser()
      local jwt = expect(201, call("POST", "/account/jwt", { session = session })).jwt
      local headers = { ["x-appwrite-jwt"] = jwt }
      assert.equal(user["$id"], expect(200, call("GET", "/account", { headers = headers }))["$id"])
      refused(call("GET", "/account/sessions/current", { headers = headers }), 404, "user_session_not_found")
      refused(call("POST", "/account/jwt", { headers = headers }), 404, "user_session_not_found")
      call("DELETE", "/account/sessions/current", { session = session })
      refused(call("GET", "/account", { headers = headers }), 401, "general_unauthorized_scope")
    end)

    it("refuses a bad JWT everywhere, even with a good session", function()
      local jwt = expect(201, call("POST", "/account/jwt", { session = t.ada })).jwt
      local ROWS = {
        { "garbage", "Incomplete segments" },
        { jwt:gsub("%.[^.]*$", ".AAAA"), "Signature failed" },
        { jwt:gsub("^[^.]*", "eyJhbGciOiJub25lIn0"), "Signature failed" },
        { jwt:gsub("%.[^.]*%.", ".eyJ1c2VySWQiOiJ4In0."), "Signature failed" },
      }
      for _, row in ipairs(ROWS) do
        refused(call("GET", "/locale", { session = t.ada, headers = { ["x-appwrite-jwt"] = row[1] } }), 401,
          "user_jwt_invalid",
          "Failed to verify JWT. Invalid token: " .. row[2])
      end
      expect(200, call("GET", "/locale", { headers = { ["x-appwrite-jwt"] = "" } }))
    end)
  end)
end
