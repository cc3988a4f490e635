--- What the reference says of the locale service beside its data: an example that a spec runs.

return {
  getCurrencies = {
    example = [[
for _, currency in ipairs(assert(client.locale.getCurrencies()).currencies) do
  print(currency.code, currency.symbol, currency.decimalDigits)
end]],
  },
  getEUCountries = {
    example = [[
print(assert(client.locale.getEUCountries()).total) --> 27]],
  },
  getUserLocale = {
    example = [[
local here = assert(client.locale.getUserLocale())
print(here.ip, here.country, here.eu)]],
  },
  listCodes = {
    example = [[
for _, locale in ipairs(assert(client.locale.listCodes()).localeCodes) do
  print(locale.code, locale.name)
end]],
  },
  listContinents = {
    example = [[
print(assert(client.locale.listContinents()).total) --> 7]],
  },
  listCountries = {
    example = [[
client:set("locale", "de")
for _, country in ipairs(assert(client.locale.listCountries()).countries) do
  print(country.code, country.name)
end]],
  },
  listCountriesPhones = {
    example = [[
for _, phone in ipairs(assert(client.locale.listCountriesPhones()).phones) do
  print(phone.code, phone.countryName)
end]],
  },
  listLanguages = {
    example = [[
for _, language in ipairs(assert(client.locale.listLanguages()).languages) do
  print(language.code, language.nativeName)
end]],
  },
}
