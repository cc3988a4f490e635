--- Reads a start-up file: a Lua file that returns a table saying what exists. What it leaves out, and what is wrong in
-- it, is settled here, so that a mistake in it ends the start with a message and not a request with a puzzle.

local concat, format, match, sort = table.concat, string.format, string.match, table.sort

local startup = {}

local providers = {}
for _, name in ipairs(require("server.oauth2").PROVIDERS) do
  providers[name] = true
end

local function required(kind, each)
  return { kind = kind, required = true, each = each }
end

local function optional(kind, default, each)
  return { kind = kind, default = default, each = each }
end

local ATTRIBUTE = {
  key = required "string", type = required "string", size = optional("number", 256), min = optional "number",
  max = optional "number", required = optional("boolean", false), array = optional("boolean", false),
  elements = optional "table", default = optional "any",
}
local COLLECTION = {
  id = required "string", permissions = required "table", documentSecurity = optional("boolean", false),
  attributes = required("table", ATTRIBUTE), fulltext = optional("table", {}),
}
local DATABASE = { id = required "string", collections = required("table", COLLECTION) }
local BUCKET = {
  id = required "string", permissions = required "table", fileSecurity = optional("boolean", false),
  maximumFileSize = optional("number", 30000000), allowedFileExtensions = optional("table", {}),
}
local KEY = { secret = required "string", scopes = required "table" }
local USER = {
  id = required "string", email = optional "string", password = optional "string", name = optional("string", ""),
  labels = optional("table", {}), status = optional("boolean", true), emailVerification = optional("boolean", false),
  phone = optional "string", phoneVerification = optional("boolean", false),
}
local FUNCTION = {
  id = required "string", execute = optional("table", { "any" }), timeout = optional("number", 15),
  handler = optional "function",
}
local TOPIC = { id = required "string", subscribe = optional("table", { "users" }) }
local PROJECT = {
  id = required "string", jwtSeconds = optional("number", 900), rateLimits = optional("boolean", false),
  platforms = optional("table", { "localhost" }), databases = optional("table", {}, DATABASE),
  name = optional "string", maxSessions = optional("number", 10), topics = optional("table", {}, TOPIC),
  oauth2 = optional("table", { "mock" }), oauth2Page = optional("boolean", false),
  functions = optional("table", {}, FUNCTION),
  buckets = optional("table", {}, BUCKET), keys = optional("table", {}, KEY), users = optional("table", {}, USER),
}

local ATTRIBUTE_TYPES = {
  string = true, integer = true, float = true, boolean = true, datetime = true, email = true, url = true, ip = true,
  enum = true,
}

local function names(set)
  local list = {}
  for name in pairs(set) do
    list[#list + 1] = name
  end
  sort(list)
  return concat(list, ", ")
end

local function fail(path, problem)
  error(format("start-up file: %s %s", path, problem), 0)
end

local checkFields

local function checkField(path, spec, value)
  if value == nil then
    if spec.required then
      fail(path, "is missing: a " .. spec.kind .. " must be given")
    end
    return spec.default
  elseif spec.kind ~= "any" and type(value) ~= spec.kind then
    fail(path, format("must be a %s, got a %s", spec.kind, type(value)))
  elseif not spec.each then
    return value
  end
  local list = {}
  for index, entry in ipairs(value) do
    list[index] = checkFields(format("%s[%d]", path, index), spec.each, entry)
  end
  return list
end

function checkFields(path, specs, given)
  if type(given) ~= "table" then
    fail(path, "must be a table, got a " .. type(given))
  end
  local result = {}
  for name in pairs(given) do
    if not specs[name] then
      fail(path, format('knows no "%s"; there are %s', tostring(name), names(specs)))
    end
  end
  for name, spec in pairs(specs) do
    result[name] = checkField(path .. "." .. name, spec, given[name])
  end
  return result
end

local function checkAttributes(project)
  for _, database in ipairs(project.databases) do
    for _, collection in ipairs(database.collections) do
      for _, attribute in ipairs(collection.attributes) do
        local path = format("attribute %s.%s.%s", database.id, collection.id, attribute.key)
        if not ATTRIBUTE_TYPES[attribute.type] then
          fail(path, format('has no known type: "%s"; there are %s', attribute.type, names(ATTRIBUTE_TYPES)))
        elseif attribute.type == "enum" and not attribute.elements then
          fail(path, "is an enum and needs elements")
        end
      end
    end
  end
end

local function checkAccounts(project)
  if project.maxSessions < 1 then
    fail("project.maxSessions", "must be at least 1, got " .. project.maxSessions)
  end
  for _, name in ipairs(project.oauth2) do
    if not providers[name] then
      fail("project.oauth2", format('knows no provider "%s"; there are %s', tostring(name), names(providers)))
    end
  end
end

---Read a start-up file.
---@param path string
---@return table project every field filled in; raises a message for people where the file is wrong
function startup.read(path)
  local chunk, problem = loadfile(path)
  if not chunk then
    error("start-up file: " .. problem, 0)
  end
  local project = checkFields("project", PROJECT, chunk())
  checkAttributes(project)
  checkAccounts(project)
  return project
end

---Permissions of a container with `write` taken apart into what it stands for.
---@param list string[]
---@return string[]
function startup.expand(list)
  local result = {}
  for _, permission in ipairs(list) do
    local action, role = match(permission, '^(%l+)(%(".+"%))$')
    if not action then
      fail("permission " .. permission, 'is not of the form read("any")')
    end
    for _, name in ipairs(action == "write" and { "create", "update", "delete" } or { action }) do
      result[#result + 1] = name .. role
    end
  end
  return result
end

return startup
