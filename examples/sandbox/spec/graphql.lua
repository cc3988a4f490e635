-- luacheck: std max+busted
--- Questions in GraphQL.

local cjson = require "cjson"

local format = string.format

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused, newUser = t.call, t.expect, t.refused, t.newUser
  local SDK = { ["x-sdk-graphql"] = "true" }

  -- As the SDK sends it: a question, or several, in the member `query`.
  local function send(questions, session, path)
    return call("POST", path or "/graphql", { headers = SDK, session = session, body = cjson.encode {
      query = questions,
    } })
  end

  local function ask(text, session, variables, name)
    return send({ query = text, variables = variables, operationName = name }, session)
  end

  -- The data of an answer without errors.
  local function data(answer)
    local result = expect(200, answer)
    assert.is_nil(result.errors, answer.body)
    return result.data
  end

  describe("GraphQL", function()
    it("answers with the members asked for, in their order", function()
      local answer = ask("{ accountGet { email _id status prefs { data } targets { providerType } } "
        .. "localeListContinents { continents { code } total } }", t.ada)
      expect(200, answer)
      assert.equal(format('{"data":{"accountGet":{"email":"%s","_id":"%s","status":true,"prefs":{"data":"{}"},'
        .. '"targets":[{"providerType":"email"}]},"localeListContinents":{"continents":[{"code":"AF"},{"code":"AN"},'
        .. '{"code":"AS"},{"code":"EU"},{"code":"NA"},{"code":"OC"},{"code":"SA"}],"total":7}}}', t.adaEmail,
        t.adaUser["$id"]), answer.body)
      assert.equal("application/json; charset=UTF-8", answer.headers["content-type"])
      assert.is_nil(answer.headers["x-ratelimit-limit"])
    end)

    it("creates, lists, changes and deletes documents", function()
      local created = ask([[mutation($d: Json!) { databasesCreateDocument(databaseId: "main", collectionId: "movies",
        documentId: "byGraph", data: $d) { _id _permissions data } }]], t.ada, {
          d = '{"title":"via gr\195\188n","year":1999,"tags":["a","b"]}',
        })
      local document = data(created).databasesCreateDocument
      assert.same({ "byGraph", 3 }, { document._id, #document._permissions })
      local user = t.adaUser["$id"]
      -- Lists are objects inside of it, and all but ASCII is escaped.
      assert.equal('{"title":"via gr\\u00fcn","year":1999,"tags":{"0":"a","1":"b"},"seen":false,"rating":null,'
        .. '"released":null,"contact":null,"genre":null,"$permissions":' .. format(
          '{"0":"read(\\"user:%s\\")","1":"update(\\"user:%s\\")","2":"delete(\\"user:%s\\")"}}', user, user, user),
        document.data)
      assert.equal("120", created.headers["x-ratelimit-limit"])
      local listed = data(ask([[query Q($db: String!, $q: [String!]) {
        databasesListDocuments(databaseId: $db, collectionId: "movies", queries: $q) { total documents { _id } } }]],
        t.ada, { db = "main", q = { '{"method":"equal","attribute":"$id","values":["byGraph"]}' } }, "Q"))
      assert.same({ total = 1, documents = { { _id = "byGraph" } } }, listed.databasesListDocuments)
      local changed = data(ask([[mutation { databasesUpdateDocument(databaseId: "main", collectionId: "movies",
        documentId: "byGraph", data: "{\"year\":2000}", permissions: []) { _permissions data } }]], t.ada))
      assert.matches('"year":2000', changed.databasesUpdateDocument.data, 1, true)
      assert.same({}, changed.databasesUpdateDocument._permissions)
      local key = call("POST", "/graphql/mutation", { headers = { ["x-appwrite-key"] = "spec-key",
        ["x-sdk-graphql"] = "true" }, body = cjson.encode { query = { query = [[mutation {
          databasesDeleteDocument(databaseId: "main", collectionId: "movies", documentId: "byGraph") { status }
        }]] } } })
      assert.same({ databasesDeleteDocument = { status = true } }, data(key))
    end)

    it("logs in and out, with the headers of the session", function()
      local _, _, email = newUser()
      local login = send({ query = format(
        'mutation { accountCreateEmailPasswordSession(email: "%s", password: "password123") { _id secret } }', email) },
        nil, "/graphql/mutation")
      assert.equal("", data(login).accountCreateEmailPasswordSession.secret)
      assert.equal("10", login.headers["x-ratelimit-limit"])
      local session = login.headers["x-fallback-cookies"]
      assert.equal(email, data(ask("{ accountGet { email } }", session)).accountGet.email)
      local logout = ask('mutation { accountDeleteSession(sessionId: "current") { status } }', session)
      assert.is_true(data(logout).accountDeleteSession.status)
      assert.equal("[]", logout.headers["x-fallback-cookies"])
      assert.matches("a_session_spec=deleted", logout.headers["set-cookie"])
      refused(call("GET", "/account", { session = session }), 401, "general_unauthorized_scope")
    end)

    it("reads all of the language that questions use", function()
      local answer = ask([[
        query First { localeGet { ip } }
        # a comment, and commas that mean nothing
        query Second($yes: Boolean = true, $no: Boolean!,) {
          me: accountGet { ...Who __typename ... on User { status } ... @skip(if: $yes) { phone } }
          accountGet @include(if: $no) { _id }
          again: accountGet { name, name }
        }
        fragment Who on User { email }]], t.ada, { no = false }, "Second")
      assert.same({
        me = { email = t.adaEmail, __typename = "User", status = true }, again = { name = t.adaUser.name },
      }, data(answer))
      local prefs = data(ask('mutation { accountUpdatePrefs(prefs: {a: [1, -2.5, null, {}, true], b: """\n    block\n'
        .. '      "text"\n  """, c: "\\u00fc\\n\\ud83d\\ude00"}) { prefs { data } } }', t.ada))
      assert.equal('{"a":{"0":1,"1":-2.5,"2":null,"3":{},"4":true},"b":"block\\n  \\"text\\"","c":"\\u00fc\\n'
        .. '\\ud83d\\ude00"}', prefs.accountUpdatePrefs.prefs.data)
      data(ask("mutation { accountUpdatePrefs(prefs: {}) { _id } }", t.ada))
    end)

    it("takes a plain body, a URL, and the GraphQL content type", function()
      local QUESTION = "{ localeGet { ip } }"
      local WANTED = '{"data":{"localeGet":{"ip":"127.0.0.1"}}}'
      local ROWS = {
        call("POST", "/graphql", { body = cjson.encode { query = QUESTION } }),
        call("POST", "/graphql/mutation", { body = cjson.encode { query = QUESTION } }),
        call("GET", "/graphql?query=%7B%20localeGet%20%7B%20ip%20%7D%20%7D"),
        call("POST", "/graphql", { body = QUESTION, headers = { ["content-type"] = "application/graphql" } }),
        call("POST", "/graphql", { project = "", body = cjson.encode { query = QUESTION } }),
      }
      for _, answer in ipairs(ROWS) do
        assert.equal(200, answer.status)
        assert.equal(WANTED, answer.body)
        assert.equal("public, max-age=3888000", answer.headers["cache-control"])
      end
    end)

    it("answers several questions with a list, one with an object", function()
      local ONE = { query = "{ localeGet { ip } }" }
      assert.equal('[{"data":{"localeGet":{"ip":"127.0.0.1"}}},{"data":{"localeGet":{"eu":false}}}]',
        send({ ONE, { query = "{ localeGet { eu } }" } }).body)
      assert.equal('{"data":{"localeGet":{"ip":"127.0.0.1"}}}', send({ ONE }).body)
      local plain = call("POST", "/graphql", { body = cjson.encode { ONE, ONE } })
      assert.equal(2, #expect(200, plain))
      local many = {}
      for index = 1, 11 do
        many[index] = ONE
      end
      refused(send(many), 400, "graphql_too_many_queries", "Too many queries.")
    end)

    it("refuses a wrong envelope", function()
      for _, body in ipairs { '{"query":{"query":""}}', '{"query":{}}', '{"query":[]}', '{"query":[{"query":""}]}' } do
        refused(call("POST", "/graphql", { headers = SDK, body = body }), 400, "graphql_no_query",
          'Param "query" is not optional.')
      end
      refused(call("POST", "/graphql", { body = "{}" }), 400, "graphql_no_query")
      refused(call("POST", "/graphql", { headers = SDK, body = '{"query":"{ localeGet { ip } }"}' }), 500,
        "general_unknown", "Server Error")
      refused(call("POST", "/graphql", { body = '{"query":{"query":"{ localeGet { ip } }"}}' }), 500, "general_unknown")
    end)

    it("tells of what fails beside what works, by HTTP 200", function()
      local answer = ask("{ localeGet { ip }\n  mine: accountGet { email } }")
      assert.equal('{"errors":[{"message":"User (role: guests) missing scope (account)",'
        .. '"extensions":{"category":"appwrite"},"locations":[{"line":2,"column":3}],"path":["mine"]}],'
        .. '"data":{"localeGet":{"ip":"127.0.0.1"},"mine":null}}', answer.body)
      assert.equal("no-cache, no-store, must-revalidate", answer.headers["cache-control"])
      local missing = ask([[{ databasesGetDocument(databaseId: "main", collectionId: "movies", documentId: "nope") {
        _id } }]], t.ada)
      assert.equal("Document with the requested ID could not be found.", expect(200, missing).errors[1].message)
      local long = ask(format('mutation { accountUpdateName(name: "%s") { name } }', ("x"):rep(129)), t.ada)
      assert.equal("Invalid `name` param: Value must be a valid string and at least 1 chars and no longer than 128 "
        .. "chars", expect(200, long).errors[1].message)
    end)

    -- The question, its error, and where it is; variables.
    local WRONG = {
      { "{ accountGet { nope } }", 'Cannot query field "nope" on type "User". Did you mean "name"?', 1, 16 },
      { "{ nope }", 'Cannot query field "nope" on type "Query".', 1, 3 },
      { "{ accountgett { _id } }", 'Cannot query field "accountgett" on type "Query". Did you mean "accountGet" '
        .. 'or "accountGetPrefs"?', 1, 3 },
      { "{ accountUpdateName { name } }", 'Cannot query field "accountUpdateName" on type "Query".', 1, 3, "begins" },
      { "{ avatarsGetQR { _id } }", 'Cannot query field "avatarsGetQR" on type "Query".', 1, 3, "begins" },
      { "{ accountGet }", 'Field "accountGet" of type "User" must have a sub selection.', 1, 3 },
      { "{ accountGet { email { x } } }",
        'Field "email" must not have a selection since type "String" has no subfields.', 1, 16 },
      { '{ teamsGet(teamid: "x", teamId: "x") { _id } }',
        'Unknown argument "teamid" on field "teamsGet" of type "Query". Did you mean "teamId"?', 1, 12 },
      { "{ teamsGet { _id } }", 'Field "teamsGet" argument "teamId" of type "String!" is required but not provided.', 1,
        3 },
      { "{ teamsGet(teamId: 5) { _id } }",
        'Field "teamsGet" argument "teamId" requires type String!, found 5.', 1, 20 },
      { "{ teamsGet(teamId: null) { _id } }",
        'Field "teamsGet" argument "teamId" requires type String!, found null.', 1, 20 },
      { "query($x: Int!) { teamsGet(teamId: $x) { _id } }",
        'Variable "$x" of type "Int!" used in position expecting type "String!".', 1, 36, nil, { x = 5 } },
      { "query Q { teamsGet(teamId: $x) { _id } }", 'Variable "$x" is not defined by operation "Q".', 1, 28 },
      { "query($x: String!) { teamsGet(teamId: $x) { _id } }",
        'Variable "$x" of required type "String!" was not provided.', 1, 7 },
      { "query($x: String!) { teamsGet(teamId: $x) { _id } }",
        'Variable "$x" got invalid value 5; Expected type String.', 1, 7, nil, { x = 5 } },
      { "query($x: Strin!) { localeGet { ip } }", 'Unknown type "Strin".', 1, 7, "begins" },
      { "query($x: String) { localeGet { ip } }", 'Variable "$x" is never used.', 1, 7 },
      { "{ localeGet { ...F } }", 'Unknown fragment "F".', 1, 15 },
      { "{ localeGet { ip } } fragment F on User { _id }", 'Fragment "F" is never used.', 1, 22 },
      { "{ localeGet { ...F } } fragment F on Locale { ip ...F }", 'Cannot spread fragment "F" within itself.', 1, 50 },
      { "{ localeGet { ... on User { _id } } }",
        'Fragment cannot be spread here as objects of type "Locale" can never be of type "User".', 1, 15 },
      { "{ localeGet @when(if: true) { ip } }", 'Unknown directive "when".', 1, 13 },
      { "{ localeGet { a: ip a: eu } }", 'Fields "a" conflict because ip and eu are different fields. Use different '
        .. "aliases on the fields to fetch both if this was intentional.", 1, 21 },
      { "{ __schema { queryType { name } } }",
        "GraphQL introspection is not allowed, but the query contained __schema or __type", 1, 3 },
      { "{ localeGet {\n ip", "Syntax Error: Expected Name, found <EOF>", 2, 4 },
      { "{ localeGet { } }", "Syntax Error: Expected Name, found }", 1, 15 },
      { "subscription { x }", 'Syntax Error: Unexpected Name "subscription"', 1, 1 },
      { '{ teamsGet(teamId: "x) }', "Syntax Error: Unterminated string.", 1, 25 },
      { "{ localeGet { ip } } ?", 'Syntax Error: Cannot parse the unexpected character "?".', 1, 22 },
      { "{ teamsGet(teamId: 01) { _id } }", "Syntax Error: Invalid number", 1, 20, "begins" },
      { "query A { localeGet { ip } } query B { localeGet { ip } }",
        "Must provide operation name if query contains multiple operations." },
    }

    for _, row in ipairs(WRONG) do
      it("refuses " .. row[1]:gsub("\n", " "), function()
        local result = expect(200, ask(row[1], t.ada, row[6]))
        local problem = result.errors[1]
        assert.is_nil(result.data)
        assert.same({ category = "graphql" }, problem.extensions)
        if row[5] then
          assert.equal(row[2]:sub(1, -2), problem.message:sub(1, #row[2] - 1))
        else
          assert.equal(row[2], problem.message)
        end
        assert.same(row[3] and { { line = row[3], column = row[4] } }, problem.locations)
      end)
    end

    it("chooses an operation by its name", function()
      local BOTH = "query A { localeGet { ip } } query B { localeGet { eu } }"
      assert.same({ localeGet = { eu = false } }, data(ask(BOTH, nil, nil, "B")))
      assert.equal('Unknown operation named "C".', expect(200, ask(BOTH, nil, nil, "C")).errors[1].message)
    end)
  end)
end
