--- The functions service as data: each row is one operation, in the order of their names.

local functionId = {
  name = "functionId", type = "string", at = "path", required = true, format = "id", doc = "the function's id",
}

return {
  doc = "Running the project's functions and reading how that went.",
  operations = {
    {
      name = "getExecutionLog", alias = "getExecution", kind = "json", result = "Execution",
      verb = "GET", path = "/functions/{functionId}/executions/{executionId}",
      doc = "Gives one execution and its status; the answer's body is kept nowhere, logs are hidden from users.",
      params = {
        functionId,
        {
          name = "executionId", type = "string", at = "path", required = true, format = "id",
          doc = "the execution's id",
        },
      },
    },
    {
      name = "listExecutions", alias = "listExecutions", kind = "json", result = "ExecutionList",
      list = { items = "executions", by = "cursor" },
      verb = "GET", path = "/functions/{functionId}/executions",
      doc = "Lists the executions of a function that the user may see.",
      params = {
        functionId,
        {
          name = "queries", type = "string[]", at = "query", maxItems = 100, maxItemLength = 4096,
          doc = "queries on trigger, status, responseStatusCode, duration",
        },
        {
          name = "search", type = "string", at = "query", maxLength = 256, default = "",
          doc = "text to look for",
        },
      },
    },
    {
      name = "triggerFunctionExecution", alias = "createExecution", kind = "json", result = "Execution",
      verb = "POST", path = "/functions/{functionId}/executions",
      doc = "Runs a function and waits for it, unless `async`. One that fails is no error: see the result's status.",
      params = {
        functionId,
        {
          name = "body", type = "string", at = "body", default = "", secret = true,
          doc = "body of the request to the function",
        },
        {
          name = "async", type = "boolean", at = "body", default = false,
          doc = "whether to answer at once; the function's own answer is then lost",
        },
        {
          name = "path", type = "string", at = "body", default = "/",
          doc = "path and query of the request to the function",
        },
        {
          name = "method", type = "string", at = "body", default = "POST",
          enum = { "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" },
          doc = "method of the request to the function",
        },
        {
          name = "headers", type = "object", at = "body", secret = true,
          doc = "headers of the request to the function",
        },
      },
    },
  },
}
