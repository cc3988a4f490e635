--- What a request or an error says, without what is secret in it: for log lines.
--
-- Known secrets are hidden by their names: parameters that the services' data marks, headers that carry credentials,
-- and the usual words in everything else. What has no name is hidden by its look: session tokens, keys and JWTs are
-- long runs of letters and digits.

local json = require "appwrite.json"

local find, format, gsub, lower, match, sub = string.find, string.format, string.gsub, string.lower, string.match,
  string.sub
local pairs, tostring, type = pairs, tostring, type

local HIDDEN = "***"
local MAX_BODY = 4096 -- bytes; of a longer one only the length is told
local MAX_DEPTH = 8 -- tables inside one another; deeper ones are left out
local LONG = 40 -- characters: Appwrite's ids have 36 at most, its secrets and the last two parts of a JWT have more

local mask = { HIDDEN = HIDDEN }

-- Anywhere in a name.
local PARTS = { "passw", "secret", "token", "cookie", "jwt", "authorization", "credential", "apikey", "recoverycode" }
-- The whole name, without case and punctuation.
local NAMES = {
  key = true, session = true, otp = true, pin = true, pwd = true, pass = true, identifier = true, sessionsecret = true,
  xappwritekey = true, xappwritesession = true, totp = true,
}

---Whether a field, header or parameter of this name is not to be shown.
---@param name any
---@return boolean
function mask.isSecret(name)
  if type(name) ~= "string" then
    return false
  end
  local plain = gsub(lower(name), "[^%w]", "")
  if NAMES[plain] then
    return true
  end
  for index = 1, #PARTS do
    if find(plain, PARTS[index], 1, true) then
      return true
    end
  end
  return false
end

local function hideNamed(name, between, value)
  return name .. between .. (mask.isSecret(name) and HIDDEN or value)
end

-- In a query `code` is what a provider of OAuth2 gives for a token.
local function hideInQuery(name, between, value)
  return lower(name) == "code" and name .. between .. HIDDEN or hideNamed(name, between, value)
end

-- `name=value`, `name: value`, `"name":"value"`, as in a query, a cookie, a header, a piece of JSON.
local function hidePairs(text)
  text = gsub(text, "([%w_.%%%[%]-]+)(=)([^%s&;,#\"'<>]+)", hideInQuery)
  return (gsub(text, "([%w_-]+)([\"']?%s*:%s*[\"']?)([^%s&;,\"'<>}]+)", hideNamed))
end

-- A slash is of a path, or of base64: there it has no meaning of its own.
local function hideLong(run)
  if sub(run, 1, 1) == "/" then
    return (gsub(run, "[^/]+", function(piece)
      return #piece >= LONG and HIDDEN or piece
    end))
  end
  return #run >= LONG and HIDDEN or run
end

---A text of unknown origin, such as a message of a server: what looks like a token is hidden.
---@param text string
---@return string
function mask.text(text)
  return (gsub(text, "[%w+/=_-]+", hideLong))
end

---The same where it may hold pairs of names and values: a query, a page that repeats its request.
---@param text string
---@return string
function mask.pairs(text)
  return mask.text(hidePairs(text))
end

---A URL, or the path and query of a request. The path is made of names and ids, which stay.
---@param url string
---@return string
function mask.url(url)
  local path, query = match(url, "^([^?#]*)(.*)$")
  return gsub(path, "//[^/]*@", "//" .. HIDDEN .. "@") .. mask.pairs(query)
end

---@param headers table<string, string>?
---@return table<string, string>? a copy
function mask.headers(headers)
  if not headers then
    return nil
  end
  local shown = {}
  for name, value in pairs(headers) do
    shown[name] = mask.isSecret(name) and HIDDEN or mask.pairs(tostring(value))
  end
  return shown
end

local function hideInside(value, depth)
  if type(value) == "string" then
    return mask.pairs(value)
  elseif type(value) ~= "table" then
    return value
  elseif depth >= MAX_DEPTH then
    return HIDDEN
  end
  local shown = {}
  for name, inner in pairs(value) do
    if mask.isSecret(name) then
      shown[name] = HIDDEN
    else
      shown[name] = hideInside(inner, depth + 1)
    end
  end
  return shown
end

---What a log line says of a value: of a table, a copy.
---@param value any
---@return any
function mask.value(value)
  return hideInside(value, 0)
end

local function ofFields(operation, fields)
  local shown = {}
  for name, value in pairs(fields) do
    local param = operation.byName and operation.byName[name]
    if param and param.secret or mask.isSecret(name) then
      shown[name] = HIDDEN
    else
      shown[name] = hideInside(value, 1)
    end
  end
  return shown
end

---A request's body as JSON; of one that is not, or is long, how long it is. Nothing but that of GraphQL's, whose
---queries may hold anything anywhere.
---@param operation appwrite.Prepared
---@param request appwrite.Request
---@return string? body nil where there is none
function mask.body(operation, request)
  if request.multipart then
    return format("multipart, %d parts", #request.multipart)
  end
  local body = request.body
  if type(body) ~= "string" then
    return nil
  end
  local fields = #body <= MAX_BODY and operation.row.kind ~= "graphql" and sub(body, 1, 1) == "{" and json.decode(body)
  local text = type(fields) == "table" and json.encode(ofFields(operation, fields), { empty = "object" })
  return text or format("%d bytes", #body)
end

return mask
