--- Names that may have been meant by a misspelt one, and how the real server's GraphQL library says so.

local concat, floor, min, sort = table.concat, math.floor, math.min, table.sort
local byte, format, lower = string.byte, string.format, string.lower

local MOST = 5 -- names that are told

local suggest = {}

-- Levenshtein's distance.
local function distance(a, b)
  local row = {}
  for column = 0, #b do
    row[column] = column
  end
  for line = 1, #a do
    local diagonal = row[0]
    row[0] = line
    for column = 1, #b do
      local above = row[column]
      local cost = byte(a, line) == byte(b, column) and 0 or 1
      row[column] = min(above + 1, row[column - 1] + 1, diagonal + cost)
      diagonal = above
    end
  end
  return row[#b]
end

---@param given string
---@param names string[]
---@return string hint ` Did you mean "a" or "b"?`, or "" where nothing is near
function suggest.hint(given, names)
  local near = {}
  for index, name in ipairs(names) do
    local far = distance(lower(given), lower(name))
    if far <= floor(#given * 0.4 + 1) then
      near[#near + 1] = { name = format('"%s"', name), far = far, index = index }
    end
  end
  sort(near, function(a, b) return a.far < b.far or a.far == b.far and a.index < b.index end)
  local shown = {}
  for index = 1, min(MOST, #near) do
    shown[index] = near[index].name
  end
  if #shown > 1 then
    shown[#shown] = "or " .. shown[#shown]
  end
  return shown[1] and format(" Did you mean %s?", concat(shown, #shown > 2 and ", " or " ")) or ""
end

return suggest
