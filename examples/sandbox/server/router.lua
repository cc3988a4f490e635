--- Finds the operation of a request, and takes the request through the checks in the order of the real server.

local errors = require "server.errors"
local cors = require "server.cors"
local identity = require "server.identity"
local json = require "server.json"
local limits = require "server.limits"
local permissions = require "server.permissions"
local request = require "server.request"
local response = require "server.response"
local routes = require "server.routes"
local state = require "server.state"
local validation = require "server.validation"

local format, gmatch, match = string.format, string.gmatch, string.match

---@class sandbox.Route
---@field name string
---@field scope string
---@field limit? integer requests in `seconds`
---@field seconds? integer
---@field operation? { params: table[], handler: fun(request: sandbox.Request): sandbox.Response, guestOnly?: boolean }
---@field names string[] of the path parameters, in order

local SERVICES = { "account", "databases", "locale", "storage", "teams" }

-- What a visitor may do without asking for more; a key has the scopes of the start-up file.
local GUEST_SCOPES = {
  "public", "graphql", "sessions.write", "documents.read", "documents.write", "files.read", "files.write",
  "locale.read", "avatars.read", "execution.write",
}
local USER_SCOPES = { "account", "teams.read", "teams.write", "execution.read", "targets.write", "subscribers.write" }
local KEY_SCOPES = { "public", "graphql" }

-- Services that need a project of one's own: the console project has none of their things.
local PROJECT_SERVICES = { databases = true, storage = true, functions = true, messaging = true }

local router = {}

local root = {} -- by segment; [1] for any; ["GET "] and the like for the routes that end here

local function add(row, operations)
  local verb, path, name, scope, limit, seconds = row[1], row[2], row[3], row[4], row[5], row[6]
  local node, names = root, {}
  for segment in gmatch(path, "[^/]+") do
    local param = match(segment, "^{(.*)}$")
    local key = param and 1 or segment
    names[#names + 1] = param
    node[key] = node[key] or {}
    node = node[key]
  end
  node[verb .. " "] = {
    name = name, service = match(name, "^%a+"), scope = scope, limit = limit, seconds = seconds, names = names,
    operation = operations[name],
  }
end

local function build()
  local operations = {}
  for _, service in ipairs(SERVICES) do
    for name, operation in pairs(require("server.services." .. service)) do
      operations[service .. "." .. name] = operation
    end
  end
  for _, row in ipairs(routes) do
    add(row, operations)
  end
  -- Not of the client API, but asked for to see whether a server is there.
  add({ "GET", "/health/version", "health.version", "public" }, { ["health.version"] = {
    params = {},
    handler = function() return response.json(200, json.object("version", errors.VERSION)) end,
  } })
end

---@return sandbox.Route? route nil where there is none
---@return string[]? values of the path parameters
local function find(verb, segments)
  local node, values = root, {}
  if segments[1] ~= "v1" then
    return nil
  end
  for index = 2, #segments do
    local segment = segments[index]
    local nextNode = node[segment]
    if not nextNode then
      nextNode = node[1]
      values[#values + 1] = segment
    end
    if not nextNode then
      return nil
    end
    node = nextNode
  end
  return node[verb .. " "], values
end

local function set(...)
  local result = {}
  for _, list in ipairs { ... } do
    for _, name in ipairs(list) do
      result[name] = true
    end
  end
  return result
end

local GUEST, USER = set(GUEST_SCOPES), set(GUEST_SCOPES, USER_SCOPES)

local function checkScope(self, route)
  local scopes = self.isKey and set(KEY_SCOPES, self.key.scopes) or self.user and USER or GUEST
  if scopes[route.scope] then
    return
  end
  local who = "User (role: guests)"
  if self.isKey then
    who = format("app.%s@service.%s (role: applications)", self.project.id, ngx.var.host)
  elseif self.user then
    who = (self.user.email or "User") .. " (role: users)"
  end
  errors.raise("general_unauthorized_scope", format("%s missing scope (%s)", who, route.scope))
end

local function findProject(self)
  local id = self.method == "GET" and self.query.project or self.headers["x-appwrite-project"]
  if id == nil or id == "" then
    id = "console"
  end
  self.project = state.projects[id] or errors.raise "project_not_found"
end

local function newer(a, b)
  local majorA, minorA, patchA = match(a, "^(%d+)%.(%d+)%.(%d+)")
  local majorB, minorB, patchB = match(b, "^(%d+)%.(%d+)%.(%d+)")
  if not majorA then
    return false
  end
  return (majorA * 1e6 + minorA * 1e3 + patchA) > (majorB * 1e6 + minorB * 1e3 + patchB)
end

local function warnNewer(self)
  local wanted = self.headers["x-appwrite-response-format"] or ""
  if newer(wanted, errors.VERSION) then
    self.out["X-Appwrite-Warning"] = format("The current SDK is built for Appwrite %s. However, the current Appwrite "
      .. "server version is %s. Please downgrade your SDK to match the Appwrite version: https://appwrite.io/docs/sdks",
      wanted, errors.VERSION)
  end
end

local function admit(self, route)
  findProject(self)
  identity.resolve(self)
  warnNewer(self)
  checkScope(self, route)
  if self.user and not self.user.status then
    errors.raise "user_blocked"
  end
  cors.check(self)
  limits.apply(self, route)
  if self.project.id == "console" and PROJECT_SERVICES[route.service] then
    errors.raise "general_access_forbidden"
  end
  self.roles = permissions.rolesOf(self.project, self.user)
end

local function run(self)
  local route, values = find(self.method, self.segments)
  if not route then
    errors.raise "general_route_not_found"
  end
  admit(self, route)
  local operation = route.operation
  if not operation then
    errors.raise("general_not_implemented", "The sandbox does not do " .. route.name .. " yet.")
  elseif operation.guestOnly and self.user then
    errors.raise "user_session_already_exists"
  end
  local given = {}
  for name, value in pairs(self.method == "GET" and self.query or self.body) do
    given[name] = value
  end
  for index, name in ipairs(route.names) do
    given[name] = values[index]
  end
  self.params = validation.check(operation.params, given)
  return operation.handler(self)
end

local function caught(problem)
  if errors.is(problem) then
    return problem
  end
  ngx.log(ngx.ERR, "sandbox: ", debug.traceback(tostring(problem), 2))
  return { type = "general_unknown", code = 500, message = "Server Error" }
end

---Answer the request at hand.
function router.handle()
  local self = request.read()
  if self.method == "OPTIONS" then
    cors.addHeaders(self, true)
    return response.send(self, response.empty())
  end
  local ok, answer = xpcall(run, caught, self)
  cors.addHeaders(self)
  response.send(self, ok and answer or response.error(answer))
end

---Answer GET /.
function router.banner()
  response.send({ out = {} }, { status = 200, contentType = "text/plain; charset=UTF-8", body =
    "This is the sandbox: a stand-in for an Appwrite server, for development, demonstrations and tests.\n"
    .. "It is not a production server. Everything is in memory and ends with it. The endpoint is /v1.\n" })
end

build()

return router
