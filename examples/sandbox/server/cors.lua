--- What browsers ask for: the CORS headers of every answer, and the check of the Origin.

local errors = require "server.errors"

local match = string.match

local ALLOWED = "Origin, Cookie, Set-Cookie, X-Requested-With, Content-Type, Access-Control-Allow-Origin, "
  .. "Access-Control-Request-Headers, Accept, X-Appwrite-Project, X-Appwrite-Key, X-Appwrite-Locale, X-Appwrite-Mode, "
  .. "X-Appwrite-JWT, X-Appwrite-Response-Format, X-Appwrite-Timeout, X-SDK-Version, X-SDK-Name, X-SDK-Language, "
  .. "X-SDK-Platform, X-SDK-GraphQL, X-Appwrite-ID, X-Appwrite-Timestamp, Content-Range, Range, Cache-Control, "
  .. "Expires, Pragma, "
local ALLOWED_LAST = "X-Forwarded-For, X-Forwarded-User-Agent"

local cors = {}

local function isPlatform(project, host)
  for _, platform in ipairs(project and project.platforms or { "localhost" }) do
    if platform == host then
      return true
    end
  end
  return false
end

---@param request sandbox.Request
---@param preflight? boolean
function cors.addHeaders(request, preflight)
  local scheme, host, port = match(request.headers.origin or "", "^(%a[%w+.-]*)://([^:/]+)(:?%d*)$")
  local known = host and isPlatform(request.project, host)
  local out = request.out
  out["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE"
  out["Access-Control-Allow-Headers"] =
    ALLOWED .. (preflight and "X-Appwrite-Session, X-Fallback-Cookies, " or "") .. ALLOWED_LAST
  out["Access-Control-Expose-Headers"] = "X-Appwrite-Session, X-Fallback-Cookies"
  out["Access-Control-Allow-Origin"] = known and scheme .. "://" .. host .. port or "http://localhost"
  out["Access-Control-Allow-Credentials"] = "true"
end

---Refuse a change asked for by a page of a host that is no platform of the project.
---@param request sandbox.Request
function cors.check(request)
  local host = match(request.headers.origin or "", "^%a[%w+.-]*://([^:/]+)")
  if host and request.method ~= "GET" and not request.isKey and not isPlatform(request.project, host) then
    errors.raise("general_unknown_origin", "Invalid Origin. Register your new client (" .. host
      .. ") as a new Web platform on your project console dashboard")
  end
end

return cors
