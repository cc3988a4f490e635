-- What one of many Lua states of a process does (states.c): a client of its own, blocking calls and tasks in turn, each
-- answer checked for being this state's own. `leave` calls are still under way when the state is closed.

local appwrite = require "appwrite"

local number, calls, leave = ...

local SIDE_BY_SIDE = 10

-- The client's locale goes along with each call and decides the answer.
local LOCALES = {
  { "de", "Deutschland" }, { "fr", "Allemagne" }, { "es", "Alemania" }, { "pl", "Niemcy" },
}

local locale, germany = LOCALES[number][1], LOCALES[number][2]

local client = appwrite.new {
  endpoint = os.getenv "APPWRITE_ENDPOINT", project = os.getenv "APPWRITE_PROJECT", locale = locale,
}

local function ask()
  for _, country in ipairs(assert(client.locale.getEUCountries()).countries) do
    if country.code == "DE" then
      assert(country.name == germany, country.name)
      return 1
    end
  end
  error "no Germany"
end

local done = 0
while done < calls do
  done = done + ask()
  local group = {}
  for index = 1, math.min(SIDE_BY_SIDE, calls - done) do
    group[index] = ask
  end
  for _, one in ipairs { appwrite.all(group) } do
    done = done + one
  end
end

for _ = 1, leave do
  appwrite.spawn(ask)
end
appwrite.poll()

return done
