--- The avatars service as data: each row is one operation, in the order of their names.

-- From the table that the server reads. "on" and "no" are often seen as booleans, having gone through YAML.
local BROWSERS = { "aa", "an", "ch", "ci", "cm", "cr", "ff", "sf", "mf", "ps", "oi", "om", "op", "on" }
local CREDIT_CARDS = {
  "amex", "argencard", "cabal", "censosud", "diners", "discover", "elo", "hipercard", "jcb", "mastercard",
  "naranja", "targeta-shopping", "union-china-pay", "visa", "mir", "maestro",
}
local COUNTRIES = {
  "af", "ao", "al", "ad", "ae", "ar", "am", "ag", "au", "at", "az", "bi", "be", "bj", "bf", "bd", "bg", "bh",
  "bs", "ba", "by", "bz", "bo", "br", "bb", "bn", "bt", "bw", "cf", "ca", "ch", "cl", "cn", "ci", "cm", "cd",
  "cg", "co", "km", "cv", "cr", "cu", "cy", "cz", "de", "dj", "dm", "dk", "do", "dz", "ec", "eg", "er", "es",
  "ee", "et", "fi", "fj", "fr", "fm", "ga", "gb", "ge", "gh", "gn", "gm", "gw", "gq", "gr", "gd", "gt", "gy",
  "hn", "hr", "ht", "hu", "id", "in", "ie", "ir", "iq", "is", "il", "it", "jm", "jo", "jp", "kz", "ke", "kg",
  "kh", "ki", "kn", "kr", "kw", "la", "lb", "lr", "ly", "lc", "li", "lk", "ls", "lt", "lu", "lv", "ma", "mc",
  "md", "mg", "mv", "mx", "mh", "mk", "ml", "mt", "mm", "me", "mn", "mz", "mr", "mu", "mw", "my", "na", "ne",
  "ng", "ni", "nl", "no", "np", "nr", "nz", "om", "pk", "pa", "pe", "ph", "pw", "pg", "pl", "kp", "pt", "py",
  "qa", "ro", "ru", "rw", "sa", "sd", "sn", "sg", "sb", "sl", "sv", "sm", "so", "rs", "ss", "st", "sr", "sk",
  "si", "se", "sz", "sc", "sy", "td", "tg", "th", "tj", "tm", "tl", "to", "tt", "tn", "tr", "tv", "tz", "ug",
  "ua", "uy", "us", "uz", "va", "vc", "ve", "vn", "vu", "ws", "ye", "za", "zm", "zw",
}

local iconWidth = {
  name = "width", type = "integer", at = "query", min = 0, max = 2000, default = 100, doc = "pixels",
}
local iconHeight = {
  name = "height", type = "integer", at = "query", min = 0, max = 2000, default = 100, doc = "pixels",
}
local quality = {
  name = "quality", type = "integer", at = "query", min = 0, max = 100, default = 100, doc = "percent",
}

return {
  doc = "Pictures for user interfaces: initials, flags, icons of browsers and cards, QR codes, images of other sites.",
  operations = {
    {
      name = "generateQrCodeImage", alias = "getQR", kind = "bytes",
      verb = "GET", path = "/avatars/qr",
      doc = "Draws a text as a QR code, in PNG.",
      params = {
        { name = "text", type = "string", at = "query", required = true, doc = "what the code says" },
        {
          name = "size", type = "integer", at = "query", min = 1, max = 1000, default = 400,
          doc = "width and height in pixels",
        },
        {
          name = "margin", type = "integer", at = "query", min = 0, max = 10, default = 1,
          doc = "width of the margin, in modules of the code",
        },
        {
          name = "download", type = "boolean", at = "query", default = false,
          doc = "whether a browser shall save it instead of showing it",
        },
      },
    },
    {
      name = "getBrowserIconByCode", alias = "getBrowser", kind = "bytes",
      verb = "GET", path = "/avatars/browsers/{code}",
      doc = "Gives a browser's icon, by the client code that sessions and logs carry.",
      params = {
        {
          name = "code", type = "string", at = "path", required = true, enum = BROWSERS, anyCase = true,
          doc = "code of the browser, such as `clientCode` of a session in lower case",
        },
        iconWidth,
        iconHeight,
        quality,
      },
    },
    {
      name = "getCountryFlagByCode", alias = "getFlag", kind = "bytes",
      verb = "GET", path = "/avatars/flags/{code}",
      doc = "Gives a country's flag.",
      params = {
        {
          name = "code", type = "string", at = "path", required = true, enum = COUNTRIES, anyCase = true,
          doc = "ISO 3166-1 code of two letters, in lower case",
        },
        iconWidth,
        iconHeight,
        quality,
      },
    },
    {
      name = "getCreditCardIcon", alias = "getCreditCard", kind = "bytes",
      verb = "GET", path = "/avatars/credit-cards/{code}",
      doc = "Gives the icon of a credit card's brand.",
      params = {
        {
          name = "code", type = "string", at = "path", required = true, enum = CREDIT_CARDS, anyCase = true,
          doc = "the brand",
        },
        iconWidth,
        iconHeight,
        quality,
      },
    },
    {
      name = "getFavicon", alias = "getFavicon", kind = "bytes",
      verb = "GET", path = "/avatars/favicon",
      doc = "Gives the icon of a web site, which the server fetches; 404 where there is none.",
      params = {
        { name = "url", type = "string", at = "query", required = true, doc = "http or https URL of the site" },
      },
    },
    {
      name = "getRemoteImage", alias = "getImage", kind = "bytes",
      verb = "GET", path = "/avatars/image",
      doc = "Gives an image of another site, fetched by the server and cut to size.",
      params = {
        { name = "url", type = "string", at = "query", required = true, doc = "http or https URL of the image" },
        { name = "width", type = "integer", at = "query", min = 0, max = 2000, default = 400, doc = "pixels" },
        { name = "height", type = "integer", at = "query", min = 0, max = 2000, default = 400, doc = "pixels" },
      },
    },
    {
      name = "getUserInitials", alias = "getInitials", kind = "bytes",
      verb = "GET", path = "/avatars/initials",
      doc = "Draws a name's initials on a coloured ground: the signed-in user's where no name is given.",
      params = {
        { name = "name", type = "string", at = "query", maxLength = 128, default = "", doc = "the name, or none" },
        { name = "width", type = "integer", at = "query", min = 0, max = 2000, default = 500, doc = "pixels" },
        { name = "height", type = "integer", at = "query", min = 0, max = 2000, default = 500, doc = "pixels" },
        {
          name = "background", type = "string", at = "query", default = "",
          doc = 'colour in hex without "#"; left out: one by the name',
        },
      },
    },
  },
}
