-- luacheck: std max+busted
--- The page of the mock provider, for projects that want one.

local format = string.format

---@param t sandbox.SpecClient
return function(t)
  local call, expect, newUser = t.call, t.expect, t.newUser

  local function get(path)
    return call("GET", path, { server = { endpoint = t.server.endpoint:gsub("/v1$", "") } })
  end

  local function path(answer)
    assert.equal(301, answer.status, answer.body)
    return (answer.headers.location:gsub("^http://:?@?[^/]+", ""))
  end

  -- The path of the provider for a session by github, which the mock stands in for.
  local function toProvider()
    return path(get("/v1/account/sessions/oauth2/github?project=people"
      .. "&success=http%3A%2F%2Flocalhost%2Fok&failure=http%3A%2F%2Flocalhost%2Fno"))
  end

  local function choose(choice)
    return path(get(path(get(path(get(toProvider() .. choice))))))
  end

  describe("the mock provider's page", function()
    it("asks who somebody is, and sends along what it was given", function()
      local page = get(toProvider())
      expect(200, page)
      assert.equal("text/html; charset=UTF-8", page.headers["content-type"])
      assert.matches('name="state" value="{&quot;success&quot;:&quot;http:\\/\\/localhost\\/ok&quot;', page.body)
      assert.matches('name="redirect_uri" value="http://127%.0%.0%.1:%d+/v1/account/sessions/oauth2/callback/'
        .. 'github/people"', page.body)
    end)

    it("signs in whoever says his address, and him again", function()
      local ids = {}
      for _, email in ipairs { "grace%40example.com", "GRACE%40example.com", "linus%40example.com" } do
        local last = get(path(get(path(get(toProvider() .. "&choice=allow&name=Grace&email=" .. email)))))
        assert.equal("/ok#", path(last))
        local user = expect(200, call("GET", "/account", { session = last.headers["x-fallback-cookies"] }))
        assert.equal("Grace", user.name)
        ids[#ids + 1] = user["$id"]
      end
      assert.equal(ids[1], ids[2])
      assert.not_equal(ids[1], ids[3])
    end)

    it("signs in a user who registered with the address, and keeps what he has", function()
      local _, user, email = newUser()
      local last = get(path(get(path(get(toProvider() .. "&choice=allow&name=Other&email="
        .. email:gsub("@", "%%40"))))))
      local same = expect(200, call("GET", "/account", { session = last.headers["x-fallback-cookies"] }))
      assert.same({ user["$id"], user.name }, { same["$id"], same.name })
    end)

    it("can be refused", function()
      assert.matches("^/no%?error=.*access_denied.*#$", choose "&choice=refuse")
    end)

    it("does not sign in a blocked user, nor with a code twice", function()
      assert.matches("^/no%?error=.*user_blocked.*#$", choose "&choice=allow&email=blocked%40example.com")
      local redirect = path(get(path(get(toProvider() .. "&choice=allow&email=once%40example.com"))))
      assert.equal("/ok#", path(get(redirect)))
      assert.matches("^/no%?error=.*user_oauth2_provider_error.*#$", path(get(redirect)))
    end)

    it("leads to a callback of a project only", function()
      for _, uri in ipairs { "http%3A%2F%2Fevil.example%2F", "http%3A%2F%2Flocalhost%2Fv1%2Faccount%2Fsessions%2F"
        .. "oauth2%2Fcallback%2Fmock%2Fnope" } do
        local page = get(format("/v1/mock/tests/general/oauth2?redirect_uri=%s&state=x", uri))
        assert.equal(400, page.status)
        assert.matches("There is no such callback", page.body)
      end
    end)
  end)
end
