-- Start-up file of the sandbox whose mock provider asks on a page who signs in.

return {
  id = "oauth2", oauth2 = { "mock", "github" }, oauth2Page = true,
  users = { { id = "blocked", email = "blocked@example.com", password = "correct horse", status = false } },
}
