--- Checks a GraphQL operation against the schema before anything of it is carried out, with the words of the real
-- server's library (webonyx/graphql-php 14).

local json = require "server.json"
local lexer = require "server.graphql_lexer"
local schema = require "server.graphql_schema"
local suggest = require "server.suggest"

local format, gsub, match = string.format, string.gsub, string.match

---@class graphql.Check
---@field document graphql.Document
---@field operation graphql.Operation
---@field types table<string, graphql.Type>
---@field problems graphql.Problem[]
---@field declared table<string, { type: string, default: any }>
---@field usedVariables table<string, boolean>
---@field usedFragments table<string, boolean>
local Check = { __name = "graphql.Check" }
Check.__index = Check

function Check:problem(at, message, ...)
  self.problems[#self.problems + 1] = lexer.problem(format(message, ...), at)
end

local function show(value)
  if value.kind == "list" then
    local members = {}
    for index, member in ipairs(value.value) do
      members[index] = show(member)
    end
    return "[" .. table.concat(members, ", ") .. "]"
  elseif value.kind == "object" then
    local members = {}
    for index, member in ipairs(value.value) do
      members[index] = member.name .. ": " .. show(member.value)
    end
    return "{" .. table.concat(members, ", ") .. "}"
  elseif value.kind == "scalar" and type(value.value) ~= "boolean" then
    return json.encode(value.value)
  end
  return value.kind == "null" and "null" or (value.kind == "variable" and "$" or "") .. tostring(value.value)
end

---Whether a JSON value is of a scalar type.
---@param kind string
local function isOf(kind, value)
  if kind == "String" or kind == "ID" then
    return type(value) == "string"
  elseif kind == "Boolean" then
    return type(value) == "boolean"
  elseif kind == "Int" then
    return json.isInteger(value)
  elseif kind == "Float" then
    return json.isInteger(value) or type(value) == "number"
  end
  return true
end

-- Whether a variable of one type may stand where another is wanted.
local function goes(have, want, hasDefault)
  if match(want, "!$") then
    if not match(have, "!$") and not hasDefault then
      return false
    end
    want = gsub(want, "!$", "")
  end
  have = gsub(have, "!$", "")
  local haveList, wantList = match(have, "^%[(.*)%]$"), match(want, "^%[(.*)%]$")
  if haveList or wantList then
    return haveList ~= nil and wantList ~= nil and goes(haveList, wantList, false)
  end
  return have == want
end

local function fits(want, value)
  if value.kind == "null" then
    return not match(want, "!$")
  end
  want = gsub(want, "!$", "")
  local member = match(want, "^%[(.*)%]$")
  if member and value.kind == "list" then
    for _, each in ipairs(value.value) do
      if each.kind ~= "variable" and not fits(member, each) then
        return false
      end
    end
    return true
  elseif member then
    return fits(member, value) -- one value stands for a list of it
  end
  return want == "Json" or value.kind == "scalar" and isOf(want, value.value)
end

function Check:variableAt(value, want)
  local declared = self.declared[value.value]
  self.usedVariables[value.value] = true
  if not declared then
    local name = self.operation.name
    self:problem(value.at, 'Variable "$%s" is not defined%s.', value.value,
      name and format(' by operation "%s"', name) or "")
  elseif want and not goes(declared.type, want, declared.default ~= nil) then
    self:problem(value.at, 'Variable "$%s" of type "%s" used in position expecting type "%s".', value.value,
      declared.type, want)
  end
end

-- Variables inside of lists and objects.
function Check:variablesIn(value)
  for _, member in ipairs((value.kind == "list" or value.kind == "object") and value.value or {}) do
    local inner = value.kind == "object" and member.value or member
    if inner.kind == "variable" then
      self:variableAt(inner)
    else
      self:variablesIn(inner)
    end
  end
end

function Check:argument(type, field, argument)
  local known = (field.arguments or {})[argument.name]
  if not known then
    return self:problem(argument.at, 'Unknown argument "%s" on field "%s" of type "%s".%s', argument.name, field.name,
      type.name, suggest.hint(argument.name, field.names or {}))
  end
  if argument.value.kind == "variable" then
    return self:variableAt(argument.value, known.type)
  end
  self:variablesIn(argument.value)
  if not fits(known.type, argument.value) then
    self:problem(argument.value.at, 'Field "%s" argument "%s" requires type %s, found %s.', field.name, argument.name,
      known.type, show(argument.value))
  end
end

function Check:arguments(type, name, field, selection)
  local given = {}
  for _, argument in ipairs(selection.arguments) do
    given[argument.name] = true
    self:argument(type, { name = name, arguments = field.arguments, names = field.names }, argument)
  end
  for _, argument in ipairs(field.names or {}) do
    if field.arguments[argument].required and not given[argument] then
      self:problem(selection.at, 'Field "%s" argument "%s" of type "%s" is required but not provided.', name, argument,
        field.arguments[argument].type)
    end
  end
end

local INTROSPECTION = { __schema = true, __type = true }

function Check:field(type, selection)
  local name = selection.name
  if name == "__typename" then
    return
  elseif INTROSPECTION[name] and type.name == "Query" then
    return self:problem(selection.at,
      "GraphQL introspection is not allowed, but the query contained __schema or __type")
  end
  local field = type.fields[name]
  if not field then
    return self:problem(selection.at, 'Cannot query field "%s" on type "%s".%s', name, type.name,
      suggest.hint(name, type.names))
  end
  self:arguments(type, name, field, selection)
  local inner = self.types[field.type]
  local shown = field.isList and format("[%s]", field.type) or field.type
  if inner and not selection.selections then
    self:problem(selection.at, 'Field "%s" of type "%s" must have a sub selection.', name, shown)
  elseif selection.selections and not inner then
    self:problem(selection.at, 'Field "%s" must not have a selection since type "%s" has no subfields.', name, shown)
  elseif inner then
    self:selections(inner, selection.selections)
  end
end

local DIRECTIVES = { skip = true, include = true }

function Check:directives(selection)
  for _, directive in ipairs(selection.directives) do
    local condition = directive.arguments[1]
    if not DIRECTIVES[directive.name] then
      self:problem(directive.at, 'Unknown directive "%s".', directive.name)
    elseif not condition or condition.name ~= "if" or #directive.arguments > 1 then
      self:problem(directive.at, 'Directive "@%s" argument "if" of type "Boolean!" is required but not provided.',
        directive.name)
    elseif condition.value.kind == "variable" then
      self:variableAt(condition.value, "Boolean!")
    elseif not fits("Boolean!", condition.value) then
      self:problem(condition.value.at, 'Directive "@%s" argument "if" requires type Boolean!, found %s.',
        directive.name, show(condition.value))
    end
  end
end

function Check:spread(type, selection)
  local fragment = self.document.fragments[selection.name]
  if not fragment then
    return self:problem(selection.at, 'Unknown fragment "%s".', selection.name)
  elseif fragment.type ~= type.name then
    return self:problem(selection.at,
      'Fragment "%s" cannot be spread here as objects of type "%s" can never be of type "%s".', selection.name,
      type.name, fragment.type)
  elseif self.inside[selection.name] then
    return self:problem(selection.at, 'Cannot spread fragment "%s" within itself.', selection.name)
  end
  self.usedFragments[selection.name], self.inside[selection.name] = true, true
  self:selections(type, fragment.selections)
  self.inside[selection.name] = nil
end

function Check:selections(type, list)
  for _, selection in ipairs(list) do
    self:directives(selection)
    if selection.kind == "field" then
      self:field(type, selection)
    elseif selection.kind == "spread" then
      self:spread(type, selection)
    elseif selection.type and selection.type ~= type.name then
      self:problem(selection.at, 'Fragment cannot be spread here as objects of type "%s" can never be of type "%s".',
        type.name, selection.type)
    else
      self:selections(type, selection.selections)
    end
  end
end

function Check:declare()
  for _, variable in ipairs(self.operation.variables) do
    local base = gsub(variable.type, "[%[%]!]", "")
    if not schema.INPUTS[base] then
      self:problem(variable.at, 'Unknown type "%s".', base)
    end
    self.declared[variable.name] = variable
  end
end

-- What is declared and not used is wrong too.
function Check:leftovers()
  for _, variable in ipairs(self.operation.variables) do
    if not self.usedVariables[variable.name] then
      local name = self.operation.name
      self:problem(variable.at, 'Variable "$%s" is never used%s.', variable.name,
        name and format(' in operation "%s"', name) or "")
    end
  end
  for name, fragment in pairs(#self.document.operations == 1 and self.document.fragments or {}) do
    if not self.usedFragments[name] then
      self:problem(fragment.at, 'Fragment "%s" is never used.', name)
    end
  end
end

local check = { isOf = isOf }

---@param document graphql.Document
---@param operation graphql.Operation
---@param types table<string, graphql.Type>
---@return graphql.Problem[] problems none where all is right
function check.run(document, operation, types)
  local self = setmetatable({
    document = document, operation = operation, types = types, problems = {}, declared = {}, usedVariables = {},
    usedFragments = {}, inside = {},
  }, Check)
  self:declare()
  self:selections(types[operation.kind == "query" and "Query" or "Mutation"], operation.selections)
  self:leftovers()
  return self.problems
end

return check
