--- What the account service answers with. A row is { field, type, what it is }.

-- Of a session and of a log entry alike: what the server read from the User-Agent and the address.
local function withDevice(fields, more)
  local device = {
    { "ip", "string", "IP address" },
    { "osCode", "string", 'code of the operating system, such as "LIN"; empty where unknown, as all of these' },
    { "osName", "string", "the operating system" },
    { "osVersion", "string", "its version" },
    { "clientType", "string", '"browser", "library" and the like' },
    { "clientCode", "string", 'code of the browser, such as "FF": in lower case for avatars.getBrowserIconByCode' },
    { "clientName", "string", "name of browser or library" },
    { "clientVersion", "string", "its version" },
    { "clientEngine", "string", 'engine of the browser, such as "Gecko"' },
    { "clientEngineVersion", "string", "its version" },
    { "deviceName", "string", '"desktop", "smartphone" and the like' },
    { "deviceBrand", "string", "maker of the device" },
    { "deviceModel", "string", "model of the device" },
    { "countryCode", "string", 'ISO 3166-1 code of two letters, in lower case; "--" where unknown' },
    { "countryName", "string", "the country, in the client's locale" },
  }
  for _, list in ipairs { device, more or {} } do
    for _, field in ipairs(list) do
      fields[#fields + 1] = field
    end
  end
  return fields
end

local created = { "$createdAt", "date", "when it was made" }
local updated = { "$updatedAt", "date", "when it was last changed" }
local userId = { "userId", "string", "id of the user" }

return {
  {
    name = "User", doc = "A user, as he may see himself.",
    fields = {
      { "$id", "string", "id of the user" },
      created,
      updated,
      { "name", "string", "name; empty where none was given" },
      { "password", "string?", "never sent to users", secret = true },
      { "hash", "string?", "never sent to users", secret = true },
      { "hashOptions", "table?", "never sent to users" },
      { "registration", "date", "when the user registered" },
      { "status", "boolean", "false where the account is blocked" },
      { "labels", "string[]", "labels that the server's side has given" },
      { "passwordUpdate", "date", "when the password was last set; empty where there is none" },
      { "email", "string", "e-mail address; empty where there is none" },
      { "phone", "string", "phone number with plus and country code; empty where there is none" },
      { "emailVerification", "boolean", "whether the address is confirmed" },
      { "phoneVerification", "boolean", "whether the number is confirmed" },
      { "mfa", "boolean", "whether a second factor is asked for" },
      { "prefs", "Preferences", "the user's preferences" },
      { "targets", "Target[]", "where messages can reach the user: addresses and devices" },
      { "accessedAt", "date", "when the user was last active, to the day" },
    },
  },
  {
    name = "Session", doc = "A login: on one device, until it ends.",
    fields = withDevice({
      { "$id", "string", "id of the session" },
      created,
      { "$updatedAt", "date?", "when it was last changed; not with every server" },
      userId,
      { "expire", "date", "when it ends" },
      { "provider", "string", 'how the user logged in: "email", "anonymous", "magic-url", "phone", "oauth2", …' },
      { "providerUid", "string", "id, address or number at the provider" },
      { "providerAccessToken", "string", "the OAuth2 provider's token", secret = true },
      { "providerAccessTokenExpiry", "date", "when that token ends; empty where there is none" },
      { "providerRefreshToken", "string", "by which the server renews it", secret = true },
    }, {
      { "current", "boolean", "whether it is the one by which was asked" },
      { "factors", "string[]", 'what was proved: "password", "email", "phone", "totp", …' },
      { "secret", "string", "the session's token: empty unless an API key was used", secret = true },
      { "mfaUpdatedAt", "date", "when a second factor was last proved; empty where never" },
    }),
  },
  { name = "SessionList", doc = "Sessions of a user.", list = "sessions", of = "Session" },
  {
    name = "Token", doc = "That a secret was sent or used. The secret itself is in the message to the user.",
    fields = {
      { "$id", "string", "id of the token" },
      created,
      userId,
      { "secret", "string", "empty unless an API key was used", secret = true },
      { "expire", "date", "when the secret ends" },
      { "phrase", "string", "security phrase that the message shows too; empty where none was asked for" },
    },
  },
  {
    name = "Jwt", doc = "A token by which another program may act as the user.",
    fields = { { "jwt", "string", "the token, for `appwrite.new { jwt = … }`", secret = true } },
  },
  {
    name = "Identity", doc = "An OAuth2 account that is linked with a user.",
    fields = {
      { "$id", "string", "id of the identity" },
      created,
      updated,
      userId,
      { "provider", "string", 'the provider, such as "github"' },
      { "providerUid", "string", "the user's id there" },
      { "providerEmail", "string", "the user's address there" },
      { "providerAccessToken", "string", "the provider's token", secret = true },
      { "providerAccessTokenExpiry", "date", "when that token ends" },
      { "providerRefreshToken", "string", "by which the server renews it", secret = true },
    },
  },
  { name = "IdentityList", doc = "Identities of a user.", list = "identities", of = "Identity" },
  {
    name = "Log", doc = "Something that happened to an account.",
    fields = withDevice {
      { "event", "string", 'what happened, such as "user.update"' },
      userId,
      { "userEmail", "string", "his address then" },
      { "userName", "string", "his name then" },
      { "mode", "string", 'how it was done; empty or "default"' },
      { "time", "date", "when" },
    },
  },
  { name = "LogList", doc = "Log entries, the latest first.", list = "logs", of = "Log" },
  {
    name = "Preferences", doc = "A table of the application's own making.", open = "any", fields = {},
  },
  {
    name = "MfaType", doc = "An authenticator app that waits to be confirmed.",
    fields = {
      { "secret", "string", "to be typed into the app", secret = true },
      { "uri", "string", "the same as an otpauth URI, for a QR code", secret = true },
    },
  },
  {
    name = "MfaFactors", doc = "Which second factors a user has.",
    fields = {
      { "totp", "boolean", "an authenticator app" },
      { "phone", "boolean", "a confirmed phone number" },
      { "email", "boolean", "a confirmed e-mail address" },
      { "recoveryCode", "boolean?", "recovery codes; not with every server" },
    },
  },
  {
    name = "MfaChallenge", doc = "A second factor that was asked for.",
    fields = {
      { "$id", "string", "id for account.completeMfaChallenge" },
      created,
      userId,
      { "expire", "date", "until when the code is taken" },
    },
  },
  {
    name = "MfaRecoveryCodes", doc = "Codes for somebody who has lost the second factor; each works once.",
    fields = { { "recoveryCodes", "string[]", "the codes", secret = true } },
  },
  {
    name = "Target", doc = "An address, a number or a device that messages can be sent to.",
    fields = {
      { "$id", "string", "id of the target" },
      created,
      updated,
      { "name", "string", "name; empty for addresses and numbers" },
      userId,
      { "providerId", "string?", "id of the messaging provider, where one is set" },
      { "providerType", "string", '"email", "sms" or "push"' },
      { "identifier", "string", "the address, the number or the device's token", secret = true },
    },
  },
}
