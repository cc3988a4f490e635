--- Fetches something over HTTP, for avatars of other sites. The sandbox speaks to this machine only: every other host
-- counts as one that does not answer.

local find, format, lower, match, sub = string.find, string.format, string.lower, string.match, string.sub

local TIMEOUT = 5000 -- milliseconds
local MAX_BYTES = 20000000
local MAX_REDIRECTS = 5

local fetch = {}

---@param url string
---@return { scheme: string, host: string, port: integer, path: string }? parts nil where it is no URL
function fetch.parse(url)
  local scheme, authority, path = match(url, "^(%a+)://([^/?#]+)([^#]*)")
  if not scheme then
    return nil
  end
  authority = match(authority, "([^@]*)$")
  local host, port = match(authority, "^(.-):(%d+)$")
  host, scheme = lower(host or authority), lower(scheme)
  return {
    scheme = scheme, host = host, port = tonumber(port) or scheme == "https" and 443 or 80,
    authority = authority, path = find(path, "^/") and path or "/" .. path,
  }
end

---Where a link of a page leads.
---@param url string of the page
---@param link string
---@return string url
function fetch.resolve(url, link)
  local base = fetch.parse(url)
  if find(link, "^%a[%w+.-]*:") then
    return link
  elseif find(link, "^//") then
    return base.scheme .. ":" .. link
  elseif find(link, "^/") then
    return format("%s://%s%s", base.scheme, base.authority, link)
  end
  return format("%s://%s%s%s", base.scheme, base.authority, match(base.path, "^([^?]*/)"), link)
end

-- The address of a host of this machine; nil for any other.
local function addressOf(host)
  if host == "localhost" then
    return "127.0.0.1"
  elseif host == "[::1]" or find(host, "^127%.%d+%.%d+%.%d+$") then
    return host
  end
end

local function receiveAll(socket)
  local pieces, size = {}, 0
  while true do
    local piece, problem = socket:receiveany(65536)
    if not piece then
      return problem == "closed" and table.concat(pieces) or nil
    end
    size = size + #piece
    if size > MAX_BYTES then
      return nil
    end
    pieces[#pieces + 1] = piece
  end
end

local function ask(parts, address)
  local socket = ngx.socket.tcp()
  socket:settimeout(TIMEOUT)
  if not socket:connect(address, parts.port) then
    return nil
  end
  -- HTTP/1.0, so that the answer comes in one piece and ends with the connection.
  local sent = socket:send(format("GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: sandbox\r\nConnection: close\r\n\r\n",
    parts.path, parts.authority))
  local answer = sent and receiveAll(socket)
  socket:close()
  return answer
end

---@param url string
---@param follow? boolean whether redirects are followed
---@return integer? status nil where nothing answers there
---@return string? body
---@return string? url that it came from in the end
function fetch.get(url, follow)
  for _ = 0, MAX_REDIRECTS do
    local parts = fetch.parse(url)
    local address = parts and parts.scheme == "http" and addressOf(parts.host)
    local answer = address and ask(parts, address)
    local status = match(answer or "", "^HTTP/%d%.%d (%d%d%d)")
    local _, headersEnd = find(answer or "", "\r\n\r\n", 1, true)
    if not status or not headersEnd then
      return nil
    end
    local location = match(sub(answer, 1, headersEnd), "\n[Ll]ocation:%s*([^\r]+)")
    if not (follow and location and find(status, "^3")) then
      return tonumber(status), sub(answer, headersEnd + 1), url
    end
    url = fetch.resolve(url, location)
  end
end

return fetch
