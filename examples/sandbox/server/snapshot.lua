--- Writes a tree of values as bytes, and reads it back as it was: the kinds of JSON values, 64-bit integers, stores,
-- and tables that are in several places. Nothing that is read is ever run.
--
-- A value is one letter and what belongs to it: s5:hello, n0.5; i12; T F Z, t2 key value key value, a2 value value,
-- o1 name value, S7,2: item item (a store that has counted to 7), r3; (the third table there was).

local json = require "server.json"
local store = require "server.store"

local find, format, match, sub = string.find, string.format, string.match, string.sub

local HEAD = "sandbox-state 1\n"

local snapshot = {}

local Store = getmetatable(store.new())

---@class sandbox.SnapshotWriter
---@field out fun(bytes: string)
---@field seen table<table, integer>
---@field count integer
local Writer = { __name = "sandbox.SnapshotWriter" }
Writer.__index = Writer

function Writer:list(letter, list, path)
  self.out(letter .. #list .. ":")
  for index, item in ipairs(list) do
    self:value(item, format("%s[%d]", path, index))
  end
end

function Writer:plain(map, path)
  local count = 0
  for _ in pairs(map) do
    count = count + 1
  end
  self.out("t" .. count .. ":")
  for key, value in pairs(map) do
    self:value(key, path)
    self:value(value, path .. "." .. tostring(key))
  end
end

function Writer:table(value, path)
  local earlier = self.seen[value]
  if earlier then
    return self.out("r" .. earlier .. ";")
  end
  self.count = self.count + 1
  self.seen[value] = self.count
  local kind = getmetatable(value)
  if json.isArray(value) then
    self:list("a", value, path)
  elseif json.isObject(value) then
    self.out("o" .. #value.keys .. ":")
    for name, member in value:each() do
      self:value(name, path)
      self:value(member, path .. "." .. name)
    end
  elseif kind == Store then
    self:list("S" .. value.count .. ",", value.list, path)
  elseif kind == nil then
    self:plain(value, path)
  else
    error(path .. " is an object that cannot be kept", 0)
  end
end

function Writer:value(value, path)
  local kind = type(value)
  if kind == "string" then
    self.out("s" .. #value .. ":")
    self.out(value)
  elseif kind == "number" then
    self.out(format("n%.17g;", value))
  elseif json.isInteger(value) then
    self.out("i" .. match(tostring(value), "^%-?%d+") .. ";")
  elseif kind == "boolean" then
    self.out(value and "T" or "F")
  elseif value == json.null then
    self.out "Z"
  elseif kind == "table" then
    self:table(value, path)
  else
    error(path .. " is a " .. kind .. ", which cannot be kept", 0)
  end
end

---@param value any
---@param name string what it is, for messages
---@param out fun(bytes: string) takes the bytes, piece by piece
function snapshot.write(value, name, out)
  out(HEAD)
  setmetatable({ out = out, seen = {}, count = 0 }, Writer):value(value, name)
end

---@class sandbox.SnapshotReader
---@field bytes string
---@field position integer
---@field tables table[]
local Reader = { __name = "sandbox.SnapshotReader" }
Reader.__index = Reader

function Reader:broken()
  error(format("broken at byte %d", self.position), 0)
end

-- What lies between here and a mark.
function Reader:upTo(mark)
  local stop = find(self.bytes, mark, self.position, true) or self:broken()
  local text = sub(self.bytes, self.position, stop - 1)
  self.position = stop + 1
  return text
end

function Reader:count()
  return tonumber(match(self:upTo ":", "^%d+$")) or self:broken()
end

function Reader:keep(value)
  self.tables[#self.tables + 1] = value
  return value
end

local function readList(self)
  local count, list = self:count(), self:keep(json.array())
  for index = 1, count do
    list[index] = self:value()
  end
  return list
end

local READ = {
  s = function(self)
    local length = self:count()
    local text = sub(self.bytes, self.position, self.position + length - 1)
    self.position = self.position + length
    return #text == length and text or self:broken()
  end,
  n = function(self) return tonumber(self:upTo ";") or self:broken() end,
  i = function(self)
    local value = json.decode(match(self:upTo ";", "^%-?%d+$") or self:broken())
    return json.isInteger(value) and value or self:broken()
  end,
  T = function() return true end,
  F = function() return false end,
  Z = function() return json.null end,
  a = readList,
  t = function(self)
    local count, map = self:count(), self:keep {}
    for _ = 1, count do
      local key = self:value()
      map[key] = self:value()
    end
    return map
  end,
  o = function(self)
    local count, object = self:count(), self:keep(json.object())
    for _ = 1, count do
      local name = self:value()
      object:set(name, self:value())
    end
    return object
  end,
  S = function(self)
    local things = self:keep(store.new())
    things.count = tonumber(self:upTo ",") or self:broken()
    for index = 1, self:count() do
      local item = self:value()
      things.list[index], things.byId[item.id] = item, item
    end
    return things
  end,
  r = function(self) return self.tables[tonumber(self:upTo ";")] or self:broken() end,
}

function Reader:value()
  local read = READ[sub(self.bytes, self.position, self.position)] or self:broken()
  self.position = self.position + 1
  return read(self)
end

---@param bytes string what `write` gave out
---@return any value raises a text where the bytes are broken or of another kind
function snapshot.read(bytes)
  if sub(bytes, 1, #HEAD) ~= HEAD then
    error("not a state file of this sandbox", 0)
  end
  local self = setmetatable({ bytes = bytes, position = #HEAD + 1, tables = {} }, Reader)
  local value = self:value()
  if self.position <= #bytes then
    self:broken()
  end
  return value
end

return snapshot
