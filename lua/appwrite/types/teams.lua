---@meta _
-- Made by spec/generate.lua from lua/appwrite/services/teams.lua and notes/teams.lua: change that, not this.
-- luacheck: ignore

---Teams of users, their members and invitations.
---@class appwrite.Teams
local teams = {}

---@class appwrite.params.teams.createMembership
---@field roles string[] the member's roles, of your own making; "owner" may manage the team; 100 items at most; each of
---  up to 32 characters
---@field teamId string the team's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field email? string e-mail address of the invited
---@field userId? string id of the invited
---@field phone? string phone number of the invited; a plus and up to 15 digits
---@field url? string page that the invitation leads to, on a host registered as a platform
---@field name? string name for an invited who is new; up to 128 characters

---Invites a user to a team, by one of `userId`, `email` and `phone`; `url` is needed without an API key.
---
---Somebody must be logged in. At most 10 calls an hour, counted by address. Errors: `general_argument_invalid`,
---`team_not_found`, `team_invite_already_exists`, `user_not_found`, `user_already_exists`, `user_email_already_exists`,
---`user_unauthorized`, `general_rate_limit_exceeded`.
---
---```lua
---local membership = assert(client.teams.createMembership {
---  teamId = teamId, email = "grace@example.com", roles = { "reader" }, url = "http://localhost/join",
---})
---print(membership.userEmail, membership.confirm) --> …, false
---```
---@param params appwrite.params.teams.createMembership
---@param options? appwrite.CallOptions
---@return appwrite.models.Membership? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.teams.createMembership, callback: fun(result: appwrite.models.Membership?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.createMembership, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Membership?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Teams, params: appwrite.params.teams.createMembership, options?: appwrite.CallOptions): appwrite.models.Membership?, appwrite.Error?, appwrite.Response?
function teams.createMembership(params, options) end

---@class appwrite.params.teams.createNewTeam
---@field teamId string id for the team; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit; or "unique()"
---@field name string the team's name; up to 128 characters
---@field roles? string[] roles of the creator; left out: "owner"; 100 items at most; each of up to 32 characters

---Creates a team, whose first member is the user.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `team_already_exists`.
---
---```lua
---local team = assert(client.teams.createNewTeam { teamId = appwrite.ID.unique(), name = "Analysts" })
---print(team["$id"], team.total) --> …, 1
---```
---@param params appwrite.params.teams.createNewTeam
---@param options? appwrite.CallOptions
---@return appwrite.models.Team? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.teams.createNewTeam, callback: fun(result: appwrite.models.Team?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.createNewTeam, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Team?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Teams, params: appwrite.params.teams.createNewTeam, options?: appwrite.CallOptions): appwrite.models.Team?, appwrite.Error?, appwrite.Response?
function teams.createNewTeam(params, options) end

---The official name of `createNewTeam`. Creates a team, whose first member is the user.
teams.create = teams.createNewTeam

---@class appwrite.params.teams.deleteMembership
---@field teamId string the team's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field membershipId string the membership's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Removes a member from a team, or the user from it, or withdraws an invitation.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `team_not_found`, `team_invite_not_found`,
---`team_membership_mismatch`, `user_unauthorized`.
---
---```lua
---assert(client.teams.deleteMembership { teamId = teamId, membershipId = membershipId })
---```
---@param params appwrite.params.teams.deleteMembership
---@param options? appwrite.CallOptions
---@return true? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.teams.deleteMembership, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.deleteMembership, options: appwrite.CallOptions, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Teams, params: appwrite.params.teams.deleteMembership, options?: appwrite.CallOptions): true?, appwrite.Error?, appwrite.Response?
function teams.deleteMembership(params, options) end

---@class appwrite.params.teams.getById
---@field teamId string the team's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Gives a team of which the user is a member; `total` counts those who have joined.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `team_not_found`.
---
---```lua
---local team = assert(client.teams.getById { teamId = teamId })
---print(team.name, team.total)
---```
---@param params appwrite.params.teams.getById
---@param options? appwrite.CallOptions
---@return appwrite.models.Team? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.teams.getById, callback: fun(result: appwrite.models.Team?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.getById, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Team?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Teams, params: appwrite.params.teams.getById, options?: appwrite.CallOptions): appwrite.models.Team?, appwrite.Error?, appwrite.Response?
function teams.getById(params, options) end

---The official name of `getById`. Gives a team of which the user is a member; `total` counts those who have joined.
teams.get = teams.getById

