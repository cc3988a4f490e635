-- luacheck: std max+busted
--- What is refused, and in which words.

local format = string.format

local DOCUMENTS = "/databases/main/collections/%s/documents"
local MOVIES = format(DOCUMENTS, "movies")
local ARGUMENT, STRUCTURE = "general_argument_invalid", "document_invalid_structure"
local FORMAT = 'Invalid document structure: Attribute "%s" has invalid format. %s'
local TYPE = 'Invalid document structure: Attribute "%s" has invalid type. %s'
local ID = "Parameter must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, period, hyphen, and underscore. "
  .. "Can't start with a special char"
local UID = "UID must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, and underscore. "
  .. "Can't start with a leading underscore"
local NAME = "Invalid `name` param: Value must be a valid string and at least 1 chars and no longer than 128 chars"
local LIST = "Invalid `queries` param: Value must a valid array no longer than 100 items and Value must be a valid "
  .. "string and at least 1 chars and no longer than 4096 chars"
local PREFS = "Invalid `prefs` param: Value must be a valid object."
local NO_NAME = 'Param "name" is not optional.'

local function register(id, email, password, more)
  return format('{"userId":%s,"email":%s,"password":%s%s}', id, email, password, more or "")
end

local function withId(id)
  return register('"' .. id .. '"', '"x@example.com"', '"password123"')
end

local function document(data, more)
  return format('{"documentId":"unique()","data":%s%s}', data, more or "")
end

-- What it is, verb, path, body, status, type, message.
local BY_GUEST = {
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
  { "an id with a space", "POST", "/account", withId "a b", 400, ARGUMENT, "Invalid `userId` param: " .. ID },
  { "an id that begins with _", "POST", "/account", withId "_a", 400, ARGUMENT, "Invalid `userId` param: " .. ID },
  { "an empty id", "POST", "/account", withId "", 400, ARGUMENT, "Invalid `userId` param: " .. ID },
  { "an id of 37 characters", "POST", "/account", withId(("a"):rep(37)), 400, ARGUMENT,
    "Invalid `userId` param: " .. ID },
  { "no e-mail address", "POST", "/account", register('"unique()"', '"nobody"', '"password123"'), 400, ARGUMENT,
    "Invalid `email` param: Value must be a valid email address" },
  { "a null for a required parameter", "POST", "/account", register('"unique()"', "null", '"password123"'), 400,
    ARGUMENT, "Invalid `email` param: Value must be a valid email address" },
  { "a number for a text", "POST", "/account", register('"unique()"', "5", '"password123"'), 400, ARGUMENT,
    "Invalid `email` param: Value must be a valid email address" },
  { "a null for an optional parameter", "POST", "/account",
    register('"unique()"', '"x@example.com"', '"password123"', ',"name":null'), 500, "general_unknown",
    "Server Error" },
  { "a short password", "POST", "/account", register('"unique()"', '"x@example.com"', '"1234567"'), 400, ARGUMENT,
    "Invalid `password` param: Password must be between 8 and 265 characters long, and should not be one of the "
    .. "commonly used password." },
  { "a short password at a login", "POST", "/account/sessions/email", '{"email":"x@example.com","password":"1234567"}',
    400, ARGUMENT, "Invalid `password` param: Password must be between 8 and 256 characters long." },
  { "an unknown database", "GET", "/databases/nope/collections/movies/documents", nil, 404, "database_not_found",
    "Database not found" },
  { "an unknown collection", "GET", format(DOCUMENTS, "nope"), nil, 404, "collection_not_found",
    "Collection with the requested ID could not be found." },
  { "an unknown document", "GET", MOVIES .. "/nope", nil, 404, "document_not_found",
    "Document with the requested ID could not be found." },
  { "a percent-encoded id", "GET", MOVIES .. "/%6dinimal", nil, 400, ARGUMENT,
    "Invalid `documentId` param: " .. UID },
  { "a guest where users may create", "POST", MOVIES, document '{"title":"t"}', 401, "user_unauthorized",
    "The current user is not authorized to perform the requested action." },
  { "a guest in a sealed collection", "GET", format(DOCUMENTS, "sealed"), nil, 401, "user_unauthorized" },
  { "queries without brackets", "GET", MOVIES .. "?queries=x", nil, 400, ARGUMENT, LIST },
  { "an unknown bucket", "GET", "/storage/buckets/nope/files/x", nil, 404, "storage_bucket_not_found",
    "Storage bucket with the requested ID could not be found." },
  { "an unknown file", "GET", "/storage/buckets/files/files/nope", nil, 404, "storage_file_not_found",
    "The requested file could not be found." },
  { "an upload in JSON", "POST", "/storage/buckets/files/files", '{"fileId":"unique()","file":"x"}', 400,
    "storage_file_empty", "Empty file passed to the endpoint." },
}

