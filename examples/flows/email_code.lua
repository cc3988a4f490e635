-- Logging in by a code that is e-mailed: without a password, and a new address becomes a user.
--
--   examples/run flows/email_code [ADDRESS]
--
-- The code comes from the mailbox of the local server; in your program `ask` asks the user for it.

local appwrite = require "appwrite"

local endpoint = assert(os.getenv "APPWRITE_ENDPOINT", "start this with examples/run, which starts a server for it")
local project = os.getenv "APPWRITE_PROJECT"
local client = appwrite.new { endpoint = endpoint, project = project }
local mailbox = appwrite.new { endpoint = endpoint:gsub("/v1$", "/sandbox"), project = project }
local email = arg[1] or appwrite.ID.unique() .. "@example.com"

local function lastMail()
  local mails = assert(mailbox:call { path = "/mails", query = { to = email } }).mails
  return mails[#mails]
end

local session = assert(client.flows:emailCode {
  email = email,
  phrase = true, -- words that the mail shows too, by which the user knows that it is yours
  ask = function(token, problem)
    if not problem then
      print("the mail says:  " .. token.phrase)
      return "000000" -- a slip, to see that the user is asked again
    end
    print("refused:        " .. problem.message)
    return lastMail().secret
  end,
})
print("logged in:      " .. assert(client.account.getCurrentUser()).email)
print("until:          " .. session.expire)
