local operations = require "appwrite.operations"

describe("appwrite.operations", function()
  it("finds all 95 under both names as the same row", function()
    local count = 0
    for _, name in ipairs(operations.SERVICES) do
      local service = assert(operations.service(name))
      for _, row in ipairs(service.list) do
        count = count + 1
        local own = assert(operations.find(name .. "." .. row.name))
        assert.equal(own, assert(operations.find(name .. "." .. row.alias)))
        assert.equal(row, own.row)
      end
    end
    assert.equal(95, count)
  end)

  it("splits a path around its parameters", function()
    local operation = assert(operations.find("databases.getDocumentById"))
    assert.same({ "/databases/", "/collections/", "/documents/", "" }, operation.literals)
    assert.same({ "databaseId", "collectionId", "documentId" },
      { operation.path[1].name, operation.path[2].name, operation.path[3].name })
  end)

  local refused = {
    { "getCurrentUser", '"getCurrentUser" names no operation; write it as "service.operation"' },
    { "acount.get", 'unknown service "acount"; did you mean "account"?' },
    { "payments.get", 'unknown service "payments"; ' },
    { "account.regsiterUser", 'unknown operation "account.regsiterUser"; did you mean "registerUser"?' },
  }
  for _, case in ipairs(refused) do
    it("says: " .. case[2], function()
      local operation, problem = operations.find(case[1])
      assert.is_nil(operation)
      assert.equal(case[2], problem:sub(1, #case[2]))
    end)
  end
end)
