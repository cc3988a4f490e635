--- The options of clients and of calls: which there are, and the checks that they meet.

local options = require "appwrite.options"
local retry = require "appwrite.retry"
local transport = require "appwrite.transport"

local ipairs, pairs, type = ipairs, pairs, type

local AUTO = "auto" -- of the option `jwt`

local clientOptions = {}

local CREDENTIALS = {
  key = { type = "string", nonEmpty = true },
  jwt = { type = "string", nonEmpty = true },
  session = { type = "string", nonEmpty = true },
  locale = { type = "string", nonEmpty = true },
  project = { type = "string", nonEmpty = true },
  headers = { type = "table" },
}

-- Of one user, as the credentials are.
local USER = {
  store = { type = "string", other = "table", nonEmpty = true },
  onSessionLost = { type = "function" },
}

local BEHAVIOUR = {
  timeout = { type = "number", unit = "seconds (0: no limit)" },
  nulls = { type = "string", enum = { "drop", "keep" } },
  validate = { type = "string", enum = { "strict", "loose" } },
  log = { type = "function" },
  retry = { type = "table", other = "boolean" },
  limit = { type = "table", other = "boolean" },
  onRetry = { type = "function" },
}

local CONNECTION = {
  endpoint = { type = "string", nonEmpty = true },
  caFile = { type = "string", nonEmpty = true },
  selfSigned = { type = "boolean" },
  verifyStatus = { type = "boolean" },
  proxy = { type = "string", nonEmpty = true },
  userAgent = { type = "string", nonEmpty = true },
  connectTimeout = { type = "number", unit = "seconds" },
  lowSpeedLimit = { type = "number", unit = "bytes a second" },
  lowSpeedTime = { type = "number", unit = "seconds" },
  maxResponseBytes = { type = "number", min = 1, unit = "bytes" },
  maxConnections = { type = "number", min = 1, max = 10000, whole = true, unit = "connections" },
}

local function union(...)
  local all = {}
  for _, rules in ipairs { ... } do
    for name, rule in pairs(rules) do
      all[name] = rule
    end
  end
  return all
end

local NEW = union(CREDENTIALS, USER, BEHAVIOUR, CONNECTION, {
  basePath = CONNECTION.endpoint,
  transport = { type = "table" },
})
local WITH = union(CREDENTIALS, USER, BEHAVIOUR)

---@class appwrite.CallOptions what a call takes behind its parameters
---@field timeout number? seconds for this call, instead of the client's; 0: no limit
---@field headers table<string, string>? beside the client's
---@field to string|(fun(bytes: string): boolean?)|nil where a file or an image goes: a path, or a function that gets it
---  piece by piece and ends it by returning false
---@field onProgress (fun(progress: appwrite.Progress): boolean?)|nil of uploads and downloads; false ends it
---@field retry appwrite.RetryPolicy|boolean|nil instead of the client's
local CALL = {
  timeout = BEHAVIOUR.timeout,
  headers = { type = "table" },
  to = { type = "string", other = "function", nonEmpty = true },
  onProgress = { type = "function" },
  retry = BEHAVIOUR.retry,
}

local function pick(given, ...)
  local chosen = {}
  for _, rules in ipairs { ... } do
    for name in pairs(rules) do
      chosen[name] = given[name]
    end
  end
  return chosen
end

---What belongs to the transport.
---@param given table of `appwrite.new`, checked
---@return table options of a transport's `open`
function clientOptions.forOpen(given)
  return pick(given, CREDENTIALS, CONNECTION)
end

---@param given table of `client:with`, checked
---@return boolean whether the client is to ask for its JWTs itself
function clientOptions.renewsJwt(given)
  return given.jwt == AUTO
end

---@param given table of `client:with`, checked
---@return table options of a session's `fork`
function clientOptions.forFork(given)
  local chosen = pick(given, CREDENTIALS)
  if chosen.jwt == AUTO then
    chosen.jwt = nil
  end
  return chosen
end

-- Problems, as texts --------------------------------------------------------------------------------------------------

local LIMIT = {
  requests = { type = "number", min = 1, whole = true, unit = "requests" },
  seconds = { type = "number", min = 0.001, unit = "seconds" },
}

local function checkLimit(given)
  if type(given) ~= "table" then
    return nil
  end
  local problem = options.check(given, LIMIT)
  if problem then
    return (problem:gsub('option "', 'option "limit.', 1))
  elseif not (given.requests and given.seconds) then
    return 'option "limit" must have requests and seconds: so many in so much time'
  end
  return nil
end

local function checkStore(given)
  if given.store == nil then
    return nil
  elseif given.session then
    return 'options "session" and "store" exclude each other: the session is the store\'s; client:set sets another'
  end
  return require("appwrite.store").check(given.store)
end

local function checkAll(given, rules)
  local problem = options.check(given, rules)
  if not problem and given.headers then
    problem = options.checkHeaders(given.headers)
  end
  return problem or retry.check(given.retry) or checkLimit(given.limit) or checkStore(given)
end

---@param given any of `client:with`
---@return string? problem
function clientOptions.checkWith(given)
  return checkAll(given, WITH)
end

---@param given any of `appwrite.new`
---@return string? problem
function clientOptions.checkNew(given)
  local problem = checkAll(given, NEW)
  if problem then
    return problem
  end
  if given.jwt == AUTO then
    return 'option "jwt" is "auto" for client:with only: the client that it is called on asks for the JWTs'
  end
  if given.endpoint and given.basePath then
    return 'options "endpoint" and "basePath" mean the same; give one'
  end
  if not given.project then
    return 'option "project" is missing: the id of your project, as the console shows it'
  end
  return given.transport and transport.check(given.transport)
end

---@param operation appwrite.Prepared
---@param given any of a call
---@param beside table<string, appwrite.OptionRule>? others that were looked for there, and could be misspelt
---@return string? problem
function clientOptions.checkCall(operation, given, beside)
  local problem = options.check(given, beside and union(CALL, beside) or CALL)
  if problem then
    return problem
  end
  if given.to and operation.row.kind ~= "bytes" then
    return 'option "to" goes with the operations that answer with a file or an image'
  end
  if given.onProgress and operation.row.kind ~= "upload" and operation.row.kind ~= "bytes" then
    return 'option "onProgress" goes with storage.createFile and the operations that answer with a file or an image'
  end
  if given.retry ~= nil and (operation.row.kind == "upload" or given.to or given.onProgress) then
    return 'option "retry" goes with calls of one request; what goes in pieces is taken up again by rules of its own'
  end
  return given.headers and options.checkHeaders(given.headers) or retry.check(given.retry)
end

return clientOptions
