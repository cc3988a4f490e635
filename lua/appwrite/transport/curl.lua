--- The transport of ordinary use: the C core on libcurl, with one engine for all clients of a Lua state.

local core = require "appwrite.core"
local host = require "appwrite.host"

local curl = { name = "curl" }

-- A worker of nginx serves many users at once; a game is one of many users of its server.
local NGINX_CONNECTIONS = 256

local shared

local function engine()
  if not shared then
    shared = core.engine()
    if host.current() and host.current().name == "nginx" then
      shared:limit(NGINX_CONNECTIONS)
    end
  end
  return shared
end

---@param options table
---@return table? session
---@return string? message
function curl.open(options)
  local wanted = {}
  for name, value in pairs(options) do
    wanted[name] = value
  end
  if wanted.maxConnections then
    engine():limit(wanted.maxConnections)
    wanted.maxConnections = nil
  end
  return engine():client(wanted)
end

---@param path string
---@return table? file
---@return string? kind
---@return string? message
function curl.file(path)
  return core.file(path)
end

---@return boolean can whether this build has realtime
---@return string? why it has not
function curl.realtime()
  local can, why = core.REALTIME, nil
  if type(can) ~= "boolean" then
    can, why = false, tostring(can)
  end
  return can, why
end

---@param timeout number seconds
---@return integer running
---@return table[]? finished
---@return table[]? news sockets
function curl.step(timeout)
  return engine():step(timeout)
end

---@return { fd: integer, read: boolean, write: boolean }[] what to wait for
function curl.fds()
  return engine():fds()
end

---@return number? seconds until a step is due even if no descriptor is ready
function curl.timeout()
  return engine():timeout()
end

---Live objects of the core, for leak checks.
---@return { clients: integer, requests: integer, transfers: integer }
function curl.stats()
  return engine():stats()
end

return curl
