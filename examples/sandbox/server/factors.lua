--- Second factors: which ones a user has, and whether his session has given enough of them.

local clock = require "server.clock"
local errors = require "server.errors"

local RECENT = 300 -- seconds after a challenge in which the recovery codes may be seen

-- What somebody may do who has given the first factor only.
local OPEN = {
  ["account.listMfaFactors"] = true, ["account.createMfaChallenge"] = true, ["account.completeMfaChallenge"] = true,
  ["account.logoutSessionById"] = true,
}

local factors = {}

---@param user sandbox.User
---@return { totp: boolean, phone: boolean, email: boolean, recoveryCode: boolean }
function factors.of(user)
  return {
    totp = user.authenticator ~= nil and user.authenticator.verified,
    phone = user.phone ~= "" and user.phoneVerification,
    email = user.email ~= nil and user.emailVerification, recoveryCode = #user.recoveryCodes > 0,
  }
end

---Refuse a session that lacks the second factor; a user who has none to give is not asked for it.
---@param request sandbox.Request
---@param operation string
function factors.check(request, operation)
  local user, session = request.user, request.session
  if not session or not user.mfa or OPEN[operation] or #session.factors > 1 then
    return
  end
  local has = factors.of(user)
  if has.totp or has.phone or has.email then
    errors.raise "user_more_factors_required"
  end
end

---@param request sandbox.Request
function factors.requireRecent(request)
  local updated = request.session and request.session.mfaUpdatedAt
  if not updated or clock.now() > updated + RECENT then
    errors.raise "user_challenge_required"
  end
end

return factors
