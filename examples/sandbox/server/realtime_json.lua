--- JSON as realtime writes it: unlike in an HTTP answer all but ASCII is escaped, and in events an empty object is [].

local json = require "server.json"

local byte, find, format, gsub = string.byte, string.find, string.format, string.gsub
local floor = math.floor

local realtimeJson = {}

local function code(character)
  local first, second, third, fourth = byte(character, 1, 4)
  if fourth then
    return (first - 0xF0) * 0x40000 + (second - 0x80) * 0x1000 + (third - 0x80) * 0x40 + fourth - 0x80
  elseif third then
    return (first - 0xE0) * 0x1000 + (second - 0x80) * 0x40 + third - 0x80
  end
  return (first - 0xC0) * 0x40 + second - 0x80
end

local function escape(character)
  local value = #character > 1 and code(character) or 0xFFFD -- a byte that is no UTF-8
  if value < 0x10000 then
    return format("\\u%04x", value)
  end
  value = value - 0x10000
  return format("\\u%04x\\u%04x", 0xD800 + floor(value / 0x400), 0xDC00 + value % 0x400)
end

---Escape all but ASCII in a JSON text.
---@param text string
---@return string
function realtimeJson.ascii(text)
  if not find(text, "[\128-\255]") then
    return text
  end
  text = gsub(text, "[\240-\244][\128-\191][\128-\191][\128-\191]", escape)
  text = gsub(text, "[\224-\239][\128-\191][\128-\191]", escape)
  text = gsub(text, "[\194-\223][\128-\191]", escape)
  return (gsub(text, "[\128-\255]", escape))
end

-- A copy without empty objects: PHP cannot tell them from empty lists.
local function flattened(value)
  if json.isObject(value) then
    if not value.keys[1] then
      return json.array()
    end
    local copy = json.object()
    for name, member in value:each() do
      copy:set(name, flattened(member))
    end
    return copy
  elseif json.isArray(value) then
    local copy = json.array()
    for index, member in ipairs(value) do
      copy[index] = flattened(member)
    end
    return copy
  end
  return value
end

---@param value sandbox.Object
---@return string
function realtimeJson.encode(value)
  return realtimeJson.ascii(json.encode(value))
end

---@param value sandbox.Object
---@return string
function realtimeJson.event(value)
  return realtimeJson.encode(flattened(value))
end

return realtimeJson
