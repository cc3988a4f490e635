--- The ten best, the player's own among or below them.

-- luacheck: std max+love

local buttons = require "buttons"
local look = require "look"
local online = require "online"

local graphics = love.graphics
local LEFT, TOP, WIDTH, LINE = 150, 116, 500, 30

local scores = {}

local show, row, last

---@param showScreen fun(name: string, ...)
---@param points integer? of the game that has just ended
---@param level integer?
function scores.enter(showScreen, points, level)
  show = showScreen
  last = points
  row = row or buttons.new(496, {
    { label = "Play again", key = "return", action = function() show "play" end },
    { label = "Menu", key = "escape", action = function() show "menu" end },
  })
  if points and points > 0 then
    online.submit(points, level)
  else
    online.sync()
  end
end

local function drawRow(y, rank, document, own)
  local colour = own and look.gold or look.white
  if own then
    look.colour(look.gold, 0.16)
    graphics.rectangle("fill", LEFT + 8, y - 4, WIDTH - 16, LINE - 3, 6)
  end
  look.text(rank .. ".", look.normal, y, colour, "right", LEFT, 56)
  look.text(look.clean(document.player, 16), look.normal, y, colour, "left", LEFT + 76)
  look.text("level " .. look.clean(document.level, 4), look.small, y + 3, look.dim, "right", LEFT + 250, 110)
  look.text(look.clean(document.points, 12), look.normal, y, colour, "right", LEFT, WIDTH - 28)
end

local function drawList()
  local own = false
  for index, document in ipairs(online.rows) do
    local isMine = document["$id"] == online.user
    drawRow(TOP + 14 + (index - 1) * LINE, index, document, isMine)
    own = own or isMine
  end
  if not own and online.mine then
    drawRow(TOP + 22 + #online.rows * LINE, online.mine.rank, online.mine, true)
  end
  if #online.rows == 0 then
    look.text("Nobody has played yet.", look.normal, TOP + 40, look.dim)
  end
end

function scores.draw()
  look.text(last and ("You have %d points"):format(last) or "Best players", look.large, 52, look.white)
  look.box(LEFT, TOP, WIDTH, 362)
  if online.rows then
    drawList()
  elseif not online.busy then
    look.text("The list is not here yet.", look.normal, TOP + 40, look.dim)
  end
  row:draw()
end

function scores.keypressed(key)
  row:keypressed(key)
end

function scores.mousepressed(x, y)
  row:mousepressed(x, y)
end

return scores
