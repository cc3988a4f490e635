--- A number by chance for the times at which clients try again, which are not to come back at once: math.random gives
-- the same in every process that does not seed it.

local HALF = 0.5 -- where the system has no randomness, as without descriptors it may: what others wait on average

local core

---@return number chance from 0 to below 1
return function()
  core = core or require "appwrite.core"
  local ok, bytes = pcall(core.random, 2)
  if not ok then
    return HALF
  end
  local high, low = bytes:byte(1, 2)
  return (high * 256 + low) / 65536
end
