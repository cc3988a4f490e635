-- luacheck: std max+busted
--- Looks into pictures, for the specs of those that draw them: their kind, their size, and with a GIF each pixel.

local mime = require "mime"

local floor = math.floor
local unpack = table.unpack or unpack

local pixels = {}

---A PNG of 60 by 40 pixels: red on the left, blue on the right.
pixels.TWO = mime.unb64 [[
iVBORw0KGgoAAAANSUhEUgAAADwAAAAoAQMAAACYdQu8AAAABlBMVEX/AAAAAP9sof2OAAAAFklEQVR42mNgYGBg/v///weGUQYtGQCPe52Bq+h6
MgAAAABJRU5ErkJggg==]]

-- A number in so many bytes, the highest first.
local function big(bytes, position, count)
  local value = 0
  for index = position, position + count - 1 do
    value = value * 256 + bytes:byte(index)
  end
  return value
end

local function little(bytes, position)
  return bytes:byte(position) + bytes:byte(position + 1) * 256
end

---@param bytes string
---@return string? kind nil for what is none of them
---@return integer? width
---@return integer? height
function pixels.size(bytes)
  if bytes:sub(1, 8) == "\137PNG\r\n\26\n" and bytes:sub(13, 16) == "IHDR" and bytes:sub(-8, -5) == "IEND" then
    return "png", big(bytes, 17, 4), big(bytes, 21, 4)
  elseif bytes:sub(1, 4) == "GIF8" then
    return "gif", little(bytes, 7), little(bytes, 9)
  elseif bytes:sub(1, 3) == "\255\216\255" then
    local frame = bytes:match "\255\192..().*$" or bytes:match "\255\194..().*$" -- its header: precision, height, width
    return "jpeg", big(bytes, frame + 3, 2), big(bytes, frame + 1, 2)
  elseif bytes:match "^RIFF....WEBP" then
    return "webp"
  end
end

-- Codes of a GIF's compressed data: a function that gives the next one of so many bits.
local function codes(data)
  local position, held, bits = 1, 0, 0
  return function(size)
    while bits < size do
      held = held + data:byte(position) * 2 ^ bits
      position, bits = position + 1, bits + 8
    end
    local code = held % 2 ^ size
    held, bits = floor(held / 2 ^ size), bits - size
    return code
  end
end

-- Undo a GIF's compression (LZW).
local function expand(data, smallest, count)
  local clear = 2 ^ smallest
  local next, size, out, words, previous = codes(data), smallest + 1, {}, nil, nil
  while #out < count do
    local code = next(size)
    if code == clear then
      words, size, previous = {}, smallest + 1, nil
      for value = 0, clear - 1 do
        words[value] = { value }
      end
      words[clear], words[clear + 1] = {}, {}
    else
      local word = words[code]
      if previous then
        local added = { unpack(previous) }
        added[#added + 1] = (word or previous)[1]
        words[#words + 1] = added
        word = word or added
        if #words + 1 == 2 ^ size and size < 12 then
          size = size + 1
        end
      end
      for _, value in ipairs(word) do
        out[#out + 1] = value
      end
      previous = word
    end
  end
  return out
end

-- Where the picture begins, behind other blocks, and the number of the transparent colour, if there is one.
local function findPicture(bytes, position)
  local transparent
  while bytes:byte(position) == 0x21 do
    if bytes:byte(position + 1) == 0xF9 and bytes:byte(position + 3) % 2 == 1 then
      transparent = bytes:byte(position + 6)
    end
    position = position + 2
    while bytes:byte(position) ~= 0 do
      position = position + bytes:byte(position) + 1
    end
    position = position + 1
  end
  return position, transparent
end

---@param bytes string a GIF
---@return fun(x: integer, y: integer): integer?, integer?, integer? red, green and blue from 0 to 255; nil where it is
--- transparent
function pixels.read(bytes)
  local _, width, height = pixels.size(bytes)
  local colors = 2 ^ (bytes:byte(11) % 8 + 1)
  local position, transparent = findPicture(bytes, 14 + colors * 3)
  local smallest, pieces = bytes:byte(position + 10), {}
  position = position + 11
  while bytes:byte(position) ~= 0 do
    local length = bytes:byte(position)
    pieces[#pieces + 1] = bytes:sub(position + 1, position + length)
    position = position + length + 1
  end
  local out = expand(table.concat(pieces), smallest, width * height)
  return function(x, y)
    local index = out[y * width + x + 1]
    if index ~= transparent then
      return bytes:byte(14 + index * 3, 16 + index * 3)
    end
  end
end

return pixels
