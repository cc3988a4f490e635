--- What the locale service answers with. A row is { field, type, what it is }.

return {
  {
    name = "Locale", doc = "Where the user is, by the IP address.",
    fields = {
      { "ip", "string", "IP address" },
      { "countryCode", "string", 'ISO 3166-1 code of two letters; "--" where unknown' },
      { "country", "string", "the country, in the client's locale" },
      { "continentCode", "string", 'code of two letters; "--" where unknown' },
      { "continent", "string", "the continent, in the client's locale" },
      { "eu", "boolean", "whether the country is in the European Union" },
      { "currency", "string?", "ISO 4217 code of three letters; absent where unknown" },
    },
  },
  { name = "Country", doc = "A country.", fields = { { "name", "string", "its name, in the client's locale" },
    { "code", "string", "ISO 3166-1 code of two letters" } } },
  { name = "CountryList", doc = "Countries, by name.", list = "countries", of = "Country" },
  { name = "Continent", doc = "A continent.", fields = { { "name", "string", "its name, in the client's locale" },
    { "code", "string", "code of two letters" } } },
  { name = "ContinentList", doc = "Continents, by name.", list = "continents", of = "Continent" },
  {
    name = "Language", doc = "A language.",
    fields = {
      { "name", "string", "its name in English" },
      { "code", "string", "ISO 639-1 code of two letters" },
      { "nativeName", "string", "its own name for itself" },
    },
  },
  { name = "LanguageList", doc = "Languages.", list = "languages", of = "Language" },
  {
    name = "Currency", doc = "A currency.",
    fields = {
      { "symbol", "string", "its symbol" },
      { "name", "string", "its name in English" },
      { "symbolNative", "string", "the symbol where it is used" },
      { "decimalDigits", "integer", "digits behind the point" },
      { "rounding", "number", "smallest step of cash, where it is not the last digit; else 0" },
      { "code", "string", "ISO 4217 code of three letters" },
      { "namePlural", "string", "its name for several" },
    },
  },
  { name = "CurrencyList", doc = "Currencies.", list = "currencies", of = "Currency" },
  {
    name = "Phone", doc = "A country's telephone code.",
    fields = {
      { "code", "string", 'the code with its plus, such as "+44"' },
      { "countryCode", "string", "ISO 3166-1 code of two letters" },
      { "countryName", "string", "the country, in the client's locale" },
    },
  },
  { name = "PhoneList", doc = "Telephone codes.", list = "phones", of = "Phone" },
  {
    name = "LocaleCode", doc = "A locale that a client can name.",
    fields = { { "code", "string", 'such as "pt-br"' }, { "name", "string", "its name in English" } },
  },
  { name = "LocaleCodeList", doc = "Locales that a client can name.", list = "localeCodes", of = "LocaleCode" },
}
