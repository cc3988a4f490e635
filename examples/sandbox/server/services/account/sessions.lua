--- The account service: sessions, by password and without any, and their ends.

local accounts = require "server.accounts"
local clock = require "server.clock"
local crypto = require "server.crypto"
local errors = require "server.errors"
local json = require "server.json"
local oauth2 = require "server.oauth2"
local response = require "server.response"
local validation = require "server.validation"

local SESSION = { "sessionId", validation.uid }

local function findSession(request)
  local id = request.params.sessionId
  local session = id == "current" and request.session or request.user.sessions:get(id)
  return session or errors.raise "user_session_not_found"
end

-- The event of an end shows the hash of the secret.
local function announceEnd(request, session)
  local model = accounts.sessionModel(session, request.session):set("secret", session.hash)
  accounts.announce(request, "sessions.delete", request.user, session.id, model)
end

local sessions = {}

sessions.createEmailPasswordSession = {
  guestOnly = true,
  params = { { "email", validation.email }, { "password", validation.password } },
  handler = function(request)
    local user = request.project:userByEmail(request.params.email)
    if not user or not crypto.passwordMatches(user.password, request.params.password) then
      errors.raise "user_invalid_credentials"
    elseif not user.status then
      errors.raise "user_blocked"
    end
    return accounts.signIn(request, user, { provider = "email", uid = user.email, factor = "password" })
  end,
}

sessions.createAnonymousSession = {
  guestOnly = true,
  params = {},
  handler = function(request)
    local user = request.project:addUser { id = clock.id() }
    return accounts.signIn(request, user, { provider = "anonymous", factor = "anonymous" })
  end,
}

sessions.listSessions = {
  params = {},
  handler = function(request)
    local list = json.array()
    for index, session in ipairs(request.user.sessions.list) do
      list[index] = accounts.sessionModel(session, request.session)
    end
    return response.json(200, json.object("total", #list, "sessions", list))
  end,
}

sessions.getSession = {
  params = { SESSION },
  handler = function(request)
    return response.json(200, accounts.sessionModel(findSession(request), request.session))
  end,
}

-- A session by OAuth2 gets new tokens of the provider as well.
sessions.extendSessionLength = {
  params = { SESSION },
  handler = function(request)
    local session = findSession(request)
    session.expire = clock.now() + accounts.SESSION_SECONDS
    local changed = { "expire" }
    if session.providerRefreshToken then
      oauth2.addTokens(session)
      changed[2] = "providerAccessTokenExpiry"
    end
    local model = accounts.rawSessionModel(session, unpack(changed))
    session.updatedAt = clock.iso()
    accounts.announce(request, "sessions.update", request.user, session.id, model)
    return response.json(200, model)
  end,
}

sessions.logoutSessionById = {
  params = { SESSION },
  handler = function(request)
    local session = findSession(request)
    accounts.endSession(request.project, request.user, session)
    announceEnd(request, session)
    if session == request.session then
      response.clearSession(request)
    end
    return response.empty()
  end,
}

sessions.removeSessions = {
  params = {},
  handler = function(request)
    local list = request.user.sessions.list
    while list[1] do
      local session = list[1]
      accounts.endSession(request.project, request.user, session)
      announceEnd(request, session)
    end
    response.clearSession(request)
    return response.empty()
  end,
}

return sessions
