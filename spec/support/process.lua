--- Servers as processes of their own, started and ended by a spec.
--
-- Nothing is waited for by the clock. A server says one line on its standard output when it is ready ("ready", then
-- its ports); it ends when the connection that is then made to the first of these ports ends. So it cannot outlive the
-- spec either, however that ends.

local socket = require "socket"

local format, gsub = string.format, string.gsub

local Process = { __name = "spec.Process" }
local methods = {}
Process.__index = methods

local process = {}

---@param text string
---@return string one word for the shell
function process.quote(text)
  return "'" .. gsub(text, "'", "'\\''") .. "'"
end

---Runs a command to its end.
---@param command string
---@return string output  standard output and standard error
---@return integer status
function process.run(command)
  local pipe = assert(io.popen("{ " .. command .. "; } 2>&1; printf '\\n%d' $?", "r"))
  local text = pipe:read("*a")
  pipe:close()
  local output, status = text:match("^(.*)\n(%d+)$")
  return output, tonumber(status)
end

---Raises where a program that the specs need is missing.
---@param tool string
---@param package string Debian's name of what brings it
---@return string tool
function process.need(tool, package)
  local _, status = process.run("PATH=\"$PATH:/usr/sbin:/sbin\"; command -v " .. process.quote(tool))
  if status ~= 0 then
    error(format('the specs need the program "%s": install the package "%s"', tool, package), 2)
  end
  return tool
end

---The Lua interpreter that runs this, for children in Lua.
---@return string
function process.interpreter()
  local given = os.getenv "SPEC_INTERPRETER" -- by which spec/sanitizers has these looked at as well
  if given then
    return given
  end
  local lowest = 0
  while arg and arg[lowest - 1] do
    lowest = lowest - 1
  end
  if lowest == 0 then
    error("the interpreter that runs the specs is not known: `arg` does not name it", 2)
  end
  return arg[lowest]
end

---A command that runs a Lua file with this interpreter and this module path.
---@param file string
---@return string
function process.luaCommand(file)
  local setup = format("package.path = %q package.cpath = %q", package.path, package.cpath)
  return "exec " .. process.quote(process.interpreter()) .. " -e " .. process.quote(setup) .. " " .. process.quote(file)
end

---For a program that is to end without freeing what it took, which is no leak then (see spec/sanitizers).
---@param command string
---@return string
function process.unfreed(command)
  return 'export ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0"; ' .. command
end

---An empty directory of its own.
---@return string path
function process.directory()
  local name = os.tmpname()
  os.remove(name)
  local output, status = process.run("mkdir -m 700 " .. process.quote(name))
  if status ~= 0 then
    error("no directory for the specs: " .. output, 2)
  end
  return name
end

---@param path string
function process.removeDirectory(path)
  local output, status = process.run("rm -rf " .. process.quote(path))
  if status ~= 0 then
    error("a directory of the specs stays: " .. output, 2)
  end
end

-- Reads up to the line that says it is ready; what comes before are complaints.
local function awaitReady(pipe)
  local said = {}
  for line in pipe:lines() do
    local ports = line:match("^ready (.*)$")
    if ports then
      local list = {}
      for number in ports:gmatch("%d+") do
        list[#list + 1] = tonumber(number)
      end
      return list
    end
    said[#said + 1] = line
  end
  return nil, table.concat(said, "\n")
end

---@param command string  that says "ready PORT…"
---@param greeting string? sent on the connection that keeps it alive
---@return table? process
---@return string? problem what it said instead
function process.start(command, greeting)
  local pipe = assert(io.popen(command, "r"))
  local ports, said = awaitReady(pipe)
  if not ports then
    pipe:close()
    return nil, said ~= "" and said or "it ended without a word"
  end
  local control = assert(socket.connect("127.0.0.1", ports[1]))
  if greeting then
    assert(control:send(greeting))
  end
  return setmetatable({ pipe = pipe, control = control, ports = ports }, Process)
end

---Ends it and waits until it is gone. May be called twice.
function methods:stop()
  if not self.pipe then
    return
  end
  -- Processes started later may hold a copy of this socket: closing it alone would not end the connection.
  self.control:shutdown("both")
  self.control:close()
  self.pipe:close()
  self.pipe = nil
end

return process
