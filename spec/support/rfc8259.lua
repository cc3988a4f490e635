--- Whether a text is JSON by RFC 8259: written from its grammar, to judge the library's reader by. Two liberties of
-- lua-cjson's are taken as well, which change nothing of what is read: a number may end in its point, and a string may
-- hold control characters other than NUL.

local find, match, sub = string.find, string.match, string.sub

local rfc8259 = {}

local value

local function blank(text, at)
  return match(text, "^[ \t\r\n]*()", at)
end

-- Each takes a position and gives the one behind what it reads, or nil.
local function text_(text, at)
  at = at + 1
  while true do
    local _, last = find(text, '^[^%z"\\]+', at)
    at = (last or at - 1) + 1
    local next_ = sub(text, at, at)
    if next_ == '"' then
      return at + 1
    end
    at = match(text, '^\\["\\/bfnrt]()', at) or match(text, "^\\u%x%x%x%x()", at)
    if not at then
      return nil
    end
  end
end

local function number(text, at)
  local after = match(text, "^%-?0()", at) or match(text, "^%-?[1-9]%d*()", at)
  if not after then
    return nil
  end
  after = match(text, "^%.%d*()", after) or after
  return match(text, "^[eE][+-]?%d+()", after) or after
end

local function list(text, at, closing, item)
  at = blank(text, at + 1)
  if sub(text, at, at) == closing then
    return at + 1
  end
  while true do
    at = item(text, at)
    at = at and blank(text, at)
    local next_ = at and sub(text, at, at)
    if next_ == closing then
      return at + 1
    elseif next_ ~= "," then
      return nil
    end
    at = blank(text, at + 1)
  end
end

local function member(text, at)
  if sub(text, at, at) ~= '"' then
    return nil
  end
  at = text_(text, at)
  at = at and match(text, "^[ \t\r\n]*:[ \t\r\n]*()", at)
  return at and value(text, at)
end

function value(text, at)
  local first = sub(text, at, at)
  if first == "{" then
    return list(text, at, "}", member)
  elseif first == "[" then
    return list(text, at, "]", value)
  elseif first == '"' then
    return text_(text, at)
  end
  return match(text, "^true()", at) or match(text, "^false()", at) or match(text, "^null()", at) or number(text, at)
end

---@param text string
---@return boolean
function rfc8259.isJson(text)
  local last = value(text, blank(text, 1))
  return last ~= nil and blank(text, last) == #text + 1
end

return rfc8259
