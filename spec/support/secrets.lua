--- Looks for secrets where none may be: in log lines, errors, and what `tostring` gives.
--
--   local search = secrets.new { "correct horse" }
--   local client = appwrite.new { …, log = search.log }
--   search:add(jwt)                     -- one that has come up on the way
--   search:saw("a failed login", err)   -- anything that was given back or can be printed
--   search:check()                      -- raises, and names where each was found

local format, gsub = string.format, string.gsub
local concat = table.concat

local SHORTEST = 4 -- characters: shorter ones are found anywhere
local OMITTED = { response = true, answer = true } -- of an error: what the server sent, as it came

local Search = { __name = "spec.SecretSearch" }
local methods = {}
Search.__index = methods

local secrets = {}

local DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function base64(bytes)
  local pieces = {}
  for index = 1, #bytes - 2, 3 do
    local a, b, c = bytes:byte(index, index + 2)
    local number = (a * 256 + b) * 256 + c
    for shift = 3, 0, -1 do
      local digit = math.floor(number / 64 ^ shift) % 64 + 1
      pieces[#pieces + 1] = DIGITS:sub(digit, digit)
    end
  end
  return concat(pieces)
end

local function percent(text, space)
  return (gsub(gsub(text, "[^A-Za-z0-9._~ -]", function(character)
    return format("%%%02X", character:byte())
  end), " ", space))
end

---As it may be written: also in a URL, a form, a cookie, JSON. Of base64 what does not depend on what follows.
---@param secret string
---@return string[]
function secrets.disguises(secret)
  local list = { secret, percent(secret, "%%20"), percent(secret, "+"), (gsub(secret, '[\\"]', "\\%0")) }
  if #secret >= 12 then
    list[#list + 1] = base64(secret)
  end
  return list
end

---@param known string[]?
---@return table search with `log`, for a client's option of that name
function secrets.new(known)
  local self = setmetatable({ secrets = {}, texts = {}, events = 0 }, Search)
  function self.log(level, event, fields)
    self.events = self.events + 1
    self:saw(format("log %s %s", level, event), fields)
  end
  for _, secret in ipairs(known or {}) do
    self:add(secret)
  end
  return self
end

---@param secret string
function methods:add(secret)
  if type(secret) ~= "string" or #secret < SHORTEST then
    error(format("a secret to look for must have %d characters or more", SHORTEST), 2)
  end
  for _, text in ipairs(secrets.disguises(secret)) do
    self.secrets[text] = secret
  end
end

local function collect(value, texts, seen)
  texts[#texts + 1] = tostring(value)
  if type(value) ~= "table" or seen[value] then
    return
  end
  seen[value] = true
  for name, inner in pairs(value) do
    texts[#texts + 1] = tostring(name)
    if not OMITTED[name] then
      collect(inner, texts, seen)
    end
  end
end

---@param where string
---@param value any its fields too, all the way down, but what an error has of the server's answer
function methods:saw(where, value)
  local texts = {}
  collect(value, texts, {})
  self.texts[#self.texts + 1] = { where = where, text = concat(texts, "\n") }
end

---@return string[] found where, and which; never the secret itself
function methods:found()
  local found, told = {}, {}
  for _, entry in ipairs(self.texts) do
    for text, secret in pairs(self.secrets) do
      local key = entry.where .. secret
      if entry.text:find(text, 1, true) and not told[key] then
        told[key] = true
        found[#found + 1] = format('%s: a secret of %d characters that begins with "%s"', entry.where, #secret,
          secret:sub(1, 2))
      end
    end
  end
  return found
end

---Raises where one was found, or where nothing was looked at.
function methods:check()
  if #self.texts == 0 or not next(self.secrets) then
    error("there was nothing to look for, or nowhere to look", 2)
  end
  local found = self:found()
  if #found > 0 then
    error("secrets were found:\n" .. concat(found, "\n"), 2)
  end
end

return secrets
