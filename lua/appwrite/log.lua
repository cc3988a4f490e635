--- Tells what a client does: to the function given as `log`, and with APPWRITE_DEBUG=1 in readable lines to standard
-- error. Silent otherwise.
--
-- `log(level, event, fields)`: level is "debug", "info" or "warn"; fields is a table made for this call. Events:
--
--   request.start  debug  operation, method, url, attempt, timeout (seconds), headers, body
--   request.end    debug  operation, method, url, attempt, status, elapsed (seconds), bytes
--                  warn   where the status is 400 or more (with message), or none came (with kind, code, message)
--   request.retry  info   operation, attempt (which failed), attempts (at most), wait (seconds), kind, code, message
--   limit.wait     info   operation, wait (seconds; nil: until an answer tells), ahead (calls that wait before it)
--   session.login  info   operation
--   session.set    info   name ("jwt", …), set (false: it was forgotten)
--   session.forgotten  info
--   session.loaded, session.saved, session.cleared  info   of the store
--   session.lost   warn   operation, message: the server does not know the session any more
--   session.store  warn   message: what was wrong with the store, or with what was in it
--   realtime.connect   debug  channels (how many); then realtime.open
--   realtime.lost  warn   kind, code, message, wait (seconds to the next attempt; nil: there is none); likewise
--                  realtime.failed (an attempt), realtime.error (the server complains), realtime.stopped (for good)
--
-- No secret is in any of them (appwrite.mask); the bodies of answers are never shown.

local mask = require "appwrite.mask"

local concat, sort = table.concat, table.sort
local date, format, getenv, gsub, ipairs, pairs, pcall, tostring, type =
  os.date, string.format, os.getenv, string.gsub, ipairs, pairs, pcall, tostring, type

local VARIABLE = "APPWRITE_DEBUG"

local log = {}

---@alias appwrite.LogFunction fun(level: "debug"|"info"|"warn", event: string, fields: table<string, any>)

---@class appwrite.Log where the events of a client go, and of those that it makes with `client:with`
---@field sinks appwrite.LogFunction[]
---@field told boolean?  that one of them raised
---@field inside table<any, true> coroutines that are inside of one: what they do there is not told

-- Readable lines ------------------------------------------------------------------------------------------------------

local ORDER = { "operation", "method", "url", "status", "kind", "code", "elapsed", "attempt", "attempts", "wait" }
local rank = {}
for index, name in ipairs(ORDER) do
  rank[name] = index
end

local function inOrder(one, other)
  local first, second = rank[one] or #ORDER + 1, rank[other] or #ORDER + 1
  if first ~= second then
    return first < second
  end
  return one < other
end

local render

local function namesOf(fields)
  local names = {}
  for name in pairs(fields) do
    names[#names + 1] = tostring(name)
  end
  sort(names, inOrder)
  return names
end

function render(value)
  if type(value) == "table" then
    local parts = {}
    for _, name in ipairs(namesOf(value)) do
      parts[#parts + 1] = name .. "=" .. render(value[name])
    end
    return "{" .. concat(parts, " ") .. "}"
  elseif type(value) == "number" and value % 1 ~= 0 then
    return format("%.3f", value)
  end
  local text = gsub(tostring(value), "%c", " ")
  return text:find(" ", 1, true) and format('"%s"', text) or text
end

---@param level string
---@param event string
---@param fields table<string, any>
---@return string line without its end
function log.line(level, event, fields)
  local parts = { "appwrite", date "%H:%M:%S", level, event }
  for _, name in ipairs(namesOf(fields)) do
    parts[#parts + 1] = name .. "=" .. render(fields[name])
  end
  return concat(parts, " ")
end

local function toStandardError(level, event, fields)
  io.stderr:write(log.line(level, event, fields), "\n")
end

-- Telling -------------------------------------------------------------------------------------------------------------

local function isWanted(value)
  return value ~= nil and value ~= "" and value ~= "0"
end

---@param fn appwrite.LogFunction? of the client's options
---@return appwrite.Log? log nil where nobody wants to know
function log.new(fn)
  local sinks = { fn }
  if isWanted(getenv(VARIABLE)) then
    sinks[#sinks + 1] = toStandardError
  end
  return sinks[1] and { sinks = sinks, inside = setmetatable({}, { __mode = "k" }) } or nil
end

-- A copy for each who is told: what one does with it is nothing to the others, nor to whoever told.
local function shown(fields)
  local copy = {}
  for name, value in pairs(fields or {}) do
    if name == "url" then
      copy.url = mask.url(tostring(value))
    elseif mask.isSecret(name) and type(value) ~= "boolean" then
      copy[name] = mask.HIDDEN
    else
      copy[name] = mask.value(value)
    end
  end
  return copy
end

local function complain(used, problem)
  if used.told then
    return
  end
  used.told = true
  -- What is told here is told of a call that must not suffer from it.
  pcall(require("appwrite.scheduler").report, "the log function failed, which is told this once: " .. tostring(problem))
end

---Tell of an event. Costs next to nothing where nobody wants to know, but that of making `fields`.
---@param state table a client's
---@param level "debug"|"info"|"warn"
---@param event string
---@param fields table<string, any>? secrets are hidden here; not changed
function log.emit(state, level, event, fields)
  local used = state.log
  if not used then
    return
  end
  local me = coroutine.running() or used
  if used.inside[me] then
    return
  end
  used.inside[me] = true
  for _, sink in ipairs(used.sinks) do
    local ok, problem = pcall(sink, level, event, shown(fields))
    if not ok then
      complain(used, problem)
    end
  end
  used.inside[me] = nil
end

return log
