-- The sandbox over HTTP, by a client that has nothing in common with the library: what is expected here was seen from a
-- real 1.5.11 server.

local cjson = require "cjson"
local http = require "socket.http"
local ltn12 = require "ltn12"
local sandbox = require "spec.support.sandbox"

local format = string.format

local PROJECT = [[
local function text(key, size, more)
  local attribute = more or {}
  attribute.key, attribute.type, attribute.size = key, "string", size
  return attribute
end

return {
  id = "spec",
  databases = { { id = "main", collections = {
    { id = "movies", permissions = { 'read("any")', 'create("users")' }, documentSecurity = true,
      fulltext = { "title" }, attributes = {
        text("title", 256, { required = true }), { key = "year", type = "integer", min = 0, max = 3000 },
        { key = "rating", type = "float" }, { key = "seen", type = "boolean", default = false },
        text("tags", 64, { array = true }), { key = "released", type = "datetime" },
        { key = "contact", type = "email" }, { key = "genre", type = "enum", elements = { "action", "drama" } },
      } },
    { id = "notes", permissions = { 'create("users")' }, documentSecurity = true, attributes = { text("text", 100) } },
    { id = "sealed", permissions = { 'create("users")' }, attributes = { text("text", 100) } },
    { id = "types", permissions = { 'write("users")', 'read("any")' }, attributes = {
      { key = "i", type = "integer" }, { key = "il", type = "integer", array = true },
      { key = "n", type = "integer", default = 7 }, { key = "f", type = "float", min = -2, max = 1.5 },
      { key = "u", type = "url" }, { key = "ip", type = "ip" },
    } },
    { id = "paging", permissions = { 'read("any")', 'create("users")' }, attributes = {
      { key = "n", type = "integer" }, text("g", 10),
    } },
  } } },
  buckets = {
    { id = "files", permissions = { 'read("any")', 'create("any")' }, fileSecurity = true },
    { id = "secure", permissions = { 'create("users")' }, fileSecurity = true, maximumFileSize = 1000,
      allowedFileExtensions = { "txt" } },
  },
  keys = { { secret = "spec-key", scopes = { "documents.read", "documents.write", "teams.write" } } },
  users = {
    { id = "blocked", email = "blocked@example.com", password = "password123", status = false },
    { id = "labelled", email = "labelled@example.com", password = "password123", labels = { "vip" } },
  },
  platforms = { "localhost", "game.example" },
}
]]

local server, file

