-- Staying logged in: a session kept in a file from run to run, and a server with a client for each of its users.
--
--   examples/run sessions [FILE]
--
-- The second run with the same file, and the same server, is logged in from the start.

local appwrite = require "appwrite"

local file = arg[1] or os.tmpname()
local function open()
  return appwrite.new {
    endpoint = os.getenv "APPWRITE_ENDPOINT",
    project = os.getenv "APPWRITE_PROJECT" or "sandbox",
    store = file,
    onSessionLost = function() print "the session is over: log in again" end,
  }
end

local client = open()
local user = client.account.getCurrentUser()
if user then
  print("still logged in as", user["$id"])
else
  appwrite.check(client.account.createAnonymousSession())
  print("logged in as", appwrite.check(client.account.getCurrentUser())["$id"])
end

-- As another program, or this one tomorrow, would find it.
print("found again:", appwrite.check(open().account.getCurrentUser())["$id"])

-- A server: one client for each user, over the same connections. None has the other's session.
local ada, ben = client:with {}, client:with {}
appwrite.check(ada.account.createAnonymousSession())
appwrite.check(ben.account.createAnonymousSession())
local one, other = appwrite.check(ada.account.getCurrentUser()), appwrite.check(ben.account.getCurrentUser())
print("two users:", one["$id"] ~= other["$id"])

if not arg[1] then -- nobody asked for it to stay
  appwrite.check(client.account.logoutSessionById { sessionId = "current" })
  os.remove(file)
end
