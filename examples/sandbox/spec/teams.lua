-- luacheck: std max+busted
--- Teams.

local format = string.format
local DOCUMENTS = "/databases/main/collections/%s/documents"

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused, newUser, create = t.call, t.expect, t.refused, t.newUser, t.create

  describe("teams", function()
    it("are made, read, renamed and removed by their owner", function()
      local session = newUser()
      local function ask(verb, path, body)
        return call(verb, "/teams" .. path, { session = session, body = body })
      end
      local made = ask("POST", "", '{"teamId":"team1","name":"Team \195\156n\195\175"}')
      expect(201, made)
      assert.matches('^{"%$id":"team1",.*"name":"Team \195\156n\195\175","total":1,"prefs":{}}$', made.body)
      refused(ask("POST", "", '{"teamId":"team1","name":"x"}'), 409, "team_already_exists")
      expect(201, ask("POST", "", '{"teamId":"unique()","name":"Team B","roles":["editor"]}'))
      assert.equal(2, expect(200, ask("GET", "")).total)
      assert.equal("Team B", expect(200, ask("GET", "?search=team%20b")).teams[1].name)
      assert.equal("One", expect(200, ask("PUT", "/team1", '{"name":"One"}')).name)
      assert.equal("{}", ask("GET", "/team1/prefs").body)
      assert.equal('{"a":1,"n":{"x":[],"y":[]}}', ask("PUT", "/team1/prefs",
        '{"prefs":{"a":1,"n":{"x":[],"y":{}}}}').body)
      assert.equal('{"a":1,"n":{"x":[],"y":[]}}', ask("GET", "/team1/prefs").body)
      assert.equal(204, ask("DELETE", "/team1", "{}").status)
      refused(ask("DELETE", "/team1", "{}"), 404, "team_not_found")
      assert.equal(1, expect(200, ask("GET", "")).total)
    end)

    it("are hidden from strangers, and make roles for their members", function()
      local owner, bob = newUser(), newUser()
      expect(201, call("POST", "/teams", { session = owner, body = '{"teamId":"closed","name":"Closed"}' }))
      for _, row in ipairs { { "GET", "" }, { "PUT", "", '{"name":"x"}' }, { "GET", "/prefs" }, { "DELETE", "" } } do
        refused(call(row[1], "/teams/closed" .. row[2], { session = bob, body = row[3] }), 404, "team_not_found")
      end
      local body = '{"documentId":"unique()","data":{"text":"t"},"permissions":["read(\\"team:closed/owner\\")"]}'
      local document = expect(201, create(owner, "notes", body))
      expect(200, call("GET", format(DOCUMENTS, "notes") .. "/" .. document["$id"], { session = owner }))
      refused(create(bob, "notes", body), 401, "user_unauthorized")
    end)
  end)
end
