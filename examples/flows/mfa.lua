-- A second factor: an authenticator app is added by its QR code, and asked for at the next login.
--
--   examples/run flows/mfa [ADDRESS]
--
-- Have an authenticator app at hand, on your phone or on this machine, and type its codes. The second login takes a
-- recovery code instead, as somebody does whose phone is lost.

local appwrite = require "appwrite"

local endpoint = assert(os.getenv "APPWRITE_ENDPOINT", "start this with examples/run, which starts a server for it")
local project = os.getenv "APPWRITE_PROJECT"
local client = appwrite.new { endpoint = endpoint, project = project }
local email = arg[1] or appwrite.ID.unique() .. "@example.com"

local function askForCode(problem)
  print(problem and problem.message or "The code that the app shows:")
  return io.read()
end

assert(client.account.registerUser { userId = appwrite.ID.unique(), email = email, password = "correct horse" })
assert(client.account.createEmailPasswordSession { email = email, password = "correct horse" })

local added = assert(client.flows:addAuthenticatorApp {
  ask = function(app, problem)
    if not problem then
      print(app.qr)
      print("Scan this, or type it into the app: " .. app.secret)
    end
    return askForCode(problem)
  end,
})
print("Keep these: " .. table.concat(added.recoveryCodes, " "))

-- The next login alone is not enough: other calls say so, and `completeMfa` makes good for it.
local function logIn(given)
  local who = appwrite.new { endpoint = endpoint, project = project }
  assert(who.account.createEmailPasswordSession { email = email, password = "correct horse" })
  local user, err = who.account.getCurrentUser()
  if err and err.type == "user_more_factors_required" then
    assert(who.flows:completeMfa(given))
    user = assert(who.account.getCurrentUser())
  end
  print("logged in:  " .. user.email)
end

logIn { ask = function(_, problem) return askForCode(problem) end }
logIn { factor = "recoverycode", ask = function() return added.recoveryCodes[1] end }
