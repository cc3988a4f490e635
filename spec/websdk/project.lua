-- Start-up file for the web SDK.

return {
  id = "websdk", name = "Web SDK", platforms = { "localhost" }, oauth2 = { "mock" },
  databases = { { id = "main", collections = { {
    id = "books", permissions = { 'create("users")' }, documentSecurity = true, fulltext = { "title" },
    attributes = {
      { key = "title", type = "string", size = 100, required = true }, { key = "pages", type = "integer", min = 1 },
      { key = "rating", type = "float" }, { key = "read", type = "boolean", default = false },
      { key = "tags", type = "string", size = 20, array = true }, { key = "published", type = "datetime" },
    },
  } } } },
  buckets = { { id = "files", permissions = { 'create("users")' }, fileSecurity = true, maximumFileSize = 20000000 } },
  functions = { {
    id = "double",
    handler = function(call)
      return { body = { doubled = call.body.number * 2 } }
    end,
  } },
  topics = { { id = "news" } },
}
