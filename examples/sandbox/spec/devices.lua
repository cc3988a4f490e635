-- luacheck: std max+busted
--- Push targets, and the topics they subscribe to.

local format = string.format

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused, newUser = t.call, t.expect, t.refused, t.newUser
  local PUSH, NEWS = "/account/targets/push", "/messaging/topics/news/subscribers"
  local KEY = { ["x-appwrite-key"] = "people-key" }
  local devices = 0

  local function add(session, id, identifier, more)
    return call("POST", PUSH, {
      session = session, body = format('{"targetId":"%s","identifier":"%s"%s}', id, identifier, more or ""),
    })
  end

  -- A device with a token that no other has.
  local function newDevice(session)
    devices = devices + 1
    return expect(201, add(session, "unique()", "device-" .. devices))
  end

  local function subscribe(session, id, targetId, topic)
    return call("POST", format("/messaging/topics/%s/subscribers", topic or "news"), {
      session = session, body = format('{"subscriberId":"%s","targetId":"%s"}', id, targetId),
    })
  end

  describe("push targets", function()
    it("are made, changed and taken away by their user", function()
      local session, other = newUser(), newUser()
      local made = add(session, "mytarget", "token-1")
      assert.same({ "mytarget", " ", "push", "token-1", true }, { expect(201, made)["$id"], made.json.name,
        made.json.providerType, made.json.identifier, made.body:find('"providerId":null', 1, true) ~= nil })
      assert.equal("fcm", expect(201, add(session, "unique()", "token-2", ',"providerId":"fcm"')).providerId)
      refused(add(session, "mytarget", "token-3"), 409, "user_target_already_exists")
      refused(add(other, "unique()", "token-1"), 409, "user_target_already_exists",
        "A target with the same ID already exists.")
      refused(call("POST", PUSH, { session = session, body = '{"targetId":"unique()"}' }), 400,
        "general_argument_invalid", 'Param "identifier" is not optional.')
      refused(add(nil, "unique()", "token-4"), 401, "general_unauthorized_scope")
      local function change(who, identifier)
        return call("PUT", "/account/targets/mytarget/push", {
          session = who, body = format('{"identifier":"%s"}', identifier),
        })
      end
      refused(change(other, "z"), 404, "user_target_not_found", "The target could not be found.")
      refused(change(session, "token-2"), 409, "user_target_already_exists")
      assert.equal("token-9", expect(200, change(session, "token-9")).identifier)
      local targets = expect(200, call("GET", "/account", { session = session })).targets
      assert.same({ "email", "push", "push" },
        { targets[1].providerType, targets[2].providerType, targets[3].providerType })
      refused(call("DELETE", "/account/targets/mytarget/push", { session = other, body = "{}" }), 404,
        "user_target_not_found")
      assert.equal(204, call("DELETE", "/account/targets/mytarget/push", { session = session, body = "{}" }).status)
      refused(call("DELETE", "/account/targets/mytarget/push", { session = session, body = "{}" }), 404,
        "user_target_not_found")
    end)

    it("go with the session of their device", function()
      local session, _, email = newUser()
      local login = call("POST", "/account/sessions/email", {
        body = format('{"email":"%s","password":"password123"}', email),
      })
      local other = login.headers["x-fallback-cookies"]
      local stays = newDevice(session)
      local goes = newDevice(other)
      expect(201, subscribe(other, "unique()", goes["$id"]))
      call("DELETE", "/account/sessions/current", { session = other, body = "{}" })
      local targets = expect(200, call("GET", "/account", { session = session })).targets
      assert.equal(2, #targets)
      assert.equal(stays["$id"], targets[2]["$id"])
      refused(subscribe(session, "unique()", goes["$id"]), 404, "user_target_not_found")
    end)
  end)

  describe("subscribers", function()
    it("are added by a target, and taken away by their user", function()
      local session, user = newUser()
      local other = newUser()
      local targetId = user.targets[1]["$id"]
      local made = subscribe(session, "sub1", targetId)
      local subscriber = expect(201, made)
      assert.same({ "sub1", targetId, user["$id"], user.name, "news", "email" }, { subscriber["$id"],
        subscriber.targetId, subscriber.userId, subscriber.userName, subscriber.topicId, subscriber.providerType })
      assert.equal(targetId, subscriber.target["$id"])
      refused(subscribe(session, "unique()", targetId), 409, "subscriber_already_exists",
        "Subscriber with the request ID already exists.")
      refused(subscribe(other, "sub2", targetId), 409, "subscriber_already_exists")
      refused(subscribe(session, "unique()", "nope"), 404, "user_target_not_found")
      refused(subscribe(session, "unique()", targetId, "nope"), 404, "topic_not_found",
        "Topic with the request ID could not be found.")
      refused(subscribe(nil, "unique()", targetId), 401, "general_unauthorized_scope",
        "User (role: guests) missing scope (subscribers.write)")
      local function remove(who, topic)
        return call("DELETE", format("/messaging/topics/%s/subscribers/sub1", topic or "news"), {
          session = who, body = "{}",
        })
      end
      refused(remove(other), 401, "user_unauthorized")
      refused(remove(session, "nope"), 404, "topic_not_found")
      refused(remove(session, "insiders"), 404, "subscriber_not_found")
      assert.equal(204, remove(session).status)
      refused(remove(session), 404, "subscriber_not_found")
    end)

    it("need a role of the topic's, or a key", function()
      local session, user = newUser()
      local targetId = user.targets[1]["$id"]
      local refusal = subscribe(session, "unique()", targetId, "insiders")
      refused(refusal, 401, "user_unauthorized")
      assert.matches('^Missing "subscribe" permission for role "label:vip"%.', refusal.json.message)
      local login = call("POST", "/account/sessions/email", {
        body = '{"email":"vip@example.com","password":"password123"}',
      })
      local vip = login.headers["x-fallback-cookies"]
      local own = expect(200, call("GET", "/account", { session = vip })).targets[1]["$id"]
      expect(201, subscribe(vip, "unique()", own, "insiders"))
      expect(201, call("POST", "/messaging/topics/insiders/subscribers", {
        headers = KEY, body = format('{"subscriberId":"byKey","targetId":"%s"}', targetId),
      }))
      assert.equal(204, call("DELETE", "/messaging/topics/insiders/subscribers/byKey", { headers = KEY }).status)
    end)

    it("go with their target", function()
      local session = newUser()
      local device = newDevice(session)
      expect(201, subscribe(session, "gone", device["$id"]))
      call("DELETE", format("/account/targets/%s/push", device["$id"]), { session = session, body = "{}" })
      refused(call("DELETE", NEWS .. "/gone", { session = session, body = "{}" }), 404, "subscriber_not_found")
    end)
  end)
end
