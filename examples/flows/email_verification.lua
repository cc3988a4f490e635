-- A user proves that the e-mail address is his, by a link, and that the phone number is, by a code.
--
--   examples/run flows/email_verification [ADDRESS [NUMBER]]
--
-- Link and code come from the mailbox of the local server; in your program `ask` asks the user for them.

local appwrite = require "appwrite"

local endpoint = assert(os.getenv "APPWRITE_ENDPOINT", "start this with examples/run, which starts a server for it")
local project = os.getenv "APPWRITE_PROJECT"
local client = appwrite.new { endpoint = endpoint, project = project }
local mailbox = appwrite.new { endpoint = endpoint:gsub("/v1$", "/sandbox"), project = project }
local email = arg[1] or appwrite.ID.unique() .. "@example.com"
local phone = arg[2] or ("+44%010d"):format(math.random(0, 999999999))

local function lastMail(to)
  local mails = assert(mailbox:call { path = "/mails", query = { to = to } }).mails
  return mails[#mails]
end

assert(client.account.registerUser { userId = appwrite.ID.unique(), email = email, password = "correct horse" })
assert(client.account.createEmailPasswordSession { email = email, password = "correct horse" })
assert(client.account.updatePhone { phone = phone, password = "correct horse" })

local function say()
  local user = assert(client.account.getCurrentUser())
  print("address: " .. tostring(user.emailVerification) .. ", number: " .. tostring(user.phoneVerification))
end

say()
assert(client.flows:verifyEmail {
  url = "http://localhost/verify", -- the page that the link leads to, on a host registered as a platform
  ask = function() return lastMail(email).links[1] end,
})
assert(client.flows:verifyPhone { ask = function() return lastMail(phone).secret end })
say()
