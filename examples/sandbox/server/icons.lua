--- Pictures of browsers and credit cards. No package of Debian's has their signs, so the sandbox draws a tile with the
-- name on it instead. Flags come from a package.

local gd = require "server.gd"

local icons = {}

local FLAGS = "/usr/share/iso-flags-png-320x240/"
local INK = 0xFFFFFF

---Codes, the names that are written, and the colours behind them.
icons.BROWSERS = {
  { "aa", "Avant", 0x3B78B0 }, { "an", "Android", 0x6DA33B }, { "ch", "Chrome", 0x3C7DDB },
  { "ci", "Chrome", 0x3C7DDB }, { "cm", "Chrome", 0x3C7DDB }, { "cr", "Chromium", 0x4B86C2 },
  { "ff", "Firefox", 0xD9622B },
  { "sf", "Safari", 0x1C87C9 }, { "mf", "Safari", 0x1C87C9 }, { "ps", "Edge", 0x0C7A8F }, { "oi", "Edge", 0x0C7A8F },
  { "om", "Opera", 0xB5202F }, { "op", "Opera", 0xB5202F }, { "on", "Opera", 0xB5202F },
}

icons.CARDS = {
  { "amex", "amex", 0x2E77BC }, { "argencard", "argencard", 0x8A1F2E }, { "cabal", "cabal", 0x1E4E9C },
  { "cencosud", "cencosud", 0x5A2D82 }, { "diners", "diners", 0x0A5C8A }, { "discover", "discover", 0xC96A1B },
  { "elo", "elo", 0x262626 }, { "hipercard", "hipercard", 0x9C1F23 }, { "jcb", "jcb", 0x1B6B3A },
  { "mastercard", "mastercard", 0xB8401F }, { "naranja", "naranja", 0xD8622A },
  { "targeta-shopping", "shopping", 0x2F6F73 }, { "union-china-pay", "unionpay", 0x1F5F78 },
  { "visa", "visa", 0x1A3A8F }, { "mir", "mir", 0x2F7F4B }, { "maestro", "maestro", 0x5F3B8C },
}

---Codes of the countries whose flags there are, in the order of the real server.
icons.COUNTRIES = {}
for code in ([[
  af ao al ad ae ar am ag au at az bi be bj bf bd bg bh bs ba by bz bo br bb bn bt bw cf ca ch cl cn ci cm cd cg co km
  cv cr cu cy cz de dj dm dk do dz ec eg er es ee et fi fj fr fm ga gb ge gh gn gm gw gq gr gd gt gy hn hr ht hu id in
  ie ir iq is il it jm jo jp kz ke kg kh ki kn kr kw la lb lr ly lc li lk ls lt lu lv ma mc md mg mv mx mh mk ml mt mm
  me mn mz mr mu mw my na ne ng ni nl no np nr nz om pk pa pe ph pw pg pl kp pt py qa ro ru rw sa sd sn sg sb sl sv sm
  so rs ss st sr sk si se sz sc sy td tg th tj tm tl to tt tn tr tv tz ug ua uy us uz va vc ve vn vu ws ye za zm zw
]]):gmatch "%a+" do
  icons.COUNTRIES[#icons.COUNTRIES + 1] = code
end

---@param entries table[] icons.BROWSERS or icons.CARDS
---@return string[]
function icons.codes(entries)
  local codes = {}
  for index, entry in ipairs(entries) do
    codes[index] = entry[1]
  end
  return codes
end

local function tile(entry, width, height)
  local image = gd.new(width, height, entry[3])
  gd.write(image, entry[2], height / 3, INK)
  gd.frame(image, 0, 0, height / 8)
  return image
end

local function entryOf(entries, code)
  for _, entry in ipairs(entries) do
    if entry[1] == code then
      return entry
    end
  end
end

---@param code string
---@return gd.Image
function icons.browser(code)
  return tile(entryOf(icons.BROWSERS, code), 512, 512)
end

---@param code string
---@return gd.Image
function icons.card(code)
  return tile(entryOf(icons.CARDS, code), 512, 320)
end

---@param code string of a country
---@return gd.Image 640 by 480, as large as the real server's
function icons.flag(code)
  local file = assert(io.open(FLAGS .. code .. ".png", "rb"))
  local small = assert(gd.decode(file:read "*a"), "a flag cannot be read")
  file:close()
  local image = gd.scale(small, { x = 0, y = 0, width = small.sx, height = small.sy }, 640, 480)
  gd.free(small)
  return image
end

return icons
