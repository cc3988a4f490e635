---@meta _
-- Made by spec/generate.lua from lua/appwrite/services/account.lua and notes/account.lua: change that, not this.
-- luacheck: ignore

---The signed-in user: registration, sessions, recovery, second factors, preferences and push targets.
---@class appwrite.Account
local account = {}

---@class appwrite.params.account.addAuthenticator
---@field type "totp" kind of authenticator

---Begins to add an authenticator app; it counts once verifyAuthenticator has confirmed it.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `user_authenticator_already_verified`.
---
---```lua
---local app = assert(client.account.addAuthenticator { type = "totp" })
---print(appwrite.QR.text(app.uri)) -- to be scanned by the app; then verifyAuthenticator
---```
---@param params appwrite.params.account.addAuthenticator
---@param options? appwrite.CallOptions
---@return appwrite.models.MfaType? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.addAuthenticator, callback: fun(result: appwrite.models.MfaType?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.addAuthenticator, options: appwrite.CallOptions, callback: fun(result: appwrite.models.MfaType?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.addAuthenticator, options?: appwrite.CallOptions): appwrite.models.MfaType?, appwrite.Error?, appwrite.Response?
function account.addAuthenticator(params, options) end

---The official name of `addAuthenticator`. Begins to add an authenticator app; it counts once verifyAuthenticator has
---confirmed it.
account.createMfaAuthenticator = account.addAuthenticator

---Blocks the user's own account and logs out; only the server's side can unblock it.
---
---Somebody must be logged in.
---
---```lua
---local user = assert(client.account.blockUserStatus())
---print(user.status) --> false
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.User? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: {}, options?: appwrite.CallOptions): appwrite.models.User?, appwrite.Error?, appwrite.Response?
function account.blockUserStatus(params, options) end

---The official name of `blockUserStatus`. Blocks the user's own account and logs out; only the server's side can
---unblock it.
account.updateStatus = account.blockUserStatus

---@class appwrite.params.account.completeMfaChallenge
---@field challengeId string id of the challenge
---@field otp string the code of the moment

---Answers a challenge with its code: the session that asked is unlocked, no new one is made.
---
---Somebody must be logged in. At most 10 calls an hour, counted by `challengeId`. Errors: `general_argument_invalid`,
---`user_invalid_token`, `user_session_not_found`, `general_rate_limit_exceeded`.
---
---```lua
---local session = assert(client.account.completeMfaChallenge { challengeId = challengeId, otp = code })
---print(table.concat(session.factors, ", "))
---```
---@param params appwrite.params.account.completeMfaChallenge
---@param options? appwrite.CallOptions
---@return appwrite.models.Session? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.completeMfaChallenge, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.completeMfaChallenge, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.completeMfaChallenge, options?: appwrite.CallOptions): appwrite.models.Session?, appwrite.Error?, appwrite.Response?
function account.completeMfaChallenge(params, options) end

---The official name of `completeMfaChallenge`. Answers a challenge with its code: the session that asked is unlocked,
---no new one is made.
account.updateMfaChallenge = account.completeMfaChallenge

---@class appwrite.params.account.completePasswordRecovery
---@field userId string the user's id, from the link or message
---@field secret string the secret from the link or message
---@field password string the new password; 8 to 256 bytes

---Sets a new password with what the link of createPasswordRecovery carries.
---
---At most 10 calls an hour, counted by `userId`. Errors: `general_argument_invalid`, `user_invalid_token`,
---`user_not_found`, `general_rate_limit_exceeded`.
---
---```lua
----- userId and secret are from the link of createPasswordRecovery
---assert(client.account.completePasswordRecovery { userId = userId, secret = secret, password = "battery staple" })
---```
---@param params appwrite.params.account.completePasswordRecovery
---@param options? appwrite.CallOptions
---@return appwrite.models.Token? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.completePasswordRecovery, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.completePasswordRecovery, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.completePasswordRecovery, options?: appwrite.CallOptions): appwrite.models.Token?, appwrite.Error?, appwrite.Response?
function account.completePasswordRecovery(params, options) end

---The official name of `completePasswordRecovery`. Sets a new password with what the link of createPasswordRecovery
---carries.
account.updateRecovery = account.completePasswordRecovery

---@class appwrite.params.account.confirmPhoneVerification
---@field userId string the user's id, from the link or message
---@field secret string the secret from the link or message

---Confirms the phone number with the code that createPhoneVerification sent.
---
---At most 10 calls an hour, counted by `userId`. Errors: `general_argument_invalid`, `user_invalid_token`,
---`user_not_found`, `general_rate_limit_exceeded`.
---
---```lua
---assert(client.account.confirmPhoneVerification { userId = userId, secret = code })
---```
---@param params appwrite.params.account.confirmPhoneVerification
---@param options? appwrite.CallOptions
---@return appwrite.models.Token? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.confirmPhoneVerification, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.confirmPhoneVerification, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.confirmPhoneVerification, options?: appwrite.CallOptions): appwrite.models.Token?, appwrite.Error?, appwrite.Response?
function account.confirmPhoneVerification(params, options) end

---The official name of `confirmPhoneVerification`. Confirms the phone number with the code that createPhoneVerification
---sent.
account.updatePhoneVerification = account.confirmPhoneVerification

---Logs in as a new user without e-mail or password; updateUserEmail makes the account a lasting one.
---
---At most 50 calls an hour, counted by address. Errors: `user_session_already_exists`, `general_rate_limit_exceeded`.
---
---```lua
---local session = assert(client.account.createAnonymousSession())
---print(session.userId, session.provider) --> …, anonymous
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.Session? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: {}, options?: appwrite.CallOptions): appwrite.models.Session?, appwrite.Error?, appwrite.Response?
function account.createAnonymousSession(params, options) end

