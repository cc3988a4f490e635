--- Reads LuaLS annotations: of a Lua file's functions, classes and aliases, what is written above them.

local find, format, gmatch, gsub, match, sub = string.find, string.format, string.gmatch, string.gsub, string.match,
  string.sub
local concat = table.concat

local annotations = {}

---@class reference.Value a parameter, a result or a field
---@field name string?
---@field type string
---@field doc string
---@field optional boolean?

---@class reference.Block what is written above something
---@field doc string text of the block, lines joined, paragraphs with an empty line between
---@field params reference.Value[]
---@field returns reference.Value[]
---@field fields reference.Value[]
---@field overloads string[]
---@field class string?
---@field alias string?
---@field type string? of an alias
---@field parent string?
---@field meta boolean?
---@field name string? of the function below, as it is written there: "Query.between", "methods:call"
---@field args string[]? names between its brackets
---@field line integer? of the function below

local CLOSING = { ["("] = ")", ["{"] = "}", ["<"] = ">", ["["] = "]" }

-- Behind the bracket that closes the one at a position.
local function behind(text, position)
  local open = sub(text, position, position)
  local close, depth = CLOSING[open], 0
  for index = position, #text do
    local char = sub(text, index, index)
    if char == open then
      depth = depth + 1
    elseif char == close then
      depth = depth - 1
      if depth == 0 then
        return index + 1
      end
    end
  end
  error("a bracket is not closed: " .. text)
end

local endOfType

-- Behind the results that follow the colon of fun(…).
local function behindResults(text, position)
  repeat
    position = endOfType(text, match(text, "^%s*()", position))
    local comma = match(text, "^%s*,%s*()", position)
    position = comma or position
  until not comma
  return position
end

local function behindPrimary(text, position)
  local char = sub(text, position, position)
  if char == '"' then
    return find(text, '"', position + 1, true) + 1
  elseif CLOSING[char] then
    return behind(text, position)
  end
  local word = match(text, "^%.%.%.()", position) or match(text, "^[%w_.%-]+()", position)
  assert(word, "no type at: " .. sub(text, position))
  local bracket = sub(text, word, word)
  if bracket == "(" and sub(text, position, word - 1) == "fun" then
    word = behind(text, word)
    local results = match(text, "^%s*:()", word)
    return results and behindResults(text, results) or word
  elseif bracket == "<" then
    return behind(text, word)
  end
  return word
end

---@param text string
---@param position integer where a type begins
---@return integer behind it
function endOfType(text, position)
  position = behindPrimary(text, position)
  while true do
    local suffix = match(text, "^%[%]()", position) or match(text, "^%?()", position)
    local more = match(text, "^%s*|%s*()", position)
    if suffix then
      position = suffix
    elseif more then
      position = behindPrimary(text, more)
    else
      return position
    end
  end
end

---A type and what follows it.
---@param text string
---@return string type
---@return string rest
function annotations.takeType(text)
  local stop = endOfType(text, 1)
  return sub(text, 1, stop - 1), (match(sub(text, stop), "^%s*(.-)%s*$"))
end

local function named(text)
  local name, optional, rest = match(text, "^(%[[^%]]*%])(%??)%s+(.*)$")
  if not name then
    name, optional, rest = match(text, "^([%w_$.]+)(%??)%s+(.*)$")
  end
  assert(name, "no name and type in: " .. text)
  local type_, doc = annotations.takeType(rest)
  local without = match(type_, "^(.*)%?$")
  if without and (not find(type_, "^fun") or find(type_, "^fun%b()%?$")) then
    type_, optional = without, "?"
  elseif find(type_, "|nil$") then
    type_, optional = sub(type_, 1, -5), "?"
  end
  type_ = match(type_, "^%((fun.*)%)$") or type_
  return { name = name, type = type_, doc = doc, optional = optional == "?" }
end

