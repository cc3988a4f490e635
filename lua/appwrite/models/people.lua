--- What teams and messaging answer with. A row is { field, type, what it is }.

local created = { "$createdAt", "date", "when it was made" }
local updated = { "$updatedAt", "date", "when it was last changed" }

return {
  {
    name = "Team", doc = "A team.",
    fields = {
      { "$id", "string", "id of the team" },
      created,
      updated,
      { "name", "string", "its name" },
      { "total", "integer", "members who have joined" },
      { "prefs", "Preferences", "preferences that its members share" },
    },
  },
  { name = "TeamList", doc = "Teams of the user.", list = "teams", of = "Team" },
  {
    name = "Membership", doc = "A user in a team, or invited to it.",
    fields = {
      { "$id", "string", "id of the membership" },
      created,
      updated,
      { "userId", "string", "id of the user" },
      { "userName", "string", "the user's name" },
      { "userEmail", "string", "the user's address" },
      { "teamId", "string", "id of the team" },
      { "teamName", "string", "the team's name" },
      { "invited", "date", "when the user was invited" },
      { "joined", "date", "when the user joined; empty until then" },
      { "confirm", "boolean", "whether the invitation is accepted" },
      { "mfa", "boolean", "whether the user has a second factor" },
      { "roles", "string[]", "roles in the team" },
    },
  },
  { name = "MembershipList", doc = "Members of a team.", list = "memberships", of = "Membership" },
  {
    name = "Subscriber", doc = "A target that gets what is sent to a topic.",
    fields = {
      { "$id", "string", "id of the subscriber" },
      created,
      updated,
      { "targetId", "string", "id of the target" },
      { "target", "Target", "the target" },
      { "userId", "string", "id of the user" },
      { "userName", "string", "the user's name" },
      { "topicId", "string", "id of the topic" },
      { "providerType", "string", '"email", "sms" or "push"' },
    },
  },
}