---@class appwrite.params.account.createEmailPasswordSession
---@field email string e-mail address
---@field password string the user's password; 8 to 256 bytes

---Logs in with e-mail and password; a wrong password and an unknown e-mail give the same error.
---
---At most 10 calls an hour, counted by `email`. Errors: `general_argument_invalid`, `user_invalid_credentials`,
---`user_blocked`, `user_session_already_exists`, `general_rate_limit_exceeded`.
---
---```lua
---local session, err = client.account.createEmailPasswordSession {
---  email = "ada@example.com", password = "correct horse",
---}
---if not session and err.type == "user_invalid_credentials" then
---  print("That is not the password.")
---end
---```
---@param params appwrite.params.account.createEmailPasswordSession
---@param options? appwrite.CallOptions
---@return appwrite.models.Session? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.createEmailPasswordSession, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.createEmailPasswordSession, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.createEmailPasswordSession, options?: appwrite.CallOptions): appwrite.models.Session?, appwrite.Error?, appwrite.Response?
function account.createEmailPasswordSession(params, options) end

---@class appwrite.params.account.createEmailToken
---@field userId string id for a user who is new; the answer names the id that counts; an id: 1 to 36 of a-z A-Z 0-9 . _
---  -, the first a letter or digit; or "unique()"
---@field email string e-mail address
---@field phrase? boolean whether message and answer show a phrase by which the user knows the message is yours

---E-mails a one-time code, with which createSessionFromToken logs in; a new address becomes a user.
---
---At most 10 calls an hour, counted by `email`. Errors: `general_argument_invalid`, `user_invalid_credentials`,
---`user_session_already_exists`, `general_rate_limit_exceeded`.
---
---```lua
---local token = assert(client.account.createEmailToken { userId = appwrite.ID.unique(), email = "ada@example.com" })
---print(token.userId, token.expire) -- and the code that the mail has goes to createSessionFromToken
---```
---@param params appwrite.params.account.createEmailToken
---@param options? appwrite.CallOptions
---@return appwrite.models.Token? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.createEmailToken, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.createEmailToken, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.createEmailToken, options?: appwrite.CallOptions): appwrite.models.Token?, appwrite.Error?, appwrite.Response?
function account.createEmailToken(params, options) end

---@class appwrite.params.account.createEmailVerification
---@field userId string the user's id, from the link or message
---@field secret string the secret from the link or message

---Confirms the e-mail address with what the link of createEmailVerification_0 carries.
---
---At most 10 calls an hour, counted by `userId`. Errors: `general_argument_invalid`, `user_invalid_token`,
---`user_not_found`, `general_rate_limit_exceeded`.
---
---```lua
----- userId and secret are from the link of createEmailVerification_0
---assert(client.account.createEmailVerification { userId = userId, secret = secret })
---```
---@param params appwrite.params.account.createEmailVerification
---@param options? appwrite.CallOptions
---@return appwrite.models.Token? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.createEmailVerification, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.createEmailVerification, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.createEmailVerification, options?: appwrite.CallOptions): appwrite.models.Token?, appwrite.Error?, appwrite.Response?
function account.createEmailVerification(params, options) end

---The official name of `createEmailVerification`. Confirms the e-mail address with what the link of
---createEmailVerification_0 carries.
account.updateVerification = account.createEmailVerification

---@class appwrite.params.account.createEmailVerification_0
---@field url string http or https page that the link leads to, on a host registered as a platform

---E-mails the user a link to `url`; its userId and secret go to createEmailVerification.
---
---Somebody must be logged in. At most 10 calls an hour, counted by user. Errors: `general_argument_invalid`,
---`user_email_already_verified`, `general_rate_limit_exceeded`.
---
---```lua
---assert(client.account.createEmailVerification_0 { url = "http://localhost/verify" })
---```
---@param params appwrite.params.account.createEmailVerification_0
---@param options? appwrite.CallOptions
---@return appwrite.models.Token? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.createEmailVerification_0, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.createEmailVerification_0, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.createEmailVerification_0, options?: appwrite.CallOptions): appwrite.models.Token?, appwrite.Error?, appwrite.Response?
function account.createEmailVerification_0(params, options) end

---The official name of `createEmailVerification_0`. E-mails the user a link to `url`; its userId and secret go to
---createEmailVerification.
account.createVerification = account.createEmailVerification_0

