local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local sandbox = require "spec.support.sandbox"

local function fault(message, path)
  return {
    message = message, path = path, locations = { { line = 1, column = 3 } }, extensions = { category = "appwrite" },
  }
end

describe("appwrite.graphql", function()
  local server, client

  before_each(function()
    server = fake.new()
    client = appwrite.new { project = "p", transport = server }
  end)

  local function send(json, options, query)
    server:on("POST", "/graphql", { json = json })
    client = appwrite.new { project = "p", transport = server, nulls = options and options.nulls }
    return client.graphql.executeMutation { query = query or { query = "{ a }" } }
  end

  it("gives the data", function()
    local data, err, response = send { data = { accountGet = { name = "Ada" } } }
    assert.same({ accountGet = { name = "Ada" } }, data)
    assert.is_nil(err)
    assert.equal(200, response.status)
  end)

  it("gives the data and an error where a part failed", function()
    for _, nulls in ipairs { "drop", "keep" } do
      local data, err, response = send({
        errors = { fault("missing scope (account)", { "accountGet" }), fault("gone", { "teamsGet" }) },
        data = { accountGet = appwrite.null, localeGet = { ip = "127.0.0.1" } },
      }, { nulls = nulls })
      assert.equal("127.0.0.1", data.localeGet.ip)
      assert.equal("graphql", err.kind)
      assert.equal("missing scope (account) (and 1 more)", err.message)
      assert.same({ "accountGet" }, err.errors[1].path)
      assert.equal(3, err.errors[1].locations[1].column)
      assert.equal("appwrite", err.errors[2].extensions.category)
      assert.equal(200, err.code)
      assert.equal(200, response.status)
      assert.equal(response, err.answer)
      assert.equal("graphql.executeMutation: missing scope (account) (and 1 more) (200 graphql)", tostring(err))
    end
  end)

  it("gives exactly nil and an error where nothing is left of the data", function()
    for _, answer in ipairs {
      { errors = { fault "gone" }, data = { accountGet = appwrite.null } },
      { errors = { fault "gone" }, data = appwrite.null },
      { errors = { fault "gone" } },
    } do
      for _, nulls in ipairs { "drop", "keep" } do
        local count = select("#", send(answer, { nulls = nulls }))
        assert.equal(2, count)
        local data, err = send(answer, { nulls = nulls })
        assert.is_nil(data)
        assert.equal("graphql", err.kind)
        assert.equal("gone", err.message)
      end
    end
    local ok, raised = pcall(function()
      return appwrite.check(send { errors = { fault "gone" } })
    end)
    assert.is_false(ok)
    assert.equal("gone", raised.message)
  end)

  it("takes no list of what is none for faults", function()
    for _, errors in ipairs { { "gone" }, {}, "gone" } do
      assert.same({ a = 1 }, send { data = { a = 1 }, errors = errors })
      local data, err = send { errors = errors }
      assert.is_nil(data)
      assert.equal("protocol", err.kind)
      assert.equal("protocol", select(2, send({ { errors = errors } }, nil, { { query = "{ a }" } })).kind)
    end
    assert.equal("protocol", select(2, send({ appwrite.array { 1 } }, nil, { { query = "{ a }" } })).kind)
    assert.equal("protocol", select(2, send(appwrite.array {}, nil, { { query = "{ a }" } })).kind)
  end)

  it("gives a batch as it came, with the place of what failed", function()
    local batch = { { query = "{ a }" }, { query = "{ b }" } }
    local replies, err = send({ { data = { a = 1 } }, { errors = { fault "gone" } } }, nil, batch)
    assert.equal(1, replies[1].data.a)
    assert.equal("gone", replies[2].errors[1].message)
    assert.equal(2, err.errors[1].index)
    replies, err = send({ { data = { a = 1 } }, { data = { b = 2 } } }, nil, batch)
    assert.equal(2, replies[2].data.b)
    assert.is_nil(err)
  end)

  -- To a batch of one a server answers with its reply alone.
  it("gives a batch of one as a list too", function()
    local batch = { { query = "{ a }" } }
    local replies, err = send({ data = { a = 1 } }, nil, batch)
    assert.equal(1, #replies)
    assert.equal(1, replies[1].data.a)
    assert.is_nil(err)
    replies, err = send({ errors = { fault "gone" } }, nil, batch)
    assert.equal("gone", replies[1].errors[1].message)
    assert.equal(1, err.errors[1].index)
    assert.equal(2, (send({ { data = { a = 2 } } }, nil, batch))[1].data.a)
    replies, err = send({}, nil, batch)
    assert.is_nil(replies)
    assert.equal("protocol", err.kind)
  end)

  it("tells of an answer that is none", function()
    for _, answer in ipairs {
      {}, { data = appwrite.null }, { errors = {} }, { errors = "no" }, { 1 }, { { data = 1 }, {} },
    } do
      local data, err = send(answer)
      assert.is_nil(data)
      assert.equal("protocol", err.kind)
    end
  end)

  it("survives faults without a message", function()
    local _, err = send { errors = { {} } }
    assert.equal("GraphQL reports an error without a message", err.message)
  end)

  it("leaves the server's other errors as they are", function()
    server:on("POST", "/graphql", {
      status = 400, json = { message = "Too many queries.", type = "graphql_too_many_queries" },
    })
    local data, err = client.graphql.executeMutation { query = { query = "{ a }" } }
    assert.is_nil(data)
    assert.equal("api", err.kind)
    assert.equal("graphql_too_many_queries", err.type)
  end)
end)

describe("appwrite.graphql over the network", function()
  local server, client

  setup(function()
    server = sandbox.start {}
    client = appwrite.new { endpoint = server.endpoint, project = server.project }
  end)

  teardown(function()
    server:stop()
  end)

  it("gives data, an error beside it, and lists for batches, of one query too", function()
    local ip, missing = { query = "{ localeGet { ip } }" }, { query = '{ teamsGet(teamId: "none") { name } }' }
    local function send(query)
      return client.graphql.executeMutation { query = query }
    end
    assert.equal("127.0.0.1", (send(ip)).localeGet.ip)
    for _, batch in ipairs { { ip }, { ip, ip } } do
      local replies, err = send(batch)
      assert.is_nil(err)
      assert.equal(#batch, #replies)
      assert.equal("127.0.0.1", replies[#batch].data.localeGet.ip)
    end
    for _, batch in ipairs { { missing }, { ip, missing } } do
      local replies, err = send(batch)
      assert.equal(#batch, #replies)
      assert.equal(#batch, err.errors[1].index)
      assert.same({ "teamsGet" }, replies[#batch].errors[1].path)
    end
    local data, err = send(missing)
    assert.is_nil(data)
    assert.equal("graphql", err.kind)
  end)
end)
