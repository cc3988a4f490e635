--- A row of buttons, each with its key.

-- luacheck: std max+love

local look = require "look"

local graphics = love.graphics
local WIDTH, HEIGHT, GAP = 200, 46, 20

local Buttons = {}
Buttons.__index = Buttons

local buttons = {}

---@param y number
---@param list { label: string, key: string, action: fun() }[]
---@return table
function buttons.new(y, list)
  local left = (look.WIDTH - #list * WIDTH - (#list - 1) * GAP) / 2
  local self = setmetatable({ y = y, list = list, x = {} }, Buttons)
  for index in ipairs(list) do
    self.x[index] = left + (index - 1) * (WIDTH + GAP)
  end
  return self
end

function Buttons:at(x, y)
  for index, button in ipairs(self.list) do
    if x >= self.x[index] and x < self.x[index] + WIDTH and y >= self.y and y < self.y + HEIGHT then
      return button
    end
  end
end

function Buttons:draw()
  local hot = self:at(love.mouse.getPosition())
  for index, button in ipairs(self.list) do
    local x = self.x[index]
    look.box(x, self.y, WIDTH, HEIGHT)
    if button == hot then
      look.colour(look.edge, 0.5)
      graphics.rectangle("fill", x, self.y, WIDTH, HEIGHT, 12)
    end
    look.text(button.label, look.normal, self.y + 12, look.white, "left", x + 20, WIDTH)
    look.text(button.key, look.small, self.y + 15, look.dim, "right", x, WIDTH - 18)
  end
end

function Buttons:mousepressed(x, y)
  local button = self:at(x, y)
  if button then
    button.action()
  end
end

function Buttons:keypressed(key)
  for _, button in ipairs(self.list) do
    if button.key == key then
      button.action()
      return
    end
  end
end

return buttons
