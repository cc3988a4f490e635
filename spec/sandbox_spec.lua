-- The sandbox, asked over HTTP by a client of its own; the parts are beside the sandbox (examples/sandbox/spec). What
-- they expect was seen from a real 1.5.11 server.

local HERE = "examples/sandbox/spec/"

local sandbox = require "spec.support.sandbox"

-- busted's functions are in the environment of a spec file, not among the globals: the parts get the same environment.
local function include(name)
  local chunk = assert(loadfile(HERE .. name .. ".lua", "t", _ENV))
  return (setfenv and setfenv(chunk, getfenv(1)) or chunk)()
end

local client = include "client"
client.websockets = include "websockets"

describe("the sandbox", function()
  setup(function()
    client.server = sandbox.start { project = HERE .. "project.lua" }
    client.ada, client.adaUser, client.adaEmail = client.newUser()
  end)

  teardown(function()
    client.server.stop()
  end)

  for _, part in ipairs { "refusals", "account", "oauth2", "documents", "queries", "storage", "teams", "locale", "guards" } do
    include(part)(client)
  end
end)

describe("the sandbox", function()
  setup(function()
    client.server = sandbox.start { project = HERE .. "project.lua" }
    client.ada, client.adaUser, client.adaEmail = client.newUser()
  end)

  teardown(function()
    client.server.stop()
  end)

  local pixels = include "pixels"
  for _, part in ipairs { "avatars", "preview", "functions", "graphql", "faults" } do
    include(part)(client, pixels)
  end
  include "realtime"(client)
  include "realtime_events"(client)
end)

describe("a sandbox of its own", function()
  setup(function()
    client.server = sandbox.start { project = HERE .. "project.lua" }
  end)

  teardown(function()
    client.server.stop()
  end)

  include "load"(client)
end)

describe("a sandbox of people", function()
  setup(function()
    client.server = sandbox.start { project = HERE .. "people.lua" }
  end)

  teardown(function()
    client.server.stop()
  end)

  local inbox, otp = include "inbox", include "otp"
  for _, part in ipairs { "profile", "signin", "confirmations", "mfa", "provider_page", "devices", "memberships" } do
    include(part)(client, inbox, otp)
  end
end)

describe("a sandbox with other settings", function()
  setup(function()
    client.server = sandbox.start { project = HERE .. "strict.lua" }
  end)

  teardown(function()
    client.server.stop()
  end)

  include "settings"(client)
  include "realtime_limits"(client)
end)

describe("the sandbox's script", function()
  include "state"(client)
  include "script"()
  include "people_startup"()
end)
