local build = require "appwrite.build"
local json = require "appwrite.json"
local operations = require "appwrite.operations"

local function request(name, params, loose)
  return build.request(assert(operations.find(name)), params, loose)
end

describe("appwrite.build", function()
  it("writes only what was given", function()
    local built = request("account.registerUser", { userId = "u", email = "e@x", password = "12345678" })
    assert.equal("POST", built.method)
    assert.equal("/account", built.target)
    assert.equal('{"userId":"u","email":"e@x","password":"12345678"}', built.body)
    assert.same({ ["content-type"] = "application/json" }, built.headers)
  end)

  it("sends {} where a verb with a body has nothing to say", function()
    assert.equal("{}", request("account.removeSessions", {}).body)
    assert.equal("{}", request("account.createJwt", {}).body)
    assert.is_nil(request("account.getCurrentUser", {}).body)
    assert.is_nil(request("account.getCurrentUser", {}).headers)
  end)

  it("writes arrays into a query by index, booleans as words, whole numbers as digits", function()
    local built = request("teams.getUserMemberships", { queries = { "a b", "c&d" }, search = "" })
    assert.equal("/teams?queries%5B0%5D=a+b&queries%5B1%5D=c%26d&search=", built.target)
    assert.equal("/teams", request("teams.getUserMemberships", { queries = {} }).target)
    assert.equal("/avatars/qr?text=x&size=50&download=true",
      request("avatars.generateQrCodeImage", { text = "x", size = 50.0, download = true }).target)
    assert.truthy(request("storage.getFilePreviewImage", { bucketId = "b", fileId = "f", opacity = 0.1 }).target
      :find("opacity=0.1", 1, true))
  end)

  it("writes numbers that are no digits' number as JSON does", function()
    for _, number in ipairs { 2 ^ 60, -2 ^ 60, 0.5 } do
      local target = build.raw({ path = "/x", query = { n = number } }).target
      assert.equal("/x?n=" .. json.encode(number):gsub("%+", "%%2B"), target)
    end
    local large = json.int64 "9223372036854775807"
    assert.equal("/x?n=9223372036854775807", build.raw({ path = "/x", query = { n = large } }).target)
    assert.equal("/avatars/qr?text=x&size=9223372036854775807",
      request("avatars.generateQrCodeImage", { text = "x", size = large }, true).target)
  end)

  it("writes whole numbers of a body without a point, where the API wants such", function()
    local row = { verb = "POST", path = "/x", params = {} }
    local operation = { row = row, segments = {}, query = {}, body = { { name = "n", type = "integer" } }, path = {} }
    for name, value in pairs(assert(operations.find "account.createJwt")) do
      if operation[name] == nil then
        operation[name] = value
      end
    end
    operation.row = row
    assert.equal('{"n":5}', build.request(operation, { n = 5.0 }).body)
    assert.equal('{"n":9223372036854775807}', build.request(operation, { n = json.int64 "9223372036854775807" }).body)
  end)

  it("writes empty tables as the parameter's kind", function()
    local built = request("databases.createDocument",
      { databaseId = "d", collectionId = "c", documentId = "x", data = {}, permissions = {} })
    assert.equal('{"documentId":"x","data":{},"permissions":[]}', built.body)
  end)

  it("sends null only where the caller says so", function()
    assert.equal('{"name":null}',
      request("storage.updateFileById", { bucketId = "b", fileId = "f", name = json.null }).body)
  end)

  it("names the place of a value that JSON cannot carry", function()
    local _, problem = request("databases.createDocument", {
      databaseId = "d", collectionId = "c", documentId = "x", data = { items = { 1, 2, { price = 0 / 0 } } },
    })
    assert.truthy(problem:find("data.items[3].price", 1, true), problem)
  end)

  it("wraps GraphQL and marks it", function()
    local built = request("graphql.executeMutation", { query = { query = "{ a }", variables = {} } })
    assert.truthy(built.body:find('"variables":{}', 1, true), built.body)
    assert.same({ query = { query = "{ a }", variables = {} } }, json.decode(built.body))
    assert.equal("true", built.headers["x-sdk-graphql"])
    built = request("graphql.executeMutation", { query = { { query = "a" }, { query = "b" } } })
    assert.equal('{"query":[{"query":"a"},{"query":"b"}]}', built.body)
  end)

  it("marks calls that log in", function()
    assert.equal("login", request("account.createAnonymousSession", {}).auth)
    assert.is_nil(request("account.getCurrentUser", {}).auth)
  end)

  it("sends unknown parameters in loose mode, where the verb reads them", function()
    assert.equal('{"name":"n","shade":[1,2]}', request("account.updateNameOperation", { name = "n", shade = { 1, 2 } }, true).body)
    local _, problem = request("account.createJwt", { shade = print }, true)
    assert.truthy(problem:find("shade", 1, true), problem)
    assert.equal('{"shade":1}', request("account.createJwt", { shade = 1 }, true).body)
    assert.equal("/avatars/initials?width=1&shade=dark", request("avatars.getUserInitials", { width = 1, shade = "dark" }, true).target)
  end)

  it("lays a file's fields out as parts", function()
    local operation = assert(operations.find("storage.createFile"))
    local part = { filename = "n", type = "t", data = "x" }
    local parts = build.multipart(operation, { bucketId = "b", fileId = "f", permissions = { "p", "q" } }, part)
    local seen = {}
    for _, one in ipairs(parts) do
      seen[#seen + 1] = one.name .. "=" .. one.data
    end
    assert.same({ "fileId=f", "file=x", "permissions[]=p", "permissions[]=q" }, seen)
    assert.same({ part }, build.multipart(operation, { bucketId = "b", fileId = json.null, permissions = json.null }, part))
  end)

  it("builds raw requests", function()
    local built = build.raw { method = "POST", path = "/x", query = { b = { 1, 2 }, a = true }, body = { n = 1 } }
    assert.equal("/x?a=true&b%5B0%5D=1&b%5B1%5D=2", built.target)
    assert.equal('{"n":1}', built.body)
    assert.equal("{}", build.raw({ method = "DELETE", path = "/x" }).body)
    assert.is_nil(build.raw({ method = "GET", path = "/x" }).body)
    assert.is_nil(build.raw({ method = "HEAD", path = "/x" }).body)
    local headers = { ["content-type"] = "application/merge-patch+json" }
    assert.equal(headers, build.raw({ method = "PATCH", path = "/x", headers = headers }).headers)
    local _, problem = build.raw { method = "POST", path = "/x", body = { f = print } }
    assert.truthy(problem:find("body.f", 1, true), problem)
  end)
end)
