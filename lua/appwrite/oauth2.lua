--- `client.oauth2:signIn { provider = "github" }`: OAuth2 for programs without a web page of their own.
--
-- The user's browser goes to the provider, and Appwrite sends it back to a port of this machine, with a secret that is
-- changed into a session. While the browser is away, calls and tasks go on.

local Error = require "appwrite.error"
local browser = require "appwrite.browser"
local extension = require "appwrite.extension"
local json = require "appwrite.json"
local loopback = require "appwrite.loopback"
local mask = require "appwrite.mask"
local operations = require "appwrite.operations"
local scheduler = require "appwrite.scheduler"
local tasks = require "appwrite.tasks"
local validate = require "appwrite.validate"

local error, format, gsub, pcall, tostring, type = error, string.format, string.gsub, pcall, tostring, type
local byte, min = string.byte, math.min

local NAME = "oauth2.signIn"
local OPERATION = "account.createOAuth2Token"
local PATIENCE = 300 -- seconds: passwords are looked up, and second factors asked for
local LOOK = 0.05 -- seconds between two looks at the port; a browser waits that long without anybody noticing
local STATE_BYTES = 16
local HOSTS = { "localhost", "127.0.0.1" }

local oauth2 = {}

local function fail(kind, message, fields)
  fields = fields or {}
  return Error.new {
    kind = kind, message = message, type = fields.type, code = fields.code, operation = NAME,
  }
end

local function newState()
  local bytes = require("appwrite.core").random(STATE_BYTES)
  return (gsub(bytes, ".", function(character)
    return format("%02x", byte(character))
  end))
end

-- What came with the redirect for failures: Appwrite's error as JSON. Anything else may stand there too.
local function failure(text)
  local told = json.decode(text)
  if type(told) ~= "table" then
    return fail("protocol", "the sign-in failed, and the redirect does not say why")
  end
  return fail("api", type(told.message) == "string" and mask.text(told.message) or "the sign-in failed", {
    type = type(told.type) == "string" and told.type or nil,
    code = type(told.code) == "number" and told.code or nil,
  })
end

local function await(listener, deadline)
  local fields = listener:step(scheduler.now())
  while not fields do
    local left = deadline - scheduler.now()
    if left <= 0 then
      return nil
    end
    tasks.pauseCall(min(LOOK, left))
    fields = listener:step(scheduler.now())
  end
  return fields
end

local function show(given, url, listener)
  local ok, opened, problem = pcall(given.open or browser.open, url)
  if not ok then
    listener:close()
    error(opened, 0)
  elseif opened == false or opened == nil and problem ~= nil then
    return fail("file", format("no browser could be opened: %s; give `open`, a function that shows the URL to the user",
      tostring(problem or "`open` returned false")), { type = "browser_not_opened" })
  end
  return nil
end

-- The provider's page comes by a call, and not by sending the browser to Appwrite, so that what Appwrite refuses (a
-- provider that is switched off) is this function's error and no page in the browser.
local function begin(client, given, listener)
  local page = format("http://%s:%d/?state=%s", given.host or HOSTS[1], listener.port, listener.state)
  local url, err = client:call(OPERATION, {
    provider = given.provider, scopes = given.scopes, success = page, failure = page,
  })
  return err or show(given, url, listener)
end

local function authorize(client, given, listener)
  local patience = given.timeout or PATIENCE
  local deadline = scheduler.now() + patience
  local err = begin(client, given, listener)
  if err then
    return nil, err
  end
  local fields = await(listener, deadline)
  listener:close()
  if not fields then
    return nil, fail("timeout", format("nobody signed in within %s s", tostring(patience)))
  elseif fields.error then
    return nil, failure(fields.error)
  end
  return client.account.createSessionFromToken { userId = fields.userId, secret = fields.secret }
end

-- However it ends, the port is given back: also where the task is cancelled.
local function run(client, given)
  local listener, problem = loopback.open(newState(), given.socket or loopback.sockets())
  if not listener then
    return nil, fail("network", problem)
  end
  local function close()
    listener:close()
  end
  local keep = tasks.undoIfCut(close)
  local result, err, response = authorize(client, given, listener)
  close()
  if keep then
    keep()
  end
  return result, err, response
end

local function check(given)
  local problem, kind = validate.check(operations.find(OPERATION), {
    provider = given.provider, scopes = given.scopes,
  }, true)
  if problem and kind == validate.MISUSE then
    return problem
  end
  if not given.socket then
    local _
    _, problem = loopback.sockets()
    return problem
  end
  return nil
end

---@class appwrite.OAuth2SignIn
---@field provider string   such as "github"; switched on in the project
---@field scopes string[]?  what to ask of the provider beyond its defaults
---@field open (fun(url: string): boolean?, string?)? shows the URL; default: the game engine's or the system's browser.
---  One that returns false, or nil and a reason, ends the sign-in. It does not wait
---@field timeout number?   seconds for the user to sign in; default 300
---@field host "localhost"|"127.0.0.1"|nil by which Appwrite sends the browser back; the latter must be a platform of
---  the project
---@field socket table?     instead of LuaSocket: what has its tcp4() and tcp6()

---@alias appwrite.SignIn
---| fun(self, given: appwrite.OAuth2SignIn, callback: function?): appwrite.models.Session?, appwrite.Error?

---@class appwrite.OAuth2 functions by a colon (a dot does as well, but editors do not know); with a callback behind the
---table they answer with a task. Beside the session there is the response, as of any call.
---@field signIn appwrite.SignIn

local FUNCTIONS = {
  ---Sign in by way of the user's browser; ends in a session of the client. The browser knows nothing of a session that
  ---the client has: an anonymous user does not become this one, but is left.
  ---Errors beside those of the two calls: of kind "timeout"; "api" with what Appwrite tells of the failure, such as
  ---type "user_oauth2_provider_error" where the user refused; "file" with type "browser_not_opened"; "network" where
  ---no port can be listened on. A task that is cancelled closes the port at once.
  signIn = {
    rules = {
      provider = { type = "string", nonEmpty = true },
      scopes = { type = "table" },
      open = { type = "function" },
      timeout = { type = "number", unit = "seconds" },
      host = { type = "string", enum = HOSTS },
      socket = { type = "table" },
    },
    required = { "provider" },
    check = check,
    run = run,
  },
}

---@param client appwrite.Client
---@return appwrite.OAuth2
function oauth2.of(client)
  return extension.of("oauth2", FUNCTIONS, client)
end

return oauth2
