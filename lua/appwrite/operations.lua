--- The operations by name: loads a service's data on first use and prepares each operation once, on its first call.

local helpers = require "appwrite.helpers"
local suggest = require "appwrite.suggest"

local format = string.format

local SERVICES = {
  "account", "avatars", "databases", "functions", "graphql", "locale", "messaging", "storage", "teams",
}

---@class appwrite.Parameter one parameter of an operation, as data
---@field name string
---@field type "string"|"integer"|"number"|"boolean"|"object"|"string[]"|"file"
---@field at "path"|"query"|"body"
---@field doc string a few words
---@field required true?
---@field enum string[]?
---@field anyCase true? the server takes the enum's words in any case
---@field min number? with max, both inclusive
---@field max number?
---@field minLength integer? characters
---@field maxLength integer? characters
---@field inBytes true? the two lengths are in bytes
---@field maxItems integer?
---@field maxItemLength integer? characters
---@field format "id"|"newId"|"phone"|"hexColor"|nil
---@field default string|number|boolean|nil what the server takes where nothing is sent; never sent by itself
---@field secret true? never shown in an error message
---@field batch true? one table or an array of them

---@class appwrite.RateLimit so many requests in so many seconds
---@field requests integer
---@field seconds integer
---@field by string? what the server counts by: a parameter's name, "user" (who is logged in); nil: the address that
---  the requests come from

---@class appwrite.Operation one operation of the API, as data
---@field name string of this library
---@field alias string the official one
---@field verb "GET"|"POST"|"PUT"|"PATCH"|"DELETE"
---@field path string below the endpoint, with {parameters}
---@field kind "json"|"bytes"|"redirect"|"graphql"|"upload"
---@field doc string one line
---@field params appwrite.Parameter[]
---@field result string? name of the model; nil with kind "json" means 204
---@field list { items: string, by: "cursor"|"offset"|nil }? answers with a list: which field holds the items, and how
---  the server is asked for more than one page of them (nil: it sends them all)
---@field idempotent true? sent twice it leaves what it leaves when sent once, as every GET does: deletions by an id,
---  and settings that are the user's alone. Not what another user may change meanwhile; nor what uses up a secret,
---  makes a new one, or means another session the second time ("current")
---@field rateLimit appwrite.RateLimit?
---@field ranges true? the server gives parts of the answer (Range)
---@field auth "login"|nil sent without the old session's credentials

local operations = { SERVICES = SERVICES }

local isService = {}
for _, name in ipairs(SERVICES) do
  isService[name] = true
end

---@class appwrite.Service
---@field name string
---@field byName table<string, appwrite.Operation> under the name of this library and the official one
---@field names string[] both kinds of names, and those of helpers

---@type table<string, appwrite.Service>
local loaded = {}

local function load(name)
  local data = require("appwrite.services." .. name)
  local service = { name = name, doc = data.doc, list = data.operations, byName = {}, names = helpers.names(name) }
  for _, operation in ipairs(data.operations) do
    service.byName[operation.name] = operation
    service.names[#service.names + 1] = operation.name
  end
  for _, operation in ipairs(data.operations) do
    local alias = operation.alias
    if not service.byName[alias] then
      service.byName[alias] = operation
      service.names[#service.names + 1] = alias
    end
  end
  return service
end

---@param name any
---@return boolean
function operations.isService(name)
  return isService[name] == true
end

---@param name string
---@return appwrite.Service? service
---@return string? problem
function operations.service(name)
  if not isService[name] then
    local near = suggest.nearest(tostring(name), SERVICES)
    return nil,
      format(
        'unknown service "%s"; %s',
        tostring(name),
        near and format('did you mean "%s"?', near) or ("there are " .. table.concat(SERVICES, ", "))
      )
  end
  local service = loaded[name]
  if not service then
    service = load(name)
    loaded[name] = service
  end
  return service
end

-- "/a/{x}/b" -> literals { "/a/", "/b" } around params { x }
local function splitPath(path)
  local literals, names, position = {}, {}, 1
  for before, name, after in path:gmatch("()%{(%w+)%}()") do
    literals[#literals + 1] = path:sub(position, before - 1)
    names[#names + 1] = name
    position = after
  end
  literals[#literals + 1] = path:sub(position)
  return literals, names
end

---@class appwrite.Prepared an operation's row with what every call of it needs
---@field row appwrite.Operation
---@field fullName string
---@field byName table<string, appwrite.Parameter>
---@field literals string[] the fixed pieces of the path
---@field path appwrite.Parameter[] between the pieces, in order
---@field query appwrite.Parameter[]
---@field body appwrite.Parameter[]

---@type table<appwrite.Operation, appwrite.Prepared>
local prepared = setmetatable({}, { __mode = "k" })

local function prepare(service, row)
  local self = {
    row = row,
    fullName = service .. "." .. row.name,
    byName = {},
    path = {},
    query = {},
    body = {},
  }
  for _, param in ipairs(row.params) do
    self.byName[param.name] = param
    if param.at ~= "path" then
      local list = self[param.at]
      list[#list + 1] = param
    end
  end
  local names
  self.literals, names = splitPath(row.path)
  for index, name in ipairs(names) do
    self.path[index] = self.byName[name]
  end
  return self
end

---@param service appwrite.Service
---@param name any the library's name or the official one
---@return appwrite.Prepared? operation
---@return string? problem
function operations.of(service, name)
  local row = service.byName[name]
  if not row then
    local near = suggest.nearest(tostring(name), service.names)
    return nil,
      format(
        'unknown operation "%s.%s"; %s',
        service.name,
        tostring(name),
        near and format('did you mean "%s"?', near) or "see the reference for the operations of this service"
      )
  end
  local self = prepared[row]
  if not self then
    self = prepare(service.name, row)
    prepared[row] = self
  end
  return self
end

---@param fullName string such as "account.getCurrentUser"
---@return appwrite.Prepared? operation
---@return string? problem
function operations.find(fullName)
  local serviceName, name = fullName:match("^([^.]*)%.(.*)$")
  if not serviceName then
    return nil,
      format('"%s" names no operation; write it as "service.operation", e.g. "account.getCurrentUser"', fullName)
  end
  local service, problem = operations.service(serviceName)
  if not service then
    return nil, problem
  end
  return operations.of(service, name)
end

return operations
