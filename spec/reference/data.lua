--- What is public beside the operations, as a Lua module for `appwrite.help`, which has no source to read at hand.

local public = require "spec.reference.public"

local format, gsub = string.format, string.gsub
local concat = table.concat

local PATH = "lua/appwrite/reference/library.lua"

local HEAD = [[
-- Made by spec/generate.lua from the annotations in lua/appwrite: change those, not this.
-- luacheck: ignore

return {
  functions = {]]

local data = {}

local function quoted(text)
  return (gsub(format("%q", text), "\\\n", "\\n"))
end

local function rows(list)
  local texts = {}
  for index, one in ipairs(list) do
    texts[index] = "{ " .. concat(one, ", ") .. " }"
  end
  return #texts == 0 and "{}" or "{ " .. concat(texts, ", ") .. " }"
end

local function params(one)
  local list = {}
  for index, param in ipairs(one.params) do
    list[index] = {
      quoted(param.name), quoted(param.type .. (param.optional and ", optional" or "")), quoted(param.doc),
    }
  end
  return rows(list)
end

local function returns(one)
  local list = {}
  for index, result in ipairs(one.returns) do
    local words = result.name and result.doc ~= "" and result.name .. " " .. result.doc or result.name or result.doc
    list[index] = { quoted(result.type .. (result.optional and "?" or "")), quoted(words) }
  end
  return rows(list)
end

---@return table<string, string> files path -> text
function data.files()
  local lines, sections = { HEAD }, public.sections()
  for _, section in ipairs(sections) do
    for _, one in ipairs(section.members) do
      lines[#lines + 1] = format("    [%s] = {\n      section = %s, name = %s, call = %s,\n      doc = %s,\n      params = %s,"
        .. "\n      returns = %s,\n    },", quoted(one.fullName), quoted(section.name), quoted(one.name),
        quoted(one.call), quoted(one.doc), params(one), returns(one))
    end
  end
  lines[#lines + 1] = "  },\n  sections = {"
  for _, section in ipairs(sections) do
    local names = {}
    for index, one in ipairs(section.members) do
      names[index] = quoted(one.fullName)
    end
    lines[#lines + 1] = format("    [%s] = {\n      summary = %s,\n      doc = %s,\n      functions = { %s },\n    },",
      quoted(section.name), quoted(section.summary), quoted(section.doc), concat(names, ", "))
  end
  lines[#lines + 1] = "  },\n  tables = {"
  for _, block in ipairs(public.tables(sections)) do
    lines[#lines + 1] = format("    [%s] = {\n      doc = %s,\n      type = %s,\n      params = %s,\n    },",
      quoted(block.class or block.alias), quoted(block.doc), block.type and quoted(block.type) or "nil",
      params { params = block.fields })
  end
  lines[#lines + 1] = "  },\n}\n"
  return { [PATH] = concat(lines, "\n") }
end

return data
