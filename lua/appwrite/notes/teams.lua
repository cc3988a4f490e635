--- What the reference says of the teams service beside its data: errors, and an example that a spec runs.

return {
  createMembership = {
    signedIn = true,
    errors = {
      "team_not_found", "team_invite_already_exists", "user_not_found", "user_already_exists",
      "user_email_already_exists", "user_unauthorized",
    },
    example = [[
local membership = assert(client.teams.createMembership {
  teamId = teamId, email = "grace@example.com", roles = { "reader" }, url = "http://localhost/join",
})
print(membership.userEmail, membership.confirm) --> …, false]],
  },
  createNewTeam = {
    signedIn = true, errors = { "team_already_exists" },
    example = [[
local team = assert(client.teams.createNewTeam { teamId = appwrite.ID.unique(), name = "Analysts" })
print(team["$id"], team.total) --> …, 1]],
  },
  deleteMembership = {
    signedIn = true,
    errors = { "team_not_found", "team_invite_not_found", "team_membership_mismatch", "user_unauthorized" },
    example = [[
assert(client.teams.deleteMembership { teamId = teamId, membershipId = membershipId })]],
  },
  getById = {
    signedIn = true, errors = { "team_not_found" },
    example = [[
local team = assert(client.teams.getById { teamId = teamId })
print(team.name, team.total)]],
  },
  getMembership = {
    signedIn = true, errors = { "team_not_found", "membership_not_found" },
    example = [[
local membership = assert(client.teams.getMembership { teamId = teamId, membershipId = membershipId })
print(membership.userName, membership.confirm and "has joined" or "is invited")]],
  },
  getPrefs = {
    signedIn = true, errors = { "team_not_found" },
    example = [[
local prefs = assert(client.teams.getPrefs { teamId = teamId })
print(prefs.colour or "no colour set")]],
  },
  getUserMemberships = {
    signedIn = true,
    example = [[
for team in client:each "teams.getUserMemberships" do
  print(team["$id"], team.name)
end
print(assert(client.teams.getUserMemberships { search = "Analysts" }).total)]],
  },
  listMemberships = {
    signedIn = true, errors = { "team_not_found" },
    example = [[
local page = assert(client.teams.listMemberships { teamId = teamId })
for _, membership in ipairs(page.memberships) do
  print(membership.userName, table.concat(membership.roles, ", "))
end]],
  },
  removeTeam = {
    signedIn = true, errors = { "team_not_found", "user_unauthorized" },
    example = [[
assert(client.teams.removeTeam { teamId = teamId })]],
  },
  updateMembershipRoles = {
    signedIn = true, errors = { "team_not_found", "membership_not_found", "user_unauthorized" },
    example = [[
local membership = assert(client.teams.updateMembershipRoles {
  teamId = teamId, membershipId = membershipId, roles = { "editor", "reader" },
})
print(table.concat(membership.roles, ", ")) --> editor, reader]],
  },
  updateMembershipStatus = {
    errors = {
      "team_not_found", "membership_not_found", "membership_already_confirmed", "team_invalid_secret",
      "team_invite_mismatch", "team_membership_mismatch",
    },
    example = [[
local fields = assert(appwrite.Link.parse(link)) -- that of the invitation's mail
local membership = assert(client.teams.updateMembershipStatus {
  teamId = fields.teamId, membershipId = fields.membershipId, userId = fields.userId, secret = fields.secret,
})
print(membership.teamName, membership.confirm) --> …, true]],
  },
  updateNameById = {
    signedIn = true, errors = { "team_not_found", "user_unauthorized" },
    example = [[
local team = assert(client.teams.updateNameById { teamId = teamId, name = "Engineers" })
print(team.name) --> Engineers]],
  },
  updatePrefsById = {
    signedIn = true, errors = { "team_not_found", "user_unauthorized" },
    example = [[
local prefs = assert(client.teams.updatePrefsById { teamId = teamId, prefs = { colour = "green" } })
print(prefs.colour) --> green]],
  },
}
