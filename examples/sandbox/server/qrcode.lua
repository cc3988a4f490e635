--- QR codes, by libqrencode.

local ffi = require "ffi"
local gd = require "server.gd"
local library = require "server.library"

local floor = math.floor

ffi.cdef [[
typedef struct { int version; int width; unsigned char *data; } QRcode;
QRcode *QRcode_encodeData(int size, const char *data, int version, int level);
void QRcode_free(QRcode *code);
]]

local C = library.load("libqrencode.so.4", "libqrencode4")

local LOWEST = 0 -- of the levels of error correction: the smallest code, as the real server makes it
local BLACK, WHITE = 0, 0xFFFFFF

local qrcode = {}

---@param text string
---@param size integer pixels of a side
---@param margin integer modules around the code
---@return gd.Image
function qrcode.draw(text, size, margin)
  local code = C.QRcode_encodeData(#text, text, 0, LOWEST)
  if code == nil then
    error("libqrencode: no code for " .. #text .. " bytes")
  end
  code = ffi.gc(code, C.QRcode_free)
  local width = code.width
  local modules = width + 2 * margin
  local function edge(index) -- where a module begins; every module begins at a whole pixel
    return floor((index + margin) * size / modules)
  end
  local image = gd.new(size, size, WHITE)
  for row = 0, width - 1 do
    for column = 0, width - 1 do
      if code.data[row * width + column] % 2 == 1 then -- the lowest bit is the module
        gd.fill(image, edge(column), edge(row), edge(column + 1) - 1, edge(row + 1) - 1, BLACK)
      end
    end
  end
  return image
end

return qrcode
