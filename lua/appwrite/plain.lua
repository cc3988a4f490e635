--- What servers, and what stands before them, say to people: made fit to be printed.

local utf8 = require "appwrite.utf8"

local byte, find, format, gsub, sub = string.byte, string.find, string.format, string.gsub, string.sub

local LONGEST = 2000 -- bytes

local plain = {}

-- What a terminal or a viewer of logs would act on instead of showing it: control characters but tabs and line ends,
-- line separators, and what turns the direction of text around.
local ACTIVE = { "[%z\1-\8\11\12\14-\31\127]", "\194[\128-\159]", "\226\128[\168-\174]", "\226\129[\166-\169]" }

local function escape(bytes)
  return (gsub(bytes, ".", function(one)
    return format("\\x%02X", byte(one))
  end))
end

-- Cut at a character's beginning.
local function shorten(text, most)
  if #text <= most then
    return text
  end
  local kept = sub(text, 1, most)
  return (gsub(kept, "[\192-\255]?[\128-\191]*$", "")) .. "…"
end

---A text without what would be acted on.
---@param text string UTF-8
---@param how fun(bytes: string): string what stands for it
---@return string
function plain.quiet(text, how)
  for index = 1, #ACTIVE do
    if find(text, ACTIVE[index]) then
      text = gsub(text, ACTIVE[index], how)
    end
  end
  return text
end

---A text of a server's, for people: what is no text in it is shown as `\xHH`, and it is no longer than is told.
---@param text string
---@param most integer? bytes; 2000 if not told
---@return string
function plain.text(text, most)
  text = plain.quiet(shorten(text, most or LONGEST), escape)
  return utf8.valid(text) and text or utf8.repair(text, escape)
end

return plain
