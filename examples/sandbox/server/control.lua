--- What lies under /sandbox/, beside the API: for tests and developers, and no part of Appwrite. It is open to callers
-- from this machine only, wherever the sandbox listens, and not to pages of other hosts.

local cors = require "server.cors"
local errors = require "server.errors"
local validation = require "server.validation"

local find, gmatch, match = string.find, string.gmatch, string.match

---@class sandbox.Control
---@field params? table[] as an operation has them
---@field handler fun(request: sandbox.Request): sandbox.Response

local control = {}

local entries = {} -- { verb, the path's segments, sandbox.Control }

---Add something under /sandbox. Its handler finds path parameters among `request.params`, like an operation.
---@param verb string
---@param path string such as "/faults/{id}"
---@param entry sandbox.Control
function control.add(verb, path, entry)
  local segments = {}
  for segment in gmatch(path, "[^/]+") do
    segments[#segments + 1] = segment
  end
  entries[#entries + 1] = { verb = verb, segments = segments, entry = entry }
end

-- Values of the path parameters where an entry fits the segments behind "sandbox", else nil.
local function fits(candidate, request)
  local segments = candidate.segments
  if candidate.verb ~= request.method or #segments ~= #request.segments - 1 then
    return nil
  end
  local values = {}
  for index, segment in ipairs(segments) do
    local given, name = request.segments[index + 1], match(segment, "^{(.*)}$")
    if name then
      values[name] = given
    elseif segment ~= given then
      return nil
    end
  end
  return values
end

local function checkCaller(request)
  local address = ngx.var.remote_addr
  if not find(address, "^127%.") and address ~= "::1" and address ~= "unix:" then
    errors.raise "sandbox_loopback_only"
  end
  cors.check(request)
end

---@param request sandbox.Request
---@return boolean
function control.owns(request)
  return request.segments[1] == "sandbox"
end

---@param request sandbox.Request
---@return sandbox.Response
function control.run(request)
  checkCaller(request)
  for _, candidate in ipairs(entries) do
    local values = fits(candidate, request)
    if values then
      for name, value in pairs(request.method == "GET" and request.query or request.body) do
        values[name] = values[name] or value
      end
      request.params = validation.check(candidate.entry.params or {}, values)
      return candidate.entry.handler(request)
    end
  end
  errors.raise "general_route_not_found"
end

return control
