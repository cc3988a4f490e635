--- Stubs for editors (LuaLS) of what is made from data when a program runs: the services' operations, and the models.

local annotations = require "spec.reference.annotations"
local describe = require "appwrite.describe"
local errorTypes = require "appwrite.error_types"
local models = require "appwrite.models"
local notes = require "appwrite.notes"
local operations = require "appwrite.operations"

local find, format, gmatch, gsub = string.find, string.format, string.gmatch, string.gsub
local concat = table.concat

local WIDTH = 120 -- characters
local FEW = 8 -- words of an enum that are written where they are used; more have an alias

local stubs = {}

local HEAD = [[
---@meta _
-- Made by spec/generate.lua from lua/appwrite/%s: change that, not this.
-- luacheck: ignore]]

local Text = {}
Text.__index = Text

local function newText(head)
  return setmetatable({ lines = { head, "" } }, Text)
end

function Text:put(line, ...)
  self.lines[#self.lines + 1] = select("#", ...) > 0 and format(line, ...) or line
end

-- A text behind what a comment begins with, in lines that fit.
function Text:wrap(first, text, rest)
  local line, empty = first, true
  for word in gmatch(text, "%S+") do
    if not empty and #line + 1 + #word > WIDTH then
      self:put(line)
      line, empty = rest, true
    end
    line, empty = (empty and line or line .. " ") .. word, false
  end
  self:put((gsub(line, "%s+$", "")))
end

function Text:done()
  return concat(self.lines, "\n") .. "\n"
end

---@param service string
---@return string class of its functions
function stubs.className(service)
  return "appwrite." .. gsub(service, "^%l", string.upper)
end

local function paramsClass(service, row)
  return format("appwrite.params.%s.%s", service, row.name)
end

-- Types ---------------------------------------------------------------------------------------------------------------

local SIMPLE = { date = "appwrite.date", table = "table", any = "any" }

local function fieldType(text)
  local parsed = models.parse(text)
  local name = SIMPLE[parsed.name] or models.find(parsed.name) and "appwrite.models." .. parsed.name or parsed.name
  return name .. (parsed.isArray and "[]" or ""), parsed.isOptional
end

local function words(enum)
  local quoted = {}
  for index, word in ipairs(enum) do
    quoted[index] = format("%q", word)
  end
  return quoted
end

local QUERY = "appwrite.GraphQLQuery" -- the one kind of which several go at once
local TYPES = { object = "table", file = "appwrite.InputFile|string" }

local function paramType(service, row, param)
  if param.enum then
    return #param.enum <= FEW and concat(words(param.enum), "|") or
      format("%s.%s", paramsClass(service, row), param.name)
  end
  return param.batch and QUERY .. "|" .. QUERY .. "[]" or TYPES[param.type] or param.type
end

local RESULTS = { bytes = "string|true", url = "string", data = "table", ["true"] = "true" }

local function resultType(row)
  local result = describe.result(row)
  return RESULTS[result] or "appwrite.models." .. result
end

-- Services ------------------------------------------------------------------------------------------------------------

local function putEnum(text, service, row, param)
  text:put("---@alias %s.%s", paramsClass(service, row), param.name)
  for _, word in ipairs(words(param.enum)) do
    text:put("---| %s", word)
  end
  text:put ""
end

local function paramDoc(param)
  local texts = { param.doc }
  for _, range in ipairs(describe.range(param)) do
    texts[#texts + 1] = range
  end
  local default = describe.default(param)
  texts[#texts + 1] = default and "default " .. default
  return concat(texts, "; ")
end

local function putParams(text, service, row)
  for _, param in ipairs(row.params) do
    if param.enum and #param.enum > FEW then
      putEnum(text, service, row, param)
    end
  end
  text:put("---@class %s", paramsClass(service, row))
  for _, param in ipairs(row.params) do
    text:wrap(format("---@field %s%s %s ", param.name, param.required and "" or "?", paramType(service, row, param)),
      paramDoc(param), "---  ")
  end
  text:put ""
end

local function putNotes(text, service, row)
  local note = notes.of(service, row.name)
  local limit = describe.rateLimit(row)
  local texts = { note.signedIn and "Somebody must be logged in." or nil }
  texts[#texts + 1] = limit and "At most " .. limit .. "."
  local names = errorTypes.of(row, note)
  if #names > 0 then
    texts[#texts + 1] = format("Errors: `%s`.", concat(names, "`, `"))
  end
  if #texts > 0 then
    text:put "---"
    text:wrap("---", concat(texts, " "), "---")
  end
end

local function putExample(text, service, row)
  text:put "---"
  text:put "---```lua"
  for line in gmatch(notes.of(service, row.name).example .. "\n", "(.-)\n") do
    text:put("---" .. line)
  end
  text:put "---```"
end

local function callbackType(row)
  return format("fun(result: %s?, err: appwrite.Error?, response: appwrite.Response?)", resultType(row))
end

-- With a callback the call is a task. Of a colon editors know by the overload that has `self`.
local function putOverloads(text, service, row, class, required)
  local callback, options = callbackType(row), "appwrite.CallOptions"
  if not required then
    text:put("---@overload fun(callback: %s): appwrite.Task", callback)
  end
  text:put("---@overload fun(params: %s, callback: %s): appwrite.Task", class, callback)
  text:put("---@overload fun(params: %s, options: %s, callback: %s): appwrite.Task", class, options, callback)
  text:put("---@overload fun(self: %s, params%s: %s, options?: %s): %s?, appwrite.Error?, appwrite.Response?",
    stubs.className(service), required and "" or "?", class, options, resultType(row))
end

local function putOperation(text, service, row)
  local class = #row.params > 0 and paramsClass(service, row) or "{}"
  local required = false
  for _, param in ipairs(row.params) do
    required = required or param.required
  end
  if #row.params > 0 then
    putParams(text, service, row)
  end
  text:wrap("---", row.doc, "---")
  putNotes(text, service, row)
  putExample(text, service, row)
  text:put("---@param params%s %s", required and "" or "?", class)
  text:put "---@param options? appwrite.CallOptions"
  text:put("---@return %s? result", resultType(row))
  text:put "---@return appwrite.Error? err"
  text:put "---@return appwrite.Response? response"
  putOverloads(text, service, row, class, required)
  text:put("function %s.%s(params, options) end", service, row.name)
  text:put ""
end

local function putAlias(text, service, row)
  text:wrap("---", format("The official name of `%s`. %s", row.name, row.doc), "---")
  text:put("%s.%s = %s.%s", service, row.alias, service, row.name)
  text:put ""
end

---@param service string
---@return string text of lua/appwrite/types/SERVICE.lua
function stubs.service(service)
  local data = operations.service(service)
  local text = newText(format(HEAD, format("services/%s.lua and notes/%s.lua", service, service)))
  text:put("---%s", data.doc)
  text:put("---@class %s", stubs.className(service))
  text:put("local %s = {}", service)
  text:put ""
  for _, row in ipairs(data.list) do
    putOperation(text, service, row)
    if data.byName[row.alias] == row and row.alias ~= row.name then
      putAlias(text, service, row)
    end
  end
  text:put("return %s", service)
  return text:done()
end

-- Models --------------------------------------------------------------------------------------------------------------

local function putModel(text, model)
  text:wrap("---", model.doc, "---")
  text:put("---@class appwrite.models.%s", model.name)
  for _, field in ipairs(model.fields) do
    local type_, optional = fieldType(field[2])
    local name = find(field[1], "^%a[%w_]*$") and field[1] or format('["%s"]', field[1])
    text:wrap(format("---@field %s%s %s ", name, optional and "?" or "", type_), field[3], "---  ")
  end
  if model.open then
    text:put("---@field [string] %s", model.open)
  end
  text:put ""
end

---@return string text of lua/appwrite/types/models.lua
function stubs.models()
  local text = newText(format(HEAD, "models"))
  text:put '---@alias appwrite.date string such as "2024-03-01T12:30:00.250+00:00", for appwrite.time.parse; "" is never'
  text:put ""
  for _, name in ipairs(models.names()) do
    putModel(text, models.find(name))
  end
  return text:done()
end

---@return table<string, string> files path -> text
function stubs.files()
  local files = { ["lua/appwrite/types/models.lua"] = stubs.models() }
  for _, service in ipairs(operations.SERVICES) do
    files[format("lua/appwrite/types/%s.lua", service)] = stubs.service(service)
  end
  return files
end

-- What a stub says, read back ------------------------------------------------------------------------------------------

---@param path string of a service's stub
---@return table<string, reference.Block> by name of the function
function stubs.read(path)
  local found = {}
  for _, block in ipairs(annotations.file(path)) do
    if block.name then
      found[gsub(block.name, "^%a+%.", "")] = block
    end
  end
  return found
end

return stubs
