--- Roles: whom a permission is for.

local argument = require "appwrite.argument"

local error, type = error, type

local STATUSES = { verified = true, unverified = true }
local STATUS = '"verified", "unverified" or nothing'

---@class appwrite.Role
local Role = {}

-- The role "kind:id", or its problem. The id's characters are the server's to judge.
local function named(where, argumentName, kind, id)
  if not argument.isText(id) then
    return nil, argument.wrong(where, argumentName, "a string that is not empty", id)
  end
  return kind .. ":" .. id
end

-- A role with what narrows it down; like the official SDKs, an empty string stands for nothing.
local function narrowed(role, dimension)
  if dimension == nil or dimension == "" then
    return role
  end
  return role .. "/" .. dimension
end

local function isStatus(status)
  return status == nil or status == "" or STATUSES[status] == true
end

---Everyone, logged in or not.
---@return string
function Role.any()
  return "any"
end

---Everyone who is not logged in.
---@return string
function Role.guests()
  return "guests"
end

---Everyone who is logged in.
---@param status "verified"|"unverified"|nil only those whose e-mail address or phone number is verified, or is not
---@return string
function Role.users(status)
  if not isStatus(status) then
    error(argument.wrong("Role.users", "status", STATUS, status), 2)
  end
  return (narrowed("users", status))
end

---One user.
---@param id string
---@param status "verified"|"unverified"|nil
---@return string
function Role.user(id, status)
  local role, problem = named("Role.user", "id", "user", id)
  if not role then
    error(problem, 2)
  elseif not isStatus(status) then
    error(argument.wrong("Role.user", "status", STATUS, status), 2)
  end
  return (narrowed(role, status))
end

---The members of a team.
---@param id string
---@param role string? only those who have this role in it, such as "owner"
---@return string
function Role.team(id, role)
  local team, problem = named("Role.team", "id", "team", id)
  if not team then
    error(problem, 2)
  elseif role ~= nil and type(role) ~= "string" then
    error(argument.wrong("Role.team", "role", "a string or nothing", role), 2)
  end
  return (narrowed(team, role))
end

---One membership of a team.
---@param id string the membership's, not the user's
---@return string
function Role.member(id)
  local role, problem = named("Role.member", "id", "member", id)
  if not role then
    error(problem, 2)
  end
  return role
end

---The users that carry a label.
---@param name string
---@return string
function Role.label(name)
  local role, problem = named("Role.label", "name", "label", name)
  if not role then
    error(problem, 2)
  end
  return role
end

return argument.closed("Role", Role)
