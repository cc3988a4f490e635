local json = require "appwrite.json"
local mask = require "appwrite.mask"
local operations = require "appwrite.operations"

describe("appwrite.mask", function()
  local HEX = ("0123456789abcdef"):rep(16)

  it("knows names that are not to be shown", function()
    for _, name in ipairs {
      "password", "oldPassword", "secret", "X-Appwrite-Key", "x-appwrite-jwt", "X-Appwrite-Session", "Cookie",
      "set-cookie", "X-Fallback-Cookies", "Authorization", "Proxy-Authorization", "jwt", "otp", "accessToken",
      "provider_refresh_token", "api-key", "key", "session", "identifier", "recoveryCodes",
    } do
      assert.is_true(mask.isSecret(name), name)
    end
    for _, name in ipairs { "email", "name", "sessionId", "x-appwrite-project", "keyboard", "content-type", "code", 1 } do
      assert.is_false(mask.isSecret(name), tostring(name))
    end
  end)

  it("hides in texts what looks like a token, and leaves ids and paths", function()
    for given, wanted in pairs {
      ["key " .. HEX .. " is wrong"] = "key *** is wrong",
      ["eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOiJhZGEiLCJzZXNzaW9uSWQiOiJzIn0wMA."
        .. "c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl"] = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.***.***",
      ["document 0123456789abcdef0123456789abcdef0123 not found"] =
        "document 0123456789abcdef0123456789abcdef0123 not found",
      ["/databases/main/collections/scores/documents/one"] = "/databases/main/collections/scores/documents/one",
      ["/account/" .. HEX .. "/x"] = "/account/***/x",
      ["MDEyMzQ1Njc4OWFi/ZGVmMDEy+MzQ1Njc4OWFiY2RlZg=="] = "***",
    } do
      assert.equal(wanted, mask.text(given))
    end
  end)

  it("hides values by the names before them", function()
    for given, wanted in pairs {
      ["GET /x?secret=abc&userId=ada"] = "GET /x?secret=***&userId=ada",
      ['{"password":"hunter2","name":"Ada"}'] = '{"password":"***","name":"Ada"}',
      ["Cookie: a_session_p=abc; X-Appwrite-Project: p"] = "Cookie: ***; X-Appwrite-Project: p",
      ["X-Appwrite-Key: k1"] = "X-Appwrite-Key: ***",
      ["tokens%5B0%5D=t1&limit=5"] = "tokens%5B0%5D=***&limit=5",
      ["code=oauth&total=3"] = "code=***&total=3",
      ["took 3: ok"] = "took 3: ok",
    } do
      assert.equal(wanted, mask.pairs(given))
    end
  end)

  it("shows of a URL what is not secret", function()
    for given, wanted in pairs {
      ["/account"] = "/account",
      ["http://127.0.0.1:8080/v1/databases/main/collections/scores/documents?queries%5B0%5D=%7B%22method%22%3A%22limit%22%7D"] =
        "http://127.0.0.1:8080/v1/databases/main/collections/scores/documents?queries%5B0%5D=%7B%22method%22%3A%22limit%22%7D",
      ["https://ada:pw@x.example/auth?userId=ada&secret=" .. HEX .. "#token=t"] =
        "https://***@x.example/auth?userId=ada&secret=***#token=***",
    } do
      assert.equal(wanted, mask.url(given))
    end
  end)

  it("copies headers without credentials", function()
    local headers = { ["X-Appwrite-Key"] = "k", cookie = "a=b", ["content-type"] = "application/json" }
    assert.same({ ["X-Appwrite-Key"] = "***", cookie = "***", ["content-type"] = "application/json" },
      mask.headers(headers))
    assert.equal("k", headers["X-Appwrite-Key"])
    assert.is_nil(mask.headers(nil))
  end)

  describe("shows bodies", function()
    local function shown(name, body)
      return mask.body(operations.find(name), { body = body })
    end

    it("without the parameters that are marked", function()
      assert.same({ email = "ada@example.com", password = "***", name = "Ada" }, json.decode(shown("account.registerUser",
        '{"email":"ada@example.com","password":"correct horse","name":"Ada"}')))
      assert.same({ identifier = "***", targetId = "t" }, json.decode(shown("account.createPushTarget",
        '{"identifier":"device","targetId":"t"}')))
      assert.same({ body = "***", headers = "***", path = "/x?token=***" }, json.decode(
        shown("functions.triggerFunctionExecution", '{"body":"b","headers":{"a":"b"},"path":"/x?token=abc"}')))
    end)

    it("without secrets inside of free-form data", function()
      assert.same({ data = { name = "x", inner = { apiKey = "***", list = { "a", "***" } } } }, json.decode(
        shown("databases.createDocument", '{"data":{"name":"x","inner":{"apiKey":"k","list":["a","' .. HEX .. '"]}}}')))
    end)

    it("of raw calls by names alone", function()
      local operation = { fullName = "POST /x", row = { kind = "raw", verb = "POST" } }
      assert.same({ otp = "***", a = 1 }, json.decode(mask.body(operation, { body = '{"otp":"123456","a":1}' })))
      assert.equal("3 bytes", mask.body(operation, { body = "abc" }))
      assert.equal("9 bytes", mask.body(operation, { body = '{"secret:' }))
    end)

    it("of GraphQL and files, and long ones, by their size", function()
      local query = '{"query":{"query":"mutation { f(password: 5) }"}}'
      assert.equal(#query .. " bytes", shown("graphql.executeMutation", query))
      assert.equal("5011 bytes", shown("databases.createDocument", '{"data":"' .. ("x"):rep(5000) .. '"}'))
      assert.equal("multipart, 2 parts", mask.body(operations.find "storage.createFile", { multipart = { {}, {} } }))
      assert.is_nil(shown("account.getCurrentUser"))
    end)
  end)

  it("does not change what it is given, however deep", function()
    local given = { a = { password = "p" } }
    assert.same({ a = { password = "***" } }, mask.value(given))
    assert.equal("p", given.a.password)
    local deep = { value = "bottom" }
    for _ = 1, 20 do
      deep = { inner = deep }
    end
    local shown = mask.value(deep)
    for _ = 1, 8 do
      shown = shown.inner
    end
    assert.equal("***", shown)
  end)
end)
