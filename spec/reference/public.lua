--- What is public beside the operations: found in the run-time tables, so that nothing new is overlooked, and explained by
-- the annotations in the source.

local annotations = require "spec.reference.annotations"
local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local helpers = require "appwrite.helpers"
local lfs = require "lfs"
local operations = require "appwrite.operations"

local find, format, gmatch, gsub, match, sub = string.find, string.format, string.gmatch, string.gsub, string.match,
  string.sub
local concat, sort = table.concat, table.sort

local ROOT = "lua"

local public = {}

---@class reference.Member a public function
---@field name string
---@field fullName string with the section's name
---@field call string as a program writes it
---@field doc string
---@field params reference.Value[]
---@field returns reference.Value[]
---@field missing string[] what its annotations lack

---@class reference.Section
---@field name string
---@field access string what stands before a function's name
---@field doc string
---@field summary string one sentence
---@field class reference.Block?
---@field members reference.Member[] sorted by name

-- Annotations ---------------------------------------------------------------------------------------------------------

local function luaFiles(folder, found)
  for name in lfs.dir(folder) do
    local path = folder .. "/" .. name
    if sub(name, 1, 1) ~= "." then
      if lfs.attributes(path, "mode") == "directory" then
        luaFiles(path, found)
      elseif find(name, "%.lua$") then
        found[#found + 1] = path
      end
    end
  end
  return found
end

-- The generated files say again what the others say.
local function isGenerated(path)
  return find(path, "^lua/appwrite/types/") or path == "lua/appwrite/reference/library.lua"
end

local function readAll()
  local known = { byLine = {}, classes = {}, aliases = {}, entries = {} }
  local paths = luaFiles(ROOT, {})
  sort(paths)
  for _, path in ipairs(paths) do
    if not isGenerated(path) then
      local class
      for _, block in ipairs(annotations.file(path)) do
        block.path = path
        if block.class then
          assert(not known.classes[block.class], "two classes have the name " .. block.class)
          known.classes[block.class], class = block, block
        elseif block.alias then
          known.aliases[block.alias] = block
        elseif block.name then
          known.byLine[format("%s:%d", path, block.line)] = block
          known.entries[format("%s:%s", path, block.name)] = block
        elseif class and #block.fields > 0 and block.doc == "" then
          error(format("%s: fields without a class", path))
        end
      end
    end
  end
  return known
end

local known

---@return { classes: table<string, reference.Block>, aliases: table<string, reference.Block> }
function public.annotations()
  known = known or readAll()
  return known
end

-- "a: string, b: fun(c: number): string" -> values
local function splitArguments(text)
  local list, position = {}, 1
  while position <= #text do
    local name, mark, start = match(text, "^%s*([%w_.]+)(%??)%s*:?%s*()", position)
    if not name then
      break
    end
    local rest = sub(text, start)
    if rest == "" or sub(rest, 1, 1) == "," then
      list[#list + 1] = { name = name, type = "any", doc = "" }
      position = start + 1
    else
      local type_, after = annotations.takeType(rest)
      local without = match(type_, "^(.*)%?$")
      list[#list + 1] = { name = name, type = without or type_, optional = (without or mark == "?") and true, doc = "" }
      position = #text - #after + 1
      position = match(text, "^%s*,()", position) or #text + 1
    end
  end
  return list
end

local function splitTypes(text)
  local list = {}
  while text ~= "" do
    local type_, rest = annotations.takeType(text)
    list[#list + 1] = { type = type_, doc = "" }
    text = match(rest, "^,%s*(.*)$") or ""
  end
  return list
end

-- A field's type fun(…) as a block, without what a colon puts in by itself.
local function blockOfFun(type_, doc)
  local brackets, results = match(type_, "^fun(%b())%s*:?%s*(.*)$")
  if not brackets then
    return nil
  end
  local params = splitArguments(sub(brackets, 2, -2))
  if params[1] and params[1].name == "self" then
    table.remove(params, 1)
  end
  return { doc = doc, params = params, returns = splitTypes(results or "") }
end

local function fieldOf(class, name)
  for _, field in ipairs(class and class.fields or {}) do
    if field.name == name or field.name == format('["%s"]', name) then
      return field
    end
  end
  return nil
end

-- Members -------------------------------------------------------------------------------------------------------------

local function pathOf(fn)
  local info = debug.getinfo(fn, "S")
  local path = match(info.source, "(lua/appwrite[%w_/]*%.lua)$")
  return path, path and format("%s:%d", path, info.linedefined)
end

local function lookUp(section, name, fn)
  local path, place
  if fn then
    path, place = pathOf(fn)
  end
  local block = place and known.byLine[place]
  local field = fieldOf(section.class, name)
  if not block and field then
    local alias = known.aliases[gsub(field.type, "%?$", "")]
    block = blockOfFun(alias and alias.type or field.type, field.doc)
    local entry = known.entries[format("%s:%s", section.class.path, name)]
    if block and block.doc == "" and entry then
      block.doc = entry.doc
    end
  elseif not block and path then
    block = known.entries[format("%s:%s", path, name)]
  end
  return block
end

local function paramsOf(fn)
  local names = {}
  if fn and debug.getinfo(fn, "u").nparams then -- not on Lua 5.1
    for index = 1, debug.getinfo(fn, "u").nparams do
      names[index] = debug.getlocal(fn, index)
    end
  end
  return names
end

local function missingOf(block, fn)
  if not block then
    return { "annotations" }
  end
  local missing, named = {}, {}
  if block.doc == "" then
    missing[1] = "a description"
  end
  for _, param in ipairs(block.params) do
    named[param.name] = true
  end
  for _, name in ipairs(block.args and paramsOf(fn) or {}) do
    if name ~= "self" and not find(name, "^_") and not named[name] then
      missing[#missing + 1] = "parameter " .. name
    end
  end
  return missing
end

-- What is said of a field is no sentence yet.
local function sentence(text)
  return (gsub(gsub(text, "^%l", string.upper), "([%w`)%]\"])$", "%1."))
end

local function member(section, name, fn)
  local block = lookUp(section, name, fn)
  local names = {}
  for _, param in ipairs(block and block.params or {}) do
    names[#names + 1] = param.optional and param.name .. "?" or param.name
  end
  local access = find(name, "^[%a_][%w_]*$") and section.access .. name or
    format('%s["%s"]', sub(section.access, 1, -2), name)
  return {
    name = name, fullName = section.name == "appwrite" and name or section.name .. "." .. name,
    call = format("%s(%s)", access, concat(names, ", ")),
    doc = sentence(block and block.doc or ""), params = block and block.params or {}, returns = block and block.returns or {},
    missing = missingOf(block, fn),
  }
end

-- What a client asks of a transport, of which the fake one is public: that is for the client, not for programs.
local contract = {}

local function readContract()
  for line in io.lines(ROOT .. "/appwrite/transport.lua") do
    local name = match(line, "^%-%-   socket:([%a]+)%(") or match(line, "^%-%-   ([%a]+)%(")
    if name then
      contract[name] = true
      for more in gmatch(line, ", socket:([%a]+)%(") do
        contract[more] = true
      end
    end
  end
  assert(contract.step and contract.heard, "appwrite.transport has another way to say what it asks for")
end

-- Sections ------------------------------------------------------------------------------------------------------------

local function upvalue(fn, wanted)
  for index = 1, 60 do
    local name, value = debug.getupvalue(fn, index)
    if not name then
      return nil
    elseif name == wanted then
      return value
    end
  end
end

-- Those of a module are in it; those of an object are where its metatable's index leads to.
local function functionsOf(object)
  local functions, metatable = {}, getmetatable(object) or {}
  local index = metatable.__index
  if type(index) == "function" then
    index = upvalue(index, "methods") or upvalue(index, "functions")
  end
  -- What an object with methods has of its own is its state. A module's index leads to itself.
  for name, value in pairs(type(index) == "table" and index or object) do
    if type(value) == "function" then
      functions[name] = value
    elseif type(value) == "table" and value.run then -- of an extension
      functions[name] = false
    end
  end
  return functions
end

-- The first sentence of a text.
local function summaryOf(doc)
  local text = gsub(match(doc .. "\n\n", "^(.-)\n\n"), "\n", " ")
  return match(text, "^(.-%.)%s%u") or text
end

local function section(name, access, object, className, doc)
  className = className or "appwrite." .. name
  local self = {
    name = name, access = access, members = {}, class = known.classes[className .. "Module"] or known.classes[className],
  }
  self.doc = doc or self.class and self.class.doc or ""
  for own, fn in pairs(functionsOf(object)) do
    if not find(own, "^_") and not contract[own] then
      self.members[#self.members + 1] = member(self, own, fn or nil)
    end
  end
  self.summary = summaryOf(self.doc)
  sort(self.members, function(a, b) return a.name < b.name end)
  return self
end

-- What the file says of itself in its first lines.
local function headerOf(module)
  local file = assert(io.open(ROOT .. "/" .. gsub(module, "%.", "/") .. ".lua", "rb"))
  local lines = {}
  for line in file:lines() do
    local text = match(line, "^%-%-%-? ?(.*)$")
    if not text or find(text, "^@") then
      break
    end
    lines[#lines + 1] = text
  end
  file:close()
  return (gsub(concat(lines, "\n"), "\n$", ""))
end

-- The public names of `require "appwrite"`, from the table by which it loads them.
local function modules()
  return assert(upvalue(getmetatable(appwrite).__index, "MODULES"), "appwrite has another way to load its modules")
end

local function withLibrary(sections)
  local all, own = modules(), {}
  for name in pairs(all) do
    local value = appwrite[name]
    if type(value) == "table" then
      sections[#sections + 1] = section(name, "appwrite." .. name .. ".", value, nil, headerOf(all[name][1]))
    else
      own[name] = value
    end
  end
  for name, value in pairs(appwrite) do
    if type(value) == "function" then
      own[name] = value
    end
  end
  sort(sections, function(a, b) return a.name < b.name end)
  table.insert(sections, 1, section("appwrite", "appwrite.", own, "appwrite", headerOf "appwrite"))
end

-- What services have beside their operations.
local function withService(sections, client, name)
  local functions, class = {}, "appwrite." .. gsub(name, "^%l", string.upper)
  for _, own in ipairs(helpers.names(name)) do
    functions[own] = client[name][own]
  end
  if next(functions) then
    sections[#sections + 1] = section(name, "client." .. name .. ".", functions, class)
  end
end

local function withClient(sections)
  local server = fake.new()
  local client = appwrite.new { project = "test", transport = server }
  sections[#sections + 1] = section("client", "client:", client, "appwrite.Client", headerOf "appwrite.client")
  local extensions = helpers.extensions()
  sort(extensions)
  for _, name in ipairs(extensions) do
    local class = name == "oauth2" and "appwrite.OAuth2" or "appwrite." .. gsub(name, "^%l", string.upper)
    sections[#sections + 1] = section(name, "client." .. name .. ":", client[name], class,
      headerOf("appwrite." .. name))
  end
  sections[#sections + 1] = section("realtime", "client.realtime:", client.realtime, "appwrite.Realtime",
    headerOf "appwrite.realtime")
  local sub_ = client.realtime:subscribe("documents", function() end)
  repeat
    appwrite.poll(0.01)
  until server.sockets[1]
  sections[#sections + 1] = section("subscription", "subscription:", sub_, "appwrite.Subscription")
  for _, name in ipairs(operations.SERVICES) do
    withService(sections, client, name)
  end
  sections[#sections + 1] = section("task", "task:", appwrite.spawn(function() end), "appwrite.Task")
  sections[#sections + 1] = section("fake", "fake.", fake, nil, headerOf "appwrite.transport.fake")
  readContract()
  sections[#sections + 1] = section("server", "server:", server, "appwrite.FakeServer")
  sections[#sections + 1] = section("socket", "socket:", server.sockets[1], "appwrite.FakeSocket",
    headerOf "appwrite.transport.fake_socket")
  contract = {}
  sub_:close()
  client.realtime:close()
end

local LOOPS = { "loop", "loop.luv", "loop.cqueues" }

---@return reference.Section[]
function public.sections()
  public.annotations()
  local sections = {}
  withLibrary(sections)
  withClient(sections)
  for _, name in ipairs(LOOPS) do
    sections[#sections + 1] = section(name, name .. ".", require("appwrite." .. name), "appwrite." .. name,
      headerOf("appwrite." .. name))
  end
  return sections
end

-- What only makers of hosts get to see; the source explains it.
local INNER = { ["appwrite.Answer"] = true, ["appwrite.Call"] = true, ["appwrite.Engine"] = true }

-- The classes that the texts of types name, with those that these name.
local function collect(text, found)
  for name in gmatch(text, "appwrite%.[%w_.]+") do
    local block = known.classes[name] or known.aliases[name]
    if block and not found[name] and not INNER[name] then
      found[name] = block
      collect(block.type or "", found)
      for _, field in ipairs(block.fields) do
        collect(field.type, found)
      end
    end
  end
end

---@param sections reference.Section[]
---@return reference.Block[] classes and aliases that the sections' functions take or give, sorted by name
function public.tables(sections)
  local found, own = {}, {}
  for _, one in ipairs(sections) do
    if one.class then
      own[one.class.class] = true
      for _, field in ipairs(one.class.fields) do
        collect(field.type, found)
      end
    end
    for _, each in ipairs(one.members) do
      for _, list in ipairs { each.params, each.returns } do
        for _, value in ipairs(list) do
          collect(value.type, found)
        end
      end
    end
  end
  local list = {}
  for name, block in pairs(found) do
    if not own[name] then
      list[#list + 1] = block
    end
  end
  sort(list, function(a, b) return (a.class or a.alias) < (b.class or b.alias) end)
  return list
end

return public
