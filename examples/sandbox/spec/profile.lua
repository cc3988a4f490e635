-- luacheck: std max+busted
--- The user himself: address, telephone, password, status, logs, and how his sessions live.

local cjson = require "cjson"

local format = string.format

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused, newUser = t.call, t.expect, t.refused, t.newUser

  local function login(email, password)
    return call("POST", "/account/sessions/email", {
      body = format('{"email":"%s","password":"%s"}', email, password or "password123"),
    })
  end

  describe("a user's profile", function()
    it("has another password once the old one was given", function()
      local session, user, email = newUser()
      local function change(body)
        return call("PATCH", "/account/password", { session = session, body = body })
      end
      refused(change '{"password":"password456"}', 401, "user_invalid_credentials")
      refused(change '{"password":"password456","oldPassword":"password124"}', 401, "user_invalid_credentials")
      refused(change '{"password":"password456","oldPassword":"x"}', 400, "general_argument_invalid",
        "Invalid `oldPassword` param: Password must be between 8 and 256 characters long.")
      local changed = expect(200, change '{"password":"password456","oldPassword":"password123"}')
      assert.is_true(changed.passwordUpdate > user.passwordUpdate)
      refused(login(email), 401, "user_invalid_credentials")
      expect(201, login(email, "password456"))
      expect(200, call("GET", "/account", { session = session }))
    end)

    it("has another address, which is not verified", function()
      local session, user, email = newUser()
      local function change(address, password)
        return call("PATCH", "/account/email", {
          session = session, body = format('{"email":"%s","password":"%s"}', address, password or "password123"),
        })
      end
      refused(change("other@example.com", "password124"), 401, "user_invalid_credentials")
      refused(change(email), 409, "user_target_already_exists", "A target with the same ID already exists.")
      local _, _, taken = newUser()
      refused(change(taken), 409, "user_target_already_exists")
      local changed = expect(200, change "Moved@Example.com")
      assert.equal("moved@example.com", changed.email)
      assert.equal("moved@example.com", changed.targets[1].identifier)
      assert.equal(user.targets[1]["$id"], changed.targets[1]["$id"])
      expect(201, login "moved@example.com")
      refused(login(email), 401, "user_invalid_credentials")
    end)

    it("makes a user of an anonymous one, with a password but no target", function()
      local session = call("POST", "/account/sessions/anonymous", { body = "{}" }).headers["x-fallback-cookies"]
      local body = '{"email":"wasanon@example.com","password":"password123"}'
      local user = expect(200, call("PATCH", "/account/email", { session = session, body = body }))
      assert.same({}, user.targets)
      assert.not_equal("", user.passwordUpdate)
      assert.equal(user["$id"], expect(201, login "wasanon@example.com").userId)
      -- Nobody has it as a target, so the answer does not tell that it is taken.
      local other = newUser()
      refused(call("PATCH", "/account/email", { session = other, body = body }), 400, "general_bad_request")
    end)

    it("has a telephone number, which another cannot have", function()
      local session, other = newUser(), newUser()
      local function change(who, phone)
        return call("PATCH", "/account/phone", {
          session = who, body = format('{"phone":"%s","password":"password123"}', phone),
        })
      end
      local user = expect(200, change(session, "+14155550101"))
      assert.same({ "+14155550101", false, 1 }, { user.phone, user.phoneVerification, #user.targets })
      expect(200, change(session, "+14155550101"))
      refused(change(other, "+14155550101"), 409, "user_phone_already_exists",
        "A user with the same phone number already exists in the current project.")
      for _, bad in ipairs { "14155550102", "+1234567890123456", "+0155550101", "+123456", "+1415555a101" } do
        refused(change(session, bad), 400, "general_argument_invalid", "Invalid `phone` param: Phone number must start "
          .. "with a '+' can have a maximum of fifteen digits.")
      end
    end)

    it("can be blocked by himself, for good", function()
      local session, _, email = newUser()
      local answer = call("PATCH", "/account/status", { session = session, body = "{}" })
      assert.is_false(expect(200, answer).status)
      assert.equal("[]", answer.headers["x-fallback-cookies"])
      for _, path in ipairs { "/account", "/locale" } do
        refused(call("GET", path, { session = session }), 401, "user_blocked")
      end
      refused(login(email), 401, "user_blocked")
    end)

    it("lists what he did, newest first", function()
      local session, user, email = newUser()
      call("PATCH", "/account/name", { session = session, body = '{"name":"Renamed"}' })
      call("PATCH", "/account/name", { session = session, body = '{"name":""}' })
      call("GET", "/account", { session = session })
      local function logs(...)
        local answer = call("GET", "/account/logs" .. (... and t.queries(...) or ""), { session = session })
        local events = {}
        for index, entry in ipairs(expect(200, answer).logs) do
          events[index] = entry.event
        end
        return events, answer.json
      end
      local events, json = logs()
      assert.same({ "user.update", "session.create", "user.create" }, events)
      assert.equal(3, json.total)
      local entry = json.logs[1]
      assert.same({ user["$id"], email, "Renamed", "default", "127.0.0.1", "--", "Unknown" }, { entry.userId,
        entry.userEmail, entry.userName, entry.mode, entry.ip, entry.countryCode, entry.countryName })
      assert.equal(user.name, json.logs[3].userName)
      assert.same({ "session.create" },
        (logs('{"method":"limit","values":[1]}', '{"method":"offset","values":[1]}')))
      assert.same({}, (logs '{"method":"offset","values":[4999]}'))
      refused(call("GET", "/account/logs" .. t.queries '{"method":"equal","attribute":"event","values":["x"]}',
        { session = session }), 400, "general_argument_invalid",
        "Invalid `queries` param: Invalid query method: equal")
    end)
  end)

  describe("a session", function()
    it("is extended, and answered as the database has it", function()
      local session = newUser()
      local before = expect(200, call("GET", "/account/sessions/current", { session = session }))
      local raw
      for _ = 1, 1000 do -- as often as fits into the millisecond in which it was made
        raw = expect(200, call("PATCH", "/account/sessions/current", { session = session, body = "{}" }))
        if raw.expire > before.expire:sub(1, 23):gsub("T", " ") then
          break
        end
      end
      assert.matches("^%d+%-%d%d%-%d%d %d%d:%d%d:%d%d%.%d%d%d$", raw.expire)
      assert.same({ false, "", "" }, { raw.current, raw.countryName, raw.mfaUpdatedAt })
      assert.matches("^%x+$", raw.secret)
      assert.equal(64, #raw.secret)
      local after = expect(200, call("GET", "/account/sessions/current", { session = session }))
      assert.is_true(after.expire > before.expire)
      assert.equal(raw.expire, (after.expire:sub(1, 23):gsub("T", " ")))
      refused(call("PATCH", "/account/sessions/nope", { session = session, body = "{}" }), 404,
        "user_session_not_found")
      refused(call("GET", "/account", { headers = { ["x-appwrite-session"] = raw.secret } }), 401,
        "general_unauthorized_scope")
    end)

    it("ends when a user has too many, the oldest first", function()
      local session, _, email = newUser()
      local others = {}
      for index = 1, 3 do
        others[index] = login(email).headers["x-fallback-cookies"]
      end
      expect(200, call("GET", "/account", { session = session }))
      login(email)
      refused(call("GET", "/account", { session = session }), 401, "general_unauthorized_scope")
      assert.equal(4, expect(200, call("GET", "/account/sessions", { session = others[1] })).total)
    end)

    it("shows its secret to a server with a key", function()
      local _, _, email = newUser()
      local made = expect(201, call("POST", "/account/sessions/email", {
        headers = { ["x-appwrite-key"] = "people-key" },
        body = format('{"email":"%s","password":"password123"}', email),
      }))
      local user = expect(200, call("GET", "/account", { headers = { ["x-appwrite-session"] = made.secret } }))
      assert.equal(email, user.email)
      assert.equal(user["$id"], cjson.decode((require "mime".unb64(made.secret))).id)
    end)
  end)
end
