--- A client: one endpoint and project, one set of credentials, and the nine services as tables of functions.

local argument = require "appwrite.argument"
local build = require "appwrite.build"
local clientOptions = require "appwrite.client_options"
local engine = require "appwrite.engine"
local helpers = require "appwrite.helpers"
local invocation = require "appwrite.invocation"
local log = require "appwrite.log"
local operations = require "appwrite.operations"
local raw = require "appwrite.raw"
local retry = require "appwrite.retry"
local suggest = require "appwrite.suggest"
local transport = require "appwrite.transport"
local validate = require "appwrite.validate"

local error, format, rawget, rawset, setmetatable, type = error, string.format, rawget, rawset, setmetatable, type

local mustBeSelf = argument.mustBeSelf
local checkCallback, handBack, takeCallback = invocation.checkCallback, invocation.handBack, invocation.takeCallback

local DEFAULT_ENDPOINT = "https://cloud.appwrite.io/v1"
local MAX_RESPONSE = 64 * 1024 * 1024 -- bytes; the core has the same default

-- Hides a client's inner state from misspelt names and from whoever prints its fields.
local STATE = {}

local Client = { __name = "appwrite.Client" }
local Service = { __name = "appwrite.Service" }

---@class appwrite.Client
---@field account appwrite.Account
---@field avatars appwrite.Avatars
---@field databases appwrite.Databases
---@field flows appwrite.Flows       sign-ins that take a person and several calls
---@field functions appwrite.Functions
---@field graphql appwrite.Graphql
---@field locale appwrite.Locale
---@field messaging appwrite.Messaging
---@field oauth2 appwrite.OAuth2     sign-in by the browser
---@field realtime appwrite.Realtime events from the server; made on first use
---@field storage appwrite.Storage
---@field teams appwrite.Teams
local methods = {}

local client = {}

-- Services as tables of functions ------------------------------------------------------------------------------------

local invoke

-- Made on the first use of an operation by a client, and kept: no closure for what is never called.
local function bind(self, proxy, operation)
  return function(params, callOptions, callback, rest)
    if params == proxy then
      params, callOptions, callback = callOptions, callback, rest
    end
    -- Not a tail call: the error levels count on this frame.
    return handBack(invoke(self, operation, params, callOptions, callback))
  end
end

-- The same for what calls an operation with other arguments than its parameters.
local function bindHelper(self, proxy, fullName, operation, prepare)
  return function(given, callOptions, callback, rest)
    if given == proxy then
      given, callOptions, callback = callOptions, callback, rest
    end
    local params, known = prepare(given)
    if not params then
      error(fullName .. ": " .. known, 2)
    end
    return handBack(invoke(self, operation, params, callOptions, callback, known))
  end
end

local function helperOf(proxy, inner, name)
  local target, prepare = helpers.find(inner.service.name, name)
  if not target then
    return nil
  end
  local helper = bindHelper(inner.client, proxy, inner.service.name .. "." .. name, operations.find(target), prepare)
  rawset(proxy, name, helper)
  return helper
end

function Service.__index(proxy, name)
  local inner = proxy[STATE]
  local helper = helperOf(proxy, inner, name)
  if helper then
    return helper
  end
  local operation, problem = operations.of(inner.service, name)
  if not operation then
    error(problem, 2)
  end
  local method = bind(inner.client, proxy, operation)
  rawset(proxy, operation.row.name, method)
  rawset(proxy, operation.row.alias, method)
  return method
end

function Service.__tostring(proxy)
  return "appwrite.Service (" .. proxy[STATE].service.name .. ")"
end

function Service.__newindex(proxy, name)
  error(format('the service "%s" takes no new field "%s"', proxy[STATE].service.name, tostring(name)), 2)
end

-- Made on first use, as the services are.
local function realtimeOf(self)
  local made, problem = require("appwrite.realtime").new(self[STATE])
  if not made then
    error(problem, 3)
  end
  rawset(self, "realtime", made)
  return made
end

local function tellRealtime(self, isGone)
  local used = rawget(self, "realtime")
  if used then
    require("appwrite.realtime").userChanged(used, isGone)
  end
end

