local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local operations = require "appwrite.operations"
local turn = require "spec.support.turn"

local Query = appwrite.Query
local WHERE = { databaseId = "d", collectionId = "c" }
local PATH = "/databases/d/collections/c/documents"

local function unform(text)
  return (text:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

-- The queries of a recorded request, decoded.
local function queriesOf(request)
  local list = {}
  for value in request.query:gmatch "queries%%5B%d+%%5D=([^&]*)" do
    list[#list + 1] = appwrite.json.decode(unform(value))
  end
  return list
end

local function valueOf(request, method)
  for _, query in ipairs(queriesOf(request)) do
    if query.method == method then
      return query.values[1]
    end
  end
  return nil
end

-- Answers as the server does, with so many documents.
local function serve(server, count, change)
  local documents = {}
  for index = 1, count do
    documents[index] = { ["$id"] = "d" .. index, n = index }
  end
  server:on("GET", PATH, function(request)
    local limit, cursor = valueOf(request, "limit"), valueOf(request, "cursorAfter")
    local first, items = 1, {}
    for index, document in ipairs(documents) do
      if document["$id"] == cursor then
        first = index + 1
      end
    end
    for index = first, math.min(#documents, first + limit - 1) do
      items[#items + 1] = documents[index]
    end
    local reply = { total = math.min(#documents, 5000), documents = appwrite.array(items) }
    return { json = change and change(reply, #server.requests) or reply, steps = 2 }
  end)
  return documents
end

describe("client:each", function()
  local server, client

  before_each(function()
    server = fake.new()
    client = appwrite.new { project = "p", transport = server }
  end)

  local function collect(params, given)
    local seen = {}
    for document in client:each("databases.listUserDocuments", params or WHERE, given) do
      seen[#seen + 1] = document.n
    end
    return seen
  end

  local function upTo(count)
    local list = {}
    for index = 1, count do
      list[index] = index
    end
    return list
  end

  it("gives every item once, in order, whatever the size of a page", function()
    for _, prefetch in ipairs { false, true } do
      for _, case in ipairs {
        { 0, 10, 1 }, { 1, 10, 1 }, { 9, 10, 1 }, { 10, 10, 2 }, { 11, 10, 2 }, { 35, 10, 4 }, { 3, 1, 4 },
        { 250, nil, 3 },
      } do
        local count, size, requests = case[1], case[2], case[3]
        server:reset()
        serve(server, count)
        assert.same(upTo(count), collect(WHERE, { pageSize = size, prefetch = prefetch }))
        assert.equal(requests, #server.requests)
        assert.equal(size or 100, valueOf(server.requests[1], "limit"))
        assert.is_nil(valueOf(server.requests[1], "cursorAfter"))
      end
    end
  end)

  it("gives the page beside each item", function()
    serve(server, 3)
    for document, page in client:each("databases.listDocuments", WHERE, { pageSize = 2 }) do
      assert.equal(3, page.total)
      assert.equal(document.n == 3 and 1 or 2, #page.documents)
    end
  end)

  it("keeps the caller's queries and parameters, and starts behind a cursor of theirs", function()
    serve(server, 5)
    local params = {
      databaseId = "d", collectionId = "c", queries = { Query.equal("a", 1), Query.cursorAfter "d2", Query.orderAsc "n" },
    }
    assert.same({ 3, 4, 5 }, collect(params, { pageSize = 2 }))
    assert.equal(3, #params.queries)
    local first, second = queriesOf(server.requests[1]), queriesOf(server.requests[2])
    assert.same({ "equal", "orderAsc", "limit", "cursorAfter" },
      { first[1].method, first[2].method, first[3].method, first[4].method })
    assert.equal("d2", first[4].values[1])
    assert.equal("d4", second[4].values[1])
    assert.equal(4, #second)
  end)

  it("passes on the options of a call", function()
    serve(server, 1)
    collect(WHERE, { timeout = 3, headers = { ["X-Trace"] = "7" } })
    assert.equal(3, server.requests[1].timeout)
    assert.equal("7", server.requests[1].headers["x-trace"])
  end)

  it("goes on behind a page that is not full, as long as more are there", function()
    serve(server, 30, function(reply)
      while #reply.documents > 4 do
        table.remove(reply.documents)
      end
      return reply
    end)
    assert.same(upTo(30), collect(WHERE, { pageSize = 10 }))
    assert.equal(8, #server.requests)
  end)

  it("asks once where the server sends all", function()
    server:on("GET", "/locale/countries", { json = { total = 2, countries = { { code = "DE" }, { code = "FR" } } } })
    local codes = {}
    for country in client:each "locale.listCountries" do
      codes[#codes + 1] = country.code
    end
    assert.same({ "DE", "FR" }, codes)
    assert.equal(1, #server.requests)
    assert.equal("", server.requests[1].query)
  end)

  it("goes by offset where no cursor is taken", function()
    server:on("GET", "/account/logs", function(request)
      local offset, logs = valueOf(request, "offset") or 0, {}
      for index = offset + 1, math.min(5, offset + valueOf(request, "limit")) do
        logs[#logs + 1] = { event = "e" .. index }
      end
      return { json = { total = 5, logs = appwrite.array(logs) } }
    end)
    local events = {}
    for log in client:each("account.listLogs", nil, { pageSize = 2 }) do
      events[#events + 1] = log.event
    end
    assert.same({ "e1", "e2", "e3", "e4", "e5" }, events)
    assert.equal(3, #server.requests)
  end)

  it("is not led in circles", function()
    for _, length in ipairs { 1, 2, 3, 7 } do
      server:reset()
      server:on("GET", PATH, function()
        return { json = { total = 9999, documents = { { ["$id"] = "d" .. #server.requests % length } } } }
      end)
      local seen = 0
      local ok, err = pcall(function()
        for _ in client:each("databases.listUserDocuments", WHERE, { pageSize = 1 }) do
          seen = seen + 1
        end
      end)
      assert.is_false(ok)
      assert.equal("protocol", err.kind)
      assert.truthy(err.message:find("again and again", 1, true))
      assert.is_true(seen < 4 * length + 4)
    end
  end)

  it("tells of answers that are no lists", function()
    for _, case in ipairs {
      { { total = 1 }, 'no list "documents"' }, { { documents = 5 }, 'no list "documents"' },
      { { total = 9, documents = { { n = 1 } } }, '"$id"' }, { { total = 9, documents = { 5 } }, '"$id"' },
    } do
      server:on("GET", PATH, { json = case[1] })
      local ok, err = pcall(collect, WHERE, { pageSize = 1 })
      assert.is_false(ok)
      assert.equal("protocol", err.kind)
      assert.truthy(err.message:find(case[2], 1, true), err.message)
    end
  end)

  it("tells of an answer that is none", function()
    server:on("GET", PATH, { status = 204 })
    local ok, err = pcall(collect, WHERE)
    assert.is_false(ok)
    assert.equal("protocol", err.kind)
    assert.truthy(err.message:find('no list "documents"', 1, true), err.message)
  end)

  it("passes on queries that are none, and a cursor that names nothing", function()
    server:on("GET", PATH, { json = { total = 0, documents = {} } })
    for _, text in ipairs { "no query", "5", '{"method":"cursorAfter","values":"x"}' } do
      server:reset()
      server:on("GET", PATH, { json = { total = 0, documents = {} } })
      assert.same({}, collect { databaseId = "d", collectionId = "c", queries = { text } })
      assert.is_nil(server.requests[1].query:find("cursorAfter", 1, true))
    end
    assert.equal(1, #server.requests)
  end)

  it("raises the error of a call as it is, and has ended then", function()
    for _, prefetch in ipairs { false, true } do
      server:reset()
      serve(server, 30)
      local nextItem = client:each("databases.listUserDocuments", WHERE, { pageSize = 2, prefetch = prefetch })
      nextItem()
      server:on("GET", PATH, { kind = "network", message = "gone" })
      local ok, err
      repeat
        ok, err = pcall(nextItem)
      until not ok
      assert.is_true(appwrite.Error.is(err))
      assert.equal("databases.listUserDocuments: gone (network)", tostring(err))
      assert.is_nil(nextItem())
    end
    local ok, err = pcall(collect, { databaseId = "d", collectionId = "\255" })
    assert.is_false(ok)
    assert.equal("argument", err.kind)
  end)

  it("fetches the next page before the first item is handed on", function()
    serve(server, 6)
    local nextItem = client:each("databases.listUserDocuments", WHERE, { pageSize = 2, prefetch = true })
    nextItem()
    assert.equal(2, #server.requests)
    nextItem()
    assert.equal(2, #server.requests)
    nextItem()
    assert.equal(3, #server.requests)
    while nextItem() do end
    assert.equal(4, #server.requests)
  end)

  if _VERSION == "Lua 5.4" then
    it("gives up what was fetched ahead when the loop is left", function()
      serve(server, 6)
      for document in client:each("databases.listUserDocuments", WHERE, { pageSize = 2, prefetch = true }) do
        if document.n == 1 then
          break
        end
      end
      assert.equal(0, turn())
      assert.equal(2, #server.requests)
    end)
  end

  it("waits in a task without stopping others", function()
    serve(server, 5)
    local seen, others = {}, 0
    local task = appwrite.spawn(function()
      local nextItem = client:each("databases.listUserDocuments", WHERE, { pageSize = 2, prefetch = true })
      local document = nextItem()
      while document do
        seen[#seen + 1] = document.n
        document = nextItem()
      end
    end)
    while task.status == "running" do
      others = others + 1
      appwrite.poll()
    end
    task:await()
    assert.same(upTo(5), seen)
    assert.is_true(others > 3)
  end)

  it("raises what is wrong with the call where the loop is written", function()
    local cases = {
      { "databases.listUserDocumets", WHERE, nil, 'did you mean "listUserDocuments"?' },
      { "account.getCurrentUser", nil, nil, "answers with no list" },
      { "databases.listUserDocuments", 5, nil, "parameters must be a table" },
      { "databases.listUserDocuments", { databaseId = "d" }, nil, '"collectionId"' },
      { "databases.listUserDocuments", WHERE, 5, "options must be a table" },
      { "databases.listUserDocuments", WHERE, { pagesize = 5 }, 'unknown option "pagesize"; did you mean "pageSize"?' },
      { "databases.listUserDocuments", WHERE, { timeot = 5 }, 'unknown option "timeot"; did you mean "timeout"?' },
      { "databases.listUserDocuments", WHERE, { bogus = 5 }, "there are headers, onProgress, pageSize, prefetch, retry" },
      { "databases.listUserDocuments", WHERE, { pageSize = 0 }, "1 or more items" },
      { "databases.listUserDocuments", WHERE, { pageSize = 2.5 }, "whole number" },
      { "databases.listUserDocuments", WHERE, { prefetch = 1 }, "boolean" },
      { "databases.listUserDocuments", { databaseId = "d", collectionId = "c", queries = { Query.limit(5) } }, nil,
        "pageSize" },
      { "databases.listUserDocuments", { databaseId = "d", collectionId = "c", queries = { Query.offset(5) } }, nil,
        "Query.offset" },
      { "databases.listUserDocuments", { databaseId = "d", collectionId = "c", queries = { Query.cursorBefore "x" } },
        nil, "orderDesc" },
      { "databases.listUserDocuments", { databaseId = "d", collectionId = "c", queries = 5 }, nil, "queries" },
      { "databases.listUserDocuments", { databaseId = "d", collectionId = "c", queries = { 5 } }, nil, "queries" },
    }
    for _, case in ipairs(cases) do
      local ok, message = pcall(function()
        local nextItem = client:each(case[1], case[2], case[3])
        return nextItem
      end)
      assert.is_false(ok)
      assert.truthy(message:find("pages_spec.lua", 1, true), message)
      assert.truthy(message:find(case[4], 1, true), message)
    end
    assert.equal(0, #server.requests)
  end)

  it("knows every operation that answers with a list", function()
    local known, expected = {}, {}
    for _, service in ipairs(operations.SERVICES) do
      for _, row in ipairs(operations.service(service).list) do
        if (row.result or ""):find "List$" then
          expected[#expected + 1] = row.name
          assert.truthy(row.list, row.name)
          local takesQueries = false
          for _, param in ipairs(row.params) do
            takesQueries = takesQueries or param.name == "queries"
          end
          assert.equal(takesQueries, row.list.by ~= nil, row.name)
        end
        known[#known + 1] = row.list and row.name
      end
    end
    assert.same(expected, known)
    assert.equal(15, #known)
  end)
end)
