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
---@param callback? fun(result: appwrite.models.CurrencyList?, err: appwrite.Error?, response: appwrite.Response?) with it the call is a task
---@return appwrite.models.CurrencyList? result with a callback: the appwrite.Task
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: {}, callback: fun(result: appwrite.models.CurrencyList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
function locale.getCurrencies(params, options, callback) end

---The official name of `getCurrencies`. Lists the currencies with their symbols and decimal digits.
locale.listCurrencies = locale.getCurrencies

---Lists the countries of the European Union.
---
---```lua
---print(assert(client.locale.getEUCountries()).total) --> 27
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@param callback? fun(result: appwrite.models.CountryList?, err: appwrite.Error?, response: appwrite.Response?) with it the call is a task
---@return appwrite.models.CountryList? result with a callback: the appwrite.Task
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: {}, callback: fun(result: appwrite.models.CountryList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
function locale.getEUCountries(params, options, callback) end

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
---@param callback? fun(result: appwrite.models.Locale?, err: appwrite.Error?, response: appwrite.Response?) with it the call is a task
---@return appwrite.models.Locale? result with a callback: the appwrite.Task
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: {}, callback: fun(result: appwrite.models.Locale?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
function locale.getUserLocale(params, options, callback) end

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
---@param callback? fun(result: appwrite.models.LocaleCodeList?, err: appwrite.Error?, response: appwrite.Response?) with it the call is a task
---@return appwrite.models.LocaleCodeList? result with a callback: the appwrite.Task
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: {}, callback: fun(result: appwrite.models.LocaleCodeList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
function locale.listCodes(params, options, callback) end

---Lists the continents.
---
---```lua
---print(assert(client.locale.listContinents()).total) --> 7
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@param callback? fun(result: appwrite.models.ContinentList?, err: appwrite.Error?, response: appwrite.Response?) with it the call is a task
---@return appwrite.models.ContinentList? result with a callback: the appwrite.Task
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: {}, callback: fun(result: appwrite.models.ContinentList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
function locale.listContinents(params, options, callback) end

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
---@param callback? fun(result: appwrite.models.CountryList?, err: appwrite.Error?, response: appwrite.Response?) with it the call is a task
---@return appwrite.models.CountryList? result with a callback: the appwrite.Task
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: {}, callback: fun(result: appwrite.models.CountryList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
function locale.listCountries(params, options, callback) end

---Lists the telephone codes of all countries.
---
---```lua
---for _, phone in ipairs(assert(client.locale.listCountriesPhones()).phones) do
---  print(phone.code, phone.countryName)
---end
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@param callback? fun(result: appwrite.models.PhoneList?, err: appwrite.Error?, response: appwrite.Response?) with it the call is a task
---@return appwrite.models.PhoneList? result with a callback: the appwrite.Task
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: {}, callback: fun(result: appwrite.models.PhoneList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
function locale.listCountriesPhones(params, options, callback) end

---Lists the languages, with their own names for themselves.
---
---```lua
---for _, language in ipairs(assert(client.locale.listLanguages()).languages) do
---  print(language.code, language.nativeName)
---end
---```
---@param params? {}
---@param options? appwrite.CallOptions
---@param callback? fun(result: appwrite.models.LanguageList?, err: appwrite.Error?, response: appwrite.Response?) with it the call is a task
---@return appwrite.models.LanguageList? result with a callback: the appwrite.Task
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: {}, callback: fun(result: appwrite.models.LanguageList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
function locale.listLanguages(params, options, callback) end

return locale
