-- The start-up file of the replay with other settings: rate limits on, JWTs that have expired when they are made, and
-- an app among the platforms.

local project = dofile((debug.getinfo(1, "S").source:match "^@(.*/)" or "./") .. "project.lua")
project.rateLimits, project.jwtSeconds = true, -1
project.platforms = { "localhost", "com.example.app" }
return project
