--- Permissions on documents and files: what a role may do.
--
--   permissions = { Permission.read(Role.any()), Permission.update(Role.user(userId)) }

local argument = require "appwrite.argument"

local error = error

local function granting(action)
  local where = "Permission." .. action
  return function(role)
    if not argument.isText(role) then
      error(argument.wrong(where, "role", "a role such as Role.any()", role), 2)
    end
    return action .. '("' .. role .. '")'
  end
end

---@class appwrite.Permission
---@field read fun(role: string): string    may read it
---@field create fun(role: string): string  may make new ones; of collections and buckets, not of what is in them
---@field update fun(role: string): string  may change it
---@field delete fun(role: string): string  may delete it
---@field write fun(role: string): string   create, update and delete at once
local Permission = {
  read = granting "read",
  create = granting "create",
  update = granting "update",
  delete = granting "delete",
  write = granting "write",
}

return argument.closed("Permission", Permission)
