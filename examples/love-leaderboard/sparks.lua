--- What flies up from the basket: sparks, and the points in figures.

-- luacheck: std max+love

local look = require "look"

local graphics, random = love.graphics, love.math.random
local GRAVITY = 500 -- pixels a second, each second

local sparks = {}

local list = {}

function sparks.clear()
  list = {}
end

---@param colour number[]
---@param text string
function sparks.burst(x, y, colour, text)
  table.insert(list, { x = x, y = y - 26, dx = 0, dy = -130, weight = 0, life = 0.7, colour = colour, text = text })
  for _ = 1, 14 do
    table.insert(list, {
      x = x, y = y, dx = random(-160, 160), dy = -random(60, 280), weight = GRAVITY, life = 0.4 + random() * 0.4,
      colour = colour, radius = 1 + random() * 2.4,
    })
  end
end

function sparks.update(dt)
  for index = #list, 1, -1 do
    local one = list[index]
    one.life = one.life - dt
    one.dy = one.dy + one.weight * dt
    one.x, one.y = one.x + one.dx * dt, one.y + one.dy * dt
    if one.life <= 0 then
      table.remove(list, index)
    end
  end
end

function sparks.draw()
  for _, one in ipairs(list) do
    local alpha = math.min(1, one.life * 2)
    if one.text then
      look.text(one.text, look.large, one.y - 16, one.colour, "center", one.x - 60, 120, alpha)
    else
      look.colour(one.colour, alpha)
      graphics.circle("fill", one.x, one.y, one.radius)
    end
  end
end

return sparks
