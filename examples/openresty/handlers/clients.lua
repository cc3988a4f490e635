-- Who calls Appwrite. The connections belong to the worker and are shared; the credentials are each client's own.
-- luacheck: std ngx_lua

local appwrite = require "appwrite"

local KEY = assert(os.getenv "APPWRITE_KEY", "APPWRITE_KEY is not set: an API key of the project, with the scopes that "
  .. "README.md names")

local nobody = appwrite.new {
  endpoint = os.getenv "APPWRITE_ENDPOINT",
  project = assert(os.getenv "APPWRITE_PROJECT", "APPWRITE_PROJECT is not set: the id of the project"),
  connectTimeout = 3, -- seconds: a browser waits
  timeout = 10,
}

local clients = {}

-- With no rights but a guest's.
function clients.guest()
  return nobody
end

-- With the key's rights, whoever asks. A new one each time, since a client that logs somebody in keeps the session.
function clients.server()
  return nobody:with { key = KEY }
end

-- With the rights of the user whose browser asks; nil where it brings no session.
function clients.user()
  local session = ngx.var.cookie_session
  if not session or not session:find "^[%w+/=_-]+$" then
    return nil
  end
  return nobody:with { session = session }
end

return clients