function Client.__index(self, name)
  local method = methods[name]
  if method then
    return method
  elseif name == "realtime" then
    local made = realtimeOf(self) -- no tail call: its error level counts on this frame
    return made
  end
  local extend = helpers.extension(name)
  if extend then
    local extended = extend(self)
    rawset(self, name, extended)
    return extended
  end
  if not operations.isService(name) then
    local known = helpers.extensions()
    for _, service in ipairs(operations.SERVICES) do
      known[#known + 1] = service
    end
    known[#known + 1] = "realtime"
    for known_ in pairs(methods) do
      known[#known + 1] = known_
    end
    local near = suggest.nearest(tostring(name), known)
    error(format('a client has no service or method "%s"%s', tostring(name),
      near and format('; did you mean "%s"?', near) or ""), 2)
  end
  local service = operations.service(name)
  local proxy = setmetatable({ [STATE] = { client = self, service = service } }, Service)
  rawset(self, name, proxy)
  return proxy
end

function Client.__tostring(self)
  local session = self[STATE].session
  return format("appwrite.Client (%s, project %s)", session:endpoint(), tostring(session:project()))
end

-- Calls --------------------------------------------------------------------------------------------------------------

local NO_PARAMS = {}

-- Its callers are the functions a user calls, so a fault of the call is raised two levels up.
function invoke(self, operation, params, callOptions, callback, known)
  local state = self[STATE]
  if type(params) == "function" and callOptions == nil then
    params, callback = nil, params
  end
  callOptions, callback = takeCallback(callOptions, callback)
  params = params == nil and NO_PARAMS or params
  if type(params) ~= "table" then
    error(format("%s: parameters must be a table, got %s", operation.fullName, type(params)), 3)
  end
  local problem = callOptions ~= nil and clientOptions.checkCall(operation, callOptions) or checkCallback(callback)
  if problem then
    error(operation.fullName .. ": " .. problem, 3)
  end
  local kind
  problem, kind = validate.check(operation, params, state.loose)
  if kind == validate.MISUSE then
    error(operation.fullName .. ": " .. problem, 3)
  end
  local request
  if not problem then
    request, problem = build.request(operation, params, state.loose)
  end
  if not request then
    return invocation.refuse(callback, operation, problem)
  end
  return invocation.make(callback, state, operation, params, request, callOptions, known)
end

local function callRaw(self, what, callOptions, callback)
  callOptions, callback = takeCallback(callOptions, callback)
  local operation, problem = raw.operation(what)
  problem = problem or callOptions ~= nil and clientOptions.checkCall(operation, callOptions) or checkCallback(callback)
  if problem then
    error("client:call: " .. problem, 3)
  end
  local request
  request, problem = build.raw(what)
  if not request then
    return invocation.refuse(callback, operation, problem)
  end
  return invocation.make(callback, self[STATE], operation, nil, request, callOptions)
end

---Call an operation by its name, or send any other request to the same server with the same credentials:
---`client:call("account.getSession", { sessionId = "current" }, options, callback)`,
---`client:call({ method = "GET", path = "/ping" }, options, callback)`.
---@param what string|appwrite.RawCall "service.operation", or { method, path, query, body, headers }
---@param params table|fun(result: any, err: appwrite.Error?)|nil
---@param callOptions table|fun(result: any, err: appwrite.Error?)|nil timeout, headers, retry, to, onProgress
---@param callback fun(result: any, err: appwrite.Error?, response: appwrite.Response?)? called once, by `appwrite.poll`
---@return any result or, with a callback, the appwrite.Task
---@return appwrite.Error? err
---@return appwrite.Response? response beside a result; an error has it as `answer`
function methods:call(what, params, callOptions, callback)
  mustBeSelf("client:call", self, Client)
  if type(what) == "table" then
    if callback ~= nil then
      error("client:call { method, path, … } takes options and a callback behind the table, and no parameters", 2)
    end
    return handBack(callRaw(self, what, params, callOptions))
  end
  if type(what) ~= "string" then
    error(format("client:call takes an operation's name or a table { method, path }, got %s", type(what)), 2)
  end
  local operation, problem = operations.find(what)
  if not operation then
    error("client:call: " .. problem, 2)
  end
  return handBack(invoke(self, operation, params, callOptions, callback))
end

---The URL of an operation that is read with GET, without sending it: for an <img>, a browser, a download manager.
---It carries the project but no credential.
---@param name string "service.operation"
---@param params table?
---@return string? url
---@return appwrite.Error? err a value that was refused
function methods:url(name, params)
  mustBeSelf("client:url", self, Client)
  local operation, problem = operations.find(tostring(name))
  if not operation then
    error("client:url: " .. problem, 2)
  end
  if operation.row.verb ~= "GET" then
    error(format("client:url: %s is sent with %s, which a URL cannot say", operation.fullName, operation.row.verb), 2)
  end
  local state = self[STATE]
  params = params == nil and NO_PARAMS or params
  if type(params) ~= "table" then
    error(format("client:url: parameters must be a table, got %s", type(params)), 2)
  end
  local kind
  problem, kind = validate.check(operation, params, state.loose)
  if kind == validate.MISUSE then
    error(format("client:url: %s: %s", operation.fullName, problem), 2)
  end
  local target
  if not problem then
    target, problem = build.target(operation, params, { { "project", state.session:project() } })
  end
  if problem then
    return nil, invocation.argumentError(operation, problem)
  end
  return state.session:endpoint() .. target
end

-- What the first page would be refused for is raised where the loop is written.
local function startWalk(self, name, params, given)
  local operation, problem = operations.find(tostring(name))
  if not operation then
    return nil, problem
  end
  params = params == nil and NO_PARAMS or params
  if type(params) ~= "table" then
    return nil, format("%s: parameters must be a table, got %s", operation.fullName, type(params))
  end
  local state = self[STATE]
  local pages = require "appwrite.pages"
  local walk, rest
  walk, problem, rest = pages.new(self, state.engine, operation, params, given)
  problem = problem or rest and clientOptions.checkCall(operation, rest, pages.RULES)
  local kind
  if not problem then
    problem, kind = validate.check(operation, params, state.loose)
    problem = kind == validate.MISUSE and problem or nil
  end
  return walk, problem and operation.fullName .. ": " .. problem
end

---All items of a list operation, page after page:
---`for document in client:each("databases.listUserDocuments", { databaseId = "shop", collectionId = "orders" }) do`
---
---A loop cannot hand on an error, so one is raised: an appwrite.Error, as a call would have returned it. In a task on
---Lua 5.1, where a loop's own function cannot wait, call what `each` gives: `local nextItem = client:each(…)`.
---@param name string "service.operation", one that answers with a list
---@param params table? may name queries, but none that the pages are asked for with (limit, offset, cursorBefore)
---@param given { pageSize: integer?, prefetch: boolean? }? pageSize: items of one request, default 100; prefetch: fetch
---  the next page while the items of this one are used, also needed where the loop deletes what it gets; and the
---  options of any call: timeout, headers
---@return fun(): any, table? nextItem gives the next item and the page it is of; nil at the end
function methods:each(name, params, given)
  mustBeSelf("client:each", self, Client)
  local walk, problem = startWalk(self, name, params, given)
  if problem then
    error("client:each: " .. problem, 2)
  end
  return require("appwrite.pages").iterate(walk)
end

local function limitsOf(given, parent)
  if given.limit == nil then
    return parent.limits
  elseif given.limit == true and parent.limits then
    return parent.limits
  end
  return given.limit and require("appwrite.limiter").new(given.limit) or nil
end

-- Making clients -----------------------------------------------------------------------------------------------------

local function make(session, parent, given)
  local state = {
    session = session,
    transport = parent.transport,
    engine = parent.engine,
    timeout = given.timeout or parent.timeout,
    maxResponse = given.maxResponseBytes or parent.maxResponse,
    nulls = given.nulls or parent.nulls,
    loose = given.validate and given.validate == "loose" or not given.validate and parent.loose,
    retry = retry.policy(given.retry, parent.retry),
    limits = limitsOf(given, parent),
    onRetry = given.onRetry or parent.onRetry,
    log = given.log and log.new(given.log) or parent.log,
  }
  local self = setmetatable({ [STATE] = state }, Client)
  if given.store or given.onSessionLost then
    local sessions = require "appwrite.session"
    local problem = sessions.check(session, parent.transport.name)
    if problem then
      return nil, problem
    end
    state.keeper = sessions.keeper(self, state, given)
  end
  return self, nil, state
end

---@class appwrite.WithOptions what is missing stays as it is, but for what is of one user: key, jwt, session, store and
---  onSessionLost
---@field session string?
---@field jwt string? "auto": asked for by the session of the client that this one is made from, and renewed
---@field key string?
---@field locale string?
---@field project string?
---@field store string|appwrite.StoreFunctions|nil where this client's session is kept
---@field onSessionLost (fun(client: appwrite.Client, err: appwrite.Error))? of this client's session
---@field headers table<string, string>?
---@field timeout number? seconds
---@field nulls "drop"|"keep"|nil
---@field validate "strict"|"loose"|nil
---@field retry appwrite.RetryPolicy|boolean|nil
---@field onRetry (fun(info: appwrite.RetryInfo): boolean?)?
---@field limit appwrite.LimitOption|boolean|nil
---@field log appwrite.LogFunction?

---A client with credentials and cookies of its own over the same connections: one per request in a web server, one
---per player on a game server.
---@param given appwrite.WithOptions
---@return appwrite.Client
function methods:with(given)
  mustBeSelf("client:with", self, Client)
  local problem = clientOptions.checkWith(given)
  if problem then
    error("client:with: " .. problem, 2)
  end
  local state = self[STATE]
  local session
  session, problem = state.session:fork(clientOptions.forFork(given))
  if not session then
    error("client:with: " .. tostring(problem), 2)
  end
  local made, why, own = make(session, state, given)
  if not made then
    error("client:with: " .. why, 2)
  end
  if clientOptions.renewsJwt(given) then
    own.renewal = require("appwrite.jwt").new(self, state.session, session)
  end
  return made
end

-- The user is another one, by what the program did.
local function userSet(self, isGone)
  local state = self[STATE]
  state.renewal = nil
  tellRealtime(self, isGone)
  if state.keeper then
    state.keeper:sync()
  end
end

local SET = { key = true, jwt = true, session = true, locale = true }
local HAS = { key = true, jwt = true, session = true, locale = true, cookies = true }

---Set or forget a credential of this client; what was set cannot be read back.
---@param name "key"|"jwt"|"session"|"locale"
---@param value string? nil forgets it
---@return appwrite.Client self
function methods:set(name, value)
  mustBeSelf("client:set", self, Client)
  if not SET[name] then
    error(format('client:set: "%s" is none of "key", "jwt", "session", "locale"', tostring(name)), 2)
  end
  if value ~= nil and (type(value) ~= "string" or value == "") then
    error(format('client:set: "%s" must be a string that is not empty, or nil to forget it, got %s', name,
      value == "" and "an empty one" or type(value)), 2)
  end
  local done, problem = self[STATE].session:set(name, value)
  if not done then
    error("client:set: " .. tostring(problem), 2)
  end
  if name == "session" or name == "jwt" then
    userSet(self, value == nil)
  elseif name ~= "locale" then
    tellRealtime(self, value == nil)
  end
  log.emit(self[STATE], "info", "session.set", { name = name, set = value ~= nil })
  return self
end

---Whether a credential is set: the only thing that can be asked of one.
---@param name "key"|"jwt"|"session"|"locale"|"cookies"
---@return boolean
function methods:has(name)
  mustBeSelf("client:has", self, Client)
  if not HAS[name] then
    error(format('client:has: "%s" is none of "key", "jwt", "session", "locale", "cookies"', tostring(name)), 2)
  end
  return self[STATE].session:has(name)
end

---Forget the user: session, JWT and cookies, also in the store. The server is not told; `account.logoutSessionById`
---does that.
function methods:forget()
  mustBeSelf("client:forget", self, Client)
  self[STATE].session:clear()
  userSet(self, true)
  log.emit(self[STATE], "info", "session.forgotten")
end

local function openSession(given, endpoint, used)
  local wanted = clientOptions.forOpen(given)
  wanted.endpoint = endpoint
  return used.open(wanted)
end

---@param given table see `appwrite.new`
---@return appwrite.Client? client
---@return string? problem
function client.new(given)
  local problem = clientOptions.checkNew(given)
  if problem then
    return nil, problem
  end
  local used = given.transport or require "appwrite.transport.curl"
  local session
  session, problem = openSession(given, given.endpoint or given.basePath or DEFAULT_ENDPOINT, used)
  if not session then
    return nil, tostring(problem)
  end
  problem = given.transport and transport.checkSession(session, used.name)
  if problem then
    return nil, problem
  end
  local made
  made, problem = make(session, { transport = used, engine = engine.of(used), nulls = "drop", loose = false,
    maxResponse = MAX_RESPONSE, log = log.new(), retry = used.retry ~= false and retry.DEFAULT }, given)
  return made, problem
end

return client
