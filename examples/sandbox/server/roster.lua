--- Who belongs to a team, for the parts of the teams service. A team is open to its members, and changed by its owners.

local clock = require "server.clock"
local errors = require "server.errors"
local json = require "server.json"
local permissions = require "server.permissions"

local format = string.format

local roster = {}

---The team of a request. Strangers do not learn that there is one; members without the right role do.
---@param request sandbox.Request
---@param action "read"|"update"|"delete"
---@return sandbox.Team
function roster.findTeam(request, action)
  local team = request.project.teams:get(request.params.teamId)
  if not team or not permissions.allows(request, "read", team.permissions) then
    errors.raise "team_not_found"
  elseif not permissions.allows(request, action, team.permissions) then
    errors.raise "user_unauthorized"
  end
  return team
end

---@param project sandbox.Project
---@param team sandbox.Team
---@return integer members who have confirmed
function roster.count(project, team)
  local count = 0
  for _, membership in ipairs(project.memberships.list) do
    count = count + (membership.teamId == team.id and membership.confirm and 1 or 0)
  end
  return count
end

---@param request sandbox.Request
---@param team sandbox.Team
---@return boolean
function roster.isOwner(request, team)
  for _, role in ipairs(request.roles) do
    if role == format("team:%s/owner", team.id) then
      return true
    end
  end
  return false
end

---@param project sandbox.Project
---@param team sandbox.Team
---@param user sandbox.User
---@param fields { roles: string[], hash?: string, confirm: boolean } hash: of an invitation's secret
---@return sandbox.Membership
function roster.add(project, team, user, fields)
  local now = clock.iso()
  return project.memberships:add {
    id = clock.id(), teamId = team.id, userId = user.id, roles = json.array(fields.roles), hash = fields.hash,
    createdAt = now, updatedAt = now, invited = now, joined = fields.confirm and now or "", confirm = fields.confirm,
  }
end

---@param project sandbox.Project
---@param membership sandbox.Membership
---@return sandbox.Object
function roster.model(project, membership)
  local user, team = project.users:get(membership.userId), project.teams:get(membership.teamId)
  return json.object("$id", membership.id, "$createdAt", membership.createdAt, "$updatedAt", membership.updatedAt,
    "userId", user.id, "userName", user.name, "userEmail", user.email or "", "teamId", team.id, "teamName", team.name,
    "invited", membership.invited, "joined", membership.joined, "confirm", membership.confirm, "mfa", user.mfa,
    "roles", membership.roles)
end

return roster
