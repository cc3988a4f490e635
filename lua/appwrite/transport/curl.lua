--- The transport of ordinary use: the C core on libcurl, with one engine for all clients of a Lua state.

local core = require "appwrite.core"

local curl = { name = "curl" }

local shared

local function engine()
  shared = shared or core.engine()
  return shared
end

---@param options table
---@return table? session
---@return string? message
function curl.open(options)
  return engine():client(options)
end

---@param timeout number seconds
---@return integer running
---@return table[]? finished
function curl.step(timeout)
  return engine():step(timeout)
end

---Live objects of the core, for leak checks.
---@return { clients: integer, requests: integer, transfers: integer }
function curl.stats()
  return engine():stats()
end

return curl
