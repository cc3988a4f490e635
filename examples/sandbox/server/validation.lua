--- The checks of parameters, with the words of the real server.
--
-- A validator takes a value (and the request, if it wants it) and returns nil where it is right, else what is wrong
-- with it. A parameter is `{ name, validator, optional = true, nullable = true }`; they are checked in order and the
-- first bad one is reported.

local errors = require "server.errors"
local json = require "server.json"

local find, gmatch, gsub, match = string.find, string.gmatch, string.gsub, string.match

local MAX_ID, MAX_PERMISSIONS, MAX_PREFS = 36, 100, 65535

local ID_TEXT = "Parameter must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, period, hyphen, and "
  .. "underscore. Can't start with a special char"
local UID_TEXT = "UID must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, and underscore. "
  .. "Can't start with a leading underscore"

local validation = {}

---@param text string UTF-8
---@return integer characters
function validation.length(text)
  local _, count = gsub(text, "[^\128-\191]", "")
  return count
end

local function isKey(value)
  return type(value) == "string" and #value <= MAX_ID and find(value, "^[%w][%w._-]*$") ~= nil
end

---An id for something new: a plain id or the word unique().
function validation.customId(value)
  return value ~= "unique()" and not isKey(value) and ID_TEXT or nil
end

---An id of something that may exist.
function validation.uid(value)
  return not isKey(value) and UID_TEXT or nil
end

function validation.email(value)
  local host = type(value) == "string" and match(value, "^[%w!#$%%&'*+/=?^_`{|}~.-]+@([%w.-]+%.[%w-]+)$")
  if not host or find(value, "..", 1, true) or find(value, "^%.") or find(value, ".@", 1, true) or #value > 254 then
    return "Value must be a valid email address"
  end
end

local function hasPasswordLength(value)
  return type(value) == "string" and #value >= 8 and #value <= 256
end

function validation.newPassword(value)
  return not hasPasswordLength(value) and "Password must be between 8 and 265 characters long, and should not be one "
    .. "of the commonly used password." or nil
end

function validation.password(value)
  return not hasPasswordLength(value) and "Password must be between 8 and 256 characters long." or nil
end

---@param max integer characters
---@param min? integer 1 by default
function validation.text(max, min)
  min = min or 1
  local problem = "Value must be a valid string and " .. (min > 0 and "at least " .. min .. " chars and " or "")
    .. "no longer than " .. max .. " chars"
  return function(value)
    if type(value) ~= "string" then
      return problem
    end
    local length = validation.length(value)
    return (length < min or length > max) and problem or nil
  end
end

---A list of texts.
---@param check fun(value: any): string? for each
---@param max integer
function validation.list(check, max)
  return function(value)
    local bad = not json.isArray(value) or #value > max
    for _, item in ipairs(bad and {} or value) do
      bad = bad or check(item) ~= nil
    end
    if bad then
      return "Value must a valid array no longer than " .. max .. " items and " .. check(json.null)
    end
  end
end

