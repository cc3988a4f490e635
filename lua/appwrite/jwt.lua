--- JWTs that a client asks for itself, by the session of the client it was made from: `client:with { jwt = "auto" }`.
--
-- A JWT lives for 15 minutes and is renewed before, once for all calls that wait for it. It is bound to its session, so
-- it is renewed as well when that becomes another one, and where the server refuses it.

local decode = require "appwrite.decode"

local setmetatable, time = setmetatable, os.time

local LIFE = 15 * 60 -- seconds (Appwrite 1.5: account.createJwt)
local MARGIN = 3 * 60 -- seconds before its end at which it is renewed; an upload's chunk may take as long
local UNAUTHORIZED, REFUSED = 401, "user_jwt_invalid"

local Renewal = { __name = "appwrite.Renewal" }
local methods = {}
Renewal.__index = methods

function Renewal.__tostring()
  return "appwrite.Renewal"
end

local jwt = {
  ---The clock, in seconds; for specs.
  now = time,
}

-- A clock that was set back tells nothing.
local function isFresh(self)
  if not self.at or self.source:revision() ~= self.revision then
    return false
  end
  local age = jwt.now() - self.at
  return age >= 0 and age < LIFE - MARGIN
end

-- As a task, so that it goes on when the call that began it is cut off: others wait for it.
local function renew(self)
  local revision, at = self.source:revision(), jwt.now()
  local made, err = self.parent.account.createJwt()
  self.task = nil
  if not made then
    return nil, err
  end
  self.session:set("jwt", made.jwt)
  self.at, self.revision, self.serial = at, revision, self.serial + 1
  return true
end

-- Nil where there is one to send.
local function ready(self, seconds)
  if isFresh(self) then
    return nil
  end
  local task = self.task
  if not task or task.status ~= "running" then
    task = require("appwrite.tasks").spawn(renew, self)
    self.task = task.status == "running" and task or nil
  end
  local done, err = task:await(seconds > 0 and seconds or nil)
  if done then
    return nil
  end
  return {
    kind = err.kind, type = err.type, code = err.code, message = "no JWT was to be had: " .. err.message, elapsed = 0,
    attempts = 0,
  }
end

local function isRefused(answer)
  if answer.status ~= UNAUTHORIZED then
    return false
  end
  local _, kind = decode.message(answer)
  return kind == REFUSED
end

---Send a request with a JWT that is good.
---@param send fun(): appwrite.Answer
---@param seconds number how long it may be waited for; 0: no limit
---@return appwrite.Answer
function methods:send(send, seconds)
  local failure = ready(self, seconds)
  if failure then
    return failure
  end
  local serial = self.serial
  local answer = send()
  if not isRefused(answer) then
    return answer
  end
  -- Refused before anything was done.
  if self.serial == serial then
    self.at = nil
  end
  failure = ready(self, seconds)
  if failure then
    return failure
  end
  local again = send()
  again.attempts = again.attempts + answer.attempts
  return again
end

---@param parent appwrite.Client who asks for it
---@param source table   the parent's session of the transport
---@param session table  of the client that it is for
---@return table renewal
function jwt.new(parent, source, session)
  return setmetatable({ parent = parent, source = source, session = session, serial = 0 }, Renewal)
end

return jwt
