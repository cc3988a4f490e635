-- A player begins without an account, and later gives an e-mail address and a password: all that is his stays his.
--
--   examples/run flows/anonymous_to_account [ADDRESS]
--
-- It takes one call, updateUserEmail, which for a user without a password sets it.

local appwrite = require "appwrite"

local endpoint = assert(os.getenv "APPWRITE_ENDPOINT", "start this with examples/run, which starts a server for it")
local project = os.getenv "APPWRITE_PROJECT"
local client = appwrite.new { endpoint = endpoint, project = project }
local email = arg[1] or appwrite.ID.unique() .. "@example.com"

assert(client.account.createAnonymousSession())
local guest = assert(client.account.getCurrentUser())
assert(client.account.updatePreferences { prefs = { level = 3 } })
print("a guest:    " .. guest["$id"])

assert(client.account.updateUserEmail { email = email, password = "correct horse" })
assert(client.account.updateNameOperation { name = "Ada" })

-- On another machine, where the guest's session never was:
local elsewhere = appwrite.new { endpoint = endpoint, project = project }
assert(elsewhere.account.createEmailPasswordSession { email = email, password = "correct horse" })
local user = assert(elsewhere.account.getCurrentUser())
assert(user["$id"] == guest["$id"], "somebody else")
print(("an account: %s, %s, level %d"):format(user["$id"], user.name, user.prefs.level))
