-- Start-up file of the replay: the project that the recording was made in, as its exchanges tell.

local function text(key, size, more)
  local attribute = more or {}
  attribute.key, attribute.type, attribute.size = key, "string", size
  return attribute
end

local function answer(call)
  local status = call.path:match "^/status/(%d+)$"
  if call.path == "/fail" then
    error "asked to fail"
  elseif status then
    return { status = tonumber(status), headers = {}, body = "status " .. status }
  elseif call.path == "/text" or call.path == "/slow" then
    return { headers = { ["content-type"] = "text/plain; charset=utf-8" }, body = "text" }
  end
  return { headers = { ["content-type"] = "application/json" }, body = { method = call.method, path = call.path } }
end

return {
  id = "sdktest", name = "SDK test",
  databases = { { id = "main", collections = {
    { id = "movies", permissions = { 'read("any")', 'create("users")' }, documentSecurity = true,
      fulltext = { "title" }, attributes = {
        text("title", 256, { required = true }), { key = "year", type = "integer", min = 0, max = 3000 },
        { key = "rating", type = "float" }, { key = "seen", type = "boolean", default = false },
        text("tags", 64, { array = true }), { key = "released", type = "datetime" },
        { key = "contact", type = "email" },
        { key = "genre", type = "enum", elements = { "action", "drama", "comedy" } },
      } },
    { id = "notes", permissions = { 'create("users")' }, documentSecurity = true, attributes = { text("text", 1000) } },
    { id = "types", permissions = { 'write("users")', 'read("any")' }, attributes = {
      { key = "i", type = "integer" }, { key = "il", type = "integer", array = true },
      { key = "imax", type = "integer", default = 7 }, { key = "f", type = "float" },
      { key = "fl", type = "float", array = true }, { key = "fr", type = "float", min = -2, max = 1.5 },
      { key = "b", type = "boolean" }, { key = "bl", type = "boolean", array = true }, text("s", 20),
      text("sl", 20, { array = true }), text("sd", 20, { default = "dflt" }), { key = "d", type = "datetime" },
      { key = "dl", type = "datetime", array = true }, { key = "u", type = "url" }, { key = "ip", type = "ip" },
      { key = "e", type = "email" }, { key = "en", type = "enum", elements = { "a", "b" }, default = "a" },
    } },
    { id = "paging", permissions = { 'read("any")', 'create("users")' }, attributes = {
      { key = "n", type = "integer" }, text("g", 10),
    } },
    -- The recording's have a relation to each other, which the sandbox does not know.
    { id = "authors", permissions = { 'read("any")', 'create("users")' }, attributes = { text("name", 100) } },
    { id = "books", permissions = { 'read("any")', 'create("users")' }, attributes = { text("title", 100) } },
  } } },
  buckets = {
    { id = "files", permissions = { 'read("any")', 'create("any")' }, fileSecurity = true, maximumFileSize = 50000000 },
    { id = "secure", permissions = { 'create("users")' }, fileSecurity = true, maximumFileSize = 10000000,
      allowedFileExtensions = { "txt", "png" } },
  },
  functions = { { id = "echo", execute = { "any" }, handler = answer } },
  topics = { { id = "news" } },
  -- The placeholder that the recording has for its key.
  keys = { { secret = "5ec0de0001" .. ("0"):rep(246), scopes = {
    "sessions.write", "documents.read", "documents.write", "files.read", "files.write", "teams.read", "teams.write",
  } } },
}