---@class appwrite.params.teams.getMembership
---@field teamId string the team's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field membershipId string the membership's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Gives one membership of a team; `confirm` is false until the invitation is accepted.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `team_not_found`, `membership_not_found`.
---
---```lua
---local membership = assert(client.teams.getMembership { teamId = teamId, membershipId = membershipId })
---print(membership.userName, membership.confirm and "has joined" or "is invited")
---```
---@param params appwrite.params.teams.getMembership
---@param options? appwrite.CallOptions
---@return appwrite.models.Membership? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.teams.getMembership, callback: fun(result: appwrite.models.Membership?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.getMembership, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Membership?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Teams, params: appwrite.params.teams.getMembership, options?: appwrite.CallOptions): appwrite.models.Membership?, appwrite.Error?, appwrite.Response?
function teams.getMembership(params, options) end

---@class appwrite.params.teams.getPrefs
---@field teamId string the team's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Gives the team's shared preferences, a table of the application's own making.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `team_not_found`.
---
---```lua
---local prefs = assert(client.teams.getPrefs { teamId = teamId })
---print(prefs.colour or "no colour set")
---```
---@param params appwrite.params.teams.getPrefs
---@param options? appwrite.CallOptions
---@return appwrite.models.Preferences? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.teams.getPrefs, callback: fun(result: appwrite.models.Preferences?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.getPrefs, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Preferences?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Teams, params: appwrite.params.teams.getPrefs, options?: appwrite.CallOptions): appwrite.models.Preferences?, appwrite.Error?, appwrite.Response?
function teams.getPrefs(params, options) end

---@class appwrite.params.teams.getUserMemberships
---@field queries? string[] queries on name, total, billingPlan; 100 items at most; each of up to 4096 characters
---@field search? string text to look for; up to 256 characters; default ""

