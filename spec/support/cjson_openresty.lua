--- A stand-in for OpenResty's line of lua-cjson, which few systems package: what that line does differently from the
-- one of 2012, as far as a program can tell from decoding and from encoding strings.
--
--   integers are integers where Lua has them, and are clipped to 64 bits
--   array_mt, empty_array_mt and empty_array
--   decode_array_with_array_mt
--   encode_escape_forward_slash, which is one setting for all instances

local cjson = require "cjson"

local ARRAY_MT, EMPTY_ARRAY_MT = {}, {}
-- Lua cannot make a light userdata; a coroutine is as good as one: a value of a kind that JSON does not have.
local EMPTY_ARRAY = coroutine.create(function() end)

local shared = { escapeSlash = true }

local ESCAPED = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }
local NAMES = {
  ["{"] = "T_OBJ_BEGIN", ["}"] = "T_OBJ_END", ["["] = "T_ARR_BEGIN", ["]"] = "T_ARR_END", [":"] = "T_COLON",
  [","] = "T_COMMA", ['"'] = "T_STRING", t = "T_BOOLEAN", f = "T_BOOLEAN", n = "T_NULL",
}

local Parser = {}
Parser.__index = Parser

function Parser:skip()
  self.at = self.text:find("[^ \t\r\n]", self.at) or #self.text + 1
  return self.text:sub(self.at, self.at)
end

function Parser:fail(expected, found, at)
  error(("Expected %s but found %s at character %d"):format(expected, found, at or self.at), 0)
end

-- What stands here, in the parser's words for it.
function Parser:found()
  local first = self:skip()
  if first == "" then
    return "T_END"
  elseif first:find "%d" then
    return "T_INTEGER"
  end
  return NAMES[first] or "invalid token"
end

