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
---@field phone string "" for none
---@field targets sandbox.Target[]
---@field sessions sandbox.Store
---@field tokens sandbox.Token[] codes and secrets under way
---@field challenges sandbox.Store
---@field authenticator? { secret: string, verified: boolean } secret: base32
---@field recoveryCodes string[]
---@field logs table[] what he did, oldest first; see audit.lua

---@class sandbox.Session
---@field id string
---@field userId string
---@field hash string SHA-256 of the secret, in hexadecimal
---@field expire number seconds since the epoch
---@field factors string[]
---@field mfaUpdatedAt? number seconds since the epoch

---@class sandbox.Target
---@field id string
---@field providerType "email"|"sms"|"push"
---@field identifier string address, number, or token of a device
---@field name? string
---@field providerId? string
---@field sessionId? string of a push target: it ends with its session

---@class sandbox.Membership
---@field id string
---@field teamId string
---@field userId string
---@field roles string[]
---@field invited string
---@field joined string "" before that
---@field confirm boolean
---@field hash? string SHA-256 of the invitation's secret, in hexadecimal

---@class sandbox.Team
---@field id string
---@field name string
---@field permissions string[]

---@class sandbox.Project
---@field id string
---@field users sandbox.Store
---@field teams sandbox.Store
---@field memberships sandbox.Store
---@field databases table<string, table>
---@field buckets table<string, table>
---@field keys table<string, table> by secret
---@field identities sandbox.Store
---@field topics table<string, sandbox.Topic>
---@field mails sandbox.Mail[]
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

---@param phone string
---@return sandbox.User?
function Project:userByPhone(phone)
  for _, user in ipairs(self.users.list) do
    if user.phone == phone then
      return user
    end
  end
end

---The target of any user that fits.
---@param fits fun(target: sandbox.Target): boolean
---@return sandbox.Target?
---@return sandbox.User?
function Project:findTarget(fits)
  for _, user in ipairs(self.users.list) do
    for _, target in ipairs(user.targets) do
      if fits(target) then
        return target, user
      end
    end
  end
end

local function addTarget(user, kind, identifier)
  local now = clock.iso()
  user.targets[#user.targets + 1] = {
    id = clock.id(), createdAt = now, updatedAt = now, providerType = kind, identifier = identifier,
  }
end

---@class sandbox.NewUser
---@field id string
---@field email? string
---@field phone? string
---@field password? string
---@field name? string
---@field labels? string[]
---@field status? boolean false for a blocked one
---@field emailVerification? boolean
---@field phoneVerification? boolean
---@field noTargets? boolean some ways of signing up make no target of the address

---@param fields sandbox.NewUser
---@return sandbox.User
function Project:addUser(fields)
  local now = clock.iso()
  local email = fields.email and fields.email:lower()
  local user = self.users:add {
    id = fields.id, createdAt = now, updatedAt = now, registration = now, accessedAt = now,
    name = fields.name or "", email = email, status = fields.status ~= false, labels = json.array(fields.labels),
    password = fields.password and crypto.hashPassword(fields.password), passwordUpdate = fields.password and now or "",
    emailVerification = fields.emailVerification or false, phoneVerification = fields.phoneVerification or false,
    phone = fields.phone or "", mfa = false, prefs = json.object(), targets = {}, sessions = store.new(), tokens = {},
    challenges = store.new(), recoveryCodes = json.array(), logs = {},
  }
  if email and not fields.noTargets then
    addTarget(user, "email", email)
  end
  if fields.phone and not fields.noTargets then
    addTarget(user, "sms", fields.phone)
  end
  return user
end

local function newProject(id)
  return setmetatable({
    id = id, users = store.new(), teams = store.new(), memberships = store.new(), databases = {}, buckets = {},
    functions = {}, keys = {}, counters = {}, jwtKey = crypto.randomHex(64), jwtSeconds = 900, rateLimits = false,
    platforms = { "localhost" }, name = id, maxSessions = 10, identities = store.new(), topics = {}, mails = {},
    oauth2 = {}, oauth2Codes = {},
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

local function newFunction(entry)
  return {
    id = entry.id, execute = entry.execute, timeout = entry.timeout, handler = entry.handler, deploymentId = clock.id(),
    executions = store.new(),
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
  project.name, project.maxSessions = description.name or description.id, description.maxSessions
  project.oauth2, project.oauth2Page = description.oauth2, description.oauth2Page
  project.topics = byId(description.topics, function(entry)
    return { id = entry.id, subscribe = entry.subscribe, subscribers = store.new() }
  end)
  project.databases = byId(description.databases, function(entry)
    return { id = entry.id, collections = byId(entry.collections, newCollection) }
  end)
  project.buckets = byId(description.buckets, newBucket)
  project.functions = byId(description.functions, newFunction)
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
