--- Has lines and conditions of lua/ counted in this process, for spec/coverage:
--
--   dofile "…/counting.lua" { library = "…/covered.so", root = "…/lua/", counts = "…/", copies = "…/" }
--
-- What is found on package.path below `root` is loaded from `copies`, which branches.lua made, under its own name.

return function(options)
  local counter = package.loadlib(options.library, "luaopen_covered")(options.root, options.counts)
  local searchers = package.searchers or package.loaders

  -- Nil where it is not of lua/, or where there is no copy: the ordinary searcher has its turn then.
  local function open(path)
    local from = path:sub(1, #options.root) == options.root and #options.root or path:sub(1, 4) == "lua/" and 4
    local name = from and path:sub(from + 1)
    return name and io.open(options.copies .. name, "rb"), name
  end

  table.insert(searchers, 2, function(module)
    local path = package.searchpath(module, package.path)
    if not path then
      return nil
    end
    local file, name = open(path)
    if not file then
      return nil
    end
    local text = file:read "*a"
    file:close()
    local load = loadstring or load
    return assert(load(text, "@" .. path))(counter(name)), path
  end)
end
