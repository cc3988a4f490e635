--- Texts that are wrong in ways nobody thought of: seeds, changed at random, the same in every run and on every Lua.

local byte, char, concat, floor, sub = string.byte, string.char, table.concat, math.floor, string.sub

local Mutations = { __name = "spec.Mutations" }
local methods = {}
Mutations.__index = methods

local mutations = {}

-- Park and Miller's generator: all of its numbers are exact in a double.
local MODULUS, FACTOR = 2147483647, 16807

---@param seed integer 1 to 2147483646
---@param words string[] what is put in, beside random bytes
---@return table
function mutations.new(seed, words)
  return setmetatable({ state = seed, words = words }, Mutations)
end

---@param most integer
---@return integer 1 to most
function methods:number(most)
  self.state = self.state * FACTOR % MODULUS
  return floor(self.state / MODULUS * most) + 1
end

---@generic T
---@param list T[]
---@return T
function methods:pick(list)
  return list[self:number(#list)]
end

local function cut(self, text)
  local from = self:number(#text + 1)
  return from, from + self:number(8) - 1
end

local CHANGES = {
  function(self, text) -- another byte
    local at = self:number(#text + 1)
    return sub(text, 1, at - 1) .. char(self:number(256) - 1) .. sub(text, at + 1)
  end,
  function(self, text) -- one bit of a byte
    local at = self:number(#text + 1)
    local value, bit = byte(text, at) or 0, 2 ^ (self:number(8) - 1)
    value = floor(value / bit) % 2 == 1 and value - bit or value + bit
    return sub(text, 1, at - 1) .. char(value) .. sub(text, at + 1)
  end,
  function(self, text) -- something put in
    local at = self:number(#text + 1)
    return sub(text, 1, at - 1) .. self:pick(self.words) .. sub(text, at)
  end,
  function(self, text) -- something put in another's place
    local from, to = cut(self, text)
    return sub(text, 1, from - 1) .. self:pick(self.words) .. sub(text, to + 1)
  end,
  function(self, text) -- something left out
    local from, to = cut(self, text)
    return sub(text, 1, from - 1) .. sub(text, to + 1)
  end,
  function(self, text) -- something twice
    local from, to = cut(self, text)
    return sub(text, 1, to) .. sub(text, from)
  end,
  function(self, text) -- the rest missing
    return sub(text, 1, self:number(#text + 1) - 1)
  end,
  function(self, text) -- two pieces exchanged
    local middle, last = self:number(#text + 1), self:number(#text + 1)
    middle, last = math.min(middle, last), math.max(middle, last)
    return concat { sub(text, middle, last), sub(text, 1, middle - 1), sub(text, last + 1) }
  end,
}

---A seed with one to four changes.
---@param seeds string[]
---@return string
function methods:text(seeds)
  local text = self:pick(seeds)
  for _ = 1, self:number(4) do
    text = self:pick(CHANGES)(self, text)
  end
  return text
end

return mutations
