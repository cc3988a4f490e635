--- Finds the operation of a request, and takes the request through the checks in the order of the real server.

local audit = require "server.audit"
local control = require "server.control"
local errors = require "server.errors"
local faults = require "server.faults"
local factors = require "server.factors"
local cors = require "server.cors"
local identity = require "server.identity"
local json = require "server.json"
local limits = require "server.limits"
local oauth2Flow = require "server.oauth2_flow"
local pages = require "server.pages"
local permissions = require "server.permissions"
local request = require "server.request"
local response = require "server.response"
local routes = require "server.routes"
local state = require "server.state"
local validation = require "server.validation"

local format, gmatch, match = string.format, string.gmatch, string.match

---@class sandbox.Operation
---@field params table[]
---@field handler fun(request: sandbox.Request): sandbox.Response
---@field guestOnly? boolean whether a session forbids it
---@field htmlErrors? boolean whether what goes wrong is answered as a page
---@field cached? boolean whether it answers through pictures.cached

---@class sandbox.Route
---@field name string
---@field verb string
---@field scope string
---@field limit? integer requests in `seconds`
---@field seconds? integer
---@field operation? sandbox.Operation
---@field names string[] of the path parameters, in order

local SERVICES = {
  "account", "avatars", "databases", "functions", "graphql", "locale", "messaging", "storage", "teams",
}

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

local byName = {} ---@type table<string, sandbox.Route>
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
    name = name, verb = verb, service = match(name, "^%a+"), scope = scope, limit = limit, seconds = seconds,
    names = names, operation = operations[name],
  }
  byName[name] = node[verb .. " "]
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
  for _, extra in ipairs(oauth2Flow.routes) do
    add(extra.row, { [extra.row[3]] = extra.operation })
  end
  -- Not among the 95 either, but the same question in a URL.
  add({ "GET", "/graphql", "graphql.ask", "graphql", 60, 60 }, operations)
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

-- Whether who sends a request may do so.
local function admit(self, route)
  checkScope(self, route)
  if self.user and not self.user.status then
    errors.raise "user_blocked"
  end
  factors.check(self, route.name)
  cors.check(self)
  limits.apply(self, route)
  if self.project.id == "console" and PROJECT_SERVICES[route.service] then
    errors.raise "general_access_forbidden"
  end
  self.roles = permissions.rolesOf(self.project, self.user)
end

local function operate(self, route, given)
  local operation = route.operation
  if not operation then
    errors.raise("general_not_implemented", "The sandbox does not do " .. route.name .. " yet.")
  elseif operation.guestOnly and self.user then
    errors.raise "user_session_already_exists"
  end
  if operation.cached then
    self.out["X-Appwrite-Cache"] = "miss" -- until pictures.cached finds it; an error is one too
  end
  self.params = validation.check(operation.params, given, self)
  local answer = operation.handler(self)
  audit.record(self, route.name)
  return answer
end

---Carry out an operation inside of a request, as GraphQL does: with its caller, but its own checks and headers.
---@param outer sandbox.Request
---@param name string of the operation
---@param given table<string, any> its parameters
---@return sandbox.Request inner whose `out` has the headers
---@return fun(): sandbox.Response perform raises what is wrong
local function nest(outer, name, given)
  local route = byName[name]
  local inner = setmetatable({ out = {}, query = {}, body = given, files = {}, params = nil }, { __index = outer })
  return inner, function()
    admit(inner, route)
    return operate(inner, route, given)
  end
end

local function run(self)
  local route, values = find(self.method, self.segments)
  if not route then
    return pages.landing(self) or errors.raise "general_route_not_found"
  end
  self.route = route
  findProject(self)
  identity.resolve(self)
  warnNewer(self)
  admit(self, route)
  local given = {}
  for name, value in pairs(self.method == "GET" and self.query or self.body) do
    given[name] = value
  end
  for index, name in ipairs(route.names) do
    given[name] = values[index]
  end
  self.nest, self.routes = nest, byName
  return operate(self, route, given)
end

local function caught(problem)
  if errors.is(problem) then
    return problem
  end
  ngx.log(ngx.ERR, "sandbox: ", debug.traceback(tostring(problem), 2))
  return { type = "general_unknown", code = 500, message = "Server Error" }
end

local function failure(self, problem)
  local operation = self.route and self.route.operation
  return operation and operation.htmlErrors and pages.error(self.project, problem) or response.error(problem)
end

local function answerTo(self)
  if control.owns(self) then
    return control.run(self)
  end
  local fault = faults.find(self)
  self.fault = fault
  local answer = fault and faults.before(self, fault, (find(self.method, self.segments)))
  if answer then
    return answer
  end
  answer = run(self)
  if fault then
    faults.after(fault)
  end
  return answer
end

---Answer the request at hand.
function router.handle()
  local self = request.read()
  if self.method == "OPTIONS" then
    cors.addHeaders(self, true)
    return response.send(self, response.empty())
  end
  local ok, answer = xpcall(answerTo, caught, self)
  cors.addHeaders(self)
  response.send(self, ok and answer or failure(self, answer))
end

---Answer GET /.
function router.banner()
  response.send({ out = {} }, { status = 200, contentType = "text/plain; charset=UTF-8", body =
    "This is the sandbox: a stand-in for an Appwrite server, for development, demonstrations and tests.\n"
    .. "It is not a production server. Everything is in memory and ends with it, unless it was started with --state.\n"
    .. "The endpoint is /v1.\n" })
end

build()

return router
