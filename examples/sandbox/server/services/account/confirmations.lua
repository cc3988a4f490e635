--- The account service: verification of mail address and telephone number, and recovery of a lost password.

local accounts = require "server.accounts"
local clock = require "server.clock"
local crypto = require "server.crypto"
local errors = require "server.errors"
local hosts = require "server.hosts"
local mailbox = require "server.mailbox"
local response = require "server.response"
local tokens = require "server.tokens"
local urls = require "server.urls"
local validation = require "server.validation"

local format = string.format

local USER = { "userId", validation.uid }
local SECRET = { "secret", validation.text(256) }
local HOUR = 3600

-- Send a mail with a link that has a new token's secret in it, and answer with the token.
local function sendLink(request, user, kind, words)
  local token, secret = tokens.create(user, kind)
  local link = urls.with(request.params.url, {
    { "userId", user.id }, { "secret", secret }, { "expire", clock.plain(token.expire) },
  })
  mailbox.send(request.project, {
    kind = "email", to = user.email, subject = format("%s for %s", words.subject, request.project.name),
    secret = secret, userId = user.id, links = { link }, text = words.text .. "\n" .. link,
  })
  request.actor = user
  local model = tokens.model(token, request.isKey and secret or "")
  accounts.announce(request, kind .. ".create", user, token.id, model)
  return response.json(201, model)
end

local function findUser(request)
  return request.project.users:get(request.params.userId) or errors.raise "user_not_found"
end

-- Take the token, and answer with it as it was kept: with the hash of its secret.
local function confirm(request, user, kind, change)
  local token = tokens.take(user, request.params.secret, kind) or errors.raise "user_invalid_token"
  change(user)
  user.updatedAt = clock.iso()
  request.actor = user
  local model = tokens.model(token, token.hash)
  accounts.announce(request, (kind == "phone" and "verification" or kind) .. ".update", user, token.id, model)
  return response.json(200, model)
end

local confirmations = {}

confirmations.createEmailVerification_0 = {
  params = { { "url", hosts.check } },
  handler = function(request)
    local user = request.user
    if not user.email then
      errors.raise "general_unknown" -- the real server has nobody to send the mail to
    elseif user.emailVerification then
      errors.raise "user_email_already_verified"
    end
    return sendLink(request, user, "verification", {
      subject = "Verification", text = "Follow this link to show that this address is yours:",
    })
  end,
}

confirmations.createEmailVerification = {
  params = { USER, SECRET },
  handler = function(request)
    return confirm(request, findUser(request), "verification", function(user) user.emailVerification = true end)
  end,
}

confirmations.createPhoneVerification = {
  params = {},
  handler = function(request)
    local user = request.user
    if user.phone == "" then
      errors.raise "user_phone_not_found"
    elseif user.phoneVerification then
      errors.raise "user_phone_already_verified"
    end
    local token, secret = tokens.create(user, "phone", HOUR)
    mailbox.send(request.project, {
      kind = "sms", to = user.phone, subject = "", secret = secret, userId = user.id,
      text = format("%s verifies this number for %s.", secret, request.project.name),
    })
    local model = tokens.model(token, request.isKey and secret or "")
    accounts.announce(request, "verification.create", user, token.id, model)
    return response.json(201, model)
  end,
}

-- The real server looks for the token with the one who asks, so a guest's is never right.
confirmations.confirmPhoneVerification = {
  params = { USER, SECRET },
  handler = function(request)
    local user = findUser(request)
    if user ~= request.user then
      errors.raise "user_invalid_token"
    end
    return confirm(request, user, "phone", function() user.phoneVerification = true end)
  end,
}

confirmations.createPasswordRecovery = {
  params = { { "email", validation.email }, { "url", hosts.check } },
  handler = function(request)
    local user = request.project:userByEmail(request.params.email) or errors.raise "user_not_found"
    if not user.status then
      errors.raise "user_blocked"
    end
    return sendLink(request, user, "recovery", {
      subject = "New password", text = "Follow this link to choose a new password:",
    })
  end,
}

confirmations.completePasswordRecovery = {
  params = { USER, SECRET, { "password", validation.newPassword } },
  handler = function(request)
    return confirm(request, findUser(request), "recovery", function(user)
      user.password, user.passwordUpdate = crypto.hashPassword(request.params.password), clock.iso()
      user.emailVerification = true
    end)
  end,
}

return confirmations
