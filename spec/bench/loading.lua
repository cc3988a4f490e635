-- loading.lua WHAT: loads "appwrite", "appwrite+new", or a module's name; prints CPU milliseconds and KiB of Lua heap.

local what = arg[1]
collectgarbage()
collectgarbage()
local before, start = collectgarbage "count", os.clock()
local name, new = what:match "^(.-)(%+new)$"
local kept = { require(name or what) }
if new then
  kept[2] = kept[1].new { project = "bench" }
end
local milliseconds = (os.clock() - start) * 1000
collectgarbage()
collectgarbage()
print(("%.3f %.1f"):format(milliseconds, collectgarbage "count" - before))
