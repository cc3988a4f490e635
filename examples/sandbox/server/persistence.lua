--- Keeps the state in a file across runs, where the sandbox was started with --state FILE. What exists says the
-- start-up file, as always; what has happened comes from the state file: users and all that is theirs, documents,
-- files, executions. Passwords and sessions are in it as hashes only.

local control = require "server.control"
local errors = require "server.errors"
local json = require "server.json"
local response = require "server.response"
local safeFile = require "server.safe_file"
local snapshot = require "server.snapshot"
local state = require "server.state"

local format = string.format

---@class sandbox.Kind what of a thing the start-up file says, and what lasts for one run only; all else is kept
---@field settings table<string, true>
---@field inside table<string, sandbox.Kind> things in it that the start-up file names, by id

local function kind(settings, inside)
  local set = {}
  for name in settings:gmatch "%a[%w]*" do
    set[name] = true
  end
  return { settings = set, inside = inside or {} }
end

local PROJECT = kind([[
  id name keys platforms jwtSeconds rateLimits maxSessions oauth2 oauth2Page counters
]], {
  databases = kind("id", { collections = kind "id permissions ownPermissions attributes fulltext" }),
  buckets = kind "id permissions ownPermissions maximumFileSize allowedFileExtensions",
  functions = kind "id execute timeout handler",
  topics = kind "id subscribe",
})

local persistence = {}

local path -- of the state file; nil where there is none

local function collect(thing, what)
  local kept = {}
  for name, value in pairs(thing) do
    local inside = what.inside[name]
    if inside then
      kept[name] = {}
      for id, each in pairs(value) do
        kept[name][id] = collect(each, inside)
      end
    elseif not what.settings[name] then
      kept[name] = value
    end
  end
  return kept
end

-- What the start-up file names no longer is left out.
local function restore(thing, kept, what, where)
  for name, value in pairs(kept) do
    local inside = what.inside[name]
    if inside then
      for id, each in pairs(value) do
        local label = format("%s.%s.%s", where, name, id)
        if thing[name][id] then
          restore(thing[name][id], each, inside, label)
        else
          ngx.log(ngx.WARN, "sandbox: the start-up file has no ", label, " any more: what was in it is dropped")
        end
      end
    elseif not what.settings[name] then
      thing[name] = value
    end
  end
end

-- Users of the start-up file who were not there yet when the state was written.
local function addUsers(project, users)
  for _, user in ipairs(users) do
    if not project.users:get(user.id) and not (user.email and project:userByEmail(user.email)) then
      project.users:add(user)
    end
  end
end

-- What was under way when the sandbox stopped will never end.
local function endExecutions(project)
  for _, fn in pairs(project.functions) do
    for _, execution in ipairs(fn.executions.list) do
      if execution.status == "waiting" or execution.status == "processing" then
        execution.status, execution.responseStatusCode = "failed", 500
        execution.errors = "The sandbox was stopped before this execution had ended."
      end
    end
  end
end

local function restoreProject(project, kept)
  local users = project.users.list
  restore(project, kept, PROJECT, project.id)
  addUsers(project, users)
  endExecutions(project)
end

local function readFile(file)
  local handle, problem, number = io.open(file, "rb")
  if not handle then
    return number ~= 2 and error(format("state file: cannot open %s", problem), 0) or nil -- 2: there is none yet
  end
  local bytes = handle:read "*a"
  handle:close()
  return bytes
end

---Take over the state that a file has, if there is one. For the start, after state.load.
---@param file string also where `save` writes from now on
function persistence.load(file)
  path = file
  local bytes = readFile(file)
  if not bytes then
    return
  end
  local ok, kept = pcall(snapshot.read, bytes)
  if not ok then
    error(format("state file %s: %s", file, kept), 0)
  end
  for id, project in pairs(state.projects) do
    if kept[id] then
      restoreProject(project, kept[id])
    end
  end
  ngx.log(ngx.NOTICE, "sandbox: took over the state of ", file)
end

---Write the state.
---@return integer bytes raises a text where it cannot be written
function persistence.save()
  local kept, size = {}, 0
  for id, project in pairs(state.projects) do
    kept[id] = collect(project, PROJECT)
  end
  safeFile.write(path, function(out)
    snapshot.write(kept, "the state", function(bytes)
      size = size + #bytes
      out(bytes)
    end)
  end)
  return size
end

---Write the state when the worker ends. The start script looks for this message.
function persistence.finish()
  if path then
    local ok, problem = pcall(persistence.save)
    if not ok then
      ngx.log(ngx.ERR, "sandbox: the state is lost: ", problem)
    end
  end
end

control.add("POST", "/dump", {
  handler = function()
    if not path then
      errors.raise "sandbox_without_state"
    end
    local ok, result = pcall(persistence.save)
    if not ok then
      errors.raise("sandbox_state_unwritable", result)
    end
    return response.json(201, json.object("file", path, "bytes", result))
  end,
})

return persistence
