--- Which channels there are in Appwrite 1.5, and which one a misspelt channel was meant to be.

local argument = require "appwrite.argument"
local suggest = require "appwrite.suggest"

local format, ipairs = string.format, ipairs
local concat, find, gmatch, gsub, sub = table.concat, string.find, string.gmatch, string.gsub, string.sub

-- Every form a channel may have; a word in angle brackets stands for an id.
local FORMS = {
  "account",
  "documents",
  "databases.<database>.collections.<collection>.documents",
  "databases.<database>.collections.<collection>.documents.<document>",
  "files",
  "buckets.<bucket>.files",
  "buckets.<bucket>.files.<file>",
  "executions",
  "executions.<execution>",
  "functions.<function>",
  "teams",
  "teams.<team>",
  "memberships",
  "memberships.<membership>",
}

-- Ids may have dots in them, so a channel is matched as a whole instead of word by word.
local patterns = {}
for index, form in ipairs(FORMS) do
  patterns[index] = "^" .. gsub(gsub(form, "%.", "%%."), "<%w+>", "%%w[%%w._-]*") .. "$"
end

local channels = {}

local function words(text)
  local list = {}
  for word in gmatch(text, "[^.]+") do
    list[#list + 1] = word
  end
  return list
end

-- The words of a form that are no ids; those that were given in their places; the form with the ids that were given.
local function compare(form, given)
  local fixed, instead, whole = {}, {}, {}
  for index, word in ipairs(form) do
    local isId = sub(word, 1, 1) == "<"
    whole[index] = isId and given[index] or word
    if not isId then
      fixed[#fixed + 1], instead[#instead + 1] = word, given[index]
    end
  end
  return concat(fixed, "."), concat(instead, "."), concat(whole, ".")
end

-- Those with more fixed words say more of what was meant.
local function nearest(text)
  local given = words(text)
  local found, most
  for _, form in ipairs(FORMS) do
    local own = words(form)
    if #own == #given then
      local fixed, instead, whole = compare(own, given)
      if suggest.nearest(instead, { fixed }) and not (most and most >= #fixed) then
        found, most = whole, #fixed
      end
    end
  end
  return found
end

---@param text any a channel as it was given
---@return string? problem nil where it has one of the known forms
function channels.problem(text)
  if not argument.isText(text) then
    return "a channel must be a string that is not empty, got " .. argument.shown(text)
  end
  for _, pattern in ipairs(patterns) do
    if find(text, pattern) then
      return nil
    end
  end
  if find(text, "^account%.") then
    return format('there is no channel %s; "account" is that of whoever is logged in', argument.shown(text))
  end
  local near = nearest(text)
  return format("there is no channel %s; %s", argument.shown(text), near and format('did you mean "%s"?', near)
    or "there are " .. concat(FORMS, ", "))
end

return channels
