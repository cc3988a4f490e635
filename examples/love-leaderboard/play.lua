--- The game itself: it knows nothing of any server.

-- luacheck: std max+love

local look = require "look"
local sparks = require "sparks"

local graphics, random = love.graphics, love.math.random
local abs, floor, max, min = math.abs, math.floor, math.max, math.min

local DURATION = 20 -- seconds
local CATCH_Y, REACH = 495, 62 -- where the basket's rim is, and how far it reaches to each side
local SPEED = 720 -- pixels a second, with the keys
local STAR, STONE = 10, -30 -- points
local PER_LEVEL = 6 -- stars to the next level, where they fall faster
local LONGEST_CHAIN = 5

local play = {
  falling = {}, ---@type { x: number, y: number, radius: number, speed: number, turn: number, stone: boolean }[]
}

local show
local x, left, untilNext, points, caught, chain
local held = {}

local function level()
  return 1 + floor(caught / PER_LEVEL)
end

---@param showScreen fun(name: string, ...)
function play.enter(showScreen)
  show = showScreen
  x, left, untilNext, points, caught, chain = look.WIDTH / 2, DURATION, 0, 0, 0, 0
  play.falling, held = {}, {}
  sparks.clear()
end

local function drop()
  local stone = random() < 0.18
  table.insert(play.falling, {
    x = random(50, look.WIDTH - 50), y = -40, stone = stone,
    radius = stone and 19 or random(15, 22),
    speed = 190 + 28 * level() + random(90),
    turn = random(-2, 2),
  })
end

local function catch(thing)
  if thing.stone then
    chain = 0
    points = max(0, points + STONE)
    sparks.burst(thing.x, CATCH_Y, look.rock, tostring(STONE))
    return
  end
  chain, caught = min(chain + 1, LONGEST_CHAIN), caught + 1
  points = points + STAR * chain
  sparks.burst(thing.x, CATCH_Y, look.gold, "+" .. STAR * chain)
end

local function fall(dt)
  for index = #play.falling, 1, -1 do
    local thing = play.falling[index]
    local before = thing.y
    thing.y = before + thing.speed * dt
    if before < CATCH_Y and thing.y >= CATCH_Y and abs(thing.x - x) < REACH then
      catch(thing)
      table.remove(play.falling, index)
    elseif thing.y > look.HEIGHT + 40 then
      chain = thing.stone and chain or 0
      table.remove(play.falling, index)
    end
  end
end

function play.update(dt)
  left = left - dt
  if left <= 0 then
    show("scores", points, level())
    return
  end
  untilNext = untilNext - dt
  if untilNext <= 0 then
    drop()
    untilNext = max(0.22, 0.6 - 0.04 * level())
  end
  local way = (held.right and 1 or 0) - (held.left and 1 or 0)
  x = max(REACH, min(look.WIDTH - REACH, x + way * SPEED * dt))
  fall(dt)
  sparks.update(dt)
end

local function drawBasket()
  look.glow(x, CATCH_Y + 14, 110, look.gold)
  graphics.setColor(0.55, 0.36, 0.22)
  for _, mode in ipairs { "fill", "line" } do
    graphics.arc(mode, "closed", x, CATCH_Y + 6, REACH - 4, 0, math.pi)
  end
  graphics.setColor(0.36, 0.22, 0.15, 0.8)
  for offset = -40, 40, 20 do
    graphics.line(x + offset, CATCH_Y + 8, x + offset * 0.55, CATCH_Y + 50 - abs(offset) * 0.25)
  end
  graphics.setColor(0.82, 0.6, 0.36)
  graphics.rectangle("fill", x - REACH, CATCH_Y - 4, 2 * REACH, 12, 6)
end

function play.draw()
  for _, thing in ipairs(play.falling) do
    local angle = thing.turn * thing.y / 90
    if thing.stone then
      look.stone(thing.x, thing.y, thing.radius, angle)
    else
      look.star(thing.x, thing.y, thing.radius, angle)
    end
  end
  drawBasket()
  sparks.draw()
  look.text(tostring(points), look.huge, 18, look.white, "left", 24)
  look.text("Level " .. level() .. (chain > 1 and "   chain ×" .. chain or ""), look.normal, 88, look.dim, "left", 26)
  look.colour(look.panel)
  graphics.rectangle("fill", 250, 30, 300, 12, 6)
  look.colour(left > 5 and look.gold or look.rock)
  graphics.rectangle("fill", 250, 30, max(12, 300 * left / DURATION), 12, 6)
end

function play.mousemoved(mouseX)
  x = max(REACH, min(look.WIDTH - REACH, mouseX))
end

function play.keypressed(key)
  if key == "escape" then
    show "menu"
  end
  held[key] = true
end

function play.keyreleased(key)
  held[key] = nil
end

return play
