--- Names of channels, for `client.realtime:subscribe`: what a subscription hears of.

local argument = require "appwrite.argument"

local error, format, ipairs, type = error, string.format, ipairs, type
local find = string.find

local LONGEST_ID = 36 -- characters, as for all of Appwrite's ids

---@class appwrite.Channel
local Channel = {}

local function isId(value)
  return type(value) == "string" and #value <= LONGEST_ID and find(value, "^%w[%w._-]*$") ~= nil
end

-- Ids of which each needs the one before it: their names in messages, and what was given.
local function problemOf(where, names, ids)
  local missing
  for index, name in ipairs(names) do
    local id = ids[index]
    if id == nil then
      missing = missing or name
    elseif not isId(id) then
      return argument.wrong(where, name, "an id (letters, digits, and . _ - but not first; 36 characters at most)", id)
    elseif missing then
      return format('%s: argument "%s" is missing, which comes before "%s"', where, missing, name)
    end
  end
  return nil
end

---The account of whoever is logged in: its data, sessions, memberships.
---@return string
function Channel.account()
  return "account"
end

---Documents: all, those of a collection, or one.
---@param databaseId string?
---@param collectionId string? goes with databaseId
---@param documentId string?
---@return string
function Channel.documents(databaseId, collectionId, documentId)
  local problem = problemOf("Channel.documents", { "databaseId", "collectionId", "documentId" },
    { databaseId, collectionId, documentId })
  if not problem and databaseId and not collectionId then
    problem = 'Channel.documents: argument "collectionId" is missing: no channel is of a whole database'
  end
  if problem then
    error(problem, 2)
  elseif not databaseId then
    return "documents"
  end
  local base = "databases." .. databaseId .. ".collections." .. collectionId .. ".documents"
  return documentId and base .. "." .. documentId or base
end

---Files: all, those of a bucket, or one.
---@param bucketId string?
---@param fileId string?
---@return string
function Channel.files(bucketId, fileId)
  local problem = problemOf("Channel.files", { "bucketId", "fileId" }, { bucketId, fileId })
  if problem then
    error(problem, 2)
  elseif not bucketId then
    return "files"
  end
  local base = "buckets." .. bucketId .. ".files"
  return fileId and base .. "." .. fileId or base
end

local function oneOf(kind, name, id)
  local problem = problemOf("Channel." .. kind, { name }, { id })
  if problem then
    return nil, problem
  end
  return id and kind .. "." .. id or kind
end

---Executions of functions: all, or one.
---@param executionId string?
---@return string
function Channel.executions(executionId)
  local made, problem = oneOf("executions", "executionId", executionId)
  return made or error(problem, 2)
end

---The executions of one function.
---@param functionId string
---@return string
function Channel.functions(functionId)
  if functionId == nil then
    error(argument.wrong("Channel.functions", "functionId", "an id", functionId), 2)
  end
  local made, problem = oneOf("functions", "functionId", functionId)
  return made or error(problem, 2)
end

---Teams: all that the user is a member of, or one.
---@param teamId string?
---@return string
function Channel.teams(teamId)
  local made, problem = oneOf("teams", "teamId", teamId)
  return made or error(problem, 2)
end

---Memberships: all of the user's teams, or one.
---@param membershipId string?
---@return string
function Channel.memberships(membershipId)
  local made, problem = oneOf("memberships", "membershipId", membershipId)
  return made or error(problem, 2)
end

return argument.closed("Channel", Channel)
