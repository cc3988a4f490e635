--- How a call is made once it is known what to send: in which way, whether it is waited for, and what is looked at when
-- it has ended.

local Error = require "appwrite.error"
local repeater = require "appwrite.repeater"

local format, type = string.format, type

local invocation = {}

local function send(state, operation, params, request, callOptions, known)
  if operation.row.kind == "upload" then
    return require("appwrite.upload").run(state, operation, params, request, callOptions, known)
  elseif callOptions and (callOptions.to or callOptions.onProgress) then
    return require("appwrite.download").run(state, operation, params, request, callOptions)
  end
  return repeater.call(state, operation, request, callOptions, params)
end

local function looked(keeper, before, result, err, response)
  keeper:after(before, err)
  return result, err, response
end

local function perform(state, ...)
  local keeper = state.keeper
  if keeper then
    return looked(keeper, keeper:before(), send(state, ...))
  end
  return send(state, ...)
end

---An error comes without a third value: LuaJIT's assert raises the last of its arguments, which must be the error.
---@param result any
---@param err any
---@param response any
---@return any result
---@return any err
---@return any response
function invocation.handBack(result, err, response)
  if err ~= nil and result == nil then
    return nil, err
  end
  return result, err, response
end

local handBack = invocation.handBack

local function handedBack(fn, ...)
  return handBack(fn(...))
end

-- With a callback the call runs as a task, and what is given back is that.
local function run(callback, operation, fn, ...)
  if callback then
    return require("appwrite.tasks").call(callback, operation.fullName, handedBack, fn, ...)
  end
  return fn(...)
end

local function refused(err)
  return nil, err
end

---The last argument of a call may be a function, wherever that is.
---@return table? callOptions
---@return function? callback
function invocation.takeCallback(callOptions, callback)
  if callback == nil and type(callOptions) == "function" then
    return nil, callOptions
  end
  return callOptions, callback
end

---@param callback any
---@return string? problem
function invocation.checkCallback(callback)
  if callback ~= nil and type(callback) ~= "function" then
    return format("the last argument may be a callback, got %s", type(callback))
  end
  return nil
end

---@param operation appwrite.Prepared
---@param message string
---@return appwrite.Error
function invocation.argumentError(operation, message)
  return Error.new { kind = "argument", message = message, operation = operation.fullName }
end

---A call whose values would be refused: nothing is sent.
---@param callback function?
---@param operation appwrite.Prepared
---@param problem string
function invocation.refuse(callback, operation, problem)
  return run(callback, operation, refused, invocation.argumentError(operation, problem))
end

---@param callback function? who gets the result; without one the call waits for it
---@param state table the client's
---@param operation appwrite.Prepared
---@param params table? as the caller gave them
---@param request appwrite.Request
---@param callOptions table?
---@param known any what else an upload is to know
---@return any result, or the task
---@return appwrite.Error? err
---@return appwrite.Response? response
function invocation.make(callback, state, operation, params, request, callOptions, known)
  return run(callback, operation, perform, state, operation, params, request, callOptions, known)
end

return invocation
