--- The account service as data: each row is one operation, in the order of their names.

local NONE = {}

-- Limits of the server: so many requests in so many seconds, by the sender's address where nothing else is said.
local function anHour(requests, by)
  return { requests = requests, seconds = 3600, by = by }
end
local TEN_AN_HOUR = { requests = 10, seconds = 3600 }
local FIFTY_AN_HOUR = { requests = 50, seconds = 3600 }
local HUNDRED_AN_HOUR = { requests = 100, seconds = 3600 }

local PROVIDERS = {
  "amazon", "apple", "auth0", "authentik", "autodesk", "bitbucket", "bitly", "box", "dailymotion", "discord",
  "disqus", "dropbox", "etsy", "facebook", "github", "gitlab", "google", "linkedin", "microsoft", "notion", "oidc",
  "okta", "paypal", "paypalSandbox", "podio", "salesforce", "slack", "spotify", "stripe", "tradeshift",
  "tradeshiftBox", "twitch", "wordpress", "yahoo", "yammer", "yandex", "zoho", "zoom", "mock",
}

local newUserId = {
  name = "userId", type = "string", at = "body", required = true, format = "newId",
  doc = "id for the user",
}
-- A wish only: where the address is known already, the answer names the user it belongs to.
local tokenUserId = {
  name = "userId", type = "string", at = "body", required = true, format = "newId",
  doc = "id for a user who is new; the answer names the id that counts",
}
local signInUserId = {
  name = "userId", type = "string", at = "body", required = true, format = "newId",
  doc = "the user's id, from the link or from the answer of the call that sent the secret",
}
local linkUserId = {
  name = "userId", type = "string", at = "body", required = true, doc = "the user's id, from the link or message",
}
local linkSecret = {
  name = "secret", type = "string", at = "body", required = true, secret = true,
  doc = "the secret from the link or message",
}
local email = { name = "email", type = "string", at = "body", required = true, doc = "e-mail address" }
local phone = {
  name = "phone", type = "string", at = "body", required = true, format = "phone",
  doc = 'phone number with a plus and the country code, such as "+14155552671"',
}
local newPassword = {
  name = "password", type = "string", at = "body", required = true, secret = true,
  minLength = 8, maxLength = 256, inBytes = true,
  doc = "the new password",
}
local password = {
  name = "password", type = "string", at = "body", required = true, secret = true,
  minLength = 8, maxLength = 256, inBytes = true,
  doc = "the user's password",
}
local name = { name = "name", type = "string", at = "body", required = true, maxLength = 128, doc = "the user's name" }
local url = {
  name = "url", type = "string", at = "body", required = true,
  doc = "http or https page that the link leads to, on a host registered as a platform",
}
local phrase = {
  name = "phrase", type = "boolean", at = "body",
  doc = "whether message and answer show a phrase by which the user knows the message is yours",
}
local identifier = {
  name = "identifier", type = "string", at = "body", required = true, secret = true,
  doc = "the device's token, as FCM or APNs gave it",
}
local otp = {
  name = "otp", type = "string", at = "body", required = true, secret = true, doc = "the code of the moment",
}
local authenticator = {
  name = "type", type = "string", at = "path", required = true, enum = { "totp" }, doc = "kind of authenticator",
}
local sessionId = {
  name = "sessionId", type = "string", at = "path", required = true, format = "id",
  doc = 'the session\'s id, or "current"',
}
local targetId = {
  name = "targetId", type = "string", at = "path", required = true, format = "id", doc = "the push target's id",
}

local oauth2 = {
  { name = "provider", type = "string", at = "path", required = true, enum = PROVIDERS, doc = "who signs the user in" },
  {
    name = "success", type = "string", at = "query", default = "",
    doc = "page to go to afterwards, on a host registered as a platform; native programs leave it out",
  },
  {
    name = "failure", type = "string", at = "query", default = "",
    doc = "page to go to when it failed, on a host registered as a platform; native programs leave it out",
  },
  {
    name = "scopes", type = "string[]", at = "query", maxItems = 100, maxItemLength = 4096,
    doc = "what to ask of the provider beyond its defaults",
  },
}
local confirmation = { linkUserId, linkSecret }
local signIn = { signInUserId, linkSecret }
local oneSession = { sessionId }

