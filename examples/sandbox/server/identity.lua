--- Who sends a request: a user by his session or a JWT, a server by its key, or a guest.

local clock = require "server.clock"
local crypto = require "server.crypto"
local errors = require "server.errors"
local json = require "server.json"

local identity = {}

---Name of the session's cookie in a project.
function identity.cookieName(project)
  return "a_session_" .. project.id
end

---@param session sandbox.Session
---@param secret string
---@return string text base64 of {id, secret}: what cookies and headers carry
function identity.encodeSession(session, secret)
  return ngx.encode_base64(json.encode(json.object("id", session.userId, "secret", secret)))
end

local function decodeSession(text)
  local object = json.decode(ngx.decode_base64(text or "") or "")
  if not json.isObject(object) then
    return nil
  end
  local id, secret = object:get "id", object:get "secret"
  return type(id) == "string" and type(secret) == "string" and { id = id, secret = secret } or nil
end

local function fromFallback(text, name)
  local object = json.decode(text or "")
  local value = json.isObject(object) and object:get(name)
  return type(value) == "string" and decodeSession(value) or nil
end

-- Cookies first, then X-Appwrite-Session, then X-Fallback-Cookies.
local function claimedSession(request)
  local name = identity.cookieName(request.project)
  local claim = decodeSession(request.cookies[name] or request.cookies[name .. "_legacy"])
    or decodeSession(request.headers["x-appwrite-session"])
  if claim then
    return claim, false
  end
  return fromFallback(request.headers["x-fallback-cookies"], name), true
end

---The session of a user with this secret, if it still lives.
---@param user sandbox.User
---@param secret string
---@return sandbox.Session?
function identity.findSession(user, secret)
  local hash, now = crypto.sha256(secret), clock.now()
  for _, session in ipairs(user.sessions.list) do
    if session.expire > now and crypto.equal(session.hash, hash) then
      return session
    end
  end
end

local function invalidJwt(problem)
  errors.raise("user_jwt_invalid", "Failed to verify JWT. Invalid token: " .. problem)
end

local function userOfJwt(project, token)
  local payload, problem = crypto.verifyJwt(token, project.jwtKey)
  if not payload then
    invalidJwt(problem)
  end
  local claims = json.decode(payload)
  if clock.now() > tonumber(claims:get "exp") then
    invalidJwt "Expired"
  end
  local user = project.users:get(claims:get "userId")
  return user and user.sessions:get(claims:get "sessionId") and user or nil
end

---Make a JWT for a session.
---@param project sandbox.Project
---@param session sandbox.Session
---@return string token
function identity.newJwt(project, session)
  local expire = math.floor(clock.now()) + project.jwtSeconds
  return crypto.signJwt(json.encode(json.object("userId", session.userId, "sessionId", session.id, "exp", expire)),
    project.jwtKey)
end

local function given(value)
  return value ~= nil and value ~= "" and value or nil
end

---Fill in who sends a request: `user`, `session` (the current one; none by JWT alone), `key`, `isKey`.
---@param request sandbox.Request
function identity.resolve(request)
  local project = request.project
  local claim, usesFallback = claimedSession(request)
  request.out["X-Debug-Fallback"] = tostring(usesFallback)
  local user = claim and project.users:get(claim.id)
  local session = user and identity.findSession(user, claim.secret)
  user = session and user or nil
  local token = given(request.headers["x-appwrite-jwt"])
  if token then
    user = userOfJwt(project, token)
  end
  request.user = user
  request.session = session and user and session.userId == user.id and session or nil
  request.key = project.keys[request.headers["x-appwrite-key"] or ""]
  request.isKey = request.key ~= nil
  if request.isKey and user then
    errors.raise "user_api_key_and_session_set"
  end
end

return identity
