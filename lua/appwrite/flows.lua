--- `client.flows`: what takes a call, a person, and another call. A code or a link is sent, somebody says what came,
-- and it is confirmed; where he was mistaken he is asked again.
--
-- `ask(about, err)` is the program's function that asks the person. It gets what the first call answered, and from the
-- second time on what was wrong with the last answer; it returns what the person said, or nothing to give up. In a task
-- it may wait, for a window or another call.

local Error = require "appwrite.error"
local ID = require "appwrite.id"
local Link = require "appwrite.link"
local extension = require "appwrite.extension"

local concat, error, format, gsub, ipairs, type =
  table.concat, error, string.format, string.gsub, ipairs, type

local TRIES = 3
local MOST_TRIES = 10 -- an hour: what the server admits
local APP = "totp"

-- What a person can mend by another answer. (Appwrite's config/errors.php has the words.)
local MISTAKES = {
  user_invalid_token = true, general_argument_invalid = true, password_recently_used = true,
  password_personal_data = true,
}

local function isMistake(err)
  return err.kind == "argument" or err.kind == "api" and MISTAKES[err.type] == true
end

local function wrong(name, message)
  return Error.new { kind = "argument", message = message, operation = "flows." .. name }
end

-- A code as it is typed has blanks, one that is pasted a line's end.
local function plainCode(name, code)
  if type(code) == "number" then
    error(format("flows.%s: `ask` must return the code as a string, since a number loses its leading zeros", name), 0)
  elseif type(code) ~= "string" then
    error(format("flows.%s: `ask` must return the code as a string, or nil to give up, got %s", name, type(code)), 0)
  end
  return (gsub(code, "%s", ""))
end

local function readLink(name, text)
  if type(text) ~= "string" then
    error(format("flows.%s: `ask` must return the link as a string, or nil to give up, got %s", name, type(text)), 0)
  end
  local fields, problem = Link.parse(text)
  return fields, problem and wrong(name, problem)
end

---@param name string
---@param given table with `ask` and `tries`
---@param about table
---@param confirm fun(...): any, appwrite.Error?, appwrite.Response? gets what `ask` returned
local function converse(name, given, about, confirm)
  local err
  for _ = 1, given.tries or TRIES do
    local said, more = given.ask(about, err)
    if said == nil or said == false then
      return nil, Error.new { kind = "cancelled", message = "nothing was answered", operation = "flows." .. name }
    end
    local result, response
    result, err, response = confirm(said, more)
    if result ~= nil then
      return result, nil, response
    elseif not isMistake(err) then
      return nil, err
    end
  end
  return nil, err
end

-- Signing in by what was sent -----------------------------------------------------------------------------------------

-- The id that was wished for counts only where the address is new: the answer names the one that does.
local function signIn(name, ask, read)
  return function(client, given)
    local token, err = ask(client.account, given, given.userId or ID.unique())
    if not token then
      return nil, err
    end
    return converse(name, given, token, function(said)
      local secret, userId, problem = read(said)
      if problem then
        return nil, problem
      end
      return client.account.createSessionFromToken { userId = userId or token.userId, secret = secret }
    end)
  end
end

local emailCode = signIn("emailCode", function(account, given, userId)
  return account.createEmailToken { userId = userId, email = given.email, phrase = given.phrase }
end, function(said)
  return plainCode("emailCode", said)
end)

local phoneCode = signIn("phoneCode", function(account, given, userId)
  return account.createPhoneToken { userId = userId, phone = given.phone }
end, function(said)
  return plainCode("phoneCode", said)
end)

local magicUrl = signIn("magicUrl", function(account, given, userId)
  return account.createMagicUrlToken { userId = userId, email = given.email, url = given.url, phrase = given.phrase }
end, function(said)
  local link, problem = readLink("magicUrl", said)
  return link and link.secret, link and link.userId, problem
end)

-- Confirming ----------------------------------------------------------------------------------------------------------

local function recoverPassword(client, given)
  local token, err = client.account.createPasswordRecovery { email = given.email, url = given.url }
  if not token then
    return nil, err
  end
  return converse("recoverPassword", given, token, function(said, password)
    local link, problem = readLink("recoverPassword", said)
    if not link then
      return nil, problem
    elseif type(password) ~= "string" then
      error("flows.recoverPassword: `ask` must return the link and the new password, got " .. type(password), 0)
    end
    return client.account.completePasswordRecovery {
      userId = link.userId or token.userId, secret = link.secret, password = password,
    }
  end)
end

local function verifyEmail(client, given)
  local token, err = client.account.createEmailVerification_0 { url = given.url }
  if not token then
    return nil, err
  end
  return converse("verifyEmail", given, token, function(said)
    local link, problem = readLink("verifyEmail", said)
    if not link then
      return nil, problem
    end
    return client.account.createEmailVerification { userId = link.userId or token.userId, secret = link.secret }
  end)
end

local function verifyPhone(client, given)
  local token, err = client.account.createPhoneVerification()
  if not token then
    return nil, err
  end
  return converse("verifyPhone", given, token, function(said)
    return client.account.confirmPhoneVerification { userId = token.userId, secret = plainCode("verifyPhone", said) }
  end)
end

-- Second factors ------------------------------------------------------------------------------------------------------

-- By the names of listMfaFactors, in the order in which they are preferred. Servers since 1.5.5 take the last one as
-- "recoverycode" only; for older ones `factor = "recoveryCode"` says it.
local FACTORS = {
  { name = "totp", factor = "totp" }, { name = "email", factor = "email" }, { name = "phone", factor = "phone" },
  { name = "recoveryCode", factor = "recoverycode" },
}

local function chooseFactor(client)
  local has, err = client.account.listMfaFactors()
  if not has then
    return nil, err
  end
  for _, known in ipairs(FACTORS) do
    if has[known.name] then
      return known.factor
    end
  end
  return nil, wrong("completeMfa", "this user has no second factor, so none is asked for")
end

local function completeMfa(client, given)
  local factor, err = given.factor, nil
  if not factor then
    factor, err = chooseFactor(client)
  end
  local challenge
  if factor then
    challenge, err = client.account.createMfaChallenge { factor = factor }
  end
  if not challenge then
    return nil, err
  end
  return converse("completeMfa", given, { factor = factor, expire = challenge.expire }, function(said)
    return client.account.completeMfaChallenge {
      challengeId = challenge["$id"], otp = plainCode("completeMfa", said),
    }
  end)
end

---@class appwrite.AuthenticatorApp
---@field secret string to be typed into the app
---@field uri string    the same as an otpauth URI, for apps of the same machine
---@field qr string     the URI as a QR code, in lines for a terminal (see appwrite.QR)

-- A user has recovery codes already where he once had another app; they stay.
local function newRecoveryCodes(client)
  local codes, err = client.account.createMfaRecoveryCodes()
  if err and err.type ~= "user_recovery_codes_already_exists" then
    return nil, err
  end
  return codes and codes.recoveryCodes or {}
end

local function addAuthenticatorApp(client, given)
  local made, err = client.account.addAuthenticator { type = APP }
  if not made then
    return nil, err
  end
  local app = { secret = made.secret, uri = made.uri, qr = require("appwrite.qr").text(made.uri) }
  local verified
  verified, err = converse("addAuthenticatorApp", given, app, function(said)
    return client.account.verifyAuthenticator { type = APP, otp = plainCode("addAuthenticatorApp", said) }
  end)
  if not verified then
    return nil, err
  end
  local codes, user, response
  codes, err = newRecoveryCodes(client)
  if codes then
    user, err, response = client.account.updateMfaStatus { mfa = true }
  end
  if not user then
    return nil, err
  end
  return { user = user, recoveryCodes = codes }, nil, response
end

-- Invitations ---------------------------------------------------------------------------------------------------------

local INVITATION = { "teamId", "membershipId", "userId" }

local function acceptInvitation(client, given)
  local link, problem = Link.parse(given.link)
  if not link then
    return nil, wrong("acceptInvitation", problem)
  end
  local missing = {}
  for _, name in ipairs(INVITATION) do
    missing[#missing + 1] = (link[name] or "") == "" and name or nil
  end
  if #missing > 0 then
    return nil, wrong("acceptInvitation", format("there is no %s in this link: it is of no invitation",
      concat(missing, ", ")))
  end
  return client.teams.updateMembershipStatus {
    teamId = link.teamId, membershipId = link.membershipId, userId = link.userId, secret = link.secret,
  }
end

-- As data -------------------------------------------------------------------------------------------------------------

local TEXT = { type = "string", nonEmpty = true }
local ASK = { type = "function" }
local ATTEMPTS = { type = "number", min = 1, max = MOST_TRIES, whole = true }
local FLAG = { type = "boolean" }

local function rules(more)
  more.ask, more.tries = ASK, ATTEMPTS
  return more
end

---@class appwrite.FlowOptions
---@field ask fun(about: table, err: appwrite.Error?): string?, string?
---@field tries integer? how often the person is asked, 1 to 10; default 3
---@field email string?
---@field phone string?    with a plus and the country code
---@field url string?      page that the link leads to, on a host registered as a platform
---@field userId string?   id for a user who is new; default ID.unique()
---@field phrase boolean?  whether mail and token show a phrase by which the user knows the mail is yours
---@field factor string?   "totp", "email", "phone", "recoverycode"

---@alias appwrite.SessionFlow
---| fun(self, given: appwrite.FlowOptions, callback: function?): appwrite.models.Session?, appwrite.Error?
---@alias appwrite.TokenFlow
---| fun(self, given: appwrite.FlowOptions, callback: function?): appwrite.models.Token?, appwrite.Error?
---@alias appwrite.AuthenticatorFlow
---| fun(self, given: appwrite.FlowOptions, callback: function?): appwrite.NewAuthenticator?, appwrite.Error?
---@alias appwrite.InvitationFlow
---| fun(self, given: { link: string }, callback: function?): appwrite.models.Membership?, appwrite.Error?

---@class appwrite.NewAuthenticator
---@field user appwrite.models.User
---@field recoveryCodes string[] to be shown to the user; empty where he has some already

---@class appwrite.Flows functions by a colon (a dot does as well, but editors do not know); with a callback behind the
---table they answer with a task. Their errors are those of the calls they make, and of kind "cancelled" where `ask`
---returns nothing.
---@field emailCode appwrite.SessionFlow
---@field phoneCode appwrite.SessionFlow
---@field magicUrl appwrite.SessionFlow
---@field recoverPassword appwrite.TokenFlow
---@field verifyEmail appwrite.TokenFlow
---@field verifyPhone appwrite.TokenFlow
---@field addAuthenticatorApp appwrite.AuthenticatorFlow
---@field completeMfa appwrite.SessionFlow
---@field acceptInvitation appwrite.InvitationFlow

local FUNCTIONS = {
  ---Log in by a code that is e-mailed. A new address becomes a user. `ask` gets the token, with its `phrase` if asked
  ---for. { email, ask, phrase?, userId?, tries? } → session
  emailCode = {
    rules = rules { email = TEXT, phrase = FLAG, userId = TEXT }, required = { "email", "ask" }, run = emailCode,
  },
  ---Log in by a code that comes as a text message. { phone, ask, userId?, tries? } → session
  phoneCode = { rules = rules { phone = TEXT, userId = TEXT }, required = { "phone", "ask" }, run = phoneCode },
  ---Log in by a link that is e-mailed; `ask` returns the link.
  ---{ email, ask, url?, phrase?, userId?, tries? } → session
  magicUrl = {
    rules = rules { email = TEXT, url = TEXT, phrase = FLAG, userId = TEXT }, required = { "email", "ask" },
    run = magicUrl,
  },
  ---Set a new password by an e-mailed link; `ask` returns the link and the new password. Nobody is logged in by it.
  ---{ email, url, ask, tries? } → token
  recoverPassword = {
    rules = rules { email = TEXT, url = TEXT }, required = { "email", "url", "ask" }, run = recoverPassword,
  },
  ---Have the user who is logged in prove his e-mail address; `ask` returns the link. { url, ask, tries? } → token
  verifyEmail = { rules = rules { url = TEXT }, required = { "url", "ask" }, run = verifyEmail },
  ---Have the user who is logged in prove his phone number; `ask` returns the code. { ask, tries? } → token
  verifyPhone = { rules = rules {}, required = { "ask" }, run = verifyPhone },
  ---Switch on the second factor, an authenticator app: `ask` gets an appwrite.AuthenticatorApp to show, and returns the
  ---code that the app shows. { ask, tries? } → { user, recoveryCodes }; the codes are to be shown to the user, and are
  ---empty where he has some already
  addAuthenticatorApp = { rules = rules {}, required = { "ask" }, run = addAuthenticatorApp },
  ---After a login that left the other calls with the error type "user_more_factors_required": `ask` gets { factor,
  ---expire } and returns the code. Without `factor` it is the first that the user has of app, e-mail, phone, and
  ---recovery codes. { ask, factor?, tries? } → session
  completeMfa = { rules = rules { factor = TEXT }, required = { "ask" }, run = completeMfa },
  ---Join a team by the link of an invitation, which also logs in. { link } → membership
  acceptInvitation = { rules = { link = TEXT }, required = { "link" }, run = acceptInvitation },
}

local flows = {}

---@param client appwrite.Client
---@return appwrite.Flows
function flows.of(client)
  return extension.of("flows", FUNCTIONS, client)
end

return flows
