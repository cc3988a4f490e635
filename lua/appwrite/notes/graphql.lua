--- What the reference says of the GraphQL service beside its data: errors, and an example that a spec runs.

local ERRORS = { "graphql_no_query", "graphql_too_many_queries" }

return {
  executeMutation = {
    errors = ERRORS,
    example = [[
local data, err = client.graphql.executeMutation { query = { query = "{ localeGet { ip country } }" } }
print(data and data.localeGet.ip, err) -- both, where a part failed: see err.errors]],
  },
  executeMutationOperation = {
    errors = ERRORS,
    example = [[
local data = assert(client.graphql.executeMutationOperation { query = {
  query = "mutation ($name: String!) { accountUpdateName(name: $name) { name } }",
  variables = { name = "Ada Lovelace" },
} })
print(data.accountUpdateName.name) --> Ada Lovelace]],
  },
}
