-- Start-up file of the specs about accounts, teams and what is sent to people.

return {
  id = "people", name = "People & more",
  platforms = { "localhost", "game.example" },
  maxSessions = 4,
  oauth2 = { "mock", "github" }, oauth2Page = true,
  topics = { { id = "news" }, { id = "insiders", subscribe = { "label:vip" } } },
  keys = { { secret = "people-key", scopes = {
    "sessions.write", "subscribers.write", "targets.write", "teams.read", "teams.write",
  } } },
  users = {
    { id = "vip", email = "vip@example.com", password = "password123", labels = { "vip" }, name = "Vip" },
    { id = "blocked", email = "blocked@example.com", password = "password123", status = false },
  },
}
