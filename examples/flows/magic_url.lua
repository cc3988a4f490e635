-- Logging in by a link that is e-mailed.
--
--   examples/run flows/magic_url [ADDRESS]
--
-- The link leads to a page of yours, whose host is a platform of the project. The page may hand the link on to the
-- program (a custom scheme such as my-game://), or the user copies it. Here it comes from the local server's mailbox.

local appwrite = require "appwrite"

local endpoint = assert(os.getenv "APPWRITE_ENDPOINT", "start this with examples/run, which starts a server for it")
local project = os.getenv "APPWRITE_PROJECT"
local client = appwrite.new { endpoint = endpoint, project = project }
local mailbox = appwrite.new { endpoint = endpoint:gsub("/v1$", "/sandbox"), project = project }
local email = arg[1] or appwrite.ID.unique() .. "@example.com"

local session = assert(client.flows:magicUrl {
  email = email,
  url = "http://localhost/login",
  ask = function()
    local mails = assert(mailbox:call { path = "/mails", query = { to = email } }).mails
    local link = mails[#mails].links[1]
    print("the link has:  " .. link:gsub("secret=%x+", "secret=…"))
    return link
  end,
})
print("logged in:     " .. assert(client.account.getCurrentUser()).email .. ", by " .. session.provider)
