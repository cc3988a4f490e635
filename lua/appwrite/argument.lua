--- How the helper modules speak of a wrong argument, and of a function that they do not have.

local json = require "appwrite.json"
local suggest = require "appwrite.suggest"

local error, getmetatable, rawget, setmetatable, tostring, type =
  error, getmetatable, rawget, setmetatable, tostring, type
local format, gsub, sub = string.format, string.gsub, string.sub

local argument = {}

---A value in short for a message.
---@param value any
---@return string
function argument.shown(value)
  local kind = type(value)
  if value == json.null then
    return "appwrite.null"
  elseif value == "" then
    return "an empty string"
  elseif kind == "string" then
    local short = #value > 40 and sub(value, 1, 40) .. "…" or value
    return format('"%s"', (gsub(short, "%c", "?")))
  elseif kind == "number" or kind == "boolean" then
    return kind .. " " .. tostring(value)
  elseif kind == "table" then
    return rawget(value, 1) ~= nil and "an array" or "a table"
  end
  return kind
end

---@param where string    such as "Query.equal"
---@param name string     the argument's
---@param expected string such as "a string"
---@param value any       what was given
---@return string message
function argument.wrong(where, name, expected, value)
  return format('%s: argument "%s" must be %s, got %s', where, name, expected, argument.shown(value))
end

---Raises at the line of whoever called a method with a dot.
---@param where string such as "client:call"
---@param self any what the method got as the first argument
---@param metatable table of what it should be
function argument.mustBeSelf(where, self, metatable)
  if getmetatable(self) ~= metatable then
    error(format("%s is called with a colon: %s(…)", where, where), 3)
  end
end

---@param where string such as "task:await"
---@param value any    what was given
---@return string message
function argument.notSeconds(where, value)
  return format("%s takes seconds, 0 or more, got %s", where, argument.shown(value))
end

---@param value any
---@return boolean
function argument.isText(value)
  return type(value) == "string" and value ~= ""
end

---Makes a module raise where a field is read that it does not have, naming the nearest it has.
---@generic T: table
---@param name string  the module's, as in `appwrite.Query`
---@param functions T
---@return T functions
function argument.closed(name, functions)
  local function missing(_, key)
    local known = {}
    for own in pairs(functions) do
      known[#known + 1] = own
    end
    local near = suggest.nearest(tostring(key), known)
    error(format('%s has no "%s"%s', name, tostring(key), near and format('; did you mean "%s"?', near) or ""), 2)
  end
  return setmetatable(functions, { __name = "appwrite." .. name, __index = missing })
end

return argument
