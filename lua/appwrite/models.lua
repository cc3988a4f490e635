--- The models: what operations answer with, as data, for the reference, the editor's stubs and `appwrite.help`.

local ipairs, require, sort = ipairs, require, table.sort

---@class appwrite.Model
---@field name string
---@field doc string
---@field fields table[] rows { name, type, doc, secret = true? }; a type is "string", "integer", "number", "boolean",
---  "date" (a string that appwrite.time reads, or an empty one), "table", "any", or a model's name; with "[]" behind it
---  an array of them, with "?" behind that one that may be absent
---@field open string? has further fields, of that type
---@field list string? of lists: the field with the items

local FILES = { "account", "data", "hashes", "locale", "people" }

local models = {}

local byName, names

local function fieldsOfList(model)
  return {
    { "total", "integer", "how many there are in all" },
    { model.list, model.of .. "[]", "those of this page" },
  }
end

local function load()
  byName, names = {}, {}
  for _, file in ipairs(FILES) do
    for _, model in ipairs(require("appwrite.models." .. file)) do
      byName[model.name] = {
        name = model.name, doc = model.doc, open = model.open, list = model.list,
        fields = model.fields or fieldsOfList(model),
      }
      names[#names + 1] = model.name
    end
  end
  sort(names)
end

---@param name any such as "User"
---@return appwrite.Model?
function models.find(name)
  if not byName then
    load()
  end
  return byName[name]
end

---@return string[] names of all, sorted
function models.names()
  if not names then
    load()
  end
  return names
end

---@param text string a field's type
---@return { name: string, isArray: boolean, isOptional: boolean }
function models.parse(text)
  local name, brackets, mark = text:match "^(%a+)(%[?%]?)(%??)$"
  return { name = name, isArray = brackets == "[]", isOptional = mark == "?" }
end

return models
