--- The avatars service: QR codes, initials, flags, icons, and pictures of other sites on this machine.

local errors = require "server.errors"
local favicon = require "server.favicon"
local fetch = require "server.fetch"
local gd = require "server.gd"
local icons = require "server.icons"
local options = require "server.options"
local pictures = require "server.pictures"
local preview = require "server.preview"
local qrcode = require "server.qrcode"
local validation = require "server.validation"

local concat = table.concat
local byte, find, gmatch, lower, match, sub, upper =
  string.byte, string.find, string.gmatch, string.lower, string.match, string.sub, string.upper

local FAVICON_SIDE = 56 -- pixels

local SIDE = options.integer(0, 2000)
local WIDTH, HEIGHT = { "width", SIDE, optional = true }, { "height", SIDE, optional = true }
local QUALITY = { "quality", options.integer(0, 100), optional = true }
local URL = { "url", options.httpUrl }

-- A size given, or the usual one.
local function size(params, usual)
  return tonumber(params.width or usual), tonumber(params.height or usual)
end

local function asPng(image, width, height, quality)
  local cut = preview.crop(image, width, height)
  local bytes = gd.encode(cut, "png", quality)
  gd.free(image)
  gd.free(cut)
  return bytes, "image/png"
end

---An operation that shows a picture that has a code.
---@param codes string[]
---@param draw fun(code: string): gd.Image
local function icon(codes, draw)
  return {
    cached = true,
    params = { { "code", options.oneOf(codes) }, WIDTH, HEIGHT, QUALITY },
    handler = function(request)
      local params = request.params
      local code, quality = lower(params.code), tonumber(params.quality or 100)
      local width, height = size(params, 100)
      local key = concat({ request.segments[3], params.code, width, height, quality }, " ")
      return pictures.cached(request, key, function() return asPng(draw(code), width, height, quality) end)
    end,
  }
end

local avatars = {
  getBrowserIconByCode = icon(icons.codes(icons.BROWSERS), icons.browser),
  getCountryFlagByCode = icon(icons.COUNTRIES, icons.flag),
  getCreditCardIcon = icon(icons.codes(icons.CARDS), icons.card),
}

avatars.getRemoteImage = {
  cached = true,
  params = { URL, WIDTH, HEIGHT },
  handler = function(request)
    local url = request.params.url
    local width, height = size(request.params, 400)
    return pictures.cached(request, concat({ "image", url, width, height }, " "), function()
      local status, bytes = fetch.get(url)
      if not status then
        errors.raise "avatar_remote_url_failed"
      elseif status ~= 200 then
        errors.raise "avatar_image_not_found"
      end
      return asPng(gd.decode(bytes) or errors.raise "general_server_error", width, height, 80)
    end)
  end,
}

local function fetchPage(url)
  local status, body, where = fetch.get(url, true)
  if status ~= 200 then
    errors.raise "avatar_remote_url_failed"
  end
  return body, where
end

local function drawFavicon(url)
  local html, where = fetchPage(url)
  local iconUrl, kind = favicon.find(where, html)
  local status, bytes = fetch.get(iconUrl, true)
  if status ~= 200 then
    errors.raise "avatar_icon_not_found"
  elseif kind == "ico" then
    if not favicon.isIcon(bytes) then
      errors.raise "avatar_icon_not_found"
    end
    return bytes, "image/x-icon"
  end
  local image = gd.decode(bytes) or errors.raise "avatar_icon_not_found"
  return asPng(image, FAVICON_SIDE, FAVICON_SIDE, 80)
end

avatars.getFavicon = {
  cached = true,
  params = { URL },
  handler = function(request)
    local url = request.params.url
    return pictures.cached(request, "favicon " .. url, function() return drawFavicon(url) end)
  end,
}

avatars.generateQrCodeImage = {
  params = {
    { "text", validation.text(512) }, { "size", options.integer(1, 1000), optional = true },
    { "margin", options.integer(0, 10), optional = true }, { "download", options.boolean, optional = true },
  },
  handler = function(request)
    local params = request.params
    -- The real server takes any text but "0" for true, "false" included.
    if params.download and params.download ~= "0" then
      request.out["Content-Disposition"] = 'attachment; filename="qr.png"'
    end
    local image = qrcode.draw(params.text, tonumber(params.size or 400), tonumber(params.margin or 1))
    local bytes = gd.encode(image, "png", 90)
    gd.free(image)
    return pictures.answer(bytes, "image/png")
  end,
}

local THEMES = { "FD366E", "FE9567", "7C67FE", "68A3FE", "85DBD8" }

-- First letters of the first two words, and the colour that follows from them. Words that do not begin with a letter or
-- digit of ASCII have none.
local function initialsOf(name)
  local words = {}
  for word in gmatch(upper(name), find(name, " ", 1, true) and "[^ ]+" or "[^_]+") do
    words[#words + 1] = word
  end
  local initials, code = "", 0
  for index = 1, math.min(2, #words) do
    local letter = match(words[index], "^%w") or ""
    initials, code = initials .. letter, code + (byte(letter) or 0)
  end
  return initials, THEMES[tonumber(sub(code, -1)) % #THEMES + 1]
end

-- The letters are cut out of the colour, so that what lies behind the picture shows through them.
local function drawInitials(initials, color, width, height)
  local image = gd.new(width, height, gd.color(color))
  if initials ~= "" then
    local letters = gd.new(width, height, 0)
    gd.write(letters, initials, math.min(width, height) / 2, 0xFFFFFF)
    gd.fade(image, function(x, y) return 1 - letters.tpixels[y][x] % 256 / 255 end)
    gd.free(letters)
  end
  return image
end

avatars.getUserInitials = {
  params = {
    { "name", validation.text(128), optional = true }, WIDTH, HEIGHT,
    { "background", options.color, optional = true },
  },
  handler = function(request)
    local params, user = request.params, request.user
    local name = params.name or user and (user.name ~= "" and user.name or user.email) or ""
    local width, height = size(params, 500)
    if width == 0 or height == 0 then
      errors.raise "general_unknown" -- so does the real server, which cannot draw it either
    end
    local initials, color = initialsOf(name)
    local image = drawInitials(initials, params.background or color, width, height)
    local bytes = gd.encode(image, "png", 90)
    gd.free(image)
    return pictures.answer(bytes, "image/png")
  end,
}

return avatars