---Makes a JWT by which another program may act as the user: 15 minutes, and no longer than the session.
---
---Somebody must be logged in. At most 100 calls an hour, counted by user. Errors: `user_session_not_found`,
---`general_rate_limit_exceeded`.
---
---```lua
---local token = assert(client.account.createJwt())
---local other = client:with { jwt = token.jwt } -- as the user, for 15 minutes
---print(assert(other.account.getCurrentUser()).name)
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.Jwt? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.Jwt?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.Jwt?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Jwt?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: {}, options?: appwrite.CallOptions): appwrite.models.Jwt?, appwrite.Error?, appwrite.Response?
function account.createJwt(params, options) end

---The official name of `createJwt`. Makes a JWT by which another program may act as the user: 15 minutes, and no longer
---than the session.
account.createJWT = account.createJwt

---@class appwrite.params.account.createMagicUrlToken
---@field userId string id for a user who is new; the answer names the id that counts; an id: 1 to 36 of a-z A-Z 0-9 . _
---  -, the first a letter or digit; or "unique()"
---@field email string e-mail address
---@field url? string http or https page that the link leads to, on a host registered as a platform
---@field phrase? boolean whether message and answer show a phrase by which the user knows the message is yours

---E-mails a link to log in with; its userId and secret go to createSessionFromToken.
---
---At most 60 calls an hour, counted by `email`. Errors: `general_argument_invalid`, `user_session_already_exists`,
---`general_rate_limit_exceeded`.
---
---```lua
---assert(client.account.createMagicUrlToken {
---  userId = appwrite.ID.unique(), email = "ada@example.com", url = "http://localhost/login",
---})
---```
---@param params appwrite.params.account.createMagicUrlToken
---@param options? appwrite.CallOptions
---@return appwrite.models.Token? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.createMagicUrlToken, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.createMagicUrlToken, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.createMagicUrlToken, options?: appwrite.CallOptions): appwrite.models.Token?, appwrite.Error?, appwrite.Response?
function account.createMagicUrlToken(params, options) end

---The official name of `createMagicUrlToken`. E-mails a link to log in with; its userId and secret go to
---createSessionFromToken.
account.createMagicURLToken = account.createMagicUrlToken

---@class appwrite.params.account.createMfaChallenge
---@field factor "email"|"phone"|"totp"|"recoveryCode"|"recoverycode" factor to prove; servers before 1.5.5 know
---  "recoveryCode", later ones "recoverycode"

---Asks for a second factor, sending a code for e-mail and phone; completeMfaChallenge answers it.
---
---Somebody must be logged in. At most 10 calls an hour, counted by user. Errors: `general_argument_invalid`,
---`user_email_not_found`, `user_email_not_verified`, `user_phone_not_found`, `user_phone_not_verified`,
---`general_rate_limit_exceeded`.
---
---```lua
---local challenge = assert(client.account.createMfaChallenge { factor = "totp" })
---print(challenge["$id"], challenge.expire) -- for completeMfaChallenge
---```
---@param params appwrite.params.account.createMfaChallenge
---@param options? appwrite.CallOptions
---@return appwrite.models.MfaChallenge? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.createMfaChallenge, callback: fun(result: appwrite.models.MfaChallenge?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.createMfaChallenge, options: appwrite.CallOptions, callback: fun(result: appwrite.models.MfaChallenge?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.createMfaChallenge, options?: appwrite.CallOptions): appwrite.models.MfaChallenge?, appwrite.Error?, appwrite.Response?
function account.createMfaChallenge(params, options) end

---Makes the first recovery codes; show them to the user, they replace a lost second factor.
---
---Somebody must be logged in. Errors: `user_recovery_codes_already_exists`.
---
---```lua
---local made = assert(client.account.createMfaRecoveryCodes())
---print("Keep these: " .. table.concat(made.recoveryCodes, " "))
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.MfaRecoveryCodes? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.MfaRecoveryCodes?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.MfaRecoveryCodes?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.MfaRecoveryCodes?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: {}, options?: appwrite.CallOptions): appwrite.models.MfaRecoveryCodes?, appwrite.Error?, appwrite.Response?
function account.createMfaRecoveryCodes(params, options) end

---@alias appwrite.params.account.createOAuth2Session.provider
---| "amazon"
---| "apple"
---| "auth0"
---| "authentik"
---| "autodesk"
---| "bitbucket"
---| "bitly"
---| "box"
---| "dailymotion"
---| "discord"
---| "disqus"
---| "dropbox"
---| "etsy"
---| "facebook"
---| "github"
---| "gitlab"
---| "google"
---| "linkedin"
---| "microsoft"
---| "notion"
---| "oidc"
---| "okta"
---| "paypal"
---| "paypalSandbox"
---| "podio"
---| "salesforce"
---| "slack"
---| "spotify"
---| "stripe"
---| "tradeshift"
---| "tradeshiftBox"
---| "twitch"
---| "wordpress"
---| "yahoo"
---| "yammer"
---| "yandex"
---| "zoho"
---| "zoom"
---| "mock"

---@class appwrite.params.account.createOAuth2Session
---@field provider appwrite.params.account.createOAuth2Session.provider who signs the user in
---@field success? string page to go to afterwards, on a host registered as a platform; native programs leave it out;
---  default ""
---@field failure? string page to go to when it failed, on a host registered as a platform; native programs leave it
---  out; default ""
---@field scopes? string[] what to ask of the provider beyond its defaults; 100 items at most; each of up to 4096
---  characters

