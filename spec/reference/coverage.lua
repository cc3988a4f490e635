--- What is public, and what of it lacks annotations, an example that is run, or a place in the reference.

local library = require "appwrite.reference.library"
local notes = require "appwrite.notes"
local operations = require "appwrite.operations"
local public = require "spec.reference.public"
local stubs = require "spec.reference.stubs"

local find, format = string.find, string.format

local coverage = {}

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

---Whether a function is used in a text: behind a dot or a colon, or in brackets.
---@param text string
---@param name string
---@return boolean
function coverage.isUsed(text, name)
  return find(text, "[.:]" .. name .. "%f[^%w_]") ~= nil or find(text, '["' .. name .. '"]', 1, true) ~= nil
end

local function lackOfOperation(service, row, stub, page)
  local lack, note = {}, notes.of(service, row.name)
  local own, alias = stub[row.name], stub[row.alias]
  if not (own and own.doc ~= "" and #own.returns == 3) then
    lack[#lack + 1] = "annotations"
  end
  if not (alias and alias.doc ~= "") and operations.service(service).byName[row.alias] == row then
    lack[#lack + 1] = "annotations of its official name"
  end
  if not coverage.isUsed(note.example, row.name) then
    lack[#lack + 1] = "an example"
  end
  if not (find(page, format("\n## %s\n", row.name), 1, true) and find(page, note.example, 1, true)) then
    lack[#lack + 1] = "a place in the reference"
  end
  return lack
end

local function lackOfMember(section, one, page)
  local lack = {}
  for _, what in ipairs(one.missing) do
    lack[#lack + 1] = what
  end
  local example = notes.example(section.name, one.name)
  if not (example and coverage.isUsed(example, one.name)) then
    lack[#lack + 1] = "an example"
  end
  if not (find(page, format("\n### %s\n", one.fullName), 1, true) and library.functions[one.fullName]) then
    lack[#lack + 1] = "a place in the reference"
  end
  return lack
end

---@return integer count public functions
---@return string[] problems one for each thing that one lacks, such as "Query.equal lacks an example"
function coverage.count()
  local count, problems = 0, {}
  local function add(name, lack)
    count = count + 1
    for _, what in ipairs(lack) do
      problems[#problems + 1] = format("%s lacks %s", name, what)
    end
  end
  for _, service in ipairs(operations.SERVICES) do
    local stub = stubs.read(format("lua/appwrite/types/%s.lua", service))
    local page = read(format("lua/appwrite/reference/%s.md", service))
    for _, row in ipairs(operations.service(service).list) do
      add(service .. "." .. row.name, lackOfOperation(service, row, stub, page))
    end
  end
  local page = read "lua/appwrite/reference/library.md"
  for _, section in ipairs(public.sections()) do
    for _, one in ipairs(section.members) do
      add(one.fullName, lackOfMember(section, one, page))
    end
  end
  return count, problems
end

return coverage
