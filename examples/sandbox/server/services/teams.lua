--- The teams service: teams and their preferences. A team is open to its members, and changed by its owners.

local clock = require "server.clock"
local errors = require "server.errors"
local json = require "server.json"
local permissions = require "server.permissions"
local queries = require "server.queries"
local response = require "server.response"
local selection = require "server.selection"
local validation = require "server.validation"

local sub = string.sub

local TEAM = { "teamId", validation.uid }
local NAME = { "name", validation.text(128) }
local ROLES = validation.list(validation.text(32), 100)

local SCHEMA = {
  attributes = {
    ["$id"] = { type = "string" }, ["$createdAt"] = { type = "datetime" }, ["$updatedAt"] = { type = "datetime" },
    name = { type = "string" }, total = { type = "integer" },
  },
  fail = queries.failParam,
}

local function membersOf(project, team)
  local count = 0
  for _, membership in ipairs(project.memberships.list) do
    count = count + (membership.teamId == team.id and membership.confirm and 1 or 0)
  end
  return count
end

local function teamModel(project, team)
  return json.object("$id", team.id, "$createdAt", team.createdAt, "$updatedAt", team.updatedAt, "name", team.name,
    "total", membersOf(project, team), "prefs", team.prefs)
end

local function newTeam(id, name)
  local now = clock.iso()
  return {
    id = id, createdAt = now, updatedAt = now, name = name, prefs = json.object(),
    permissions = {
      'read("team:' .. id .. '")', 'update("team:' .. id .. '/owner")', 'delete("team:' .. id .. '/owner")',
    },
  }
end

-- Strangers do not learn that there is a team; members without the right role do.
local function findTeam(request, action)
  local team = request.project.teams:get(request.params.teamId)
  if not team or not permissions.allows(request, "read", team.permissions) then
    errors.raise "team_not_found"
  elseif not permissions.allows(request, action, team.permissions) then
    errors.raise "user_unauthorized"
  end
  return team
end

local function join(project, team, user, roles)
  local isOwner = false
  for _, role in ipairs(roles) do
    isOwner = isOwner or role == "owner"
  end
  if not isOwner then
    roles[#roles + 1] = "owner"
  end
  local now = clock.iso()
  project.memberships:add {
    id = clock.id(), teamId = team.id, userId = user.id, roles = roles, createdAt = now, updatedAt = now,
    invited = now, joined = now, confirm = true,
  }
end

local teams = {}

teams.createNewTeam = {
  params = { { "teamId", validation.customId }, NAME, { "roles", ROLES, optional = true } },
  handler = function(request)
    local project, params = request.project, request.params
    local id = clock.idFrom(params.teamId)
    if project.teams:get(id) then
      errors.raise "team_already_exists"
    end
    local team = project.teams:add(newTeam(id, params.name))
    if request.user then -- a team made with a key has no member yet
      join(project, team, request.user, params.roles or json.array())
    end
    return response.json(201, teamModel(project, team))
  end,
}

teams.getById = {
  params = { TEAM },
  handler = function(request) return response.json(200, teamModel(request.project, findTeam(request, "read"))) end,
}

teams.getUserMemberships = {
  params = { queries.param, { "search", validation.text(256, 0), optional = true } },
  handler = function(request)
    local project = request.project
    local wanted = queries.read(SCHEMA, request.params.queries)
    local term = (request.params.search or ""):lower()
    local found, total = selection.run(wanted, project.teams, {
      noun = "Team",
      read = function(team, name)
        return name == "total" and membersOf(project, team) or team[sub(name, 1, 1) == "$" and sub(name, 2) or name]
      end,
      visible = function(team)
        return team.name:lower():find(term, 1, true) and permissions.allows(request, "read", team.permissions)
      end,
    })
    local list = json.array()
    for index, team in ipairs(found) do
      list[index] = teamModel(project, team)
    end
    return response.json(200, json.object("total", total, "teams", list))
  end,
}

teams.updateNameById = {
  params = { TEAM, NAME },
  handler = function(request)
    local team = findTeam(request, "update")
    team.name, team.updatedAt = request.params.name, clock.iso()
    return response.json(200, teamModel(request.project, team))
  end,
}

teams.removeTeam = {
  params = { TEAM },
  handler = function(request)
    local project = request.project
    local team = findTeam(request, "delete")
    local gone = {}
    for _, membership in ipairs(project.memberships.list) do
      gone[#gone + 1] = membership.teamId == team.id and membership.id or nil
    end
    for _, id in ipairs(gone) do
      project.memberships:remove(id)
    end
    project.teams:remove(team.id)
    return response.empty()
  end,
}

teams.getPrefs = {
  params = { TEAM },
  handler = function(request) return response.json(200, findTeam(request, "read").prefs) end,
}

teams.updatePrefsById = {
  params = { TEAM, { "prefs", validation.prefs } },
  handler = function(request)
    local team = findTeam(request, "update")
    local prefs = request.params.prefs
    team.prefs, team.updatedAt = json.isArray(prefs) and json.object() or prefs, clock.iso()
    return response.json(200, team.prefs)
  end,
}

return teams
