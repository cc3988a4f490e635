-- Start-up file of the specs for what is off by default.

return {
  id = "strict",
  jwtSeconds = -1, -- a JWT is past its life as soon as it is made
  rateLimits = true,
  keys = { { secret = "strict-key", scopes = { "sessions.write" } } },
}
