--- Carries a GraphQL operation out: each field of Query or Mutation is an operation of the API.

local check = require "server.graphql_check"
local errors = require "server.errors"
local json = require "server.json"
local lexer = require "server.graphql_lexer"
local parser = require "server.graphql_parser"
local realtimeJson = require "server.realtime_json"

local find, format, gsub, match, sub = string.find, string.format, string.gsub, string.match, string.sub

---@class graphql.Run
---@field request sandbox.Request
---@field document graphql.Document
---@field types table<string, graphql.Type>
---@field variables table<string, any>
---@field problems graphql.Problem[]
local Run = { __name = "graphql.Run" }
Run.__index = Run

-- --- variables and arguments

local function wrongValue(variable, value, base)
  lexer.fail(format('Variable "$%s" got invalid value %s; Expected type %s.', variable.name, json.encode(value), base),
    variable.at)
end

local function checkValue(variable, kind, value)
  if value == json.null then
    if match(kind, "!$") then
      lexer.fail(format('Variable "$%s" of non-null type "%s" must not be null.', variable.name, variable.type),
        variable.at)
    end
    return value
  end
  kind = gsub(kind, "!$", "")
  local member = match(kind, "^%[(.*)%]$")
  if not member then
    if not check.isOf(kind, value) then
      wrongValue(variable, value, kind)
    end
    return value
  elseif not json.isArray(value) then
    return json.array { checkValue(variable, member, value) }
  end
  for _, each in ipairs(value) do
    checkValue(variable, member, each)
  end
  return value
end

-- A value of the document; nil for a variable that was not given.
function Run:valueOf(value)
  if value.kind == "variable" then
    return self.variables[value.value]
  elseif value.kind == "null" then
    return json.null
  elseif value.kind == "list" then
    local list = json.array()
    for index, member in ipairs(value.value) do
      local each = self:valueOf(member)
      list[index] = each == nil and json.null or each
    end
    return list
  elseif value.kind == "object" then
    local object = json.object()
    for _, member in ipairs(value.value) do
      local each = self:valueOf(member.value)
      if each ~= nil then
        object:set(member.name, each)
      end
    end
    return object
  end
  return value.value
end

function Run:readVariables(operation, given)
  for _, variable in ipairs(operation.variables) do
    local value = given[variable.name]
    if value == nil and variable.default then
      value = self:valueOf(variable.default)
    elseif value == nil and match(variable.type, "!$") then
      lexer.fail(format('Variable "$%s" of required type "%s" was not provided.', variable.name, variable.type),
        variable.at)
    elseif value ~= nil then
      value = checkValue(variable, variable.type, value)
    end
    self.variables[variable.name] = value
  end
end

-- Parameters for the API: JSON comes as a text here.
function Run:argumentsOf(selection, field)
  local given = {}
  for _, argument in ipairs(selection.arguments) do
    local value, kind = self:valueOf(argument.value), field.arguments[argument.name].type
    if find(kind, "^Json") and type(value) == "string" then
      local decoded = json.decode(value)
      value = decoded == nil and value or decoded
    elseif find(kind, "^%[") and value ~= nil and value ~= json.null and not json.isArray(value) then
      value = json.array { value }
    end
    given[argument.name] = value
  end
  return given
end

-- --- selections

function Run:isLeftOut(selection)
  for _, directive in ipairs(selection.directives) do
    if self:valueOf(directive.arguments[1].value) == (directive.name == "skip") then
      return true
    end
  end
  return false
end

