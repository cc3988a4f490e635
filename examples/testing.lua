-- Tests of your own code without a server: a transport that records what is sent and answers what it is told.

local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"

-- What is to be tested: code that is given its client.
local function greeting(client)
  local user, err = client.account.getCurrentUser()
  if user then
    return "Hello " .. user.name
  elseif err.code == 401 then
    return "Please log in"
  end
  return "Try again later"
end

local server = fake.new()
local client = appwrite.new { project = "test", transport = server }

server:on("GET", "/account", { json = { name = "Ada" } })
assert(greeting(client) == "Hello Ada")

server:on("GET", "/account", { status = 401, json = { message = "no", type = "general_unauthorized_scope" } })
assert(greeting(client) == "Please log in")

server:on("GET", "/account", { kind = "network", message = "no route" })
assert(greeting(client) == "Try again later")

-- What was sent is there to be looked at.
assert(#server.requests == 3)
assert(server.requests[1].method == "GET" and server.requests[1].path == "/account")

-- A function answers by what is asked; the call's own checks hold as ever.
server:on("POST", "/teams", function(request)
  return { status = 201, json = { ["$id"] = request.json.teamId, name = request.json.name, total = 1 } }
end)
assert(appwrite.check(client.teams.createNewTeam { teamId = "t1", name = "Analysts" }).name == "Analysts")
assert(not pcall(client.teams.createNewTeam, { name = "no id" }))
print(("%d requests, all as expected"):format(#server.requests))