---Gives the provider's URL for a browser, which holds the session then; programs use createOAuth2Token.
---
---At most 50 calls an hour, counted by address. Errors: `general_argument_invalid`, `project_provider_disabled`,
---`project_invalid_success_url`, `project_invalid_failure_url`, `general_rate_limit_exceeded`.
---
---```lua
---local url = assert(client.account.createOAuth2Session {
---  provider = "github", success = "http://localhost/done", failure = "http://localhost/failed",
---})
---print("Open " .. url)
---```
---@param params appwrite.params.account.createOAuth2Session
---@param options? appwrite.CallOptions
---@return string? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.createOAuth2Session, callback: fun(result: string?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.createOAuth2Session, options: appwrite.CallOptions, callback: fun(result: string?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.createOAuth2Session, options?: appwrite.CallOptions): string?, appwrite.Error?, appwrite.Response?
function account.createOAuth2Session(params, options) end

---@alias appwrite.params.account.createOAuth2Token.provider
---| "amazon"
---| "apple"
---| "auth0"
---| "authentik"
---| "autodesk"
---| "bitbucket"
---| "bitly"
---| "box"
---| "dailymotion"
---| "discord"
---| "disqus"
---| "dropbox"
---| "etsy"
---| "facebook"
---| "github"
---| "gitlab"
---| "google"
---| "linkedin"
---| "microsoft"
---| "notion"
---| "oidc"
---| "okta"
---| "paypal"
---| "paypalSandbox"
---| "podio"
---| "salesforce"
---| "slack"
---| "spotify"
---| "stripe"
---| "tradeshift"
---| "tradeshiftBox"
---| "twitch"
---| "wordpress"
---| "yahoo"
---| "yammer"
---| "yandex"
---| "zoho"
---| "zoom"
---| "mock"

---@class appwrite.params.account.createOAuth2Token
---@field provider appwrite.params.account.createOAuth2Token.provider who signs the user in
---@field success? string page to go to afterwards, on a host registered as a platform; native programs leave it out;
---  default ""
---@field failure? string page to go to when it failed, on a host registered as a platform; native programs leave it
---  out; default ""
---@field scopes? string[] what to ask of the provider beyond its defaults; 100 items at most; each of up to 4096
---  characters

---Gives the provider's URL for a browser, which brings back userId and secret for createSessionFromToken.
---
---At most 50 calls an hour, counted by address. Errors: `general_argument_invalid`, `project_provider_disabled`,
---`project_invalid_success_url`, `project_invalid_failure_url`, `general_rate_limit_exceeded`.
---
---```lua
---local url = assert(client.account.createOAuth2Token { provider = "github", success = "http://localhost/done" })
---print("Open " .. url) -- comes back with userId and secret; client.oauth2.signIn does all of it
---```
---@param params appwrite.params.account.createOAuth2Token
---@param options? appwrite.CallOptions
---@return string? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.createOAuth2Token, callback: fun(result: string?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.createOAuth2Token, options: appwrite.CallOptions, callback: fun(result: string?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.createOAuth2Token, options?: appwrite.CallOptions): string?, appwrite.Error?, appwrite.Response?
function account.createOAuth2Token(params, options) end

---@class appwrite.params.account.createPasswordRecovery
---@field email string e-mail address
---@field url string http or https page that the link leads to, on a host registered as a platform

---E-mails a link to `url` for a new password; its userId and secret go to completePasswordRecovery.
---
---At most 10 calls an hour, counted by address. Errors: `general_argument_invalid`, `user_not_found`, `user_blocked`,
---`general_rate_limit_exceeded`.
---
---```lua
---assert(client.account.createPasswordRecovery { email = "ada@example.com", url = "http://localhost/recover" })
---```
---@param params appwrite.params.account.createPasswordRecovery
---@param options? appwrite.CallOptions
---@return appwrite.models.Token? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.createPasswordRecovery, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.createPasswordRecovery, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.createPasswordRecovery, options?: appwrite.CallOptions): appwrite.models.Token?, appwrite.Error?, appwrite.Response?
function account.createPasswordRecovery(params, options) end

---The official name of `createPasswordRecovery`. E-mails a link to `url` for a new password; its userId and secret go
---to completePasswordRecovery.
account.createRecovery = account.createPasswordRecovery

---@class appwrite.params.account.createPhoneToken
---@field userId string id for a user who is new; the answer names the id that counts; an id: 1 to 36 of a-z A-Z 0-9 . _
---  -, the first a letter or digit; or "unique()"
---@field phone string phone number with a plus and the country code, such as "+14155552671"; a plus and up to 15 digits

---Sends a one-time code by SMS, with which createSessionFromToken logs in; a new number becomes a user.
---
---At most 10 calls an hour, counted by address. Errors: `general_argument_invalid`, `user_session_already_exists`,
---`general_rate_limit_exceeded`.
---
---```lua
---local token = assert(client.account.createPhoneToken { userId = appwrite.ID.unique(), phone = "+14155552671" })
---print(token.userId) -- and the code of the message goes to createSessionFromToken
---```
---@param params appwrite.params.account.createPhoneToken
---@param options? appwrite.CallOptions
---@return appwrite.models.Token? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.createPhoneToken, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.createPhoneToken, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.createPhoneToken, options?: appwrite.CallOptions): appwrite.models.Token?, appwrite.Error?, appwrite.Response?
function account.createPhoneToken(params, options) end

