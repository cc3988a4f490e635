-- Start-up file of the specs.

local function text(key, size, more)
  local attribute = more or {}
  attribute.key, attribute.type, attribute.size = key, "string", size
  return attribute
end

-- What a handler may do, by the path.
local HANDLED = {
  ["/text"] = function(call) return "plain text: " .. call.bodyText .. (call.query.x or "") end,
  ["/nothing"] = function() return nil end,
  ["/json"] = function(call)
    return { status = 201, body = { list = { 1, 2.5, "x" }, method = call.method }, headers = { ["X-Custom"] = "yes" } }
  end,
  ["/body"] = function(call) return call.body.name .. call.body.list[2] end,
  ["/logs"] = function(call)
    call.log("called", call.path, 7)
    call.error "not so good"
    return "logged"
  end,
  ["/fail"] = function() error "as it should" end,
  ["/nonsense"] = function() return { body = 5 } end,
  ["/status/404"] = function() return { status = 404, body = "status 404" } end,
  ["/endless"] = function() ngx.sleep(60) end,
  ["/nap"] = function()
    ngx.sleep(0.2)
    return "rested"
  end,
}

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
  functions = {
    { id = "echo" },
    { id = "handled", timeout = 1, handler = function(call) return HANDLED[call.path](call) end },
    { id = "closed", execute = { "team:nobody" } },
  },
  keys = {
    { secret = "run-key", scopes = { "execution.read", "execution.write" } },
    { secret = "spec-key", scopes = { "documents.read", "documents.write", "teams.write" } },
  },
  users = {
    { id = "blocked", email = "blocked@example.com", password = "password123", status = false },
    { id = "labelled", email = "labelled@example.com", password = "password123", labels = { "vip" } },
  },
  platforms = { "localhost", "game.example" },
}