local BY_USER = {
  { "a list as body", "PATCH", "/account/name", '["a"]', 400, ARGUMENT, NO_NAME },
  { "a byte order mark", "PATCH", "/account/name", '\239\187\191{"name":"bom"}', 400, ARGUMENT, NO_NAME },
  { "bytes that are not UTF-8", "PATCH", "/account/name", '{"name":"\255\254"}', 400, ARGUMENT, NO_NAME },
  { "a parameter in the query of a PATCH", "PATCH", "/account/name?name=x", "{}", 400, ARGUMENT, NO_NAME },
  { "an empty name", "PATCH", "/account/name", '{"name":""}', 400, ARGUMENT, NAME },
  { "a name of 129 characters", "PATCH", "/account/name", '{"name":"' .. ("\195\169"):rep(129) .. '"}', 400, ARGUMENT,
    NAME },
  { "preferences that are a list", "PATCH", "/account/prefs", '{"prefs":["a"]}', 400, ARGUMENT, PREFS },
  { "preferences with the keys of a list", "PATCH", "/account/prefs", '{"prefs":{"0":"a","1":"b"}}', 400, ARGUMENT,
    PREFS },
  { "preferences in a text", "PATCH", "/account/prefs", '{"prefs":"{}"}', 400, ARGUMENT, PREFS },
  { "too many preferences", "PATCH", "/account/prefs", '{"prefs":{"a":"' .. ("x"):rep(65536) .. '"}}', 400, ARGUMENT,
    PREFS },
  { "an unknown session", "DELETE", "/account/sessions/nope", "{}", 404, "user_session_not_found",
    "The current user session could not be found." },
  { "a document without data", "POST", MOVIES, document "{}", 400, "document_missing_data",
    "The document data is missing. Try again with document data populated" },
  { "data that is a text", "POST", MOVIES, document '"x"', 400, ARGUMENT,
    "Invalid `data` param: Value must be a valid JSON string" },
  { "a document without a required attribute", "POST", MOVIES, document '{"year":1}', 400, STRUCTURE,
    'Invalid document structure: Missing required attribute "title"' },
  { "an unknown attribute", "POST", MOVIES, document '{"title":"t","nope":1}', 400, STRUCTURE,
    'Invalid document structure: Unknown attribute: "nope"' },
  { "5.0 for an integer", "POST", MOVIES, document '{"title":"t","year":5.0}', 400, STRUCTURE,
    format(FORMAT, "year", "Value must be a valid integer") },
  { "a text for an integer", "POST", MOVIES, document '{"title":"t","year":"5"}', 400, STRUCTURE,
    format(FORMAT, "year", "Value must be a valid integer") },
  { "an integer out of range", "POST", MOVIES, document '{"title":"t","year":3001}', 400, STRUCTURE,
    format(FORMAT, "year", "Value must be a valid range between 0 and 3,000") },
  { "an integer beyond 64 bits", "POST", format(DOCUMENTS, "types"), document '{"i":9223372036854775808}', 400,
    STRUCTURE, format(FORMAT, "i", "Value must be a valid integer") },
  { "a float out of range", "POST", format(DOCUMENTS, "types"), document '{"f":1.6}', 400, STRUCTURE,
    format(FORMAT, "f", "Value must be a valid range between -2 and 2") },
  { "a number for a boolean", "POST", MOVIES, document '{"title":"t","seen":1}', 400, STRUCTURE,
    format(TYPE, "seen", "Value must be a valid boolean") },
  { "a text that is too long", "POST", MOVIES, document('{"title":"' .. ("x"):rep(257) .. '"}'), 400, STRUCTURE,
    format(TYPE, "title", "Value must be a valid string and no longer than 256 chars") },
  { "a wrong element", "POST", MOVIES, document '{"title":"t","tags":["a",5]}', 400, STRUCTURE,
    format(TYPE, "tags['1']", "Value must be a valid string and no longer than 64 chars") },
  { "a scalar for a list", "POST", MOVIES, document '{"title":"t","tags":"a"}', 400, STRUCTURE,
    'Invalid document structure: Attribute "tags" must be an array' },
  { "a list for a scalar", "POST", MOVIES, document '{"title":"t","year":[1]}', 400, STRUCTURE,
    format(FORMAT, "year", "Value must be a valid integer") },
  { "no e-mail address in a document", "POST", MOVIES, document '{"title":"t","contact":"x"}', 400, STRUCTURE,
    format(FORMAT, "contact", "Value must be a valid email address") },
  { "a value outside an enum", "POST", MOVIES, document '{"title":"t","genre":"horror"}', 400, STRUCTURE,
    format(FORMAT, "genre", "Value must be one of (action, drama)") },
  { "$id in the data", "POST", MOVIES, document '{"title":"t","$id":"x"}', 400, STRUCTURE,
    "$id is not allowed for creating new documents, try update instead" },
  { "an unknown role", "POST", MOVIES, document('{"title":"t"}', ',"permissions":["read(\\"nobody\\")"]'), 400,
    ARGUMENT, 'Invalid `permissions` param: Role "nobody" is not allowed. Must be one of: any, guests, users, user, '
    .. "team, member, label." },
  { "a permission to create", "POST", MOVIES, document('{"title":"t"}', ',"permissions":["create(\\"any\\")"]'), 400,
    ARGUMENT, 'Invalid `permissions` param: Permission "create("any")" is not allowed. Must be one of: read, update, '
    .. "delete, write." },
  { "permissions in a text", "POST", MOVIES, document('{"title":"t"}', ',"permissions":"read(\\"any\\")"'), 400,
    ARGUMENT, "Invalid `permissions` param: Permissions must be an array of strings." },
  { "a permission for somebody else", "POST", MOVIES,
    document('{"title":"t"}', ',"permissions":["read(\\"user:bob\\")"]'), 401, "user_unauthorized" },
  { "an unknown team", "GET", "/teams/nope", nil, 404, "team_not_found",
    "Team with the requested ID could not be found." },
  { "a team without a name", "POST", "/teams", '{"teamId":"unique()"}', 400, ARGUMENT, NO_NAME },
}

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused = t.call, t.expect, t.refused

  describe("refuses, in the words of the real server,", function()
    local function check(row, session)
      local answer = call(row[2], row[3], { body = row[4], session = session })
      refused(answer, row[5], row[6], row[7])
      assert.equal("application/json; charset=UTF-8", answer.headers["content-type"])
      assert.equal("no-cache, no-store, must-revalidate", answer.headers["cache-control"])
    end

    for _, row in ipairs(BY_GUEST) do
      it(row[1], function() check(row) end)
    end

    for _, row in ipairs(BY_USER) do
      it(row[1], function() check(row, t.ada) end)
    end

    it("an unknown project on every route", function()
      for _, path in ipairs { "/account", "/locale", "/locale?project=nope", "/teams" } do
        local project = not path:find "project" and "nope" or nil
        refused(call("GET", path, { project = project }), 404, "project_not_found")
      end
    end)

    it("documents without a project, but not what the console project has", function()
      refused(call("GET", MOVIES, { project = "" }), 401, "general_access_forbidden")
      expect(200, call("GET", "/locale", { project = "" }))
      refused(call("GET", "/account", { project = "", session = t.ada }), 401, "general_unauthorized_scope")
    end)

    it("a body of a content type that is not read", function()
      local answer = call("POST", "/account", {
        body = withId "unique()", headers = { ["content-type"] = "text/plain" },
      })
      refused(answer, 400, ARGUMENT, 'Param "userId" is not optional.')
    end)
  end)
end
