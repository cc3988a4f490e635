--- For `busted --helper=spec/support/leaks.lua`: after each spec file, nothing of the C core may be left alive.
--
-- busted keeps every function of a file until the run ends, and with them the clients their upvalues hold. What a file
-- registered is let go first, and the modules it loaded, so that what is alive after that is held by nobody who should:
-- by the core itself, by a global, or by a module loaded before.

local busted = require "busted"

-- busted forgets what a file loaded, and luv does not stand being loaded twice; what it does not have is told of by the
-- specs that need it.
pcall(require, "luv")

local format = string.format

local CURL = "appwrite.transport.curl"
local COUNTED = { "clients", "requests", "transfers" }

-- By file element: the modules that were loaded when it began, and what was alive of the core.
local before = setmetatable({}, { __mode = "k" })

-- Finalizers make further garbage, and what that held is free only in a later cycle. LuaJIT's traces hold what they
-- were compiled for.
local function collect()
  if jit then
    jit.flush()
  end
  for _ = 1, 4 do
    collectgarbage()
  end
end

local function stats()
  local curl = package.loaded[CURL]
  return curl and curl.stats() or nil
end

-- The element itself stays in busted's books; its functions and their environments need not.
local function release(element)
  for _, child in ipairs(busted.children(element)) do
    release(child)
    child.run, child.env = nil, nil
  end
end

-- Only what is ours: C modules of others, such as luv, do not stand being loaded twice.
local function unload(loaded)
  for name in pairs(package.loaded) do
    if not loaded[name] and (name:find "^appwrite" or name:find "^spec%.") then
      package.loaded[name] = nil
    end
  end
end

busted.subscribe({ "file", "start" }, function(file)
  local loaded = {}
  for name in pairs(package.loaded) do
    loaded[name] = true
  end
  collect()
  before[file] = { loaded = loaded, alive = stats() or {} }
  return nil, true
end)

-- What this raises counts as an error of the run: busted names it and ends with a status other than 0.
busted.subscribe({ "file", "end" }, function(file)
  local curl = package.loaded[CURL]
  local first = before[file]
  if not curl or not first then
    return nil, true
  end
  release(file)
  unload(first.loaded)
  collect()
  local alive = curl.stats()
  for _, what in ipairs(COUNTED) do
    local allowed = what == "clients" and first.alive[what] or 0
    if alive[what] > allowed then
      error(format("%s leaves alive in the C core: %s %d, where %d may be", file.name, what, alive[what], allowed), 0)
    end
  end
  return nil, true
end)
