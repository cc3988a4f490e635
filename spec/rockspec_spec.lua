-- What is shipped is written down in two places; a file that is missing in one would only fail on users' machines.

local lfs = require "lfs"

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local function rockspec()
  local chunk = assert(loadfile "appwrite-scm-1.rockspec")
  local values = {}
  if setfenv then
    setfenv(chunk, values)
  else
    chunk = assert(load(read "appwrite-scm-1.rockspec", "rockspec", "t", values))
  end
  chunk()
  return values
end

local function each(folder, ending, found)
  for name in lfs.dir(folder) do
    local path = folder .. "/" .. name
    if name:sub(1, 1) ~= "." then
      if lfs.attributes(path, "mode") == "directory" then
        each(path, ending, found)
      elseif name:sub(-#ending) == ending then
        found[#found + 1] = path
      end
    end
  end
  table.sort(found)
  return found
end

describe("the rockspec", function()
  it("ships every Lua file as the module of its name", function()
    local expected, given = {}, {}
    for _, path in ipairs(each("lua", ".lua", {})) do
      expected[path:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/", ".")] = path
    end
    for name, path in pairs(rockspec().build.modules) do
      if type(path) == "string" then
        given[name] = path
      end
    end
    assert.same(expected, given)
  end)

  it("builds every C file", function()
    assert.same(each("csrc", ".c", {}), rockspec().build.modules["appwrite.core"].sources)
  end)

  it("names the package after its file", function()
    local values = rockspec()
    assert.equal("appwrite-scm-1", values.package .. "-" .. values.version)
  end)
end)

describe("CMakeLists.txt", function()
  it("builds every C file", function()
    local listed = {}
    for path in read("CMakeLists.txt"):gmatch "csrc/[%w_]+%.c" do
      listed[#listed + 1] = path
    end
    table.sort(listed)
    assert.same(each("csrc", ".c", {}), listed)
  end)
end)
