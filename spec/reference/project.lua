-- Start-up file for the reference's examples: the sandbox's own project, with a provider of OAuth2 that they can name.

local project = dofile "examples/sandbox/project.lua"
project.oauth2 = { "github" }
return project
