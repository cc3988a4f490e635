--- JSON text to Lua values: lua-cjson parses, and a walk over its result puts right what the parser loses.
--
-- The parser gives an empty table for [] as for {}, and a rounded float (or a clipped integer, in OpenResty's line)
-- for a long integer. Such tokens are therefore exchanged before it reads the text: "[]" for an array of one marker, a
-- long integer for a marker. A marker is a number of up to 15 digits: its first digits do not occur in the text, the
-- rest counts. Being digits only, it does no harm inside a string, so that the text need not be tokenised; the walk
-- counts the markers it meets, and only where some are missing are they taken out of the strings. Long integers are
-- rare and dear to look for, so they are exchanged only after a first walk has met a number of their size.

local instance = require "appwrite.json.instance"
local marks = require "appwrite.json.marks"

local ARRAY, within, isInt64Text = marks.ARRAY, marks.within, marks.isInt64Text
local concat = table.concat
local find, format, gsub, rep, sub = string.find, string.format, string.gsub, string.rep, string.sub
local floor, huge, tointeger = math.floor, math.huge, math.tointeger
local next, pcall, setmetatable, tonumber, tostring, type = next, pcall, setmetatable, tonumber, tostring, type
local parse, null = instance.decode, instance.null
local loaded = package.loaded

local MARKER_DIGITS = 15 -- a float holds them exactly
local EXACT, EXACT_TEXT = 2 ^ 53, "9007199254740992" -- beyond it a float skips whole numbers
-- At the place of a value, without leading zeros; what follows decides whether it is an integer.
local LONG = "([%[:,%s])(%-?[1-9]" .. rep("%d", 15) .. "%d*)()"

local reader = {}

-- Markers -------------------------------------------------------------------------------------------------------------

-- Differs from process to process, so that nobody can write a number ahead that happens to have a marker's value.
local function seed()
  local address = tonumber(tostring({}):match("(%x+)$") or "0", 16) or 0
  return format("%d", 1e7 + (floor(address / 16) % 1e7 * 31 + os.time() + floor(os.clock() * 1e6)) % 9e7)
end

local FIRST = seed()
local USUAL_MARKER = FIRST .. "00"
local USUAL_EMPTY = tonumber(USUAL_MARKER)

local function occurrences(text, digits)
  local _, count = gsub(text, digits, "")
  return count
end

---Digits that do not occur in a text: grown from the rarest ones, so that it needs few of them.
---@param text string
---@param most integer number of digits allowed
---@return string? digits nil where every row of so many digits occurs, which takes hundreds of megabytes
function reader.absent(text, most)
  if #FIRST <= most and not find(text, FIRST, 1, true) then
    return FIRST
  end
  local digits = ""
  while #digits < most do
    local rarest, fewest
    for digit = digits == "" and 1 or 0, 9 do
      local count = occurrences(text, digits .. digit)
      if not fewest or count < fewest then
        rarest, fewest = digits .. digit, count
      end
    end
    digits = rarest
    if fewest == 0 then
      return digits
    end
  end
  return nil
end

-- A digit may be written as an escape: \u0037. What the strings will hold must be free of the marker as well.
local function withEscapedDigits(text)
  if not find(text, "\\u003", 1, true) then
    return text
  end
  return text .. "\n" .. gsub(gsub(text, "\\\\", "\\ "), "\\u003(%d)", "%1")
end

---@class appwrite.JsonJob what the walk needs to know
---@field keep boolean            keep nulls in objects
---@field marker string?         the digits that all markers begin with, where there are any
---@field width integer?          how many digits follow them
---@field zero string?            so many noughts
---@field empty number?           the marker of an empty array
---@field numbers table<number, any>? long integers by marker, where they are exchanged
---@field texts table<string, string>? by a marker's counting digits: what it stands for in the text
---@field pattern string?         a marker in a string, its counting digits captured
---@field exchanged integer       markers put in
---@field met integer             markers found as values
---@field again boolean?          a number was met that may be a rounded integer
---@field problem string?

local function longValue(digits)
  local bare = gsub(digits, "-", "")
  if tointeger or within(bare, EXACT_TEXT) or not isInt64Text(digits) then
    return tonumber(digits)
  end
  return digits
end

local function exchangeLongs(text, job)
  local source, byDigits, known = " " .. text, {}, 0
  return gsub(source, LONG, function(before, digits, after)
    if find(source, "^[.eE]", after) then
      return nil
    end
    local count = byDigits[digits]
    if not count then
      known = known + 1
      count = format("%0" .. job.width .. "d", known)
      byDigits[digits] = count
      job.texts[count] = digits
      job.numbers[tonumber(job.marker .. count)] = longValue(digits)
    end
    job.exchanged = job.exchanged + 1
    return before .. job.marker .. count
  end)
end

-- The text in pieces, between which an empty array has its inside: one piece where there is none. Steps from bracket to
-- bracket, since a pattern tried at every byte would take longer than the parser does.
local function splitAtEmpty(text)
  local pieces, count, from = {}, 0, 1
  local bracket = find(text, "[", 1, true)
  while bracket do
    local _, last = find(text, "^%s*%]", bracket + 1)
    if last then
      count = count + 1
      pieces[count] = sub(text, from, last - 1)
      from = last
    end
    bracket = find(text, "[", (last or bracket) + 1, true)
  end
  pieces[count + 1] = sub(text, from)
  return pieces
end

-- What follows from a marker's digits and its width.
local function markerOf(digits, width)
  local zero = rep("0", width)
  return {
    width = width,
    digits = digits,
    zero = zero,
    empty = tonumber(digits .. zero),
    pattern = digits .. "(" .. rep("%d", width) .. ")",
  }
end

-- By width, of the digits that nearly every text is free of.
local markers = {}

local function chooseMarker(text, job)
  -- As many counting digits as there can be long integers.
  local size = #text
  local width = size < 160 and 1 or size < 1600 and 2 or #format("%d", floor(size / 16))
  local digits = reader.absent(withEscapedDigits(text), MARKER_DIGITS - width)
  if not digits then
    return false
  end
  local marker = digits == FIRST and markers[width] or markerOf(digits, width)
  if digits == FIRST then
    markers[width] = marker
  end
  job.marker, job.width, job.empty, job.pattern = digits, width, marker.empty, marker.pattern
  job.zero, job.texts = marker.zero, { [marker.zero] = "" }
  return true
end

-- The text with markers where it needs some. Nil where there is no marker to be had.
local function exchange(text, job)
  local pieces = splitAtEmpty(text)
  if (job.numbers or #pieces > 1) and not chooseMarker(text, job) then
    return nil
  end
  if #pieces > 1 then
    job.exchanged = #pieces - 1
    text = concat(pieces, job.marker .. job.zero)
  end
  if job.numbers then
    text = exchangeLongs(text, job)
  end
  return text
end

-- The walk ------------------------------------------------------------------------------------------------------------

local function number(value, job)
  local numbers = job.numbers
  local long = numbers and numbers[value]
  if long then
    job.met = job.met + 1
    value = long
  elseif not numbers and (value >= EXACT or value <= -EXACT) then
    job.again = true
  elseif tointeger then
    value = tointeger(value) or value
  elseif value == 0 then
    value = 0 -- never -0
  end
  if value == huge or value == -huge then
    job.problem = "a number is too large for a float"
  end
  return value
end

local settle

local function settleArray(list, job)
  if list[1] == job.empty and list[2] == nil and job.empty then
    list[1] = nil
    job.met = job.met + 1
    return setmetatable(list, ARRAY)
  end
  for index = 1, #list do
    local value = list[index]
    local kind = type(value)
    if kind == "table" then
      settle(value, job)
    elseif kind == "number" then
      list[index] = number(value, job)
    end
  end
  return setmetatable(list, ARRAY)
end

-- The parser's tables are new, so they are changed in place. An object's keys are strings, an array is not empty here.
function settle(container, job)
  if container[1] ~= nil then
    return settleArray(container, job)
  end
  local keep = job.keep
  for key, value in next, container do
    local kind = type(value)
    if kind == "table" then
      settle(value, job)
    elseif kind == "number" then
      container[key] = number(value, job)
    elseif value == null and not keep then
      container[key] = nil
    end
  end
  return container
end

-- Strings that were exchanged by mistake ------------------------------------------------------------------------------

local function restoreString(text, job)
  return (gsub(text, job.pattern, job.texts))
end

local function restore(container, job)
  local renamed
  for key, value in next, container do
    local kind = type(value)
    if kind == "table" then
      restore(value, job)
    elseif kind == "string" then
      container[key] = restoreString(value, job)
    end
    if type(key) == "string" and find(key, job.pattern) then
      renamed = renamed or {}
      renamed[key] = restoreString(key, job)
    end
  end
  for key, own in next, renamed or {} do
    container[own], container[key] = container[key], nil
  end
end

local function settleAll(value, job)
  local kind = type(value)
  if kind == "number" then
    return number(value, job)
  elseif kind == "string" then
    return job.exchanged > 0 and restoreString(value, job) or value
  elseif kind == "table" then
    settle(value, job)
    if job.met < job.exchanged then
      restore(value, job)
    end
  end
  return value
end

-- Problems ------------------------------------------------------------------------------------------------------------

local TOKENS = {
  T_OBJ_BEGIN = '"{"', T_OBJ_END = '"}"', T_ARR_BEGIN = '"["', T_ARR_END = '"]"', T_STRING = "a string",
  T_NUMBER = "a number", T_INTEGER = "a number", T_BOOLEAN = "a boolean", T_NULL = "null", T_COLON = "a colon",
  T_COMMA = "a comma", T_END = "the end of the text",
}

-- The parser's own words say what and where, in names of its source.
local function problemOf(message)
  message = gsub(tostring(message), "T_%u+_?%u*", TOKENS)
  return (gsub(message, "^E", "e"))
end

-- Debian's line takes -.5 for a number, OpenResty's does not, and neither does JSON. Outside of strings, where is one?
local function bareFraction(text)
  if not find(text, "-.", 1, true) then
    return nil
  end
  local bare = gsub(gsub(text, "\\.", "  "), '"[^"]*"', function(quoted)
    return rep(" ", #quoted)
  end)
  return find(bare, "-.", 1, true)
end

-- One reading. A problem is nil where all is well; `again` asks for another with long integers exchanged.
local function read(text, keep, numbers)
  local job = { keep = keep, numbers = numbers, exchanged = 0, met = 0 }
  local marked = exchange(text, job)
  if not marked then
    return nil, format("a text of %d bytes is too large to be read exactly", #text)
  end
  local parsed, value = pcall(parse, marked)
  if not parsed then
    -- Once more as it came, so that the place in the message is the right one.
    local _, message = pcall(parse, text)
    return nil, problemOf(message)
  end
  return settleAll(value, job), job.problem, job.again
end

-- Nearly every text by way of the core, which is loaded where texts come over the network. Nil for one that needs all
-- that is above: with long integers, a marker of its own, or a fault, or one that is no object or array.
local function readUsual(core, text, keep)
  local marked, count = core.exchange(text, USUAL_MARKER)
  if not marked then
    return nil
  end
  local parsed, value = pcall(parse, marked)
  if not parsed or type(value) ~= "table" then
    return nil
  end
  local met, again = core.settle(value, ARRAY, keep, count > 0 and USUAL_EMPTY or nil)
  return met == count and not again and value or nil
end

---@param text string
---@param keep boolean keep nulls in objects
---@return any value nil where the text is not JSON
---@return string? problem
function reader.decode(text, keep)
  local core = loaded["appwrite.core"]
  local usual = core and readUsual(core, text, keep)
  if usual then
    return usual
  end
  local nul = find(text, "\0", 1, true)
  if nul then
    return nil, format("found a NUL byte at character %d", nul)
  end
  local bare = bareFraction(text)
  if bare then
    return nil, format("expected value but found invalid number at character %d", bare)
  end
  local value, problem, again = read(text, keep)
  if again then
    value, problem = read(text, keep, {})
  end
  if problem then
    return nil, problem
  end
  return value
end

return reader
