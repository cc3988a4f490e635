--- Checks a table of options against a table that names each option's type: unknown names, wrong types, values out of
-- range.

local suggest = require "appwrite.suggest"

local concat, sort = table.concat, table.sort
local format = string.format

local options = {}

---@class appwrite.OptionRule
---@field type string   Lua type name
---@field other string? another one that it may have
---@field enum string[]? the values it may have
---@field min number?   smallest number allowed (NaN and infinity never are)
---@field max number?   largest one
---@field whole boolean? no fractions
---@field nonEmpty boolean? refuse the empty string
---@field unit string?  what a number counts, for messages

local function names(rules)
  local list = {}
  for name in pairs(rules) do
    list[#list + 1] = name
  end
  sort(list)
  return list
end

local function given(value)
  if type(value) == "number" or type(value) == "boolean" then
    return format("%s %s", type(value), tostring(value))
  end
  return type(value)
end

local function checkValue(name, value, rule)
  if type(value) ~= rule.type and type(value) ~= rule.other then
    local wanted = rule.other and (rule.type .. " or a " .. rule.other) or rule.type
    return format('option "%s" must be a %s, got %s', name, wanted, given(value))
  end
  if rule.nonEmpty and value == "" then
    return format('option "%s" must not be empty', name)
  end
  if rule.type == "number" and not (value >= (rule.min or 0) and value < math.huge) then
    return format(
      'option "%s" must be %s or more%s, got %s',
      name,
      tostring(rule.min or 0),
      rule.unit and (" " .. rule.unit) or "",
      tostring(value)
    )
  end
  if rule.max and value > rule.max then
    return format('option "%s" must be %s or less, got %s', name, tostring(rule.max), tostring(value))
  end
  if rule.whole and value % 1 ~= 0 then
    return format('option "%s" must be a whole number, got %s', name, tostring(value))
  end
  if rule.enum then
    for _, allowed in ipairs(rule.enum) do
      if allowed == value then
        return nil
      end
    end
    return format('option "%s" must be "%s", got "%s"', name, concat(rule.enum, '" or "'), tostring(value))
  end
  return nil
end

---@param given_ any                                  what the caller passed
---@param rules table<string, appwrite.OptionRule>
---@return string? problem nil when all is well
function options.check(given_, rules)
  if type(given_) ~= "table" then
    return format("options must be a table, got %s", given(given_))
  end
  for name, value in pairs(given_) do
    local rule = rules[name]
    if not rule then
      local known = names(rules)
      local near = suggest.nearest(tostring(name), known)
      local hint = near and format('did you mean "%s"?', near) or format("there are %s", concat(known, ", "))
      return format('unknown option "%s"; %s', tostring(name), hint)
    end
    local problem = checkValue(name, value, rule)
    if problem then
      return problem
    end
  end
  return nil
end

---Header fields as the transport takes them: names and values are strings, none is one the library sets itself.
---@param headers table<string, string>
---@return string? problem
function options.checkHeaders(headers)
  for name, value in pairs(headers) do
    if type(name) ~= "string" or not name:find("^[%w!#$%%&'*+.^_`|~-]+$") then
      return format("header name %q is not a token of RFC 9110", tostring(name))
    end
    if type(value) ~= "string" then
      return format('header "%s" must be a string, got %s', name, given(value))
    end
    if value:find("[%z\r\n]") then
      return format('header "%s" must not contain CR, LF or NUL', name)
    end
  end
  return nil
end

return options
