--- What is appended to modules of the library's copy that spec/search/run makes: everything it tells anybody is written
-- down as well, and which credentials were given for which server. `%DIRECTORY%` is filled in.

local told = {}

local files = {}

local function write(name, text)
  if not files[name] then
    files[name] = assert(io.open("%DIRECTORY%/" .. name, "ab"))
    files[name]:setvbuf "line"
  end
  files[name]:write((tostring(text):gsub("[\r\n]+", " ")), "\n")
end

---A log line as a user would get it, whether anybody wants it or not.
function told.log(line)
  write("said/log", line)
end

local CREDENTIALS = { "key", "jwt", "session" }

-- Asked for anew each time, since nginx's workers are forked.
local function process()
  local file = assert(io.open "/proc/self/stat")
  local id = file:read "*l":match "^%d+"
  file:close()
  return id
end

local unverified = {} -- endpoints of clients with selfSigned

---@param endpoint string
---@param values table options of a client
function told.credentials(endpoint, values)
  for _, name in ipairs(CREDENTIALS) do
    if type(values[name]) == "string" then
      unverified[endpoint] = values.selfSigned or unverified[endpoint]
      local how = unverified[endpoint] and "unverified" or "verified"
      write("given", table.concat({ process(), endpoint, how, name, values[name] }, "\t"))
    end
  end
end

---@param err any an error as its caller gets it
function told.error(err)
  write("said/errors", tostring(err))
  if type(err) == "table" then
    write("said/errors", tostring(err.message) .. " " .. tostring(err.type))
  end
end

---@param value any whose `tostring` may be seen
function told.value(value)
  local _, text = pcall(tostring, value) -- one over a transport of a spec may have none
  write("said/tostring", tostring(text))
  return value
end

-- Each method of the core's userdata, so that what it makes is seen as well.
local wrapped = {}

local function passOn(made, ...)
  return told.userdata(made), ...
end

function told.userdata(value)
  if type(value) ~= "userdata" then
    return value
  end
  told.value(value)
  local methods = (debug.getmetatable(value) or {}).__index
  if type(methods) == "table" and not wrapped[methods] then
    wrapped[methods] = true
    for name, method in pairs(methods) do
      methods[name] = function(self, ...)
        if name == "set" then
          told.credentials(self:endpoint(), { [tostring((...))] = select(2, ...) })
        elseif name == "client" or name == "fork" then
          told.credentials(name == "fork" and self:endpoint() or (...).endpoint, (...))
        end
        return passOn(method(self, ...))
      end
    end
  end
  return value
end

return told
