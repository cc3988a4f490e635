--- Plays a LÖVE game from the inside: a line `require "love_driver"` at the end of the game's main.lua starts it.
--
-- A story (love_stories.lua) is a coroutine that runs a piece before each frame, puts events into LÖVE's queue as the
-- system would, and looks at what the frame before has drawn. When it ends, a report is written and the game quits.
-- From the environment: LOVE_STORY names the story, LOVE_OUT is a directory for the report and the screenshots.

-- luacheck: std max+love

local cjson = require "cjson"
local engine = require "appwrite.engine"

local graphics = love.graphics
local OUT = assert(os.getenv "LOVE_OUT", "LOVE_OUT is not set")
local PATIENCE = 20 -- seconds; nothing takes as long unless it hangs

local driver = { speed = 1 } -- how many updates a frame: the story is told faster, the frames stay what they are

local texts, colours = {}, {}
local frames = { count = 0, underWay = 0, longest = 0, longestUnderWay = 0 }
local skip = false -- a frame that made a screenshot is no measure
local report = { frames = frames }

local function write(name, bytes)
  local file = assert(io.open(OUT .. "/" .. name, "wb"))
  assert(file:write(bytes))
  assert(file:close())
end

-- What a story uses ---------------------------------------------------------------------------------------------------

---Until the test is true; looked at once a frame.
---@param what string for the message where it never is
---@param test fun(): any
function driver.wait(what, test)
  local deadline = love.timer.getTime() + PATIENCE
  while not test() do
    if love.timer.getTime() > deadline then
      error("waited in vain for " .. what .. "; the last frame says: " .. table.concat(texts, " | "), 2)
    end
    coroutine.yield()
  end
end

---@param count integer frames
function driver.pass(count)
  for _ = 1, count do
    coroutine.yield()
  end
end

---@param text string
---@return boolean whether the last frame had a text that holds this one
function driver.seen(text)
  for _, drawn in ipairs(texts) do
    if drawn:find(text, 1, true) then
      return true
    end
  end
  return false
end

---@param text string
function driver.await(text)
  driver.wait(('"%s" on the screen'):format(text), function() return driver.seen(text) end)
end

---@param name string LÖVE's name of the key
function driver.key(name)
  love.event.push("keypressed", name, name, false)
  love.event.push("keyreleased", name, name)
  driver.pass(1)
end

---@param text string
function driver.type(text)
  love.event.push("textinput", text)
  driver.pass(1)
end

---@param x number
---@param y number
function driver.move(x, y)
  love.event.push("mousemoved", x, y, 0, 0, false)
end

---@param name string of the file, without extension
function driver.screenshot(name)
  local done = false
  skip = true
  graphics.captureScreenshot(function(image)
    write(name .. ".png", image:encode("png"):getString())
    done = true
  end)
  driver.wait("the screenshot " .. name, function() return done end)
  skip = false
end

---@param name string
---@param value any for the spec, as JSON
function driver.note(name, value)
  report[name] = value
end

---Keep for the spec what the last frame has written, and in which colours.
function driver.noteTexts()
  report.texts, report.colours = texts, colours
end

-- In place of LÖVE's own ----------------------------------------------------------------------------------------------

for _, name in ipairs { "print", "printf" } do
  local draw = graphics[name]
  rawset(graphics, name, function(text, ...)
    texts[#texts + 1] = tostring(text)
    colours[#texts] = ("%.2f %.2f %.2f"):format(graphics.getColor())
    return draw(text, ...)
  end)
end

local update = love.update
function love.update(dt)
  for _ = 1, driver.speed do
    update(dt)
  end
end

function love.errorhandler(message)
  report.error = debug.traceback(tostring(message), 2)
  write("report.json", cjson.encode(report))
  return function()
    return 1
  end
end

local function record(seconds, underWay)
  frames.count = frames.count + 1
  frames.longest = math.max(frames.longest, seconds)
  if underWay then
    frames.underWay = frames.underWay + 1
    frames.longestUnderWay = math.max(frames.longestUnderWay, seconds)
  end
end

local function go(story)
  local ok, message = coroutine.resume(story)
  if not ok then
    error(debug.traceback(story, message), 0)
  end
  if coroutine.status(story) == "dead" then
    write("report.json", cjson.encode(report))
    love.event.quit(0)
  end
end

local run = love.run
function love.run()
  local frame = run()
  local name = assert(os.getenv "LOVE_STORY", "LOVE_STORY is not set")
  local tell = require("love_stories")[name]
  local story = coroutine.create(function()
    tell(driver)
  end)
  return function()
    if coroutine.status(story) ~= "dead" then
      go(story)
    end
    texts, colours = {}, {}
    local underWay, begin = #engine.active() > 0, love.timer.getTime()
    local result = frame()
    if not skip then
      record(love.timer.getTime() - begin, underWay or #engine.active() > 0)
    end
    return result
  end
end

return driver
