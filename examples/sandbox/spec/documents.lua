-- luacheck: std max+busted
--- Documents and who may do what with them.

local cjson = require "cjson"

local format = string.format
local DOCUMENTS = "/databases/main/collections/%s/documents"

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused, newUser, create = t.call, t.expect, t.refused, t.newUser, t.create

  describe("documents", function()
    local MOVIES = format(DOCUMENTS, "movies")

    it("come back in the real order of members, new and read", function()
      local answer = create(t.ada, "movies", '{"documentId":"ordered","data":{"year":1999,"title":"\195\156n\195\175"},'
        .. '"permissions":["read(\\"any\\")"]}')
      expect(201, answer)
      assert.matches('^{"year":1999,"title":"\195\156n\195\175","%$id":"ordered",'
        .. '"%$permissions":%["read%(\\"any\\"%)"%],"%$createdAt":"[^"]+","%$updatedAt":"[^"]+","seen":false,'
        .. '"rating":null,"tags":%[%],"released":null,"contact":null,"genre":null,'
        .. '"%$databaseId":"main","%$collectionId":"movies"}$', answer.body)
      assert.equal("120", answer.headers["x-ratelimit-limit"])
      local read = call("GET", MOVIES .. "/ordered")
      assert.matches('^{"title":"\195\156n\195\175","year":1999,"rating":null,"seen":false,"tags":%[%],"released":null,'
        .. '"contact":null,"genre":null,"%$id":"ordered","%$createdAt":"[^"]+","%$updatedAt":"[^"]+",'
        .. '"%$permissions":%["read%(\\"any\\"%)"%],"%$databaseId":"main","%$collectionId":"movies"}$', read.body)
      refused(create(t.ada, "movies", '{"documentId":"ordered","data":{"title":"t"}}'), 409, "document_already_exists")
    end)

    it("give their creator all permissions, or those asked for", function()
      local own = t.adaUser["$id"]
      local all = format('["read(\\"user:%s\\")","update(\\"user:%s\\")","delete(\\"user:%s\\")"]', own, own, own)
      local ROWS = {
        { "", all }, { ',"permissions":null', all }, { ',"permissions":[]', "[]" }, { ',"permissions":{}', "[]" },
        { format(',"permissions":["write(\\"user:%s\\")"]', own),
          format('["update(\\"user:%s\\")","delete(\\"user:%s\\")"]', own, own) },
      }
      for _, row in ipairs(ROWS) do
        local answer = create(t.ada, "movies", '{"documentId":"unique()","data":{"title":"t"}' .. row[1] .. "}")
        expect(201, answer)
        assert.truthy(answer.body:find('"$permissions":' .. row[2], 1, true), answer.body)
      end
    end)

    it("keep values exactly, in UTC where they are dates", function()
      local ROWS = {
        { "types", '"i":9223372036854775807,"il":[9007199254740993,-9223372036854775807,0]',
          '"i":9223372036854775807,"il":[9007199254740993,-9223372036854775807,0]' },
        { "types", '"f":1', '"f":1' }, { "types", '"n":null', '"n":7' }, { "types", '"il":{}', '"il":[]' },
        { "types", '"il":[1,null]', '"il":[1,null]' },
        { "types", '"u":"https://example.com/a?b=c","ip":"::1"', '"u":"https:\\/\\/example.com\\/a?b=c","ip":"::1"' },
        { "movies", '"title":"t","released":"2020-01-02T03:04:05+02:00"',
          '"released":"2020-01-02T01:04:05.000+00:00"' },
        { "movies", '"title":"t","released":"2024-02-29"', '"released":"2024-02-29T00:00:00.000+00:00"' },
        { "movies", '"title":"t","released":"2024-02-29T12:00:00.123456+05:30"',
          '"released":"2024-02-29T06:30:00.123+00:00"' },
        { "movies", '"title":"t","released":"1969-12-31T23:59:59Z"', '"released":"1969-12-31T23:59:59.000+00:00"' },
        { "movies", '"title":"\240\159\152\128"', '"title":"\240\159\152\128"' },
      }
      for _, row in ipairs(ROWS) do
        local made = create(t.ada, row[1], '{"documentId":"unique()","data":{' .. row[2] .. "}}")
        local id = expect(201, made)["$id"]
        local read = call("GET", format(DOCUMENTS, row[1]) .. "/" .. id, { session = t.ada }).body
        assert.truthy(read:find(row[3], 1, true), read)
      end
    end)

    it("take data as JSON in a text", function()
      local made = create(t.ada, "movies", '{"documentId":"unique()","data":"{\\"title\\":\\"inside\\"}"}')
      assert.equal("inside", expect(201, made).title)
    end)

    it("change by parts, and only then their date", function()
      local own = t.adaUser["$id"]
      local path = MOVIES .. "/changing"
      local body = '{"documentId":"changing","data":{"title":"t","rating":8.5,"tags":["a"]}}'
      local made = expect(201, create(t.ada, "movies", body))
      local function change(changes)
        return call("PATCH", path, { body = changes, session = t.ada })
      end
      local first = expect(200, change '{"data":{"rating":null,"tags":null,"year":2001}}')
      assert.same({ cjson.null, {}, 2001, "t" }, { first.rating, first.tags, first.year, first.title })
      local same = expect(200, change '{"data":{"year":2001}}')
      assert.equal(first["$updatedAt"], same["$updatedAt"])
      assert.equal(made["$createdAt"], same["$createdAt"])
      local opened = expect(200, change(format('{"permissions":["read(\\"any\\")","write(\\"user:%s\\")"]}', own)))
      assert.same({ 'read("any")', format('update("user:%s")', own), format('delete("user:%s")', own) },
        opened["$permissions"])
      expect(200, change '{"data":{"$id":"other","$createdAt":"x","year":2002}}')
      for _, nothing in ipairs { "{}", '{"data":{}}', '{"data":[]}' } do
        refused(change(nothing), 400, "document_missing_payload")
      end
      refused(change '{"data":{"title":null}}', 400, "document_invalid_structure")
      refused(change '{"data":{"year":"x"}}', 400, "document_invalid_structure")
    end)

    it("go once, with or without a body", function()
      for index, body in ipairs { "{}", false } do
        local path = MOVIES .. "/gone" .. index
        expect(201, create(t.ada, "movies", format('{"documentId":"gone%d","data":{"title":"t"}}', index)))
        local answer = call("DELETE", path, { session = t.ada, body = body or nil })
        assert.equal(204, answer.status)
        assert.equal("", answer.body)
        refused(call("DELETE", path, { session = t.ada }), 404, "document_not_found")
      end
    end)

    it("are open to those their permissions name", function()
      local bob = newUser()
      local NOTES = format(DOCUMENTS, "notes")
      expect(201, create(t.ada, "notes", '{"documentId":"private","data":{"text":"p"}}'))
      expect(201, create(t.ada, "notes",
        '{"documentId":"shared","data":{"text":"s"},"permissions":["read(\\"users\\")"]}'))
      local ROWS = {
        { "GET", "private", t.ada, 200 }, { "GET", "private", bob, 404 }, { "GET", "private", nil, 404 },
        { "GET", "shared", bob, 200 }, { "GET", "shared", nil, 404 }, { "PATCH", "shared", bob, 401 },
        { "DELETE", "shared", bob, 401 }, { "DELETE", "private", bob, 401 }, { "DELETE", "nope", bob, 404 },
      }
      for index, row in ipairs(ROWS) do
        local body = row[1] == "PATCH" and '{"data":{"text":"x"}}' or nil
        assert.equal(row[4], call(row[1], NOTES .. "/" .. row[2], { session = row[3], body = body }).status, "row "
          .. index)
      end
      assert.equal(2, expect(200, call("GET", NOTES, { session = t.ada })).total)
      assert.equal(1, expect(200, call("GET", NOTES, { session = bob })).total)
      assert.equal(0, expect(200, call("GET", NOTES)).total)
      assert.equal(2, expect(200, call("GET", NOTES, { headers = { ["x-appwrite-key"] = "spec-key" } })).total)
    end)

    it("may be granted to a label one has", function()
      local login = call("POST", "/account/sessions/email", {
        body = '{"email":"labelled@example.com","password":"password123"}',
      })
      local vip = login.headers["x-fallback-cookies"]
      local body = '{"documentId":"vip","data":{"text":"v"},"permissions":["read(\\"label:vip\\")"]}'
      expect(201, create(vip, "notes", body))
      expect(200, call("GET", format(DOCUMENTS, "notes") .. "/vip", { session = vip }))
      refused(create(t.ada, "notes", body), 401, "user_unauthorized")
    end)
  end)
end
