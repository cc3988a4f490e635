--- Lua values to JSON text. Whatever JSON cannot carry is refused by its path, never bent into something else.

local instance = require "appwrite.json.instance"
local marks = require "appwrite.json.marks"
local utf8 = require "appwrite.utf8"

local concat = table.concat
local encodeString, null, emptyArray = instance.encode, instance.null, instance.empty_array
local find, format, gsub, sub = string.find, string.format, string.gsub, string.sub
local floor, huge, mathtype = math.floor, math.huge, math.type
local next, rawget, tostring, type = next, rawget, tostring, type

-- The server's parser stops at 512 levels and then takes the whole body for empty. The difference is for what stands
-- around the value.
local DEEPEST = 500
local EXACT = 2 ^ 53
local LONGEST_PATH = 200 -- bytes

local writer = {}

local UNESCAPED = { ["/"] = "/" }

---A text as JSON. The same on both lines of lua-cjson and however they are set: "/" stays as it is, DEL and what lies
---below the space are escaped.
---@param text string
---@return string json without a check for UTF-8
local function quote(text)
  local json = encodeString(text)
  if find(json, "\\/", 1, true) then
    return (gsub(json, "\\(.)", UNESCAPED))
  end
  return json
end
writer.quote = quote

-- Whole numbers as digits, since strict servers refuse 5.0 for an integer; -0 as 0 for the same reason.
local function numberText(value)
  if mathtype and mathtype(value) == "integer" then
    return format("%d", value)
  end
  if value ~= value then
    return nil, "is NaN, which JSON cannot carry"
  elseif value == huge or value == -huge then
    return nil, "is infinite, which JSON cannot carry"
  end
  if value == 0 then
    return "0"
  elseif floor(value) == value and value >= -EXACT and value <= EXACT then
    return format("%.0f", value)
  end
  local text = format("%.14g", value)
  if tonumber(text) ~= value then
    text = format("%.16g", value)
    if tonumber(text) ~= value then
      text = format("%.17g", value)
    end
  end
  -- Digits alone would read as an integer, which a Lua without 64-bit ones gives as a string.
  if not find(text, "[^%d-]") then
    return text .. ".0"
  end
  -- A locale may write its own decimal point.
  return (gsub(text, "[^%w+-]", "."))
end

-- The path of what is wrong: data.items[3].price ----------------------------------------------------------------------

local function shown(key)
  if type(key) == "number" then
    return tostring(key)
  end
  return format('"%s"', (gsub(sub(key, 1, 40), '[%c"\\\128-\255]', "?")))
end

local function step(key)
  if type(key) == "string" and find(key, "^[%a_][%w_]*$") then
    return "." .. key
  end
  return "[" .. shown(key) .. "]"
end

local function fail(job, depth, problem)
  local pieces = { job.name }
  for level = 1, depth do
    pieces[level + 1] = step(job.keys[level])
  end
  local path = concat(pieces)
  if #path > LONGEST_PATH then
    path = sub(path, 1, LONGEST_PATH) .. "…"
  end
  job.problem = path .. " " .. problem
  return false
end

-- Values --------------------------------------------------------------------------------------------------------------

local write

local function put(job, text)
  local count = job.count + 1
  job.count = count
  job.out[count] = text
  return true
end

local function checkedString(text)
  local valid, position = utf8.valid(text)
  if not valid then
    return nil, format("is not valid UTF-8 (byte %d)", position)
  end
  return quote(text)
end

local function writeString(job, value, depth)
  local text, problem = checkedString(value)
  if not text then
    return fail(job, depth, problem)
  end
  return put(job, text)
end

local function writeNumber(job, value, depth)
  local text, problem = numberText(value)
  if not text then
    return fail(job, depth, problem)
  end
  return put(job, text)
end

-- Why a table that ought to be an array is none: a key that is not among 1 to n.
local function arrayProblem(value, hole)
  local other
  for key in next, value do
    if type(key) == "string" then
      return format("is an array with a field by name (%s), which JSON cannot carry", shown(key))
    elseif type(key) ~= "number" then
      return format("has a %s as a key, which JSON cannot carry", type(key))
    elseif (key < 1 or key > hole or floor(key) ~= key) and (not other or key < other) then
      other = key
    end
  end
  return format("is a sparse array, which JSON cannot carry: [%d] is missing, but [%s] is there", hole, shown(other))
end

local function writeArray(job, value, depth)
  local count, keys, child = 0, job.keys, depth + 1
  for _ in next, value do
    count = count + 1
  end
  put(job, "[")
  for index = 1, count do
    local item = rawget(value, index)
    if item == nil then
      return fail(job, depth, arrayProblem(value, index))
    end
    if index > 1 then
      put(job, ",")
    end
    keys[child] = index
    if not write(job, item, child) then
      return false
    end
  end
  return put(job, "]")
end

local function keyProblem(value, key)
  if type(key) ~= "number" then
    return format("has a %s as a key, which JSON cannot carry", type(key))
  elseif marks.kind(value) == "object" then
    return format('has the number %s as a key; in JSON keys are strings, such as "%s"', shown(key), shown(key))
  end
  return format("has fields by name and an item by number ([%s]) in one table, which JSON cannot carry", shown(key))
end

local function writeObject(job, value, depth)
  local keys, child, opening = job.keys, depth + 1, "{"
  for key, item in next, value do
    if type(key) ~= "string" then
      return fail(job, depth, keyProblem(value, key))
    end
    local text, problem = checkedString(key)
    if not text then
      return fail(job, depth, "has a key that " .. problem)
    end
    put(job, opening .. text .. ":")
    opening = ","
    keys[child] = key
    if not write(job, item, child) then
      return false
    end
  end
  return put(job, opening == "{" and "{}" or "}")
end

-- A table that says nothing of itself is an array where it has a first item or only numbers as keys.
local function isArray(job, value, depth)
  local kind = marks.kind(value)
  if kind == "array" or kind == "object" then
    return kind == "array"
  end
  local key = next(value)
  if key == nil then
    return kind == "emptyArray" or (depth == 0 and job.empty == "array")
  end
  return type(key) == "number"
end

local function writeTable(job, value, depth)
  if marks.isInt64(value) then
    return put(job, value.digits)
  end
  if job.open[value] then
    return fail(job, depth, "contains itself, which JSON cannot carry")
  end
  if depth >= DEEPEST then
    return fail(job, depth, format("is nested more than %d levels deep", DEEPEST))
  end
  job.open[value] = true
  local done
  if isArray(job, value, depth) then
    done = writeArray(job, value, depth)
  else
    done = writeObject(job, value, depth)
  end
  job.open[value] = nil
  return done
end

local WRITERS = {
  string = writeString,
  number = writeNumber,
  table = writeTable,
  boolean = function(job, value)
    return put(job, value and "true" or "false")
  end,
}

function write(job, value, depth)
  local writeKind = WRITERS[type(value)]
  if writeKind then
    return writeKind(job, value, depth)
  elseif value == null then
    return put(job, "null")
  elseif emptyArray ~= nil and value == emptyArray then
    return put(job, "[]")
  end
  return fail(job, depth, format("is a %s, which JSON cannot carry", type(value)))
end

---@param value any
---@param name string            what the path begins with
---@param empty "object"|"array" how the value itself is written where it is an empty table without a mark
---@return string? text
---@return string? problem with the path of what cannot be written
function writer.encode(value, name, empty)
  local job = { name = name, empty = empty, out = {}, count = 0, keys = {}, open = {} }
  if write(job, value, 0) then
    return concat(job.out)
  end
  return nil, job.problem
end

return writer
