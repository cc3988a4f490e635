local decode = require "appwrite.decode"
local json = require "appwrite.json"
local operations = require "appwrite.operations"
local raw = require "appwrite.raw"

local GET = assert(operations.find("account.getCurrentUser"))
local POST = assert(operations.find("account.createJwt"))
local GRAPHQL = assert(operations.find("graphql.executeMutation"))
local BYTES = assert(operations.find("storage.getFileDownload"))
local REDIRECT = assert(operations.find("account.createOAuth2Session"))

local function answer(status, body, headers)
  return {
    status = status, body = body, elapsed = 0.25, attempts = 1,
    handle = { headers = function() return headers or {} end },
  }
end

local function failed(operation, ...)
  local result, err, response = decode.answer(operation, answer(...), "drop")
  assert.is_nil(result)
  return err, response
end

describe("appwrite.decode", function()
  it("gives tables, bytes, true and locations", function()
    assert.same({ a = 1 }, decode.answer(GET, answer(200, '{"a":1,"b":null}'), "drop"))
    assert.equal(json.null, decode.answer(GET, answer(200, '{"b":null}'), "keep").b)
    assert.is_true(decode.answer(GET, answer(204, ""), "drop"))
    assert.equal("\0\255", decode.answer(BYTES, answer(200, "\0\255"), "drop"))
    assert.equal("https://x/?secret=1", decode.answer(REDIRECT, answer(301, "", { location = "https://x/?secret=1" }), "drop"))
  end)

  it("takes JSON that is no object or array for no answer", function()
    for _, body in ipairs { "null", "false", "true", "5", '"text"' } do
      for _, operation in ipairs { GET, POST } do
        local err = failed(operation, 200, body)
        assert.equal("protocol", err.kind)
        assert.equal("the server's answer is neither an object nor an array of JSON", err.message)
        assert.equal(body, err.response)
      end
    end
    assert.same({ 1 }, decode.answer(GET, answer(200, "[1]"), "drop"))
  end)

  it("takes a part for the whole only where a part was asked for", function()
    for _, operation in ipairs { GET, POST, BYTES } do
      local err = failed(operation, 206, "{}")
      assert.equal("protocol", err.kind)
      assert.equal(206, err.code)
    end
    local asked = answer(206, "half")
    asked.ranged = true
    assert.equal("half", decode.answer(BYTES, asked, "drop"))
  end)

  it("takes bytes for whole only where more than a connection's end says so", function()
    for _, case in ipairs { { GET, '{"a":1}', true }, { BYTES, "half", false }, { BYTES, '{"a":1}', false } } do
      local given = answer(200, case[2], { ["content-type"] = "application/json" })
      given.handle.openEnded = function() return true end
      local result, err, response = decode.answer(case[1], given, "drop")
      if case[3] then
        assert.same({ a = 1 }, result)
      else
        assert.is_nil(result)
        assert.equal("protocol", err.kind)
        assert.equal(200, err.code)
        assert.equal(case[2], err.response)
        assert.equal(response, err.answer)
        assert.is_false(err.retryable)
      end
    end
    local given = answer(200, "whole")
    given.handle.openEnded = function() return false end
    assert.equal("whole", decode.answer(BYTES, given, "drop"))
  end)

  it("gives only web pages as locations", function()
    for _, location in ipairs { "http://x", "HTTPS://x/?a=b#c", "http://:@localhost/ok?mine=1#" } do
      assert.equal(location, decode.answer(REDIRECT, answer(301, "", { location = location }), "drop"))
    end
    for _, location in ipairs {
      "file:///etc/passwd", "javascript:alert(1)", "//evil.example/", "/v1/x", "", "http://", "http://x/\27[2J",
    } do
      local err = failed(REDIRECT, 301, "", { location = location })
      assert.equal("protocol", err.kind)
      assert.truthy(err.message:find("which is no web page", 1, true), err.message)
      assert.is_nil(err.message:find "%c")
    end
  end)

  it("keeps Appwrite's words in an error", function()
    local body = '{"message":"Invalid credentials.","code":401,"type":"user_invalid_credentials","version":"1.5.11"}'
    local err, response = failed(POST, 401, body)
    assert.equal("api", err.kind)
    assert.equal("Invalid credentials.", err.message)
    assert.equal("user_invalid_credentials", err.type)
    assert.equal(401, err.code)
    assert.equal(body, err.response)
    assert.equal("account.createJwt", err.operation)
    assert.equal(1, err.attempts)
    assert.is_false(err.retryable)
    assert.equal(401, response.status)
    assert.equal("account.createJwt: Invalid credentials. (401 user_invalid_credentials)", tostring(err))
  end)

  it("shortens what a proxy says and keeps the whole of it", function()
    local body = "<html><script>x < y</script>\n<body><h1>502  Bad Gateway</h1>" .. ("nginx "):rep(100) .. "</body></html>"
    local err = failed(GET, 502, body)
    assert.equal("api", err.kind)
    assert.equal("502 Bad Gatewaynginx nginx", err.message:gsub("Gateway ", "Gateway"):sub(1, 26))
    assert.is_true(#err.message < 210)
    assert.equal(body, err.response)
    assert.equal(502, err.code)
    assert.equal("api", err.type)
    assert.is_true(err.retryable)
    assert.equal("the server answered with status 500 and no explanation", failed(GET, 500, "").message)
    assert.equal("the server answered with status 500 and no explanation", failed(GET, 500, nil).message)
    assert.equal('{"message":5}', failed(GET, 500, '{"message":5}').message)
    assert.equal('{"message":', failed(GET, 500, '{"message":').message)
    assert.equal("NoSuchKey gone", failed(GET, 404, "<Error><Code>NoSuchKey</Code> <Message>gone</Message></Error>").message)
  end)

  it("says when to come back", function()
    assert.equal(7, failed(GET, 429, "{}", { ["retry-after"] = "7" }).retryAfter)
    local err = failed(POST, 429, "{}", { ["x-ratelimit-reset"] = tostring(os.time() + 100) })
    assert.is_true(err.retryAfter > 95 and err.retryAfter <= 100)
    assert.is_true(err.retryable)
    assert.equal(0, failed(GET, 429, "{}", { ["x-ratelimit-reset"] = "1" }).retryAfter)
    assert.is_nil(failed(GET, 429, "{}").retryAfter)
    assert.is_false(failed(POST, 503, "{}").retryable)
    assert.is_true(failed(GET, 503, "{}").retryable)
    assert.is_nil(failed(GET, 404, "{}", { ["retry-after"] = "7" }).retryAfter)
  end)

  it("calls broken JSON a protocol error, whatever the status", function()
    for _, body in ipairs { "", "{", "<html>", '{"a":1} x', "NaN" } do
      local err = failed(GET, 200, body)
      assert.equal("protocol", err.kind)
      assert.equal(200, err.code)
      assert.equal(body, err.response)
      assert.truthy(err.message:find("not JSON", 1, true))
    end
  end)

  it("takes the lack of a body for one that is no JSON", function()
    assert.truthy(failed(GET, 200, nil).message:find("not JSON", 1, true))
    assert.truthy(failed(GRAPHQL, 200, "{").message:find("not JSON", 1, true))
    assert.equal("protocol", failed(GRAPHQL, 204, "").kind)
  end)

  it("reads what no operation stands for by its type", function()
    local operation = assert(raw.operation { path = "/x" })
    local typed = { ["content-type"] = "application/problem+json" }
    assert.same({ a = 1 }, decode.answer(operation, answer(200, '{"a":1}', typed), "drop"))
    assert.equal('{"a":1}', decode.answer(operation, answer(200, '{"a":1}'), "drop"))
    assert.is_true(decode.answer(operation, answer(204, ""), "drop"))
  end)

  it("does not follow redirects and hides what their address may carry", function()
    local err = failed(GET, 302, "", { location = "https://u:hunter2@evil.example/x?secret=hunter2" })
    assert.equal("protocol", err.kind)
    assert.equal(302, err.code)
    assert.truthy(err.message:find("https://evil.example/x", 1, true))
    assert.is_nil(tostring(err):find("hunter2", 1, true))
    assert.truthy(failed(REDIRECT, 301, "").message:find("nowhere", 1, true))
    assert.truthy(failed(REDIRECT, 200, "x").message:find("a redirect was expected, got status 200", 1, true))
  end)

  it("hands on what the transport says", function()
    for kind, retryable in pairs { network = true, timeout = true, tls = false, cancelled = false, file = false } do
      local failure = { kind = kind, message = "why", elapsed = 1, attempts = 1 }
      local result, err, response = decode.answer(GET, failure, "drop")
      assert.is_nil(result)
      assert.is_nil(response)
      assert.equal(kind, err.kind)
      assert.equal(kind, err.type)
      assert.equal("why", err.message)
      assert.equal(0, err.code)
      assert.equal(retryable, err.retryable)
    end
    local _, err = decode.answer(POST, { kind = "timeout", message = "why", elapsed = 1, attempts = 1 }, "drop")
    assert.is_false(err.retryable)
  end)

  it("reads headers only when asked", function()
    local asked = 0
    local given = answer(200, "{}")
    given.handle.headers = function()
      asked = asked + 1
      return { a = "1" }
    end
    local _, _, response = decode.answer(GET, given, "drop")
    assert.equal(0, asked)
    assert.equal("1", response.headers.a)
    assert.equal("1", response.headers.a)
    assert.equal(1, asked)
    assert.is_nil(response.nothing)
  end)
end)
