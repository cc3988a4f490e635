--- QR codes (ISO/IEC 18004) of a text: for the address of an authenticator app, drawn in a terminal or by a game.
--
-- Bytes only, at the lowest level of error correction, as screens need no more. Made here and not by the server's
-- avatars.getQr, whose request would carry the secret in its URL, where logs keep it.

local argument = require "appwrite.argument"

local byte, format, gmatch, gsub, rep, sub = string.byte, string.format, string.gmatch, string.gsub, string.rep,
  string.sub
local abs, ceil, floor, min = math.abs, math.ceil, math.floor, math.min
local concat, error, type = table.concat, error, type

local LARGEST = 40 -- version
local QUIET = 4 -- modules of margin that scanners need
local MASKS = 8

-- By version, at level L: how many blocks, and how many bytes of each are for error correction.
local BLOCKS = {
  1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19,
  20, 21, 22, 24, 25,
}
local CHECKS = {
  7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30,
  30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
}
-- By mask, from 0: the 15 bits that name level L and the mask, with their own error correction.
local FORMATS = { 0x77C4, 0x72F3, 0x7DAA, 0x789D, 0x662F, 0x6318, 0x6C41, 0x6976 }
local VERSION_POLYNOMIAL = 0x1F25 -- of the 18 bits that name a version

-- Arithmetic, on every Lua: 5.1 has no operators for bits -------------------------------------------------------------

local function xorBits(a, b)
  local result, place = 0, 1
  while a > 0 or b > 0 do
    if a % 2 ~= b % 2 then
      result = result + place
    end
    a, b, place = floor(a / 2), floor(b / 2), place * 2
  end
  return result
end

local NIBBLES = {}
for a = 0, 15 do
  for b = 0, 15 do
    NIBBLES[a * 16 + b] = xorBits(a, b)
  end
end

local function xor(a, b)
  local lowA, lowB = a % 16, b % 16
  return NIBBLES[(a - lowA) + (b - lowB) / 16] * 16 + NIBBLES[lowA * 16 + lowB]
end

-- Powers and logarithms of 2 in the field of 256 elements that QR codes count in.
local POWER, LOG = {}, {}
do
  local value = 1
  for exponent = 0, 254 do
    POWER[exponent], LOG[value] = value, exponent
    value = value * 2
    if value > 255 then
      value = xorBits(value, 0x11D)
    end
  end
end

local function times(a, b)
  if a == 0 or b == 0 then
    return 0
  end
  return POWER[(LOG[a] + LOG[b]) % 255]
end

-- The polynomial whose roots are the first `degree` powers of 2, without its leading 1.
local function generator(degree)
  local factors = {}
  for index = 1, degree do
    factors[index] = index == degree and 1 or 0
  end
  for exponent = 0, degree - 1 do
    for index = 1, degree do
      factors[index] = xor(times(factors[index], POWER[exponent]), factors[index + 1] or 0)
    end
  end
  return factors
end

local function checksOf(data, factors)
  local degree = #factors
  local rest = {}
  for index = 1, degree do
    rest[index] = 0
  end
  for _, value in ipairs(data) do
    local factor = xor(value, table.remove(rest, 1))
    rest[degree] = 0
    for index = 1, degree do
      rest[index] = xor(rest[index], times(factors[index], factor))
    end
  end
  return rest
end

-- From the text to the bytes of the code ------------------------------------------------------------------------------

local function alignments(version)
  if version == 1 then
    return {}
  end
  local count, last = floor(version / 7) + 2, version * 4 + 10
  local step = version == 32 and 26 or ceil((last - 6) / (2 * count - 2)) * 2
  local places = { 6 }
  for index = 2, count do
    places[index] = last - (count - index) * step
  end
  return places
end

-- Bytes that a version holds, those of error correction among them.
local function bytesOf(version)
  local modules = (16 * version + 128) * version + 64
  local count = #alignments(version)
  if count > 0 then
    modules = modules - ((25 * count - 10) * count - 55)
  end
  return floor((version >= 7 and modules - 36 or modules) / 8)
end

local function dataBytesOf(version)
  return bytesOf(version) - BLOCKS[version] * CHECKS[version]
end

-- Before the text stand 4 bits for "bytes", and its length in 8 bits, or 16 from version 10 on.
local function versionFor(length)
  for version = 1, LARGEST do
    if length + (version < 10 and 2 or 3) <= dataBytesOf(version) then
      return version
    end
  end
  return nil
end

