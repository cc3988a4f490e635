-- luajit same_state.lua ONE OTHER : whether two state files of the sandbox hold the same: the same things in the same
-- order, with the same references between them. What is made anew in each run counts by what it is: ids by where they
-- first occur, times, hashes and secrets by their kind.

package.path = arg[0]:gsub("[^/]*$", "") .. "../../examples/sandbox/?.lua;" .. package.path

local json = require "server.json"
local snapshot = require "server.snapshot"

local CONTEXT = 3 -- lines before the first difference

-- By the name of a field: what is random in it, or what follows from that.
local RANDOM = {
  hash = true, salt = true, secret = true, jwtKey = true, deploymentId = true, recoveryCodes = true, text = true,
  phrase = true, oauth2Codes = true,
}

local function read(path)
  local file = assert(io.open(path, "rb"))
  local bytes = file:read "*a"
  file:close()
  return snapshot.read(bytes)
end

local function members(value)
  if value.list and value.byId then
    return value.list
  elseif json.isObject(value) then
    local map = {}
    for name, member in value:each() do
      map[name] = member
    end
    return map
  end
  return value
end

-- Ids are 20 hex digits; secrets in links are longer.
local function plain(text, ids)
  text = text:gsub("%d%d%d%d%-%d%d%-%d%d[T +][%d:.+%%AB]+", "TIME") -- percent-encoded in links
  return (text:gsub("%x+", function(digits)
    if #digits == 20 then
      if not ids[digits] then
        ids.count = ids.count + 1
        ids[digits] = "ID" .. ids.count
      end
      return ids[digits]
    elseif #digits >= 32 then
      return "SECRET"
    end
  end))
end

local function describe(value, path, ids, lines)
  local name = path:match "([%a%d]+)[%[%d%]]*$"
  if type(value) ~= "table" or value == json.null then
    local text = tostring(value)
    if RANDOM[name] and text ~= "" then
      text = "RANDOM"
    elseif type(value) == "number" and value > 1e9 then
      text = "TIME"
    elseif type(value) == "string" then
      text = plain(text, ids)
    end
    lines[#lines + 1] = path .. " = " .. text
    return
  end
  local keys, list = {}, members(value)
  for key in pairs(list) do
    keys[#keys + 1] = key
  end
  table.sort(keys, function(one, other)
    if type(one) == type(other) then
      return one < other
    end
    return type(one) == "number"
  end)
  lines[#lines + 1] = path .. ": " .. #keys
  for _, key in ipairs(keys) do
    local below = type(key) == "number" and ("%s[%d]"):format(path, key) or path .. "." .. plain(key, ids)
    describe(list[key], below, ids, lines)
  end
end

local function linesOf(path)
  local lines = {}
  describe(read(path), "", { count = 0 }, lines)
  return lines
end

local one, other = linesOf(arg[1]), linesOf(arg[2])
for index = 1, math.max(#one, #other) do
  if one[index] ~= other[index] then
    for before = math.max(1, index - CONTEXT), index - 1 do
      io.stderr:write("  ", one[before], "\n")
    end
    io.stderr:write("one:   ", tostring(one[index]), "\nother: ", tostring(other[index]), "\n")
    os.exit(1)
  end
end
print(#one .. " lines of state, the same after both")
