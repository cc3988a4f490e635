--- Runs a LÖVE game in the real `love`, on a display that nobody sees, played by love_driver.lua.

local cjson = require "cjson"
local lfs = require "lfs"
local process = require "spec.support.process"

local format = string.format
local quote = process.quote

local ROOT = lfs.currentdir()
local LIMIT = 60 -- seconds for one game; the driver gives up before that
local HOOK = '\nrequire "love_driver"\n'

local love = { ROOT = ROOT }

---Run a shell command; raises where it fails.
---@param command string
---@return string output
function love.shell(command)
  local output, status = process.run(command)
  if status ~= 0 then
    error(format("this failed (%d): %s\n%s", status, command, output), 2)
  end
  return output
end

local shell = love.shell

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local function append(path, text)
  local file = assert(io.open(path, "ab"))
  assert(file:write(text))
  assert(file:close())
end

---Build the module for LuaJIT, which LÖVE runs on.
function love.build()
  process.need("love", "love")
  process.need("Xvfb", "xvfb")
  shell(format("root=%s; . ./examples/setup.sh; build jit", quote(ROOT)))
end

---A copy of a game that the driver plays.
---@param game string its folder
---@param directory string the copy's parent
---@return string path
function love.copy(game, directory)
  local path = directory .. "/game"
  shell(format("cp -r %s %s", quote(game), quote(path)))
  append(path .. "/main.lua", HOOK)
  return path
end

---A game as its README says to ship it: runs the commands there, and puts the driver into the .love.
---@param folder string the game's, with its README.md
---@param directory string in which it is made
---@return string path of the .love
function love.ship(folder, directory)
  process.need("zip", "zip")
  local commands = read(folder .. "/README.md"):match "\n## Ship it\n.-\n```sh\nout=[^\n]*\n(.-)\n```"
  local out = directory .. "/shipped"
  shell(format("set -e; out=%s\n%s", quote(out), assert(commands, "the README does not say how to ship it")))
  local game = assert(shell(format("ls %s/*.love", quote(out))):match "%S+")
  shell(format("cp %s/main.lua spec/support/love_driver.lua spec/support/love_stories.lua %s", quote(folder),
    quote(directory)))
  append(directory .. "/main.lua", HOOK)
  shell(format("cd %s && zip -q %s main.lua love_driver.lua love_stories.lua", quote(directory), quote(game)))
  return game
end

---The library as examples/run gives it to a game.
---@return table<string, string> environment
function love.checkout()
  return {
    LUA_PATH = format("%s/lua/?.lua;%s/spec/support/?.lua;;", ROOT, ROOT),
    LUA_CPATH = ROOT .. "/build/lua-jit/?.so;;",
  }
end

local function assignments(...)
  local words = {}
  for _, environment in ipairs { ... } do
    for name, value in pairs(environment) do
      words[#words + 1] = quote(name .. "=" .. value)
    end
  end
  return table.concat(words, " ")
end

---Play a game to its end.
---@param game string path of the folder or the .love
---@param story string one of love_stories.lua
---@param directory string where the report and the screenshots go
---@param environment table<string, string>
---@return table report raises where the game failed
function love.play(game, story, directory, environment)
  local own = {
    SDL_AUDIODRIVER = "dummy", LIBGL_ALWAYS_SOFTWARE = "1", XDG_DATA_HOME = directory .. "/data",
    LOVE_STORY = story, LOVE_OUT = directory,
  }
  local output, status = process.run(format("cd %s && env %s sh %s/spec/support/display.sh timeout -k 5 %d love %s",
    quote(directory), assignments(own, environment), quote(ROOT), LIMIT, quote(game)))
  local report = lfs.attributes(directory .. "/report.json") and cjson.decode(read(directory .. "/report.json"))
  if status ~= 0 or not report or report.error then
    error(format("the game ended with status %d: %s\n%s", status, report and report.error or "no report", output), 2)
  end
  report.output = output
  return report
end

return love
