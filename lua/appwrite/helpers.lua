--- What services offer beside their operations: functions that make calls of one, from other arguments. As data, like
-- the operations themselves.

local pairs, require = pairs, require

---@class appwrite.Helper
---@field operation string which operation it calls
---@field module string    whose `prepare(given)` makes that operation's parameters of what the helper was given:
---  params and what else the operation is to know, or nil and what is wrong

local HELPERS = {
  storage = {
    resume = { operation = "storage.createFile", module = "appwrite.resume" },
  },
}

-- What a client has beside its services -> module, whose `of(client)` makes it.
local EXTENSIONS = { flows = "appwrite.flows", oauth2 = "appwrite.oauth2" }

local helpers = {}

---@param service string
---@return string[] names
function helpers.names(service)
  local names = {}
  for name in pairs(HELPERS[service] or {}) do
    names[#names + 1] = name
  end
  return names
end

---@param service string
---@param name any
---@return string? operation
---@return (fun(given: any): table?, any)? prepare
function helpers.find(service, name)
  local helper = HELPERS[service] and HELPERS[service][name]
  if not helper then
    return nil
  end
  return helper.operation, require(helper.module).prepare
end

---@return string[] names of what a client has beside its services
function helpers.extensions()
  local names = {}
  for name in pairs(EXTENSIONS) do
    names[#names + 1] = name
  end
  return names
end

---@param name any
---@return (fun(client: appwrite.Client): table)? make
function helpers.extension(name)
  return EXTENSIONS[name] and require(EXTENSIONS[name]).of
end

return helpers
