--- Percent-encoding by the two rules the server reads: path segments, and form-encoded queries.

local byte, char, find, format, gmatch, gsub = string.byte, string.char, string.find, string.format, string.gmatch,
  string.gsub

local function percent(character)
  return format("%%%02X", byte(character))
end

local uri = {}

---Encode one path segment. Bare are the unreserved characters of RFC 3986, section 2.3.
---@param text string
---@return string? encoded nil for a segment that would change the path's shape
---@return string? problem
function uri.segment(text)
  if text == "" then
    return nil, "must not be empty"
  end
  if text == "." or text == ".." then
    return nil, format('must not be "%s": it would change the path', text)
  end
  return (gsub(text, "[^A-Za-z0-9._~-]", percent))
end

---Encode one name or value of a query as HTML forms do (WHATWG URL, application/x-www-form-urlencoded).
---@param text string
---@return string
function uri.form(text)
  return (gsub(gsub(text, "[^A-Za-z0-9*._ -]", percent), " ", "+"))
end

local function unpercent(digits)
  return char(tonumber(digits, 16))
end

local function unform(text)
  return (gsub(gsub(text, "+", " "), "%%(%x%x)", unpercent))
end

---Read a query, form-encoded or not: leniently, since people paste links and programs break them.
---@param query string without the question mark
---@return table<string, string> fields of a name given twice the last value counts
function uri.fields(query)
  local fields = {}
  for pair in gmatch(query, "[^&]+") do
    local at = find(pair, "=", 1, true) or #pair + 1
    fields[unform(pair:sub(1, at - 1))] = unform(pair:sub(at + 1))
  end
  return fields
end

---Scheme, host, port and path of a URL without what may be secret in it: user info, query and fragment.
---@param url string
---@return string
function uri.withoutSecrets(url)
  return (gsub(gsub(url, "[?#].*$", ""), "//[^/]*@", "//"))
end

return uri
