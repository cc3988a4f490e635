--- Looks through what spec/search/run collected. Prints what it looked at, and names what it found without showing it.

local secrets = require "spec.support.secrets"

local format = string.format

local work = ...

local SHORTEST = 8 -- characters: shorter ones are found in anything
local SHOWN = os.getenv "APPWRITE_KEEP" and 100 or 2 -- characters of what was found
local FEWEST = 5 -- different characters
local LONGEST = 65536 -- bytes of a body that are looked at
-- Members of JSON, as they are sent and received, and headers.
local MEMBERS = { "password", "oldPassword", "secret", "jwt", "otp", "providerAccessToken", "providerRefreshToken" }
local HEADERS = { ["x-appwrite-key"] = true, ["x-appwrite-jwt"] = true, ["x-appwrite-session"] = true }

-- What is secret: value -> { where it came up first, the origins it may be sent to }
local known, origins = {}, {}
local sent, received, credentials, foreign = 0, 0, 0, 0
local wrong = {}

local function origin(url)
  local scheme, authority = url:match "^(%a+)://([^/?#]*)"
  authority = authority and authority:gsub("^.*@", ""):lower()
  scheme = scheme and scheme:lower():gsub("^ws", "http")
  return scheme and scheme .. "://" .. authority or url
end

local function characters(text)
  local seen, count = {}, 0
  for character in text:gmatch "." do
    if not seen[character] then
      seen[character], count = true, count + 1
    end
  end
  return count
end

local function learn(value, from)
  if #value >= SHORTEST and characters(value) >= FEWEST and not known[value] then
    known[value] = from
  end
end

local function allow(value, url)
  origins[value] = origins[value] or {}
  origins[value][origin(url)] = true
end

local function files(directory)
  local pipe = assert(io.popen(format("find '%s' -type f -print0", directory)))
  local text = pipe:read "*a"
  pipe:close()
  return text:gmatch "[^%z]+"
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

-- Records of spec/search/wire.c -----------------------------------------------------------------------------------------

local function records(path)
  local file = assert(io.open(path, "rb"))
  return function()
    local line = file:read "*l"
    if not line then
      file:close()
      return nil
    end
    local what, pid, transfer, verified, length, url = line:match "^(%l+) (%d+) (%d+) (%d+) (%d+) (.*)$"
    if not what then
      error(format("%s: not a record: %s", path, line:sub(1, 80)))
    end
    local bytes = tonumber(length) > 0 and file:read(tonumber(length)) or ""
    file:read(1)
    return {
      what = what, process = pid, transfer = pid .. "." .. transfer, verified = verified == "0", bytes = bytes, url = url,
    }
  end
end

local function unescaped(text)
  return (text:gsub("\\u(%x%x%x%x)", function(hex)
    return utf8.char(tonumber(hex, 16))
  end):gsub("\\(.)", "%1"))
end

local function members(text, url, ofServer)
  for _, name in ipairs(MEMBERS) do
    for value in text:gmatch('"' .. name .. '"%s*:%s*"(.-[^\\])"') do
      learn(unescaped(value), name)
      if ofServer then
        allow(unescaped(value), url)
      end
    end
  end
end

local function cookies(text)
  return text:gmatch "(a_session_[%w_.-]+)=([^;%s]+)"
end

local function fallback(text)
  return text:gmatch '"(a_session_[^"]+)"%s*:%s*"([^"]+)"'
end

