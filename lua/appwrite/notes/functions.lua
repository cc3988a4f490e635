--- What the reference says of the functions service beside its data: errors, and an example that a spec runs.

return {
  getExecutionLog = {
    signedIn = true, errors = { "function_not_found", "execution_not_found" },
    example = [[
local execution = assert(client.functions.getExecutionLog { functionId = "greet", executionId = executionId })
print(execution.status, execution.duration .. " s")]],
  },
  listExecutions = {
    signedIn = true, errors = { "function_not_found" },
    example = [[
local page = assert(client.functions.listExecutions {
  functionId = "greet", queries = { appwrite.Query.equal("status", "completed") },
})
print(page.total)]],
  },
  triggerFunctionExecution = {
    errors = { "function_not_found", "user_unauthorized" },
    example = [[
local execution = assert(client.functions.triggerFunctionExecution {
  functionId = "greet", path = "/?name=Ada", method = "GET",
})
if execution.status == "completed" and execution.responseStatusCode == 200 then
  print(execution.responseBody) --> {"greeting":"Hello Ada"}
end]],
  },
}
