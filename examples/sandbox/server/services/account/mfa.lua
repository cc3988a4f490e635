--- The account service: second factors, by authenticator app, mail, telephone, or recovery code.

local accounts = require "server.accounts"
local clock = require "server.clock"
local crypto = require "server.crypto"
local errors = require "server.errors"
local factors = require "server.factors"
local json = require "server.json"
local mailbox = require "server.mailbox"
local response = require "server.response"
local tokens = require "server.tokens"
local totp = require "server.totp"
local validation = require "server.validation"

local format = string.format

local OTP = { "otp", validation.text(256) }
local TYPE = { "type", validation.oneOf({ "totp" }, true) }
local HOUR = 3600
local RECOVERY_CODES, RECOVERY_DIGITS = 6, 10

-- The codes themselves are told to nobody but the one who asked.
local function newCodes(request)
  local codes, user = json.array(), request.user
  for index = 1, RECOVERY_CODES do
    codes[index] = crypto.randomHex(RECOVERY_DIGITS)
  end
  user.recoveryCodes = codes
  accounts.announce(request, "users.update.mfa", user)
  return response.json(200, json.object("recoveryCodes", codes))
end

local function takeRecoveryCode(user, code)
  for index, known in ipairs(user.recoveryCodes) do
    if crypto.equal(known, code) then
      table.remove(user.recoveryCodes, index)
      return true
    end
  end
  return false
end

local function findAuthenticator(request)
  return request.params.type == "totp" and request.user.authenticator or errors.raise "user_authenticator_not_found"
end

-- Percent-encoding of a URI's parts, where a space is no "+".
local function encode(text)
  return (text:gsub("[^%w%-_.~]", function(character) return format("%%%02X", character:byte()) end))
end

local mfa = {}

mfa.updateMfaStatus = {
  params = { { "mfa", validation.boolean } },
  handler = function(request)
    request.user.mfa = request.params.mfa
    return accounts.changed(request, "mfa")
  end,
}

mfa.listMfaFactors = {
  params = {},
  handler = function(request)
    local has = factors.of(request.user)
    return response.json(200, json.object("totp", has.totp, "phone", has.phone, "email", has.email,
      "recoveryCode", has.recoveryCode))
  end,
}

mfa.addAuthenticator = {
  params = { TYPE },
  handler = function(request)
    local user, project = request.user, request.project
    if request.params.type ~= "totp" then
      errors.raise("general_argument_invalid", "Unknown type.")
    elseif user.authenticator and user.authenticator.verified then
      errors.raise "user_authenticator_already_verified"
    end
    local secret = totp.newSecret()
    user.authenticator = { secret = secret, verified = false }
    accounts.announce(request, "users.update.mfa", user)
    local issuer = encode(project.name)
    return response.json(200, json.object("secret", secret, "uri", format("otpauth://totp/%s%%3A%s?issuer=%s&secret=%s",
      issuer, encode(user.email or ""), issuer, secret)))
  end,
}