---Sends a code to the user's phone number; confirmPhoneVerification takes it.
---
---Somebody must be logged in. At most 10 calls an hour, counted by address. Errors: `user_phone_not_found`,
---`user_phone_already_verified`, `general_rate_limit_exceeded`.
---
---```lua
---assert(client.account.createPhoneVerification())
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.Token? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Token?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: {}, options?: appwrite.CallOptions): appwrite.models.Token?, appwrite.Error?, appwrite.Response?
function account.createPhoneVerification(params, options) end

---@class appwrite.params.account.createPushTarget
---@field targetId string id for the target; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit; or
---  "unique()"
---@field identifier string the device's token, as FCM or APNs gave it
---@field providerId? string id of the messaging provider that delivers

---Registers this device for push messages to the user; each device token can be registered once.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `user_target_already_exists`, `user_not_found`.
---
---```lua
---local target = assert(client.account.createPushTarget { targetId = appwrite.ID.unique(), identifier = deviceToken })
---print(target["$id"], target.providerType)
---```
---@param params appwrite.params.account.createPushTarget
---@param options? appwrite.CallOptions
---@return appwrite.models.Target? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.createPushTarget, callback: fun(result: appwrite.models.Target?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.createPushTarget, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Target?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.createPushTarget, options?: appwrite.CallOptions): appwrite.models.Target?, appwrite.Error?, appwrite.Response?
function account.createPushTarget(params, options) end

---@class appwrite.params.account.createSessionFromToken
---@field userId string the user's id, from the link or from the answer of the call that sent the secret; an id: 1 to 36
---  of a-z A-Z 0-9 . _ -, the first a letter or digit; or "unique()"
---@field secret string the secret from the link or message

---Logs in with the secret of a link, a message or an OAuth2 sign-in; each works once.
---
---At most 10 calls an hour, counted by `userId`. Errors: `general_argument_invalid`, `user_invalid_token`,
---`user_session_already_exists`, `general_rate_limit_exceeded`.
---
---```lua
---local session = assert(client.account.createSessionFromToken { userId = userId, secret = code })
---print(session.expire)
---```
---@param params appwrite.params.account.createSessionFromToken
---@param options? appwrite.CallOptions
---@return appwrite.models.Session? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.createSessionFromToken, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.createSessionFromToken, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.createSessionFromToken, options?: appwrite.CallOptions): appwrite.models.Session?, appwrite.Error?, appwrite.Response?
function account.createSessionFromToken(params, options) end

---The official name of `createSessionFromToken`. Logs in with the secret of a link, a message or an OAuth2 sign-in;
---each works once.
account.createSession = account.createSessionFromToken

---@class appwrite.params.account.deleteAuthenticator
---@field otp string the code of the moment
---@field type "totp" kind of authenticator

---Removes the authenticator app, given a code of it; the result is `true` where the server sends no user.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `user_authenticator_not_found`, `user_invalid_token`.
---
---```lua
---assert(client.account.deleteAuthenticator { type = "totp", otp = code })
---```
---@param params appwrite.params.account.deleteAuthenticator
---@param options? appwrite.CallOptions
---@return appwrite.models.User? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.deleteAuthenticator, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.deleteAuthenticator, options: appwrite.CallOptions, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.deleteAuthenticator, options?: appwrite.CallOptions): appwrite.models.User?, appwrite.Error?, appwrite.Response?
function account.deleteAuthenticator(params, options) end

---The official name of `deleteAuthenticator`. Removes the authenticator app, given a code of it; the result is `true`
---where the server sends no user.
account.deleteMfaAuthenticator = account.deleteAuthenticator

---@class appwrite.params.account.deleteIdentityById
---@field identityId string the identity's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Unlinks one of the user's OAuth2 identities.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `user_identity_not_found`.
---
---```lua
---local page = assert(client.account.listIdentities())
---assert(client.account.deleteIdentityById { identityId = page.identities[1]["$id"] })
---```
---@param params appwrite.params.account.deleteIdentityById
---@param options? appwrite.CallOptions
---@return true? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.deleteIdentityById, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.deleteIdentityById, options: appwrite.CallOptions, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.deleteIdentityById, options?: appwrite.CallOptions): true?, appwrite.Error?, appwrite.Response?
function account.deleteIdentityById(params, options) end

---The official name of `deleteIdentityById`. Unlinks one of the user's OAuth2 identities.
account.deleteIdentity = account.deleteIdentityById

---@class appwrite.params.account.deletePushTarget
---@field targetId string the push target's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Removes a push target: its device gets no more messages.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `user_target_not_found`.
---
---```lua
---assert(client.account.deletePushTarget { targetId = targetId })
---```
---@param params appwrite.params.account.deletePushTarget
---@param options? appwrite.CallOptions
---@return true? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.deletePushTarget, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.deletePushTarget, options: appwrite.CallOptions, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.deletePushTarget, options?: appwrite.CallOptions): true?, appwrite.Error?, appwrite.Response?
function account.deletePushTarget(params, options) end

---@class appwrite.params.account.extendSessionLength
---@field sessionId string the session's id, or "current"; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or
---  digit

---Prolongs a session, and renews the provider's access token where it came by OAuth2.
---
---Somebody must be logged in. At most 10 calls an hour, counted by address. Errors: `general_argument_invalid`,
---`user_session_not_found`, `user_oauth2_provider_error`, `general_rate_limit_exceeded`.
---
---```lua
---local session = assert(client.account.extendSessionLength { sessionId = "current" })
---print("until " .. session.expire)
---```
---@param params appwrite.params.account.extendSessionLength
---@param options? appwrite.CallOptions
---@return appwrite.models.Session? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.extendSessionLength, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.extendSessionLength, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.extendSessionLength, options?: appwrite.CallOptions): appwrite.models.Session?, appwrite.Error?, appwrite.Response?
function account.extendSessionLength(params, options) end

---The official name of `extendSessionLength`. Prolongs a session, and renews the provider's access token where it came
---by OAuth2.
account.updateSession = account.extendSessionLength

---Gives the signed-in user.
---
---Somebody must be logged in.
---
---```lua
---local user, err = client.account.getCurrentUser()
---if user then
---  print("Hello " .. user.name)
---elseif err.type == "general_unauthorized_scope" then
---  print("Please log in.")
---end
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.User? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: {}, options?: appwrite.CallOptions): appwrite.models.User?, appwrite.Error?, appwrite.Response?
function account.getCurrentUser(params, options) end

---The official name of `getCurrentUser`. Gives the signed-in user.
account.get = account.getCurrentUser

---Gives the recovery codes, within 5 minutes of a challenge that this session has completed.
---
---Somebody must be logged in. Errors: `user_challenge_required`, `user_recovery_codes_not_found`.
---
---```lua
---local kept = assert(client.account.getMfaRecoveryCodes())
---print(#kept.recoveryCodes .. " left")
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.MfaRecoveryCodes? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.MfaRecoveryCodes?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.MfaRecoveryCodes?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.MfaRecoveryCodes?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: {}, options?: appwrite.CallOptions): appwrite.models.MfaRecoveryCodes?, appwrite.Error?, appwrite.Response?
function account.getMfaRecoveryCodes(params, options) end

---Gives the user's preferences, a table of the application's own making.
---
---Somebody must be logged in.
---
---```lua
---local prefs = assert(client.account.getPrefs())
---print(prefs.volume or "no volume set")
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.Preferences? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.Preferences?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.Preferences?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Preferences?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: {}, options?: appwrite.CallOptions): appwrite.models.Preferences?, appwrite.Error?, appwrite.Response?
function account.getPrefs(params, options) end

