--- What the reference says of the account service beside its data: errors, and an example that a spec runs.

return {
  addAuthenticator = {
    signedIn = true, errors = { "user_authenticator_already_verified" },
    example = [[
local app = assert(client.account.addAuthenticator { type = "totp" })
print(appwrite.QR.text(app.uri)) -- to be scanned by the app; then verifyAuthenticator]],
  },
  blockUserStatus = {
    signedIn = true,
    example = [[
local user = assert(client.account.blockUserStatus())
print(user.status) --> false]],
  },
  completeMfaChallenge = {
    signedIn = true, errors = { "user_invalid_token", "user_session_not_found" },
    example = [[
local session = assert(client.account.completeMfaChallenge { challengeId = challengeId, otp = code })
print(table.concat(session.factors, ", "))]],
  },
  completePasswordRecovery = {
    errors = { "user_invalid_token", "user_not_found" },
    example = [[
-- userId and secret are from the link of createPasswordRecovery
assert(client.account.completePasswordRecovery { userId = userId, secret = secret, password = "battery staple" })]],
  },
  confirmPhoneVerification = {
    errors = { "user_invalid_token", "user_not_found" },
    example = [[
assert(client.account.confirmPhoneVerification { userId = userId, secret = code })]],
  },
  createAnonymousSession = {
    errors = { "user_session_already_exists" },
    example = [[
local session = assert(client.account.createAnonymousSession())
print(session.userId, session.provider) --> …, anonymous]],
  },
  createEmailPasswordSession = {
    errors = { "user_invalid_credentials", "user_blocked", "user_session_already_exists" },
    example = [[
local session, err = client.account.createEmailPasswordSession {
  email = "ada@example.com", password = "correct horse",
}
if not session and err.type == "user_invalid_credentials" then
  print("That is not the password.")
end]],
  },
  createEmailToken = {
    errors = { "user_invalid_credentials", "user_session_already_exists" },
    example = [[
local token = assert(client.account.createEmailToken { userId = appwrite.ID.unique(), email = "ada@example.com" })
print(token.userId, token.expire) -- and the code that the mail has goes to createSessionFromToken]],
  },
  createEmailVerification = {
    errors = { "user_invalid_token", "user_not_found" },
    example = [[
-- userId and secret are from the link of createEmailVerification_0
assert(client.account.createEmailVerification { userId = userId, secret = secret })]],
  },
  createEmailVerification_0 = {
    signedIn = true, errors = { "user_email_already_verified" },
    example = [[
assert(client.account.createEmailVerification_0 { url = "http://localhost/verify" })]],
  },
  createJwt = {
    signedIn = true, errors = { "user_session_not_found" },
    example = [[
local token = assert(client.account.createJwt())
local other = client:with { jwt = token.jwt } -- as the user, for 15 minutes
print(assert(other.account.getCurrentUser()).name)]],
  },
  createMagicUrlToken = {
    errors = { "user_session_already_exists" },
    example = [[
assert(client.account.createMagicUrlToken {
  userId = appwrite.ID.unique(), email = "ada@example.com", url = "http://localhost/login",
})]],
  },
  createMfaChallenge = {
    signedIn = true,
    errors = { "user_email_not_found", "user_email_not_verified", "user_phone_not_found", "user_phone_not_verified" },
    example = [[
local challenge = assert(client.account.createMfaChallenge { factor = "totp" })
print(challenge["$id"], challenge.expire) -- for completeMfaChallenge]],
  },
  createMfaRecoveryCodes = {
    signedIn = true, errors = { "user_recovery_codes_already_exists" },
    example = [[
local made = assert(client.account.createMfaRecoveryCodes())
print("Keep these: " .. table.concat(made.recoveryCodes, " "))]],
  },
  createOAuth2Session = {
    errors = { "project_provider_disabled", "project_invalid_success_url", "project_invalid_failure_url" },
    example = [[
local url = assert(client.account.createOAuth2Session {
  provider = "github", success = "http://localhost/done", failure = "http://localhost/failed",
})
print("Open " .. url)]],
  },
  createOAuth2Token = {
    errors = { "project_provider_disabled", "project_invalid_success_url", "project_invalid_failure_url" },
    example = [[
local url = assert(client.account.createOAuth2Token { provider = "github", success = "http://localhost/done" })
print("Open " .. url) -- comes back with userId and secret; client.oauth2.signIn does all of it]],
  },
  createPasswordRecovery = {
    errors = { "user_not_found", "user_blocked" },
    example = [[
assert(client.account.createPasswordRecovery { email = "ada@example.com", url = "http://localhost/recover" })]],
  },
  createPhoneToken = {
    errors = { "user_session_already_exists" },
    example = [[
local token = assert(client.account.createPhoneToken { userId = appwrite.ID.unique(), phone = "+14155552671" })
print(token.userId) -- and the code of the message goes to createSessionFromToken]],
  },
  createPhoneVerification = {
    signedIn = true, errors = { "user_phone_not_found", "user_phone_already_verified" },
    example = [[
assert(client.account.createPhoneVerification())]],
  },
  createPushTarget = {
    signedIn = true, errors = { "user_target_already_exists", "user_not_found" },
    example = [[
local target = assert(client.account.createPushTarget { targetId = appwrite.ID.unique(), identifier = deviceToken })
print(target["$id"], target.providerType)]],
  },
  createSessionFromToken = {
    errors = { "user_invalid_token", "user_session_already_exists" },
    example = [[
local session = assert(client.account.createSessionFromToken { userId = userId, secret = code })
print(session.expire)]],
  },
  deleteAuthenticator = {
    signedIn = true, errors = { "user_authenticator_not_found", "user_invalid_token" },
    example = [[
assert(client.account.deleteAuthenticator { type = "totp", otp = code })]],
  },
  deleteIdentityById = {
    signedIn = true, errors = { "user_identity_not_found" },
    example = [[
local page = assert(client.account.listIdentities())
assert(client.account.deleteIdentityById { identityId = page.identities[1]["$id"] })]],
  },
  deletePushTarget = {
    signedIn = true, errors = { "user_target_not_found" },
    example = [[
assert(client.account.deletePushTarget { targetId = targetId })]],
  },
  extendSessionLength = {
    signedIn = true, errors = { "user_session_not_found", "user_oauth2_provider_error" },
    example = [[
local session = assert(client.account.extendSessionLength { sessionId = "current" })
print("until " .. session.expire)]],
  },
  getCurrentUser = {
    signedIn = true,
    example = [[
local user, err = client.account.getCurrentUser()
if user then
  print("Hello " .. user.name)
elseif err.type == "general_unauthorized_scope" then
  print("Please log in.")
end]],
  },
  getMfaRecoveryCodes = {
    signedIn = true, errors = { "user_challenge_required", "user_recovery_codes_not_found" },
    example = [[
local kept = assert(client.account.getMfaRecoveryCodes())
print(#kept.recoveryCodes .. " left")]],
  },
  getPrefs = {
    signedIn = true,
    example = [[
local prefs = assert(client.account.getPrefs())
print(prefs.volume or "no volume set")]],
  },
  getSession = {
    signedIn = true, errors = { "user_session_not_found" },
    example = [[
local session = assert(client.account.getSession { sessionId = "current" })
print(session.provider, session.expire)]],
  },
  listIdentities = {
    signedIn = true,
    example = [[
local page = assert(client.account.listIdentities { queries = { appwrite.Query.equal("provider", "github") } })
for _, identity in ipairs(page.identities) do
  print(identity.providerEmail)
end]],
  },
  listLogs = {
    signedIn = true,
    example = [[
local page = assert(client.account.listLogs { queries = { appwrite.Query.limit(10) } })
for _, log in ipairs(page.logs) do
  print(log.time, log.event, log.countryName)
end]],
  },
  listMfaFactors = {
    signedIn = true,
    example = [[
local factors = assert(client.account.listMfaFactors())
print(factors.totp and "has an authenticator app" or "has none")]],
  },
  listSessions = {
    signedIn = true,
    example = [[
for _, session in ipairs(assert(client.account.listSessions()).sessions) do
  print(session["$id"], session.clientName, session.current and "this one" or "")
end]],
  },
  logoutSessionById = {
    signedIn = true, errors = { "user_session_not_found" },
    example = [[
assert(client.account.logoutSessionById { sessionId = "current" })
assert(not client:has "cookies")]],
  },
  regenerateMfaRecoveryCodes = {
    signedIn = true, errors = { "user_challenge_required", "user_recovery_codes_not_found" },
    example = [[
local made = assert(client.account.regenerateMfaRecoveryCodes())
print("The old ones are gone. Keep these: " .. table.concat(made.recoveryCodes, " "))]],
  },
  registerUser = {
    errors = { "user_already_exists", "general_bad_request" },
    example = [[
local user, err = client.account.registerUser {
  userId = appwrite.ID.unique(), email = "ada@example.com", password = "correct horse", name = "Ada",
}
if not user and err.type == "user_already_exists" then
  print("Somebody has this address already.")
end]],
  },
  removeSessions = {
    signedIn = true,
    example = [[
assert(client.account.removeSessions()) -- logged out everywhere, here too]],
  },
  updateMagicUrlSession = {
    errors = { "user_invalid_token" },
    example = [[
-- userId and secret are from the link of createMagicUrlToken
local session = assert(client.account.updateMagicUrlSession { userId = userId, secret = secret })
print(session.provider) --> magic-url]],
  },
  updateMfaStatus = {
    signedIn = true,
    example = [[
local user = assert(client.account.updateMfaStatus { mfa = true })
print(user.mfa) --> true]],
  },
  updateNameOperation = {
    signedIn = true,
    example = [[
local user = assert(client.account.updateNameOperation { name = "Ada Lovelace" })
print(user.name) --> Ada Lovelace]],
  },
  updatePassword = {
    signedIn = true, errors = { "user_invalid_credentials" },
    example = [[
assert(client.account.updatePassword { password = "battery staple", oldPassword = "correct horse" })]],
  },
  updatePhone = {
    signedIn = true, errors = { "user_invalid_credentials", "user_phone_already_exists", "user_target_already_exists" },
    example = [[
local user = assert(client.account.updatePhone { phone = "+14155552671", password = "correct horse" })
print(user.phone, user.phoneVerification) --> …, false]],
  },
  updatePhoneSession = {
    errors = { "user_invalid_token" },
    example = [[
-- userId is from the answer of createPhoneToken, the code from the message
local session = assert(client.account.updatePhoneSession { userId = userId, secret = code })
print(session.provider) --> phone]],
  },
  updatePreferences = {
    signedIn = true,
    example = [[
local user = assert(client.account.updatePreferences { prefs = { volume = 7, language = "pt-br" } })
print(user.prefs.volume) --> 7]],
  },
  updatePushTarget = {
    signedIn = true, errors = { "user_target_not_found", "user_target_already_exists" },
    example = [[
assert(client.account.updatePushTarget { targetId = targetId, identifier = deviceToken })]],
  },
  updateUserEmail = {
    signedIn = true, errors = { "user_invalid_credentials", "user_target_already_exists", "general_bad_request" },
    example = [[
assert(client.account.createAnonymousSession())
local user = assert(client.account.updateUserEmail { email = "ada@example.com", password = "correct horse" })
print(user.email) -- no longer anonymous]],
  },
  verifyAuthenticator = {
    signedIn = true,
    errors = { "user_authenticator_not_found", "user_authenticator_already_verified", "user_invalid_token" },
    example = [[
local user = assert(client.account.verifyAuthenticator { type = "totp", otp = code })
print(#user.targets)]],
  },
}
