-- A new password for somebody who has forgotten the old one, by a link that is e-mailed.
--
--   examples/run flows/password_recovery [ADDRESS]
--
-- The link comes from the mailbox of the local server; in your program `ask` asks the user for it.

local appwrite = require "appwrite"

local endpoint = assert(os.getenv "APPWRITE_ENDPOINT", "start this with examples/run, which starts a server for it")
local project = os.getenv "APPWRITE_PROJECT"
local client = appwrite.new { endpoint = endpoint, project = project }
local mailbox = appwrite.new { endpoint = endpoint:gsub("/v1$", "/sandbox"), project = project }
local email = arg[1] or appwrite.ID.unique() .. "@example.com"

assert(client.account.registerUser { userId = appwrite.ID.unique(), email = email, password = "correct horse" })

local passwords = { "short", "battery staple" }
assert(client.flows:recoverPassword {
  email = email,
  url = "http://localhost/recover", -- the page that the link leads to, on a host registered as a platform
  ask = function(_, problem)
    if problem then
      print("refused:    " .. problem.message)
    end
    local mails = assert(mailbox:call { path = "/mails", query = { to = email } }).mails
    return mails[#mails].links[1], table.remove(passwords, 1)
  end,
})

local _, err = client.account.createEmailPasswordSession { email = email, password = "correct horse" }
print("before:     " .. err.type)
assert(client.account.createEmailPasswordSession { email = email, password = "battery staple" })
print("logged in:  " .. assert(client.account.getCurrentUser()).email)
