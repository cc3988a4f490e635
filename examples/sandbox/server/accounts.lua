--- What the parts of the account service share: how users, targets and sessions look, and how sessions begin and end.

local clock = require "server.clock"
local crypto = require "server.crypto"
local errors = require "server.errors"
local events = require "server.events"
local identity = require "server.identity"
local json = require "server.json"
local response = require "server.response"

local YEAR = 31536000 -- seconds a session lives
local SECRET_DIGITS = 256

local accounts = { SESSION_SECONDS = YEAR }

---@param user sandbox.User
---@param target sandbox.Target
---@return sandbox.Object
function accounts.targetModel(user, target)
  return json.object("$id", target.id, "$createdAt", target.createdAt, "$updatedAt", target.updatedAt,
    "name", target.name or "", "userId", user.id, "providerId", target.providerId or json.null,
    "providerType", target.providerType, "identifier", target.identifier)
end

---@param user sandbox.User
---@return sandbox.Object
function accounts.userModel(user)
  local targets = json.array()
  for index, target in ipairs(user.targets) do
    targets[index] = accounts.targetModel(user, target)
  end
  return json.object("$id", user.id, "$createdAt", user.createdAt, "$updatedAt", user.updatedAt, "name", user.name,
    "registration", user.registration, "status", user.status, "labels", user.labels,
    "passwordUpdate", user.passwordUpdate, "email", user.email or "", "phone", user.phone,
    "emailVerification", user.emailVerification, "phoneVerification", user.phoneVerification, "mfa", user.mfa,
    "prefs", user.prefs, "targets", targets, "accessedAt", user.accessedAt)
end

---Tell the user's devices of an event of his account.
---@param request sandbox.Request
---@param name string such as "users.update.name" or "sessions.create"
---@param user sandbox.User
---@param id? string of what it is about, where that is not the user himself
---@param model? sandbox.Object by default the user
function accounts.announce(request, name, user, id, model)
  events.emit(request.project, name, { user.id, id }, model or accounts.userModel(user))
end

---Answer with the user who calls, who has been changed.
---@param request sandbox.Request
---@param what string such as "name"
---@return sandbox.Response
function accounts.changed(request, what)
  local user = request.user
  user.updatedAt = clock.iso()
  local model = accounts.userModel(user)
  accounts.announce(request, "users.update." .. what, user, nil, model)
  return response.json(200, model)
end

local function isoOrNothing(seconds)
  return seconds and clock.iso(seconds) or ""
end

---What a real server reads out of the User-Agent stays empty here.
---@param model sandbox.Object
---@return sandbox.Object model
function accounts.addAgent(model)
  for _, name in ipairs {
    "osCode", "osName", "osVersion", "clientType", "clientCode", "clientName", "clientVersion", "clientEngine",
    "clientEngineVersion", "deviceName", "deviceBrand", "deviceModel",
  } do
    model:set(name, "")
  end
  return model
end

---@param session sandbox.Session
---@param current? sandbox.Session the one of the request
---@return sandbox.Object
function accounts.sessionModel(session, current)
  local model = json.object("$id", session.id, "$createdAt", session.createdAt, "$updatedAt", session.updatedAt,
    "userId", session.userId, "expire", clock.iso(session.expire), "provider", session.provider,
    "providerUid", session.providerUid, "providerAccessToken", session.providerAccessToken or "",
    "providerAccessTokenExpiry", isoOrNothing(session.providerAccessTokenExpiry),
    "providerRefreshToken", session.providerRefreshToken or "", "ip", session.ip)
  return accounts.addAgent(model):set("countryCode", "--"):set("countryName", "Unknown")
    :set("current", current == session):set("factors", json.array(session.factors)):set("secret", "")
    :set("mfaUpdatedAt", isoOrNothing(session.mfaUpdatedAt))
end

---A session as the real server answers right after changing one: with the hash of its secret, and with times as its
---database has them.
---@param session sandbox.Session
---@param ... string names of the times that were changed
---@return sandbox.Object
function accounts.rawSessionModel(session, ...)
  local model = accounts.sessionModel(session):set("countryName", ""):set("secret", session.hash)
  for _, name in ipairs { ... } do
    model:set(name, clock.plain(session[name]))
  end
  return model
end

---Take a target away, and what was subscribed with it.
---@param project sandbox.Project
---@param user sandbox.User
---@param index integer
function accounts.removeTarget(project, user, index)
  local target = table.remove(user.targets, index)
  for _, topic in pairs(project.topics) do
    for _, subscriber in ipairs(topic.subscribers.list) do
      if subscriber.targetId == target.id then
        topic.subscribers:remove(subscriber.id)
        break -- a target is on a topic once
      end
    end
  end
end

---End a session; the targets of its device go with it.
---@param project sandbox.Project
---@param user sandbox.User
---@param session sandbox.Session
function accounts.endSession(project, user, session)
  user.sessions:remove(session.id)
  for index = #user.targets, 1, -1 do
    if user.targets[index].sessionId == session.id then
      accounts.removeTarget(project, user, index)
    end
  end
end

---Begin a session; the answer will carry it.
---@param request sandbox.Request
---@param user sandbox.User
---@param fields { provider: string, uid?: string, factor: string }
---@return sandbox.Session
---@return string text what cookies and headers carry
function accounts.beginSession(request, user, fields)
  local secret, now = crypto.randomHex(SECRET_DIGITS), clock.iso()
  local session = user.sessions:add {
    id = clock.id(), userId = user.id, hash = crypto.sha256(secret), createdAt = now, updatedAt = now,
    expire = clock.now() + YEAR, provider = fields.provider, providerUid = fields.uid or "",
    factors = json.array { fields.factor }, ip = ngx.var.remote_addr,
  }
  local text = identity.encodeSession(session, secret)
  response.setSession(request, text)
  request.actor = user
  return session, text
end

---Begin a session and answer with it. Of a user who has too many, the oldest ends.
---@param request sandbox.Request
---@param user sandbox.User
---@param fields { provider: string, uid?: string, factor: string }
---@return sandbox.Response
function accounts.signIn(request, user, fields)
  local session, text = accounts.beginSession(request, user, fields)
  local sessions = user.sessions.list
  while #sessions > request.project.maxSessions do
    accounts.endSession(request.project, user, sessions[1])
  end
  local model = accounts.sessionModel(session, session):set("secret", request.isKey and text or "")
  accounts.announce(request, "sessions.create", user, session.id, model)
  return response.json(201, model)
end

---The user of an address: whoever has it, or a new one with the id that the caller wishes.
---@param request sandbox.Request
---@param found? sandbox.User
---@param fields sandbox.NewUser
---@return sandbox.User
function accounts.findOrAdd(request, found, fields)
  if found then
    return found
  end
  fields.id = clock.idFrom(fields.id)
  if request.project.users:get(fields.id) then
    errors.raise "user_already_exists"
  end
  return request.project:addUser(fields)
end

---Whether somebody else signed in by OAuth2 with an address, which keeps it from others.
---@param project sandbox.Project
---@param email string
---@param user? sandbox.User who may have it
---@return boolean
function accounts.isIdentityOfOther(project, email, user)
  for _, other in ipairs(project.identities.list) do
    if other.providerEmail == email:lower() and (not user or other.userId ~= user.id) then
      return true
    end
  end
  return false
end

return accounts
