-- luacheck: std max+busted
--- What holds for all operations: which there are, keys, browsers, headers.

local format = string.format
local DOCUMENTS = "/databases/main/collections/%s/documents"

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused, newUser = t.call, t.expect, t.refused, t.newUser

  describe("around the operations", function()
    it("knows all 95 of them and does each", function()
      local routes = dofile "examples/sandbox/server/routes.lua"
      local session = newUser()
      local names, total = {}, 0
      for _, row in ipairs(routes) do
        local verb, path, name = row[1], row[2]:gsub("{%w+}", "x"), row[3]
        names[name] = true
        -- A session that ends would make the rest fail, and so would a user who is blocked.
        local ends = name == "account.removeSessions" or name == "account.blockUserStatus"
        local answer = call(verb, path, { session = ends and newUser() or session,
          body = verb ~= "GET" and "{}" or nil })
        assert.not_equal("general_route_not_found", answer.json and answer.json.type, name)
        assert.not_equal(501, answer.status, name)
      end
      for _ in pairs(names) do
        total = total + 1
      end
      assert.equal(95, total)
    end)

    it("obeys a key: no permissions, but its scopes", function()
      local key = { ["x-appwrite-key"] = "spec-key" }
      local body = '{"documentId":"byKey","data":{"text":"k"},"permissions":["read(\\"user:anybody\\")"]}'
      local document = expect(201, call("POST", format(DOCUMENTS, "notes"), { headers = key, body = body }))
      assert.same({ 'read("user:anybody")' }, document["$permissions"])
      expect(200, call("GET", format(DOCUMENTS, "sealed"), { headers = key }))
      refused(call("GET", "/account", { headers = key }), 401, "general_unauthorized_scope",
        "app.spec@service.127.0.0.1 (role: applications) missing scope (account)")
      refused(call("GET", "/account", { headers = key, session = t.ada }), 403, "user_api_key_and_session_set")
      refused(call("GET", "/account", { headers = { ["x-appwrite-key"] = "nope" } }), 401, "general_unauthorized_scope",
        "User (role: guests) missing scope (account)")
    end)

    it("checks the Origin of changes", function()
      local ROWS = {
        { "http://evil.example", 403, "http://localhost" }, { "http://game.example:8080", 201,
          "http://game.example:8080" },
        { "null", 201, "http://localhost" },
      }
      for _, row in ipairs(ROWS) do
        local answer = call("POST", "/account/sessions/anonymous", { body = "{}", headers = { origin = row[1] } })
        assert.equal(row[2], answer.status)
        assert.equal(row[3], answer.headers["access-control-allow-origin"])
        assert.equal(200, call("GET", "/locale", { headers = { origin = row[1] } }).status)
      end
      local preflight = call("OPTIONS", "/account", { headers = { origin = "http://localhost" } })
      assert.equal(204, preflight.status)
      assert.matches("X%-Appwrite%-Session, X%-Fallback%-Cookies", preflight.headers["access-control-allow-headers"])
    end)

    it("warns a client that is newer, and tolerates extra slashes", function()
      local newer = call("GET", "/locale", { headers = { ["x-appwrite-response-format"] = "1.6.0" } })
      assert.matches("built for Appwrite 1%.6%.0", newer.headers["x-appwrite-warning"])
      local same = call("GET", "/locale", { headers = { ["x-appwrite-response-format"] = "1.5.0" } })
      assert.is_nil(same.headers["x-appwrite-warning"])
      expect(200, call("GET", "//account/", { session = t.ada }))
      assert.equal(120, expect(200, call("GET", format(DOCUMENTS, "paging") .. "/")).total)
    end)

    it("compresses JSON on request", function()
      local answer = call("GET", "/locale/countries", { headers = { ["accept-encoding"] = "gzip" } })
      assert.equal("gzip", answer.headers["content-encoding"])
      assert.equal("\31\139", answer.body:sub(1, 2))
    end)
  end)
end
