--- "Did you mean": the name of a list that is nearest to a misspelt one.

local floor, max, min = math.floor, math.max, math.min
local byte, gsub, lower = string.byte, string.gsub, string.lower

local LONGEST = 64 -- characters; what is longer is no misspelt name
local MOST_EDITS = 4

local suggest = {}

-- Case and separators are not counted: get_current_user is near getCurrentUser.
local function plain(text)
  return (gsub(lower(text), "[%s%p]", ""))
end

-- How many characters must be put in, left out, changed or swapped with their neighbour (optimal string alignment).
local function distance(a, b)
  local before
  local last = {}
  for column = 0, #b do
    last[column] = column
  end
  for line = 1, #a do
    local row = { [0] = line }
    local own = byte(a, line)
    for column = 1, #b do
      local other = byte(b, column)
      local edits = min(last[column] + 1, row[column - 1] + 1, last[column - 1] + (own == other and 0 or 1))
      if before and column > 1 and own == byte(b, column - 1) and byte(a, line - 1) == other then
        edits = min(edits, before[column - 2] + 1)
      end
      row[column] = edits
    end
    before, last = last, row
  end
  return last[#b]
end

---The nearest name, or nil where none is near enough: a third of the letters may differ, four at most.
---Among equally near ones the first in alphabetical order is taken.
---@param name string
---@param list string[]
---@return string? nearest
function suggest.nearest(name, list)
  local wanted = plain(name)
  if wanted == "" or #wanted > LONGEST then
    return nil
  end
  local limit = #wanted < 3 and 0 or min(MOST_EDITS, max(1, floor(#wanted / 3)))
  local nearest, fewest
  for _, candidate in ipairs(list) do
    local own = plain(candidate)
    if own ~= "" and #own - #wanted <= limit and #wanted - #own <= limit then
      local edits = distance(wanted, own)
      if edits <= limit and (not fewest or edits < fewest or (edits == fewest and candidate < nearest)) then
        nearest, fewest = candidate, edits
      end
    end
  end
  return nearest
end

return suggest
