---@meta _
-- Made by spec/generate.lua from lua/appwrite/services/locale.lua and notes/locale.lua: change that, not this.
-- luacheck: ignore

---Where the user is, and countries, currencies and languages, named in the client's locale.
---@class appwrite.Locale
local locale = {}

---Lists the currencies with their symbols and decimal digits.
---
---```lua
---for _, currency in ipairs(assert(client.locale.getCurrencies()).currencies) do
---  print(currency.code, currency.symbol, currency.decimalDigits)
---end
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.CurrencyList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.CurrencyList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.CurrencyList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.CurrencyList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Locale, params?: {}, options?: appwrite.CallOptions): appwrite.models.CurrencyList?, appwrite.Error?, appwrite.Response?
function locale.getCurrencies(params, options) end

---The official name of `getCurrencies`. Lists the currencies with their symbols and decimal digits.
locale.listCurrencies = locale.getCurrencies

---Lists the countries of the European Union.
---
---```lua
---print(assert(client.locale.getEUCountries()).total) --> 27
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.CountryList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.CountryList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.CountryList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.CountryList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Locale, params?: {}, options?: appwrite.CallOptions): appwrite.models.CountryList?, appwrite.Error?, appwrite.Response?
function locale.getEUCountries(params, options) end

---The official name of `getEUCountries`. Lists the countries of the European Union.
locale.listCountriesEU = locale.getEUCountries

---Tells country, continent and currency by the user's IP address.
---
---```lua
---local here = assert(client.locale.getUserLocale())
---print(here.ip, here.country, here.eu)
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.Locale? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.Locale?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.Locale?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Locale?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Locale, params?: {}, options?: appwrite.CallOptions): appwrite.models.Locale?, appwrite.Error?, appwrite.Response?
function locale.getUserLocale(params, options) end

---The official name of `getUserLocale`. Tells country, continent and currency by the user's IP address.
locale.get = locale.getUserLocale

---Lists the locales that the client's `locale` can name.
---
---```lua
---for _, locale in ipairs(assert(client.locale.listCodes()).localeCodes) do
---  print(locale.code, locale.name)
---end
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.LocaleCodeList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.LocaleCodeList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.LocaleCodeList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.LocaleCodeList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Locale, params?: {}, options?: appwrite.CallOptions): appwrite.models.LocaleCodeList?, appwrite.Error?, appwrite.Response?
function locale.listCodes(params, options) end

---Lists the continents.
---
---```lua
---print(assert(client.locale.listContinents()).total) --> 7
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.ContinentList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.ContinentList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.ContinentList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.ContinentList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Locale, params?: {}, options?: appwrite.CallOptions): appwrite.models.ContinentList?, appwrite.Error?, appwrite.Response?
function locale.listContinents(params, options) end

---Lists all countries.
---
---```lua
---client:set("locale", "de")
---for _, country in ipairs(assert(client.locale.listCountries()).countries) do
---  print(country.code, country.name)
---end
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.CountryList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.CountryList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.CountryList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.CountryList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Locale, params?: {}, options?: appwrite.CallOptions): appwrite.models.CountryList?, appwrite.Error?, appwrite.Response?
function locale.listCountries(params, options) end

---Lists the telephone codes of all countries.
---
---```lua
---for _, phone in ipairs(assert(client.locale.listCountriesPhones()).phones) do
---  print(phone.code, phone.countryName)
---end
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.PhoneList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.PhoneList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.PhoneList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.PhoneList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Locale, params?: {}, options?: appwrite.CallOptions): appwrite.models.PhoneList?, appwrite.Error?, appwrite.Response?
function locale.listCountriesPhones(params, options) end

---Lists the languages, with their own names for themselves.
---
---```lua
---for _, language in ipairs(assert(client.locale.listLanguages()).languages) do
---  print(language.code, language.nativeName)
---end
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@return appwrite.models.LanguageList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(callback: fun(result: appwrite.models.LanguageList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, callback: fun(result: appwrite.models.LanguageList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: {}, options: appwrite.CallOptions, callback: fun(result: appwrite.models.LanguageList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Locale, params?: {}, options?: appwrite.CallOptions): appwrite.models.LanguageList?, appwrite.Error?, appwrite.Response?
function locale.listLanguages(params, options) end

return locale
