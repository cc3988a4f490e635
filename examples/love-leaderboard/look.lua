--- Colours, fonts and shapes that all screens share.

-- luacheck: std max+love

local utf8 = require "utf8"

local graphics = love.graphics
local cos, pi, sin = math.cos, math.pi, math.sin

local look = {
  WIDTH = 800,
  HEIGHT = 600,

  white = { 0.94, 0.95, 1 },
  dim = { 0.62, 0.67, 0.85 },
  gold = { 1, 0.83, 0.35 },
  rock = { 0.93, 0.42, 0.38 },
  green = { 0.5, 0.9, 0.65 },
  panel = { 0.05, 0.06, 0.16, 0.86 },
  edge = { 0.4, 0.47, 0.8, 0.55 },

  huge = graphics.newFont(58),
  large = graphics.newFont(28),
  normal = graphics.newFont(18),
  small = graphics.newFont(14),
}

-- A shape around its centre, in which one colour becomes another. LÖVE draws lines with smooth edges, which a mesh has
-- not: so there is an outline too. `radiusOf(index)` is that of a corner, 1 at most.
local function newShape(count, radiusOf, centreColour, rimColour)
  local vertices, outline = { { 0, 0, 0, 0, unpack(centreColour) } }, {}
  for index = 0, count do
    local angle, radius = index / count * 2 * pi - pi / 2, radiusOf(index % count)
    local x, y = cos(angle) * radius, sin(angle) * radius
    vertices[index + 2] = { x, y, 0, 0, unpack(rimColour) }
    if index < count then
      outline[2 * index + 1], outline[2 * index + 2] = x, y
    end
  end
  return { mesh = graphics.newMesh(vertices, "fan"), outline = outline, colour = rimColour }
end

local function roundRadius()
  return 1
end

local function starRadius(index)
  return index % 2 == 0 and 1 or 0.52
end

local function stoneRadius(index)
  return index % 3 == 0 and 0.82 or 1
end

local glow = newShape(48, roundRadius, { 1, 1, 1, 0.38 }, { 1, 1, 1, 0 })
local moon = newShape(64, roundRadius, { 1, 0.98, 0.9 }, { 0.98, 0.91, 0.74 })
local star = newShape(10, starRadius, { 1, 1, 0.92 }, { 1, 0.76, 0.22 })
local stone = newShape(9, stoneRadius, { 0.95, 0.55, 0.5 }, { 0.5, 0.22, 0.24 })

local function drawShape(shape, x, y, radius, angle)
  graphics.setColor(1, 1, 1)
  graphics.draw(shape.mesh, x, y, angle, radius, radius)
  graphics.push()
  graphics.translate(x, y)
  graphics.rotate(angle)
  graphics.scale(radius)
  graphics.setLineWidth(2 / radius)
  graphics.setColor(shape.colour)
  graphics.polygon("line", shape.outline)
  graphics.pop()
  graphics.setLineWidth(1)
end

---@param colour number[]
---@param alpha number? on top of the colour's own
function look.colour(colour, alpha)
  graphics.setColor(colour[1], colour[2], colour[3], (colour[4] or 1) * (alpha or 1))
end

---@param colour number[]
function look.glow(x, y, radius, colour)
  graphics.setBlendMode "add"
  look.colour(colour)
  graphics.draw(glow.mesh, x, y, 0, radius, radius)
  graphics.setBlendMode "alpha"
end

function look.star(x, y, radius, angle)
  look.glow(x, y, radius * 2.2, look.gold)
  drawShape(star, x, y, radius, angle)
end

function look.stone(x, y, radius, angle)
  look.glow(x, y, radius * 2, look.rock)
  drawShape(stone, x, y, radius, angle)
end

function look.moon(x, y, radius)
  look.glow(x, y, radius * 3.2, look.white)
  drawShape(moon, x, y, radius, 0)
end

---@param font love.Font
---@param colour number[]
---@param align "left"|"center"|"right"|nil centred by default
---@param x number?  of the left side, 0 by default
---@param width number? to the right side, the window's by default
---@param alpha number?
function look.text(text, font, y, colour, align, x, width, alpha)
  look.colour(colour, alpha)
  graphics.setFont(font)
  graphics.printf(text, x or 0, y, width or look.WIDTH, align or "center")
end

function look.box(x, y, width, height)
  look.colour(look.panel)
  graphics.rectangle("fill", x, y, width, height, 12)
  look.colour(look.edge)
  graphics.rectangle("line", x, y, width, height, 12)
end

---Text from elsewhere, fit to be drawn in one line: LÖVE raises where a text is not UTF-8.
---@param text any
---@param longest integer characters
---@return string
function look.clean(text, longest)
  text = tostring(text):gsub("%c+", " ")
  local count = utf8.len(text)
  if not count then
    return "?"
  elseif count > longest then
    return text:sub(1, utf8.offset(text, longest) - 1) .. "…"
  end
  return text
end

return look