local function utf8(code)
  if code < 0x80 then
    return string.char(code)
  elseif code < 0x800 then
    return string.char(0xC0 + math.floor(code / 64), 0x80 + code % 64)
  elseif code < 0x10000 then
    return string.char(0xE0 + math.floor(code / 4096), 0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
  end
  return string.char(0xF0 + math.floor(code / 262144), 0x80 + math.floor(code / 4096) % 64,
    0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
end

-- The character of \uXXXX at a place, with its second half where it is a surrogate, and where it ends.
function Parser:unicode(at)
  local code = tonumber(self.text:match("^\\u(%x%x%x%x)", at) or "", 16)
  if not code or (code >= 0xDC00 and code <= 0xDFFF) then
    return nil
  end
  if code < 0xD800 or code > 0xDBFF then
    return utf8(code), at + 6
  end
  local low = tonumber(self.text:match("^\\u(%x%x%x%x)", at + 6) or "", 16)
  if not low or low < 0xDC00 or low > 0xDFFF then
    return nil
  end
  return utf8(0x10000 + (code - 0xD800) * 1024 + low - 0xDC00), at + 12
end

function Parser:string(expected)
  local pieces, at = {}, self.at + 1
  while true do
    local plain, stop = self.text:match('^([^"\\%z]*)()', at)
    pieces[#pieces + 1] = plain
    local next = self.text:sub(stop, stop)
    if next == '"' then
      self.at = stop + 1
      return table.concat(pieces)
    elseif next ~= "\\" then
      self:fail(expected, "unexpected end of string", stop)
    end
    local kind = self.text:sub(stop + 1, stop + 1)
    if kind == "u" then
      local character, after = self:unicode(stop)
      if not character then
        self:fail(expected, "invalid unicode escape code", stop)
      end
      pieces[#pieces + 1], at = character, after
    elseif ESCAPED[kind] then
      pieces[#pieces + 1], at = ESCAPED[kind], stop + 2
    else
      self:fail(expected, "invalid escape code", stop)
    end
  end
end

local function clipped(digits)
  local value = tonumber(digits)
  if math.type then
    if math.type(value) == "integer" then
      return value
    end
    return value < 0 and math.mininteger or math.maxinteger
  end
  return math.max(-2 ^ 63, math.min(2 ^ 63, value)) + 0
end

function Parser:number()
  local text, at = self.text, self.at
  local body = text:match("^%-?(.?.?.?)", at):lower()
  if not self.config.invalidNumbers and (body:find "^0[%dx]" or body == "inf" or body == "nan") then
    self:fail("value", "invalid number")
  end
  local digits, after = text:match("^(%-?%d+)()", at)
  if not digits then
    self:fail("value", "invalid number")
  end
  if not text:find("^[.eE]", after) then
    self.at = after
    return digits == "-0" and 0 or clipped(digits)
  end
  local float = text:match("^%-?%d+%.?%d*", at)
  float = float .. (text:match("^[eE][+-]?%d+", at + #float) or "")
  self.at = at + #float
  -- As strtod does, also where LuaJIT's tonumber refuses an exponent of that many digits.
  float = float:gsub("([eE][+-]?)0+(%d)", "%1%2"):gsub("([eE][+-]?)%d%d%d%d%d+$", "%19999")
  return tonumber(float) + 0.0
end

function Parser:descend()
  self.depth = self.depth + 1
  if self.depth > self.config.maxDepth then
    error(("Found too many nested data structures (%d) at character %d"):format(self.depth, self.at), 0)
  end
end

function Parser:object()
  self:descend()
  local object = {}
  self.at = self.at + 1
  if self:skip() == "}" then
    self.at, self.depth = self.at + 1, self.depth - 1
    return object
  end
  while true do
    if self:skip() ~= '"' then
      self:fail("object key string", self:found())
    end
    local key = self:string "object key string"
    if self:skip() ~= ":" then
      self:fail("colon", self:found())
    end
    self.at = self.at + 1
    object[key] = self:value()
    local next = self:skip()
    if next ~= "}" and next ~= "," then
      self:fail("comma or object end", self:found())
    end
    self.at = self.at + 1
    if next == "}" then
      self.depth = self.depth - 1
      return object
    end
  end
end

function Parser:array()
  self:descend()
  local array = setmetatable({}, self.config.arrayMt and ARRAY_MT or nil)
  self.at = self.at + 1
  if self:skip() == "]" then
    self.at, self.depth = self.at + 1, self.depth - 1
    return array
  end
  for index = 1, math.huge do
    array[index] = self:value()
    local next = self:skip()
    if next ~= "]" and next ~= "," then
      self:fail("comma or array end", self:found())
    end
    self.at = self.at + 1
    if next == "]" then
      self.depth = self.depth - 1
      return array
    end
  end
end

local WORDS = { { "true", true }, { "false", false }, { "null", cjson.null } }

function Parser:value()
  local first = self:skip()
  if first == "{" then
    return self:object()
  elseif first == "[" then
    return self:array()
  elseif first == '"' then
    return self:string "value"
  elseif first:find "[%d-]" then
    return self:number()
  end
  for _, word in ipairs(WORDS) do
    if self.text:sub(self.at, self.at + #word[1] - 1) == word[1] then
      self.at = self.at + #word[1]
      return word[2]
    end
  end
  self:fail("value", first:find "[tfn]" and "invalid token" or self:found())
end

local function decode(config, text)
  local parser = setmetatable({ text = text, at = 1, depth = 0, config = config }, Parser)
  local value = parser:value()
  local rest = parser:skip()
  if rest ~= "" and rest ~= "\0" then
    parser:fail("the end", parser:found())
  end
  return value
end

local function encode(text)
  if type(text) ~= "string" then
    error("the stand-in encodes strings only, got " .. type(text), 2)
  end
  local short = { ["\b"] = "\\b", ["\t"] = "\\t", ["\n"] = "\\n", ["\f"] = "\\f", ["\r"] = "\\r" }
  return '"' .. text:gsub('[%c"\\/]', function(character)
    if character == "/" then
      return shared.escapeSlash and "\\/" or "/"
    elseif character == '"' or character == "\\" then
      return "\\" .. character
    end
    return short[character] or ("\\u%04x"):format(character:byte())
  end) .. '"'
end

local function new()
  local config = { invalidNumbers = true, maxDepth = 1000, arrayMt = false }
  return {
    null = cjson.null,
    array_mt = ARRAY_MT,
    empty_array_mt = EMPTY_ARRAY_MT,
    empty_array = EMPTY_ARRAY,
    new = new,
    encode = encode,
    decode = function(text)
      return decode(config, text)
    end,
    decode_invalid_numbers = function(on)
      config.invalidNumbers = on
    end,
    decode_max_depth = function(depth)
      config.maxDepth = depth
    end,
    decode_array_with_array_mt = function(on)
      config.arrayMt = on
    end,
    encode_escape_forward_slash = function(on)
      shared.escapeSlash = on
    end,
  }
end

return new()
