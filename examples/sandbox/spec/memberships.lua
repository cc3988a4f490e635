-- luacheck: std max+busted
--- Invitations to teams, and their members.

local format = string.format

---@param t sandbox.SpecClient
---@param inbox table
return function(t, inbox)
  local call, expect, refused, newUser = t.call, t.expect, t.refused, t.newUser
  local KEY = { ["x-appwrite-key"] = "people-key" }
  local teams = 0

  -- A team and its owner's session.
  local function newTeam()
    teams = teams + 1
    local session, user = newUser()
    local id = "team" .. teams
    expect(201, call("POST", "/teams", { session = session, body = format('{"teamId":"%s","name":"Team %s"}', id,
      teams) }))
    return { id = id, owner = session, user = user, path = format("/teams/%s/memberships", id) }
  end

  local function invite(team, who, session)
    return call("POST", team.path, { session = session or team.owner,
      body = format('{%s,"roles":["editor"],"url":"http://localhost/join?from=us"}', who) })
  end

  local function accept(team, membershipId, userId, secret, session)
    return call("PATCH", format("%s/%s/status", team.path, membershipId), {
      body = format('{"userId":"%s","secret":"%s"}', userId, secret), session = session,
    })
  end

  -- Somebody who was there before, and has accepted as a guest.
  local function join(team)
    local _, user, email = newUser()
    local membership = expect(201, invite(team, format('"email":"%s"', email)))
    local answer = accept(team, membership["$id"], user["$id"], inbox.last(t, email).secret)
    expect(200, answer)
    return { id = membership["$id"], userId = user["$id"], session = answer.headers["x-fallback-cookies"] }
  end

  describe("an invitation", function()
    it("is sent by mail, accepted by a guest, and logs him in", function()
      local team = newTeam()
      local _, user, email = newUser()
      local made = invite(team, format('"email":"%s","name":"Ignored"', email:upper()))
      local membership, mail = expect(201, made), inbox.last(t, email)
      assert.same({ user["$id"], user.name, email, team.id, "", false, false, { "editor" } }, { membership.userId,
        membership.userName, membership.userEmail, membership.teamId, membership.joined, membership.confirm,
        membership.mfa, membership.roles })
      assert.equal("10", made.headers["x-ratelimit-limit"])
      assert.equal(format("http://localhost/join?from=us&membershipId=%s&userId=%s&secret=%s&teamId=%s",
        membership["$id"], user["$id"], mail.secret, team.id), mail.links[1])
      refused(invite(team, format('"email":"%s"', email)), 409, "team_invite_already_exists",
        "User has already been invited or is already a member of this team")
      local id = membership["$id"]
      assert.same(membership, expect(200, call("GET", team.path .. "/" .. id, { session = team.owner })))
      assert.equal(1, expect(200, call("GET", "/teams/" .. team.id, { session = team.owner })).total)
      refused(accept(team, id, user["$id"], "wrong"), 401, "team_invalid_secret")
      refused(accept(team, id, team.user["$id"], mail.secret), 401, "team_invite_mismatch",
        "Invite does not belong to current user ()")
      local _, _, strange = newUser()
      local stranger = call("POST", "/account/sessions/email", {
        body = format('{"email":"%s","password":"password123"}', strange),
      }).headers["x-fallback-cookies"]
      refused(accept(team, id, user["$id"], mail.secret, stranger), 401, "team_invite_mismatch",
        format("Invite does not belong to current user (%s)", strange))
      refused(accept(team, "nope", user["$id"], mail.secret), 404, "membership_not_found")
      refused(accept(newTeam(), id, user["$id"], mail.secret), 404, "team_membership_mismatch")
      local answer = accept(team, id, user["$id"], mail.secret)
      local joined = expect(200, answer)
      assert.is_true(joined.confirm)
      assert.not_equal("", joined.joined)
      local session = answer.headers["x-fallback-cookies"]
      assert.is_true(expect(200, call("GET", "/account", { session = session })).emailVerification)
      assert.same({ "email", email, { "email" } }, (function(made_)
        return { made_.provider, made_.providerUid, made_.factors }
      end)(expect(200, call("GET", "/account/sessions/current", { session = session }))))
      refused(accept(team, id, user["$id"], mail.secret), 409, "membership_already_confirmed")
      assert.equal(2, expect(200, call("GET", "/teams/" .. team.id, { session = session })).total)
    end)

    it("is accepted with a session, which stays", function()
      local team = newTeam()
      local session, user, email = newUser()
      local id = expect(201, invite(team, format('"userId":"%s"', user["$id"])))["$id"]
      refused(call("GET", "/teams/" .. team.id, { session = session }), 404, "team_not_found")
      local answer = accept(team, id, user["$id"], inbox.last(t, email).secret, session)
      expect(200, answer)
      assert.is_nil(answer.headers["x-fallback-cookies"])
      expect(200, call("GET", "/teams/" .. team.id, { session = session }))
    end)

    it("makes a user of whom nobody knew", function()
      local team = newTeam()
      local membership = expect(201, invite(team, '"email":"Newby@example.com"'))
      assert.same({ "newby@example.com", "newby@example.com" }, { membership.userName, membership.userEmail })
      local named = expect(201, invite(team, '"email":"named@example.com","name":"Named"'))
      assert.equal("Named", named.userName)
      local phone = expect(201, invite(team, '"phone":"+14155550500"'))
      assert.same({ "", "" }, { phone.userName, phone.userEmail })
      local mail = inbox.last(t, "+14155550500")
      assert.equal("sms", mail.kind)
      local answer = accept(team, phone["$id"], phone.userId, mail.secret)
      expect(200, answer)
      local user = expect(200, call("GET", "/account", { session = answer.headers["x-fallback-cookies"] }))
      assert.equal("+14155550500", user.phone)
    end)

    it("needs an owner, somebody to invite, and a link", function()
      local team = newTeam()
      local member = join(team)
      local _, other, otherEmail = newUser()
      local stranger = newUser()
      local ARGUMENT = "general_argument_invalid"
      local ROWS = {
        { '"roles":[],"url":"http://localhost/"', 400, ARGUMENT,
          "At least one of userId, email, or phone is required" },
        { '"email":"z@example.com","roles":[]', 400, ARGUMENT, "URL is required" },
        { '"email":"z@example.com","url":"http://localhost/"', 400, ARGUMENT, 'Param "roles" is not optional.' },
        { '"email":"z@example.com","roles":[],"url":"http://evil.example/"', 400, ARGUMENT, "Invalid `url` param: URL "
          .. "host must be one of: localhost, 127.0.0.1, appwrite.io, *.appwrite.io, game.example" },
        { '"userId":"nope","roles":[],"url":"http://localhost/"', 404, "user_not_found",
          "User with given userId doesn't exist." },
        { format('"userId":"%s","email":"z@example.com","roles":[],"url":"http://localhost/"', other["$id"]), 409,
          "user_already_exists", "Given userId and email doesn't match" },
        { format('"email":"%s","phone":"+14155550501","roles":[],"url":"http://localhost/"', otherEmail), 409,
          "user_already_exists", "Given email and phone doesn't match" },
      }
      for _, row in ipairs(ROWS) do
        refused(call("POST", team.path, { session = team.owner, body = "{" .. row[1] .. "}" }), row[2], row[3], row[4])
      end
      refused(invite(team, '"email":"z@example.com"', member.session), 401, "user_unauthorized",
        "User is not allowed to send invitations for this team")
      refused(invite(team, '"email":"z@example.com"', stranger), 404, "team_not_found")
    end)

    it("by a server with its key is none: the user is a member at once", function()
      local team = newTeam()
      local session, user, email = newUser()
      local before = #inbox.list(t, "?to=" .. email)
      local membership = expect(201, call("POST", team.path, {
        headers = KEY, body = format('{"userId":"%s","roles":["owner"]}', user["$id"]),
      }))
      assert.is_true(membership.confirm)
      assert.equal(membership.invited, membership.joined)
      assert.equal(before, #inbox.list(t, "?to=" .. email))
      assert.equal("New", expect(200, call("PUT", "/teams/" .. team.id, { session = session,
        body = '{"name":"New"}' })).name)
    end)
  end)

  describe("members", function()
    it("are listed, found and sorted", function()
      local team = newTeam()
      local first, second = join(team), join(team)
      expect(201, invite(team, '"email":"pending@example.com"'))
      local function list(query)
        return call("GET", team.path .. query, { session = second.session })
      end
      assert.equal(4, expect(200, list "").total)
      local ROWS = {
        { t.queries(format('{"method":"equal","attribute":"userId","values":["%s"]}', first.userId)), { first.id } },
        { "?search=" .. first.userId, { first.id } }, { "?search=nobody", {} },
        { t.queries('{"method":"equal","attribute":"confirm","values":[true]}',
          '{"method":"orderDesc","attribute":"joined"}', '{"method":"limit","values":[2]}'), { second.id, first.id } },
        { t.queries(format('{"method":"cursorAfter","values":["%s"]}', first.id), '{"method":"limit","values":[1]}'),
          { second.id } },
      }
      for index, row in ipairs(ROWS) do
        local ids = {}
        for place, membership in ipairs(expect(200, list(row[1])).memberships) do
          ids[place] = membership["$id"]
        end
        assert.same(row[2], ids, "row " .. index)
      end
      refused(list(t.queries '{"method":"equal","attribute":"nope","values":["x"]}'), 400, "general_argument_invalid",
        "Invalid `queries` param: Invalid query: Attribute not found in schema: nope")
      refused(call("GET", team.path, { session = (newUser()) }), 404, "team_not_found")
      refused(call("GET", team.path .. "/nope", { session = team.owner }), 404, "membership_not_found")
      refused(call("GET", newTeam().path .. "/" .. first.id, { session = team.owner }), 404, "team_not_found")
    end)

    it("get other roles from an owner", function()
      local team = newTeam()
      local member = join(team)
      local function change(session, id)
        return call("PATCH", format("%s/%s", team.path, id), { session = session, body = '{"roles":["owner","x"]}' })
      end
      refused(change(member.session, member.id), 401, "user_unauthorized", "User is not allowed to modify roles")
      refused(change(team.owner, "nope"), 404, "membership_not_found")
      refused(call("PUT", "/teams/" .. team.id, { session = member.session, body = '{"name":"x"}' }), 401,
        "user_unauthorized")
      assert.same({ "owner", "x" }, expect(200, change(team.owner, member.id)).roles)
      expect(200, call("PUT", "/teams/" .. team.id, { session = member.session, body = '{"name":"x"}' }))
    end)

    it("leave, are put out, or decline", function()
      local team = newTeam()
      local leaves, stays = join(team), join(team)
      local function remove(session, id, other)
        return call("DELETE", format("%s/%s", (other or team).path, id), { session = session, body = "{}" })
      end
      refused(remove(stays.session, leaves.id), 401, "user_unauthorized")
      refused(remove(team.owner, leaves.id, newTeam()), 404, "team_membership_mismatch")
      assert.equal(204, remove(leaves.session, leaves.id).status)
      refused(remove(team.owner, leaves.id), 404, "team_invite_not_found",
        "The requested team invitation could not be found.")
      refused(call("GET", "/teams/" .. team.id, { session = leaves.session }), 404, "team_not_found")
      assert.equal(204, remove(team.owner, stays.id).status)
      local invited, user = newUser()
      local id = expect(201, invite(team, format('"userId":"%s"', user["$id"])))["$id"]
      assert.equal(204, remove(invited, id).status)
      assert.equal(1, expect(200, call("GET", "/teams/" .. team.id, { session = team.owner })).total)
      assert.equal(1, expect(200, call("GET", team.path, { session = team.owner })).total)
    end)
  end)
end
