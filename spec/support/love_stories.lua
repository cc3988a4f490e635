--- What love_driver.lua does in the leaderboard example, as a player would. The game's modules are read only.

-- luacheck: std max+love

local http = require "socket.http" -- LÖVE brings LuaSocket
local ltn12 = require "ltn12"

local online = require "online"
local play = require "play"

local stories = {}

local FAST = 16 -- a game of 20 seconds in little more than one

-- The server between the game and the sandbox goes away and comes back when told so.
local function control(what)
  assert(http.request(assert(os.getenv "LOVE_CONTROL", "LOVE_CONTROL is not set") .. what) == "done")
end

-- Somebody else stores a score, by way of the API.
local function addScore(player, points)
  local body = ('{"documentId":"unique()","data":{"player":"%s","level":9,"points":%d}}'):format(player, points)
  local _, status = http.request {
    method = "POST", url = os.getenv "APPWRITE_ENDPOINT" .. "/databases/main/collections/scores/documents",
    source = ltn12.source.string(body),
    headers = {
      ["X-Appwrite-Project"] = os.getenv "APPWRITE_PROJECT", ["X-Appwrite-Key"] = "sandbox-key",
      ["Content-Type"] = "application/json", ["Content-Length"] = #body,
    },
  }
  assert(status == 201, status)
end

-- Moves the basket to the star that arrives next.
local function follow(driver)
  local next
  for _, thing in ipairs(play.falling) do
    if not thing.stone and thing.y < 495 and (not next or thing.y > next.y) then
      next = thing
    end
  end
  if next then
    driver.move(next.x, next.y)
  end
end

local function logIn(driver, name)
  driver.await "Falling Stars"
  driver.type(name)
  driver.key "return"
  driver.await "Level 1"
end

local function playOn(driver)
  driver.wait("the end of the game", function()
    follow(driver)
    return driver.seen "You have"
  end)
end

function stories.leaderboard(driver)
  driver.await "Your name"
  driver.key "return" -- refused: there is no name yet
  driver.await "A name first"
  driver.type "Adaß"
  driver.key "backspace"
  driver.pass(1)
  driver.screenshot "menu"
  driver.key "return"
  driver.await "Logging in"
  driver.speed = 4
  driver.wait("a chain", function()
    follow(driver)
    return driver.seen "chain ×5"
  end)
  driver.speed = 1
  driver.screenshot "play"
  driver.speed = FAST
  playOn(driver)
  driver.note("submitted", online.unsent)
  driver.await "Logged in"
  driver.speed = 1
  driver.screenshot "scores"
  driver.noteTexts()
  addScore("Zoe", 3000000)
  driver.await "Zoe"
  driver.note("user", online.user)
end

function stories.away(driver)
  logIn(driver, "Bob")
  driver.await "Logged in"
  control "/away"
  driver.speed = FAST
  playOn(driver)
  driver.await "The server is away"
  driver.speed = 1
  driver.screenshot "away"
  driver.note("unsent", online.unsent)
  driver.key "return"
  driver.await "Level 1"
  driver.wait("a star well into its fall", function()
    return play.falling[1] and play.falling[1].y > 100
  end)
  driver.note("playsOn", driver.seen "The server is away")
  driver.key "escape"
  control "/back"
  driver.key "f5"
  driver.await "Logged in"
  driver.key "tab"
  driver.await "Best players"
  driver.wait("the list", function() return not online.busy end)
  driver.pass(1)
  driver.screenshot "back"
  driver.noteTexts()
  driver.note("user", online.user)
  driver.note("left", online.unsent or false)
end

function stories.shipped(driver)
  logIn(driver, "Dora")
  driver.speed = FAST
  playOn(driver)
  driver.await "Logged in"
  driver.note("user", online.user)
end

-- A server that takes no connection and refuses none, and a player who leaves while a call waits for it.
function stories.deaf(driver)
  logIn(driver, "Cleo")
  driver.speed = FAST
  playOn(driver)
  driver.await "The server is away"
  driver.noteTexts()
  driver.speed = 1
  driver.key "f5"
  driver.await "Logging in"
  driver.note("leftBusy", online.busy)
end

return stories
