--- Who may do what: the roles somebody has, and the permissions a thing grants.

local errors = require "server.errors"
local json = require "server.json"

local format, match = string.format, string.match

local permissions = {}

---Roles of a user, or of a guest where there is none, in the order of the real server.
---@param project sandbox.Project
---@param user? sandbox.User
---@return string[]
function permissions.rolesOf(project, user)
  if not user then
    return { "any", "guests" }
  end
  local status = (user.emailVerification or user.phoneVerification) and "verified" or "unverified"
  local roles = {
    "any", "users", "user:" .. user.id, "user:" .. user.id .. "/" .. status, "users/" .. status,
  }
  for _, membership in ipairs(project:membershipsOf(user.id)) do
    if membership.confirm then
      roles[#roles + 1] = "team:" .. membership.teamId
      roles[#roles + 1] = "member:" .. membership.id
      for _, role in ipairs(membership.roles) do
        roles[#roles + 1] = "team:" .. membership.teamId .. "/" .. role
      end
    end
  end
  for _, label in ipairs(user.labels) do
    roles[#roles + 1] = "label:" .. label
  end
  return roles
end

-- The permissions that would let a request do something, kept with it since lists ask for each of their things.
local function wanted(request, action)
  request.wanted = request.wanted or {}
  local set = request.wanted[action]
  if not set then
    set = {}
    for _, role in ipairs(request.roles) do
      set[format('%s("%s")', action, role)] = true
    end
    request.wanted[action] = set
  end
  return set
end

---@param request sandbox.Request
---@param action "read"|"create"|"update"|"delete"
---@param granted string[] such as `read("any")`
---@return boolean
function permissions.allows(request, action, granted)
  if request.isKey then
    return true
  end
  local has = wanted(request, action)
  for _, permission in ipairs(granted) do
    if has[permission] then
      return true
    end
  end
  return false
end

---Whether a thing in a container (document in collection, file in bucket) is open to somebody.
---@param request sandbox.Request
---@param action "read"|"update"|"delete"
---@param container { permissions: string[], ownPermissions: boolean }
---@param thing { permissions: string[] }
function permissions.allowsIn(request, action, container, thing)
  return permissions.allows(request, action, container.permissions)
    or container.ownPermissions and permissions.allows(request, action, thing.permissions)
end

-- write stands for create, update and delete; a thing itself cannot be created, so two remain.
local function expand(list)
  local result, seen = json.array(), {}
  for _, permission in ipairs(list) do
    local action, role = match(permission, "^(%a+)(.*)$")
    for _, name in ipairs(action == "write" and { "update", "delete" } or { action }) do
      if not seen[name .. role] then
        seen[name .. role] = true
        result[#result + 1] = name .. role
      end
    end
  end
  return result
end

local function checkOwn(request, list)
  local has = {}
  for _, role in ipairs(request.roles) do
    has[role] = true
  end
  for _, permission in ipairs(list) do
    if not has[match(permission, '%("(.*)"%)')] then
      errors.raise("user_unauthorized",
        "Permissions must be one of: (" .. table.concat(request.roles, ", ") .. ")")
    end
  end
end

---The permissions to store for what somebody asked for: nobody but a key can grant to roles that he has not himself.
---@param request sandbox.Request
---@param asked string[]
---@return string[]
function permissions.granted(request, asked)
  local list = expand(asked)
  if not request.isKey then
    checkOwn(request, list)
  end
  return list
end

---The permissions of something new: without a wish its creator gets all there are, and for a guest there are none.
---@param request sandbox.Request
---@param asked? string[]
---@return string[]
function permissions.initial(request, asked)
  if asked then
    return permissions.granted(request, asked)
  end
  local list = json.array()
  for _, action in ipairs(request.user and { "read", "update", "delete" } or {}) do
    list[#list + 1] = format('%s("user:%s")', action, request.user.id)
  end
  return list
end

return permissions
