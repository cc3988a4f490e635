--- The teams service: teams and their preferences. Invitations and members are in `teams/memberships.lua`.

local clock = require "server.clock"
local errors = require "server.errors"
local events = require "server.events"
local json = require "server.json"
local memberships = require "server.services.teams.memberships"
local permissions = require "server.permissions"
local queries = require "server.queries"
local response = require "server.response"
local roster = require "server.roster"
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

local function teamModel(project, team)
  return json.object("$id", team.id, "$createdAt", team.createdAt, "$updatedAt", team.updatedAt, "name", team.name,
    "total", roster.count(project, team), "prefs", team.prefs)
end

-- Tell the members of a team what became of it.
local function announce(request, action, team)
  local model = teamModel(request.project, team)
  events.emit(request.project, "teams." .. action, { team.id }, model)
  return model
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

-- Who makes a team owns it, whatever else he wants to be.
local function rolesOfCreator(wished)
  local roles, isOwner = json.array(), false
  for index, role in ipairs(wished or {}) do
    roles[index] = role
    isOwner = isOwner or role == "owner"
  end
  roles[#roles + 1] = not isOwner and "owner" or nil
  return roles
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
      roster.add(project, team, request.user, { roles = rolesOfCreator(params.roles), confirm = true })
    end
    return response.json(201, announce(request, "create", team))
  end,
}

teams.getById = {
  params = { TEAM },
  handler = function(request)
    return response.json(200, teamModel(request.project, roster.findTeam(request, "read")))
  end,
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
        if name == "total" then
          return roster.count(project, team)
        end
        return team[sub(name, 1, 1) == "$" and sub(name, 2) or name]
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
    local team = roster.findTeam(request, "update")
    team.name, team.updatedAt = request.params.name, clock.iso()
    return response.json(200, announce(request, "update", team))
  end,
}

teams.removeTeam = {
  params = { TEAM },
  handler = function(request)
    local project = request.project
    local team = roster.findTeam(request, "delete")
    local last, gone = teamModel(project, team), {}
    for _, membership in ipairs(project.memberships.list) do
      gone[#gone + 1] = membership.teamId == team.id and membership.id or nil
    end
    for _, id in ipairs(gone) do
      project.memberships:remove(id)
    end
    project.teams:remove(team.id)
    events.emit(project, "teams.delete", { team.id }, last)
    return response.empty()
  end,
}

teams.getPrefs = {
  params = { TEAM },
  handler = function(request) return response.json(200, roster.findTeam(request, "read").prefs) end,
}

teams.updatePrefsById = {
  params = { TEAM, { "prefs", validation.prefs } },
  handler = function(request)
    local team = roster.findTeam(request, "update")
    local prefs = request.params.prefs
    team.prefs, team.updatedAt = json.isArray(prefs) and json.object() or prefs, clock.iso()
    events.emit(request.project, "teams.update.prefs", { team.id }, team.prefs)
    return response.json(200, team.prefs)
  end,
}

for name, operation in pairs(memberships) do
  teams[name] = operation
end

return teams
