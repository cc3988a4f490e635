--- What a call that failed gives as its second value: a table of plain fields that prints as one line.

local plain = require "appwrite.plain"

local format, gsub, match = string.format, string.gsub, string.match
local error, floor, setmetatable, type = error, math.floor, setmetatable, type

local TYPE_MAX = 100 -- bytes of a word
local CODE_MAX = 2 ^ 31

---@class appwrite.Error
---@field kind "argument"|"api"|"network"|"timeout"|"tls"|"protocol"|"cancelled"|"file"|"memory"|"graphql"
---@field message string
---@field type string        Appwrite's word, such as "user_invalid_credentials"; otherwise the kind
---@field code integer       HTTP status; 0 where no answer came
---@field response string?   the body as it came
---@field answer appwrite.Response? status, headers, attempts and seconds, where an answer came
---@field operation string?  such as "account.getCurrentUser"
---@field attempts integer   how often the request was sent
---@field retryAfter number? seconds until the server wants to be asked again, where it said so
---@field upload appwrite.UploadState? of an upload that can be taken up again: for client.storage.resume
---@field errors appwrite.GraphQLFault[]? of GraphQL: what it reports
---@field retryable boolean  whether the same call may succeed later without doing anything twice
local Error = { __name = "appwrite.Error" }

local KINDS = {
  argument = true, api = true, network = true, timeout = true,
  tls = true, protocol = true, cancelled = true, file = true, memory = true, graphql = true,
}

-- What a server says must not steer the terminal that it is printed on: neither by C0 nor by C1.
local function oneLine(text)
  return (gsub(gsub(gsub(text, "%s*[\r\n]+%s*", " "), "%c", " "), "\194[\128-\159]", " "))
end

-- One line, and never the response: a body may carry tokens.
function Error.__tostring(self)
  local text = tostring(self.message)
  if self.operation then
    text = self.operation .. ": " .. text
  end
  local own = self.type ~= self.kind and self.type or nil
  if self.code < 400 then -- by itself such a status would say that all went well
    own = own or self.kind
  end
  if self.code ~= 0 then
    return oneLine(format("%s (%d%s)", text, self.code, own and " " .. own or ""))
  end
  return oneLine(format("%s (%s)", text, own))
end

---@class appwrite.ErrorModule
local module = {}

-- Appwrite's types are words; anything else says nothing.
local function word(text)
  return type(text) == "string" and #text <= TYPE_MAX and match(text, "^[%w_.-]+$") or nil
end

local function whole(code)
  return type(code) == "number" and floor(code) == code and code > -CODE_MAX and code < CODE_MAX and code or nil
end

---Make an error. `kind` and `message` are required; what else is missing becomes `kind`, 0 or false.
---@param fields table the fields of appwrite.Error
---@return appwrite.Error
function module.new(fields)
  if not KINDS[fields.kind] then
    error(format('an error\'s kind must be one of the documented ones, got "%s"', tostring(fields.kind)), 2)
  end
  if type(fields.message) ~= "string" then
    error(format("an error's message must be a string, got %s", type(fields.message)), 2)
  end
  return setmetatable({
    kind = fields.kind,
    message = plain.text(fields.message),
    type = word(fields.type) or fields.kind,
    code = whole(fields.code) or 0,
    response = fields.response,
    operation = fields.operation,
    attempts = fields.attempts or 0,
    retryAfter = fields.retryAfter,
    retryable = fields.retryable or false,
  }, Error)
end

---Whether a value is an error of this library: for handlers that get whatever was raised.
---@param value any
---@return boolean
function module.is(value)
  return type(value) == "table" and getmetatable(value) == Error
end

return module
