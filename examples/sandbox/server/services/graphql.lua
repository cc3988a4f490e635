--- The GraphQL service: what may be sent, one question or several, and how the answers come together. Queries and
-- mutations are taken on both routes, as by the real server.

local errors = require "server.errors"
local json = require "server.json"
local response = require "server.response"
local run = require "server.graphql_run"
local schema = require "server.graphql_schema"

local find = string.find

local MOST = 10 -- questions at once

local types -- built on the first request, when all routes are there

-- The question or questions of a request: in `query` where the SDK says that it sends it so, else the body itself.
local function questionsOf(request)
  if request.method == "GET" then
    return request.query
  elseif find(request.headers["content-type"] or "", "^application/graphql") then
    ngx.req.read_body()
    return { query = ngx.req.get_body_data() or "" }
  elseif request.headers["x-sdk-graphql"] == "true" then
    local query = request.body.query
    if not json.isObject(query) and not json.isArray(query) then
      errors.raise "general_unknown" -- a question without its envelope breaks the real server
    end
    return json.isObject(query) and query.values or query
  end
  return request.list or request.body
end

-- One question or several, each a table by name; raises where there is none.
local function listOf(questions)
  local list = {}
  if json.isArray(questions) then
    for index, question in ipairs(questions) do
      list[index] = json.isObject(question) and question.values or {}
    end
  elseif next(questions) ~= nil then
    list[1] = questions
  end
  if #list > MOST then
    errors.raise "graphql_too_many_queries"
  end
  for _, question in ipairs(list) do
    if (question.query or "") == "" then
      errors.raise "graphql_no_query"
    end
  end
  return list[1] and list or errors.raise "graphql_no_query"
end

local function variablesOf(question)
  local variables = question.variables
  if type(variables) == "string" then -- in a URL
    variables = json.decode(variables)
  end
  return json.isObject(variables) and variables.values or {}
end

local function answer(request)
  types = types or schema.build(request.routes)
  for name in pairs(request.out) do
    -- The real server shows the limits of what was asked for, not those of its GraphQL.
    request.out[name] = not find(name, "^X%-RateLimit") and request.out[name] or nil
  end
  local results = json.array()
  for index, question in ipairs(listOf(questionsOf(request))) do
    if type(question.query) ~= "string" then
      errors.raise "general_unknown"
    end
    results[index] = run.run(request, types, question.query, question.operationName, variablesOf(question))
  end
  return response.json(200, #results == 1 and results[1] or results)
end

local operation = { params = {}, handler = answer }

return { executeMutation = operation, executeMutationOperation = operation, ask = operation }
