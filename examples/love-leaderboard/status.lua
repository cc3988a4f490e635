--- The line at the bottom: who is logged in, whether something is under way, and what went wrong.

-- luacheck: std max+love

local look = require "look"
local online = require "online"

local graphics = love.graphics
local LEFT, Y = 40, 572

local status = {}

local time = 0

---@param dt number
function status.update(dt)
  time = time + dt
end

-- Three dots that light up in turn.
local function drawBusy()
  for index = 0, 2 do
    look.colour(look.gold, 0.3 + 0.7 * math.max(0, math.cos(time * 6 - index)))
    graphics.circle("fill", 16 + index * 7, Y + 9, 2.5)
  end
end

local function drawLight(colour)
  look.glow(22, Y + 9, 14, colour)
  look.colour(colour)
  graphics.circle("fill", 22, Y + 9, 4)
end

local function describe()
  if online.busy then
    return online.user and "Talking to the server …" or "Logging in …", look.dim
  elseif online.problem then
    return look.clean(online.problem, 76), look.rock
  elseif online.user then
    return "Logged in", look.dim
  end
  return "Not logged in", look.dim
end

function status.draw()
  look.colour(look.panel)
  graphics.rectangle("fill", 0, Y - 8, look.WIDTH, look.HEIGHT - Y + 8)
  if online.busy then
    drawBusy()
  else
    drawLight(online.problem and look.rock or online.user and look.green or look.dim)
  end
  local text, colour = describe()
  look.text(text, look.small, Y, colour, "left", LEFT)
  local right
  if online.problem and not online.busy then
    right = "F5  try again"
  elseif online.unsent then
    right = "A score waits to be stored"
  end
  if right then
    look.text(right, look.small, Y, look.white, "right", 0, look.WIDTH - 20)
  end
end

---@param key string
function status.keypressed(key)
  if key == "f5" then
    online.sync()
  end
end

return status
