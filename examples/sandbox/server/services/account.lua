--- The account service: registration, sessions, name and preferences of the user who calls.

local clock = require "server.clock"
local crypto = require "server.crypto"
local errors = require "server.errors"
local identity = require "server.identity"
local json = require "server.json"
local response = require "server.response"
local validation = require "server.validation"

local YEAR = 31536000 -- seconds a session lives
local SECRET_DIGITS = 256

local NAME = validation.text(128)

local function targetModel(user, target)
  return json.object("$id", target.id, "$createdAt", target.createdAt, "$updatedAt", target.updatedAt, "name", "",
    "userId", user.id, "providerId", json.null, "providerType", target.providerType, "identifier", target.identifier)
end

---@param user sandbox.User
---@return sandbox.Object
local function userModel(user)
  local targets = json.array()
  for index, target in ipairs(user.targets) do
    targets[index] = targetModel(user, target)
  end
  return json.object("$id", user.id, "$createdAt", user.createdAt, "$updatedAt", user.updatedAt, "name", user.name,
    "registration", user.registration, "status", user.status, "labels", user.labels,
    "passwordUpdate", user.passwordUpdate, "email", user.email or "", "phone", user.phone,
    "emailVerification", user.emailVerification, "phoneVerification", user.phoneVerification, "mfa", user.mfa,
    "prefs", user.prefs, "targets", targets, "accessedAt", user.accessedAt)
end

-- What a real server reads out of the User-Agent stays empty here.
local function sessionModel(session, current)
  local model = json.object("$id", session.id, "$createdAt", session.createdAt, "$updatedAt", session.createdAt,
    "userId", session.userId, "expire", clock.iso(session.expire), "provider", session.provider,
    "providerUid", session.providerUid, "providerAccessToken", "", "providerAccessTokenExpiry", "",
    "providerRefreshToken", "", "ip", session.ip)
  for _, name in ipairs {
    "osCode", "osName", "osVersion", "clientType", "clientCode", "clientName", "clientVersion", "clientEngine",
    "clientEngineVersion", "deviceName", "deviceBrand", "deviceModel",
  } do
    model:set(name, "")
  end
  return model:set("countryCode", "--"):set("countryName", "Unknown"):set("current", current == session)
    :set("factors", json.array(session.factors)):set("secret", ""):set("mfaUpdatedAt", "")
end

local function newSession(request, user, provider, factor)
  local secret = crypto.randomHex(SECRET_DIGITS)
  local session = user.sessions:add {
    id = clock.id(), userId = user.id, hash = crypto.sha256(secret), createdAt = clock.iso(),
    expire = clock.now() + YEAR, provider = provider, providerUid = user.email or "", factors = { factor },
    ip = ngx.var.remote_addr,
  }
  local text = identity.encodeSession(session, secret)
  response.setSession(request, text)
  return response.json(201, sessionModel(session, session))
end

local function findSession(request)
  local id = request.params.sessionId
  local session = id == "current" and request.session or request.user.sessions:get(id)
  return session or errors.raise "user_session_not_found"
end

local function touch(user)
  user.updatedAt = clock.iso()
  return response.json(200, userModel(user))
end

local account = {}

account.registerUser = {
  params = {
    { "userId", validation.customId }, { "email", validation.email }, { "password", validation.newPassword },
    { "name", NAME, optional = true },
  },
  handler = function(request)
    local project, params = request.project, request.params
    local id = clock.idFrom(params.userId)
    if project.users:get(id) or project:userByEmail(params.email) then
      errors.raise "user_already_exists"
    end
    return response.json(201, userModel(project:addUser {
      id = id, email = params.email, password = params.password, name = params.name,
    }))
  end,
}

account.createEmailPasswordSession = {
  guestOnly = true,
  params = { { "email", validation.email }, { "password", validation.password } },
  handler = function(request)
    local user = request.project:userByEmail(request.params.email)
    if not user or not crypto.passwordMatches(user.password, request.params.password) then
      errors.raise "user_invalid_credentials"
    elseif not user.status then
      errors.raise "user_blocked"
    end
    return newSession(request, user, "email", "password")
  end,
}

account.createAnonymousSession = {
  guestOnly = true,
  params = {},
  handler = function(request)
    return newSession(request, request.project:addUser { id = clock.id() }, "anonymous", "anonymous")
  end,
}

account.createJwt = {
  params = {},
  handler = function(request)
    local session = request.session or errors.raise "user_session_not_found"
    return response.json(201, json.object("jwt", identity.newJwt(request.project, session)))
  end,
}

account.getCurrentUser = {
  params = {},
  handler = function(request) return response.json(200, userModel(request.user)) end,
}

account.getPrefs = {
  params = {},
  handler = function(request) return response.json(200, request.user.prefs) end,
}

account.updatePreferences = {
  params = { { "prefs", validation.prefs } },
  handler = function(request)
    local prefs = request.params.prefs
    request.user.prefs = json.isArray(prefs) and json.object() or prefs
    return touch(request.user)
  end,
}

account.updateNameOperation = {
  params = { { "name", NAME } },
  handler = function(request)
    request.user.name = request.params.name
    return touch(request.user)
  end,
}

account.listSessions = {
  params = {},
  handler = function(request)
    local list = json.array()
    for index, session in ipairs(request.user.sessions.list) do
      list[index] = sessionModel(session, request.session)
    end
    return response.json(200, json.object("total", #list, "sessions", list))
  end,
}

account.getSession = {
  params = { { "sessionId", validation.uid } },
  handler = function(request) return response.json(200, sessionModel(findSession(request), request.session)) end,
}

account.logoutSessionById = {
  params = { { "sessionId", validation.uid } },
  handler = function(request)
    local session = findSession(request)
    request.user.sessions:remove(session.id)
    if session == request.session then
      response.clearSession(request)
    end
    return response.empty()
  end,
}

account.removeSessions = {
  params = {},
  handler = function(request)
    local sessions = request.user.sessions
    while sessions.list[1] do
      sessions:remove(sessions.list[1].id)
    end
    response.clearSession(request)
    return response.empty()
  end,
}

return account
