--- Reads a catalogue of translations in GNU gettext's binary form (.mo, little-endian, as Debian installs them).

local byte, sub = string.byte, string.sub

local MAGIC = "\222\18\4\149"

local mo = {}

local function word(text, offset)
  local a, b, c, d = byte(text, offset + 1, offset + 4)
  return a + b * 0x100 + c * 0x10000 + d * 0x1000000
end

local function entry(text, tableOffset, index)
  local length, offset = word(text, tableOffset + index * 8), word(text, tableOffset + index * 8 + 4)
  return sub(text, offset + 1, offset + length)
end

---@param path string
---@return table<string, string> translations by the English text; empty where there is no such catalogue
function mo.read(path)
  local file = io.open(path, "rb")
  if not file then
    return {}
  end
  local text = file:read "*a"
  file:close()
  local translations = {}
  if sub(text, 1, 4) ~= MAGIC then
    return translations
  end
  local count, originals, translated = word(text, 8), word(text, 12), word(text, 16)
  for index = 0, count - 1 do
    translations[entry(text, originals, index)] = entry(text, translated, index)
  end
  return translations
end

return mo
