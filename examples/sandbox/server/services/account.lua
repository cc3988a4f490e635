--- The account service: registration, and the user who calls. Its other parts are in `account/`.

local accounts = require "server.accounts"
local clock = require "server.clock"
local crypto = require "server.crypto"
local errors = require "server.errors"
local identity = require "server.identity"
local json = require "server.json"
local queries = require "server.queries"
local response = require "server.response"
local validation = require "server.validation"

local changed = accounts.changed

local NAME = validation.text(128)
local PARTS = { "confirmations", "mfa", "oauth2", "sessions", "targets", "tokens" }

local LOGS = {
  attributes = {}, methods = { limit = true, offset = true }, limit = 5000, fail = queries.failParam,
}

-- Who has a password must give it; who has none gets one by this.
local function checkPassword(user, password)
  if user.password and not crypto.passwordMatches(user.password, password) then
    errors.raise "user_invalid_credentials"
  end
end

local function setPassword(user, password)
  user.password, user.passwordUpdate = crypto.hashPassword(password), clock.iso()
end

local function hasTarget(project, identifier)
  return project:findTarget(function(target) return target.identifier == identifier end) ~= nil
end

local function moveTarget(user, from, to)
  for _, target in ipairs(user.targets) do
    if target.identifier == from then
      target.identifier, target.updatedAt = to, clock.iso()
    end
  end
end

local function logModel(user, entry)
  local model = json.object("event", entry.event, "userId", user.id, "userEmail", entry.userEmail,
    "userName", entry.userName, "mode", "default", "ip", entry.ip, "time", entry.time)
  return accounts.addAgent(model):set("countryCode", "--"):set("countryName", "Unknown")
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
    if accounts.isIdentityOfOther(project, params.email) then
      errors.raise "general_bad_request"
    elseif project.users:get(id) or project:userByEmail(params.email) then
      errors.raise "user_already_exists"
    end
    request.actor = project:addUser {
      id = id, email = params.email, password = params.password, name = params.name,
    }
    local model = accounts.userModel(request.actor)
    accounts.announce(request, "users.create", request.actor, nil, model)
    return response.json(201, model)
  end,
}

account.getCurrentUser = {
  params = {},
  handler = function(request) return response.json(200, accounts.userModel(request.user)) end,
}

account.createJwt = {
  params = {},
  handler = function(request)
    local session = request.session or errors.raise "user_session_not_found"
    return response.json(201, json.object("jwt", identity.newJwt(request.project, session)))
  end,
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
    return changed(request, "prefs")
  end,
}

account.updateNameOperation = {
  params = { { "name", NAME } },
  handler = function(request)
    request.user.name = request.params.name
    return changed(request, "name")
  end,
}

account.updatePassword = {
  params = { { "password", validation.newPassword }, { "oldPassword", validation.password, optional = true } },
  handler = function(request)
    checkPassword(request.user, request.params.oldPassword or "")
    setPassword(request.user, request.params.password)
    return changed(request, "password")
  end,
}

account.updateUserEmail = {
  params = { { "email", validation.email }, { "password", validation.password } },
  handler = function(request)
    local project, user, email = request.project, request.user, request.params.email:lower()
    checkPassword(user, request.params.password)
    if accounts.isIdentityOfOther(project, email, user) then
      errors.raise "general_bad_request"
    elseif hasTarget(project, email) then
      errors.raise "user_target_already_exists"
    elseif project:userByEmail(email) then
      errors.raise "general_bad_request"
    end
    moveTarget(user, user.email, email)
    user.email, user.emailVerification = email, false
    if not user.password then
      setPassword(user, request.params.password)
    end
    return changed(request, "email")
  end,
}

account.updatePhone = {
  params = { { "phone", validation.phone }, { "password", validation.password } },
  handler = function(request)
    local project, user, phone = request.project, request.user, request.params.phone
    checkPassword(user, request.params.password)
    if hasTarget(project, phone) then
      errors.raise "user_target_already_exists"
    end
    local holder = project:userByPhone(phone)
    if holder and holder ~= user then
      errors.raise "user_phone_already_exists"
    end
    moveTarget(user, user.phone, phone)
    user.phone, user.phoneVerification = phone, false
    if not user.password then
      setPassword(user, request.params.password)
    end
    return changed(request, "phone")
  end,
}

account.blockUserStatus = {
  params = {},
  handler = function(request)
    request.user.status = false
    response.clearSession(request)
    return changed(request, "status")
  end,
}

account.listLogs = {
  params = { queries.param },
  handler = function(request)
    local wanted = queries.read(LOGS, request.params.queries)
    local user, list = request.user, json.array()
    local newest = #user.logs - wanted.offset
    for index = newest, math.max(newest - wanted.limit + 1, 1), -1 do
      list[#list + 1] = logModel(user, user.logs[index])
    end
    return response.json(200, json.object("total", #user.logs, "logs", list))
  end,
}

for _, part in ipairs(PARTS) do
  for name, operation in pairs(require("server.services.account." .. part)) do
    account[name] = operation
  end
end

return account
