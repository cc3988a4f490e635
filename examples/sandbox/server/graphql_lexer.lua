--- Takes a GraphQL document apart into its tokens (section 2.1 of the specification of October 2021).

local json = require "server.json"

local byte, find, format, gsub, match, sub =
  string.byte, string.find, string.format, string.gsub, string.match, string.sub

---@class graphql.Token
---@field kind "name"|"punctuator"|"int"|"float"|"string"|"end"
---@field text string of a string: what it stands for
---@field at integer position of its first byte

---@class graphql.Problem what is wrong with a document
---@field message string
---@field at? integer position in the document
---@field path? string[]
---@field category string "graphql", or "appwrite" for what the API refused
local Problem = { __name = "graphql.Problem" }

local lexer = {}

---Raise what is wrong with a document.
---@param message string
---@param at? integer
function lexer.fail(message, at)
  error(setmetatable({ message = message, at = at, category = "graphql" }, Problem), 0)
end

---@param message string
---@param at? integer
---@return graphql.Problem
function lexer.problem(message, at)
  return setmetatable({ message = message, at = at, category = "graphql" }, Problem)
end

function lexer.isProblem(value)
  return getmetatable(value) == Problem
end

local fail = lexer.fail

---Line and column of a position, both from 1.
---@param text string
---@param at integer
---@return integer line
---@return integer column
function lexer.locate(text, at)
  local before = sub(text, 1, at - 1)
  local _, breaks = gsub(before, "\n", "")
  return breaks + 1, #match(before, "[^\n]*$") + 1
end

-- Blanks, line ends, commas, a byte order mark and comments mean nothing.
local function skip(text, position)
  while true do
    position = find(text, "[^ \t\r\n,]", position) or #text + 1
    if sub(text, position, position + 2) == "\239\187\191" then
      position = position + 3
    elseif byte(text, position) == 35 then -- "#"
      position = find(text, "[\r\n]", position) or #text + 1
    else
      return position
    end
  end
end

local ESCAPES = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

-- An escape of a string, by way of JSON, which writes them alike.
local function unescape(text, at)
  local letter = sub(text, at + 1, at + 1)
  if ESCAPES[letter] then
    return ESCAPES[letter], at + 2
  end
  local pair = match(text, "^\\u%x%x%x%x\\u[Dd][CcDdEeFf]%x%x", at)
  local digits = pair and json.decode('"' .. pair .. '"') and pair or match(text, "^\\u%x%x%x%x", at)
  local value = digits and json.decode('"' .. digits .. '"')
  if not value then
    fail("Syntax Error: Invalid character escape sequence: " .. sub(text, at, at + 1), at)
  end
  return value, at + #digits
end

local function readString(text, at)
  local pieces, position = {}, at + 1
  while true do
    local stop = find(text, '[%z\1-\8\10-\31"\\]', position)
    if not stop or byte(text, stop) ~= 34 and byte(text, stop) ~= 92 then
      fail("Syntax Error: Unterminated string.", stop or #text + 1)
    end
    pieces[#pieces + 1] = sub(text, position, stop - 1)
    if byte(text, stop) == 34 then
      return table.concat(pieces), stop + 1
    end
    pieces[#pieces + 1], position = unescape(text, stop)
  end
end

-- Lines of a block string without their common indent and without empty ones at both ends.
local function dedent(raw)
  local lines, indent = {}, nil
  for line in (gsub(raw, "\r\n?", "\n") .. "\n"):gmatch "([^\n]*)\n" do
    lines[#lines + 1] = line
    local blanks, rest = match(line, "^([ \t]*)(.*)$")
    if #lines > 1 and rest ~= "" and (not indent or #blanks < indent) then
      indent = #blanks
    end
  end
  for index = 2, #lines do
    lines[index] = sub(lines[index], (indent or 0) + 1)
  end
  while lines[1] and not find(lines[1], "[^ \t]") do
    table.remove(lines, 1)
  end
  while lines[1] and not find(lines[#lines], "[^ \t]") do
    lines[#lines] = nil
  end
  return table.concat(lines, "\n")
end

local function readBlock(text, at)
  local from, position = at + 3, at + 3
  while true do
    local stop = find(text, '"""', position, true) or fail("Syntax Error: Unterminated string.", #text + 1)
    if sub(text, stop - 1, stop - 1) ~= "\\" then
      return dedent((gsub(sub(text, from, stop - 1), '\\"""', '"""'))), stop + 3
    end
    position = stop + 3
  end
end

local function readNumber(text, at)
  local whole = match(text, "^-?%d+", at)
  if not whole or find(whole, "^-?0%d") then
    fail("Syntax Error: Invalid number", at)
  end
  local position = at + #whole
  local fraction = match(text, "^%.%d+", position) or ""
  local exponent = match(text, "^[eE][-+]?%d+", position + #fraction) or ""
  position = position + #fraction + #exponent
  if find(text, "^[%w_.]", position) then
    fail("Syntax Error: Invalid number", at)
  end
  return fraction == "" and exponent == "" and "int" or "float", whole .. fraction .. exponent, position
end

local function readToken(text, at)
  local first = sub(text, at, at)
  if find(first, "[%a_]") then
    local name = match(text, "^[%w_]+", at)
    return "name", name, at + #name
  elseif find(first, "[-%d]") then
    return readNumber(text, at)
  elseif sub(text, at, at + 2) == '"""' then
    return "string", readBlock(text, at)
  elseif first == '"' then
    return "string", readString(text, at)
  elseif sub(text, at, at + 2) == "..." then
    return "punctuator", "...", at + 3
  elseif find(first, "[!$&()%[%]{}:=@|]") then
    return "punctuator", first, at + 1
  end
  local character = match(text, "^[%z\1-\127\194-\244][\128-\191]*", at) or first
  fail(format('Syntax Error: Cannot parse the unexpected character "%s".', character), at)
end

---@param text string the document
---@return graphql.Token[] the last of kind "end"; raises a graphql.Problem
function lexer.read(text)
  local tokens, position = {}, skip(text, 1)
  while position <= #text do
    local kind, value, behind = readToken(text, position)
    tokens[#tokens + 1] = { kind = kind, text = value, at = position }
    position = skip(text, behind)
  end
  tokens[#tokens + 1] = { kind = "end", text = "<EOF>", at = #text + 1 }
  return tokens
end

return lexer
