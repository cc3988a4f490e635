--- The GraphQL service as data: each row is one operation, in the order of their names.

local LIMIT = { requests = 60, seconds = 60 }

local params = {
  {
    name = "query", type = "object", at = "body", required = true, batch = true,
    doc = "{ query, variables, operationName }",
  },
}

return {
  doc = "The API as GraphQL.",
  operations = {
    {
      name = "executeMutation", alias = "query", kind = "graphql",
      verb = "POST", path = "/graphql", rateLimit = LIMIT,
      doc = "Sends queries, and mutations too. Gives the data, and beside it an error where a part of it failed.",
      params = params,
    },
    {
      name = "executeMutationOperation", alias = "mutation", kind = "graphql",
      verb = "POST", path = "/graphql/mutation", rateLimit = LIMIT,
      doc = "Sends mutations. Gives the data, and beside it an error where a part of it failed.",
      params = params,
    },
  },
}
