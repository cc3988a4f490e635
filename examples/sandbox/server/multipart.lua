--- The parts of a multipart/form-data body (RFC 7578). Debian's nginx has no library for it.

local find, gmatch, gsub, lower, match, sub =
  string.find, string.gmatch, string.gsub, string.lower, string.match, string.sub

local multipart = {}

---@class sandbox.Part
---@field name string
---@field filename? string of a file
---@field data string

---@param contentType string
---@return string? boundary
function multipart.boundary(contentType)
  return match(contentType, '[;%s]boundary="([^"]+)"') or match(contentType, "[;%s]boundary=([^;%s\"]+)")
end

local function readHeaders(text)
  for line in gmatch(text, "[^\r\n]+") do
    local name, value = match(line, "^([^:%s]+):%s*(.*)$")
    if name and lower(name) == "content-disposition" then
      return match(value, '[;%s]name="([^"]*)"'), match(value, '[;%s]filename="([^"]*)"')
    end
  end
end

---@param body string
---@param boundary string
---@return sandbox.Part[] parts those before the first broken one
function multipart.parse(body, boundary)
  local parts = {}
  local delimiter = "\r\n--" .. boundary
  local _, position = find(body, "--" .. boundary, 1, true)
  if not position then
    return parts
  end
  while sub(body, position + 1, position + 2) == "\r\n" do
    local from = position + 3
    local headersEnd, dataStart = find(body, "\r\n\r\n", from, true)
    local dataEnd, last = find(body, delimiter, dataStart or #body, true)
    if not headersEnd or not dataEnd then
      break
    end
    local name, filename = readHeaders(sub(body, from, headersEnd - 1))
    if not name then
      break
    end
    parts[#parts + 1] = {
      name = name,
      filename = filename and gsub(filename, "%%22", '"'),
      data = sub(body, dataStart + 1, dataEnd - 1),
    }
    position = last
  end
  return parts
end

return multipart
