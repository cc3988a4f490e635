--- Finds the icon that a page names, as the real server chooses among several.

local fetch = require "server.fetch"

local find, gmatch, lower, match = string.find, string.gmatch, string.lower, string.match

local KINDS = { ico = true, png = true, jpg = true, jpeg = true }

local favicon = {}

local function attribute(tag, name)
  return match(tag, "[%s\"']" .. name .. '%s*=%s*"([^"]*)"') or match(tag, "[%s\"']" .. name .. "%s*=%s*'([^']*)'")
    or match(tag, "[%s\"']" .. name .. "%s*=%s*([^%s\"'>]+)") or ""
end

-- Pixels that a "32x16" stands for; 0 where it is something else.
local function area(sizes)
  local width, height = match(lower(sizes), "^(%d+)x(%d+)")
  return width and width * height or 0
end

---@param url string of the page
---@param html string
---@return string url of the largest icon it names, the last among equals; else /favicon.ico
---@return string kind "ico", "png", "jpg" or "jpeg"
function favicon.find(url, html)
  local best, bestKind, space = nil, nil, 0
  for tag in gmatch(html, "<[Ll][Ii][Nn][Kk]([^>]*)>") do
    local rel, link = lower(attribute(tag, "rel")), attribute(tag, "href")
    local kind = lower(match(match(link, "^[^?#]*"), "%.(%w+)$") or "")
    local size = area(attribute(tag, "sizes"))
    if (rel == "icon" or rel == "shortcut icon") and KINDS[kind] and size >= space then
      best, bestKind, space = fetch.resolve(url, link), kind, size
    end
  end
  return best or fetch.resolve(url, "/favicon.ico"), bestKind or "ico"
end

---@param bytes string what came for an .ico
---@return boolean whether it can be one, and is no page that says there is none
function favicon.isIcon(bytes)
  local start = lower(bytes:sub(1, 5))
  return bytes ~= "" and not find(start, "^<html") and start ~= "<!doc"
end

return favicon
