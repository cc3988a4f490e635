--- Starts and stops the sandbox (examples/sandbox) for specs, under any Lua.
--
--   local server = sandbox.start()
--   ... server.endpoint, server.project ...
--   server.stop()

local format, gsub, match = string.format, string.gsub, string.match

local HERE = match(debug.getinfo(1, "S").source, "^@(.-)[^/]*$")
local SCRIPT = HERE .. "../../examples/sandbox/sandbox"

local sandbox = { SCRIPT = SCRIPT }

---Quote a text for the shell.
---@param text string
---@return string
function sandbox.quote(text)
  return "'" .. gsub(text, "'", "'\\''") .. "'"
end

local quote = sandbox.quote

---Run a shell command.
---@param command string
---@return string output of both kinds
---@return integer status its exit status
function sandbox.shell(command)
  local pipe = assert(io.popen(format("( %s\n) 2>&1; printf '\\n%%d' $?", command)))
  local output, status = match(pipe:read "*a", "^(.-)\n(%d+)$")
  pipe:close()
  return output, tonumber(status)
end

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return text
end

---@class sandbox.Running
---@field endpoint string
---@field project string the project's id
---@field dir string the run directory
---@field stop fun() returns when it is gone

---@param options? { project?: string } path of a start-up file
---@return sandbox.Running
function sandbox.start(options)
  local dir = match(sandbox.shell "mktemp -d", "%S+")
  local file = options and options.project
  local output, status = sandbox.shell(format("%s start --dir %s %s", quote(SCRIPT), quote(dir),
    file and "--project " .. quote(file) or ""))
  local endpoint = match(output, "^(http://%S+)\n?$")
  if status ~= 0 or not endpoint then
    error("the sandbox did not start: " .. output)
  end
  return {
    endpoint = endpoint, dir = dir, project = match(read(dir .. "/error.log"), "loaded the project (%S+)"),
    stop = function()
      local problem, stopped = sandbox.shell(format("%s stop --dir %s && rm -rf %s", quote(SCRIPT), quote(dir),
        quote(dir)))
      if stopped ~= 0 then
        error("the sandbox did not stop: " .. problem)
      end
    end,
  }
end

return sandbox
