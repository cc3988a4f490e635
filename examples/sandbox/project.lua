-- What exists when the sandbox starts. Copy it, change it, and start with `sandbox start --project FILE`.

return {
  id = "sandbox",

  databases = {
    {
      id = "main",
      collections = {
        {
          -- Every user may read and add scores; a score's own permissions say who else may read or change it.
          id = "scores",
          permissions = { 'read("users")', 'create("users")' },
          documentSecurity = true,
          attributes = {
            { key = "player", type = "string", size = 64, required = true },
            { key = "level", type = "integer", min = 1, max = 1000, required = true },
            { key = "points", type = "integer", required = true },
            { key = "comment", type = "string", size = 1000 },
          },
          fulltext = { "comment" },
        },
        {
          -- A chat: every user may read and write; nobody may change what was said.
          id = "messages",
          permissions = { 'read("users")', 'create("users")' },
          attributes = {
            { key = "name", type = "string", size = 64, required = true },
            { key = "text", type = "string", size = 2000, required = true },
          },
        },
        {
          -- Private notes: only those named in a note's own permissions see it.
          id = "notes",
          permissions = { 'create("users")' },
          documentSecurity = true,
          attributes = {
            { key = "text", type = "string", size = 10000, required = true },
            { key = "tags", type = "string", size = 32, array = true },
            { key = "done", type = "boolean", default = false },
            { key = "due", type = "datetime" },
            { key = "weight", type = "float", min = 0 },
          },
        },
      },
    },
  },

  buckets = {
    { id = "files", permissions = { 'create("users")' }, fileSecurity = true, maximumFileSize = 100 * 1024 * 1024 },
  },

  -- What a user may be told about; every user may subscribe.
  topics = { { id = "news", subscribe = { "users" } } },

  functions = {
    -- Answers with all it is given.
    { id = "echo" },
    -- For every user; README.md says what a handler gets and gives.
    {
      id = "greet",
      execute = { "users" },
      handler = function(call)
        return { body = { greeting = "Hello " .. (call.query.name or "there") } }
      end,
    },
  },

  -- For calls as a server would make them: they are not bound by permissions.
  keys = {
    {
      secret = "sandbox-key",
      scopes = {
        "sessions.write", "teams.read", "teams.write", "documents.read", "documents.write", "files.read", "files.write",
        "execution.read", "execution.write", "locale.read", "avatars.read", "subscribers.write", "targets.write",
      },
    },
  },

  -- Users may be given too: { id = "ada", email = "ada@example.com", password = "correct horse", name = "Ada" }
  users = {},
}
