-- first.lua: what a first script does, against the server of APPWRITE_ENDPOINT. Set APPWRITE_FROM to a part of the path
-- that the library must have been loaded from.

local appwrite = require "appwrite"

local from = os.getenv "APPWRITE_FROM"
if from then
  local file = debug.getinfo(appwrite.new, "S").source
  assert(file:find(from, 1, true), "the library came from " .. file)
end
local client = appwrite.new { endpoint = os.getenv "APPWRITE_ENDPOINT", project = os.getenv "APPWRITE_PROJECT" }
appwrite.check(client.account.createAnonymousSession())
local user = appwrite.check(client.account.getCurrentUser())
assert(#user["$id"] > 0)
print("logged in as " .. user["$id"])
