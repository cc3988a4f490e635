--- Has lines and conditions of lua/ counted in this process, for spec/coverage:
--
--   dofile "…/counting.lua" { library = "…/covered.so", root = "…/lua/", counts = "…/", copies = "…/" }
--
-- What is found on package.path below `root`, or was built in, is loaded from `copies`, which branches.lua made, under
-- its own name.

return function(options)
  local counter = package.loadlib(options.library, "luaopen_covered")(options.root, options.counts)
  local searchers = package.searchers or package.loaders

  -- The module's own chunk, from the copy of a file below lua/; nil where there is none.
  local function copyOf(name, source)
    local file = io.open(options.copies .. name, "rb")
    if not file then
      return nil
    end
    local text = file:read "*a"
    file:close()
    return assert((loadstring or load)(text, "@" .. source))(counter(name))
  end

  local function below(path)
    local from = path:sub(1, #options.root) == options.root and #options.root or path:sub(1, 4) == "lua/" and 4
    return from and path:sub(from + 1)
  end

  table.insert(searchers, 2, function(module)
    local path = package.searchpath(module, package.path)
    local name = path and below(path)
    return name and copyOf(name, path), path
  end)

  for module, builtIn in pairs(package.preload) do
    local name = module:gsub("%.", "/") .. ".lua"
    package.preload[module] = module:find "^appwrite" and copyOf(name, name) or builtIn
  end
end
