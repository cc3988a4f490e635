-- What can go wrong, and what a program learns of it: values refused, the server's errors, no network, a wrong call.

local appwrite = require "appwrite"

local client = appwrite.new {
  endpoint = os.getenv "APPWRITE_ENDPOINT",
  project = os.getenv "APPWRITE_PROJECT" or "sandbox",
}

local function tell(what, err)
  print(("%-22s %-9s %3d  %-28s %s"):format(what, err.kind, err.code, err.type, err.message))
end

-- A player's typo: nothing is sent.
local _, err = client.account.registerUser { userId = "no spaces", email = "a@example.com", password = "correct horse" }
tell("a value refused", err)

-- The server says no: its own word says why.
_, err = client.account.createEmailPasswordSession { email = "nobody@example.com", password = "wrong horse" }
tell("wrong password", err)
_, err = client.databases.getDocumentById { databaseId = "main", collectionId = "scores", documentId = "none" }
tell("not there", err)

-- No server: what was not sent is tried again, so this takes a moment.
local nowhere = appwrite.new { endpoint = "http://127.0.0.1:1/v1", project = "sandbox", retry = false }
_, err = nowhere.locale.getUserLocale()
tell("no connection", err)
print("worth another try:", err.retryable)

-- assert raises the error, which prints as one line. (Lua 5.1: appwrite.check)
local ok, raised = pcall(function()
  appwrite.check(client.account.getCurrentUser())
end)
print("raised:", ok, tostring(raised))

-- A wrong call is a fault of the program: it raises where it stands.
local _, message = pcall(function()
  return client.account.regsiterUser {}
end)
print("misspelt:", message)