local TAGS = {
  param = function(block, text) block.params[#block.params + 1] = named(text) end,
  field = function(block, text) block.fields[#block.fields + 1] = named(text) end,
  overload = function(block, text) block.overloads[#block.overloads + 1] = text end,
  meta = function(block) block.meta = true end,
  ["return"] = function(block, text)
    local type_, rest = annotations.takeType(text)
    local name, doc = match(rest, "^([%a_][%w_.]*)%s*(.*)$")
    if not name or find(doc, "^[^%a(`%d\"]") then
      name, doc = nil, rest
    end
    if find(type_, "%?$") and not find(type_, "^fun") then
      block.returns[#block.returns + 1] = { type = sub(type_, 1, -2), optional = true, name = name, doc = doc or "" }
    else
      block.returns[#block.returns + 1] = { type = type_, name = name, doc = doc or "" }
    end
  end,
  class = function(block, text)
    local name, rest = match(text, "^([%w_.]+)%s*(.*)$")
    local parent, doc = match(rest, "^:%s*([%w_.]+)%s*(.*)$")
    block.class, block.parent, block.doc = name, parent, block.doc .. (doc or rest)
  end,
  alias = function(block, text)
    local name, rest = match(text, "^([%w_.]+)%s+|?%s*(.*)$") -- its lines may begin with a bar each
    block.alias = name
    block.type, rest = annotations.takeType(rest)
    block.doc = block.doc .. rest
  end,
}

-- Lines without a tag behind one that has a tag go on with it.
local function joined(lines)
  local all = {}
  for _, line in ipairs(lines) do
    local text = match(line, "^%s*%-%-%-(.*)$")
    if find(text, "^%s*@") then
      all[#all + 1] = match(text, "^%s*(@.-)%s*$")
    elseif all[#all] and find(all[#all], "^@") then
      all[#all] = all[#all] .. " " .. match(text, "^%s*(.-)%s*$")
    else
      all[#all + 1] = match(text, "^%s*(.-)%s*$")
    end
  end
  return all
end

-- Tags begin new fields of a class, so a class and the text behind its fields' texts are one block.
local function read(lines)
  local block = { doc = "", params = {}, returns = {}, fields = {}, overloads = {} }
  local text = {}
  for _, line in ipairs(joined(lines)) do
    local tag, rest = match(line, "^@(%a+)%s*(.*)$")
    if not tag then
      text[#text + 1] = line == "" and "\n\n" or line
    elseif TAGS[tag] then
      TAGS[tag](block, rest)
    end
  end
  local doc = gsub(gsub(concat(text, " "), "%s*\n\n%s*", "\n\n"), "^%s+", "")
  block.doc = doc ~= "" and block.doc ~= "" and doc .. " " .. block.doc or doc .. block.doc
  return block
end

local function argumentsOf(text)
  local list = {}
  for name in gmatch(text, "[%w_.]+") do
    list[#list + 1] = name
  end
  return list
end

-- What the line below a block defines: a function, or a field of a table.
local function define(block, line, number)
  local name, arguments = match(line, "^%s*local%s+function%s+([%w_]+)%s*%((.-)%)")
  if not name then
    name, arguments = match(line, "^%s*function%s+([%w_.:]+)%s*%((.-)%)")
  end
  if not name then
    name, arguments = match(line, "^%s*([%w_.]+)%s*=%s*function%s*%((.-)%)")
  end
  name = name or match(line, "^%s*local%s+([%w_]+)%s*=") or match(line, "^%s*([%w_.]+)%s*=")
  if name then
    block.name, block.line, block.args = name, number, arguments and argumentsOf(arguments)
  end
end

---@param text string of a Lua file
---@return reference.Block[] in their order
function annotations.parse(text)
  local blocks, lines, number = {}, {}, 0
  for line in gmatch(gsub(text, "\r\n", "\n") .. "\n", "(.-)\n") do
    number = number + 1
    if find(line, "^%s*%-%-%-@alias") and concat(lines):find "%-%-%-@alias" then
      blocks[#blocks + 1] = read(lines) -- several, one right below the other
      lines = { line }
    elseif find(line, "^%s*%-%-%-") then
      lines[#lines + 1] = line
    elseif #lines > 0 then
      local block = read(lines)
      define(block, line, number)
      blocks[#blocks + 1] = block
      lines = {}
    end
  end
  return blocks
end

---@param path string
---@return reference.Block[]
function annotations.file(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  local ok, blocks = pcall(annotations.parse, text)
  if not ok then
    error(format("%s: %s", path, blocks), 0)
  end
  return blocks
end

return annotations
