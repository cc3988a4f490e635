--- The night behind everything.

-- luacheck: std max+love

local look = require "look"

local graphics, random = love.graphics, love.math.random
local WIDTH, HEIGHT = look.WIDTH, look.HEIGHT

local sky = {}

local time = 0
local lights = {}
for index = 1, 90 do
  lights[index] = {
    x = random(WIDTH), y = random(HEIGHT - 120), size = 0.6 + random() * 1.3,
    phase = random() * 6, pace = 0.5 + random() * 2,
  }
end

local night = graphics.newMesh({
  { 0, 0, 0, 0, 0.03, 0.03, 0.12 },
  { WIDTH, 0, 0, 0, 0.03, 0.03, 0.12 },
  { WIDTH, HEIGHT, 0, 0, 0.33, 0.22, 0.46 },
  { 0, HEIGHT, 0, 0, 0.33, 0.22, 0.46 },
}, "fan")

-- A strip from the hills' outline down to the window's lower edge.
local function newHills(base, height, length, shift, colour)
  local vertices = {}
  for x = 0, WIDTH, 10 do
    local wave = math.sin(x / length + shift) + 0.4 * math.sin(x / length * 2.7 + shift)
    vertices[#vertices + 1] = { x, base - height * wave, 0, 0, unpack(colour) }
    vertices[#vertices + 1] = { x, HEIGHT, 0, 0, unpack(colour) }
  end
  return graphics.newMesh(vertices, "strip")
end

local far = newHills(525, 20, 110, 1, { 0.16, 0.13, 0.3 })
local near = newHills(560, 12, 70, 4, { 0.08, 0.07, 0.18 })

---@param dt number
function sky.update(dt)
  time = time + dt
end

function sky.draw()
  graphics.setColor(1, 1, 1)
  graphics.draw(night)
  for _, light in ipairs(lights) do
    graphics.setColor(0.9, 0.92, 1, 0.45 + 0.4 * math.sin(light.phase + time * light.pace))
    graphics.circle("fill", light.x, light.y, light.size)
  end
  look.moon(690, 95, 34)
  graphics.setColor(1, 1, 1)
  graphics.draw(far)
  graphics.draw(near)
end

return sky
