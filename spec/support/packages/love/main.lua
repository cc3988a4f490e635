-- luacheck: std max+love
-- A game that has nothing but what the package for LÖVE put into its folder.
package.path, package.cpath = "", ""

function love.load()
  local ok, problem = pcall(require, "first")
  print(ok and "the game ran" or problem)
  love.event.quit(ok and 0 or 1)
end

function love.errorhandler(message)
  print(message)
  return function()
    return 1
  end
end
