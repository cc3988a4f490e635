--- Answers. A handler returns one of these; the router sends it.

local clock = require "server.clock"
local delivery = require "server.delivery"
local errors = require "server.errors"
local identity = require "server.identity"
local json = require "server.json"

local format = string.format

local response = {}

---@class sandbox.Response
---@field status integer
---@field body string
---@field contentType? string
---@field chunked? boolean sent without a length

---@param status integer
---@param value sandbox.Object
---@return sandbox.Response
function response.json(status, value)
  return { status = status, body = json.encode(value), contentType = "application/json; charset=UTF-8" }
end

---@return sandbox.Response 204; nginx leaves out the `text/html` that the real server sends with it
function response.empty()
  return { status = 204, body = "" }
end

---@param location string
---@return sandbox.Response 301, as the real server sends a browser on
function response.redirect(location)
  return { status = 301, body = "", contentType = "text/html", headers = {
    Location = location, ["Cache-Control"] = "no-store, no-cache, must-revalidate, max-age=0", Pragma = "no-cache",
  } }
end

---@param problem sandbox.Error
---@return sandbox.Response
function response.error(problem)
  local answer = response.json(problem.code, json.object("message", problem.message, "code", problem.code,
    "type", problem.type, "version", errors.VERSION))
  answer.headers = { ["Cache-Control"] = "no-cache, no-store, must-revalidate", Pragma = "no-cache" }
  return answer
end

local function cookies(name, value, expires, maxAge)
  local attributes = format("expires=%s; Max-Age=%d; path=/; httponly", expires, maxAge)
  return {
    format("%s_legacy=%s; %s", name, value, attributes),
    format("%s=%s; %s; samesite=None", name, value, attributes),
  }
end

local YEAR = 31536000 -- seconds

---Have the answer carry a new session, as cookies and as fallback header.
---@param request sandbox.Request
---@param text string what identity.encodeSession made
function response.setSession(request, text)
  local name = identity.cookieName(request.project)
  request.out["X-Fallback-Cookies"] = json.encode(json.object(name, text))
  local expires = os.date("!%a, %d-%b-%Y %H:%M:%S GMT", math.floor(clock.now()) + YEAR)
  request.out["Set-Cookie"] = cookies(name, text, expires, YEAR)
end

---Have the answer tell the client to forget its session.
---@param request sandbox.Request
function response.clearSession(request)
  request.out["X-Fallback-Cookies"] = "[]"
  request.out["Set-Cookie"] =
    cookies(identity.cookieName(request.project), "deleted", "Thu, 01-Jan-1970 00:00:01 GMT", 0)
end

---@param request sandbox.Request
---@param answer sandbox.Response
function response.send(request, answer)
  ngx.status = answer.status
  for name, value in pairs(request.out) do
    ngx.header[name] = value
  end
  for name, value in pairs(answer.headers or {}) do
    ngx.header[name] = value
  end
  ngx.header["Server"] = "sandbox"
  ngx.header["Content-Type"] = answer.contentType
  ngx.header["X-Content-Type-Options"] = "nosniff"
  if answer.status == 204 then
    return
  elseif not answer.chunked then
    ngx.header["Content-Length"] = #answer.body
  end
  delivery.send(answer.body, request.fault)
end

return response
