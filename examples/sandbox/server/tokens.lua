--- Codes and secrets that are sent to somebody, or handed to him, to be confirmed later. Only their hashes are kept.

local clock = require "server.clock"
local crypto = require "server.crypto"
local json = require "server.json"

local gsub = string.gsub

local HOUR, QUARTER = 3600, 900

local tokens = {}

---@class sandbox.Token
---@field id string
---@field userId string
---@field kind string
---@field hash string
---@field createdAt string
---@field expire number seconds since the epoch

---@class sandbox.TokenKind
---@field seconds integer it is good for
---@field digits? integer hexadecimal; a code of six decimal ones without
---@field session? { provider: string, factor: string } of the session it may be changed into

---@type table<string, sandbox.TokenKind>
local KINDS = {
  magicUrl = { seconds = HOUR, digits = 64, session = { provider = "magic-url", factor = "email" } },
  email = { seconds = QUARTER, session = { provider = "token", factor = "email" } },
  phone = { seconds = QUARTER, session = { provider = "phone", factor = "phone" } },
  oauth2 = { seconds = 365 * 24 * HOUR, digits = 64, session = { provider = "oauth2", factor = "email" } },
  verification = { seconds = HOUR, digits = 256 },
  recovery = { seconds = HOUR, digits = 256 },
}

---@return string code six digits
function tokens.newCode()
  local digits = ""
  while #digits < 6 do
    -- Bytes from 250 on are left out, so that each digit is as likely as any other.
    digits = digits .. gsub(crypto.random(6), ".", function(character)
      local value = character:byte()
      return value < 250 and tostring(value % 10) or ""
    end)
  end
  return digits:sub(1, 6)
end

---@param user sandbox.User
---@param kind string
---@param seconds? integer other than usual
---@return sandbox.Token
---@return string secret
function tokens.create(user, kind, seconds)
  local known = KINDS[kind]
  local secret = known.digits and crypto.randomHex(known.digits) or tokens.newCode()
  local token = {
    id = clock.id(), userId = user.id, kind = kind, hash = crypto.sha256(secret), createdAt = clock.iso(),
    expire = clock.now() + (seconds or known.seconds),
  }
  user.tokens[#user.tokens + 1] = token
  return token, secret
end

---Take a user's token away, so that it works once.
---@param user? sandbox.User
---@param secret string
---@param kind? string by default any that may be changed into a session
---@return sandbox.Token? token nil where there is none like this, or no longer
function tokens.take(user, secret, kind)
  local hash, now = crypto.sha256(secret), clock.now()
  for index, token in ipairs(user and user.tokens or {}) do
    local fits = kind and token.kind == kind or not kind and KINDS[token.kind].session
    if fits and token.expire > now and crypto.equal(token.hash, hash) then
      return table.remove(user.tokens, index)
    end
  end
end

---What session a token is changed into.
---@param token sandbox.Token
---@return { provider: string, factor: string }
function tokens.session(token)
  return KINDS[token.kind].session
end

---@param token sandbox.Token
---@param secret string as the answer shows it
---@param phrase? string
---@return sandbox.Object
function tokens.model(token, secret, phrase)
  return json.object("$id", token.id, "$createdAt", token.createdAt, "userId", token.userId, "secret", secret,
    "expire", clock.iso(token.expire), "phrase", phrase or "")
end

return tokens
