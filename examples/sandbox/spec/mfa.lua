-- luacheck: std max+busted
--- Second factors.

local format = string.format

---@param t sandbox.SpecClient
---@param inbox table
---@param otp table
return function(t, inbox, otp)
  local call, expect, refused, newUser = t.call, t.expect, t.refused, t.newUser
  local TOTP, CODES, CHALLENGE = "/account/mfa/authenticators/totp", "/account/mfa/recovery-codes",
    "/account/mfa/challenge"

  local function login(email)
    local answer = call("POST", "/account/sessions/email", {
      body = format('{"email":"%s","password":"password123"}', email),
    })
    expect(201, answer)
    return answer.headers["x-fallback-cookies"]
  end

  local function give(verb, path, session, code)
    return call(verb, path, { session = session, body = format('{"otp":"%s"}', code) })
  end

  local function addVerified(session)
    local secret = expect(200, call("POST", TOTP, { session = session, body = "{}" })).secret
    expect(200, otp.with(secret, function(code) return give("PUT", TOTP, session, code) end))
    return secret
  end

  local function switch(session, on)
    return expect(200, call("PATCH", "/account/mfa", { session = session, body = format('{"mfa":%s}', tostring(on)) }))
  end

  local function challenge(session, factor)
    return call("POST", CHALLENGE, { session = session, body = format('{"factor":"%s"}', factor) })
  end

  local function complete(session, id, code)
    return call("PUT", CHALLENGE, {
      session = session, body = format('{"challengeId":"%s","otp":"%s"}', id, code),
    })
  end

  -- A user who has an authenticator and needs it, with the session that made it and a new one that lacks it.
  local function protectedUser()
    local session, user, email = newUser()
    local secret = addVerified(session)
    switch(session, true)
    return { session = session, secret = secret, email = email, id = user["$id"], fresh = login(email) }
  end

  describe("codes of the specs", function()
    it("are those of RFC 6238", function()
      local secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" -- "12345678901234567890"
      local ROWS = { { 59, "287082" }, { 1111111109, "081804" }, { 1234567890, "005924" }, { 2000000000, "279037" } }
      for _, row in ipairs(ROWS) do
        assert.equal(row[2], otp.code(secret, math.floor(row[1] / 30)))
      end
    end)
  end)

  describe("an authenticator", function()
    it("is added, verified, and taken away by its codes", function()
      local session, _, email = newUser()
      refused(give("PUT", TOTP, session, "123456"), 404, "user_authenticator_not_found",
        "Authenticator could not be found on the current user.")
      refused(call("POST", "/account/mfa/authenticators/sms", { session = session, body = "{}" }), 400,
        "general_argument_invalid", "Invalid `type` param: Value must be one of (totp)")
      local first = expect(200, call("POST", TOTP, { session = session, body = "{}" }))
      assert.matches("^[A-Z2-7]+$", first.secret)
      assert.equal(103, #first.secret)
      assert.equal(format("otpauth://totp/People%%20%%26%%20more%%3A%s?issuer=People%%20%%26%%20more&secret=%s",
        email:gsub("@", "%%40"), first.secret), first.uri)
      local secret = expect(200, call("POST", TOTP, { session = session, body = "{}" })).secret
      assert.not_equal(first.secret, secret)
      for _, wrong in ipairs { "", "12345", "1234567", "abcdef", "-12345", " 12345" } do
        local answer = give("PUT", TOTP, session, wrong)
        refused(answer, wrong == "" and 400 or 401, wrong == "" and "general_argument_invalid" or "user_invalid_token")
      end
      local code = otp.code(secret)
      refused(give("PUT", TOTP, session, format("%06d", (tonumber(code) + 1) % 1000000)), 401, "user_invalid_token")
      refused(give("PUT", TOTP, session, otp.code(secret, otp.step() - 2)), 401, "user_invalid_token")
      local user = expect(200, otp.with(secret, function(now) return give("PUT", TOTP, session, now) end))
      assert.equal(email, user.email)
      assert.same({ "password", "totp" },
        expect(200, call("GET", "/account/sessions/current", { session = session })).factors)
      refused(call("POST", TOTP, { session = session, body = "{}" }), 409, "user_authenticator_already_verified")
      refused(give("DELETE", TOTP, session, "000000x"), 401, "user_invalid_token")
      refused(call("DELETE", TOTP .. "?otp=" .. otp.code(secret), { session = session }), 400,
        "general_argument_invalid", 'Param "otp" is not optional.')
      local gone = otp.with(secret, function(now) return give("DELETE", TOTP, session, now) end)
      assert.same({ 204, "" }, { gone.status, gone.body })
      refused(give("DELETE", TOTP, session, "123456"), 404, "user_authenticator_not_found")
    end)

    it("is taken away by a recovery code as well", function()
      local user = protectedUser()
      local codes = expect(200, call("POST", CODES, { session = user.session, body = "{}" })).recoveryCodes
      assert.equal(204, give("DELETE", TOTP, user.session, codes[6]).status)
      expect(200, call("GET", "/account", { session = user.fresh }))
    end)
  end)

  describe("a session without the second factor", function()
    it("may do nothing but give it, or end", function()
      local user = protectedUser()
      for _, path in ipairs { "/account", "/account/prefs", "/locale", "/teams", "/account/sessions/current",
        "/account/mfa/recovery-codes" } do
        refused(call("GET", path, { session = user.fresh }), 401, "user_more_factors_required",
          "More factors are required to complete the sign in process.")
      end
      assert.same({ totp = true, phone = false, email = false, recoveryCode = false },
        expect(200, call("GET", "/account/mfa/factors", { session = user.fresh })))
      expect(200, call("GET", "/account", { session = user.session }))
      assert.equal(204, call("DELETE", "/account/sessions/current", { session = user.fresh, body = "{}" }).status)
    end)

    it("is asked for nothing where there is no factor, or they are switched off", function()
      local session, _, email = newUser()
      assert.is_true(switch(session, true).mfa)
      expect(200, call("GET", "/account", { session = login(email) }))
      addVerified(session)
      local fresh = login(email)
      refused(call("GET", "/account", { session = fresh }), 401, "user_more_factors_required")
      switch(session, false)
      expect(200, call("GET", "/account", { session = fresh }))
      for _, bad in ipairs { '"yes"', "1", "null" } do
        refused(call("PATCH", "/account/mfa", { session = session, body = '{"mfa":' .. bad .. "}" }), 400,
          "general_argument_invalid", "Invalid `mfa` param: Value must be a valid boolean")
      end
    end)

    it("gives it by the authenticator", function()
      local user = protectedUser()
      local asked = expect(200, challenge(user.fresh, "totp"))
      assert.same({ user.id, nil }, { asked.userId, asked.code })
      assert.matches("T.*%+00:00$", asked.expire)
      local id = asked["$id"]
      refused(complete(user.fresh, id, "000000x"), 401, "user_invalid_token")
      refused(complete(user.fresh, "nope", otp.code(user.secret)), 401, "user_invalid_token")
      refused(complete((newUser()), id, otp.code(user.secret)), 401, "user_invalid_token")
      local answer = otp.with(user.secret, function(code) return complete(user.fresh, id, code) end)
      local raw = expect(200, answer)
      assert.same({ { "password", "totp" }, false, "" }, { raw.factors, raw.current, raw.countryName })
      assert.matches("^%d+%-%d%d%-%d%d %d%d:%d%d:%d%d%.%d%d%d$", raw.mfaUpdatedAt)
      assert.equal(64, #raw.secret)
      assert.is_nil(answer.headers["x-fallback-cookies"])
      refused(complete(user.fresh, id, otp.code(user.secret)), 401, "user_invalid_token")
      expect(200, call("GET", "/account", { session = user.fresh }))
      assert.matches("T.*%+00:00$",
        expect(200, call("GET", "/account/sessions/current", { session = user.fresh })).mfaUpdatedAt)
    end)

    it("gives it by a code sent to him", function()
      local user = protectedUser()
      for _, factor in ipairs { "email", "phone" } do
        refused(challenge(user.fresh, factor), factor == "email" and 500 or 400,
          factor == "email" and "user_email_not_verified" or "user_phone_not_found")
      end
      call("POST", "/account/verification", { session = user.session, body = '{"url":"http://localhost/"}' })
      expect(200, call("PUT", "/account/verification", { body = format('{"userId":"%s","secret":"%s"}', user.id,
        inbox.last(t, user.email).secret) }))
      local phone = "+14155550400"
      call("PATCH", "/account/phone", { session = user.session,
        body = format('{"phone":"%s","password":"password123"}', phone) })
      refused(challenge(user.fresh, "phone"), 500, "user_phone_not_verified", "Server Error")
      call("POST", "/account/verification/phone", { session = user.session, body = "{}" })
      expect(200, call("PUT", "/account/verification/phone", { session = user.session,
        body = format('{"userId":"%s","secret":"%s"}', user.id, inbox.last(t, phone).secret) }))
      for factor, to in pairs { email = user.email, phone = phone } do
        local session = login(user.email)
        local id = expect(200, challenge(session, factor))["$id"]
        local mail = inbox.last(t, to)
        assert.matches("^%d%d%d%d%d%d$", mail.secret)
        refused(complete(session, id, mail.secret .. "x"), 401, "user_invalid_token")
        assert.same({ "password", factor }, expect(200, complete(session, id, mail.secret)).factors)
        expect(200, call("GET", "/account", { session = session }))
      end
      assert.same({ totp = true, phone = true, email = true, recoveryCode = false },
        expect(200, call("GET", "/account/mfa/factors", { session = user.session })))
    end)

    it("cannot choose an unknown factor, nor complete one in another case", function()
      local user = protectedUser()
      refused(challenge(user.fresh, "sms"), 400, "general_argument_invalid",
        "Invalid `factor` param: Value must be one of (email, phone, totp, recoverycode)")
      local codes = expect(200, call("POST", CODES, { session = user.session, body = "{}" })).recoveryCodes
      local id = expect(200, challenge(user.fresh, "recoveryCode"))["$id"]
      refused(complete(user.fresh, id, codes[1]), 401, "user_invalid_token")
    end)
  end)

  describe("recovery codes", function()
    it("are made once, and each works once", function()
      local user = protectedUser()
      local codes = expect(200, call("POST", CODES, { session = user.session, body = "{}" })).recoveryCodes
      assert.equal(6, #codes)
      for _, code in ipairs(codes) do
        assert.matches("^%x%x%x%x%x%x%x%x%x%x$", code)
      end
      refused(call("POST", CODES, { session = user.session, body = "{}" }), 409, "user_recovery_codes_already_exists")
      local id = expect(200, challenge(user.fresh, "recoverycode"))["$id"]
      refused(complete(user.fresh, id, "0000000000"), 401, "user_invalid_token")
      assert.same({ "password", "recoverycode" }, expect(200, complete(user.fresh, id, codes[2])).factors)
      local other = login(user.email)
      id = expect(200, challenge(other, "recoverycode"))["$id"]
      refused(complete(other, id, codes[2]), 401, "user_invalid_token")
      expect(200, complete(other, id, codes[3]))
      assert.same({ codes[1], codes[4], codes[5], codes[6] },
        expect(200, call("GET", CODES, { session = other })).recoveryCodes)
    end)

    it("are shown and made anew only soon after a challenge", function()
      local user = protectedUser()
      for _, verb in ipairs { "GET", "PATCH" } do
        refused(call(verb, CODES, { session = user.session, body = verb == "PATCH" and "{}" or nil }), 401,
          "user_challenge_required", "A recently successful challenge is required to complete this action. "
          .. "A challenge is considered recent for 5 minutes.")
      end
      local id = expect(200, challenge(user.fresh, "totp"))["$id"]
      expect(200, otp.with(user.secret, function(code) return complete(user.fresh, id, code) end))
      for _, verb in ipairs { "GET", "PATCH" } do
        refused(call(verb, CODES, { session = user.fresh }), 404, "user_recovery_codes_not_found")
      end
      local made = expect(200, call("POST", CODES, { session = user.fresh, body = "{}" })).recoveryCodes
      assert.same(made, expect(200, call("GET", CODES, { session = user.fresh })).recoveryCodes)
      local anew = expect(200, call("PATCH", CODES, { session = user.fresh, body = "{}" })).recoveryCodes
      assert.equal(6, #anew)
      assert.not_same(made, anew)
    end)
  end)
end
