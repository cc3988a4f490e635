--- What kind of file some bytes are: the common ones that libmagic tells the real server.

local find, sub = string.find, string.sub

local mime = {}

-- Position of the first byte, the bytes, and the type.
local MAGIC = {
  { 1, "\137PNG\r\n\26\n", "image/png" }, { 1, "\255\216\255", "image/jpeg" }, { 1, "GIF8", "image/gif" },
  { 9, "WEBP", "image/webp" }, { 1, "BM", "image/bmp" }, { 1, "%PDF-", "application/pdf" },
  { 1, "PK\3\4", "application/zip" }, { 1, "\31\139", "application/gzip" },
  { 1, "7z\188\175\39\28", "application/x-7z-compressed" },
  { 1, "OggS", "audio/ogg" }, { 1, "ID3", "audio/mpeg" }, { 1, "fLaC", "audio/flac" }, { 9, "WAVE", "audio/x-wav" },
  { 5, "ftyp", "video/mp4" }, { 1, "\26\69\223\163", "video/webm" }, { 1, "\127ELF", "application/x-executable" },
  { 1, "<svg", "image/svg+xml" }, { 1, "<!DOCTYPE html", "text/html" }, { 1, "<html", "text/html" },
  { 1, "<?xml", "text/xml" },
}

---@param bytes string
---@return string
function mime.sniff(bytes)
  if bytes == "" then
    return "application/x-empty"
  end
  for _, entry in ipairs(MAGIC) do
    local first, magic = entry[1], entry[2]
    if sub(bytes, first, first + #magic - 1) == magic then
      return entry[3]
    end
  end
  if #bytes == 1 or find(sub(bytes, 1, 4096), "[%z\1-\6\14-\26\28-\31\127]") then
    return "application/octet-stream"
  end
  return "text/plain"
end

return mime