local function ofHeaders(record, ofServer)
  for line in record.bytes:gmatch "[^\r\n]+" do
    local name, value = line:match "^([%w-]+):[ \t]*(.*)$"
    name = name and name:lower()
    local found = {}
    if HEADERS[name] and value ~= "" then
      found[1] = value
    elseif name == "cookie" or name == "set-cookie" then
      for _, cookie in cookies(value) do
        found[#found + 1] = cookie
      end
    elseif name == "x-fallback-cookies" then
      for _, cookie in fallback(value) do
        found[#found + 1] = cookie
      end
    end
    for _, secret in ipairs(found) do
      learn(secret, name)
      if ofServer then
        allow(secret, record.url)
      else
        record.carries = record.carries or {}
        record.carries[#record.carries + 1] = secret
      end
    end
  end
end

local carried = {} -- what was sent with which credentials

local function look(path)
  local bodies = {}
  for record in records(path) do
    local kind = record.what
    if kind == "hout" or kind == "sout" then
      ofHeaders(record, false)
      if record.carries then
        carried[#carried + 1] = { record = record, list = record.carries }
      end
    elseif kind == "hin" or kind == "sin" then
      ofHeaders(record, true)
    end
    if kind == "dout" or kind == "din" then
      -- A member may be cut in two by the pieces that it came in. What is longer is a file.
      local key = kind .. record.transfer
      local before = bodies[key] or ""
      if #before < LONGEST then
        bodies[key] = before .. record.bytes
        members(bodies[key], record.url, kind == "din")
      end
    end
    if kind:sub(2) == "out" then
      sent = sent + #record.bytes
    else
      received = received + #record.bytes
    end
  end
end

-- Who may have what -------------------------------------------------------------------------------------------------------

local withLibrary = {} -- processes; others are C programs of the specs
local unverified = {} -- origins of clients with selfSigned

local function given()
  local file = io.open(work .. "/given", "rb")
  for line in file and file:lines() or function() end do
    local process, endpoint, how, name, value = line:match "^(%d+)\t(%S*)\t(%a+)\t(%a+)\t(.*)$"
    if value and value ~= "" then
      withLibrary[process] = true
      unverified[origin(endpoint)] = how == "unverified" or unverified[origin(endpoint)]
      learn(value, name)
      allow(value, endpoint)
    end
  end
end

local function complain(value, problem)
  wrong[format('%s of %d characters that begins with "%s"%s', known[value] or "a short one", #value,
    value:sub(1, SHOWN), problem)] = true
end

local function destinations()
  for _, one in ipairs(carried) do
    local record = one.record
    local to = origin(record.url)
    for _, value in ipairs(one.list) do
      -- A spec's own header field, or its use of the core alone, is nothing that the library was given.
      local isOurs = withLibrary[record.process] and origins[value] ~= nil
      credentials, foreign = credentials + (isOurs and 1 or 0), foreign + (isOurs and 0 or 1)
      if isOurs and not origins[value][to] then
        complain(value, ", to " .. to)
      elseif isOurs and not record.verified and not unverified[to] then
        complain(value, ", over TLS that was not verified, to " .. to)
      end
    end
  end
end

-- Where they may not be -----------------------------------------------------------------------------------------------

-- What the library's own sources and examples show to everybody is no secret; nor is what specs give to every parameter
-- alike (spec/data).
local function forgetPublished()
  for _, directory in ipairs { "lua", "examples", "README.md", "spec/data" } do
    for name in files(directory) do
      local text = read(name)
      for value in pairs(known) do
        if text:find(value, 1, true) or text:find(value:gsub('[\\"]', "\\%0"), 1, true) then
          known[value] = nil
        end
      end
    end
  end
end

local function patterns()
  local count, path = 0, work .. "/patterns"
  local file = assert(io.open(path, "wb"))
  for value in pairs(known) do
    count = count + 1
    for _, text in ipairs(secrets.disguises(value)) do
      if #text >= SHORTEST and not text:find "[\r\n%z]" then
        file:write(text, "\n")
      end
    end
  end
  assert(file:close())
  return count, path
end

local function size(path)
  local file = assert(io.open(path, "rb"))
  local bytes = file:seek "end"
  file:close()
  return bytes
end

-- Stores have it, and what a sandbox knew in the end (spec/websdk/flows). A part of a store, left behind, may not.
local function mayHave(path, text)
  local isStore = text:sub(1, 17) == "appwrite-session " and not path:find("%.appwrite%-%x+%.part$")
  return isStore or path:find("^removed/tmp/[^/]+/library$") or path:find("^removed/tmp/[^/]+/websdk$")
end

local function search(path)
  local searched, bytes, hits = 0, 0, {}
  for _, directory in ipairs { "said", "removed" } do
    for name in files(work .. "/" .. directory) do
      searched, bytes = searched + 1, bytes + size(name)
    end
  end
  local pipe = assert(io.popen(format("cd '%s' && LC_ALL=C grep -raoFH --null -f '%s' said removed", work, path)))
  for line in pipe:lines() do
    local name, text = line:match "^(.-)%z(.*)$"
    if not mayHave(name, read(work .. "/" .. name)) then
      hits[name] = hits[name] or {}
      hits[name][text] = (hits[name][text] or 0) + 1
    end
  end
  pipe:close()
  return searched, bytes, hits
end

for path in files(work .. "/wire") do
  look(path)
end
given()
destinations()
forgetPublished()
local count, path = patterns()
local searched, bytes, hits = search(path)
print(format("%d secrets looked for in %d files of %d bytes", count, searched, bytes))
print(format("%d bytes sent, %d received; %d times credentials were sent, and %d times a spec's own", sent, received,
  credentials, foreign))
local problems = 0
for problem in pairs(wrong) do
  problems = problems + 1
  print("sent where it does not belong: " .. problem)
end
for name, found in pairs(hits) do
  for text, times in pairs(found) do
    problems = problems + 1
    print(format('%s has %d times a secret of %d characters that begins with "%s" (%s)', name, times, #text,
      text:sub(1, SHOWN), known[text] or "in another form"))
  end
end
if count == 0 or credentials == 0 or bytes == 0 then
  error "there was nothing to look for, or nowhere to look"
end
os.exit(problems == 0)
