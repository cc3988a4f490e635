--- Tells subscribers what has happened. A service says so once it is done:
--
--   events.emit(project, "documents.update", { databaseId, collectionId, id }, model, events.readers(collection, it))
--   events.emit(project, "users.update.name", { user.id }, model)

local clock = require "server.clock"
local connections = require "server.connections"
local eventNames = require "server.event_names"
local json = require "server.json"
local realtimeJson = require "server.realtime_json"

local match = string.match
local fill = eventNames.fill

local events = {}

local function filled(templates, ids)
  local list = json.array()
  for index, template in ipairs(templates) do
    list[index] = fill(template, ids)
  end
  return list
end

local function addReaders(roles, list)
  for _, permission in ipairs(list) do
    roles[#roles + 1] = match(permission, '^read%("(.*)"%)$')
  end
end

---The roles that may read a thing in a container (document in collection, file in bucket).
---@param container { permissions: string[], ownPermissions: boolean }
---@param thing { permissions: string[] }
---@return string[] roles
function events.readers(container, thing)
  local roles = {}
  addReaders(roles, container.permissions)
  if container.ownPermissions then
    addReaders(roles, thing.permissions)
  end
  return roles
end

---The roles that may read a thing that has but its own permissions.
---@param thing { permissions: string[] }
---@return string[] roles
function events.ownReaders(thing)
  local roles = {}
  addReaders(roles, thing.permissions)
  return roles
end

-- Events of users and teams may come with a change of roles.
local function refreshRoles(project, kind, ids)
  if kind.path[1] == "users" then
    connections.refreshRoles(project, ids[1])
  elseif kind.path[1] == "teams" then
    connections.refreshRoles(project)
  end
end

---Tell those who have subscribed and may read it.
---@param project sandbox.Project
---@param name string a kind of event_names.lua and an action: "documents.create", "users.update.prefs"
---@param ids string[] of the kind's path
---@param payload sandbox.Object what the API answers, or for something deleted what it last would have answered
---@param readers? string[] roles that may read it, for kinds that do not say so themselves
function events.emit(project, name, ids, payload, readers)
  local kindName, action = match(name, "^(%a+)%.(.+)$")
  local kind = eventNames.KINDS[kindName] or error("no such kind of event: " .. name)
  -- Whom it is for are those who have the role by now; but of the end of a team its members still learn.
  local endsTeam = name == "teams.delete"
  if not endsTeam then
    refreshRoles(project, kind, ids)
  end
  local channels = filled(kind.channels, ids)
  local receivers = connections.find(project.id, channels, readers or { fill(kind.reader, ids) })
  if receivers[1] then
    local frame = connections.frame(realtimeJson.event(json.object("type", "event", "data", json.object(
      "events", json.array(eventNames.list(kind, action, ids)), "channels", channels, "timestamp", clock.iso(),
      "payload", payload))))
    for _, connection in ipairs(receivers) do
      connection:push(frame)
    end
  end
  if endsTeam then
    refreshRoles(project, kind, ids)
  end
end

return events
