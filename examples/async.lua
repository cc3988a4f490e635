-- Calls that do not stop the program: tasks side by side, callbacks, cancelling, all driven by one poll a frame.

local appwrite = require "appwrite"

local client = appwrite.new {
  endpoint = os.getenv "APPWRITE_ENDPOINT",
  project = os.getenv "APPWRITE_PROJECT" or "sandbox",
}

-- A task: what is called in it waits, and the program goes on.
local task = appwrite.spawn(function()
  appwrite.check(client.account.createAnonymousSession())
  local countries, currencies = appwrite.all {
    function() return appwrite.check(client.locale.listCountries()).total end,
    function() return appwrite.check(client.locale.listCurrencies()).total end,
  }
  appwrite.sleep(0.05)
  return countries, currencies
end)

-- A callback, called by poll.
client.locale.listContinents({}, function(continents, err)
  print("continents:", err or continents.total)
end)

-- What is not wanted any more is cut off.
local unwanted = appwrite.spawn(function()
  return client.locale.listLanguages()
end)
unwanted:cancel()
print("cancelled:", select(2, unwanted:await()).kind)

local frames = 0
while task.status == "running" do -- a game has its own loop, and calls poll without a time
  frames = frames + 1
  appwrite.poll(1 / 60)
end
local countries, currencies = task:await()
print("countries, currencies:", countries, currencies)
print("the program was not stopped:", frames > 1)

-- An error in a task reaches whoever awaits it, with its traceback.
local broken = appwrite.spawn(function() error "the map is upside down" end)
print("failed:", (tostring(select(2, pcall(broken.await, broken))):match "^[^\n]*"))
