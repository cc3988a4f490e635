--- What goes over a connection of realtime: its address, the server's messages, and errors of what went wrong.

local Error = require "appwrite.error"
local json = require "appwrite.json"
local mask = require "appwrite.mask"
local uri = require "appwrite.uri"

local concat, format, type = table.concat, string.format, type

local KEY = uri.form "channels[]" .. "="
-- The server's error types for what it sends as bare numbers (Appwrite 1.5, src/Appwrite/Extend/Exception.php).
local TYPES = {
  [1003] = "realtime_message_format_invalid",
  [1008] = "realtime_policy_violation",
  [1013] = "realtime_too_many_messages",
}

local MAX_CODE = 65535 -- of a connection's end (RFC 6455, 5.5.1); Appwrite's are of these, and of HTTP's

local messages = {}

---@param project string
---@param channels string[]
---@return string target path and query below the endpoint
function messages.target(project, channels)
  local parts = { "/realtime?project=" .. uri.form(project) }
  for index = 1, #channels do
    parts[index + 1] = KEY .. uri.form(channels[index])
  end
  return concat(parts, "&")
end

local function isMessage(value)
  return type(value) == "table" and type(value.type) == "string" and type(value.data) == "table"
    and (value.type ~= "event" or type(value.data.channels) == "table")
end

---@param text string
---@param nulls "drop"|"keep"
---@return { type: string, data: table }? message
---@return appwrite.Error? err
function messages.read(text, nulls)
  local value, problem = json.decode(text, { nulls = nulls })
  if isMessage(value) then
    return value
  end
  return nil, Error.new {
    kind = "protocol", operation = "realtime", response = text,
    message = "the server sent a message that is none of realtime's: " .. (problem or "it has no type or no data"),
  }
end

---@param data table of a message of type "error"
---@return appwrite.Error
function messages.serverError(data)
  local code = data.code
  if type(code) ~= "number" or code < 0 or code > MAX_CODE or code % 1 ~= 0 then
    code = 0
  end
  local text = type(data.message) == "string" and data.message ~= "" and mask.text(data.message)
    or "the server reports an error"
  return Error.new { kind = "api", code = code, type = TYPES[code] or "realtime", message = text,
    operation = "realtime" }
end

local function closeText(result)
  if not result.code then
    return "the server ended the connection"
  end
  local reason = result.reason and result.reason ~= "" and ": " .. result.reason or ""
  return format("the server closed the connection (%d%s)", result.code, reason)
end

-- A handshake that is refused is answered as any call: with Appwrite's JSON, or with a proxy's page.
local function refusal(result)
  local body = result.body and json.decode(result.body) or nil
  local given = type(body) == "table" and body or {}
  return Error.new {
    kind = "api", code = result.status, response = result.body, operation = "realtime",
    type = type(given.type) == "string" and given.type or nil,
    message = type(given.message) == "string" and mask.text(given.message)
      or format("the server refuses the connection with status %d", result.status),
  }
end

---Why a connection has ended, or was never made.
---@param result table of a socket that is closed
---@return appwrite.Error
function messages.ending(result)
  if result.status and result.status ~= 101 and (result.kind == "api" or not result.kind) then
    return refusal(result)
  end
  return Error.new {
    kind = result.kind or "network", code = result.code or result.status, type = TYPES[result.code],
    message = result.message or closeText(result), operation = "realtime",
  }
end

return messages
