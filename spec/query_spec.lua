local Query = require "appwrite.query"
local json = require "appwrite.json"
local utf8 = require "appwrite.utf8"

local strings = dofile "spec/data/strings.lua"
local unpack = table.unpack or unpack

local COMPARING = {
  "equal", "notEqual", "lessThan", "lessThanEqual", "greaterThan", "greaterThanEqual", "contains",
}
local SEARCHING = { "startsWith", "endsWith", "search" }
local NAMING = { "isNull", "isNotNull", "orderAsc", "orderDesc" }

describe("appwrite.query", function()
  for _, case in ipairs(strings.queries) do
    it("is as the official SDK's: " .. case.output:sub(1, 60), function()
      assert.equal(case.output, Query[case.method](unpack(case.args)))
    end)
  end

  it("has 22 methods, two of them under a name that Lua can write as well", function()
    local count = 0
    for name, method in pairs(Query) do
      assert.is_function(method)
      count = count + (name:find "^%l" and 1 or 0)
    end
    assert.equal(22, count)
    assert.equal(Query["and"], Query.And)
    assert.equal(Query["or"], Query.Or)
  end)

  it("writes members in the official order", function()
    for _, method in ipairs(COMPARING) do
      assert.equal(('{"method":"%s","attribute":"a","values":["x",1,true]}'):format(method),
        Query[method]("a", { "x", 1, true }))
      assert.equal(('{"method":"%s","attribute":"a","values":[]}'):format(method), Query[method]("a", {}))
    end
    for _, method in ipairs(SEARCHING) do
      assert.equal(('{"method":"%s","attribute":"a","values":["x"]}'):format(method), Query[method]("a", "x"))
    end
    for _, method in ipairs(NAMING) do
      assert.equal(('{"method":"%s","attribute":"a"}'):format(method), Query[method] "a")
    end
    for _, method in ipairs { "limit", "offset" } do
      assert.equal(('{"method":"%s","values":[5]}'):format(method), Query[method](5.0))
    end
    for _, method in ipairs { "cursorAfter", "cursorBefore" } do
      assert.equal(('{"method":"%s","values":["x"]}'):format(method), Query[method] "x")
    end
    assert.equal('{"method":"select","values":["a"]}', Query.select "a")
    assert.equal('{"method":"between","attribute":"a","values":["a","b"]}', Query.between("a", "a", "b"))
  end)

  it("writes numbers as the server reads them", function()
    assert.equal('{"method":"equal","attribute":"a","values":[5,0.5,9223372036854775807]}',
      Query.equal("a", { 5.0, 0.5, json.int64 "9223372036854775807" }))
    assert.equal('{"method":"equal","attribute":"a","values":[9223372036854775807]}',
      Query.equal("a", json.int64 "9223372036854775807"))
  end)

  it("leaves text that is not UTF-8 to the call's own check", function()
    local query = Query.search("name", 'a"\255')
    assert.equal('{"method":"search","attribute":"name","values":["a\\"\255"]}', query)
    assert.is_false((utf8.valid(query)))
    assert.is_false((utf8.valid(Query.Or { query })))
  end)

  it("does not change the caller's tables", function()
    local values, queries = { "x" }, { Query.limit(1) }
    Query.equal("a", values)
    Query.And(queries)
    assert.same({ "x" }, values)
    assert.same({ '{"method":"limit","values":[1]}' }, queries)
  end)

  local SCALARS = "a string, a finite number, a boolean, or an array of them"
  local refused = {
    { function() Query.equal() end, 'Query.equal: argument "attribute" must be a string, got nil' },
    { function() Query.equal(5, "x") end, 'Query.equal: argument "attribute" must be a string, got number 5' },
    { function() Query.equal "a" end, 'Query.equal: argument "value" must be ' .. SCALARS .. ", got nil" },
    { function() Query.equal("a", json.null) end, 'argument "value" must be ' .. SCALARS .. ", got appwrite.null" },
    { function() Query.contains("a", 0 / 0) end, 'Query.contains: argument "value" must be ' .. SCALARS .. ", got number" },
    { function() Query.lessThan("a", 1 / 0) end, 'Query.lessThan: argument "value" must be ' .. SCALARS .. ", got number" },
    { function() Query.equal("a", { x = 1 }) end,
      'Query.equal: argument "value" must be an array without gaps, got a table with the key "x"' },
    { function() Query.equal("a", { 1, [0] = 2 }) end, "got a table with the key number 0" },
    { function() Query.equal("a", { 1, 2, [1.5] = 2 }) end, "got a table with the key number 1.5" },
    { function() Query.equal("a", { 1, 2, [100] = 2 }) end, "got a table with the key number 100" },
    { function() Query.equal("a", { 1, {} }) end,
      'Query.equal: argument "value[2]" must be a string, a finite number or a boolean, got a table' },
    { function() Query.equal("a", { 1, -1 / 0 }) end, 'Query.equal: argument "value[2]" must be' },
    { function() Query.search("a", 5) end, 'Query.search: argument "value" must be a string, got number 5' },
    { function() Query.search(nil, "a") end, 'Query.search: argument "attribute" must be a string, got nil' },
    { function() Query.startsWith("a", { "x" }) end, 'argument "value" must be a string, got an array' },
    { function() Query.isNull() end, 'Query.isNull: argument "attribute" must be a string, got nil' },
    { function() Query.orderDesc {} end, 'Query.orderDesc: argument "attribute" must be a string, got a table' },
    { function() Query.between("a", 1) end, 'Query.between: argument "last" must be a string or a finite number, got nil' },
    { function() Query.between("a", {}, 1) end, 'Query.between: argument "first" must be a string or a finite number' },
    { function() Query.between(nil, 1, 2) end, 'Query.between: argument "attribute" must be a string, got nil' },
    { function() Query.limit "5" end, 'Query.limit: argument "limit" must be a whole number from 0 on, got "5"' },
    { function() Query.limit(-1) end, 'Query.limit: argument "limit" must be a whole number from 0 on, got number -1' },
    { function() Query.offset(1.5) end, 'Query.offset: argument "offset" must be a whole number from 0 on, got number 1.5' },
    { function() Query.offset(0 / 0) end, 'Query.offset: argument "offset" must be a whole number from 0 on' },
    { function() Query.limit(1 / 0) end, 'Query.limit: argument "limit" must be a whole number from 0 on' },
    { function() Query.cursorAfter "" end, 'Query.cursorAfter: argument "documentId" must be the $id of a document' },
    { function() Query.cursorBefore { ["$id"] = "x" } end, 'Query.cursorBefore: argument "documentId" must be' },
    { function() Query.select() end, 'Query.select: argument "attributes" must be' },
    { function() Query.select { 5 } end, 'Query.select: argument "attributes" must be an array of names, got an array' },
    { function() Query.select { 5, 6 } end, 'Query.select: argument "attributes" must be an array of names, got an array' },
    { function() Query.select(5) end, 'Query.select: argument "attributes" must be an array of names, got number 5' },
    { function() Query.And(Query.limit(1)) end, 'Query.And: argument "queries" must be an array of queries, got "' },
    { function() Query.Or { Query.limit(1), "x" } end,
      'Query.Or: argument "queries[2]" must be a query made by the functions of Query, got "x"' },
    { function() Query.Or { "{}" } end, 'Query.Or: argument "queries[1]" must be a query' },
    { function() Query.Or { { method = "equal" } } end, 'Query.Or: argument "queries[1]" must be a query' },
    { function() Query.Or { [2] = Query.limit(1) } end, 'Query.Or: argument "queries[1]" must be a query' },
    { function() return Query.equals end, 'Query has no "equals"; did you mean "equal"?' },
    { function() Query.orderDescending "a" end, 'Query has no "orderDescending"' },
  }
  for _, case in ipairs(refused) do
    it("says at the caller's line: " .. case[2], function()
      local ok, message = pcall(case[1])
      assert.is_false(ok)
      local at = "query_spec.lua:" .. debug.getinfo(case[1], "S").linedefined .. ": "
      assert.truthy(message:find(at, 1, true), message)
      assert.truthy(message:find(case[2], 1, true), message)
    end)
  end
end)
