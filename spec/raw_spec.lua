local raw = require "appwrite.raw"

describe("appwrite.raw", function()
  it("stands in for an operation", function()
    local operation = assert(raw.operation { path = "/ping" })
    assert.equal("GET /ping", operation.fullName)
    assert.same({ kind = "raw", verb = "GET" }, operation.row)
    assert(raw.operation { method = "POST", path = "/a%2Fb/c:d", body = {}, query = { a = { 1, "2", true } } })
  end)

  local refused = {
    { {}, 'field "path" is missing' },
    { { path = 5 }, 'field "path" must be a string, got number 5' },
    { { path = "ping" }, 'path must begin with "/", got "ping"' },
    { { path = "/a b" }, "path must be percent-encoded" },
    { { path = "/a?b=c" }, "path must be percent-encoded and without a query (give that as `query`)" },
    { { path = "/a#b" }, "path must be percent-encoded" },
    { { path = "/a\r\nb" }, "path must be percent-encoded and without a query (give that as `query`); byte 13" },
    { { path = "/a/../b" }, 'path must not hold the segment ".."' },
    { { path = "/a/%2E%2e/b" }, 'path must not hold the segment "%2E%2e"' },
    { { path = "/a/./b" }, 'path must not hold the segment "."' },
    { { path = "/a", method = "GTE" }, 'field "method" must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, got "GTE"' },
    { { path = "/a", boby = {} }, 'unknown field "boby"; did you mean "body"?' },
    { { path = "/a", body = {} }, "a GET request takes no body" },
    { { path = "/a", method = "HEAD", body = {} }, "a HEAD request takes no body" },
    { { path = "/a", query = { a = {  {} } } }, 'query field "a" must be a string, number, boolean or an array of them, got table' },
    { { path = "/a", query = { 5 } }, 'query field "1" must be' },
    { { path = "/a", headers = { a = "\n" } }, 'header "a" must not contain CR, LF or NUL' },
  }
  for _, case in ipairs(refused) do
    it("says: " .. case[2], function()
      local operation, problem = raw.operation(case[1])
      assert.is_nil(operation)
      assert.equal(case[2], problem:sub(1, #case[2]))
    end)
  end
end)