---@class appwrite.params.account.getSession
---@field sessionId string the session's id, or "current"; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or
---  digit

---Gives one of the user's sessions; with a JWT there is no current one.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `user_session_not_found`.
---
---```lua
---local session = assert(client.account.getSession { sessionId = "current" })
---print(session.provider, session.expire)
---```
---@param params appwrite.params.account.getSession
---@param options? appwrite.CallOptions
---@return appwrite.models.Session? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.getSession, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.getSession, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.getSession, options?: appwrite.CallOptions): appwrite.models.Session?, appwrite.Error?, appwrite.Response?
function account.getSession(params, options) end

---@class appwrite.params.account.listIdentities
---@field queries? string[] queries on userId, provider, providerUid, providerEmail, providerAccessTokenExpiry; 100
---  items at most; each of up to 4096 characters

---Lists the OAuth2 identities linked with the user.
---
---Somebody must be logged in. Errors: `general_argument_invalid`.
---
---```lua
---local page = assert(client.account.listIdentities { queries = { appwrite.Query.equal("provider", "github") } })
---for _, identity in ipairs(page.identities) do
---  print(identity.providerEmail)
---end
---```
---@param params? appwrite.params.account.listIdentities
---@param options? appwrite.CallOptions
---@return appwrite.models.IdentityList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.IdentityList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.listIdentities, callback: fun(result: appwrite.models.IdentityList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.listIdentities, options: appwrite.CallOptions, callback: fun(result: appwrite.models.IdentityList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: appwrite.params.account.listIdentities, options?: appwrite.CallOptions): appwrite.models.IdentityList?, appwrite.Error?, appwrite.Response?
function account.listIdentities(params, options) end

---@class appwrite.params.account.listLogs
---@field queries? string[] queries: limit and offset only

---Lists what the user did lately, newest first, with device and country.
---
---Somebody must be logged in. Errors: `general_argument_invalid`.
---
---```lua
---local page = assert(client.account.listLogs { queries = { appwrite.Query.limit(10) } })
---for _, log in ipairs(page.logs) do
---  print(log.time, log.event, log.countryName)
---end
---```
---@param params? appwrite.params.account.listLogs
---@param options? appwrite.CallOptions
---@return appwrite.models.LogList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.LogList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.listLogs, callback: fun(result: appwrite.models.LogList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.listLogs, options: appwrite.CallOptions, callback: fun(result: appwrite.models.LogList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: appwrite.params.account.listLogs, options?: appwrite.CallOptions): appwrite.models.LogList?, appwrite.Error?, appwrite.Response?
function account.listLogs(params, options) end

---Tells which second factors the user has; works before the second factor is given.
---
---Somebody must be logged in.
---
---```lua
---local factors = assert(client.account.listMfaFactors())
---print(factors.totp and "has an authenticator app" or "has none")
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.MfaFactors? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.MfaFactors?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.MfaFactors?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.MfaFactors?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: {}, options?: appwrite.CallOptions): appwrite.models.MfaFactors?, appwrite.Error?, appwrite.Response?
function account.listMfaFactors(params, options) end

---Lists the user's sessions on all devices.
---
---Somebody must be logged in.
---
---```lua
---for _, session in ipairs(assert(client.account.listSessions()).sessions) do
---  print(session["$id"], session.clientName, session.current and "this one" or "")
---end
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.SessionList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.SessionList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.SessionList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.SessionList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: {}, options?: appwrite.CallOptions): appwrite.models.SessionList?, appwrite.Error?, appwrite.Response?
function account.listSessions(params, options) end

---@class appwrite.params.account.logoutSessionById
---@field sessionId string the session's id, or "current"; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or
---  digit

---Ends a session: "current" logs out here, another id logs out that device.
---
---Somebody must be logged in. At most 100 calls an hour, counted by address. Errors: `general_argument_invalid`,
---`user_session_not_found`, `general_rate_limit_exceeded`.
---
---```lua
---assert(client.account.logoutSessionById { sessionId = "current" })
---assert(not client:has "cookies")
---```
---@param params appwrite.params.account.logoutSessionById
---@param options? appwrite.CallOptions
---@return true? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.logoutSessionById, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.logoutSessionById, options: appwrite.CallOptions, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.logoutSessionById, options?: appwrite.CallOptions): true?, appwrite.Error?, appwrite.Response?
function account.logoutSessionById(params, options) end

---The official name of `logoutSessionById`. Ends a session: "current" logs out here, another id logs out that device.
account.deleteSession = account.logoutSessionById

