--- JSON as ordinary Lua tables and back, for the handlers of the start-up file.

local json = require "server.json"

local floor, format, sort = math.floor, string.format, table.sort

local plain = {}

local function fail(path, problem)
  error(format("%s cannot be JSON: %s", path, problem), 0)
end

local convert

local function convertList(path, list, depth)
  local result = json.array()
  for index, value in ipairs(list) do
    result[index] = convert(format("%s[%d]", path, index), value, depth)
  end
  return result
end

local function convertMap(path, map, depth)
  local names, result = {}, json.object()
  for name in pairs(map) do
    if type(name) ~= "string" then
      fail(path, "a table with names and other keys in it")
    end
    names[#names + 1] = name
  end
  sort(names)
  for _, name in ipairs(names) do
    result:set(name, convert(path .. "." .. name, map[name], depth))
  end
  return result
end

function convert(path, value, depth)
  local kind = type(value)
  if kind == "table" and value ~= json.null and not json.isObject(value) and not json.isArray(value) then
    if depth > 100 then
      fail(path, "too deep, or it contains itself")
    end
    return #value > 0 and convertList(path, value, depth + 1) or convertMap(path, value, depth + 1)
  elseif kind == "number" and (value ~= value or value - value ~= 0) then
    fail(path, "not a finite number")
  elseif kind == "number" and value == floor(value) or kind == "string" or kind == "boolean" then
    return value
  elseif kind ~= "number" and kind ~= "table" and not json.isInteger(value) then
    fail(path, "a " .. kind)
  end
  return value
end

---@param value any tables of strings, numbers and booleans; an empty table is an object
---@return any value for json.encode; raises a text that says what cannot be
function plain.toJson(value)
  return convert("the result", value, 1)
end

local EXACT = 2 ^ 53 -- up to here a Lua number holds every whole number

---@param value any of json.decode
---@return any value tables, and numbers where they are exact; a null in a table is no entry, one in a list json.null
function plain.fromJson(value)
  if json.isInteger(value) then
    local number = tonumber(value)
    return number >= -EXACT and number <= EXACT and number or value
  end
  local result = {}
  if json.isArray(value) then
    for index, member in ipairs(value) do
      result[index] = plain.fromJson(member)
    end
  elseif json.isObject(value) then
    for name, member in value:each() do
      if member ~= json.null then
        result[name] = plain.fromJson(member)
      end
    end
  else
    return value
  end
  return result
end

return plain
