---@meta _
-- Made by spec/generate.lua from lua/appwrite/services/functions.lua and notes/functions.lua: change that, not this.
-- luacheck: ignore

---Running the project's functions and reading how that went.
---@class appwrite.Functions
local functions = {}

---@class appwrite.params.functions.getExecutionLog
---@field functionId string the function's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field executionId string the execution's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Gives one execution and its status; the answer's body is kept nowhere, logs are hidden from users.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `function_not_found`, `execution_not_found`.
---
---```lua
---local execution = assert(client.functions.getExecutionLog { functionId = "greet", executionId = executionId })
---print(execution.status, execution.duration .. " s")
---```
---@param params appwrite.params.functions.getExecutionLog
---@param options? appwrite.CallOptions
---@return appwrite.models.Execution? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.functions.getExecutionLog, callback: fun(result: appwrite.models.Execution?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.functions.getExecutionLog, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Execution?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Functions, params: appwrite.params.functions.getExecutionLog, options?: appwrite.CallOptions): appwrite.models.Execution?, appwrite.Error?, appwrite.Response?
function functions.getExecutionLog(params, options) end

---The official name of `getExecutionLog`. Gives one execution and its status; the answer's body is kept nowhere, logs
---are hidden from users.
functions.getExecution = functions.getExecutionLog

---@class appwrite.params.functions.listExecutions
---@field functionId string the function's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field queries? string[] queries on trigger, status, responseStatusCode, duration; 100 items at most; each of up to
---  4096 characters
---@field search? string text to look for; up to 256 characters; default ""

---Lists the executions of a function that the user may see.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `function_not_found`.
---
---```lua
---local page = assert(client.functions.listExecutions {
---  functionId = "greet", queries = { appwrite.Query.equal("status", "completed") },
---})
---print(page.total)
---```
---@param params appwrite.params.functions.listExecutions
---@param options? appwrite.CallOptions
---@return appwrite.models.ExecutionList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.functions.listExecutions, callback: fun(result: appwrite.models.ExecutionList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.functions.listExecutions, options: appwrite.CallOptions, callback: fun(result: appwrite.models.ExecutionList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Functions, params: appwrite.params.functions.listExecutions, options?: appwrite.CallOptions): appwrite.models.ExecutionList?, appwrite.Error?, appwrite.Response?
function functions.listExecutions(params, options) end

---@class appwrite.params.functions.triggerFunctionExecution
---@field functionId string the function's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field body? string body of the request to the function; default ""
---@field async? boolean whether to answer at once; the function's own answer is then lost; default false
---@field path? string path and query of the request to the function; default "/"
---@field method? "GET"|"POST"|"PUT"|"PATCH"|"DELETE"|"OPTIONS" method of the request to the function; default "POST"
---@field headers? table headers of the request to the function

---Runs a function and waits for it, unless `async`. One that fails is no error: see the result's status.
---
---Errors: `general_argument_invalid`, `function_not_found`, `user_unauthorized`.
---
---```lua
---local execution = assert(client.functions.triggerFunctionExecution {
---  functionId = "greet", path = "/?name=Ada", method = "GET",
---})
---if execution.status == "completed" and execution.responseStatusCode == 200 then
---  print(execution.responseBody) --> {"greeting":"Hello Ada"}
---end
---```
---@param params appwrite.params.functions.triggerFunctionExecution
---@param options? appwrite.CallOptions
---@return appwrite.models.Execution? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.functions.triggerFunctionExecution, callback: fun(result: appwrite.models.Execution?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.functions.triggerFunctionExecution, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Execution?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Functions, params: appwrite.params.functions.triggerFunctionExecution, options?: appwrite.CallOptions): appwrite.models.Execution?, appwrite.Error?, appwrite.Response?
function functions.triggerFunctionExecution(params, options) end

---The official name of `triggerFunctionExecution`. Runs a function and waits for it, unless `async`. One that fails is
---no error: see the result's status.
functions.createExecution = functions.triggerFunctionExecution

return functions
