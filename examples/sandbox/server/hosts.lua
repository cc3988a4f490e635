--- The hosts that a link in a mail or a redirect may lead to: the project's platforms, and some that always may.

local urls = require "server.urls"

local concat, sub = table.concat, string.sub

local hosts = {}

---@param request sandbox.Request
---@return string[]
function hosts.allowed(request)
  local list, seen = {}, {}
  local function add(host)
    list[#list + 1] = not seen[host] and host or nil
    seen[host] = true
  end
  for _, host in ipairs { "localhost", ngx.var.host, "appwrite.io", "*.appwrite.io" } do
    add(host)
  end
  for _, host in ipairs(request.project.platforms) do
    add(host)
  end
  return list
end

local function fits(host, pattern)
  local suffix = sub(pattern, 1, 2) == "*." and sub(pattern, 2)
  return host == pattern or suffix and #host > #suffix and sub(host, -#suffix) == suffix
end

---A validator of URLs.
---@param value any
---@param request sandbox.Request
---@return string? problem
function hosts.check(value, request)
  local host, allowed = urls.host(value), hosts.allowed(request)
  for _, pattern in ipairs(host and allowed or {}) do
    if fits(host, pattern) then
      return nil
    end
  end
  return "URL host must be one of: " .. concat(allowed, ", ")
end

return hosts
