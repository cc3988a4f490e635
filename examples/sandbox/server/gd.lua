--- Images, by libgd: made, read, changed and written. Every image here is of true colour with an alpha channel, which
-- in libgd has 7 bits: 0 is opaque, 127 transparent. Colours are 0xAARRGGBB with such an alpha.

local ffi = require "ffi"
local library = require "server.library"

local max, min = math.max, math.min
local find, sub = string.find, string.sub

-- Of the image's structure only the part that libgd promises to keep as it is.
ffi.cdef [[
typedef struct gdImageStruct {
  unsigned char **pixels;
  int sx, sy, colorsTotal;
  int red[256], green[256], blue[256], open[256];
  int transparent;
  int *polyInts;
  int polyAllocated;
  struct gdImageStruct *brush, *tile;
  int brushColorMap[256], tileColorMap[256];
  int styleLength, stylePos;
  int *style;
  int interlace, thick;
  int alpha[256];
  int trueColor;
  int **tpixels;
  int alphaBlendingFlag, saveAlphaFlag;
} gdImage;
gdImage *gdImageCreateTrueColor(int sx, int sy);
void gdImageDestroy(gdImage *image);
gdImage *gdImageCreateFromPngPtr(int size, const void *data);
gdImage *gdImageCreateFromJpegPtr(int size, const void *data);
gdImage *gdImageCreateFromGifPtr(int size, const void *data);
gdImage *gdImageCreateFromWebpPtr(int size, const void *data);
int gdImagePaletteToTrueColor(gdImage *image);
void *gdImagePngPtrEx(gdImage *image, int *size, int level);
void *gdImageJpegPtr(gdImage *image, int *size, int quality);
void *gdImageGifPtr(gdImage *image, int *size);
gdImage *gdImageClone(gdImage *image);
void gdImageColorTransparent(gdImage *image, int color);
void *gdImageWebpPtrEx(gdImage *image, int *size, int quantization);
void gdFree(void *memory);
void gdImageAlphaBlending(gdImage *image, int on);
void gdImageSaveAlpha(gdImage *image, int on);
void gdImageFilledRectangle(gdImage *image, int x1, int y1, int x2, int y2, int color);
void gdImageCopy(gdImage *to, gdImage *from, int toX, int toY, int fromX, int fromY, int width, int height);
void gdImageCopyResampled(gdImage *to, gdImage *from, int toX, int toY, int fromX, int fromY, int toWidth,
                          int toHeight, int fromWidth, int fromHeight);
gdImage *gdImageRotateInterpolated(gdImage *image, float degrees, int background);
int gdFTUseFontConfig(int on);
char *gdImageStringFT(gdImage *image, int *corners, int color, const char *font, double points, double angle, int x,
                      int y, const char *text);
]]

local C = library.load("libgd.so.3", "libgd3")

local FONT = "sans" -- a pattern of fontconfig's
local POINTS_PER_PIXEL = 72 / 96
local LOSSLESS = 101 -- what libgd takes for the quality of a lossless WebP

local gd = { TRANSPARENT = 0x7F000000 }

---@class gd.Image: ffi.cdata* with members sx and sy

-- Before the first character is drawn libgd must be told that names of fonts are patterns.
assert(C.gdFTUseFontConfig(1) == 1, "libgd was built without fontconfig")

local function own(image)
  if image == nil then
    error "libgd: an image could not be made"
  end
  C.gdImageSaveAlpha(image, 1)
  return ffi.gc(image, C.gdImageDestroy)
end

---Give an image's memory back now; Lua's collector does not know how large it is.
---@param image gd.Image
function gd.free(image)
  C.gdImageDestroy(ffi.gc(image, nil))
end

---@param width integer pixels, at least 1, like the height
---@param height integer
---@param color? integer transparent by default
---@return gd.Image
function gd.new(width, height, color)
  local image = own(C.gdImageCreateTrueColor(width, height))
  C.gdImageAlphaBlending(image, 0)
  C.gdImageFilledRectangle(image, 0, 0, width - 1, height - 1, color or gd.TRANSPARENT)
  return image
end

---@param text string six hexadecimal digits
---@return integer
function gd.color(text)
  return tonumber(text, 16)
end

local READERS = {
  { "^\137PNG\r\n\26\n", C.gdImageCreateFromPngPtr }, { "^\255\216\255", C.gdImageCreateFromJpegPtr },
  { "^GIF8", C.gdImageCreateFromGifPtr }, { "^RIFF....WEBP", C.gdImageCreateFromWebpPtr },
}

