-- Signing in by way of the browser, with OAuth2: it comes back to a port of this machine that is listened on meanwhile.
--
--   examples/run flows/oauth2 [PROVIDER]
--
-- The local server's provider is a stand-in that signs in whoever comes. Elsewhere the provider is switched on in the
-- project's settings; "localhost" is a platform of every project.

local appwrite = require "appwrite"

local endpoint = assert(os.getenv "APPWRITE_ENDPOINT", "start this with examples/run, which starts a server for it")
local client = appwrite.new { endpoint = endpoint, project = os.getenv "APPWRITE_PROJECT" }

local function signIn()
  return client.oauth2:signIn { provider = arg[1] or "mock", timeout = 120 }
end

-- In a task, so that the program goes on: here it counts.
local task = appwrite.spawn(signIn)
local seconds = 0
while task.status == "running" do
  print("waiting for the browser … " .. seconds)
  task:await(1)
  seconds = seconds + 1
end

local session, err = task:await()
if err and err.type == "browser_not_opened" then
  print "There is no browser here; give `open`, a function that shows the URL."
end
assert(session, tostring(err))
local user = assert(client.account.getCurrentUser())
print(("signed in:  %s <%s>, by %s"):format(user.name, user.email, session.provider))
