--- How much memory of this process something takes at its height: Linux tells.

local memory = {}

local function kilobytes(field)
  local file = assert(io.open("/proc/self/status", "r"))
  local text = file:read "*a"
  file:close()
  return tonumber((assert(text:match("\n" .. field .. ":%s*(%d+) kB"), field)))
end

-- From now on the peak is what is used now (proc(5), clear_refs).
local function forgetPeak()
  local file = assert(io.open("/proc/self/clear_refs", "w"))
  assert(file:write "5")
  assert(file:close())
end

---@param run fun(...): ...
---@return integer bytes by which the resident memory grew while it ran, at most
---@return any ... what it returned, four values at most
function memory.growth(run, ...)
  collectgarbage()
  forgetPeak()
  local before = kilobytes "VmRSS"
  local first, second, third, fourth = run(...)
  return (kilobytes "VmHWM" - before) * 1024, first, second, third, fourth
end

return memory
