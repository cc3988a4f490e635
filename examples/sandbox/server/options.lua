--- The checks of options that come as text in a query string, with the words of the real server. Each is a validator as
-- in validation.lua.

local concat, format = table.concat, string.format
local find, lower, reverse = string.find, string.lower, string.reverse

local options = {}

-- 2000 as "2,000".
local function grouped(number)
  return (reverse((reverse(tostring(number)):gsub("(%d%d%d)(%d)", "%1,%2"))))
end

local function range(pattern, low, high)
  local problem = format("Value must be a valid range between %s and %s", grouped(low), grouped(high))
  return function(value)
    local number = type(value) == "string" and find(value, pattern) and tonumber(value)
    return not (number and number >= low and number <= high) and problem or nil
  end
end

---A whole number in digits; 50.0 is none.
---@param low integer
---@param high integer
function options.integer(low, high)
  return range("^[-+]?%d+$", low, high)
end

---@param low number
---@param high number
function options.number(low, high)
  return range("^[-+]?%d*%.?%d*$", low, high)
end

---@param list string[]
---@param exact? boolean whether upper and lower case differ
function options.oneOf(list, exact)
  local set, problem = {}, "Value must be one of (" .. concat(list, ", ") .. ")"
  for _, entry in ipairs(list) do
    set[entry] = true
  end
  return function(value)
    return not (type(value) == "string" and set[exact and value or lower(value)]) and problem or nil
  end
end

---A colour such as FD366E.
function options.color(value)
  if type(value) ~= "string" or not find(value, "^%x%x%x%x%x%x$") then
    return "Value must be a valid Hex color code"
  end
end

local BOOLEANS = { ["true"] = true, ["false"] = true, ["1"] = true, ["0"] = true }

function options.boolean(value)
  return not BOOLEANS[value] and "Value must be a valid boolean" or nil
end

function options.httpUrl(value)
  if type(value) ~= "string" or not find(value, "^[Hh][Tt][Tt][Pp][Ss]?://[^%s/?#]+[^%s]*$") then
    return "Value must be a valid URL with following schemes (http, https)"
  end
end

return options
