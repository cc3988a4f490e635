-- The operations that there are, as the library knows them: one line each with name, official name, verb and path.
-- The sandbox's own list must be the same.

package.path = "lua/?.lua;lua/?/init.lua;examples/sandbox/?.lua;" .. package.path

local routes = {}
for _, row in ipairs(require "server.routes") do
  routes[row[3]] = row[1] .. " " .. row[2]
end

local SERVICES = {
  "account", "avatars", "databases", "functions", "graphql", "locale", "messaging", "storage", "teams",
}

for _, service in ipairs(SERVICES) do
  for _, operation in ipairs(require("appwrite.services." .. service).operations) do
    local name = service .. "." .. operation.name
    local route = operation.verb .. " " .. operation.path
    assert(routes[name] == route, name .. ": the sandbox has " .. tostring(routes[name]) .. ", the library " .. route)
    routes[name] = nil
    print(name, service .. "." .. (operation.alias or operation.name), operation.verb, operation.path)
  end
end
assert(next(routes) == nil, "the library does not know " .. tostring(next(routes)))
