--- Countries, languages and currencies, read from two Debian packages when they are first asked for: iso-codes (ISO
-- 3166, 639 and 4217, with translations) and locales (sources of the C library's locales: native names, symbols,
-- telephone prefixes).

local json = require "server.json"
local mo = require "server.mo"

local format, gmatch, gsub, lower, match, sub, upper =
  string.format, string.gmatch, string.gsub, string.lower, string.match, string.sub, string.upper

local ISO_CODES = "/usr/share/iso-codes/json/iso_%s.json"
local LOCALES = "/usr/share/i18n/"
local CATALOGUE = "/usr/share/locale/%s/LC_MESSAGES/iso_%s.mo"

local iso = {}

local function readFile(path)
  local file, problem = io.open(path, "rb")
  if not file then
    error(problem)
  end
  local text = file:read "*a"
  file:close()
  return text
end

local function readStandard(name, member)
  return json.decode(readFile(format(ISO_CODES, name))):get(member)
end

local function utf8(code)
  return json.decode(code > 0xFFFF and format('"\\u%04x\\u%04x"', 0xD7C0 + math.floor(code / 0x400),
    0xDC00 + code % 0x400) or format('"\\u%04x"', code))
end

-- A quoted text of a locale's source: <U20AC> for a character, and "/" before one that would mean something else.
local function field(text, name)
  local value = match(text, "\n" .. name .. '%s+"([^"\n]*)"')
  if not value then
    return nil
  end
  value = gsub(value, "<U(%x+)>", function(digits) return utf8(tonumber(digits, 16)) end)
  return (gsub(value, "/(.)", "%1"))
end

---@class sandbox.Locale
---@field language string ISO 639-1, such as "de"
---@field country string ISO 3166-1, such as "AT"

-- Every locale with a two-letter language and a country, once.
local function readLocales()
  local list, seen = {}, {}
  for language, country in gmatch(readFile(LOCALES .. "SUPPORTED"), "%f[^\n%z](%l%l)_(%u%u)") do
    local name = language .. "_" .. country
    if not seen[name] then
      seen[name] = true
      local text = readFile(LOCALES .. "locales/" .. name)
      list[#list + 1] = {
        language = language, country = country, nativeName = field(text, "lang_name"),
        prefix = field(text, "int_prefix"), currency = match(field(text, "int_curr_symbol") or "", "^%u%u%u"),
        symbol = field(text, "currency_symbol"), digits = tonumber(match(text, "\nfrac_digits%s+(%d+)")),
      }
    end
  end
  return list
end

local function countryNames(countries)
  local names = {}
  for _, country in ipairs(countries) do
    names[country.code] = country.name
  end
  return names
end

local function readCountries()
  local list = {}
  for index, country in ipairs(readStandard("3166-1", "3166-1")) do
    list[index] = { code = country:get "alpha_2", name = country:get "common_name" or country:get "name",
      original = country:get "name" }
  end
  return list
end

local function readLanguages(locales)
  local native, list = {}, {}
  for _, locale in ipairs(locales) do
    native[locale.language] = native[locale.language] or locale.nativeName
  end
  for _, language in ipairs(readStandard("639-2", "639-2")) do
    local code = language:get "alpha_2"
    if code then
      local name = match(language:get "name", "^[^;]+")
      list[#list + 1] = { code = code, name = name, nativeName = native[code] or name }
    end
  end
  return list
end

-- Those in use in some locale; the standard also has codes for metals, funds and tests.
local function readCurrencies(locales)
  local used, list = {}, {}
  for _, locale in ipairs(locales) do
    if locale.currency then
      used[locale.currency] = used[locale.currency] or locale
    end
  end
  for _, currency in ipairs(readStandard("4217", "4217")) do
    local code = currency:get "alpha_3"
    local locale = used[code]
    if locale then
      list[#list + 1] = { code = code, name = currency:get "name", symbol = locale.symbol or code,
        digits = locale.digits or 2 }
    end
  end
  return list
end

local function readPhones(locales, names)
  local list, seen = {}, {}
  for _, locale in ipairs(locales) do
    local code = locale.country
    if locale.prefix and locale.prefix ~= "" and names[code] and not seen[code] then
      seen[code] = true
      list[#list + 1] = { prefix = locale.prefix, code = code }
    end
  end
  table.sort(list, function(a, b)
    if a.prefix ~= b.prefix then
      return tonumber(a.prefix) < tonumber(b.prefix)
    end
    return names[a.code] < names[b.code]
  end)
  return list
end

local function readCodes(locales, languages, names)
  local languageNames, list, seen = {}, {}, {}
  for _, language in ipairs(languages) do
    languageNames[language.code] = language.name
  end
  local function add(code, name)
    if not seen[code] then
      seen[code] = true
      list[#list + 1] = { code = code, name = name }
    end
  end
  for _, locale in ipairs(locales) do
    local language, country = languageNames[locale.language], names[locale.country]
    if language and country then
      add(locale.language, language)
      add(locale.language .. "-" .. lower(locale.country), format("%s (%s)", language, country))
    end
  end
  table.sort(list, function(a, b) return a.code < b.code end)
  return list, seen
end

local data

---Everything there is, read once.
---@return table data `countries`, `languages`, `currencies`, `phones`, `codes`, and the set `isCode`
function iso.data()
  if not data then
    local locales, countries = readLocales(), readCountries()
    local names, languages = countryNames(countries), readLanguages(locales)
    local codes, isCode = readCodes(locales, languages, names)
    data = {
      countries = countries, names = names, languages = languages, currencies = readCurrencies(locales),
      phones = readPhones(locales, names), codes = codes, isCode = isCode,
    }
  end
  return data
end

local catalogues = {}

---Translations of names of countries into the language of a locale code such as "de" or "pt-br".
---@param code? string
---@return table<string, string> byEnglishName
function iso.translations(code)
  if not code or not iso.data().isCode[code] then
    return {}
  end
  if not catalogues[code] then
    catalogues[code] = mo.read(format(CATALOGUE, sub(code, 1, 2) .. upper(gsub(sub(code, 3), "-", "_")), "3166-1"))
  end
  return catalogues[code]
end

return iso