-- A request; `options` has headers, body (text), session (what X-Fallback-Cookies carries), and project.
local function call(method, path, options)
  options = options or {}
  local headers = { ["x-appwrite-project"] = options.project or server.project }
  if options.body then
    headers["content-type"] = "application/json"
    headers["content-length"] = tostring(#options.body)
  end
  headers["x-fallback-cookies"] = options.session
  for name, value in pairs(options.headers or {}) do
    headers[name] = value
  end
  local chunks = {}
  local _, status, answerHeaders = http.request {
    url = (options.endpoint or server.endpoint) .. path, method = method, headers = headers, redirect = false,
    source = options.body and ltn12.source.string(options.body), sink = ltn12.sink.table(chunks),
  }
  local answer = { status = status, headers = answerHeaders, body = table.concat(chunks) }
  if type(answerHeaders) == "table" and (answerHeaders["content-type"] or ""):find("^application/json") then
    answer.json = cjson.decode(answer.body)
  end
  return answer
end

local function expect(status, answer)
  assert.equal(status, answer.status, answer.body)
  return answer.json
end

local function refused(answer, status, kind, message)
  local problem = expect(status, answer)
  assert.equal(kind, problem.type)
  assert.equal(status, problem.code)
  assert.equal("1.5.11", problem.version)
  if message then
    assert.equal(message, problem.message)
  end
end

local count = 0

-- A new user, logged in; returns the session, the user, and his e-mail address.
local function newUser()
  count = count + 1
  local email = format("user%d@example.com", count)
  local body = format('{"userId":"unique()","email":"%s","password":"password123","name":"User %d"}', email, count)
  local user = expect(201, call("POST", "/account", { body = body }))
  local login = call("POST", "/account/sessions/email", {
    body = format('{"email":"%s","password":"password123"}', email),
  })
  expect(201, login)
  return login.headers["x-fallback-cookies"], user, email
end

local function encoded(text)
  return (text:gsub("[^%w]", function(character) return format("%%%02X", character:byte()) end))
end

-- The query string of these queries.
local function queries(...)
  local list = {}
  for index, query in ipairs { ... } do
    list[index] = format("queries%%5B%d%%5D=%s", index - 1, encoded(query))
  end
  return "?" .. table.concat(list, "&")
end

local DOCUMENTS = "/databases/main/collections/%s/documents"

local function create(session, collection, body)
  return call("POST", format(DOCUMENTS, collection), { body = body, session = session })
end

local function multipart(parts)
  local pieces = {}
  for _, part in ipairs(parts) do
    pieces[#pieces + 1] = format('--BOUND\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n', part[1],
      part[3] and format('; filename="%s"', part[3]) or "", part[2])
  end
  return table.concat(pieces) .. "--BOUND--\r\n"
end

local function upload(session, bucket, id, name, bytes, options)
  options = options or {}
  local headers = { ["content-type"] = "multipart/form-data; boundary=BOUND", ["content-range"] = options.range,
    ["x-appwrite-id"] = options.id }
  local parts = { { "fileId", id }, { "file", bytes, name } }
  for _, part in ipairs(options.parts or {}) do
    parts[#parts + 1] = part
  end
  return call("POST", format("/storage/buckets/%s/files", bucket), {
    session = session, headers = headers, body = multipart(parts),
  })
end

describe("the sandbox", function()
  local ada, adaUser, adaEmail

  setup(function()
    file = os.tmpname()
    local handle = assert(io.open(file, "w"))
    handle:write(PROJECT)
    handle:close()
    server = sandbox.start { project = file }
    ada, adaUser, adaEmail = newUser()
  end)

  teardown(function()
    if server then
      server.stop()
    end
    os.remove(file)
  end)

  it("says what it is at /", function()
    local answer = call("GET", "/../")
    assert.equal(200, answer.status)
    assert.matches("sandbox", answer.body)
  end)

  describe("refuses, in the words of the real server,", function()
    local ID = "Parameter must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, period, hyphen, and underscore. "
      .. "Can't start with a special char"
    local UID = "UID must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, and underscore. "
      .. "Can't start with a leading underscore"
    local NAME = "Invalid `name` param: Value must be a valid string and at least 1 chars and no longer than 128 chars"
    local LIST = "Invalid `queries` param: Value must a valid array no longer than 100 items and Value must be a valid "
      .. "string and at least 1 chars and no longer than 4096 chars"
    local ARGUMENT, STRUCTURE = "general_argument_invalid", "document_invalid_structure"
    local MOVIES = format(DOCUMENTS, "movies")

    local function register(id, email, password, more)
      return format('{"userId":%s,"email":%s,"password":%s%s}', id, email, password, more or "")
    end

    -- name, verb, path, body, status, type, message; `user`: with a session
    local ROWS = {
      { "an unknown route", "GET", "/ping", nil, 404, "general_route_not_found",
        "The requested route was not found. Please refer to the API docs and try again." },
      { "a wrong verb", "DELETE", "/locale", nil, 404, "general_route_not_found" },
      { "a guest", "GET", "/account", nil, 401, "general_unauthorized_scope",
        "User (role: guests) missing scope (account)" },
      { "a guest among teams", "GET", "/teams", nil, 401, "general_unauthorized_scope",
        "User (role: guests) missing scope (teams.read)" },
      { "an empty body", "POST", "/account", "{}", 400, ARGUMENT, 'Param "userId" is not optional.' },
      { "broken JSON", "POST", "/account", '{"userId":"unique()","email":', 400, ARGUMENT,
        'Param "userId" is not optional.' },
      { "a list as body", "PATCH", "/account/name", '["a"]', 400, ARGUMENT, 'Param "name" is not optional.', user = true },
      { "a byte order mark", "PATCH", "/account/name", '\239\187\191{"name":"bom"}', 400, ARGUMENT,
        'Param "name" is not optional.', user = true },
      { "bytes that are not UTF-8", "PATCH", "/account/name", '{"name":"\255\254"}', 400, ARGUMENT,
        'Param "name" is not optional.', user = true },
      { "a parameter in the query of a PATCH", "PATCH", "/account/name?name=x", "{}", 400, ARGUMENT,
        'Param "name" is not optional.', user = true },
      { "an id with a space", "POST", "/account", register('"a b"', '"x@example.com"', '"password123"'), 400, ARGUMENT,
        "Invalid `userId` param: " .. ID },
      { "an id that begins with _", "POST", "/account", register('"_a"', '"x@example.com"', '"password123"'), 400, ARGUMENT,
        "Invalid `userId` param: " .. ID },
      { "an id of 37 characters", "POST", "/account",
        register('"' .. ("a"):rep(37) .. '"', '"x@example.com"', '"password123"'), 400, ARGUMENT,
        "Invalid `userId` param: " .. ID },
      { "no e-mail address", "POST", "/account", register('"unique()"', '"nobody"', '"password123"'), 400, ARGUMENT,
        "Invalid `email` param: Value must be a valid email address" },
      { "a null for a required parameter", "POST", "/account", register('"unique()"', "null", '"password123"'), 400,
        ARGUMENT, "Invalid `email` param: Value must be a valid email address" },
      { "a null for an optional one", "POST", "/account",
        register('"unique()"', '"x@example.com"', '"password123"', ',"name":null'), 500, "general_unknown", "Server Error" },
      { "a short password", "POST", "/account", register('"unique()"', '"x@example.com"', '"1234567"'), 400, ARGUMENT,
        "Invalid `password` param: Password must be between 8 and 265 characters long, and should not be one of the "
        .. "commonly used password." },
      { "an empty name", "PATCH", "/account/name", '{"name":""}', 400, ARGUMENT, NAME, user = true },
      { "a name of 129 characters", "PATCH", "/account/name", '{"name":"' .. ("\195\169"):rep(129) .. '"}', 400, ARGUMENT,
        NAME, user = true },
      { "preferences that are a list", "PATCH", "/account/prefs", '{"prefs":["a"]}', 400, ARGUMENT,
        "Invalid `prefs` param: Value must be a valid object.", user = true },
      { "preferences with the keys of a list", "PATCH", "/account/prefs", '{"prefs":{"0":"a","1":"b"}}', 400, ARGUMENT,
        "Invalid `prefs` param: Value must be a valid object.", user = true },
      { "too many preferences", "PATCH", "/account/prefs", '{"prefs":{"a":"' .. ("x"):rep(65536) .. '"}}', 400, ARGUMENT,
        "Invalid `prefs` param: Value must be a valid object.", user = true },
      { "an unknown session", "DELETE", "/account/sessions/nope", "{}", 404, "user_session_not_found",
        "The current user session could not be found.", user = true },
      { "an unknown database", "GET", "/databases/nope/collections/movies/documents", nil, 404, "database_not_found",
        "Database not found" },
      { "an unknown collection", "GET", "/databases/main/collections/nope/documents", nil, 404, "collection_not_found" },
      { "an unknown document", "GET", MOVIES .. "/nope", nil, 404, "document_not_found",
        "Document with the requested ID could not be found." },
      { "a percent-encoded id", "GET", MOVIES .. "/%6dinimal", nil, 400, ARGUMENT, "Invalid `documentId` param: " .. UID },
      { "a document without data", "POST", MOVIES, '{"documentId":"unique()","data":{}}', 400, "document_missing_data", nil,
        user = true },
      { "data that is a text", "POST", MOVIES, '{"documentId":"unique()","data":"x"}', 400, ARGUMENT,
        "Invalid `data` param: Value must be a valid JSON string", user = true },
      { "a document without a required attribute", "POST", MOVIES, '{"documentId":"unique()","data":{"year":1}}', 400,
        STRUCTURE, 'Invalid document structure: Missing required attribute "title"', user = true },
      { "an unknown attribute", "POST", MOVIES, '{"documentId":"unique()","data":{"title":"t","nope":1}}', 400, STRUCTURE,
        'Invalid document structure: Unknown attribute: "nope"', user = true },
      { "5.0 for an integer", "POST", MOVIES, '{"documentId":"unique()","data":{"title":"t","year":5.0}}', 400, STRUCTURE,
        'Invalid document structure: Attribute "year" has invalid format. Value must be a valid integer', user = true },
      { "an integer out of range", "POST", MOVIES, '{"documentId":"unique()","data":{"title":"t","year":3001}}', 400,
        STRUCTURE, 'Invalid document structure: Attribute "year" has invalid format. Value must be a valid range between 0 '
        .. "and 3,000", user = true },
      { "a number for a boolean", "POST", MOVIES, '{"documentId":"unique()","data":{"title":"t","seen":1}}', 400, STRUCTURE,
        'Invalid document structure: Attribute "seen" has invalid type. Value must be a valid boolean', user = true },
      { "a text that is too long", "POST", MOVIES,
        '{"documentId":"unique()","data":{"title":"' .. ("x"):rep(257) .. '"}}', 400, STRUCTURE,
        'Invalid document structure: Attribute "title" has invalid type. Value must be a valid string and no longer than 256 '
        .. "chars", user = true },
      { "a wrong element", "POST", MOVIES, '{"documentId":"unique()","data":{"title":"t","tags":["a",5]}}', 400, STRUCTURE,
        "Invalid document structure: Attribute \"tags['1']\" has invalid type. Value must be a valid string and no longer "
        .. "than 64 chars", user = true },
      { "a scalar for a list", "POST", MOVIES, '{"documentId":"unique()","data":{"title":"t","tags":"a"}}', 400, STRUCTURE,
        'Invalid document structure: Attribute "tags" must be an array', user = true },
      { "no e-mail address in a document", "POST", MOVIES, '{"documentId":"unique()","data":{"title":"t","contact":"x"}}',
        400, STRUCTURE, 'Invalid document structure: Attribute "contact" has invalid format. Value must be a valid email '
        .. "address", user = true },
      { "a value outside an enum", "POST", MOVIES, '{"documentId":"unique()","data":{"title":"t","genre":"horror"}}', 400,
        STRUCTURE, 'Invalid document structure: Attribute "genre" has invalid format. Value must be one of (action, drama)',
        user = true },
      { "$id in the data", "POST", MOVIES, '{"documentId":"unique()","data":{"title":"t","$id":"x"}}', 400, STRUCTURE,
        "$id is not allowed for creating new documents, try update instead", user = true },
      { "an unknown role", "POST", MOVIES, '{"documentId":"unique()","data":{"title":"t"},"permissions":["read(\\"nobody\\")"]}',
        400, ARGUMENT, 'Invalid `permissions` param: Role "nobody" is not allowed. Must be one of: any, guests, users, user, '
        .. "team, member, label.", user = true },
      { "a permission to create", "POST", MOVIES,
        '{"documentId":"unique()","data":{"title":"t"},"permissions":["create(\\"any\\")"]}', 400, ARGUMENT,
        'Invalid `permissions` param: Permission "create("any")" is not allowed. Must be one of: read, update, delete, write.',
        user = true },
      { "permissions in a text", "POST", MOVIES,
        '{"documentId":"unique()","data":{"title":"t"},"permissions":"read(\\"any\\")"}', 400, ARGUMENT,
        "Invalid `permissions` param: Permissions must be an array of strings.", user = true },
      { "a permission for somebody else", "POST", MOVIES,
        '{"documentId":"unique()","data":{"title":"t"},"permissions":["read(\\"user:bob\\")"]}', 401, "user_unauthorized", nil,
        user = true },
      { "a guest where users may create", "POST", MOVIES, '{"documentId":"unique()","data":{"title":"t"}}', 401,
        "user_unauthorized", "The current user is not authorized to perform the requested action." },
      { "a guest in a sealed collection", "GET", format(DOCUMENTS, "sealed"), nil, 401, "user_unauthorized" },
      { "queries without brackets", "GET", MOVIES .. "?queries=x", nil, 400, ARGUMENT, LIST },
      { "an unknown bucket", "GET", "/storage/buckets/nope/files/x", nil, 404, "storage_bucket_not_found",
        "Storage bucket with the requested ID could not be found." },
      { "an unknown file", "GET", "/storage/buckets/files/files/nope", nil, 404, "storage_file_not_found",
        "The requested file could not be found." },
      { "an upload in JSON", "POST", "/storage/buckets/files/files", '{"fileId":"unique()","file":"x"}', 400,
        "storage_file_empty", "Empty file passed to the endpoint." },
      { "an unknown team", "GET", "/teams/nope", nil, 404, "team_not_found", "Team with the requested ID could not be found.",
        user = true },
      { "a team without a name", "POST", "/teams", '{"teamId":"unique()"}', 400, ARGUMENT, 'Param "name" is not optional.',
        user = true },
    }

    for _, row in ipairs(ROWS) do
      it(row[1], function()
        local answer = call(row[2], row[3], { body = row[4], session = row.user and ada or nil })
        refused(answer, row[5], row[6], row[7])
        assert.equal("application/json; charset=UTF-8", answer.headers["content-type"])
        assert.equal("no-cache, no-store, must-revalidate", answer.headers["cache-control"])
      end)
    end

    it("an unknown project on every route", function()
      for _, path in ipairs { "/account", "/locale", "/locale?project=nope", "/teams" } do
        local project = not path:find "project" and "nope" or nil
        refused(call("GET", path, { project = project }), 404, "project_not_found")
      end
    end)

    it("documents without a project, but not an account", function()
      refused(call("GET", MOVIES, { project = "" }), 401, "general_access_forbidden")
      expect(200, call("GET", "/locale", { project = "" }))
      refused(call("GET", "/account", { project = "", session = ada }), 401, "general_unauthorized_scope")
    end)

    it("a body without a content type it reads", function()
      local body = register('"unique()"', '"x@example.com"', '"password123"')
      refused(call("POST", "/account", { body = body, headers = { ["content-type"] = "text/plain" } }), 400, ARGUMENT,
        'Param "userId" is not optional.')
    end)
  end)

  describe("account", function()
    it("registers, with the members in the real order", function()
      local body = '{"userId":"Custom.id-1_x","email":"MiXed@Example.com","password":"password123","colour":"red"}'
      local answer = call("POST", "/account", { body = body })
      local user = expect(201, answer)
      assert.equal("mixed@example.com", user.email)
      assert.matches('^{"%$id":"Custom.id%-1_x","%$createdAt":"%d+%-%d+%-%d+T%d+:%d+:%d+%.%d%d%d%+00:00",', answer.body)
      assert.matches('"prefs":{},"targets":%[{"%$id":"%x+",.*"providerId":null,"providerType":"email"', answer.body)
      assert.equal("10", answer.headers["x-ratelimit-limit"])
      assert.equal("9", answer.headers["x-ratelimit-remaining"])
      assert.is_true(tonumber(answer.headers["x-ratelimit-reset"]) > os.time() - 1)
      refused(call("POST", "/account", { body = body }), 409, "user_already_exists")
      refused(call("POST", "/account", { body = body:gsub("Custom", "Other") }), 409, "user_already_exists")
    end)

    it("takes a form as well as JSON", function()
      local user = expect(201, call("POST", "/account", {
        body = "userId=unique%28%29&email=form%40example.com&password=password123",
        headers = { ["content-type"] = "application/x-www-form-urlencoded" },
      }))
      assert.equal("form@example.com", user.email)
      assert.matches("^%x+$", user["$id"])
      assert.equal(20, #user["$id"])
    end)

    it("logs in with cookies and a fallback header, the secret in neither body", function()
      local answer = call("POST", "/account/sessions/email", {
        body = format('{"email":"%s","password":"password123"}', adaEmail:upper()),
      })
      local session = expect(201, answer)
      assert.equal("", session.secret)
      assert.is_true(session.current)
      assert.same({ "password" }, session.factors)
      local value = answer.headers["x-fallback-cookies"]:match '^{"a_session_spec":"([%w+/\\]+=*)"}$'
      assert.truthy(value)
      local cookies = answer.headers["set-cookie"]
      assert.matches("a_session_spec_legacy=[^;]+; expires=[^;]+; Max%-Age=31536000; path=/; httponly, ", cookies)
      assert.matches("a_session_spec=[^;]+; expires=[^;]+; Max%-Age=31536000; path=/; httponly; samesite=None$", cookies)
    end)

    it("does not tell a wrong password from an unknown address", function()
      for _, email in ipairs { adaEmail, "nobody@example.com" } do
        refused(call("POST", "/account/sessions/email", { body = format('{"email":"%s","password":"wrong-password"}', email) }),
          401, "user_invalid_credentials", "Invalid credentials. Please check the email and password.")
      end
    end)

    it("refuses a login or an anonymous session with a live one, and a blocked user", function()
      local body = format('{"email":"%s","password":"password123"}', adaEmail)
      refused(call("POST", "/account/sessions/email", { body = body, session = ada }), 401, "user_session_already_exists")
      refused(call("POST", "/account/sessions/anonymous", { body = "{}", session = ada }), 401,
        "user_session_already_exists")
      refused(call("POST", "/account/sessions/email", { body = '{"email":"blocked@example.com","password":"password123"}' }),
        401, "user_blocked")
    end)

    it("takes the session from four places, and none that is wrong", function()
      local value = cjson.decode(ada).a_session_spec
      local ROWS = {
        { { ["x-fallback-cookies"] = ada }, 200 },
        { { ["x-appwrite-session"] = value }, 200 },
        { { cookie = "a_session_spec=" .. value }, 200 },
        { { cookie = "other=1; a_session_spec_legacy=" .. value }, 200 },
        { { ["x-appwrite-session"] = "", ["x-fallback-cookies"] = ada }, 200 },
        { { ["x-fallback-cookies"] = "" }, 401 },
        { { ["x-fallback-cookies"] = "[]" }, 401 },
        { { ["x-fallback-cookies"] = "garbage" }, 401 },
        { { ["x-appwrite-session"] = ("5e"):rep(128) }, 401 },
        { { ["x-appwrite-session"] = "eyJpZCI6IngiLCJzZWNyZXQiOiJ5In0=" }, 401 },
        { { cookie = "a_session_other=" .. value }, 401 },
      }
      for index, row in ipairs(ROWS) do
        assert.equal(row[2], call("GET", "/account", { headers = row[1] }).status, "row " .. index)
      end
    end)

    it("keeps preferences exactly", function()
      local ROWS = {
        { "{}", "{}" }, { "[]", "{}" },
        { '{"a":[],"b":{},"c":null,"h":[[],{},null,[1,[2]]]}', '{"a":[],"b":[],"c":null,"h":[[],[],null,[1,[2]]]}' },
        { '{"a":9007199254740993,"b":9223372036854775807,"c":-9223372036854775808,"d":9223372036854775808}',
          '{"a":9007199254740993,"b":9223372036854775807,"c":-9223372036854775808,"d":9.223372036854776e+18}' },
        { '{"a":1.0,"b":0.1,"c":1e3,"d":1e-7,"f":1.7976931348623157e308,"g":3.141592653589793,"i":0.30000000000000004}',
          '{"a":1,"b":0.1,"c":1000,"d":1.0e-7,"f":1.7976931348623157e+308,"g":3.141592653589793,"i":0.30000000000000004}' },
        { '{"h":1e20,"m":-12.5,"s":0.00012}', '{"h":1.0e+20,"m":-12.5,"s":0.00012}' },
        { '{"slash":"a/b","esc":"\\u00e9\\ud83d\\ude00\\n\\t\\u0000","":"empty"}',
          '{"slash":"a\\/b","esc":"\195\169\240\159\152\128\\n\\t\\u0000","":"empty"}' },
        { '{"1":"a","5":"b"}', '{"1":"a","5":"b"}' }, { '{"k":1,"l":0,"k":2}', '{"k":2,"l":0}' },
      }
      local session = newUser()
      for _, row in ipairs(ROWS) do
        local answer = call("PATCH", "/account/prefs", { body = '{"prefs":' .. row[1] .. "}", session = session })
        expect(200, answer)
        assert.truthy(answer.body:find('"prefs":' .. row[2] .. ',"targets"', 1, true), answer.body)
        assert.equal(row[2], call("GET", "/account/prefs", { session = session }).body)
      end
    end)

    it("changes the name", function()
      local session, user = newUser()
      local name = ("\195\169"):rep(128)
      local changed = expect(200, call("PATCH", "/account/name", { body = '{"name":"' .. name .. '"}', session = session }))
      assert.equal(name, changed.name)
      assert.equal(user["$createdAt"], changed["$createdAt"])
    end)

    it("lists, shows and ends sessions, and clears the client's own only when that one ends", function()
      local session, _, email = newUser()
      local body = format('{"email":"%s","password":"password123"}', email)
      local other = expect(201, call("POST", "/account/sessions/email", { body = body }))
      local list = expect(200, call("GET", "/account/sessions", { session = session }))
      assert.equal(2, list.total)
      assert.same({ true, false }, { list.sessions[1].current, list.sessions[2].current })
      local current = expect(200, call("GET", "/account/sessions/current", { session = session }))
      assert.equal(list.sessions[1]["$id"], current["$id"])
      local ended = call("DELETE", "/account/sessions/" .. other["$id"], { body = "{}", session = session })
      assert.equal(204, ended.status)
      assert.equal("", ended.body)
      assert.is_nil(ended.headers["x-fallback-cookies"])
      refused(call("DELETE", "/account/sessions/" .. other["$id"], { session = session }), 404, "user_session_not_found")
      local out = call("DELETE", "/account/sessions/current", { session = session })
      assert.equal(204, out.status)
      assert.equal("[]", out.headers["x-fallback-cookies"])
      assert.matches("a_session_spec=deleted; expires=Thu, 01%-Jan%-1970 00:00:01 GMT; Max%-Age=0", out.headers["set-cookie"])
      refused(call("GET", "/account", { session = session }), 401, "general_unauthorized_scope")
    end)

    it("ends all sessions at once", function()
      local session, _, email = newUser()
      local second = call("POST", "/account/sessions/email", { body = format('{"email":"%s","password":"password123"}', email) })
      local answer = call("DELETE", "/account/sessions", { body = "{}", session = session })
      assert.equal(204, answer.status)
      assert.equal("[]", answer.headers["x-fallback-cookies"])
      for _, dead in ipairs { session, second.headers["x-fallback-cookies"] } do
        assert.equal(401, call("GET", "/account", { session = dead }).status)
      end
    end)

    it("makes anonymous users", function()
      local answer = call("POST", "/account/sessions/anonymous", { body = "{}" })
      assert.equal("anonymous", expect(201, answer).provider)
      assert.equal("50", answer.headers["x-ratelimit-limit"])
      local user = expect(200, call("GET", "/account", { session = answer.headers["x-fallback-cookies"] }))
      assert.same({ "", "", {} }, { user.email, user.passwordUpdate, user.targets })
    end)

    it("makes JWTs that stand for the user but are no session", function()
      local session, user = newUser()
      local jwt = expect(201, call("POST", "/account/jwt", { session = session })).jwt
      local headers = { ["x-appwrite-jwt"] = jwt }
      assert.equal(user["$id"], expect(200, call("GET", "/account", { headers = headers }))["$id"])
      refused(call("GET", "/account/sessions/current", { headers = headers }), 404, "user_session_not_found")
      refused(call("POST", "/account/jwt", { headers = headers }), 404, "user_session_not_found")
      call("DELETE", "/account/sessions/current", { session = session })
      refused(call("GET", "/account", { headers = headers }), 401, "general_unauthorized_scope")
    end)

    it("refuses a bad JWT everywhere, even with a good session", function()
      local jwt = expect(201, call("POST", "/account/jwt", { session = ada })).jwt
      local ROWS = {
        { "garbage", "Incomplete segments" },
        { jwt:gsub("%.[^.]*$", ".AAAA"), "Signature failed" },
        { jwt:gsub("^[^.]*", "eyJhbGciOiJub25lIn0"), "Signature failed" },
        { jwt:gsub("%.[^.]*%.", ".eyJ1c2VySWQiOiJ4In0."), "Signature failed" },
      }
      for _, row in ipairs(ROWS) do
        refused(call("GET", "/locale", { session = ada, headers = { ["x-appwrite-jwt"] = row[1] } }), 401, "user_jwt_invalid",
          "Failed to verify JWT. Invalid token: " .. row[2])
      end
      expect(200, call("GET", "/locale", { headers = { ["x-appwrite-jwt"] = "" } }))
    end)
  end)

  describe("documents", function()
    local MOVIES = format(DOCUMENTS, "movies")

    it("come back in the real order of members, new and read", function()
      local answer = create(ada, "movies", '{"documentId":"ordered","data":{"year":1999,"title":"\195\156n\195\175"},'
        .. '"permissions":["read(\\"any\\")"]}')
      expect(201, answer)
      assert.matches('^{"year":1999,"title":"\195\156n\195\175","%$id":"ordered","%$permissions":%["read%(\\"any\\"%)"%],'
        .. '"%$createdAt":"[^"]+","%$updatedAt":"[^"]+","seen":false,"rating":null,"tags":%[%],"released":null,"contact":null,'
        .. '"genre":null,"%$databaseId":"main","%$collectionId":"movies"}$', answer.body)
      assert.equal("120", answer.headers["x-ratelimit-limit"])
      local read = call("GET", MOVIES .. "/ordered")
      assert.matches('^{"title":"\195\156n\195\175","year":1999,"rating":null,"seen":false,"tags":%[%],"released":null,'
        .. '"contact":null,"genre":null,"%$id":"ordered","%$createdAt":"[^"]+","%$updatedAt":"[^"]+",'
        .. '"%$permissions":%["read%(\\"any\\"%)"%],"%$databaseId":"main","%$collectionId":"movies"}$', read.body)
      refused(create(ada, "movies", '{"documentId":"ordered","data":{"title":"t"}}'), 409, "document_already_exists")
    end)

    it("give their creator all permissions, or those asked for", function()
      local own = adaUser["$id"]
      local all = format('["read(\\"user:%s\\")","update(\\"user:%s\\")","delete(\\"user:%s\\")"]', own, own, own)
      local ROWS = {
        { "", all }, { ',"permissions":null', all }, { ',"permissions":[]', "[]" }, { ',"permissions":{}', "[]" },
        { format(',"permissions":["write(\\"user:%s\\")"]', own),
          format('["update(\\"user:%s\\")","delete(\\"user:%s\\")"]', own, own) },
      }
      for _, row in ipairs(ROWS) do
        local answer = create(ada, "movies", '{"documentId":"unique()","data":{"title":"t"}' .. row[1] .. "}")
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
        { "movies", '"title":"t","released":"2020-01-02T03:04:05+02:00"', '"released":"2020-01-02T01:04:05.000+00:00"' },
        { "movies", '"title":"t","released":"2024-02-29"', '"released":"2024-02-29T00:00:00.000+00:00"' },
        { "movies", '"title":"t","released":"2024-02-29T12:00:00.123456+05:30"', '"released":"2024-02-29T06:30:00.123+00:00"' },
        { "movies", '"title":"t","released":"1969-12-31T23:59:59Z"', '"released":"1969-12-31T23:59:59.000+00:00"' },
        { "movies", '"title":"\240\159\152\128"', '"title":"\240\159\152\128"' },
      }
      for _, row in ipairs(ROWS) do
        local made = create(ada, row[1], '{"documentId":"unique()","data":{' .. row[2] .. "}}")
        local id = expect(201, made)["$id"]
        local read = call("GET", format(DOCUMENTS, row[1]) .. "/" .. id, { session = ada }).body
        assert.truthy(read:find(row[3], 1, true), read)
      end
    end)

    it("take data as JSON in a text", function()
      local made = create(ada, "movies", '{"documentId":"unique()","data":"{\\"title\\":\\"inside\\"}"}')
      assert.equal("inside", expect(201, made).title)
    end)

    it("change by parts, and only then their date", function()
      local own = adaUser["$id"]
      local path = MOVIES .. "/changing"
      local made = expect(201, create(ada, "movies", '{"documentId":"changing","data":{"title":"t","rating":8.5,"tags":["a"]}}'))
      local function change(body)
        return call("PATCH", path, { body = body, session = ada })
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
      for _, body in ipairs { "{}", '{"data":{}}', '{"data":[]}' } do
        refused(change(body), 400, "document_missing_payload")
      end
      refused(change '{"data":{"title":null}}', 400, "document_invalid_structure")
      refused(change '{"data":{"year":"x"}}', 400, "document_invalid_structure")
    end)

    it("go once, with or without a body", function()
      for index, body in ipairs { "{}", false } do
        local path = MOVIES .. "/gone" .. index
        expect(201, create(ada, "movies", format('{"documentId":"gone%d","data":{"title":"t"}}', index)))
        local answer = call("DELETE", path, { session = ada, body = body or nil })
        assert.equal(204, answer.status)
        assert.equal("", answer.body)
        refused(call("DELETE", path, { session = ada }), 404, "document_not_found")
      end
    end)

    it("are open to those their permissions name", function()
      local bob = newUser()
      local NOTES = format(DOCUMENTS, "notes")
      expect(201, create(ada, "notes", '{"documentId":"private","data":{"text":"p"}}'))
      expect(201, create(ada, "notes", '{"documentId":"shared","data":{"text":"s"},"permissions":["read(\\"users\\")"]}'))
      local ROWS = {
        { "GET", "private", ada, 200 }, { "GET", "private", bob, 404 }, { "GET", "private", nil, 404 },
        { "GET", "shared", bob, 200 }, { "GET", "shared", nil, 404 }, { "PATCH", "shared", bob, 401 },
        { "DELETE", "shared", bob, 401 }, { "DELETE", "private", bob, 401 }, { "DELETE", "nope", bob, 404 },
      }
      for index, row in ipairs(ROWS) do
        local body = row[1] == "PATCH" and '{"data":{"text":"x"}}' or nil
        assert.equal(row[4], call(row[1], NOTES .. "/" .. row[2], { session = row[3], body = body }).status, "row " .. index)
      end
      assert.equal(2, expect(200, call("GET", NOTES, { session = ada })).total)
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
      refused(create(ada, "notes", body), 401, "user_unauthorized")
    end)
  end)

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
        expect(201, create(ada, "movies", format('{"documentId":"q%d","data":{%s,"contact":"q@example.com"}}', index, film)))
      end
      for index = 0, 119 do
        expect(201, create(ada, "paging", format('{"documentId":"p%03d","data":{"n":%d,"g":"%s"}}', index, index,
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
      { '{"method":"and","values":[{"method":"greaterThan","attribute":"year","values":[1980]},{"method":"or","values":['
        .. '{"method":"equal","attribute":"year","values":[1980]},{"method":"equal","attribute":"year","values":[1990]}]}]}',
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
        local page = expect(200, call("GET", MOVIES .. queries(MINE, row[1]), { session = ada }))
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
      { '{"method":"equal","attribute":"title","values":["' .. ("x"):rep(4200) .. '"]}', 400, "general_argument_invalid" },
    }

    for _, row in ipairs(BAD) do
      it("refuses " .. row[1]:sub(1, 80), function()
        refused(call("GET", MOVIES .. queries(row[1]), { session = ada }), row[2], row[3], row[4])
      end)
    end

    it("takes a hundred queries and no more", function()
      local list = {}
      for index = 1, 101 do
        list[index] = '{"method":"isNotNull","attribute":"year"}'
      end
      refused(call("GET", MOVIES .. queries(unpack and unpack(list) or table.unpack(list))), 400, "general_argument_invalid")
      list[101] = nil
      expect(200, call("GET", MOVIES .. queries(unpack and unpack(list) or table.unpack(list))))
    end)

    it("compares 64-bit integers exactly", function()
      expect(201, create(ada, "types", '{"documentId":"big","data":{"i":9223372036854775807}}'))
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
        local page = expect(200, call("GET", PAGING .. queries(unpack and unpack(row[1]) or table.unpack(row[1]))))
        local first = page.documents[1] and page.documents[1].n
        assert.same({ row[2], row[3], row[4] }, { page.total, first, #page.documents }, "row " .. index)
      end
    end)
  end)

  describe("storage", function()
    local FILES = "/storage/buckets/files/files"

    it("takes a file in one piece", function()
      local answer = upload(nil, "files", "unique()", "hello.txt", "hello world\n")
      expect(201, answer)
      assert.matches('^{"%$id":"%x+","bucketId":"files","%$createdAt":"[^"]+","%$updatedAt":"[^"]+","%$permissions":%[%],'
        .. '"name":"hello.txt","signature":"6f5902ac237024bdd0c176cb93063dc4","mimeType":"text\\/plain","sizeOriginal":12,'
        .. '"chunksTotal":1,"chunksUploaded":1}$', answer.body)
      assert.equal("60", answer.headers["x-ratelimit-limit"])
    end)

    it("sniffs the type, gives the creator permissions, and takes those sent in brackets", function()
      local png = upload(ada, "files", "pic", "x.txt", "\137PNG\r\n\26\n" .. ("\0"):rep(100))
      assert.equal("image/png", expect(201, png).mimeType)
      assert.equal(3, #png.json["$permissions"])
      local ROWS = {
        { { { "permissions[]", 'read("any")' }, { "permissions[]", 'update("users")' } }, { 'read("any")', 'update("users")' } },
        { { { "permissions[0]", 'read("any")' }, { "permissions[0]", 'update("users")' } }, { 'update("users")' } },
      }
      for _, row in ipairs(ROWS) do
        assert.same(row[2], expect(201, upload(ada, "files", "unique()", "a.txt", "x", { parts = row[1] }))["$permissions"])
      end
      refused(upload(ada, "files", "unique()", "a.txt", "x", { parts = { { "permissions", 'read("any")' } } }), 400,
        "general_argument_invalid", "Invalid `permissions` param: Permissions must be an array of strings.")
      refused(upload(ada, "files", "pic", "x.txt", "x"), 409, "storage_file_already_exists")
    end)

    it("keeps to a bucket's size and extensions", function()
      expect(201, upload(ada, "secure", "unique()", "A.TXT", "x"))
      refused(upload(ada, "secure", "unique()", "a.exe", "x"), 400, "storage_file_type_unsupported")
      refused(upload(ada, "secure", "unique()", "a.txt", ("x"):rep(1001)), 400, "storage_invalid_file_size")
      refused(upload(nil, "secure", "unique()", "a.txt", "x"), 401, "user_unauthorized")
    end)

    it("gives back the same bytes, whole and in ranges", function()
      local bytes = {}
      for index = 0, 999 do
        bytes[#bytes + 1] = string.char(index % 256)
      end
      bytes = table.concat(bytes)
      expect(201, upload(ada, "files", "small", 'sm%22all".bin', bytes))
      local whole = call("GET", FILES .. "/small/download")
      assert.equal(200, whole.status)
      assert.equal(bytes, whole.body)
      assert.equal('attachment; filename="sm"all"', whole.headers["content-disposition"])
      assert.is_nil(whole.headers["content-length"])
      assert.is_nil(whole.headers["accept-ranges"])
      local ROWS = {
        { "bytes=0-99", 0, 99 }, { "bytes=100-149", 100, 149 }, { "bytes=990-", 990, 999 },
        { "bytes=990-2000" }, { "bytes=2000-3000" }, { "bytes=-5" }, { "bytes=0-1,5-6" }, { "items=0-9" },
      }
      for _, row in ipairs(ROWS) do
        local part = call("GET", FILES .. "/small/download", { headers = { range = row[1] } })
        if row[2] then
          assert.equal(206, part.status)
          assert.equal(bytes:sub(row[2] + 1, row[3] + 1), part.body)
          assert.equal(format("bytes %d-%d/1000", row[2], row[3]), part.headers["content-range"])
        else
          refused(part, 416, "storage_invalid_range")
        end
      end
      local head = call("HEAD", FILES .. "/small/download")
      assert.same({ 200, "" }, { head.status, head.body })
    end)

    it("shows a file without letting a browser run it", function()
      expect(201, upload(ada, "files", "page", "page.html", "<html><script>1</script></html>"))
      local view = call("GET", FILES .. "/page/view")
      assert.equal("text/plain", view.headers["content-type"])
      assert.equal('inline; filename="page.html"', view.headers["content-disposition"])
      assert.equal("31", view.headers["content-length"])
      assert.equal("image/png", call("GET", FILES .. "/pic/view").headers["content-type"])
    end)

    it("keeps an empty file", function()
      assert.equal("application/x-empty", expect(201, upload(ada, "files", "empty", "e.txt", "")).mimeType)
      local empty = call("GET", FILES .. "/empty/download")
      assert.same({ 200, "", "0" }, { empty.status, empty.body, empty.headers["content-length"] })
    end)

    it("puts chunks of 5 MiB together", function()
      local CHUNK = 5242880
      local total = 2 * CHUNK + 7
      local pieces = { ("a"):rep(CHUNK), ("b"):rep(CHUNK), "cccccc\n" }
      local id
      for index, piece in ipairs(pieces) do
        local first = (index - 1) * CHUNK
        local answer = upload(ada, "files", "unique()", "big.txt", piece,
          { range = format("bytes %d-%d/%d", first, first + #piece - 1, total), id = id })
        local file = expect(201, answer)
        id = id or file["$id"]
        assert.same({ id, index, 3, total }, { file["$id"], file.chunksUploaded, file.chunksTotal, file.sizeOriginal })
        assert.equal(index == 3 and "text/plain" or "", file.mimeType)
        if index == 1 then
          refused(call("GET", FILES .. "/" .. id .. "/download"), 404, "storage_file_not_found",
            "File not found in /storage/uploads/app-spec/files/" .. id .. ".txt")
          assert.equal(1, expect(200, call("GET", FILES .. "/" .. id)).chunksUploaded)
        end
      end
      assert.is_true(table.concat(pieces) == call("GET", FILES .. "/" .. id .. "/download").body)
      refused(upload(ada, "files", "unique()", "big.txt", pieces[3],
        { range = format("bytes %d-%d/%d", 2 * CHUNK, total - 1, total), id = id }), 409, "storage_file_already_exists")
      local open = call("GET", FILES .. "/" .. id .. "/download", { headers = { range = "bytes=1-" } })
      assert.equal(format("bytes 1-%d/%d", total - 8 + 1, total), open.headers["content-range"])
    end)

    -- Chunks of 100 bytes of 250: the range, and the answer's status and count.
    local COUNTING = {
      { "in order", { { 0, 99, 201, 1 }, { 100, 199, 201, 2 }, { 200, 249, 201, 3, true } } },
      { "with the last before the middle", { { 0, 99, 201, 1 }, { 200, 249, 201, 2 }, { 100, 199, 201, 3, true } } },
      { "with one sent twice, which ruins it",
        { { 0, 99, 201, 1 }, { 0, 99, 201, 2 }, { 100, 199, 500 }, { 100, 199, 201, 4 }, { 200, 249, 201, 5 } } },
      { "with the last first, which is refused but counts", { { 200, 249, 400 }, { 0, 99, 201, 2 } } },
    }

    for index, row in ipairs(COUNTING) do
      it("counts chunks " .. row[1], function()
        local id = "count" .. index
        local body = ("0123456789"):rep(25)
        for step, chunk in ipairs(row[2]) do
          local answer = upload(ada, "files", id, "c.txt", body:sub(chunk[1] + 1, chunk[2] + 1),
            { range = format("bytes %d-%d/250", chunk[1], chunk[2]), id = step > 1 and id or nil })
          local file = expect(chunk[3], answer)
          assert.equal(chunk[4], file.chunksUploaded, "step " .. step)
          assert.equal(chunk[5] and "text/plain" or chunk[4] and "" or nil, file.mimeType)
        end
        local download = call("GET", FILES .. "/" .. id .. "/download")
        if index <= 2 then
          assert.equal(body, download.body)
        elseif index == 3 then
          assert.same({ 200, body:sub(1, 200) }, { download.status, download.body })
        else
          assert.equal(404, download.status)
        end
      end)
    end

    it("refuses bad ranges and ids", function()
      local ROWS = {
        { "garbage", nil, "storage_invalid_content_range" }, { "bytes 0-99", nil, "storage_invalid_content_range" },
        { "bytes 50-10/100", nil, "storage_invalid_content_range" }, { "bytes 0-0/1", nil, "document_invalid_structure" },
        { "bytes 0-99/300", "bad id!", "storage_invalid_appwrite_id" }, { "bytes 0-99/300", "", "storage_invalid_appwrite_id" },
      }
      for _, row in ipairs(ROWS) do
        refused(upload(ada, "files", "unique()", "r.bin", "x", { range = row[1], id = row[2] }), 400, row[3])
      end
    end)

    it("lists, finds and searches", function()
      local bob = newUser()
      for index, name in ipairs { "needle one.txt", "needle two.txt" } do
        expect(201, upload(bob, "files", "n" .. index, name, ("x"):rep(index * 10)))
      end
      local ROWS = {
        { "?search=NEEDLE", "n1 n2" },
        { queries '{"method":"equal","attribute":"name","values":["needle two.txt"]}', "n2" },
        { queries('{"method":"greaterThan","attribute":"sizeOriginal","values":[9]}',
          '{"method":"orderDesc","attribute":"sizeOriginal"}') .. "&search=needle", "n2 n1" },
        { queries('{"method":"cursorAfter","values":["n1"]}', '{"method":"limit","values":[1]}'), "n2" },
      }
      for _, row in ipairs(ROWS) do
        local ids = {}
        for index, entry in ipairs(expect(200, call("GET", FILES .. row[1])).files) do
          ids[index] = entry["$id"]
        end
        assert.equal(row[2], table.concat(ids, " "))
      end
      refused(call("GET", FILES .. queries '{"method":"equal","attribute":"nope","values":["x"]}'), 400,
        "general_argument_invalid", "Invalid `queries` param: Invalid query: Attribute not found in schema: nope")
      refused(call("GET", FILES .. queries '{"method":"select","values":["name"]}'), 400, "general_argument_invalid")
    end)

    it("hides, changes and deletes as permissions say", function()
      local bob = newUser()
      expect(201, upload(ada, "secure", "mine", "a.txt", "x"))
      local path = "/storage/buckets/secure/files/mine"
      refused(call("GET", path, { session = bob }), 404, "storage_file_not_found")
      refused(call("GET", path .. "/download"), 404, "storage_file_not_found")
      assert.equal(0, expect(200, call("GET", "/storage/buckets/secure/files", { session = bob })).total)
      refused(call("DELETE", path, { session = bob }), 401, "user_unauthorized")
      refused(call("PUT", path, { session = bob, body = '{"name":"x"}' }), 401, "user_unauthorized")
      local before = expect(200, call("GET", path, { session = ada }))
      local same = expect(200, call("PUT", path, { session = ada, body = "{}" }))
      assert.same(before, same)
      assert.equal("b.txt", expect(200, call("PUT", path, { session = ada, body = '{"name":"b.txt"}' })).name)
      assert.equal(204, call("DELETE", path, { session = ada, body = "{}" }).status)
      refused(call("DELETE", path, { session = ada }), 404, "storage_file_not_found")
    end)
  end)

  describe("teams", function()
    it("are made, read, renamed and removed by their owner", function()
      local session = newUser()
      local function ask(verb, path, body)
        return call(verb, "/teams" .. path, { session = session, body = body })
      end
      local made = ask("POST", "", '{"teamId":"team1","name":"Team \195\156n\195\175"}')
      expect(201, made)
      assert.matches('^{"%$id":"team1",.*"name":"Team \195\156n\195\175","total":1,"prefs":{}}$', made.body)
      refused(ask("POST", "", '{"teamId":"team1","name":"x"}'), 409, "team_already_exists")
      expect(201, ask("POST", "", '{"teamId":"unique()","name":"Team B","roles":["editor"]}'))
      assert.equal(2, expect(200, ask("GET", "")).total)
      assert.equal("Team B", expect(200, ask("GET", "?search=team%20b")).teams[1].name)
      assert.equal("One", expect(200, ask("PUT", "/team1", '{"name":"One"}')).name)
      assert.equal("{}", ask("GET", "/team1/prefs").body)
      assert.equal('{"a":1,"n":{"x":[],"y":[]}}', ask("PUT", "/team1/prefs", '{"prefs":{"a":1,"n":{"x":[],"y":{}}}}').body)
      assert.equal('{"a":1,"n":{"x":[],"y":[]}}', ask("GET", "/team1/prefs").body)
      assert.equal(204, ask("DELETE", "/team1", "{}").status)
      refused(ask("DELETE", "/team1", "{}"), 404, "team_not_found")
      assert.equal(1, expect(200, ask("GET", "")).total)
    end)

    it("are hidden from strangers, and make roles for their members", function()
      local owner, bob = newUser(), newUser()
      expect(201, call("POST", "/teams", { session = owner, body = '{"teamId":"closed","name":"Closed"}' }))
      for _, row in ipairs { { "GET", "" }, { "PUT", "", '{"name":"x"}' }, { "GET", "/prefs" }, { "DELETE", "" } } do
        refused(call(row[1], "/teams/closed" .. row[2], { session = bob, body = row[3] }), 404, "team_not_found")
      end
      local body = '{"documentId":"unique()","data":{"text":"t"},"permissions":["read(\\"team:closed/owner\\")"]}'
      local document = expect(201, create(owner, "notes", body))
      expect(200, call("GET", format(DOCUMENTS, "notes") .. "/" .. document["$id"], { session = owner }))
      refused(create(bob, "notes", body), 401, "user_unauthorized")
    end)
  end)

  describe("locale", function()
    it("knows where the caller is as little as a server on a loopback address", function()
      local answer = call("GET", "/locale")
      assert.equal('{"ip":"127.0.0.1","countryCode":"--","country":"Unknown","continentCode":"--","continent":"Unknown",'
        .. '"eu":false,"currency":""}', answer.body)
      assert.equal("public, max-age=3888000", answer.headers["cache-control"])
    end)

    local LISTS = {
      { "/locale/countries", "countries", 200, '{"name":"Germany","code":"DE"}' },
      { "/locale/countries/eu", "countries", 27, '{"name":"Sweden","code":"SE"}' },
      { "/locale/countries/phones", "phones", 100, '{"code":"+43","countryCode":"AT","countryName":"Austria"}' },
      { "/locale/continents", "continents", 7, '{"name":"South America","code":"SA"}' },
      { "/locale/languages", "languages", 150, '{"name":"German","code":"de","nativeName":"Deutsch"}' },
      { "/locale/currencies", "currencies", 80, '{"symbol":"\226\130\172","name":"Euro","symbolNative":"\226\130\172",'
        .. '"decimalDigits":2,"rounding":0,"code":"EUR","namePlural":"Euro"}' },
      { "/locale/codes", "localeCodes", 100, '{"code":"de-at","name":"German (Austria)"}' },
    }

    for _, row in ipairs(LISTS) do
      it("lists " .. row[1], function()
        local answer = call("GET", row[1])
        local list = expect(200, answer)
        assert.equal(list.total, #list[row[2]])
        assert.is_true(list.total >= row[3], "only " .. list.total)
        assert.truthy(answer.body:find(row[4], 1, true), answer.body)
      end)
    end

    it("translates names of countries for an exact code", function()
      local ROWS = {
        { "?locale=de", nil, "Schweden" }, { "", "de", "Schweden" }, { "", "pt-br", "Su\195\169cia" },
        { "", "pt-BR", "Sweden" }, { "", "../de", "Sweden" }, { "", nil, "Sweden" },
      }
      for _, row in ipairs(ROWS) do
        local answer = call("GET", "/locale/countries/eu" .. row[1], { headers = { ["x-appwrite-locale"] = row[2] } })
        assert.truthy(answer.body:find('{"name":"' .. row[3] .. '","code":"SE"}', 1, true), answer.body)
      end
    end)
  end)

  describe("around the operations", function()
    it("knows all 95 of them and says which it does not do yet", function()
      local DONE = { account = 12, databases = 5, locale = 8, storage = 7, teams = 7 }
      local routes = dofile "examples/sandbox/server/routes.lua"
      local session = newUser()
      local names, undone = {}, {}
      for _, row in ipairs(routes) do
        local verb, path, name = row[1], row[2]:gsub("{%w+}", "x"), row[3]
        names[name] = true
        -- A session that ends would make the rest fail, and so would a user who is blocked.
        local ends = name == "account.removeSessions" or name == "account.blockUserStatus"
        local answer = call(verb, path, { session = ends and newUser() or session, body = verb ~= "GET" and "{}" or nil })
        assert.not_equal("general_route_not_found", answer.json and answer.json.type, name)
        if answer.status == 501 then
          undone[#undone + 1] = name
          refused(answer, 501, "general_not_implemented", "The sandbox does not do " .. name .. " yet.")
        end
      end
      local total, done = 0, 0
      for _ in pairs(names) do
        total = total + 1
      end
      for _, number in pairs(DONE) do
        done = done + number
      end
      assert.equal(95, total)
      assert.equal(95 - done, #undone)
    end)

    it("obeys a key: no permissions, but its scopes", function()
      local key = { ["x-appwrite-key"] = "spec-key" }
      local body = '{"documentId":"byKey","data":{"text":"k"},"permissions":["read(\\"user:anybody\\")"]}'
      local document = expect(201, call("POST", format(DOCUMENTS, "notes"), { headers = key, body = body }))
      assert.same({ 'read("user:anybody")' }, document["$permissions"])
      expect(200, call("GET", format(DOCUMENTS, "sealed"), { headers = key }))
      refused(call("GET", "/account", { headers = key }), 401, "general_unauthorized_scope",
        "app.spec@service.127.0.0.1 (role: applications) missing scope (account)")
      refused(call("GET", "/account", { headers = key, session = ada }), 403, "user_api_key_and_session_set")
      refused(call("GET", "/account", { headers = { ["x-appwrite-key"] = "nope" } }), 401, "general_unauthorized_scope",
        "User (role: guests) missing scope (account)")
    end)

    it("checks the Origin of changes", function()
      local ROWS = {
        { "http://evil.example", 403, "http://localhost" }, { "http://game.example:8080", 201, "http://game.example:8080" },
        { "null", 201, "http://localhost" },
      }
      for _, row in ipairs(ROWS) do
        local answer = call("POST", "/account/sessions/anonymous", { body = "{}", headers = { origin = row[1] } })
        assert.equal(row[2], answer.status)
        assert.equal(row[3], answer.headers["access-control-allow-origin"])
        assert.equal(200, call("GET", "/locale", { headers = { origin = row[1] } }).status)
      end
      local preflight = call("OPTIONS", "/account", { headers = { origin = "http://localhost" } })
      assert.equal(204, preflight.status)
      assert.matches("X%-Appwrite%-Session, X%-Fallback%-Cookies", preflight.headers["access-control-allow-headers"])
    end)

    it("warns a client that is newer, and tolerates extra slashes", function()
      local newer = call("GET", "/locale", { headers = { ["x-appwrite-response-format"] = "1.6.0" } })
      assert.matches("built for Appwrite 1%.6%.0", newer.headers["x-appwrite-warning"])
      local same = call("GET", "/locale", { headers = { ["x-appwrite-response-format"] = "1.5.0" } })
      assert.is_nil(same.headers["x-appwrite-warning"])
      expect(200, call("GET", "//account/", { session = ada }))
      assert.equal(120, expect(200, call("GET", format(DOCUMENTS, "paging") .. "/")).total)
    end)

    it("compresses JSON on request", function()
      local answer = call("GET", "/locale/countries", { headers = { ["accept-encoding"] = "gzip" } })
      assert.equal("gzip", answer.headers["content-encoding"])
      assert.equal("\31\139", answer.body:sub(1, 2))
    end)
  end)
end)

describe("a sandbox with other settings", function()
  local path, other

  setup(function()
    path = os.tmpname()
    local handle = assert(io.open(path, "w"))
    handle:write 'return { id = "strict", jwtSeconds = -1, rateLimits = true, keys = { { secret = "k", scopes = '
    handle:write '{ "sessions.write" } } } }'
    handle:close()
    other = sandbox.start { project = path }
  end)

  teardown(function()
    other.stop()
    os.remove(path)
  end)

  local function ask(verb, target, options)
    options.endpoint, options.project = other.endpoint, other.project
    return call(verb, target, options)
  end

  it("enforces the life of a JWT", function()
    local session = ask("POST", "/account/sessions/anonymous", { body = "{}" }).headers["x-fallback-cookies"]
    local jwt = expect(201, ask("POST", "/account/jwt", { session = session })).jwt
    refused(ask("GET", "/account", { session = session, headers = { ["x-appwrite-jwt"] = jwt } }), 401, "user_jwt_invalid",
      "Failed to verify JWT. Invalid token: Expired")
  end)

  it("limits logins by e-mail address, except by key", function()
    local function login(email, headers)
      return ask("POST", "/account/sessions/email", {
        body = format('{"email":"%s","password":"password123"}', email), headers = headers,
      })
    end
    for attempt = 1, 10 do
      local answer = login "limited@example.com"
      assert.equal(401, answer.status)
      assert.equal(tostring(10 - attempt), answer.headers["x-ratelimit-remaining"])
    end
    local refusal = login "limited@example.com"
    refused(refusal, 429, "general_rate_limit_exceeded")
    assert.equal("0", refusal.headers["x-ratelimit-remaining"])
    refused(login "other@example.com", 401, "user_invalid_credentials")
  end)
end)

describe("the script", function()
  local script, quote, shell = sandbox.quote(sandbox.SCRIPT), sandbox.quote, sandbox.shell

  it("runs a command with endpoint and project, and exits as it did", function()
    local output, status = shell(script .. [[ run -- sh -c 'echo "$APPWRITE_ENDPOINT $APPWRITE_PROJECT"; exit 7']])
    assert.equal(7, status)
    assert.matches("^http://127%.0%.0%.1:%d+/v1 sandbox\n", output)
    local endpoint = output:match "%S+"
    local _, problem = http.request(endpoint)
    assert.equal("connection refused", problem)
  end)

  it("works in and from directories with spaces, and leaves a temporary one behind nowhere", function()
    local output, status = shell(format([[
      set -e
      base=$(mktemp -d)
      mkdir "$base/a b" "$base/tmp"
      cp -r %s/examples/sandbox "$base/a b/sand box"
      cd /
      TMPDIR=$base/tmp "$base/a b/sand box/sandbox" run --dir "$base/a b/run dir" -- true
      ls "$base/a b/run dir"
      TMPDIR=$base/tmp "$base/a b/sand box/sandbox" run -- true
      ls -A "$base/tmp"
      rm -rf "$base"]], "$PWD"))
    assert.equal(0, status, output)
    assert.matches("access.log", output)
    assert.not_matches("alive", output)
    assert.not_matches("sandbox%.%w+", output)
  end)

  it("stops on a signal", function()
    local output = shell(script .. " run & sleep_pid=$!; read -r line <&0; kill -TERM $sleep_pid; wait $sleep_pid")
    assert.is_string(output)
  end)

  it("tells what is wrong", function()
    local bad = os.tmpname()
    local handle = assert(io.open(bad, "w"))
    handle:write 'return { id = "x", databasis = {} }'
    handle:close()
    local ROWS = {
      { "", 2, "nothing to do" }, { "fly", 2, "unknown command fly" }, { "start --frob", 2, "unknown option %-%-frob" },
      { "start --port x", 2, "%-%-port needs a number, got x" }, { "stop", 2, "stop needs %-%-dir" },
      { "stop --dir /nonexistent", 1, "there is no run directory /nonexistent" },
      { "start --project /nonexistent", 1, "there is no start%-up file /nonexistent" },
      { "start --project " .. quote(bad), 1, 'start%-up file: project knows no "databasis"; there are buckets, databases' },
      { "start --listen 203.0.113.1", 1, "Cannot assign requested address" },
      { "start --port 70000", 1, "invalid port" },
    }
    for _, row in ipairs(ROWS) do
      local output, status = shell(script .. " " .. row[1])
      assert.equal(row[2], status, output)
      assert.matches(row[3], output)
    end
    os.remove(bad)
  end)

  it("does not start twice in one directory, or on a port in use", function()
    local running = sandbox.start()
    local output, status = shell(format("%s start --dir %s", script, quote(running.dir)))
    assert.equal(1, status)
    assert.matches("is running in", output)
    output, status = shell(format("%s start --port %s", script, running.endpoint:match ":(%d+)/"))
    assert.equal(1, status)
    assert.matches("Address already in use", output)
    running.stop()
    assert.has_error(running.stop)
  end)
end)
