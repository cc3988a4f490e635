--- Lets specs fork: builds the module of forking.c for the Lua that runs.

local process = require "spec.support.process"

local format = string.format

local forking = {}

local native

local function build()
  local directory = process.directory()
  local package = jit and "luajit" or "lua" .. _VERSION:match "%d+%.%d+"
  local output, status = process.run(format(
    "cc -std=c99 -shared -fPIC $(pkg-config --cflags %s) -o %s/forking.so spec/support/forking.c", package, directory))
  local open, problem
  if status == 0 then
    open, problem = _G.package.loadlib(directory .. "/forking.so", "luaopen_forking")
  end
  process.removeDirectory(directory)
  return (open or error("the specs cannot fork: " .. (problem or output), 0))()
end

---The C module: fork, wait, quit.
---@return table
function forking.native()
  native = native or build()
  return native
end

---Run a function in a forked child, which ends after it without any cleaning up.
---@param run fun() what it raises makes the child fail
---@return fun() join waits for the child's end, and raises where it failed
function forking.child(run)
  local module = forking.native()
  io.stdout:flush()
  io.stderr:flush()
  local id = module.fork()
  if id == 0 then
    local ok, problem = xpcall(run, debug.traceback)
    if not ok then
      io.stderr:write("in the child: ", tostring(problem), "\n")
      io.stderr:flush()
    end
    module.quit(ok and 0 or 1)
  end
  return function()
    local status = module.wait(id)
    if status ~= 0 then
      error("the forked child ended with status " .. status, 2)
    end
  end
end

return forking