local function addField(groups, selection)
  local key = selection.alias
  local group = groups[key]
  if not group then
    group = { key = key, field = selection, selections = {} }
    groups[key], groups[#groups + 1] = group, group
  elseif group.field.name ~= selection.name then
    lexer.fail(format('Fields "%s" conflict because %s and %s are different fields. Use different aliases on the '
      .. "fields to fetch both if this was intentional.", key, group.field.name, selection.name), selection.at)
  end
  for _, inner in ipairs(selection.selections or {}) do
    group.selections[#group.selections + 1] = inner
  end
end

-- Fields by the name they have in the answer; those of fragments included.
function Run:collect(selections, groups)
  groups = groups or {}
  for _, selection in ipairs(selections) do
    if self:isLeftOut(selection) then
      groups = groups -- nothing of it
    elseif selection.kind == "field" then
      addField(groups, selection)
    else
      local inner = selection.kind == "inline" and selection or self.document.fragments[selection.name]
      self:collect(inner.selections, groups)
    end
  end
  return groups
end

-- --- results

-- Lists become objects in the JSON inside of an answer.
local function withoutLists(value)
  local copy
  if json.isObject(value) then
    copy = json.object()
    for name, member in value:each() do
      copy:set(name, withoutLists(member))
    end
  elseif json.isArray(value) then
    copy = json.object()
    for index, member in ipairs(value) do
      copy:set(tostring(index - 1), withoutLists(member))
    end
  end
  return copy or value
end

-- What no field of the type names, as JSON; the permissions are there as well.
local function freeData(value)
  local rest = json.object()
  for name, member in value:each() do
    if sub(name, 1, 1) ~= "$" then
      rest:set(name, withoutLists(member))
    end
  end
  local permissions = value:get "$permissions"
  if permissions then
    rest:set("$permissions", withoutLists(permissions))
  end
  return realtimeJson.encode(rest)
end

-- An empty object reads as an empty list; what the schema says tells them apart.
function Run:complete(field, value, selections)
  local kind = self.types[field.type]
  if value == nil or value == json.null then
    return json.null
  elseif field.isList then
    local list = json.array()
    for index, member in ipairs(value) do
      list[index] = self:complete({ type = field.type }, member, selections)
    end
    return list
  elseif not kind then
    return value
  elseif json.isArray(value) then
    value = json.object()
  end
  local result = json.object()
  for _, group in ipairs(self:collect(selections)) do
    result:set(group.key, self:member(kind, value, group))
  end
  return result
end

function Run:member(kind, value, group)
  local name = group.field.name
  if name == "__typename" then
    return kind.name
  elseif name == "data" and kind.open then
    return freeData(value)
  end
  return self:complete(kind.fields[name], value:get((gsub(name, "^_", "$"))), group.selections)
end

-- --- operations

local function caught(problem)
  if errors.is(problem) then
    return problem
  end
  ngx.log(ngx.ERR, "sandbox: ", debug.traceback(tostring(problem), 2))
  return { message = "Internal server error", category = "internal" }
end

-- An empty answer says by its status alone how it went.
local function resultOf(answer)
  return answer.status == 204 and json.object("status", true) or json.decode(answer.body)
end

function Run:perform(kind, group)
  if group.field.name == "__typename" then
    return kind.name
  end
  local field = kind.fields[group.field.name]
  local inner, run = self.request:nest(field.operation, self:argumentsOf(group.field, field))
  local ok, answer = xpcall(run, caught)
  for name, value in pairs(inner.out) do
    self.request.out[name] = value
  end
  if not ok then
    self.request.out["Cache-Control"], self.request.out["Pragma"] = "no-cache, no-store, must-revalidate", "no-cache"
    self.problems[#self.problems + 1] = {
      message = answer.message, category = answer.category or "appwrite", at = group.field.at, path = { group.key },
    }
    return json.null
  end
  return self:complete(field, resultOf(answer), group.selections)
end

local function choose(document, name)
  if name == nil or name == json.null or name == "" then
    if #document.operations > 1 then
      lexer.fail "Must provide operation name if query contains multiple operations."
    end
    return document.operations[1] or lexer.fail "Must provide an operation."
  end
  for _, operation in ipairs(document.operations) do
    if operation.name == name then
      return operation
    end
  end
  lexer.fail(format('Unknown operation named "%s".', name))
end

function Run:execute(text, name, variables)
  self.document = parser.parse(text)
  local operation = choose(self.document, name)
  self.problems = check.run(self.document, operation, self.types)
  if self.problems[1] then
    return nil
  end
  self:readVariables(operation, variables)
  local kind = self.types[operation.kind == "query" and "Query" or "Mutation"]
  local data = json.object()
  for _, group in ipairs(self:collect(operation.selections)) do
    data:set(group.key, self:perform(kind, group))
  end
  return data
end

-- --- answers

local function problemModel(text, problem)
  local model = json.object("message", problem.message, "extensions", json.object("category", problem.category))
  if problem.at then
    local line, column = lexer.locate(text, problem.at)
    model:set("locations", json.array { json.object("line", line, "column", column) })
  end
  if problem.path then
    model:set("path", json.array { unpack(problem.path) })
  end
  return model
end

local run = {}

---Answer one GraphQL request.
---@param request sandbox.Request
---@param types table<string, graphql.Type>
---@param text string the document
---@param name? string of the operation, where the document has several
---@param variables table<string, any>
---@return sandbox.Object result with `data`, `errors` or both
function run.run(request, types, text, name, variables)
  local self = setmetatable({ request = request, types = types, variables = {}, problems = {} }, Run)
  local ok, data = pcall(self.execute, self, text, name, variables)
  if not ok then
    if not lexer.isProblem(data) then
      error(data, 0)
    end
    self.problems, data = { data }, nil
  end
  local result = json.object()
  if self.problems[1] then
    local list = json.array()
    for index, problem in ipairs(self.problems) do
      list[index] = problemModel(text, problem)
    end
    result:set("errors", list)
  end
  return data and result:set("data", data) or result
end

return run
