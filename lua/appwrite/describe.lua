--- What the data of operations and models says, in words: for the reference, the editor's stubs and `appwrite.help`.

local format, ipairs, tostring, type = string.format, ipairs, tostring, type
local concat = table.concat

local describe = {}

local FORMATS = {
  id = "an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit",
  newId = 'an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit; or "unique()"',
  phone = "a plus and up to 15 digits",
  hexColor = 'colour of 3 or 6 hex digits without "#"',
}

local UNITS = { [60] = "a minute", [3600] = "an hour" }

-- "1 to 5 characters", "up to 5 characters", "8 characters or more"
local function span(least, most, what)
  if least and most then
    return format("%s to %s%s", tostring(least), tostring(most), what)
  elseif most then
    return format("up to %s%s", tostring(most), what)
  elseif least then
    return format("%s%s or more", tostring(least), what)
  end
  return nil
end

---What values a parameter takes, but for those of an enum.
---@param param appwrite.Parameter
---@return string[] texts none where any value of its type does
function describe.range(param)
  local texts = {}
  texts[#texts + 1] = FORMATS[param.format]
  texts[#texts + 1] = span(param.min, param.max, "")
  texts[#texts + 1] = span(param.minLength, param.maxLength, param.inBytes and " bytes" or " characters")
  texts[#texts + 1] = param.maxItems and format("%d items at most", param.maxItems)
  texts[#texts + 1] = param.maxItemLength and format("each of up to %d characters", param.maxItemLength)
  texts[#texts + 1] = param.anyCase and "in any case" or nil
  texts[#texts + 1] = param.batch and "or an array of up to 10 of them" or nil
  return texts
end

---What the server takes where nothing is sent.
---@param param appwrite.Parameter
---@return string? text
function describe.default(param)
  if param.default == nil then
    return nil
  end
  return type(param.default) == "string" and format('"%s"', param.default) or tostring(param.default)
end

---@param row appwrite.Operation
---@return string? text such as "10 calls an hour, counted by `email`"
function describe.rateLimit(row)
  local limit = row.rateLimit
  if not limit then
    return nil
  end
  local by = limit.by == "user" and "user" or limit.by and format("`%s`", limit.by) or "address"
  return format("%d calls %s, counted by %s", limit.requests,
    UNITS[limit.seconds] or format("in %d seconds", limit.seconds), by)
end

---@param row appwrite.Operation
---@return string model or "bytes", "url", "data", "true"
function describe.result(row)
  return row.result or row.kind == "bytes" and "bytes" or row.kind == "redirect" and "url"
    or row.kind == "graphql" and "data" or "true"
end

---@param service string
---@param row appwrite.Operation
---@return string such as "account.registerUser { userId, email, password, name? }"
function describe.signature(service, row)
  local names = {}
  for index, param in ipairs(row.params) do
    names[index] = param.required and param.name or param.name .. "?"
  end
  if #names == 0 then
    return format("%s.%s()", service, row.name)
  end
  return format("%s.%s { %s }", service, row.name, concat(names, ", "))
end

return describe
