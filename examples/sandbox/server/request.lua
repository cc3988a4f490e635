--- A request, read as the real server reads it.

local form = require "server.form"
local json = require "server.json"
local multipart = require "server.multipart"

local gmatch, lower, match = string.gmatch, string.lower, string.match

---@class sandbox.Request
---@field method string HEAD counts as GET
---@field segments string[] of the path, not percent-decoded
---@field headers table<string, string> names in lower case
---@field cookies table<string, string>
---@field query table<string, any>
---@field body table<string, any> empty for a GET
---@field list? any[] the body where it is a list, which only GraphQL takes
---@field fault? sandbox.Fault what is to go wrong
---@field files table<string, sandbox.Part>
---@field routes table<string, sandbox.Route> all there are, by name
---@field nest fun(outer: sandbox.Request, name: string, given: table): sandbox.Request, fun(): sandbox.Response
---@field project sandbox.Project
---@field user? sandbox.User
---@field session? sandbox.Session the current one
---@field isKey boolean
---@field roles string[]
---@field params table<string, any> checked
---@field out table<string, any> headers of the answer
local request = {}

-- nginx.conf gives a buffer as large as a body may be, so none ever lies in a file instead.
local function readBody()
  ngx.req.read_body()
  return ngx.req.get_body_data() or ""
end

local function readJson(body)
  local value = json.decode(body)
  return json.isObject(value) and value.values or {}, json.isArray(value) and value or nil
end

local function readMultipart(body, contentType)
  local pairsInOrder, files = {}, {}
  local boundary = multipart.boundary(contentType)
  for _, part in ipairs(boundary and multipart.parse(body, boundary) or {}) do
    if part.filename then
      files[part.name] = part
    else
      pairsInOrder[#pairsInOrder + 1] = { part.name, part.data }
    end
  end
  return form.collect(pairsInOrder), files
end

-- Anything else than JSON or a form counts as no body; broken JSON counts as {}.
local function readParams(self)
  local contentType = self.headers["content-type"] or ""
  local kind = lower(match(contentType, "^[^;%s]*"))
  if kind == "application/json" then
    self.body, self.list = readJson(readBody())
  elseif kind == "application/x-www-form-urlencoded" then
    self.body = form.parse(readBody())
  elseif kind == "multipart/form-data" then
    self.body, self.files = readMultipart(readBody(), contentType)
  end
end

local function readHeaders()
  local headers = {}
  for name, value in pairs(ngx.req.get_headers(0)) do
    headers[name] = type(value) == "table" and value[1] or value
  end
  return headers
end

local function readCookies(text)
  local cookies = {}
  for name, value in gmatch(text or "", "([^=;%s]+)=([^;]*)") do
    cookies[name] = ngx.unescape_uri(value)
  end
  return cookies
end

---@return sandbox.Request
function request.read()
  local path, query = match(ngx.var.request_uri, "^([^?]*)%??(.*)$")
  local headers = readHeaders()
  local method = ngx.req.get_method()
  local self = {
    method = method == "HEAD" and "GET" or method, segments = {}, headers = headers,
    cookies = readCookies(headers.cookie), query = form.parse(query), body = {}, files = {},
    out = { ["X-Debug-Fallback"] = "true" },
  }
  for segment in gmatch(path, "[^/]+") do -- so an empty segment is none
    self.segments[#self.segments + 1] = segment
  end
  if self.method ~= "GET" and self.method ~= "OPTIONS" then
    readParams(self)
  end
  return self
end

return request
