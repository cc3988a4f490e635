--- Names and values as PHP reads them from a query string or a form: `a[]=x` and `a[0]=x` make a list.

local json = require "server.json"

local gmatch, gsub, match = string.gmatch, string.gsub, string.match

local form = {}

local function nextIndex(object)
  local last = -1
  for _, name in ipairs(object.keys) do
    local number = tonumber(match(name, "^%d+$"))
    last = number and number > last and number or last
  end
  return tostring(last + 1)
end

---Put pairs of names and values together.
---@param pairsInOrder { [1]: string, [2]: string }[]
---@return table<string, any> params texts and lists
function form.collect(pairsInOrder)
  local params, nested = {}, {}
  for _, pair in ipairs(pairsInOrder) do
    local base, key = match(pair[1], "^([^%[]+)%[([^%]]*)%]$")
    if base then
      nested[base] = nested[base] or json.object()
      nested[base]:set(key == "" and nextIndex(nested[base]) or key, pair[2])
    else
      params[pair[1]] = pair[2]
    end
  end
  for base, object in pairs(nested) do
    params[base] = json.asPhpArray(object)
  end
  return params
end

local function decode(text)
  return ngx.unescape_uri((gsub(text, "%+", " ")))
end

---@param text string `a=1&b%5B%5D=2`
---@return table<string, any>
function form.parse(text)
  local list = {}
  for piece in gmatch(text, "[^&]+") do
    local name, value = match(piece, "^([^=]*)=?(.*)$")
    list[#list + 1] = { decode(name), decode(value) }
  end
  return form.collect(list)
end

return form
