-- luacheck: std max+busted
--- Signing in by what was sent: links, and codes in mails and text messages.

local format = string.format

---@param t sandbox.SpecClient
---@param inbox table
return function(t, inbox)
  local call, expect, refused, newUser = t.call, t.expect, t.refused, t.newUser
  local KEY = { ["x-appwrite-key"] = "people-key" }
  local HOSTS = "URL host must be one of: localhost, 127.0.0.1, appwrite.io, *.appwrite.io, game.example"

  local function ask(kind, body, headers)
    return call("POST", "/account/tokens/" .. kind, { body = body, headers = headers })
  end

  local function confirm(path, userId, secret, session)
    local verb = path == "token" and "POST" or "PUT"
    return call(verb, "/account/sessions/" .. path, {
      body = format('{"userId":"%s","secret":"%s"}', userId, secret), session = session,
    })
  end

  -- Path to confirm at, provider and factor of the session, and which of the user's members it makes true.
  local function signsIn(path, answer, mail, expected)
    local userId = expect(201, answer).userId
    assert.equal("", answer.json.secret)
    assert.equal(userId, mail.userId)
    refused(confirm(path, userId, "000000x"), 401, "user_invalid_token", "Invalid token passed in the request.")
    refused(confirm(path, "nobody", mail.secret), 401, "user_invalid_token")
    refused(confirm(path, userId, mail.secret, (newUser())), 401, "user_session_already_exists")
    local login = confirm(path, userId, mail.secret)
    local session = expect(201, login)
    assert.same({ expected.provider, { expected.factor }, "", "", true },
      { session.provider, session.factors, session.providerUid, session.secret, session.current })
    refused(confirm(path, userId, mail.secret), 401, "user_invalid_token")
    local user = expect(200, call("GET", "/account", { session = login.headers["x-fallback-cookies"] }))
    assert.equal(userId, user["$id"])
    assert.same({ expected.email, expected.phone }, { user.emailVerification, user.phoneVerification })
    return user
  end

  describe("signing in without a password", function()
    it("by a link makes a user, whose address is verified then", function()
      local answer = ask("magic-url",
        '{"userId":"unique()","email":"Magic@example.com","url":"http://localhost/magic?a=b%20c#top"}')
      local mail = inbox.last(t, "magic@example.com")
      local token = expect(201, answer)
      assert.equal("", token.phrase)
      assert.equal(format("http://localhost/magic?a=b+c&userId=%s&secret=%s&expire=%s&project=people#top", token.userId,
        mail.secret, token.expire:gsub(":", "%%3A"):gsub("%+", "%%2B")), mail.links[1])
      assert.equal(64, #mail.secret)
      assert.truthy(mail.text:find(mail.links[1], 1, true))
      local user = signsIn("magic-url", answer, mail, { provider = "magic-url", factor = "email", email = true,
        phone = false })
      assert.same({}, user.targets)
      assert.equal("60", answer.headers["x-ratelimit-limit"])
    end)

    it("by a link that leads here where no address is given", function()
      local token = expect(201, ask("magic-url", '{"userId":"wished","email":"here@example.com","phrase":true}'))
      assert.equal("wished", token.userId)
      local mail = inbox.last(t, "here@example.com")
      assert.matches("^" .. t.server.endpoint:gsub("/v1$", ""):gsub("%p", "%%%0") .. "/auth/magic%-url%?userId=wished&",
        mail.links[1])
      assert.matches("^%u%l+ %l+$", token.phrase)
      assert.truthy(mail.text:find(token.phrase, 1, true))
      local landing = call("GET", mail.links[1]:match "^%w+://[^/]+(/.*)$", {
        server = { endpoint = t.server.endpoint:gsub("/v1$", ""), project = "" },
      })
      expect(200, landing)
      assert.equal("text/html; charset=UTF-8", landing.headers["content-type"])
    end)

    it("by a code in a mail", function()
      local answer = ask("email", '{"userId":"unique()","email":"code@example.com"}')
      local mail = inbox.last(t, "code@example.com")
      assert.matches("^%d%d%d%d%d%d$", mail.secret)
      signsIn("token", answer, mail, { provider = "token", factor = "email", email = false, phone = false })
    end)

    it("by a code in a text message", function()
      local answer = ask("phone", '{"userId":"unique()","phone":"+14155550200"}')
      local mail = inbox.last(t, "+14155550200")
      assert.same({ "sms", "" }, { mail.kind, mail.subject })
      local user = signsIn("phone", answer, mail, { provider = "phone", factor = "phone", email = false, phone = true })
      assert.same({ "", "+14155550200", "sms" }, { user.email, user.phone, user.targets[1].providerType })
    end)

    it("finds the user who is there, whatever id is wished", function()
      local _, user, email = newUser()
      for _, kind in ipairs { "magic-url", "email" } do
        local token = expect(201, ask(kind, format('{"userId":"someoneelse","email":"%s"}', email:upper())))
        assert.equal(user["$id"], token.userId)
      end
      refused(ask("email", format('{"userId":"%s","email":"fresh@example.com"}', user["$id"])), 409,
        "user_already_exists")
    end)

    it("tells the secret to a server with a key only", function()
      local token = expect(201, ask("email", '{"userId":"unique()","email":"bykey@example.com","phrase":false}', KEY))
      assert.equal(inbox.last(t, "bykey@example.com").secret, token.secret)
      local packed = expect(201, ask("phone", '{"userId":"unique()","phone":"+14155550201"}', KEY)).secret
      assert.equal(inbox.last(t, "+14155550201").secret, require "mime".unb64(packed):match '"secret":"(%d+)"')
    end)

    it("refuses what does not fit", function()
      local ROWS = {
        { "magic-url", '{"userId":"unique()","email":"x@example.com","url":"http://evil.example/"}',
          "Invalid `url` param: " .. HOSTS },
        { "magic-url", '{"userId":"unique()","email":"x@example.com","url":"appwrite-callback-people://x"}',
          "Invalid `url` param: " .. HOSTS },
        { "email", '{"userId":"unique()","email":"nope"}',
          "Invalid `email` param: Value must be a valid email address" },
        { "email", '{"userId":"unique()","email":"x@example.com","phrase":"true"}',
          "Invalid `phrase` param: Value must be a valid boolean" },
        { "phone", '{"userId":"unique()","phone":"555"}', "Invalid `phone` param: Phone number must start with a '+' "
          .. "can have a maximum of fifteen digits." },
      }
      for _, row in ipairs(ROWS) do
        refused(ask(row[1], row[2]), 400, "general_argument_invalid", row[3])
      end
      for _, host in ipairs { "game.example:8080", "app.appwrite.io", "127.0.0.1", "user@LOCALHOST" } do
        expect(201, ask("magic-url",
          format('{"userId":"unique()","email":"x@example.com","url":"https://%s/a"}', host)))
      end
    end)
  end)

  describe("the mailbox", function()
    it("shows what was sent to whom", function()
      local before = #inbox.list(t, "")
      local token = expect(201, ask("email", '{"userId":"unique()","email":"box@example.com"}'))
      expect(201, ask("email", '{"userId":"unique()","email":"box@example.com"}'))
      local mails = inbox.list(t, "?userId=" .. token.userId)
      assert.equal(2, #mails)
      assert.same(mails, inbox.list(t, "?to=BOX@example.com"))
      assert.equal(before + 2, #inbox.list(t, "?project=people"))
      assert.same({}, inbox.list(t, "?project=console"))
      local mail = mails[1]
      assert.same({ "email", "box@example.com", "Your code for People & more", "people", {} },
        { mail.kind, mail.to, mail.subject, mail.project, mail.links })
      assert.truthy(mail.text:find(mail.secret, 1, true))
      assert.matches("^%d+%-%d+%-%d+T", mail["$createdAt"])
    end)

    it("can be emptied", function()
      local answer = call("DELETE", "/sandbox/mails", {
        server = { endpoint = t.server.endpoint:gsub("/v1$", ""), project = "" },
      })
      assert.equal(204, answer.status)
      assert.same({}, inbox.list(t, ""))
    end)
  end)
end
