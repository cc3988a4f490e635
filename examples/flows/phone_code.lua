-- Logging in by a code that comes as a text message.
--
--   examples/run flows/phone_code [NUMBER]
--
-- The code comes from the mailbox of the local server; in your program `ask` asks the user for it. The same with a
-- callback, as a game does it: nothing waits, and `appwrite.poll` moves it on.

local appwrite = require "appwrite"

local endpoint = assert(os.getenv "APPWRITE_ENDPOINT", "start this with examples/run, which starts a server for it")
local project = os.getenv "APPWRITE_PROJECT"
local client = appwrite.new { endpoint = endpoint, project = project }
local mailbox = appwrite.new { endpoint = endpoint:gsub("/v1$", "/sandbox"), project = project }
local phone = arg[1] or ("+49%010d"):format(math.random(0, 999999999))

local done = false
client.flows:phoneCode({
  phone = phone,
  ask = function()
    appwrite.sleep(0.1) -- in a task `ask` may wait, such as for a text field
    local mails = assert(mailbox:call { path = "/mails", query = { to = phone } }).mails
    return mails[#mails].secret
  end,
}, function(session, err)
  print(session and "logged in:  " .. session.userId or tostring(err))
  done = true
end)

local frames = 0
while not done do -- your game's loop
  frames = frames + 1
  appwrite.poll(1 / 60)
end
assert(frames > 0)
print("number:     " .. assert(client.account.getCurrentUser()).phone)
