--- Keeps a client's session in its store, and notices when the server does not know it any more. Of a client without
-- the options `store` and `onSessionLost` nothing here is loaded.
--
-- The store is written after a call that changed the session (its login, its end), and not otherwise. Where that fails
-- the calls go on: what failed is told as the event `session.store` and, to those who have no log, by appwrite.onError.

local guard = require "appwrite.guard"
local log = require "appwrite.log"
local scheduler = require "appwrite.scheduler"
local store = require "appwrite.store"

local format, match, setmetatable, type = string.format, string.match, setmetatable, type

local NOTHING = "" -- in place of a text: that there is no session
local RETRY = 10 -- seconds before what could not be stored is tried again, unless the session changes
local NEEDED = { "revision", "export", "import" } -- of a transport's session

local UNAUTHORIZED = 401
-- Appwrite's words for an answer to somebody it does not know. The first is also said to one who may not do something,
-- with his role in the message (the recorded answers of a 1.5.11 server).
local LOST = { general_unauthorized_scope = true, user_session_not_found = true }

local Keeper = { __name = "appwrite.SessionKeeper" }
local methods = {}
Keeper.__index = methods

function Keeper.__tostring()
  return "appwrite.SessionKeeper"
end

local session = {}

-- Each message once: a disk that stays full fails every time.
local function tell(self, problem)
  log.emit(self.state, "warn", "session.store", { message = problem })
  if not self.state.log and not self.told[problem] then
    self.told[problem] = true
    scheduler.report(problem)
  end
end

local function open(self)
  local own = self.state.session
  local text, problem = self.store:load()
  if text then
    local done, reason = own:import(text)
    if done then
      log.emit(self.state, "info", "session.loaded")
    else
      text, problem = nil, self.store:reject(reason)
    end
  end
  if problem then
    tell(self, problem)
  else
    self.stored = text or NOTHING
  end
  self.seen = own:revision()
end

local function put(self)
  local text, problem = self.state.session:export()
  if problem then
    return nil, "the session cannot be kept: it " .. problem
  end
  text = text or NOTHING
  if text == self.stored then
    return true
  end
  local done
  if text == NOTHING then
    done, problem = self.store:clear(self.stored)
  else
    done, problem = self.store:save(text)
  end
  if done then
    self.stored = text
    log.emit(self.state, "info", text == NOTHING and "session.cleared" or "session.saved")
  end
  return done, problem
end

-- One at a time, and again where the session changed meanwhile: what is stored last is to be what is newest.
local function putAll(self)
  local own = self.state.session
  local revision, done, problem
  repeat
    revision = own:revision()
    done, problem = put(self)
  until not done or own:revision() == revision
  if done then
    self.seen, self.failed = revision, nil
    return
  end
  self.failed, self.retryAt = revision, scheduler.now() + RETRY
  tell(self, problem)
end

---Store the session where it has changed.
function methods:sync()
  if not self.store or self.busy then
    return
  end
  local revision = self.state.session:revision()
  if revision == self.seen or revision == self.failed and scheduler.now() < self.retryAt then
    return
  end
  self.busy = true
  local held = guard.new(function()
    self.busy = nil
  end)
  putAll(self)
  held:release()
  self.busy = nil
end

local function isLost(err)
  if not (err and err.code == UNAUTHORIZED and LOST[err.type]) then
    return false
  end
  local role = match(err.message, "%(role: (%w+)%)")
  return role == nil or role == "guests"
end

-- Forgetting it is what makes it once: of the calls that were under way no other finds the session it was made with.
local function lose(self, err)
  self.client:forget()
  log.emit(self.state, "warn", "session.lost", { operation = err.operation, message = err.message })
  if self.onLost then
    self.onLost(self.client, err)
  end
end

---@return integer revision to be given to `after`
function methods:before()
  return self.state.session:revision()
end

---A call has ended.
---@param revision integer of the session when it began
---@param err appwrite.Error?
function methods:after(revision, err)
  local own = self.state.session
  if isLost(err) and own:revision() == revision and (own:has "session" or own:has "cookies") then
    lose(self, err)
  end
  self:sync()
end

---@param own table the transport's session
---@param transport string the transport's name
---@return string? problem
function session.check(own, transport)
  for _, name in ipairs(NEEDED) do
    if type(own[name]) ~= "function" then
      return format('options "store" and "onSessionLost" need a transport whose sessions have the method "%s", and "%s"'
        .. " has none", name, transport)
    end
  end
  return nil
end

---@param client appwrite.Client
---@param state table the client's
---@param given table options of the client, checked, of which one is of this
---@return table keeper
function session.keeper(client, state, given)
  local self = setmetatable({
    client = client, state = state, onLost = given.onSessionLost, told = {},
    store = given.store and store.new(given.store) or nil,
  }, Keeper)
  if self.store then
    open(self)
  end
  return self
end

return session
