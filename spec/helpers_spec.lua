local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local helpers = require "appwrite.helpers"
local operations = require "appwrite.operations"

describe("appwrite.helpers", function()
  it("call operations that there are, and have names of their own", function()
    local count = 0
    for _, service in ipairs(operations.SERVICES) do
      for _, name in ipairs(helpers.names(service)) do
        local operation, prepare = helpers.find(service, name)
        assert.is_table(operations.find(operation))
        assert.is_function(prepare)
        assert.is_nil(operations.service(service).byName[name])
        count = count + 1
      end
    end
    assert.is_true(count > 0)
  end)

  it("are found by service and name alone", function()
    assert.is_nil(helpers.find("storage", "createFile"))
    assert.is_nil(helpers.find("account", "resume"))
    assert.is_nil(helpers.find("storage", nil))
    assert.same({}, helpers.names "account")
  end)

  it("are fields of a client's services, made once, and no operations", function()
    local client = appwrite.new { project = "test", transport = fake.new() }
    assert.is_function(client.storage.resume)
    assert.equal(client.storage.resume, client.storage.resume)
    local ok, message = pcall(function() return client.storage.resum end)
    assert.is_false(ok)
    assert.truthy(message:find('did you mean "resume"', 1, true))
    ok, message = pcall(client.call, client, "storage.resume", {})
    assert.is_false(ok)
    assert.truthy(message:find("unknown operation", 1, true))
  end)
end)
