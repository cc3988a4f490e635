--- All files that are made from data: what they should be, and which of them are something else.

local data = require "spec.reference.data"
local markdown = require "spec.reference.markdown"
local stubs = require "spec.reference.stubs"

local generated = {}

local files

local function all()
  if not files then
    files = {}
    for _, maker in ipairs { data, markdown, stubs } do
      for path, text in pairs(maker.files()) do
        files[path] = text
      end
    end
  end
  return files
end

---@return string[] paths sorted
function generated.paths()
  local list = {}
  for path in pairs(all()) do
    list[#list + 1] = path
  end
  table.sort(list)
  return list
end

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read "*a"
  if file then
    file:close()
  end
  return text
end

---@return string[] paths of files that are missing or not as they should be
function generated.differing()
  local list = {}
  for _, path in ipairs(generated.paths()) do
    if read(path) ~= all()[path] then
      list[#list + 1] = path
    end
  end
  return list
end

---@param path string
function generated.write(path)
  local file = assert(io.open(path, "wb"))
  assert(file:write(all()[path]))
  assert(file:close())
end

return generated