---@param bytes string a file
---@return gd.Image? image nil where it is none that can be read
function gd.decode(bytes)
  for _, reader in ipairs(READERS) do
    if find(bytes, reader[1]) then
      local image = reader[2](#bytes, bytes)
      if image ~= nil then
        C.gdImagePaletteToTrueColor(image)
        return own(image)
      end
    end
  end
end

-- A GIF knows opaque and transparent only; libgd wants to be told which colour is the transparent one.
local function writeGif(image, size)
  local copy = own(C.gdImageClone(image))
  for y = 0, copy.sy - 1 do
    local row = copy.tpixels[y]
    for x = 0, copy.sx - 1 do
      row[x] = row[x] >= 0x40000000 and gd.TRANSPARENT or row[x] % 0x1000000
    end
  end
  C.gdImageColorTransparent(copy, gd.TRANSPARENT)
  local data = C.gdImageGifPtr(copy, size)
  gd.free(copy)
  return data
end

---@param format "png"|"jpg"|"jpeg"|"gif"|"webp"
---@param quality integer 0 to 100; for a PNG, as in ImageMagick, its tens are the level of the compression
---@return string bytes
function gd.encode(image, format, quality)
  local size = ffi.new "int[1]"
  local data
  if format == "png" then
    data = C.gdImagePngPtrEx(image, size, min(9, math.floor(quality / 10)))
  elseif format == "gif" then
    data = writeGif(image, size)
  elseif format == "webp" then
    data = C.gdImageWebpPtrEx(image, size, quality >= 100 and LOSSLESS or quality)
  else
    data = C.gdImageJpegPtr(image, size, quality)
  end
  if data == nil then
    error("libgd: an image could not be written as " .. format)
  end
  local bytes = ffi.string(data, size[0])
  C.gdFree(data)
  return bytes
end

---A part of an image, scaled.
---@param from { x: integer, y: integer, width: integer, height: integer } the part
---@return gd.Image
function gd.scale(image, from, width, height)
  local result = gd.new(width, height)
  C.gdImageCopyResampled(result, image, 0, 0, from.x, from.y, width, height, from.width, from.height)
  return result
end

---An image laid on a colour.
---@return gd.Image
function gd.flatten(image, color)
  local result = gd.new(image.sx, image.sy, color)
  C.gdImageAlphaBlending(result, 1)
  C.gdImageCopy(result, image, 0, 0, 0, 0, image.sx, image.sy)
  C.gdImageAlphaBlending(result, 0)
  return result
end

---Fill a rectangle, its corners included.
function gd.fill(image, x1, y1, x2, y2, color)
  C.gdImageFilledRectangle(image, x1, y1, x2, y2, color)
end

---Turned clockwise; what it does not cover has the background.
---@return gd.Image
function gd.rotate(image, degrees, background)
  return own(C.gdImageRotateInterpolated(image, -degrees, background))
end

---Change every pixel's opacity.
---@param opacity fun(x: integer, y: integer): number from 0 to 1, by which what there is is multiplied
function gd.fade(image, opacity)
  local alphaUnit = 0x1000000
  for y = 0, image.sy - 1 do
    local row = image.tpixels[y]
    for x = 0, image.sx - 1 do
      local color = row[x]
      local alpha = math.floor(color / alphaUnit)
      local opaque = (127 - alpha) * opacity(x, y)
      row[x] = color + (math.floor(127.5 - opaque) - alpha) * alphaUnit
    end
  end
end

-- How much of a pixel lies inside a rectangle with round corners, `inset` pixels from the edge of the image.
local function covered(image, x, y, inset, radius)
  local left, top = x + 0.5 - inset, y + 0.5 - inset
  local dx, dy = min(left, image.sx - 2 * inset - left), min(top, image.sy - 2 * inset - top)
  if dx >= radius or dy >= radius then
    return (dx >= 0 and dy >= 0) and 1 or 0
  end
  local distance = math.sqrt((radius - dx) ^ 2 + (radius - dy) ^ 2)
  return max(0, min(1, radius - distance + 0.5))
end

-- Between two colours; their alpha is that of the first.
local function mix(a, b, share)
  local result, unit = 0, 1
  for _ = 1, 3 do
    result = result + math.floor((a % 256) * (1 - share) + (b % 256) * share + 0.5) * unit
    a, b, unit = math.floor(a / 256), math.floor(b / 256), unit * 256
  end
  return result + a * unit
end

---Draw a frame along the edge, inside of it, and cut the corners round.
---@param image gd.Image
---@param width integer pixels; 0 for no frame
---@param color integer
---@param radius integer pixels; 0 for square corners
function gd.frame(image, width, color, radius)
  radius = min(radius, image.sx / 2, image.sy / 2)
  for y = 0, image.sy - 1 do
    local row = image.tpixels[y]
    for x = 0, image.sx - 1 do
      local inner = width == 0 and 1 or covered(image, x, y, width, max(radius - width, 0))
      if inner < 1 then
        local opaque = row[x] >= 0x7F000000 and color or row[x] % 0x1000000
        row[x] = mix(opaque, color, 1 - inner)
      end
    end
  end
  if radius > 0 then
    gd.fade(image, function(x, y) return covered(image, x, y, 0, radius) end)
  end
end

-- The box that a text would fill around its starting point.
local function measure(text, points)
  local corners = ffi.new "int[8]"
  local problem = C.gdImageStringFT(nil, corners, 0, FONT, points, 0, 0, 0, text)
  if problem ~= nil then
    error("libgd: " .. ffi.string(problem))
  end
  return corners[0], corners[5], corners[2], corners[1] -- left, top, right, bottom
end

---Write a text into the middle of an image, no wider than the image.
---@param image gd.Image
---@param text string UTF-8
---@param pixels number height of the font
---@param color integer
function gd.write(image, text, pixels, color)
  local points = pixels * POINTS_PER_PIXEL
  local left, top, right, bottom = measure(text, points)
  local room = image.sx * 0.9
  if right - left > room then
    points = points * room / (right - left)
    left, top, right, bottom = measure(text, points)
  end
  local x = (image.sx - (right - left)) / 2 - left
  local y = (image.sy - (bottom - top)) / 2 - top
  C.gdImageAlphaBlending(image, 1)
  local problem = C.gdImageStringFT(image, nil, color, FONT, max(points, 1), 0, x, y, text)
  C.gdImageAlphaBlending(image, 0)
  if problem ~= nil then
    error("libgd: " .. ffi.string(problem))
  end
end

---@param bytes string a file
---@return boolean whether it begins like one of the images that can be read
function gd.reads(bytes)
  local head = sub(bytes, 1, 16)
  for _, reader in ipairs(READERS) do
    if find(head, reader[1]) then
      return true
    end
  end
  return false
end

return gd