mfa.verifyAuthenticator = {
  params = { TYPE, OTP },
  handler = function(request)
    local authenticator = findAuthenticator(request)
    if authenticator.verified then
      errors.raise "user_authenticator_already_verified"
    elseif not totp.matches(authenticator.secret, request.params.otp) then
      errors.raise "user_invalid_token"
    end
    authenticator.verified = true
    local session = request.session
    if session then
      session.factors[#session.factors + 1] = "totp"
      session.updatedAt = clock.iso()
    end
    local model = accounts.userModel(request.user)
    accounts.announce(request, "users.update.mfa", request.user, nil, model)
    return response.json(200, model)
  end,
}

mfa.deleteAuthenticator = {
  params = { TYPE, OTP },
  handler = function(request)
    local user, otp = request.user, request.params.otp
    if not totp.matches(findAuthenticator(request).secret, otp) and not takeRecoveryCode(user, otp) then
      errors.raise "user_invalid_token"
    end
    user.authenticator = nil
    accounts.announce(request, "users.delete.mfa", user)
    return response.empty()
  end,
}

mfa.createMfaRecoveryCodes = {
  params = {},
  handler = function(request)
    if #request.user.recoveryCodes > 0 then
      errors.raise "user_recovery_codes_already_exists"
    end
    return newCodes(request)
  end,
}

mfa.getMfaRecoveryCodes = {
  params = {},
  handler = function(request)
    factors.requireRecent(request)
    local codes = request.user.recoveryCodes
    if #codes == 0 then
      errors.raise "user_recovery_codes_not_found"
    end
    return response.json(200, json.object("recoveryCodes", codes))
  end,
}

mfa.regenerateMfaRecoveryCodes = {
  params = {},
  handler = function(request)
    factors.requireRecent(request)
    if #request.user.recoveryCodes == 0 then
      errors.raise "user_recovery_codes_not_found"
    end
    return newCodes(request)
  end,
}

-- How a challenge's code reaches the user; the other factors need none.
local SEND = {
  email = function(request, code)
    local user = request.user
    if not user.email then
      errors.raise "user_email_not_found"
    elseif not user.emailVerification then
      errors.raise "user_email_not_verified"
    end
    mailbox.send(request.project, {
      kind = "email", to = user.email, subject = "Verification code for " .. request.project.name, secret = code,
      userId = user.id, text = "Complete your sign-in with this code: " .. code,
    })
  end,
  phone = function(request, code)
    local user = request.user
    if user.phone == "" then
      errors.raise "user_phone_not_found"
    elseif not user.phoneVerification then
      errors.raise "user_phone_not_verified"
    end
    mailbox.send(request.project, {
      kind = "sms", to = user.phone, subject = "", secret = code, userId = user.id,
      text = format("%s completes your sign-in to %s.", code, request.project.name),
    })
  end,
}

-- Any case passes here, but only the exact name can be completed.
mfa.createMfaChallenge = {
  params = { { "factor", validation.oneOf({ "email", "phone", "totp", "recoverycode" }, true) } },
  handler = function(request)
    local user, factor = request.user, request.params.factor
    local code = tokens.newCode()
    if SEND[factor] then
      SEND[factor](request, code)
    end
    local challenge = user.challenges:add {
      id = clock.id(), createdAt = clock.iso(), factor = factor, code = code, expire = clock.now() + HOUR,
    }
    local model = json.object("$id", challenge.id, "$createdAt", challenge.createdAt, "userId", user.id,
      "expire", clock.iso(challenge.expire))
    accounts.announce(request, "challenges.create", user, challenge.id, model)
    return response.json(200, model)
  end,
}

local function codeMatches(challenge, _, otp)
  return crypto.equal(challenge.code, otp)
end

local MATCHES = {
  email = codeMatches, phone = codeMatches,
  totp = function(_, user, otp) return user.authenticator ~= nil and totp.matches(user.authenticator.secret, otp) end,
  recoverycode = function(_, user, otp) return takeRecoveryCode(user, otp) end,
}

mfa.completeMfaChallenge = {
  params = { { "challengeId", validation.text(256) }, OTP },
  handler = function(request)
    local user, session = request.user, request.session or errors.raise "user_session_not_found"
    local challenge = user.challenges:get(request.params.challengeId)
    local matches = challenge and challenge.expire > clock.now() and MATCHES[challenge.factor]
    if not matches or not matches(challenge, user, request.params.otp) then
      errors.raise "user_invalid_token"
    end
    user.challenges:remove(challenge.id)
    session.factors[#session.factors + 1] = challenge.factor
    session.mfaUpdatedAt = clock.now()
    local model = accounts.rawSessionModel(session, "mfaUpdatedAt")
    session.updatedAt = clock.iso()
    accounts.announce(request, "sessions.create", user, session.id, model)
    return response.json(200, model)
  end,
}

return mfa
