--- Loads modules of the library afresh, as if a given lua-cjson were the installed one, and leaves what was loaded
-- before as it was.
---@param cjson table
---@param ... string names of modules
---@return ... any the modules
return function(cjson, ...)
  local kept = { cjson = package.loaded.cjson }
  for name, module in pairs(package.loaded) do
    if name:find "^appwrite" then
      kept[name] = module
    end
  end
  for name in pairs(kept) do
    package.loaded[name] = nil
  end
  package.loaded.cjson = cjson
  local modules = {}
  for index, name in ipairs { ... } do
    modules[index] = require(name)
  end
  for name in pairs(package.loaded) do
    if name:find "^appwrite" then
      package.loaded[name] = nil
    end
  end
  for name, module in pairs(kept) do
    package.loaded[name] = module
  end
  return (table.unpack or unpack)(modules)
end
