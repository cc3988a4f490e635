-- luacheck: std max+busted
--- Verification of address and telephone number, and recovery of a password.

local format = string.format

---@param t sandbox.SpecClient
---@param inbox table
return function(t, inbox)
  local call, expect, refused, newUser = t.call, t.expect, t.refused, t.newUser

  local function body(userId, secret, password)
    return format('{"userId":"%s","secret":"%s"%s}', userId, secret,
      password and format(',"password":"%s"', password) or "")
  end

  -- The confirmation answers with the token as it was kept.
  local function confirmed(token, answer)
    local kept = expect(200, answer)
    assert.matches("^%x+$", kept.secret)
    assert.equal(64, #kept.secret)
    kept.secret = ""
    assert.same(token, kept)
  end

  describe("verification", function()
    it("of an address, by a guest who got the mail", function()
      local session, user, email = newUser()
      local asked = call("POST", "/account/verification", {
        session = session, body = '{"url":"http://localhost/verify?x=1&userId=old"}',
      })
      local token, mail = expect(201, asked), inbox.last(t, email)
      assert.same({ user["$id"], "", "" }, { token.userId, token.secret, token.phrase })
      assert.equal(256, #mail.secret)
      assert.matches(format("^http://localhost/verify%%?x=1&userId=%s&secret=%s&expire=%%d+%%-%%d+%%-%%d+%%+%%d+%%%%3A",
        user["$id"], mail.secret), mail.links[1])
      local function confirm(secret)
        return call("PUT", "/account/verification", { body = body(user["$id"], secret) })
      end
      refused(confirm "wrong", 401, "user_invalid_token")
      refused(call("PUT", "/account/verification", { body = body("nobody", mail.secret) }), 404, "user_not_found")
      -- It is good for nothing else.
      refused(call("POST", "/account/sessions/token", { body = body(user["$id"], mail.secret) }), 401,
        "user_invalid_token")
      confirmed(token, confirm(mail.secret))
      refused(confirm(mail.secret), 401, "user_invalid_token")
      assert.is_true(expect(200, call("GET", "/account", { session = session })).emailVerification)
      refused(call("POST", "/account/verification", { session = session, body = '{"url":"http://localhost/"}' }), 409,
        "user_email_already_verified", "User email is already verified")
    end)

    it("of a telephone number, by its user only", function()
      local session, user = newUser()
      local function ask()
        return call("POST", "/account/verification/phone", { session = session, body = "{}" })
      end
      refused(ask(), 400, "user_phone_not_found")
      call("PATCH", "/account/phone", { session = session, body = '{"phone":"+14155550301","password":"password123"}' })
      local token, mail = expect(201, ask()), inbox.last(t, "+14155550301")
      local function confirm(secret, who)
        return call("PUT", "/account/verification/phone", { session = who, body = body(user["$id"], secret) })
      end
      refused(confirm("000000x", session), 401, "user_invalid_token")
      refused(confirm(mail.secret), 401, "user_invalid_token")
      refused(confirm(mail.secret, (newUser())), 401, "user_invalid_token")
      confirmed(token, confirm(mail.secret, session))
      assert.is_true(expect(200, call("GET", "/account", { session = session })).phoneVerification)
      refused(ask(), 409, "user_phone_already_verified", "User phone is already verified")
    end)

    it("needs an address, a session, and a link to one of the platforms", function()
      local anonymous = call("POST", "/account/sessions/anonymous", { body = "{}" }).headers["x-fallback-cookies"]
      local url = '{"url":"http://localhost/"}'
      refused(call("POST", "/account/verification", { session = anonymous, body = url }), 500, "general_unknown")
      refused(call("POST", "/account/verification", { body = url }), 401, "general_unauthorized_scope")
      for _, bad in ipairs { "http://evil.example/", "verify", "appwrite-callback-people://x", "//localhost/",
        "http://localhost.evil.example/", "http://evil.example/?localhost" } do
        refused(call("POST", "/account/verification", { session = (newUser()), body = format('{"url":"%s"}', bad) }),
          400, "general_argument_invalid", "Invalid `url` param: URL host must be one of: localhost, 127.0.0.1, "
          .. "appwrite.io, *.appwrite.io, game.example")
      end
    end)
  end)

  describe("recovery", function()
    local function ask(email)
      return call("POST", "/account/recovery", {
        body = format('{"email":"%s","url":"http://localhost/recover"}', email),
      })
    end

    it("sets a new password", function()
      local _, user, email = newUser()
      local token, mail = expect(201, ask(email)), inbox.last(t, email)
      local function confirm(secret, password)
        return call("PUT", "/account/recovery", { body = body(user["$id"], secret, password) })
      end
      refused(confirm("wrong", "password456"), 401, "user_invalid_token")
      refused(confirm(mail.secret, "short"), 400, "general_argument_invalid")
      confirmed(token, confirm(mail.secret, "password456"))
      refused(confirm(mail.secret, "password789"), 401, "user_invalid_token")
      local login = call("POST", "/account/sessions/email", {
        body = format('{"email":"%s","password":"password456"}', email),
      })
      expect(201, login)
      assert.is_true(expect(200, call("GET", "/account", { session = login.headers["x-fallback-cookies"] }))
        .emailVerification)
    end)

    it("tells of an unknown address and of a blocked user", function()
      refused(ask "nobody@example.com", 404, "user_not_found", "User with the requested ID could not be found.")
      refused(ask "blocked@example.com", 401, "user_blocked")
    end)
  end)
end
