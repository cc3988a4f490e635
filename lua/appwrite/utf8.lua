--- UTF-8 as the server reads it (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.

local builtin = rawget(_G, "utf8")
local len = builtin and builtin.len
local concat, find, gsub, sub = table.concat, string.find, string.gsub, string.sub

local utf8 = {}

-- What may follow a first byte. The first continuation byte is where overlong forms and surrogates show.
local FORMS = {
  { 0xC2, 0xDF, "^[\128-\191]" },
  { 0xE0, 0xE0, "^[\160-\191][\128-\191]" },
  { 0xE1, 0xEC, "^[\128-\191][\128-\191]" },
  { 0xED, 0xED, "^[\128-\159][\128-\191]" },
  { 0xEE, 0xEF, "^[\128-\191][\128-\191]" },
  { 0xF0, 0xF0, "^[\144-\191][\128-\191][\128-\191]" },
  { 0xF1, 0xF3, "^[\128-\191][\128-\191][\128-\191]" },
  { 0xF4, 0xF4, "^[\128-\143][\128-\191][\128-\191]" },
}

local rest = {}
for _, form in ipairs(FORMS) do
  for first = form[1], form[2] do
    rest[first] = form[3]
  end
end

local function badByte(text, position)
  local _
  while position do
    local pattern, last = rest[text:byte(position)], nil
    if pattern then
      _, last = find(text, pattern, position + 1)
    end
    if not last then
      return position
    end
    position = find(text, "[\128-\255]", last + 1)
  end
  return nil
end

---@param text string
---@return boolean valid
---@return integer? position of the first byte of what is not UTF-8
function utf8.valid(text)
  -- Much faster where Lua has it. Lua 5.3 lets surrogates through, and only they begin with ED A0 to ED BF.
  if len and len(text) and not (find(text, "\237", 1, true) and find(text, "\237[\160-\191]")) then
    return true
  end
  local position = find(text, "[\128-\255]")
  if not position then
    return true
  end
  position = badByte(text, position)
  if position then
    return false, position
  end
  return true
end

---Put something else in the place of each byte that is no part of UTF-8.
---@param text string
---@param replace fun(byte: string): string
---@return string text valid UTF-8, where what was put in is
function utf8.repair(text, replace)
  local at, from, pieces = badByte(text, find(text, "[\128-\255]")), 1, {}
  while at do
    pieces[#pieces + 1] = sub(text, from, at - 1)
    pieces[#pieces + 1] = replace(sub(text, at, at))
    from = at + 1
    at = badByte(text, find(text, "[\128-\255]", from))
  end
  pieces[#pieces + 1] = sub(text, from)
  return concat(pieces)
end

---@param text string valid UTF-8
---@return integer characters (code points)
function utf8.len(text)
  local _, count = gsub(text, "[^\128-\191]", "")
  return count
end

return utf8
