--- Reads a GraphQL document that asks for something: operations and fragments. Debian has no library for it that runs
-- in nginx, so this reads the part of the language that such documents use, and refuses the rest.

local json = require "server.json"
local lexer = require "server.graphql_lexer"

local format = string.format

---@class graphql.Value
---@field kind "variable"|"scalar"|"enum"|"list"|"object"|"null"
---@field value any of a scalar, an enum or a variable's name; members for a list; graphql.Argument[] for an object
---@field at integer

---@class graphql.Argument
---@field name string
---@field value graphql.Value
---@field at integer

---@class graphql.Selection
---@field kind "field"|"spread"|"inline"
---@field name? string of the field or fragment
---@field alias? string
---@field arguments? graphql.Argument[]
---@field directives graphql.Argument[][] each with `name` and `arguments`
---@field selections? graphql.Selection[]
---@field type? string of an inline fragment
---@field at integer

---@class graphql.Operation
---@field kind "query"|"mutation"
---@field name? string
---@field variables { name: string, type: string, default?: graphql.Value, at: integer }[]
---@field selections graphql.Selection[]
---@field at integer

---@class graphql.Document
---@field operations graphql.Operation[]
---@field fragments table<string, { name: string, type: string, selections: graphql.Selection[], at: integer }>

local Parser = { __name = "graphql.Parser" }
Parser.__index = Parser

local SHOWN = { name = "Name", int = "Int", float = "Float", string = "String" }

local function describe(token)
  if token.kind == "punctuator" or token.kind == "end" then
    return token.text
  end
  return format('%s "%s"', SHOWN[token.kind], token.text)
end

function Parser:peek()
  return self.tokens[self.position]
end

function Parser:next()
  local token = self.tokens[self.position]
  self.position = self.position + 1
  return token
end

function Parser:is(text)
  local token = self:peek()
  return token.kind == "punctuator" and token.text == text
end

function Parser:take(text)
  if self:is(text) then
    return self:next()
  end
end

function Parser:unexpected()
  lexer.fail("Syntax Error: Unexpected " .. describe(self:peek()), self:peek().at)
end

function Parser:expect(text)
  return self:take(text)
    or lexer.fail(format("Syntax Error: Expected %s, found %s", text, describe(self:peek())), self:peek().at)
end

function Parser:expectName()
  local token = self:peek()
  if token.kind ~= "name" then
    lexer.fail("Syntax Error: Expected Name, found " .. describe(token), token.at)
  end
  return self:next()
end

-- One or more of something between two marks.
function Parser:many(open, read, close)
  local list = {}
  self:expect(open)
  repeat
    list[#list + 1] = read(self)
  until self:take(close)
  return list
end

local WORDS = { ["true"] = true, ["false"] = false }

function Parser:listValue(constant)
  local members = {}
  while not self:take "]" do
    members[#members + 1] = self:value(constant)
  end
  return members
end

function Parser:objectValue(constant)
  local members = {}
  while not self:take "}" do
    local name = self:expectName()
    self:expect ":"
    members[#members + 1] = { name = name.text, value = self:value(constant), at = name.at }
  end
  return members
end

---@param constant? boolean whether a variable is forbidden
function Parser:value(constant)
  local token = self:next()
  local at, kind, text = token.at, token.kind, token.text
  if kind == "int" or kind == "float" then
    return { kind = "scalar", value = json.decode(text), at = at, isFloat = kind == "float" }
  elseif kind == "string" then
    return { kind = "scalar", value = text, at = at }
  elseif kind == "name" then
    if text == "null" then
      return { kind = "null", at = at }
    elseif WORDS[text] ~= nil then
      return { kind = "scalar", value = WORDS[text], at = at }
    end
    return { kind = "enum", value = text, at = at }
  elseif text == "[" then
    return { kind = "list", value = self:listValue(constant), at = at }
  elseif text == "{" then
    return { kind = "object", value = self:objectValue(constant), at = at }
  elseif text == "$" and not constant then
    return { kind = "variable", value = self:expectName().text, at = at }
  end
  self.position = self.position - 1
  self:unexpected()
end

function Parser:argument()
  local name = self:expectName()
  self:expect ":"
  return { name = name.text, value = self:value(), at = name.at }
end

function Parser:arguments()
  return self:is "(" and self:many("(", Parser.argument, ")") or {}
end

function Parser:directives()
  local list = {}
  while self:is "@" do
    local at = self:next().at
    list[#list + 1] = { name = self:expectName().text, arguments = self:arguments(), at = at }
  end
  return list
end

function Parser:field()
  local first = self:expectName()
  local name = self:take ":" and self:expectName() or first
  local field = {
    kind = "field", alias = first.text, name = name.text, at = first.at, arguments = self:arguments(),
    directives = self:directives(),
  }
  if self:is "{" then
    field.selections = self:selections()
  end
  return field
end

function Parser:selection()
  if not self:is "..." then
    return self:field()
  end
  local at, token = self:next().at, self:peek()
  if token.kind == "name" and token.text ~= "on" then
    return { kind = "spread", name = self:next().text, directives = self:directives(), at = at }
  end
  local condition
  if token.kind == "name" then
    self:next()
    condition = self:expectName().text
  end
  return { kind = "inline", type = condition, directives = self:directives(), selections = self:selections(), at = at }
end

function Parser:selections()
  self.depth = self.depth + 1
  if self.depth > 100 then
    lexer.fail("Syntax Error: too many selections inside of each other", self:peek().at)
  end
  local list = self:many("{", Parser.selection, "}")
  self.depth = self.depth - 1
  return list
end

function Parser:type()
  local text
  if self:take "[" then
    text = "[" .. self:type() .. "]"
    self:expect "]"
  else
    text = self:expectName().text
  end
  return self:take "!" and text .. "!" or text
end

function Parser:variable()
  local at = self:expect "$".at
  local name = self:expectName().text
  self:expect ":"
  local kind = self:type()
  return { name = name, type = kind, default = self:take "=" and self:value(true) or nil, at = at }
end

function Parser:operation()
  if self:is "{" then
    return { kind = "query", variables = {}, at = self:peek().at, selections = self:selections() }
  end
  local kind = self:next()
  local operation = { kind = kind.text, at = kind.at, variables = {} }
  operation.name = self:peek().kind == "name" and self:next().text or nil
  if self:is "(" then
    operation.variables = self:many("(", Parser.variable, ")")
  end
  self:directives()
  operation.selections = self:selections()
  return operation
end

function Parser:fragment()
  local at = self:next().at
  local name = self:expectName()
  if name.text == "on" or self:expectName().text ~= "on" then
    self:unexpected()
  end
  local kind = self:expectName().text
  self:directives()
  return { name = name.text, type = kind, selections = self:selections(), at = at }
end

local OPERATIONS = { query = true, mutation = true }

local parser = {}

---@param text string
---@return graphql.Document document raises a graphql.Problem
function parser.parse(text)
  local self = setmetatable({ tokens = lexer.read(text), position = 1, depth = 0 }, Parser)
  local document = { operations = {}, fragments = {} }
  repeat
    local token = self:peek()
    if token.kind == "name" and token.text == "fragment" then
      local fragment = self:fragment()
      document.fragments[fragment.name] = fragment
    elseif self:is "{" or token.kind == "name" and OPERATIONS[token.text] then
      document.operations[#document.operations + 1] = self:operation()
    else
      self:unexpected()
    end
  until self:peek().kind == "end"
  return document
end

return parser
