--- Opens a page in the user's browser: by the game engine that runs the program, or else by the system.

local match, rawget, type = string.match, rawget, type

local browser = {}

-- What engines offer; each answers with whether it worked.
local function engine()
  local love, sys = rawget(_G, "love"), rawget(_G, "sys")
  if type(love) == "table" and love.system then
    return love.system.openURL
  elseif type(sys) == "table" and sys.open_url then -- Defold
    return sys.open_url
  end
  return nil
end

---@param url string http or https
---@return boolean? opened
---@return string? problem without the URL, which may carry a secret
function browser.open(url)
  if not match(url, "^https?://[%w%-._~:/?#%[%]@!$&()*+,;=%%]+$") then
    return nil, "a browser opens http and https URLs only, percent-encoded"
  end
  local open = engine()
  if open then
    return open(url) and true or nil, "the game engine opened no browser"
  end
  return require("appwrite.core").browse(url)
end

return browser