-- The text, half a byte behind where it would lie, since the word for its kind has 4 bits.
local function dataOf(text, version)
  local halves = { 4 }
  for shift = version < 10 and 1 or 3, 0, -1 do
    halves[#halves + 1] = floor(#text / 16 ^ shift) % 16
  end
  for index = 1, #text do
    local value = byte(text, index)
    halves[#halves + 1] = floor(value / 16)
    halves[#halves + 1] = value % 16
  end
  halves[#halves + 1] = 0
  local data = {}
  for index = 1, #halves, 2 do
    data[#data + 1] = halves[index] * 16 + halves[index + 1]
  end
  local padding = 0xEC
  for index = #data + 1, dataBytesOf(version) do
    data[index] = padding
    padding = 0xEC + 0x11 - padding
  end
  return data
end

-- Blocks are woven into one another; the last ones may be a byte longer.
local function weave(blocks, longest)
  local woven = {}
  for index = 1, longest do
    for _, block in ipairs(blocks) do
      woven[#woven + 1] = block[index]
    end
  end
  return woven
end

local function codewords(data, version)
  local count, degree = BLOCKS[version], CHECKS[version]
  local length, factors = floor(#data / count), generator(degree)
  local short = count - #data % count
  local blocks, checks, from = {}, {}, 1
  for index = 1, count do
    local block = {}
    for _ = 1, length + (index > short and 1 or 0) do
      block[#block + 1] = data[from]
      from = from + 1
    end
    blocks[index], checks[index] = block, checksOf(block, factors)
  end
  local all = weave(blocks, length + 1)
  for _, value in ipairs(weave(checks, degree)) do
    all[#all + 1] = value
  end
  return all
end

-- From the bytes to the picture; rows and columns are counted from 0 --------------------------------------------------

-- `dark` has a value for each module that is drawn; `fixed` those that no mask changes.
local function newGrid(size)
  local grid = { size = size, dark = {}, fixed = {} }
  for row = 0, size - 1 do
    grid.dark[row], grid.fixed[row] = {}, {}
  end
  return grid
end

local function fix(grid, row, column, dark)
  if row >= 0 and row < grid.size and column >= 0 and column < grid.size then
    grid.dark[row][column], grid.fixed[row][column] = dark, true
  end
end

-- Squares around a centre; `light` are the rings without ink.
local function fixRings(grid, row, column, radius, light)
  for y = -radius, radius do
    for x = -radius, radius do
      local ring = abs(x) > abs(y) and abs(x) or abs(y)
      fix(grid, row + y, column + x, not light[ring])
    end
  end
end

local function bit(value, index)
  return floor(value / 2 ^ index) % 2 == 1
end

local function fixFormat(grid, value)
  local size = grid.size
  for index = 0, 14 do
    local dark = bit(value, index)
    local row = index < 6 and index or index < 8 and index + 1 or size - 15 + index
    fix(grid, row, 8, dark)
    local column = index < 8 and size - 1 - index or index == 8 and 7 or 14 - index
    fix(grid, 8, column, dark)
  end
  fix(grid, size - 8, 8, true)
end

local function fixVersion(grid, version)
  if version < 7 then
    return
  end
  local rest = version
  for _ = 1, 12 do
    rest = rest * 2
    rest = rest >= 0x1000 and xorBits(rest, VERSION_POLYNOMIAL) or rest
  end
  local value = version * 0x1000 + rest
  for index = 0, 17 do
    local along, across = floor(index / 3), grid.size - 11 + index % 3
    fix(grid, along, across, bit(value, index))
    fix(grid, across, along, bit(value, index))
  end
end

local FINDER_LIGHT, ALIGNMENT_LIGHT = { [2] = true, [4] = true }, { [1] = true }

local function fixPatterns(grid, version)
  local last = grid.size - 1
  for index = 0, last do
    fix(grid, 6, index, index % 2 == 0)
    fix(grid, index, 6, index % 2 == 0)
  end
  for _, at in ipairs { { 3, 3 }, { 3, last - 3 }, { last - 3, 3 } } do
    fixRings(grid, at[1], at[2], 4, FINDER_LIGHT)
  end
  local places = alignments(version)
  for _, row in ipairs(places) do
    for _, column in ipairs(places) do
      local inFinder = row == 6 and (column == 6 or column == last - 6) or row == last - 6 and column == 6
      if not inFinder then
        fixRings(grid, row, column, 2, ALIGNMENT_LIGHT)
      end
    end
  end
  fixFormat(grid, 0)
  fixVersion(grid, version)
end

-- In columns of two modules from the right, up and down by turns, past the dotted column.
local function place(grid, bytes)
  local size, index = grid.size, 0
  for turn = 0, (size - 3) / 2 do
    local right = size - 1 - turn * 2
    right = right <= 6 and right - 1 or right
    for step = 0, size - 1 do
      local row = turn % 2 == 0 and size - 1 - step or step
      for column = right, right - 1, -1 do
        if not grid.fixed[row][column] then
          local value = bytes[floor(index / 8) + 1]
          grid.dark[row][column] = value ~= nil and bit(value, 7 - index % 8)
          index = index + 1
        end
      end
    end
  end
end

local MASK = {
  [0] = function(row, column) return (row + column) % 2 == 0 end,
  function(row) return row % 2 == 0 end,
  function(_, column) return column % 3 == 0 end,
  function(row, column) return (row + column) % 3 == 0 end,
  function(row, column) return (floor(row / 2) + floor(column / 3)) % 2 == 0 end,
  function(row, column) return row * column % 2 + row * column % 3 == 0 end,
  function(row, column) return (row * column % 2 + row * column % 3) % 2 == 0 end,
  function(row, column) return ((row + column) % 2 + row * column % 3) % 2 == 0 end,
}

-- Lines of "1" and "0", of the rows and of the columns.
local function masked(grid, mask)
  fixFormat(grid, FORMATS[mask + 1])
  local rows, columns, hides = {}, {}, MASK[mask]
  for row = 0, grid.size - 1 do
    local line = {}
    for column = 0, grid.size - 1 do
      local dark = grid.dark[row][column]
      if not grid.fixed[row][column] and hides(row, column) then
        dark = not dark
      end
      line[column + 1] = dark and "1" or "0"
      columns[column + 1] = columns[column + 1] or {}
      columns[column + 1][row + 1] = line[column + 1]
    end
    rows[row + 1] = concat(line)
  end
  for index, column in ipairs(columns) do
    columns[index] = concat(column)
  end
  return rows, columns
end

-- How hard a code is to read, by the four rules of the standard -------------------------------------------------------

local function runPenalty(line)
  local sum = 0
  for _, digit in ipairs { "0", "1" } do
    for run in gmatch(line, rep(digit, 5) .. digit .. "*") do
      sum = sum + #run - 2
    end
  end
  for index = 1, #line - 10 do
    local part = sub(line, index, index + 10)
    sum = sum + ((part == "10111010000" or part == "00001011101") and 40 or 0)
  end
  return sum
end

local function squarePenalty(above, below)
  local sum = 0
  for index = 1, #above - 1 do
    local pair = sub(above, index, index + 1)
    if (pair == "00" or pair == "11") and sub(below, index, index + 1) == pair then
      sum = sum + 3
    end
  end
  return sum
end

local function penalty(rows, columns)
  local sum, dark = 0, 0
  for index, row in ipairs(rows) do
    sum = sum + runPenalty(row) + runPenalty(columns[index]) + (rows[index + 1] and squarePenalty(row, rows[index + 1])
      or 0)
    dark = dark + select(2, gsub(row, "1", ""))
  end
  local percent = dark * 100 / (#rows * #rows)
  return sum + 10 * min(floor(abs(percent - 50) / 5), 10)
end

local function draw(text, version, wanted)
  local grid = newGrid(version * 4 + 17)
  fixPatterns(grid, version)
  place(grid, codewords(dataOf(text, version), version))
  if wanted then
    return (masked(grid, wanted))
  end
  local best, least
  for mask = 0, MASKS - 1 do
    local rows, columns = masked(grid, mask)
    local sum = penalty(rows, columns)
    if not least or sum < least then
      best, least = rows, sum
    end
  end
  return best
end

-- For programs --------------------------------------------------------------------------------------------------------

---@class appwrite.QR
local QR = {}

local function check(where, text)
  if not argument.isText(text) then
    -- Not what was given: it may hold a secret.
    return format("%s: the text must be a string that is not empty, got %s", where,
      text == "" and "an empty one" or type(text))
  elseif not versionFor(#text) then
    return format("%s: a QR code holds %d bytes at most, got %d", where, dataBytesOf(LARGEST) - 3, #text)
  end
  return nil
end

---The code as rows of modules, without a margin (a scanner needs 4 light modules around it).
---@param text string 2953 bytes at most
---@param mask integer? 0 to 7; without it the one that is read best
---@return string[] rows from the top; "1" is a dark module, "0" a light one
function QR.rows(text, mask)
  local problem = check("QR.rows", text)
  if problem == nil and mask ~= nil and not MASK[mask] then
    problem = argument.wrong("QR.rows", "mask", "a whole number from 0 to 7", mask)
  end
  if problem then
    error(problem, 2)
  end
  return draw(text, versionFor(#text), mask)
end

-- Two rows of modules are one line of text; what is light is drawn, as terminals are dark.
local BLOCK = { ["00"] = "█", ["01"] = "▀", ["10"] = "▄", ["11"] = " " }

---The code as lines of text for a terminal, its margin included. Light modules are drawn as blocks.
---@param text string 2953 bytes at most
---@param given { invert: boolean? }? invert: for terminals with dark letters on a light ground
---@return string lines each ends with a line break
function QR.text(text, given)
  local problem = check("QR.text", text)
  if problem == nil and given ~= nil and type(given) ~= "table" then
    problem = argument.wrong("QR.text", "options", "a table", given)
  end
  if problem then
    error(problem, 2)
  end
  local rows, lines = draw(text, versionFor(#text)), {}
  local width = #rows + 2 * QUIET
  local empty, side = rep("0", width), rep("0", QUIET)
  local function row(index)
    return rows[index] and side .. rows[index] .. side or empty
  end
  for index = 1 - QUIET, #rows + QUIET, 2 do
    local above, below, line = row(index), row(index + 1), {}
    for column = 1, width do
      local pair = sub(above, column, column) .. sub(below, column, column)
      line[column] = BLOCK[given and given.invert and gsub(pair, "%d", { ["0"] = "1", ["1"] = "0" }) or pair]
    end
    lines[#lines + 1] = concat(line)
  end
  return concat(lines, "\n") .. "\n"
end

return argument.closed("QR", QR)
