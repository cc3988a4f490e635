--- The account service: signing in by a link, or by a code in a mail or a text message.

local accounts = require "server.accounts"
local clock = require "server.clock"
local crypto = require "server.crypto"
local errors = require "server.errors"
local hosts = require "server.hosts"
local identity = require "server.identity"
local mailbox = require "server.mailbox"
local response = require "server.response"
local tokens = require "server.tokens"
local urls = require "server.urls"
local validation = require "server.validation"

local format = string.format

local USER = { "userId", validation.customId }
local SECRET = { "secret", validation.text(256) }
local PHRASE = { "phrase", validation.boolean, optional = true }

-- For the security phrase, which is in the mail as well as in the answer.
local ADJECTIVES = {
  "Amber", "Brisk", "Calm", "Daring", "Eager", "Fluffy", "Gentle", "Hasty", "Idle", "Jolly", "Keen", "Lucky", "Merry",
  "Noble", "Orange", "Proud",
}
local NOUNS = {
  "acorn", "badger", "cloud", "donkey", "engine", "falcon", "garden", "harbour", "island", "jacket", "kettle",
  "lantern", "marble", "napkin", "otter", "pebble",
}

local function newPhrase()
  local first, second = crypto.random(2):byte(1, 2)
  return ADJECTIVES[first % #ADJECTIVES + 1] .. " " .. NOUNS[second % #NOUNS + 1]
end

-- The user with the mail address of a request, who is made where there is none; `problem` where an identity has it.
local function userOfEmail(request, problem)
  local project, email = request.project, request.params.email
  local found = project:userByEmail(email)
  if not found and accounts.isIdentityOfOther(project, email) then
    errors.raise(problem)
  end
  return accounts.findOrAdd(request, found, { id = request.params.userId, email = email, noTargets = true })
end

-- Only a server with its key gets to see the secret; a client reads it in the mail.
local function answer(request, token, secret, phrase)
  return response.json(201, tokens.model(token, request.isKey and secret or "", phrase))
end

local function withPhrase(text, phrase)
  return phrase and format("%s\n\nThe phrase of this request is: %s", text, phrase) or text
end

local function signIn(request)
  local user = request.project.users:get(request.params.userId)
  local token = tokens.take(user, request.params.secret) or errors.raise "user_invalid_token"
  if token.kind == "magicUrl" then
    user.emailVerification = true
  elseif token.kind == "phone" then
    user.phoneVerification = true
  end
  user.updatedAt = clock.iso()
  return accounts.signIn(request, user, tokens.session(token))
end

local operations = {}

operations.createMagicUrlToken = {
  params = { USER, { "email", validation.email }, { "url", hosts.check, optional = true }, PHRASE },
  handler = function(request)
    local user = userOfEmail(request, "user_email_already_exists")
    local token, secret = tokens.create(user, "magicUrl")
    local phrase = request.params.phrase and newPhrase() or nil
    local link = urls.with(request.params.url or urls.origin() .. "/auth/magic-url", {
      { "userId", user.id }, { "secret", secret }, { "expire", clock.iso(token.expire) },
      { "project", request.project.id },
    })
    mailbox.send(request.project, {
      kind = "email", to = user.email, subject = "Sign in to " .. request.project.name, secret = secret,
      userId = user.id, links = { link }, text = withPhrase("Follow this link to sign in:\n" .. link, phrase),
    })
    request.actor = user
    return answer(request, token, secret, phrase)
  end,
}

operations.createEmailToken = {
  params = { USER, { "email", validation.email }, PHRASE },
  handler = function(request)
    local user = userOfEmail(request, "general_bad_request")
    local token, secret = tokens.create(user, "email")
    local phrase = request.params.phrase and newPhrase() or nil
    mailbox.send(request.project, {
      kind = "email", to = user.email, subject = "Your code for " .. request.project.name, secret = secret,
      userId = user.id, text = withPhrase("Sign in with this code: " .. secret, phrase),
    })
    request.actor = user
    return answer(request, token, secret, phrase)
  end,
}

operations.createPhoneToken = {
  params = { USER, { "phone", validation.phone } },
  handler = function(request)
    local phone = request.params.phone
    local user = accounts.findOrAdd(request, request.project:userByPhone(phone), {
      id = request.params.userId, phone = phone,
    })
    local token, secret = tokens.create(user, "phone")
    mailbox.send(request.project, {
      kind = "sms", to = phone, subject = "", secret = secret, userId = user.id,
      text = format("%s is your code for %s.", secret, request.project.name),
    })
    request.actor = user
    return answer(request, token, identity.encodeSession(token, secret)) -- packed like a session, whyever
  end,
}

for _, name in ipairs { "createSessionFromToken", "updateMagicUrlSession", "updatePhoneSession" } do
  operations[name] = { guestOnly = true, params = { USER, SECRET }, handler = signIn }
end

return operations
