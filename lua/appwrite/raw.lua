--- Requests that name no operation: `client:call { method = "GET", path = "/ping" }`.

local options = require "appwrite.options"

local format = string.format

local VERBS = { GET = true, HEAD = true, POST = true, PUT = true, PATCH = true, DELETE = true, OPTIONS = true }
local RULES = {
  method = { type = "string" },
  path = { type = "string", nonEmpty = true },
  query = { type = "table" },
  body = { type = "table" },
  headers = { type = "table" },
}

local raw = {}

---@class appwrite.RawCall
---@field method string? GET where it is missing
---@field path string    below the endpoint, percent-encoded as it shall be sent
---@field query table<string, string|number|boolean|string[]>?
---@field body table?    sent as JSON
---@field headers table<string, string>?

local function checkPath(path)
  if path:sub(1, 1) ~= "/" then
    return format('path must begin with "/", got "%s"', path)
  end
  local bad = path:match("[^A-Za-z0-9._~!$&'()*+,;=:@/%%-]")
  if bad then
    return format('path must be percent-encoded and without a query (give that as `query`); byte %d in it is neither',
      bad:byte())
  end
  for segment in path:gmatch("[^/]+") do
    local plain = segment:gsub("%%2[eE]", ".")
    if plain == "." or plain == ".." then
      return format('path must not hold the segment "%s"', segment)
    end
  end
  return nil
end

local function checkQuery(query)
  for name, value in pairs(query) do
    local items = type(value) == "table" and value or { value }
    for _, item in ipairs(items) do
      local kind = type(item)
      if type(name) ~= "string" or (kind ~= "string" and kind ~= "number" and kind ~= "boolean") then
        return format('query field "%s" must be a string, number, boolean or an array of them, got %s',
          tostring(name), kind)
      end
    end
  end
  return nil
end

---Checks a raw call and gives the operation it stands for in errors and decoding.
---@param call appwrite.RawCall
---@return appwrite.Prepared? operation
---@return string? problem
function raw.operation(call)
  local problem = options.check(call, RULES)
  if problem then
    return nil, (problem:gsub("option", "field"))
  end
  local verb = call.method or "GET"
  if not VERBS[verb] then
    return nil, format('field "method" must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, got "%s"', verb)
  end
  if not call.path then
    return nil, 'field "path" is missing, such as "/account"'
  end
  problem = checkPath(call.path)
    or (call.query and checkQuery(call.query))
    or (call.headers and options.checkHeaders(call.headers))
  if problem then
    return nil, problem
  end
  if call.body and (verb == "GET" or verb == "HEAD") then
    return nil, format("a %s request takes no body; give its parameters as `query`", verb)
  end
  return { fullName = verb .. " " .. call.path, row = { kind = "raw", verb = verb } }
end

return raw
