--- What exists: the project of the start-up file, and the console project that is meant where a request names none.
-- All of it lives in this one worker's memory and goes with it.

local clock = require "server.clock"
local crypto = require "server.crypto"
local json = require "server.json"
local startup = require "server.startup"
local store = require "server.store"

---@class sandbox.User
---@field id string
---@field email? string lower-case
---@field password? sandbox.Password
---@field sessions sandbox.Store

---@class sandbox.Session
---@field id string
---@field userId string
---@field hash string SHA-256 of the secret, in hexadecimal
---@field expire number seconds since the epoch

---@class sandbox.Membership
---@field id string
---@field teamId string
---@field userId string
---@field roles string[]
---@field confirm boolean

---@class sandbox.Project
---@field id string
---@field users sandbox.Store
---@field teams sandbox.Store
---@field memberships sandbox.Store
---@field databases table<string, table>
---@field buckets table<string, table>
---@field keys table<string, table> by secret
local Project = { __name = "sandbox.Project" }
Project.__index = Project

local state = { projects = {} } ---@type { projects: table<string, sandbox.Project> }

---@param email string
---@return sandbox.User?
function Project:userByEmail(email)
  email = email:lower()
  for _, user in ipairs(self.users.list) do
    if user.email == email then
      return user
    end
  end
end

---@param userId string
---@return sandbox.Membership[]
function Project:membershipsOf(userId)
  local found = {}
  for _, membership in ipairs(self.memberships.list) do
    if membership.userId == userId then
      found[#found + 1] = membership
    end
  end
  return found
end

---@param fields { id: string, email?: string, password?: string, name?: string, labels?: string[] }
---@return sandbox.User
function Project:addUser(fields)
  local now = clock.iso()
  local email = fields.email and fields.email:lower()
  local user = self.users:add {
    id = fields.id, createdAt = now, updatedAt = now, registration = now, accessedAt = now,
    name = fields.name or "", email = email, status = fields.status ~= false, labels = json.array(fields.labels),
    password = fields.password and crypto.hashPassword(fields.password), passwordUpdate = fields.password and now or "",
    emailVerification = fields.emailVerification or false, phoneVerification = false, phone = "", mfa = false,
    prefs = json.object(), targets = {}, sessions = store.new(),
  }
  if email then
    user.targets[1] = { id = clock.id(), createdAt = now, updatedAt = now, providerType = "email", identifier = email }
  end
  return user
end

local function newProject(id)
  return setmetatable({
    id = id, users = store.new(), teams = store.new(), memberships = store.new(), databases = {}, buckets = {},
    keys = {}, counters = {}, jwtKey = crypto.randomHex(64), jwtSeconds = 900, rateLimits = false,
    platforms = { "localhost" },
  }, Project)
end

local function byId(list, build)
  local result = {}
  for _, entry in ipairs(list) do
    result[entry.id] = build(entry)
  end
  return result
end

local function newCollection(entry)
  return {
    id = entry.id, permissions = startup.expand(entry.permissions), ownPermissions = entry.documentSecurity,
    attributes = entry.attributes, fulltext = entry.fulltext, documents = store.new(),
  }
end

local function newBucket(entry)
  return {
    id = entry.id, permissions = startup.expand(entry.permissions), ownPermissions = entry.fileSecurity,
    maximumFileSize = entry.maximumFileSize, allowedFileExtensions = entry.allowedFileExtensions,
    files = store.new(), uploads = {},
  }
end

---Make what a start-up file describes.
---@param path string
---@return sandbox.Project
function state.load(path)
  local description = startup.read(path)
  local project = newProject(description.id)
  project.jwtSeconds, project.rateLimits = description.jwtSeconds, description.rateLimits
  project.platforms = description.platforms
  project.databases = byId(description.databases, function(entry)
    return { id = entry.id, collections = byId(entry.collections, newCollection) }
  end)
  project.buckets = byId(description.buckets, newBucket)
  for _, key in ipairs(description.keys) do
    project.keys[key.secret] = key
  end
  for _, user in ipairs(description.users) do
    project:addUser(user)
  end
  state.projects = { console = newProject "console", [project.id] = project }
  return project
end

return state
