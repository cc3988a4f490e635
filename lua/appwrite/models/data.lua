--- What databases, storage and functions answer with. A row is { field, type, what it is }.

local created = { "$createdAt", "date", "when it was made" }
local updated = { "$updatedAt", "date", "when it was last changed" }
local permissions = { "$permissions", "string[]", 'who may do what, such as `read("any")`' }

return {
  {
    name = "Document", open = "any",
    doc = "A document: the collection's attributes beside the server's own fields. Attributes without a value are "
      .. "absent, array attributes at least empty.",
    fields = {
      { "$id", "string", "id of the document" },
      { "$collectionId", "string", "id of its collection" },
      { "$databaseId", "string", "id of its database" },
      created,
      updated,
      permissions,
    },
  },
  {
    name = "DocumentList", doc = "Documents that the user may read; `total` counts to 5000.",
    list = "documents", of = "Document",
  },
  {
    name = "File", doc = "What the server knows of a file.",
    fields = {
      { "$id", "string", "id of the file" },
      { "bucketId", "string", "id of its bucket" },
      created,
      updated,
      permissions,
      { "name", "string", "its name: as the uploader wrote it, so never a path to write to" },
      { "signature", "string", "MD5 in hex; empty until the upload is complete" },
      { "mimeType", "string", "type by the bytes; empty until the upload is complete" },
      { "sizeOriginal", "integer", "bytes" },
      { "chunksTotal", "integer", "chunks it has" },
      { "chunksUploaded", "integer", "chunks that are there; the upload is complete when all are" },
    },
  },
  { name = "FileList", doc = "Files that the user may read.", list = "files", of = "File" },
  {
    name = "Execution", doc = "A run of a function.",
    fields = {
      { "$id", "string", "id of the execution" },
      created,
      updated,
      permissions,
      { "functionId", "string", "id of the function" },
      { "trigger", "string", '"http", "schedule" or "event"' },
      { "status", "string", '"waiting", "processing", "completed" or "failed"' },
      { "requestMethod", "string", "method of the request to the function" },
      { "requestPath", "string", "its path and query" },
      { "requestHeaders", "Headers[]", "its headers, as far as they are kept" },
      { "responseStatusCode", "integer", "the function's status; 0 while it has not ended" },
      { "responseBody", "string", "what the function answered; only in the answer of a run that was waited for" },
      { "responseHeaders", "Headers[]", "the headers of its answer, as far as they are kept" },
      { "logs", "string", "empty for users" },
      { "errors", "string", "empty for users" },
      { "duration", "number", "seconds" },
    },
  },
  { name = "ExecutionList", doc = "Executions that the user may read.", list = "executions", of = "Execution" },
  {
    name = "Headers", doc = "One header.",
    fields = { { "name", "string", "its name" }, { "value", "string", "its value" } },
  },
  { name = "Any", doc = "Anything.", open = "any", fields = {} },
  {
    name = "Error",
    doc = "An error as the server sends it; a call gives an `appwrite.Error`, which has it whole in `response`.",
    fields = {
      { "message", "string", "what is wrong, in English" },
      { "code", "integer", "HTTP status" },
      { "type", "string", 'a stable word, such as "user_already_exists"' },
      { "version", "string", "of the server" },
    },
  },
}
