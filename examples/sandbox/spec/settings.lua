-- luacheck: std max+busted
--- What a start-up file may switch on.

local format = string.format

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused = t.call, t.expect, t.refused

  it("enforces the life of a JWT", function()
    local session = call("POST", "/account/sessions/anonymous", { body = "{}" }).headers["x-fallback-cookies"]
    local jwt = expect(201, call("POST", "/account/jwt", { session = session })).jwt
    refused(call("GET", "/account", { session = session, headers = { ["x-appwrite-jwt"] = jwt } }), 401,
      "user_jwt_invalid", "Failed to verify JWT. Invalid token: Expired")
  end)

  it("limits logins by e-mail address, but not with a key", function()
    local function login(email, headers)
      return call("POST", "/account/sessions/email", {
        body = format('{"email":"%s","password":"password123"}', email), headers = headers,
      })
    end
    for attempt = 1, 10 do
      local answer = login "limited@example.com"
      refused(answer, 401, "user_invalid_credentials")
      assert.equal(tostring(10 - attempt), answer.headers["x-ratelimit-remaining"])
    end
    local refusal = login "limited@example.com"
    refused(refusal, 429, "general_rate_limit_exceeded")
    assert.equal("0", refusal.headers["x-ratelimit-remaining"])
    refused(login "other@example.com", 401, "user_invalid_credentials")
    refused(login("limited@example.com", { ["x-appwrite-key"] = "strict-key" }), 401, "user_invalid_credentials")
  end)
end