---Replaces the recovery codes, within 5 minutes of a challenge that this session has completed.
---
---Somebody must be logged in. Errors: `user_challenge_required`, `user_recovery_codes_not_found`.
---
---```lua
---local made = assert(client.account.regenerateMfaRecoveryCodes())
---print("The old ones are gone. Keep these: " .. table.concat(made.recoveryCodes, " "))
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.MfaRecoveryCodes? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.MfaRecoveryCodes?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.MfaRecoveryCodes?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.MfaRecoveryCodes?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: {}, options?: appwrite.CallOptions): appwrite.models.MfaRecoveryCodes?, appwrite.Error?, appwrite.Response?
function account.regenerateMfaRecoveryCodes(params, options) end

---The official name of `regenerateMfaRecoveryCodes`. Replaces the recovery codes, within 5 minutes of a challenge that
---this session has completed.
account.updateMfaRecoveryCodes = account.regenerateMfaRecoveryCodes

---@class appwrite.params.account.registerUser
---@field userId string id for the user; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit; or "unique()"
---@field email string e-mail address
---@field password string the new password; 8 to 256 bytes
---@field name? string the user's name, never empty; up to 128 characters

---Registers a user with e-mail and password; it does not log in.
---
---At most 10 calls an hour, counted by address. Errors: `general_argument_invalid`, `user_already_exists`,
---`general_bad_request`, `general_rate_limit_exceeded`.
---
---```lua
---local user, err = client.account.registerUser {
---  userId = appwrite.ID.unique(), email = "ada@example.com", password = "correct horse", name = "Ada",
---}
---if not user and err.type == "user_already_exists" then
---  print("Somebody has this address already.")
---end
---```
---@param params appwrite.params.account.registerUser
---@param options? appwrite.CallOptions
---@return appwrite.models.User? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.registerUser, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.registerUser, options: appwrite.CallOptions, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.registerUser, options?: appwrite.CallOptions): appwrite.models.User?, appwrite.Error?, appwrite.Response?
function account.registerUser(params, options) end

---The official name of `registerUser`. Registers a user with e-mail and password; it does not log in.
account.create = account.registerUser

---Ends all sessions of the user, this one included.
---
---Somebody must be logged in. At most 100 calls an hour, counted by address. Errors: `general_rate_limit_exceeded`.
---
---```lua
---assert(client.account.removeSessions()) -- logged out everywhere, here too
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return true? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params?: {}, options?: appwrite.CallOptions): true?, appwrite.Error?, appwrite.Response?
function account.removeSessions(params, options) end

---The official name of `removeSessions`. Ends all sessions of the user, this one included.
account.deleteSessions = account.removeSessions

---@class appwrite.params.account.updateMagicUrlSession
---@field userId string the user's id, from the link or from the answer of the call that sent the secret; an id: 1 to 36
---  of a-z A-Z 0-9 . _ -, the first a letter or digit; or "unique()"
---@field secret string the secret from the link or message

---Logs in with what a link of createMagicUrlToken carries; createSessionFromToken is the newer way.
---
---At most 10 calls an hour, counted by `userId`. Errors: `general_argument_invalid`, `user_invalid_token`,
---`general_rate_limit_exceeded`.
---
---```lua
----- userId and secret are from the link of createMagicUrlToken
---local session = assert(client.account.updateMagicUrlSession { userId = userId, secret = secret })
---print(session.provider) --> magic-url
---```
---@param params appwrite.params.account.updateMagicUrlSession
---@param options? appwrite.CallOptions
---@return appwrite.models.Session? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.updateMagicUrlSession, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.updateMagicUrlSession, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.updateMagicUrlSession, options?: appwrite.CallOptions): appwrite.models.Session?, appwrite.Error?, appwrite.Response?
function account.updateMagicUrlSession(params, options) end

---The official name of `updateMagicUrlSession`. Logs in with what a link of createMagicUrlToken carries;
---createSessionFromToken is the newer way.
account.updateMagicURLSession = account.updateMagicUrlSession

---@class appwrite.params.account.updateMfaStatus
---@field mfa boolean whether to ask for a second factor

---Turns the second factor on or off; it is asked for only where the user has a verified one.
---
---Somebody must be logged in. Errors: `general_argument_invalid`.
---
---```lua
---local user = assert(client.account.updateMfaStatus { mfa = true })
---print(user.mfa) --> true
---```
---@param params appwrite.params.account.updateMfaStatus
---@param options? appwrite.CallOptions
---@return appwrite.models.User? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.updateMfaStatus, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.updateMfaStatus, options: appwrite.CallOptions, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.updateMfaStatus, options?: appwrite.CallOptions): appwrite.models.User?, appwrite.Error?, appwrite.Response?
function account.updateMfaStatus(params, options) end

---The official name of `updateMfaStatus`. Turns the second factor on or off; it is asked for only where the user has a
---verified one.
account.updateMFA = account.updateMfaStatus

---@class appwrite.params.account.updateNameOperation
---@field name string the user's name; up to 128 characters

---Changes the user's name.
---
---Somebody must be logged in. Errors: `general_argument_invalid`.
---
---```lua
---local user = assert(client.account.updateNameOperation { name = "Ada Lovelace" })
---print(user.name) --> Ada Lovelace
---```
---@param params appwrite.params.account.updateNameOperation
---@param options? appwrite.CallOptions
---@return appwrite.models.User? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.updateNameOperation, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.updateNameOperation, options: appwrite.CallOptions, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.updateNameOperation, options?: appwrite.CallOptions): appwrite.models.User?, appwrite.Error?, appwrite.Response?
function account.updateNameOperation(params, options) end

---The official name of `updateNameOperation`. Changes the user's name.
account.updateName = account.updateNameOperation

---@class appwrite.params.account.updatePassword
---@field password string the new password; 8 to 256 bytes
---@field oldPassword? string the password until now; 8 to 256 bytes

---Changes the password; the old one may be missing only where the user has none yet.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `user_invalid_credentials`.
---
---```lua
---assert(client.account.updatePassword { password = "battery staple", oldPassword = "correct horse" })
---```
---@param params appwrite.params.account.updatePassword
---@param options? appwrite.CallOptions
---@return appwrite.models.User? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.updatePassword, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.updatePassword, options: appwrite.CallOptions, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.updatePassword, options?: appwrite.CallOptions): appwrite.models.User?, appwrite.Error?, appwrite.Response?
function account.updatePassword(params, options) end

---@class appwrite.params.account.updatePhone
---@field phone string phone number with a plus and the country code, such as "+14155552671"; a plus and up to 15 digits
---@field password string the user's password; 8 to 256 bytes

