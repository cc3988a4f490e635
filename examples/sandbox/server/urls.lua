--- URLs as PHP takes them apart and puts them together, for the links of mails and the redirects of OAuth2.

local byte, format, gmatch, gsub, match = string.byte, string.format, string.gmatch, string.gsub, string.match
local concat = table.concat

local urls = {}

---@class sandbox.Url
---@field scheme string
---@field authority string
---@field path string
---@field query string
---@field fragment? string

---@param text string
---@return sandbox.Url
function urls.parse(text)
  local before, fragment = match(text, "^([^#]*)#?(.*)$")
  local address, query = match(before, "^([^?]*)%??(.*)$")
  local scheme, authority, path = match(address, "^(%a[%w+.-]*)://([^/]*)(.*)$")
  return {
    scheme = scheme, authority = authority, path = path, query = query, fragment = fragment ~= "" and fragment or nil,
  }
end

---The host of an absolute URL without user and port, in lower case; nil where there is none.
---@param text any
---@return string?
function urls.host(text)
  local authority = type(text) == "string" and match(text, "^%a[%w+.-]*://([^/?#%s]+)[^%s]*$")
  local host = authority and gsub(gsub(authority, "^.*@", ""), ":%d*$", "")
  return host and host ~= "" and host:lower() or nil
end

---Percent-encode a value of a query.
---@param text string
---@return string
function urls.encode(text)
  return (gsub(gsub(text, "[^%w%-_. ]", function(character) return format("%%%02X", byte(character)) end), " ", "+"))
end

---@param text string
---@return string
function urls.decode(text)
  return ngx.unescape_uri((gsub(text, "%+", " ")))
end

---A query string of names and values in order.
---@param pairsInOrder { [1]: string, [2]: string }[]
---@return string
function urls.query(pairsInOrder)
  local pieces = {}
  for index, pair in ipairs(pairsInOrder) do
    pieces[index] = urls.encode(pair[1]) .. "=" .. urls.encode(pair[2])
  end
  return concat(pieces, "&")
end

local function set(pairsInOrder, name, value)
  for _, pair in ipairs(pairsInOrder) do
    if pair[1] == name then
      pair[2] = value
      return
    end
  end
  pairsInOrder[#pairsInOrder + 1] = { name, value }
end

---A query string with more in it; what it has already under one of the names is replaced.
---@param query string
---@param more { [1]: string, [2]: string }[]
---@return string
function urls.merge(query, more)
  local merged = {}
  for piece in gmatch(query, "[^&]+") do
    local name, value = match(piece, "^([^=]*)=?(.*)$")
    set(merged, urls.decode(name), urls.decode(value))
  end
  for _, pair in ipairs(more) do
    set(merged, pair[1], pair[2])
  end
  return urls.query(merged)
end

---A URL with more in its query.
---@param text string
---@param more { [1]: string, [2]: string }[]
---@return string
function urls.with(text, more)
  local url = urls.parse(text)
  return format("%s://%s%s?%s%s", url.scheme, url.authority, url.path, urls.merge(url.query, more),
    url.fragment and "#" .. url.fragment or "")
end

---The same as the real server writes it at the end of OAuth2: with an empty user and an empty fragment.
---@param text string
---@param more { [1]: string, [2]: string }[]
---@return string
function urls.oddlyWith(text, more)
  local url = urls.parse(text)
  local query = urls.merge(url.query, more)
  return format("%s://%s%s%s%s#%s", url.scheme, match(url.authority, "@") and "" or ":@", url.authority, url.path,
    query == "" and "" or "?" .. query, url.fragment or "")
end

---Where this server is asked, with the port, unlike the real server's own links, which lose it.
---@return string
function urls.origin()
  return ngx.var.scheme .. "://" .. (ngx.var.http_host or ngx.var.host)
end

return urls
