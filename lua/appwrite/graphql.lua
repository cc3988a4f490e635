--- What a GraphQL answer becomes: `data`, `data, err` where a part failed, or `nil, err` where all did.
--
-- GraphQL answers with status 200 whatever happens inside, data and errors side by side (GraphQL specification, section
-- 7.1): an error in one field leaves the others as they are.

local Error = require "appwrite.error"
local json = require "appwrite.json"

local format, ipairs, next, type = string.format, ipairs, next, type

local graphql = {}

---@class appwrite.GraphQLQuery what is sent
---@field query string
---@field variables table?       values of the query's variables; appwrite.null is null
---@field operationName string?  which of several operations in it

---@class appwrite.GraphQLFault one of `err.errors`
---@field message string
---@field path (string|integer)[]?                          where in the data
---@field locations { line: integer, column: integer }[]?   where in the query
---@field extensions { category: string }?                  "appwrite": the server's own; "graphql": the query's fault
---@field index integer?                                    of a batch: which of its queries

local function describe(faults)
  local first = faults[1].message
  local message = type(first) == "string" and first or "GraphQL reports an error without a message"
  if #faults > 1 then
    return format("%s (and %d more)", message, #faults - 1)
  end
  return message
end

local function errorOf(operation, answer, faults)
  local err = Error.new {
    kind = "graphql", message = describe(faults), code = answer.status, response = answer.body,
    operation = operation.fullName, attempts = answer.attempts,
  }
  err.errors = faults
  return err
end

local function protocolError(operation, answer)
  return Error.new {
    kind = "protocol", message = "the server's answer has neither data nor errors, as GraphQL wants it",
    code = answer.status, response = answer.body, operation = operation.fullName, attempts = answer.attempts,
  }
end

-- Whether a value is one query's answer.
local function isReply(value)
  if type(value) ~= "table" or json.isArray(value) then
    return false
  end
  local hasErrors = type(value.errors) == "table" and type(value.errors[1]) == "table"
  return value.data ~= nil or hasErrors
end

local function faultsOf(reply)
  return type(reply.errors) == "table" and type(reply.errors[1]) == "table" and reply.errors or nil
end

-- A field that failed is null: one that holds nothing else tells nothing.
local function usable(data)
  if type(data) ~= "table" then
    return nil
  end
  for _, value in next, data do
    if value ~= json.null then
      return data
    end
  end
  return nil
end

local function one(operation, answer, reply)
  local faults = faultsOf(reply)
  if faults then
    return usable(reply.data), errorOf(operation, answer, faults)
  end
  return reply.data
end

-- Each of a batch stays as it came, so that its place tells which query it answers.
local function batch(operation, answer, replies)
  local all = {}
  for index, reply in ipairs(replies) do
    if not isReply(reply) then
      return nil, protocolError(operation, answer)
    end
    for _, fault in ipairs(faultsOf(reply) or {}) do
      fault.index = index
      all[#all + 1] = fault
    end
  end
  return replies, all[1] and errorOf(operation, answer, all) or nil
end

---@param operation appwrite.Prepared
---@param answer appwrite.Answer
---@param value any what the server sent, decoded
---@return table? data of one query: its data; of a batch: an array of { data, errors }
---@return appwrite.Error? err of kind "graphql", with `errors`; also beside data of which a part is missing
function graphql.result(operation, answer, value)
  if type(value) == "table" and json.isArray(value) and value[1] ~= nil then
    return batch(operation, answer, value)
  elseif not isReply(value) then
    return nil, protocolError(operation, answer)
  elseif answer.batch then -- of one query, which the server answers as if it were no batch
    return batch(operation, answer, json.array { value })
  end
  return one(operation, answer, value)
end

return graphql
