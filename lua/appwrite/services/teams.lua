--- The teams service as data: each row is one operation, in the order of their names.

local teamId = {
  name = "teamId", type = "string", at = "path", required = true, format = "id", doc = "the team's id",
}
local membershipId = {
  name = "membershipId", type = "string", at = "path", required = true, format = "id", doc = "the membership's id",
}
local roles = {
  name = "roles", type = "string[]", at = "body", required = true, maxItems = 100, maxItemLength = 32,
  doc = 'the member\'s roles, of your own making; "owner" may manage the team',
}
local name = { name = "name", type = "string", at = "body", required = true, maxLength = 128, doc = "the team's name" }
local search = {
  name = "search", type = "string", at = "query", maxLength = 256, default = "", doc = "text to look for",
}
local oneTeam = { teamId }
local oneMembership = { teamId, membershipId }

return {
  doc = "Teams of users, their members and invitations.",
  operations = {
    {
      name = "createMembership", alias = "createMembership", kind = "json", result = "Membership",
      verb = "POST", path = "/teams/{teamId}/memberships", rateLimit = { requests = 10, seconds = 3600 },
      doc = "Invites a user to a team, by one of `userId`, `email` and `phone`; `url` is needed without an API key.",
      params = {
        roles,
        teamId,
        { name = "email", type = "string", at = "body", doc = "e-mail address of the invited" },
        { name = "userId", type = "string", at = "body", doc = "id of the invited" },
        { name = "phone", type = "string", at = "body", format = "phone", doc = "phone number of the invited" },
        {
          name = "url", type = "string", at = "body",
          doc = "page that the invitation leads to, on a host registered as a platform",
        },
        { name = "name", type = "string", at = "body", maxLength = 128, doc = "name for an invited who is new" },
      },
    },
    {
      name = "createNewTeam", alias = "create", kind = "json", result = "Team",
      verb = "POST", path = "/teams",
      doc = "Creates a team, whose first member is the user.",
      params = {
        {
          name = "teamId", type = "string", at = "body", required = true, format = "newId",
          doc = "id for the team",
        },
        name,
        {
          name = "roles", type = "string[]", at = "body", maxItems = 100, maxItemLength = 32,
          doc = 'roles of the creator; left out: "owner"',
        },
      },
    },
    {
      name = "deleteMembership", alias = "deleteMembership", kind = "json",
      verb = "DELETE", path = "/teams/{teamId}/memberships/{membershipId}", idempotent = true,
      doc = "Removes a member from a team, or the user from it, or withdraws an invitation.",
      params = oneMembership,
    },
    {
      name = "getById", alias = "get", kind = "json", result = "Team",
      verb = "GET", path = "/teams/{teamId}",
      doc = "Gives a team of which the user is a member; `total` counts those who have joined.",
      params = oneTeam,
    },
    {
      name = "getMembership", alias = "getMembership", kind = "json", result = "Membership",
      verb = "GET", path = "/teams/{teamId}/memberships/{membershipId}",
      doc = "Gives one membership of a team; `confirm` is false until the invitation is accepted.",
      params = oneMembership,
    },
    {
      name = "getPrefs", alias = "getPrefs", kind = "json", result = "Preferences",
      verb = "GET", path = "/teams/{teamId}/prefs",
      doc = "Gives the team's shared preferences, a table of the application's own making.",
      params = oneTeam,
    },
    {
      name = "getUserMemberships", alias = "list", kind = "json", result = "TeamList",
      list = { items = "teams", by = "cursor" },
      verb = "GET", path = "/teams",
      doc = "Lists the teams that the user is a member of.",
      params = {
        {
          name = "queries", type = "string[]", at = "query", maxItems = 100, maxItemLength = 4096,
          doc = "queries on name, total, billingPlan",
        },
        search,
      },
    },
    {
      name = "listMemberships", alias = "listMemberships", kind = "json", result = "MembershipList",
      list = { items = "memberships", by = "cursor" },
      verb = "GET", path = "/teams/{teamId}/memberships",
      doc = "Lists the members of a team, those invited included.",
      params = {
        teamId,
        {
          name = "queries", type = "string[]", at = "query", maxItems = 100, maxItemLength = 4096,
          doc = "queries on userId, teamId, invited, joined, confirm",
        },
        search,
      },
    },
    {
      name = "removeTeam", alias = "delete", kind = "json",
      verb = "DELETE", path = "/teams/{teamId}", idempotent = true,
      doc = "Deletes a team; only its owners may.",
      params = oneTeam,
    },
    {
      name = "updateMembershipRoles", alias = "updateMembership", kind = "json", result = "Membership",
      verb = "PATCH", path = "/teams/{teamId}/memberships/{membershipId}",
      doc = "Replaces a member's roles; only the team's owners may.",
      params = { roles, teamId, membershipId },
    },
    {
      name = "updateMembershipStatus", alias = "updateMembershipStatus", kind = "json", result = "Membership",
      verb = "PATCH", path = "/teams/{teamId}/memberships/{membershipId}/status",
      doc = "Accepts an invitation with what its link carries, and logs in the invited.",
      params = {
        { name = "userId", type = "string", at = "body", required = true, doc = "the invited user's id" },
        {
          name = "secret", type = "string", at = "body", required = true, secret = true,
          doc = "the secret from the invitation's link",
        },
        teamId,
        membershipId,
      },
    },
    {
      name = "updateNameById", alias = "updateName", kind = "json", result = "Team",
      verb = "PUT", path = "/teams/{teamId}",
      doc = "Changes a team's name; only its owners may.",
      params = { name, teamId },
    },
    {
      name = "updatePrefsById", alias = "updatePrefs", kind = "json", result = "Preferences",
      verb = "PUT", path = "/teams/{teamId}/prefs",
      doc = "Replaces all of the team's preferences and gives them; only its owners may.",
      params = {
        {
          name = "prefs", type = "object", at = "body", required = true,
          doc = "the whole of the preferences, 64 KiB of JSON at most",
        },
        teamId,
      },
    },
  },
}
