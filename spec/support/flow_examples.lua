--- Runs the programs of examples/flows against a sandbox, with somebody at the keyboard who has an authenticator app.

local browser = require "spec.support.browser"
local otp = require "examples.sandbox.spec.otp"
local process = require "spec.support.process"

local format, setmetatable = string.format, setmetatable
local quote = process.quote

local STEP, LATE = 30, 28 -- seconds: how long a code is good, and when it is too late to begin with it

local flowExamples = {
  -- All but oauth2, which wants a browser.
  NAMES = {
    "anonymous_to_account", "email_code", "email_verification", "invitation", "magic_url", "mfa", "password_recovery",
    "phone_code",
  },
}

-- The code for the secret that the program has printed.
local function readCode(said)
  local secret = table.concat(said, "\n"):match "type it into the app: ([A-Z2-7]+)"
  assert(secret, "the program printed no secret")
  while os.time() % STEP >= LATE do
    require("appwrite.tasks").sleep(STEP - os.time() % STEP)
  end
  return otp.code(secret)
end

---Run one in this Lua.
---@param name string
---@param server sandbox.Running
---@param ... string its arguments
---@return string output
function flowExamples.run(name, server, ...)
  local said = {}
  local variables = { APPWRITE_ENDPOINT = server.endpoint, APPWRITE_PROJECT = server.project }
  local env = setmetatable({
    arg = { ... },
    print = function(text) said[#said + 1] = text end,
    io = setmetatable({ read = function() return readCode(said) end }, { __index = io }),
    os = setmetatable({ getenv = function(variable) return variables[variable] end }, { __index = os }),
  }, { __index = _G })
  local path = format("examples/flows/%s.lua", name)
  local chunk
  if setfenv then
    chunk = setfenv(assert(loadfile(path)), env)
  else
    chunk = assert(loadfile(path, "t", env))
  end
  chunk()
  return table.concat(said, "\n")
end

---Run the one for OAuth2, in a process with a browser of its own.
---@param server sandbox.Running
---@return string output
---@return integer status
function flowExamples.runOAuth2(server)
  local directory = browser.install()
  local setup = format("package.path = %q package.cpath = %q", package.path, package.cpath)
  local output, status = process.run(format("PATH=%s:\"$PATH\" APPWRITE_ENDPOINT=%s APPWRITE_PROJECT=%s %s -e %s %s",
    quote(directory), quote(server.endpoint), quote(server.project), quote(process.interpreter()), quote(setup),
    "examples/flows/oauth2.lua"))
  process.removeDirectory(directory)
  return output, status
end

return flowExamples
