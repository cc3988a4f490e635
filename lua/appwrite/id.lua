--- Ids for new documents, files, users and teams.

local argument = require "appwrite.argument"

local byte, format, sub = string.byte, string.format, string.sub
local error, floor, type = error, math.floor, type

---@class appwrite.ID
local ID = {}

-- Loaded on the first id, so that a program with a transport of its own needs no core until then.
local core

---An id of 20 characters that nobody has made before: 8 hex digits of seconds since the epoch, 5 of microseconds, and
---7 from the system's randomness. Ids made later sort after those made earlier, by the machine's clock.
---@return string
function ID.unique()
  core = core or require "appwrite.core"
  local now = core.time()
  local seconds = floor(now)
  local a, b, c, d = byte(core.random(4), 1, 4)
  local random = format("%02x%02x%02x%02x", a, b, c, d)
  return format("%08x%05x", seconds, floor((now - seconds) * 1e6)) .. sub(random, 1, 7)
end

---An id of your own, as it is; the call that uses it checks its characters.
---@param id string
---@return string
function ID.custom(id)
  if type(id) ~= "string" then
    error(argument.wrong("ID.custom", "id", "a string", id), 2)
  end
  return id
end

return argument.closed("ID", ID)