---Lists the teams that the user is a member of.
---
---Somebody must be logged in. Errors: `general_argument_invalid`.
---
---```lua
---for team in client:each "teams.getUserMemberships" do
---  print(team["$id"], team.name)
---end
---print(assert(client.teams.getUserMemberships { search = "Analysts" }).total)
---```
---@param params? appwrite.params.teams.getUserMemberships
---@param options? appwrite.CallOptions
---@return appwrite.models.TeamList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.TeamList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.getUserMemberships, callback: fun(result: appwrite.models.TeamList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.getUserMemberships, options: appwrite.CallOptions, callback: fun(result: appwrite.models.TeamList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Teams, params?: appwrite.params.teams.getUserMemberships, options?: appwrite.CallOptions): appwrite.models.TeamList?, appwrite.Error?, appwrite.Response?
function teams.getUserMemberships(params, options) end

---The official name of `getUserMemberships`. Lists the teams that the user is a member of.
teams.list = teams.getUserMemberships

---@class appwrite.params.teams.listMemberships
---@field teamId string the team's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field queries? string[] queries on userId, teamId, invited, joined, confirm; 100 items at most; each of up to 4096
---  characters
---@field search? string text to look for; up to 256 characters; default ""

---Lists the members of a team, those invited included.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `team_not_found`.
---
---```lua
---local page = assert(client.teams.listMemberships { teamId = teamId })
---for _, membership in ipairs(page.memberships) do
---  print(membership.userName, table.concat(membership.roles, ", "))
---end
---```
---@param params appwrite.params.teams.listMemberships
---@param options? appwrite.CallOptions
---@return appwrite.models.MembershipList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.teams.listMemberships, callback: fun(result: appwrite.models.MembershipList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.listMemberships, options: appwrite.CallOptions, callback: fun(result: appwrite.models.MembershipList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Teams, params: appwrite.params.teams.listMemberships, options?: appwrite.CallOptions): appwrite.models.MembershipList?, appwrite.Error?, appwrite.Response?
function teams.listMemberships(params, options) end

---@class appwrite.params.teams.removeTeam
---@field teamId string the team's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Deletes a team; only its owners may.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `team_not_found`, `user_unauthorized`.
---
---```lua
---assert(client.teams.removeTeam { teamId = teamId })
---```
---@param params appwrite.params.teams.removeTeam
---@param options? appwrite.CallOptions
---@return true? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.teams.removeTeam, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.removeTeam, options: appwrite.CallOptions, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Teams, params: appwrite.params.teams.removeTeam, options?: appwrite.CallOptions): true?, appwrite.Error?, appwrite.Response?
function teams.removeTeam(params, options) end

---The official name of `removeTeam`. Deletes a team; only its owners may.
teams.delete = teams.removeTeam

---@class appwrite.params.teams.updateMembershipRoles
---@field roles string[] the member's roles, of your own making; "owner" may manage the team; 100 items at most; each of
---  up to 32 characters
---@field teamId string the team's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field membershipId string the membership's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Replaces a member's roles; only the team's owners may.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `team_not_found`, `membership_not_found`,
---`user_unauthorized`.
---
---```lua
---local membership = assert(client.teams.updateMembershipRoles {
---  teamId = teamId, membershipId = membershipId, roles = { "editor", "reader" },
---})
---print(table.concat(membership.roles, ", ")) --> editor, reader
---```
---@param params appwrite.params.teams.updateMembershipRoles
---@param options? appwrite.CallOptions
---@return appwrite.models.Membership? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.teams.updateMembershipRoles, callback: fun(result: appwrite.models.Membership?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.updateMembershipRoles, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Membership?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Teams, params: appwrite.params.teams.updateMembershipRoles, options?: appwrite.CallOptions): appwrite.models.Membership?, appwrite.Error?, appwrite.Response?
function teams.updateMembershipRoles(params, options) end

---The official name of `updateMembershipRoles`. Replaces a member's roles; only the team's owners may.
teams.updateMembership = teams.updateMembershipRoles

---@class appwrite.params.teams.updateMembershipStatus
---@field userId string the invited user's id
---@field secret string the secret from the invitation's link
---@field teamId string the team's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field membershipId string the membership's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Accepts an invitation with what its link carries, and logs in the invited.
---
---Errors: `general_argument_invalid`, `team_not_found`, `membership_not_found`, `membership_already_confirmed`,
---`team_invalid_secret`, `team_invite_mismatch`, `team_membership_mismatch`.
---
---```lua
---local fields = assert(appwrite.Link.parse(link)) -- that of the invitation's mail
---local membership = assert(client.teams.updateMembershipStatus {
---  teamId = fields.teamId, membershipId = fields.membershipId, userId = fields.userId, secret = fields.secret,
---})
---print(membership.teamName, membership.confirm) --> …, true
---```
---@param params appwrite.params.teams.updateMembershipStatus
---@param options? appwrite.CallOptions
---@return appwrite.models.Membership? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.teams.updateMembershipStatus, callback: fun(result: appwrite.models.Membership?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.updateMembershipStatus, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Membership?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Teams, params: appwrite.params.teams.updateMembershipStatus, options?: appwrite.CallOptions): appwrite.models.Membership?, appwrite.Error?, appwrite.Response?
function teams.updateMembershipStatus(params, options) end

---@class appwrite.params.teams.updateNameById
---@field name string the team's name; up to 128 characters
---@field teamId string the team's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Changes a team's name; only its owners may.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `team_not_found`, `user_unauthorized`.
---
---```lua
---local team = assert(client.teams.updateNameById { teamId = teamId, name = "Engineers" })
---print(team.name) --> Engineers
---```
---@param params appwrite.params.teams.updateNameById
---@param options? appwrite.CallOptions
---@return appwrite.models.Team? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.teams.updateNameById, callback: fun(result: appwrite.models.Team?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.updateNameById, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Team?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Teams, params: appwrite.params.teams.updateNameById, options?: appwrite.CallOptions): appwrite.models.Team?, appwrite.Error?, appwrite.Response?
function teams.updateNameById(params, options) end

---The official name of `updateNameById`. Changes a team's name; only its owners may.
teams.updateName = teams.updateNameById

---@class appwrite.params.teams.updatePrefsById
---@field prefs table the whole of the preferences, 64 KiB of JSON at most
---@field teamId string the team's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Replaces all of the team's preferences and gives them; only its owners may.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `team_not_found`, `user_unauthorized`.
---
---```lua
---local prefs = assert(client.teams.updatePrefsById { teamId = teamId, prefs = { colour = "green" } })
---print(prefs.colour) --> green
---```
---@param params appwrite.params.teams.updatePrefsById
---@param options? appwrite.CallOptions
---@return appwrite.models.Preferences? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.teams.updatePrefsById, callback: fun(result: appwrite.models.Preferences?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.teams.updatePrefsById, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Preferences?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Teams, params: appwrite.params.teams.updatePrefsById, options?: appwrite.CallOptions): appwrite.models.Preferences?, appwrite.Error?, appwrite.Response?
function teams.updatePrefsById(params, options) end

---The official name of `updatePrefsById`. Replaces all of the team's preferences and gives them; only its owners may.
teams.updatePrefs = teams.updatePrefsById

return teams
