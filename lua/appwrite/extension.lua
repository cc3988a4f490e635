--- What a client has beside its services: tables of functions that make several calls, such as `client.oauth2`.
--
-- Each is called as an operation is: with one table, by a dot or a colon, with a callback behind it where it is not to
-- be waited for; it answers with a result, or with nil and an error.

local options = require "appwrite.options"
local suggest = require "appwrite.suggest"

local error, format, ipairs, pairs, rawset, setmetatable, tostring, type =
  error, string.format, ipairs, pairs, rawset, setmetatable, tostring, type

local extension = {}

---@class appwrite.Extension
---@field rules table<string, appwrite.OptionRule>
---@field required string[]?
---@field check (fun(given: table): string?)? what is wrong with it beyond the rules
---@field run fun(client: appwrite.Client, given: table): any, appwrite.Error?, appwrite.Response?

local function problemOf(wanted, given, callback)
  local problem = options.check(given, wanted.rules)
  if problem then
    return problem
  end
  for _, name in ipairs(wanted.required or {}) do
    if given[name] == nil then
      return format('option "%s" is missing', name)
    end
  end
  if callback ~= nil and type(callback) ~= "function" then
    return format("the last argument may be a callback, got %s", type(callback))
  end
  return wanted.check and wanted.check(given)
end

-- An error comes without a third value: LuaJIT's assert raises the last of its arguments, which must be the error.
local function handBack(result, err, response)
  if result == nil then
    return nil, err
  end
  return result, nil, response
end

local function run(client, wanted, given)
  return handBack(wanted.run(client, given))
end

-- What was given is read now: the program may change its table while a task waits.
local function copy(given)
  local own = {}
  for name, value in pairs(given) do
    own[name] = value
  end
  return own
end

local function bind(client, proxy, fullName, wanted)
  return function(given, callback, rest)
    if given == proxy then
      given, callback = callback, rest
    end
    if type(given) == "function" and callback == nil then
      given, callback = nil, given
    end
    given = given == nil and {} or given
    local problem = problemOf(wanted, given, callback)
    if problem then
      error(fullName .. ": " .. problem, 2)
    end
    if callback then
      return require("appwrite.tasks").call(callback, fullName, run, client, wanted, copy(given))
    end
    return handBack(wanted.run(client, copy(given)))
  end
end

---@param name string such as "oauth2"
---@param functions table<string, appwrite.Extension>
---@param client appwrite.Client
---@return table
function extension.of(name, functions, client)
  local proxy = {}
  local function index(_, key)
    local wanted = functions[key]
    if not wanted then
      local known = {}
      for own in pairs(functions) do
        known[#known + 1] = own
      end
      local near = suggest.nearest(tostring(key), known)
      error(format('client.%s has no "%s"%s', name, tostring(key), near and format('; did you mean "%s"?', near) or ""),
        2)
    end
    local bound = bind(client, proxy, name .. "." .. key, wanted)
    rawset(proxy, key, bound)
    return bound
  end
  local function refuse(_, key)
    error(format('client.%s takes no new field "%s"', name, tostring(key)), 2)
  end
  return setmetatable(proxy, { __name = "appwrite." .. name, __index = index, __newindex = refuse })
end

return extension