return {
  doc = "The signed-in user: registration, sessions, recovery, second factors, preferences and push targets.",
  operations = {
    {
      name = "addAuthenticator", alias = "createMfaAuthenticator", kind = "json", result = "MfaType",
      verb = "POST", path = "/account/mfa/authenticators/{type}",
      doc = "Begins to add an authenticator app; it counts once verifyAuthenticator has confirmed it.",
      params = { authenticator },
    },
    {
      name = "blockUserStatus", alias = "updateStatus", kind = "json", result = "User",
      verb = "PATCH", path = "/account/status",
      doc = "Blocks the user's own account and logs out; only the server's side can unblock it.",
      params = NONE,
    },
    {
      name = "completeMfaChallenge", alias = "updateMfaChallenge", kind = "json", result = "Session",
      verb = "PUT", path = "/account/mfa/challenge", rateLimit = anHour(10, "challengeId"),
      doc = "Answers a challenge with its code: the session that asked is unlocked, no new one is made.",
      params = {
        { name = "challengeId", type = "string", at = "body", required = true, doc = "id of the challenge" },
        otp,
      },
    },
    {
      name = "completePasswordRecovery", alias = "updateRecovery", kind = "json", result = "Token",
      verb = "PUT", path = "/account/recovery", rateLimit = anHour(10, "userId"),
      doc = "Sets a new password with what the link of createPasswordRecovery carries.",
      params = { linkUserId, linkSecret, newPassword },
    },
    {
      name = "confirmPhoneVerification", alias = "updatePhoneVerification", kind = "json", result = "Token",
      verb = "PUT", path = "/account/verification/phone", rateLimit = anHour(10, "userId"),
      doc = "Confirms the phone number with the code that createPhoneVerification sent.",
      params = confirmation,
    },
    {
      name = "createAnonymousSession", alias = "createAnonymousSession", kind = "json", result = "Session",
      verb = "POST", path = "/account/sessions/anonymous", auth = "login", rateLimit = FIFTY_AN_HOUR,
      doc = "Logs in as a new user without e-mail or password; updateUserEmail makes the account a lasting one.",
      params = NONE,
    },
    {
      name = "createEmailPasswordSession", alias = "createEmailPasswordSession", kind = "json", result = "Session",
      verb = "POST", path = "/account/sessions/email", auth = "login", rateLimit = anHour(10, "email"),
      doc = "Logs in with e-mail and password; a wrong password and an unknown e-mail give the same error.",
      params = { email, password },
    },
    {
      name = "createEmailToken", alias = "createEmailToken", kind = "json", result = "Token",
      verb = "POST", path = "/account/tokens/email", rateLimit = anHour(10, "email"),
      doc = "E-mails a one-time code, with which createSessionFromToken logs in; a new address becomes a user.",
      params = { tokenUserId, email, phrase },
    },
    {
      name = "createEmailVerification", alias = "updateVerification", kind = "json", result = "Token",
      verb = "PUT", path = "/account/verification", rateLimit = anHour(10, "userId"),
      doc = "Confirms the e-mail address with what the link of createEmailVerification_0 carries.",
      params = confirmation,
    },
    {
      name = "createEmailVerification_0", alias = "createVerification", kind = "json", result = "Token",
      verb = "POST", path = "/account/verification", rateLimit = anHour(10, "user"),
      doc = "E-mails the user a link to `url`; its userId and secret go to createEmailVerification.",
      params = { url },
    },
    {
      name = "createJwt", alias = "createJWT", kind = "json", result = "Jwt",
      verb = "POST", path = "/account/jwt", rateLimit = anHour(100, "user"),
      doc = "Makes a JWT by which another program may act as the user: 15 minutes, and no longer than the session.",
      params = NONE,
    },
    {
      name = "createMagicUrlToken", alias = "createMagicURLToken", kind = "json", result = "Token",
      verb = "POST", path = "/account/tokens/magic-url", rateLimit = anHour(60, "email"),
      doc = "E-mails a link to log in with; its userId and secret go to createSessionFromToken.",
      params = {
        tokenUserId,
        email,
        {
          name = "url", type = "string", at = "body",
          doc = "http or https page that the link leads to, on a host registered as a platform",
        },
        phrase,
      },
    },
    {
      name = "createMfaChallenge", alias = "createMfaChallenge", kind = "json", result = "MfaChallenge",
      verb = "POST", path = "/account/mfa/challenge", rateLimit = anHour(10, "user"),
      doc = "Asks for a second factor, sending a code for e-mail and phone; completeMfaChallenge answers it.",
      params = {
        {
          name = "factor", type = "string", at = "body", required = true,
          enum = { "email", "phone", "totp", "recoveryCode", "recoverycode" },
          doc = 'factor to prove; servers before 1.5.5 know "recoveryCode", later ones "recoverycode"',
        },
      },
    },
    {
      name = "createMfaRecoveryCodes", alias = "createMfaRecoveryCodes", kind = "json", result = "MfaRecoveryCodes",
      verb = "POST", path = "/account/mfa/recovery-codes",
      doc = "Makes the first recovery codes; show them to the user, they replace a lost second factor.",
      params = NONE,
    },
    {
      name = "createOAuth2Session", alias = "createOAuth2Session", kind = "redirect",
      verb = "GET", path = "/account/sessions/oauth2/{provider}", rateLimit = FIFTY_AN_HOUR,
      doc = "Gives the provider's URL for a browser, which holds the session then; programs use createOAuth2Token.",
      params = oauth2,
    },
    {
      name = "createOAuth2Token", alias = "createOAuth2Token", kind = "redirect",
      verb = "GET", path = "/account/tokens/oauth2/{provider}", rateLimit = FIFTY_AN_HOUR,
      doc = "Gives the provider's URL for a browser, which brings back userId and secret for createSessionFromToken.",
      params = oauth2,
    },
    {
      name = "createPasswordRecovery", alias = "createRecovery", kind = "json", result = "Token",
      verb = "POST", path = "/account/recovery", rateLimit = TEN_AN_HOUR,
      doc = "E-mails a link to `url` for a new password; its userId and secret go to completePasswordRecovery.",
      params = { email, url },
    },
    {
      name = "createPhoneToken", alias = "createPhoneToken", kind = "json", result = "Token",
      verb = "POST", path = "/account/tokens/phone", rateLimit = TEN_AN_HOUR,
      doc = "Sends a one-time code by SMS, with which createSessionFromToken logs in; a new number becomes a user.",
      params = { tokenUserId, phone },
    },
    {
      name = "createPhoneVerification", alias = "createPhoneVerification", kind = "json", result = "Token",
      verb = "POST", path = "/account/verification/phone", rateLimit = TEN_AN_HOUR,
      doc = "Sends a code to the user's phone number; confirmPhoneVerification takes it.",
      params = NONE,
    },
    {
      name = "createPushTarget", alias = "createPushTarget", kind = "json", result = "Target",
      verb = "POST", path = "/account/targets/push",
      doc = "Registers this device for push messages to the user; each device token can be registered once.",
      params = {
        {
          name = "targetId", type = "string", at = "body", required = true, format = "newId",
          doc = "id for the target",
        },
        identifier,
        { name = "providerId", type = "string", at = "body", doc = "id of the messaging provider that delivers" },
      },
    },
    {
      name = "createSessionFromToken", alias = "createSession", kind = "json", result = "Session",
      verb = "POST", path = "/account/sessions/token", auth = "login", rateLimit = anHour(10, "userId"),
      doc = "Logs in with the secret of a link, a message or an OAuth2 sign-in; each works once.",
      params = signIn,
    },
    {
      name = "deleteAuthenticator", alias = "deleteMfaAuthenticator", kind = "json", result = "User",
      verb = "DELETE", path = "/account/mfa/authenticators/{type}",
      doc = "Removes the authenticator app, given a code of it; the result is `true` where the server sends no user.",
      params = { otp, authenticator },
    },
    {
      name = "deleteIdentityById", alias = "deleteIdentity", kind = "json",
      verb = "DELETE", path = "/account/identities/{identityId}", idempotent = true,
      doc = "Unlinks one of the user's OAuth2 identities.",
      params = {
        {
          name = "identityId", type = "string", at = "path", required = true, format = "id",
          doc = "the identity's id",
        },
      },
    },
    {
      name = "deletePushTarget", alias = "deletePushTarget", kind = "json",
      verb = "DELETE", path = "/account/targets/{targetId}/push", idempotent = true,
      doc = "Removes a push target: its device gets no more messages.",
      params = { targetId },
    },
    {
      name = "extendSessionLength", alias = "updateSession", kind = "json", result = "Session",
      verb = "PATCH", path = "/account/sessions/{sessionId}", rateLimit = TEN_AN_HOUR,
      doc = "Prolongs a session, and renews the provider's access token where it came by OAuth2.",
      params = oneSession,
    },
    {
      name = "getCurrentUser", alias = "get", kind = "json", result = "User",
      verb = "GET", path = "/account",
      doc = "Gives the signed-in user.",
      params = NONE,
    },
    {
      name = "getMfaRecoveryCodes", alias = "getMfaRecoveryCodes", kind = "json", result = "MfaRecoveryCodes",
      verb = "GET", path = "/account/mfa/recovery-codes",
      doc = "Gives the recovery codes, within 5 minutes of a challenge that this session has completed.",
      params = NONE,
    },
    {
      name = "getPrefs", alias = "getPrefs", kind = "json", result = "Preferences",
      verb = "GET", path = "/account/prefs",
      doc = "Gives the user's preferences, a table of the application's own making.",
      params = NONE,
    },
    {
      name = "getSession", alias = "getSession", kind = "json", result = "Session",
      verb = "GET", path = "/account/sessions/{sessionId}",
      doc = "Gives one of the user's sessions; with a JWT there is no current one.",
      params = oneSession,
    },
    {
      name = "listIdentities", alias = "listIdentities", kind = "json", result = "IdentityList",
      list = { items = "identities", by = "cursor" },
      verb = "GET", path = "/account/identities",
      doc = "Lists the OAuth2 identities linked with the user.",
      params = {
        {
          name = "queries", type = "string[]", at = "query", maxItems = 100, maxItemLength = 4096,
          doc = "queries on userId, provider, providerUid, providerEmail, providerAccessTokenExpiry",
        },
      },
    },
    {
      name = "listLogs", alias = "listLogs", kind = "json", result = "LogList",
      list = { items = "logs", by = "offset" },
      verb = "GET", path = "/account/logs",
      doc = "Lists what the user did lately, newest first, with device and country.",
      params = {
        { name = "queries", type = "string[]", at = "query", doc = "queries: limit and offset only" },
      },
    },
    {
      name = "listMfaFactors", alias = "listMfaFactors", kind = "json", result = "MfaFactors",
      verb = "GET", path = "/account/mfa/factors",
      doc = "Tells which second factors the user has; works before the second factor is given.",
      params = NONE,
    },
    {
      name = "listSessions", alias = "listSessions", kind = "json", result = "SessionList",
      list = { items = "sessions" },
      verb = "GET", path = "/account/sessions",
      doc = "Lists the user's sessions on all devices.",
      params = NONE,
    },
    {
      name = "logoutSessionById", alias = "deleteSession", kind = "json",
      verb = "DELETE", path = "/account/sessions/{sessionId}", rateLimit = HUNDRED_AN_HOUR,
      doc = 'Ends a session: "current" logs out here, another id logs out that device.',
      params = oneSession,
    },
    {
      name = "regenerateMfaRecoveryCodes", alias = "updateMfaRecoveryCodes", kind = "json",
      result = "MfaRecoveryCodes",
      verb = "PATCH", path = "/account/mfa/recovery-codes",
      doc = "Replaces the recovery codes, within 5 minutes of a challenge that this session has completed.",
      params = NONE,
    },
    {
      name = "registerUser", alias = "create", kind = "json", result = "User",
      verb = "POST", path = "/account", rateLimit = TEN_AN_HOUR,
      doc = "Registers a user with e-mail and password; it does not log in.",
      params = {
        newUserId,
        email,
        newPassword,
        { name = "name", type = "string", at = "body", maxLength = 128, doc = "the user's name, never empty" },
      },
    },
    {
      name = "removeSessions", alias = "deleteSessions", kind = "json",
      verb = "DELETE", path = "/account/sessions", rateLimit = HUNDRED_AN_HOUR,
      doc = "Ends all sessions of the user, this one included.",
      params = NONE,
    },
    {
      name = "updateMagicUrlSession", alias = "updateMagicURLSession", kind = "json", result = "Session",
      verb = "PUT", path = "/account/sessions/magic-url", auth = "login", rateLimit = anHour(10, "userId"),
      doc = "Logs in with what a link of createMagicUrlToken carries; createSessionFromToken is the newer way.",
      params = signIn,
    },
    {
      name = "updateMfaStatus", alias = "updateMFA", kind = "json", result = "User",
      verb = "PATCH", path = "/account/mfa", idempotent = true,
      doc = "Turns the second factor on or off; it is asked for only where the user has a verified one.",
      params = {
        { name = "mfa", type = "boolean", at = "body", required = true, doc = "whether to ask for a second factor" },
      },
    },
    {
      name = "updateNameOperation", alias = "updateName", kind = "json", result = "User",
      verb = "PATCH", path = "/account/name", idempotent = true,
      doc = "Changes the user's name.",
      params = { name },
    },
    {
      name = "updatePassword", alias = "updatePassword", kind = "json", result = "User",
      verb = "PATCH", path = "/account/password",
      doc = "Changes the password; the old one may be missing only where the user has none yet.",
      params = {
        newPassword,
        {
          name = "oldPassword", type = "string", at = "body", secret = true,
          minLength = 8, maxLength = 256, inBytes = true,
          doc = "the password until now",
        },
      },
    },
    {
      name = "updatePhone", alias = "updatePhone", kind = "json", result = "User",
      verb = "PATCH", path = "/account/phone",
      doc = "Changes the phone number, which then counts as unverified; sends no message.",
      params = { phone, password },
    },
    {
      name = "updatePhoneSession", alias = "updatePhoneSession", kind = "json", result = "Session",
      verb = "PUT", path = "/account/sessions/phone", auth = "login", rateLimit = anHour(10, "userId"),
      doc = "Logs in with the code that createPhoneToken sent; createSessionFromToken is the newer way.",
      params = signIn,
    },
    {
      name = "updatePreferences", alias = "updatePrefs", kind = "json", result = "User",
      verb = "PATCH", path = "/account/prefs", idempotent = true,
      doc = "Replaces all of the user's preferences and gives the user.",
      params = {
        {
          name = "prefs", type = "object", at = "body", required = true,
          doc = "the whole of the preferences, 64 KiB of JSON at most",
        },
      },
    },
    {
      name = "updatePushTarget", alias = "updatePushTarget", kind = "json", result = "Target",
      verb = "PUT", path = "/account/targets/{targetId}/push", idempotent = true,
      doc = "Gives a push target the device's new token.",
      params = { identifier, targetId },
    },
    {
      name = "updateUserEmail", alias = "updateEmail", kind = "json", result = "User",
      verb = "PATCH", path = "/account/email",
      doc = "Changes the e-mail address, which then counts as unverified; an anonymous user becomes a lasting one.",
      params = { email, password },
    },
    {
      name = "verifyAuthenticator", alias = "updateMfaAuthenticator", kind = "json", result = "User",
      verb = "PUT", path = "/account/mfa/authenticators/{type}",
      doc = "Confirms the authenticator app that addAuthenticator began to add.",
      params = { otp, authenticator },
    },
  },
}