---Changes the phone number, which then counts as unverified; sends no message.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `user_invalid_credentials`,
---`user_phone_already_exists`, `user_target_already_exists`.
---
---```lua
---local user = assert(client.account.updatePhone { phone = "+14155552671", password = "correct horse" })
---print(user.phone, user.phoneVerification) --> …, false
---```
---@param params appwrite.params.account.updatePhone
---@param options? appwrite.CallOptions
---@return appwrite.models.User? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.updatePhone, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.updatePhone, options: appwrite.CallOptions, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.updatePhone, options?: appwrite.CallOptions): appwrite.models.User?, appwrite.Error?, appwrite.Response?
function account.updatePhone(params, options) end

---@class appwrite.params.account.updatePhoneSession
---@field userId string the user's id, from the link or from the answer of the call that sent the secret; an id: 1 to 36
---  of a-z A-Z 0-9 . _ -, the first a letter or digit; or "unique()"
---@field secret string the secret from the link or message

---Logs in with the code that createPhoneToken sent; createSessionFromToken is the newer way.
---
---At most 10 calls an hour, counted by `userId`. Errors: `general_argument_invalid`, `user_invalid_token`,
---`general_rate_limit_exceeded`.
---
---```lua
----- userId is from the answer of createPhoneToken, the code from the message
---local session = assert(client.account.updatePhoneSession { userId = userId, secret = code })
---print(session.provider) --> phone
---```
---@param params appwrite.params.account.updatePhoneSession
---@param options? appwrite.CallOptions
---@return appwrite.models.Session? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.updatePhoneSession, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.updatePhoneSession, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Session?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.updatePhoneSession, options?: appwrite.CallOptions): appwrite.models.Session?, appwrite.Error?, appwrite.Response?
function account.updatePhoneSession(params, options) end

---@class appwrite.params.account.updatePreferences
---@field prefs table the whole of the preferences, 64 KiB of JSON at most

---Replaces all of the user's preferences and gives the user.
---
---Somebody must be logged in. Errors: `general_argument_invalid`.
---
---```lua
---local user = assert(client.account.updatePreferences { prefs = { volume = 7, language = "pt-br" } })
---print(user.prefs.volume) --> 7
---```
---@param params appwrite.params.account.updatePreferences
---@param options? appwrite.CallOptions
---@return appwrite.models.User? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.updatePreferences, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.updatePreferences, options: appwrite.CallOptions, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.updatePreferences, options?: appwrite.CallOptions): appwrite.models.User?, appwrite.Error?, appwrite.Response?
function account.updatePreferences(params, options) end

---The official name of `updatePreferences`. Replaces all of the user's preferences and gives the user.
account.updatePrefs = account.updatePreferences

---@class appwrite.params.account.updatePushTarget
---@field identifier string the device's token, as FCM or APNs gave it
---@field targetId string the push target's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Gives a push target the device's new token.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `user_target_not_found`,
---`user_target_already_exists`.
---
---```lua
---assert(client.account.updatePushTarget { targetId = targetId, identifier = deviceToken })
---```
---@param params appwrite.params.account.updatePushTarget
---@param options? appwrite.CallOptions
---@return appwrite.models.Target? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.updatePushTarget, callback: fun(result: appwrite.models.Target?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.updatePushTarget, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Target?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.updatePushTarget, options?: appwrite.CallOptions): appwrite.models.Target?, appwrite.Error?, appwrite.Response?
function account.updatePushTarget(params, options) end

---@class appwrite.params.account.updateUserEmail
---@field email string e-mail address
---@field password string the user's password; 8 to 256 bytes

---Changes the e-mail address, which then counts as unverified; an anonymous user becomes a lasting one.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `user_invalid_credentials`,
---`user_target_already_exists`, `general_bad_request`.
---
---```lua
---assert(client.account.createAnonymousSession())
---local user = assert(client.account.updateUserEmail { email = "ada@example.com", password = "correct horse" })
---print(user.email) -- no longer anonymous
---```
---@param params appwrite.params.account.updateUserEmail
---@param options? appwrite.CallOptions
---@return appwrite.models.User? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.updateUserEmail, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.updateUserEmail, options: appwrite.CallOptions, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.updateUserEmail, options?: appwrite.CallOptions): appwrite.models.User?, appwrite.Error?, appwrite.Response?
function account.updateUserEmail(params, options) end

---The official name of `updateUserEmail`. Changes the e-mail address, which then counts as unverified; an anonymous
---user becomes a lasting one.
account.updateEmail = account.updateUserEmail

---@class appwrite.params.account.verifyAuthenticator
---@field otp string the code of the moment
---@field type "totp" kind of authenticator

---Confirms the authenticator app that addAuthenticator began to add.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `user_authenticator_not_found`,
---`user_authenticator_already_verified`, `user_invalid_token`.
---
---```lua
---local user = assert(client.account.verifyAuthenticator { type = "totp", otp = code })
---print(#user.targets)
---```
---@param params appwrite.params.account.verifyAuthenticator
---@param options? appwrite.CallOptions
---@return appwrite.models.User? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.account.verifyAuthenticator, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.account.verifyAuthenticator, options: appwrite.CallOptions, callback: fun(result: appwrite.models.User?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Account, params: appwrite.params.account.verifyAuthenticator, options?: appwrite.CallOptions): appwrite.models.User?, appwrite.Error?, appwrite.Response?
function account.verifyAuthenticator(params, options) end

---The official name of `verifyAuthenticator`. Confirms the authenticator app that addAuthenticator began to add.
account.updateMfaAuthenticator = account.verifyAuthenticator

return account
