---@meta _
-- Made by spec/generate.lua from lua/appwrite/services/graphql.lua and notes/graphql.lua: change that, not this.
-- luacheck: ignore

---The API as GraphQL.
---@class appwrite.Graphql
local graphql = {}

---@class appwrite.params.graphql.executeMutation
---@field query appwrite.GraphQLQuery|appwrite.GraphQLQuery[] { query, variables, operationName }; or an array of up to
---  10 of them

---Sends queries, and mutations too. Gives the data, and beside it an error where a part of it failed.
---
---At most 60 calls a minute, counted by address. Errors: `general_argument_invalid`, `graphql_no_query`,
---`graphql_too_many_queries`, `general_rate_limit_exceeded`.
---
---```lua
---local data, err = client.graphql.executeMutation { query = { query = "{ localeGet { ip country } }" } }
---print(data and data.localeGet.ip, err) -- both, where a part failed: see err.errors
---```
---@param params appwrite.params.graphql.executeMutation
---@param options? appwrite.CallOptions
---@return table? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.graphql.executeMutation, callback: fun(result: table?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.graphql.executeMutation, options: appwrite.CallOptions, callback: fun(result: table?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Graphql, params: appwrite.params.graphql.executeMutation, options?: appwrite.CallOptions): table?, appwrite.Error?, appwrite.Response?
function graphql.executeMutation(params, options) end

---The official name of `executeMutation`. Sends queries, and mutations too. Gives the data, and beside it an error
---where a part of it failed.
graphql.query = graphql.executeMutation

---@class appwrite.params.graphql.executeMutationOperation
---@field query appwrite.GraphQLQuery|appwrite.GraphQLQuery[] { query, variables, operationName }; or an array of up to
---  10 of them

---Sends mutations. Gives the data, and beside it an error where a part of it failed.
---
---At most 60 calls a minute, counted by address. Errors: `general_argument_invalid`, `graphql_no_query`,
---`graphql_too_many_queries`, `general_rate_limit_exceeded`.
---
---```lua
---local data = assert(client.graphql.executeMutationOperation { query = {
---  query = "mutation ($name: String!) { accountUpdateName(name: $name) { name } }",
---  variables = { name = "Ada Lovelace" },
---} })
---print(data.accountUpdateName.name) --> Ada Lovelace
---```
---@param params appwrite.params.graphql.executeMutationOperation
---@param options? appwrite.CallOptions
---@return table? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.graphql.executeMutationOperation, callback: fun(result: table?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.graphql.executeMutationOperation, options: appwrite.CallOptions, callback: fun(result: table?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Graphql, params: appwrite.params.graphql.executeMutationOperation, options?: appwrite.CallOptions): table?, appwrite.Error?, appwrite.Response?
function graphql.executeMutationOperation(params, options) end

---The official name of `executeMutationOperation`. Sends mutations. Gives the data, and beside it an error where a part
---of it failed.
graphql.mutation = graphql.executeMutationOperation

return graphql
