--- Percent-encoding by the two rules the server reads: path segments, and form-encoded queries.

local byte, format, gsub = string.byte, string.format, string.gsub

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

---Scheme, host, port and path of a URL without what may be secret in it: user info, query and fragment.
---@param url string
---@return string
function uri.withoutSecrets(url)
  return (gsub(gsub(url, "[?#].*$", ""), "//[^/]*@", "//"))
end

return uri
