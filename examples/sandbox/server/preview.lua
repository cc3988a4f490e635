--- Previews of files: the options of an image's preview, carried out in the order of the real server.

local errors = require "server.errors"
local gd = require "server.gd"
local options = require "server.options"

local floor, max = math.floor, math.max
local find, lower, match = string.find, string.lower, string.match

local MAX_BYTES = 20000000 -- of an image; larger ones are not drawn
local WHITE = 0xFFFFFF

local TYPES = { jpg = "image/jpeg", jpeg = "image/jpeg", gif = "image/gif", png = "image/png", webp = "image/webp" }
local OUTPUTS = { "jpg", "jpeg", "gif", "png", "webp" }
local GRAVITIES = {
  "center", "top-left", "top", "top-right", "left", "right", "bottom-left", "bottom", "bottom-right",
}
local EXTENSIONS = { ["image/jpeg"] = "jpg", ["image/gif"] = "gif", ["image/png"] = "png", ["image/webp"] = "webp" }

local preview = {}

local side = options.integer(0, 4000)

---The parameters of a preview, those of the path aside.
preview.params = {
  { "width", side, optional = true }, { "height", side, optional = true },
  { "gravity", options.oneOf(GRAVITIES), optional = true }, { "quality", options.integer(0, 100), optional = true },
  { "borderWidth", options.integer(0, 100), optional = true }, { "borderColor", options.color, optional = true },
  { "borderRadius", options.integer(0, 4000), optional = true }, { "opacity", options.number(0, 1), optional = true },
  { "rotation", options.integer(-360, 360), optional = true }, { "background", options.color, optional = true },
  { "output", options.oneOf(OUTPUTS, true), optional = true },
}

-- The missing side follows from the other; without both an image keeps its size.
local function targetSize(image, width, height)
  if width == 0 and height == 0 then
    return image.sx, image.sy
  elseif width == 0 then
    width = max(1, floor(height * image.sx / image.sy))
  elseif height == 0 then
    height = max(1, floor(width * image.sy / image.sx))
  end
  return width, height
end

---Scale an image so that it covers a size, and cut off what stands out.
---@param image gd.Image
---@param width integer pixels; 0 for what follows from the height
---@param height integer
---@param gravity? string what part is kept, "center" by default
---@return gd.Image
function preview.crop(image, width, height, gravity)
  width, height = targetSize(image, width, height)
  local scale = max(width / image.sx, height / image.sy)
  local part = { width = max(1, floor(width / scale + 0.5)), height = max(1, floor(height / scale + 0.5)) }
  local freeX, freeY = image.sx - part.width, image.sy - part.height
  gravity = gravity or "center"
  local across = find(gravity, "left", 1, true) and 0 or find(gravity, "right", 1, true) and 1 or 0.5
  local down = find(gravity, "top", 1, true) and 0 or find(gravity, "bottom", 1, true) and 1 or 0.5
  part.x, part.y = floor(freeX * across), floor(freeY * down)
  return gd.scale(image, part, width, height)
end

-- A sheet of paper, for a file that is no image.
local function drawSheet()
  local image = gd.new(1200, 800, 0xECEFF1)
  gd.fill(image, 450, 200, 749, 599, WHITE)
  for line = 0, 5 do
    gd.fill(image, 490, 290 + line * 45, line == 5 and 620 or 709, 301 + line * 45, 0xCFD8DC)
  end
  return image
end

local function replaced(image, other)
  gd.free(image)
  return other
end

local function transform(image, params)
  local rotation = (tonumber(params.rotation) or 0) % 360
  local border, radius = tonumber(params.borderWidth) or 0, tonumber(params.borderRadius) or 0
  image = replaced(image, preview.crop(image, tonumber(params.width) or 0, tonumber(params.height) or 0,
    params.gravity and lower(params.gravity)))
  local opacity = tonumber(params.opacity) or 1
  if opacity < 1 then
    gd.fade(image, function() return opacity end)
  end
  if params.background then
    image = replaced(image, gd.flatten(image, gd.color(params.background)))
  end
  if border > 0 or radius > 0 then
    gd.frame(image, border, gd.color(params.borderColor or "000000"), radius)
  end
  if rotation ~= 0 then
    local behind = params.background and gd.color(params.background) or gd.TRANSPARENT
    image = replaced(image, gd.rotate(image, rotation, behind))
  end
  return image
end

-- An image's own kind is what its name says, or its type where it has no extension.
local function kindOf(file)
  local extension = lower(match(file.name, "%.([^.]*)$") or "")
  return extension == "" and EXTENSIONS[file.mimeType] or TYPES[extension] and extension or "jpg"
end

local function read(file)
  if not EXTENSIONS[file.mimeType] or #file.content > MAX_BYTES then
    return drawSheet(), "png"
  end
  return gd.decode(file.content) or errors.raise "general_unknown", kindOf(file) -- an image that is broken
end

---Draw the preview of a file.
---@param file table with content
---@param params table<string, string> checked
---@param acceptsWebp boolean whether the caller says that it can show WebP
---@return string bytes
---@return string contentType
function preview.draw(file, params, acceptsWebp)
  local image, output = read(file)
  image = transform(image, params)
  output = params.output or output
  output = output == "webp" and not acceptsWebp and "jpg" or output
  if TYPES[output] == "image/jpeg" then
    image = replaced(image, gd.flatten(image, WHITE))
  end
  local bytes = gd.encode(image, output, tonumber(params.quality) or 100)
  gd.free(image)
  return bytes, TYPES[output]
end

return preview
