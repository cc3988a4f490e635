-- Falling Stars: twenty seconds to catch what falls, and a list of the best players on an Appwrite server.
--
--   examples/run love-leaderboard
--
-- This file hands LÖVE's events to the screen that is shown. What concerns the server is in online.lua; of that only
-- one line is needed here, in love.update.

-- luacheck: std max+love

-- Where a player finds the C modules of a shipped game: beside the .love, since none can be loaded from inside it.
local extension = jit.os == "Windows" and "dll" or "so"
package.cpath = love.filesystem.getSourceBaseDirectory() .. "/?." .. extension .. ";" .. package.cpath

local appwrite = require "appwrite"
local sky = require "sky"
local status = require "status"

local screens = { menu = require "menu", play = require "play", scores = require "scores" }
local LONGEST_STEP = 1 / 20 -- seconds: after a hitch the game is slow for a moment, rather than stars jump

local screen

local function show(name, ...)
  screen = screens[name]
  screen.enter(show, ...)
end

-- A mistake in a task is to be seen as any other: on LÖVE's error screen.
appwrite.onError(function(message)
  error(message, 0)
end)

function love.load()
  love.keyboard.setKeyRepeat(true)
  show "menu"
end

function love.update(dt)
  appwrite.poll()
  dt = math.min(dt, LONGEST_STEP)
  sky.update(dt)
  status.update(dt)
  if screen.update then
    screen.update(dt)
  end
end

function love.draw()
  sky.draw()
  screen.draw()
  status.draw()
end

local function forward(event)
  love[event] = function(...)
    for _, receiver in ipairs { status, screen } do
      if receiver[event] then
        receiver[event](...)
      end
    end
  end
end

for _, event in ipairs { "keypressed", "keyreleased", "textinput", "mousemoved", "mousepressed" } do
  forward(event)
end
