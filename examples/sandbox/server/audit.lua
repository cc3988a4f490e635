--- What users did, for account.listLogs.

local clock = require "server.clock"

local audit = {}

local function names(text)
  local result = {}
  for operation, event in text:gmatch "(%S+)=(%S+)" do
    result[operation] = event
  end
  return result
end

-- The event of each operation that is logged.
local EVENTS = names [[
  account.registerUser=user.create account.updateNameOperation=user.update account.updatePassword=user.update
  account.updateUserEmail=user.update account.updatePhone=user.update account.updatePreferences=user.update
  account.blockUserStatus=user.update account.updateMfaStatus=user.update account.addAuthenticator=user.update
  account.verifyAuthenticator=user.update account.deleteAuthenticator=user.update
  account.createMfaRecoveryCodes=user.update account.regenerateMfaRecoveryCodes=user.update
  account.createEmailPasswordSession=session.create account.createAnonymousSession=session.create
  account.createSessionFromToken=session.create account.updateMagicUrlSession=session.create
  account.updatePhoneSession=session.create account.createMagicUrlToken=session.create
  account.createEmailToken=session.create account.createPhoneToken=session.create account.oauth2Redirect=session.create
  account.removeSessions=session.delete account.logoutSessionById=session.delete
  account.extendSessionLength=session.update
  account.createPasswordRecovery=recovery.create account.completePasswordRecovery=recovery.update
  account.createEmailVerification_0=verification.create account.createEmailVerification=verification.update
  account.createPhoneVerification=verification.create account.confirmPhoneVerification=verification.update
  account.createMfaChallenge=challenge.create account.completeMfaChallenge=challenges.update
  account.createPushTarget=target.create account.updatePushTarget=target.update account.deletePushTarget=target.delete
  account.deleteIdentityById=identity.delete
  databases.createDocument=document.create databases.updateDocumentById=document.update
  databases.deleteDocumentById=document.delete
  storage.createFile=file.create storage.updateFileById=file.update storage.deleteFileById=file.delete
  functions.triggerFunctionExecution=execution.create
  messaging.addNewSubscriber=subscriber.create messaging.deleteSubscriberById=subscriber.delete
  teams.createNewTeam=team.create teams.updateNameById=team.update teams.updatePrefsById=team.update
  teams.removeTeam=team.delete
  teams.createMembership=membership.create teams.updateMembershipRoles=membership.update
  teams.updateMembershipStatus=membership.update teams.deleteMembership=membership.delete
]]

-- Newest entries kept of a user's log; it is cut when there are twice as many, so that a long run does not fill memory.
local KEPT = 500

local function cut(logs)
  local newest = {}
  for index = #logs - KEPT + 1, #logs do
    newest[#newest + 1] = logs[index]
  end
  return newest
end

---Note that a request was carried out. Whose log it goes to: the user who sent it, or the one whom a guest acted for.
---@param request sandbox.Request
---@param operation string
function audit.record(request, operation)
  local event, user = EVENTS[operation], request.actor or request.user
  if event and user then
    user.logs[#user.logs + 1] = {
      event = event, userEmail = user.email or "", userName = user.name, ip = ngx.var.remote_addr, time = clock.iso(),
    }
    if #user.logs >= 2 * KEPT then
      user.logs = cut(user.logs)
    end
  end
end

return audit
