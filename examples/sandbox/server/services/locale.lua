--- The locale service. The lists come from Debian's packages (iso.lua); only what no package has is written here.

local iso = require "server.iso"
local json = require "server.json"
local response = require "server.response"

local CONTINENTS = {
  { "Africa", "AF" }, { "Antarctica", "AN" }, { "Asia", "AS" }, { "Europe", "EU" }, { "North America", "NA" },
  { "Oceania", "OC" }, { "South America", "SA" },
}

-- Members of the European Union.
local EU = {
  AT = true, BE = true, BG = true, CY = true, CZ = true, DE = true, DK = true, EE = true, ES = true, FI = true,
  FR = true, GR = true, HR = true, HU = true, IE = true, IT = true, LT = true, LU = true, LV = true, MT = true,
  NL = true, PL = true, PT = true, RO = true, SE = true, SI = true, SK = true,
}

local locale = {}

local function answer(name, list)
  return response.json(200, json.object("total", #list, name, json.array(list)))
end

-- Names of countries in the language asked for, by code.
local function namesFor(request)
  local translations = iso.translations(request.query.locale or request.headers["x-appwrite-locale"])
  local names = {}
  for _, country in ipairs(iso.data().countries) do
    names[country.code] = translations[country.name] or translations[country.original] or country.name
  end
  return names
end

local function countries(request, keep)
  local names, list = namesFor(request), {}
  for _, country in ipairs(iso.data().countries) do
    if keep(country.code) then
      list[#list + 1] = json.object("name", names[country.code], "code", country.code)
    end
  end
  table.sort(list, function(a, b) return a:get "name" < b:get "name" end)
  return answer("countries", list)
end

locale.getUserLocale = {
  params = {},
  handler = function(request)
    request.out["Cache-Control"] = "public, max-age=3888000"
    return response.json(200, json.object("ip", ngx.var.remote_addr, "countryCode", "--", "country", "Unknown",
      "continentCode", "--", "continent", "Unknown", "eu", false, "currency", ""))
  end,
}

locale.listCountries = {
  params = {},
  handler = function(request) return countries(request, function() return true end) end,
}

locale.getEUCountries = {
  params = {},
  handler = function(request) return countries(request, function(code) return EU[code] end) end,
}

locale.listCountriesPhones = {
  params = {},
  handler = function(request)
    local names, list = namesFor(request), {}
    for index, phone in ipairs(iso.data().phones) do
      list[index] = json.object("code", "+" .. phone.prefix, "countryCode", phone.code,
        "countryName", names[phone.code])
    end
    return answer("phones", list)
  end,
}

locale.listContinents = {
  params = {},
  handler = function()
    local list = {}
    for index, continent in ipairs(CONTINENTS) do
      list[index] = json.object("name", continent[1], "code", continent[2])
    end
    return answer("continents", list)
  end,
}

locale.listLanguages = {
  params = {},
  handler = function()
    local list = {}
    for index, language in ipairs(iso.data().languages) do
      list[index] = json.object("name", language.name, "code", language.code, "nativeName", language.nativeName)
    end
    return answer("languages", list)
  end,
}

locale.getCurrencies = {
  params = {},
  handler = function()
    local list = {}
    for index, currency in ipairs(iso.data().currencies) do
      list[index] = json.object("symbol", currency.symbol, "name", currency.name, "symbolNative", currency.symbol,
        "decimalDigits", currency.digits, "rounding", 0, "code", currency.code, "namePlural", currency.name)
    end
    return answer("currencies", list)
  end,
}

locale.listCodes = {
  params = {},
  handler = function()
    local list = {}
    for index, code in ipairs(iso.data().codes) do
      list[index] = json.object("code", code.code, "name", code.name)
    end
    return answer("localeCodes", list)
  end,
}

return locale
