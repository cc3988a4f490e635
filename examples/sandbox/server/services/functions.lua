--- The functions service: executions of the functions of the start-up file.

local clock = require "server.clock"
local errors = require "server.errors"
local events = require "server.events"
local executor = require "server.executor"
local identity = require "server.identity"
local json = require "server.json"
local options = require "server.options"
local queries = require "server.queries"
local response = require "server.response"
local selection = require "server.selection"
local validation = require "server.validation"
local permissions = require "server.permissions"

local find, format, lower, sub = string.find, string.format, string.lower, string.sub

local METHODS = { "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" }

-- Of the headers of a request and of an answer only these are kept with an execution.
local KEPT = { ["content-type"] = true, agent = true, ["content-length"] = true, host = true }
local KEPT_OF_ANSWER = { ["content-type"] = true, ["content-length"] = true }

local FUNCTION = { "functionId", validation.uid }

local function findFunction(request)
  return request.project.functions[request.params.functionId] or errors.raise "function_not_found"
end

local function headerList(headers, kept)
  local list = json.array()
  for _, header in ipairs(headers) do
    if not kept or kept[lower(header[1])] then
      list[#list + 1] = json.object("name", header[1], "value", header[2])
    end
  end
  return list
end

-- Logs and errors are for servers with a key.
local function executionModel(execution, isKey, answer)
  return json.object("$id", execution.id, "$createdAt", execution.createdAt, "$updatedAt", execution.updatedAt,
    "$permissions", execution.permissions, "functionId", execution.functionId, "trigger", "http",
    "status", execution.status, "requestMethod", execution.requestMethod, "requestPath", execution.requestPath,
    "requestHeaders", execution.requestHeaders, "responseStatusCode", execution.responseStatusCode,
    "responseBody", answer and answer.body or "",
    "responseHeaders", answer and headerList(answer.headers) or execution.responseHeaders,
    "logs", isKey and execution.logs or "", "errors", isKey and execution.errors or "",
    "duration", execution.duration)
end

-- What those hear who follow an execution: the worker of the real server tells them more than the API does.
local function workerModel(fn, execution)
  return json.object("functionInternalId", "1", "functionId", fn.id, "deploymentInternalId", "1",
    "deploymentId", fn.deploymentId, "trigger", "http", "status", execution.status, "duration", execution.duration,
    "errors", execution.errors, "logs", execution.logs, "requestMethod", execution.requestMethod,
    "requestPath", execution.requestPath, "requestHeaders", execution.requestHeaders,
    "responseStatusCode", execution.responseStatusCode, "responseHeaders", execution.responseHeaders,
    "search", fn.id .. " " .. execution.id, "$internalId", tostring(execution.sequence), "$id", execution.id,
    "$createdAt", execution.createdAt, "$updatedAt", execution.updatedAt, "$permissions", execution.permissions,
    "$collection", "executions")
end

local function emit(request, action, execution, model)
  events.emit(request.project, "executions." .. action, { execution.functionId, execution.id }, model,
    events.ownReaders(execution))
end

-- Headers as a runtime gets them: those of the caller, then who he is.
local function headersFor(request)
  local list = {}
  local given = request.params.headers
  if json.isObject(given) then
    for name, value in given:each() do
      list[#list + 1] = { name, type(value) == "string" and value or json.encode(value) }
    end
  end
  local user, session = request.user, request.session
  local more = {
    "x-appwrite-trigger", "http", "x-appwrite-user-id", user and user.id or "",
    "x-appwrite-user-jwt", session and identity.newJwt(request.project, session) or "",
    "x-appwrite-country-code", "", "x-appwrite-continent-code", "", "x-appwrite-continent-eu", "false",
  }
  for index = 1, #more, 2 do
    list[#list + 1] = { more[index], more[index + 1] }
  end
  return list
end

local function newExecution(request, fn, given)
  local params, user, now = request.params, request.user, clock.iso()
  return {
    id = clock.id(), functionId = fn.id, createdAt = now, updatedAt = now,
    permissions = json.array(user and { format('read("user:%s")', user.id) } or {}),
    status = "waiting", requestMethod = params.method or "POST", requestPath = params.path or "/",
    requestHeaders = headerList(given, KEPT), responseStatusCode = 0, responseHeaders = json.array(), logs = "",
    errors = "", duration = 0,
  }
end

local function finish(execution, outcome)
  execution.status = outcome.status < 400 and "completed" or "failed"
  execution.responseStatusCode, execution.responseHeaders = outcome.status, headerList(outcome.headers, KEPT_OF_ANSWER)
  execution.logs, execution.errors, execution.duration = outcome.logs, outcome.errors, outcome.seconds
  execution.updatedAt = clock.iso()
end

local function runLater(request, fn, execution, work)
  assert(ngx.timer.at(0, function(premature)
    if not premature then
      execution.status = "processing"
      finish(execution, executor.run(fn, work))
      emit(request, "update", execution, workerModel(fn, execution))
    end
  end))
end

local function checkMayExecute(request, fn)
  local granted = {}
  for index, role in ipairs(fn.execute) do
    granted[index] = format('execute("%s")', role)
  end
  if not permissions.allows(request, "execute", granted) then
    errors.raise("user_unauthorized", #granted == 0 and "No permissions provided for action 'execute'"
      or format('Missing "execute" permission for role "%s". Only "%s" scopes are allowed and "%s" was given.',
        fn.execute[#fn.execute], json.encode(json.array { unpack(request.roles) }),
        json.encode(json.array { unpack(fn.execute) })))
  end
end

local function boolean(value)
  return type(value) ~= "boolean" and "Value must be a valid boolean" or nil
end

-- A text of any length, which the real server describes oddly.
local function anyText(value)
  return type(value) ~= "string" and "Value must be a valid string and exactly 0 chars" or nil
end

local function headers(value)
  if not json.isObject(value) and not (json.isArray(value) and #value == 0) then
    return "Value must be a valid object."
  end
end

local functions = {}

functions.triggerFunctionExecution = {
  params = {
    FUNCTION, { "body", anyText, optional = true }, { "async", boolean, optional = true },
    { "path", validation.text(2048), optional = true }, { "method", options.oneOf(METHODS, true), optional = true },
    { "headers", headers, optional = true },
  },
  handler = function(request)
    local fn, params = findFunction(request), request.params
    checkMayExecute(request, fn)
    local given = headersFor(request)
    local work = {
      method = params.method or "POST", path = params.path or "/", headers = given, body = params.body or "",
    }
    if params.async then
      local execution = fn.executions:add(newExecution(request, fn, given))
      local model = executionModel(execution, request.isKey)
      emit(request, "create", execution, model)
      runLater(request, fn, execution, work)
      return response.json(202, model)
    end
    local outcome = executor.run(fn, work)
    local execution = fn.executions:add(newExecution(request, fn, given))
    finish(execution, outcome)
    local model = executionModel(execution, request.isKey, outcome)
    emit(request, "create", execution, model)
    return response.json(201, model)
  end,
}

functions.getExecutionLog = {
  params = { FUNCTION, { "executionId", validation.uid } },
  handler = function(request)
    local execution = findFunction(request).executions:get(request.params.executionId)
    if not execution or not permissions.allows(request, "read", execution.permissions) then
      errors.raise "execution_not_found"
    end
    return response.json(200, executionModel(execution, request.isKey))
  end,
}

local SCHEMA = {
  attributes = {
    ["$id"] = { type = "string" }, ["$createdAt"] = { type = "datetime" }, ["$updatedAt"] = { type = "datetime" },
    trigger = { type = "string" }, status = { type = "string" }, responseStatusCode = { type = "integer" },
    duration = { type = "float" },
  },
  fail = queries.failParam,
}

local function readValue(execution, name)
  return name == "trigger" and "http" or execution[sub(name, 1, 1) == "$" and sub(name, 2) or name]
end

functions.listExecutions = {
  params = { FUNCTION, queries.param, { "search", validation.text(256, 0), optional = true } },
  handler = function(request)
    local fn = findFunction(request)
    local term = lower(request.params.search or "")
    local found, total = selection.run(queries.read(SCHEMA, request.params.queries), fn.executions, {
      noun = "Execution", read = readValue,
      visible = function(execution)
        return find(lower(fn.id .. " " .. execution.id), term, 1, true)
          and permissions.allows(request, "read", execution.permissions)
      end,
    })
    local list = json.array()
    for index, execution in ipairs(found) do
      list[index] = executionModel(execution, request.isKey)
    end
    return response.json(200, json.object("total", total, "executions", list))
  end,
}

return functions
