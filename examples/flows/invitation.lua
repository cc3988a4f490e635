-- A team: its owner invites somebody by e-mail, who joins by the link, and is logged in by that too.
--
--   examples/run flows/invitation [OWNER'S-ADDRESS GUEST'S-ADDRESS]
--
-- The link comes from the mailbox of the local server; in your program the guest pastes it, or a page hands it on.

local appwrite = require "appwrite"

local endpoint = assert(os.getenv "APPWRITE_ENDPOINT", "start this with examples/run, which starts a server for it")
local project = os.getenv "APPWRITE_PROJECT"
local client = appwrite.new { endpoint = endpoint, project = project }
local mailbox = appwrite.new { endpoint = endpoint:gsub("/v1$", "/sandbox"), project = project }
local owner = arg[1] or appwrite.ID.unique() .. "@example.com"
local guest = arg[2] or appwrite.ID.unique() .. "@example.com"

assert(client.account.registerUser { userId = appwrite.ID.unique(), email = owner, password = "correct horse" })
assert(client.account.createEmailPasswordSession { email = owner, password = "correct horse" })
local team = assert(client.teams.createNewTeam { teamId = appwrite.ID.unique(), name = "Analysts" })
local invited = assert(client.teams.createMembership {
  teamId = team["$id"], email = guest, roles = { "reader" }, name = "Grace",
  url = "http://localhost/join", -- the page that the link leads to, on a host registered as a platform
})
print("invited:  " .. invited.userEmail .. ", who has joined: " .. tostring(invited.confirm))

local other = appwrite.new { endpoint = endpoint, project = project }
local mails = assert(mailbox:call { path = "/mails", query = { to = guest } }).mails
local membership = assert(other.flows:acceptInvitation { link = mails[#mails].links[1] })
print("joined:   " .. membership.userEmail .. " as " .. table.concat(membership.roles, ", "))

team = assert(client.teams.getById { teamId = team["$id"] })
print("members:  " .. team.total .. " of " .. team.name)
