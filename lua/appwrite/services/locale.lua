--- The locale service as data: each row is one operation, in the order of their names.

local NONE = {}

return {
  doc = "Where the user is, and countries, currencies and languages, named in the client's locale.",
  operations = {
    {
      name = "getCurrencies", alias = "listCurrencies", kind = "json", result = "CurrencyList",
      list = { items = "currencies" },
      verb = "GET", path = "/locale/currencies",
      doc = "Lists the currencies with their symbols and decimal digits.",
      params = NONE,
    },
    {
      name = "getEUCountries", alias = "listCountriesEU", kind = "json", result = "CountryList",
      list = { items = "countries" },
      verb = "GET", path = "/locale/countries/eu",
      doc = "Lists the countries of the European Union.",
      params = NONE,
    },
    {
      name = "getUserLocale", alias = "get", kind = "json", result = "Locale",
      verb = "GET", path = "/locale",
      doc = "Tells country, continent and currency by the user's IP address.",
      params = NONE,
    },
    {
      name = "listCodes", alias = "listCodes", kind = "json", result = "LocaleCodeList",
      list = { items = "localeCodes" },
      verb = "GET", path = "/locale/codes",
      doc = "Lists the locales that the client's `locale` can name.",
      params = NONE,
    },
    {
      name = "listContinents", alias = "listContinents", kind = "json", result = "ContinentList",
      list = { items = "continents" },
      verb = "GET", path = "/locale/continents",
      doc = "Lists the continents.",
      params = NONE,
    },
    {
      name = "listCountries", alias = "listCountries", kind = "json", result = "CountryList",
      list = { items = "countries" },
      verb = "GET", path = "/locale/countries",
      doc = "Lists all countries.",
      params = NONE,
    },
    {
      name = "listCountriesPhones", alias = "listCountriesPhones", kind = "json", result = "PhoneList",
      list = { items = "phones" },
      verb = "GET", path = "/locale/countries/phones",
      doc = "Lists the telephone codes of all countries.",
      params = NONE,
    },
    {
      name = "listLanguages", alias = "listLanguages", kind = "json", result = "LanguageList",
      list = { items = "languages" },
      verb = "GET", path = "/locale/languages",
      doc = "Lists the languages, with their own names for themselves.",
      params = NONE,
    },
  },
}
