--- The first screen: the player's name, and where to go.

-- luacheck: std max+love

local utf8 = require "utf8"

local buttons = require "buttons"
local look = require "look"
local online = require "online"

local LONGEST_NAME = 16 -- characters

local menu = {}

local show, row
local name = ""
local time = 0
local hint

-- Goes on at once: the login is under way while the player plays already.
local function start(screen)
  if not name:find "%S" then
    hint = "A name first: it will stand in the list."
    return
  end
  online.logIn(name)
  show(screen)
end

---@param showScreen fun(name: string, ...)
function menu.enter(showScreen)
  show, hint = showScreen, nil
  row = row or buttons.new(430, {
    { label = "Play", key = "return", action = function() start "play" end },
    { label = "Best players", key = "tab", action = function() start "scores" end },
  })
end

function menu.update(dt)
  time = time + dt
end

function menu.draw()
  look.star(400, 110, 46, time * 0.5)
  look.text("Falling Stars", look.huge, 165, look.white)
  look.text("Twenty seconds. Catch the stars, let the stones pass.", look.normal, 240, look.dim)
  look.box(250, 310, 300, 56)
  local named = name ~= ""
  look.text(named and name or "Your name", look.large, 320, named and look.white or look.dim)
  if time % 1 < 0.5 then
    look.text("|", look.large, 319, look.gold, "left", 402 + (named and look.large:getWidth(name) / 2 or -140))
  end
  look.text(hint or "", look.small, 378, look.gold)
  row:draw()
end

function menu.textinput(text)
  if utf8.len(name .. text) <= LONGEST_NAME then
    name, hint = name .. text, nil
  end
end

function menu.keypressed(key)
  if key == "backspace" and name ~= "" then
    name = name:sub(1, utf8.offset(name, -1) - 1)
  elseif key == "escape" then
    love.event.quit()
  else
    row:keypressed(key)
  end
end

function menu.mousepressed(x, y)
  row:mousepressed(x, y)
end

return menu