---Preferences: an object of at most 64 KiB; a list only if it is empty.
function validation.prefs(value)
  if not (json.isObject(value) or json.isArray(value) and #value == 0) or #json.encode(value) > MAX_PREFS then
    return "Value must be a valid object."
  end
end

---Members of a document: an object, a list, or one of them as JSON.
function validation.data(value)
  if type(value) == "string" then
    value = json.decode(value)
  end
  if not json.isObject(value) and not json.isArray(value) then
    return "Value must be a valid JSON string"
  end
end

function validation.boolean(value)
  return type(value) ~= "boolean" and "Value must be a valid boolean" or nil
end

---A telephone number, as E.164 writes it.
function validation.phone(value)
  if type(value) ~= "string" or not find(value, "^%+[1-9]%d+$") or #value < 8 or #value > 16 then
    return "Phone number must start with a '+' can have a maximum of fifteen digits."
  end
end

---One of some words.
---@param words string[]
---@param anyCase? boolean
function validation.oneOf(words, anyCase)
  local known = {}
  for _, word in ipairs(words) do
    known[word] = true
  end
  return function(value)
    local word = type(value) == "string" and (anyCase and value:lower() or value)
    return not known[word] and "Value must be one of (" .. table.concat(words, ", ") .. ")" or nil
  end
end

-- For each kind of role: whether it has an id, and which dimensions it may have.
local STATUS = { verified = true, unverified = true }
local ROLES = {
  any = { id = false }, guests = { id = false }, users = { id = false, dimensions = STATUS },
  user = { id = true, dimensions = STATUS }, team = { id = true, dimensions = "any" }, member = { id = true },
  label = { id = true },
}
local ROLE_NAMES = "any, guests, users, user, team, member, label"

local function dimensionProblem(role, name, dimension)
  if not role.dimensions then
    return 'Role "' .. name .. '" can not have a dimension value.'
  elseif role.dimensions == STATUS and not STATUS[dimension] then
    return 'Role "' .. name .. '" dimension value is invalid. Must be one of: verified, unverified.'
  elseif not isKey(dimension) then
    return 'Role "' .. name .. '" dimension value is invalid: ' .. ID_TEXT
  end
end

local function roleProblem(text)
  local name, id, dimension = match(text, "^([^:/]*):?([^/]*)/?(.*)$")
  local role = ROLES[name]
  if not role then
    return 'Role "' .. name .. '" is not allowed. Must be one of: ' .. ROLE_NAMES .. "."
  elseif not role.id and id ~= "" then
    return 'Role "' .. name .. '" can not have an ID value.'
  elseif role.id and id == "" then
    return 'Role "' .. name .. '" must have an ID value.'
  elseif role.id and not isKey(id) then
    return 'Role "' .. name .. '" identifier value is invalid: ' .. ID_TEXT
  elseif dimension ~= "" then
    return dimensionProblem(role, name, dimension)
  end
end

local ACTIONS = { read = true, update = true, delete = true, write = true }

---Permissions of a document or a file.
function validation.permissions(value)
  if not json.isArray(value) then
    return "Permissions must be an array of strings."
  elseif #value > MAX_PERMISSIONS then
    return "You can only provide up to " .. MAX_PERMISSIONS .. " permissions."
  end
  for _, permission in ipairs(value) do
    if type(permission) ~= "string" then
      return "Every permission must be of type string."
    end
    local action, role = match(permission, '^(%a+)%("(.*)"%)$')
    if not ACTIONS[action or ""] then
      return 'Permission "' .. permission .. '" is not allowed. Must be one of: read, update, delete, write.'
    end
    local problem = roleProblem(role)
    if problem then
      return problem
    end
  end
end

function validation.url(value)
  if type(value) ~= "string" or not find(value, "^%a[%w+.-]*://[^%s/?#]+") or find(value, "%s") then
    return "Value must be a valid URL"
  end
end

local function isIpv4(text)
  local count = 0
  for part in gmatch(text, "[^.]+") do
    count = count + (find(part, "^%d%d?%d?$") and tonumber(part) < 256 and 1 or 5)
  end
  return count == 4 and not find(text, "%.%.") and not find(text, "^%.") and not find(text, "%.$")
end

local function isIpv6(text)
  local head, tail = match(text, "^(.-)::(.*)$")
  local count = 0
  for _, half in ipairs(head and { head, tail } or { text }) do
    if find(half, "::", 1, true) or find(half, "^:") or find(half, ":$") then
      return false
    end
    for part in gmatch(half, "[^:]+") do
      count = count + (find(part, "^%x%x?%x?%x?$") and 1 or 9)
    end
  end
  return head and count < 8 or count == 8
end

function validation.ip(value)
  if type(value) ~= "string" or not (isIpv4(value) or isIpv6(value)) then
    return "Value must be a valid IP address"
  end
end

---Check the parameters of an operation.
---@param specs table[]
---@param given table<string, any> path parameters and those of the query or the body; json.null for a null
---@param request? sandbox.Request for validators that ask it
---@return table<string, any> params what was given; nil for what was not, and for a null where it means that
function validation.check(specs, given, request)
  local params = {}
  for _, spec in ipairs(specs) do
    local name, validator = spec[1], spec[2]
    local value = given[name]
    if value == nil and not spec.optional then
      errors.raise("general_argument_invalid", 'Param "' .. name .. '" is not optional.')
    elseif value == json.null and spec.optional then
      if not spec.nullable then
        errors.raise "general_unknown" -- the real server passes the null on to code that wants a string
      end
    elseif value ~= nil then
      local problem = validator(value, request)
      if problem then
        errors.invalidParam(name, problem)
      end
      params[name] = value
    end
  end
  return params
end

return validation
