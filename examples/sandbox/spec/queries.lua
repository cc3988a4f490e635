-- luacheck: std max+busted
--- The queries of lists, and pages.

local format = string.format
local unpack = unpack or table.unpack
local DOCUMENTS = "/databases/main/collections/%s/documents"

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused, queries, create = t.call, t.expect, t.refused, t.queries, t.create

  describe("queries", function()
    local MOVIES, PAGING = format(DOCUMENTS, "movies"), format(DOCUMENTS, "paging")

    setup(function()
      local films = {
        '"title":"The wonderful journey","year":1980,"rating":1.5,"genre":"drama","tags":["x","z"]',
        '"title":"Journey two","year":1990,"rating":2,"tags":["y"],"seen":true',
        '"title":"Nothing","year":2000,"released":"2020-01-02T00:00:00Z"',
        '"title":"quote\'s \\"and\\" 50% & more"',
      }
      for index, film in ipairs(films) do
        expect(201, create(t.ada, "movies", format('{"documentId":"q%d","data":{%s,"contact":"q@example.com"}}', index,
          film)))
      end
      for index = 0, 119 do
        expect(201, create(t.ada, "paging", format('{"documentId":"p%03d","data":{"n":%d,"g":"%s"}}', index, index,
          index % 2 == 0 and "even" or "odd")))
      end
    end)

    -- Only the films made here: the others have no such contact.
    local MINE = '{"method":"equal","attribute":"contact","values":["q@example.com"]}'

    local FILTERS = {
      { '{"method":"equal","attribute":"year","values":[1980,2000]}', "q1 q3" },
      { '{"method":"equal","attribute":"title","values":["quote\'s \\"and\\" 50% & more"]}', "q4" },
      { '{"method":"equal","attribute":"title","values":["NOTHING"]}', "q3" },
      { '{"method":"equal","attribute":"seen","values":[false]}', "q1 q3 q4" },
      { '{"method":"equal","attribute":"$id","values":["q2"]}', "q2" },
      { '{"method":"notEqual","attribute":"year","values":[1980]}', "q2 q3" },
      { '{"method":"lessThan","attribute":"year","values":[1990]}', "q1" },
      { '{"method":"lessThanEqual","attribute":"year","values":[1990]}', "q1 q2" },
      { '{"method":"greaterThan","attribute":"rating","values":[1.5]}', "q2" },
      { '{"method":"greaterThanEqual","attribute":"rating","values":[1.5]}', "q1 q2" },
      { '{"method":"greaterThan","attribute":"released","values":["2020-01-01"]}', "q3" },
      { '{"method":"between","attribute":"year","values":[1985,2000]}', "q2 q3" },
      { '{"method":"startsWith","attribute":"title","values":["the"]}', "q1" },
      { '{"method":"endsWith","attribute":"title","values":["two"]}', "q2" },
      { '{"method":"contains","attribute":"title","values":["ourne"]}', "q1 q2" },
      { '{"method":"contains","attribute":"tags","values":["y","z"]}', "q1 q2" },
      { '{"method":"search","attribute":"title","values":["wonder"]}', "q1" },
      { '{"method":"search","attribute":"title","values":["two nothing"]}', "q2 q3" },
      { '{"method":"search","attribute":"title","values":["ourney"]}', "" },
      { '{"method":"isNull","attribute":"year"}', "q4" },
      { '{"method":"isNotNull","attribute":"rating","values":[]}', "q1 q2" },
      { '{"method":"or","values":[{"method":"equal","attribute":"year","values":[1980]},'
        .. '{"method":"isNull","attribute":"year"}]}', "q1 q4" },
      { '{"method":"and","values":[{"method":"greaterThan","attribute":"year","values":[1980]},'
        .. '{"method":"or","values":[{"method":"equal","attribute":"year","values":[1980]},'
        .. '{"method":"equal","attribute":"year","values":[1990]}]}]}',
        "q2" },
      { '{"method":"orderDesc","attribute":"year"}', "q3 q2 q1 q4" },
      { '{"method":"orderAsc","attribute":"year"}', "q4 q1 q2 q3" },
      { '{"method":"orderDesc","attribute":""}', "q4 q3 q2 q1" },
      { '{"method":"orderDesc","attribute":"title"}', "q1 q4 q3 q2" },
      { '{"method":"limit","attribute":null,"values":[2]}', "q1 q2" },
      { '{"method":"limit","values":["3"]}', "q1 q2 q3" },
      { '{"method":"offset","values":[3]}', "q4" },
    }

    for _, row in ipairs(FILTERS) do
      it(row[1], function()
        local page = expect(200, call("GET", MOVIES .. queries(MINE, row[1]), { session = t.ada }))
        local ids = {}
        for index, document in ipairs(page.documents) do
          ids[index] = document["$id"]
        end
        assert.equal(row[2], table.concat(ids, " "))
      end)
    end

    local BAD = {
      { 'equal("year", [1])', 400, "general_query_invalid", "Invalid query: Syntax error" },
      { '{"method":"fly","attribute":"year"}', 400, "general_query_invalid", "Invalid query method: fly" },
      { '{"method":"equal","attribute":"nope","values":[1]}', 400, "general_query_invalid",
        "Invalid query: Attribute not found in schema: nope" },
      { '{"method":"equal","attribute":"year","values":[]}', 400, "general_query_invalid",
        "Invalid query: Equal queries require at least one value." },
      { '{"method":"notEqual","attribute":"year","values":[1,2]}', 400, "general_query_invalid",
        "Invalid query: NotEqual queries require exactly one value." },
      { '{"method":"equal","attribute":"year","values":["1980"]}', 400, "general_query_invalid",
        'Invalid query: Query value is invalid for attribute "year"' },
      { '{"method":"equal","attribute":"year","values":[1980.0]}', 400, "general_query_invalid",
        'Invalid query: Query value is invalid for attribute "year"' },
      { '{"method":"equal","attribute":"year","values":[null]}', 400, "general_query_invalid",
        'Invalid query: Query value is invalid for attribute "year"' },
      { '{"method":"equal","attribute":"year","values":1980}', 500, "general_unknown", "Server Error" },
      { '{"method":"search","attribute":"genre","values":["drama"]}', 400, "general_query_invalid",
        'Searching by attribute "genre" requires a fulltext index.' },
      { '{"method":"or","values":[{"method":"isNull","attribute":"year"}]}', 400, "general_query_invalid",
        "Invalid query: Or queries require at least two queries" },
      { '{"method":"or","values":["{}","{}"]}', 500, "general_unknown", "Server Error" },
      { '{"method":"limit","values":[0]}', 400, "general_query_invalid",
        "Invalid query: Invalid limit: Value must be a valid range between 1 and 9,223,372,036,854,775,808" },
      { '{"method":"limit","values":[5.0]}', 400, "general_query_invalid",
        "Invalid query: Invalid limit: Value must be a valid range between 1 and 9,223,372,036,854,775,808" },
      { '{"method":"select","values":["title","$collectionId"]}', 400, "general_query_invalid",
        "Invalid query: Attribute not found in schema: $collectionId" },
      { '{"method":"cursorAfter","values":["nope"]}', 400, "general_cursor_not_found",
        "Document 'nope' for the 'cursor' value not found." },
      { '{"method":"equal","attribute":"title","values":["' .. ("x"):rep(4200) .. '"]}', 400,
        "general_argument_invalid" },
    }

    for _, row in ipairs(BAD) do
      it("refuses " .. row[1]:sub(1, 80), function()
        refused(call("GET", MOVIES .. queries(row[1]), { session = t.ada }), row[2], row[3], row[4])
      end)
    end

    it("takes a hundred queries and no more", function()
      local list = {}
      for index = 1, 101 do
        list[index] = '{"method":"isNotNull","attribute":"year"}'
      end
      refused(call("GET", MOVIES .. queries(unpack(list))), 400, "general_argument_invalid")
      list[101] = nil
      expect(200, call("GET", MOVIES .. queries(unpack(list))))
    end)

    it("compares 64-bit integers exactly", function()
      expect(201, create(t.ada, "types", '{"documentId":"big","data":{"i":9223372036854775807}}'))
      for value, total in pairs { ["9223372036854775807"] = 1, ["9223372036854775806"] = 0 } do
        local query = format('{"method":"equal","attribute":"i","values":[%s]},', value):gsub(",$", "")
        local own = '{"method":"equal","attribute":"$id","values":["big"]}'
        assert.equal(total, expect(200, call("GET", format(DOCUMENTS, "types") .. queries(query, own))).total)
      end
    end)

    it("selects members", function()
      local ROWS = {
        { '["title"]', '{"title":"Journey two"}' }, { '["$id"]', '{"$id":"q2"}' },
        { '["*"]', '{"title":"Journey two","year":1990,"rating":2,"seen":true,"tags":["y"],"released":null,'
          .. '"contact":"q@example.com","genre":null}' },
      }
      for _, row in ipairs(ROWS) do
        local select = '{"method":"select","values":' .. row[1] .. "}"
        local answer = call("GET", MOVIES .. queries('{"method":"equal","attribute":"$id","values":["q2"]}', select))
        assert.equal('{"total":1,"documents":[' .. row[2] .. "]}", answer.body)
      end
      local one = call("GET", MOVIES .. "/q2" .. queries '{"method":"select","values":["title"]}')
      assert.equal('{"title":"Journey two","$databaseId":"main","$collectionId":"movies"}', one.body)
    end)

    it("pages", function()
      local ASC = '{"method":"orderAsc","attribute":"n"}'
      local ODD = '{"method":"equal","attribute":"g","values":["odd"]}'
      local ROWS = {
        { {}, 120, 0, 25 }, { { '{"method":"limit","values":[100]}' }, 120, 0, 100 },
        { { '{"method":"limit","values":[50]}', '{"method":"offset","values":[110]}', ASC }, 120, 110, 10 },
        { { '{"method":"offset","values":[500]}' }, 120, nil, 0 },
        { { '{"method":"limit","values":[1]}', '{"method":"limit","values":[2]}' }, 120, 0, 1 },
        { { '{"method":"cursorAfter","values":["p009"]}', '{"method":"limit","values":[5]}', ASC }, 120, 10, 5 },
        { { '{"method":"cursorAfter","values":["p009"]}', '{"method":"limit","values":[3]}' }, 120, 10, 3 },
        { { '{"method":"cursorBefore","values":["p009"]}', '{"method":"limit","values":[5]}', ASC }, 120, 4, 5 },
        { { '{"method":"cursorBefore","values":["p003"]}', ASC }, 120, 0, 3 },
        { { '{"method":"cursorAfter","values":["p119"]}', ASC }, 120, nil, 0 },
        { { '{"method":"cursorAfter","values":["p050"]}', ODD, '{"method":"limit","values":[1]}' }, 60, 51, 1 },
        { { '{"method":"cursorAfter","values":["p009"]}', '{"method":"offset","values":[2]}',
          '{"method":"limit","values":[2]}' }, 120, 12, 2 },
        { { '{"method":"cursorAfter","values":["p009"]}', '{"method":"cursorBefore","values":["p019"]}',
          '{"method":"limit","values":[2]}' }, 120, 10, 2 },
        { { '{"method":"cursorAfter","values":["p100"]}', '{"method":"orderDesc","attribute":"n"}' }, 120, 99, 25 },
      }
      for index, row in ipairs(ROWS) do
        local page = expect(200, call("GET", PAGING .. queries(unpack(row[1]))))
        local first = page.documents[1] and page.documents[1].n
        assert.same({ row[2], row[3], row[4] }, { page.total, first, #page.documents }, "row " .. index)
      end
    end)
  end)
end
