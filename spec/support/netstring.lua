--- Lists of byte strings as one string ("5:bytes,0:,"): how a spec and its servers tell each other things. Any byte may
-- be in them, and a reader needs no parser of its own.

local concat, find, format, sub = table.concat, string.find, string.format, string.sub

local netstring = {}

---@param list any[] made strings by tostring
---@return string
function netstring.encode(list)
  local pieces = {}
  for index = 1, #list do
    local text = tostring(list[index])
    pieces[index] = #text .. ":" .. text .. ","
  end
  return concat(pieces)
end

---@param text string
---@return string[]
function netstring.decode(text)
  local list, position = {}, 1
  while position <= #text do
    local _, colon, length = find(text, "^(%d+):", position)
    local last = colon and colon + tonumber(length)
    if not last or sub(text, last + 1, last + 1) ~= "," then
      error(format("no netstring at byte %d of %d", position, #text), 2)
    end
    list[#list + 1] = sub(text, colon + 1, last)
    position = last + 2
  end
  return list
end

return netstring
