local appwrite = require "appwrite"
local dump = require "appwrite.dump"
local fake = require "appwrite.transport.fake"

describe("appwrite.dump", function()
  local cases = {
    { nil, "nil" },
    { true, "true" },
    { 12, "12" },
    { "plain", '"plain"' },
    { 'a "quoted"\nline\\', '"a \\"quoted\\"\\nline\\\\"' },
    { "Zoë ☃", '"Zoë ☃"' },
    { "\0\127", '"\\000\\127"' },
    { "\255\216PNG é", '"\\255\\216PNG \\195\\169"' },
    { {}, "{}" },
    { { 1, 2, 3 }, "{ 1, 2, 3 }" },
    { { a = 1, ["$id"] = "x", ["end"] = 2, B = 3 }, '{ ["$id"] = "x", B = 3, a = 1, ["end"] = 2 }' },
    { { [1] = "a", [3] = "c" }, '{ [1] = "a", [3] = "c" }' },
    { { 1, x = 2 }, "{ [1] = 1, x = 2 }" },
    { { [true] = 1 }, "{ [true] = 1 }" },
    { { [true] = 1, [false] = 2 }, "{ [false] = 2, [true] = 1 }" },
    { { 1, [0] = 0 }, "{ [0] = 0, [1] = 1 }" },
    { { 1, 2, [1.5] = 0 }, "{ [1] = 1, [1.5] = 0, [2] = 2 }" },
    { { 1, 2, [100] = 0 }, "{ [1] = 1, [2] = 2, [100] = 0 }" },
    { appwrite.null, "appwrite.null" },
    { { appwrite.null }, "{ appwrite.null }" },
    { appwrite.array {}, "{}" },
    { { secret = "abc", password = "", jwt = "x.y" }, '{ jwt = "…" (hidden, 3 bytes), password = "", secret = "…" (hidden, 3 bytes) }' },
    { { recoveryCodes = { "a", "b" } }, "{ recoveryCodes = { … } (hidden, 2 items) }" },
    { { passwordUpdate = "2024", providerAccessTokenExpiry = "2025" }, '{ passwordUpdate = "2024", providerAccessTokenExpiry = "2025" }' },
    { { session = true, key = 5 }, "{ key = 5, session = true }" },
    { { session = { id = 1, secret = "x" } }, "{ session = { … } (hidden, 2 items) }" },
    { { 0.1, 0.1 + 0.2, -1 / 3 }, "{ 0.1, 0.30000000000000004, -0.33333333333333331 }" },
    { 2 ^ 53 - 1, math.type and "9007199254740991.0" or "9007199254740991" },
    { math.huge, tostring(math.huge) },
    { "\27[31m", '"\\027[31m"' },
    { "a\194\155b", '"a\\194\\155b"' }, -- CSI of C1, on which terminals act as on ESC [
    { "\226\128\174abc", '"\\226\\128\\174abc"' }, -- turns the direction of what follows
  }
  for _, case in ipairs(cases) do
    it("writes " .. case[2], function()
      assert.equal(case[2], dump(case[1]))
    end)
  end

  it("shows secrets where that is asked for", function()
    assert.equal('{ secret = "abc" }', dump({ secret = "abc" }, { secrets = true }))
  end)

  it("puts what does not fit on lines of its own", function()
    local text = dump { name = ("x"):rep(60), list = { ("y"):rep(60) }, deep = { { ("z"):rep(95) } } }
    assert.equal(table.concat({
      "{", '  deep = {', '    {', '      "' .. ("z"):rep(95) .. '",', "    },", "  },",
      '  list = { "' .. ("y"):rep(60) .. '" },', '  name = "' .. ("x"):rep(60) .. '",', "}",
    }, "\n"), text)
  end)

  it("cuts off what is long, between characters", function()
    assert.equal('"' .. ("é"):rep(250) .. '"… (1200 bytes)', dump(("é"):rep(600)))
    assert.equal('"x' .. ("é"):rep(249) .. '"… (1201 bytes)', dump("x" .. ("é"):rep(600)))
    assert.equal('"\\255' .. ("x"):rep(499) .. '"… (601 bytes)', dump("\255" .. ("x"):rep(600)))
    local list = {}
    for index = 1, 250 do
      list[index] = index
    end
    assert.matches("200, *… %(50 more%),?", (dump(list):gsub("%s+", " ")))
    local fields = {}
    for index = 1, 250 do
      fields["n" .. index] = index
    end
    assert.matches("… %(50 more%)", dump(fields))
  end)

  it("ends where a table holds itself, and deep down", function()
    local loop = { name = "loop" }
    loop.own = loop
    assert.equal('{ name = "loop", own = <this table again> }', dump(loop))
    local twice = { 1 }
    assert.equal("{ { 1 }, { 1 } }", dump { twice, twice })
    local deep = {}
    for _ = 1, 1000 do
      deep = { deep }
    end
    assert.matches("{ … }", dump(deep))
  end)

  it("ends where tables hold one another so often that nobody could read it", function()
    local tree = { 1 }
    for _ = 1, 28 do
      tree = { tree, tree }
    end
    assert.is_true(#dump(tree) < 1e6)
    assert.matches("… %(1 more%)", dump(tree))
    local keys = {}
    for _ = 1, 1000 do
      keys = { [keys] = true }
    end
    assert.matches("{ … }", dump(keys))
  end)

  it("takes all that a call returned", function()
    local server = fake.new()
    server:on("GET", "/account", { status = 401, json = { message = "no", type = "user_unauthorized", code = 401 } })
    server:on("GET", "/locale", { json = { ip = "127.0.0.1" } })
    server:on("POST", "/graphql", { json = { data = { a = 1 }, errors = { { message = "gone" } } } })
    local client = appwrite.new { project = "test", transport = server }
    assert.equal('{ ip = "127.0.0.1" }', dump(client.locale.getUserLocale()))
    local _, err = client.account.getCurrentUser()
    assert.equal(dump(err), dump(client.account.getCurrentUser()))
    assert.matches('type = "user_unauthorized"', dump(err))
    local text = dump(client.graphql.executeMutation { query = { query = "{ a b }" } })
    assert.matches("^{ a = 1 }\n{\n", text)
    assert.matches('kind = "graphql"', text)
  end)

  it("does not show the secrets of a body that could not be read", function()
    local server = fake.new()
    server:on("POST", "/account/jwt", { status = 201, body = '{"jwt":"eyJ.abc.def", "broken"' })
    local client = appwrite.new { project = "test", transport = server }
    local _, err = client.account.createJwt()
    assert.matches('"{\\"jwt\\":\\"%*%*%*\\", \\"broken\\""', dump(err))
    assert.matches("eyJ", dump(err, { secrets = true }))
  end)

  it("changes nothing, and asks no metatable", function()
    local given = setmetatable({ a = 1 }, { __index = function() error "asked" end, __pairs = function() error "asked" end })
    assert.equal("{ a = 1 }", dump(given))
    assert.equal(1, rawget(given, "a"))
  end)

  it("shows errors by their fields, and objects as they print", function()
    local server = fake.new()
    server:on("*", "*", { status = 404, json = { message = "no", type = "user_not_found", code = 404 } })
    local client = appwrite.new { project = "test", transport = server, session = "the-session-token" }
    local _, err = client.account.getCurrentUser()
    local text = dump(err)
    assert.matches('code = 404', text)
    assert.matches('type = "user_not_found"', text)
    assert.equal(tostring(client), dump(client))
    assert.is_nil(dump(client):find("the-session-token", 1, true))
    assert.equal("appwrite.Response (404)", dump(err.answer))
    local big = appwrite.int64 "9223372036854775807"
    assert.equal("9223372036854775807", dump(big))
  end)

  it("refuses other options", function()
    assert.error_matches(function() dump({}, true) end, '^dump: argument "options" must be a table { secrets }, got boolean true')
  end)
end)
