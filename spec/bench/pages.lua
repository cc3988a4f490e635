--- All documents of a collection, by client:each over a loop by hand.

local sandbox = require "spec.support.sandbox"

local format = string.format

local DOCUMENTS = 10000
local ROUNDS = 3
local WAYS = { { "loop", "a loop by hand" }, { "each", "client:each" }, { "ahead", "… with prefetch" } }

local function fill(server)
  local output, status = sandbox.shell(format("lua5.4 spec/bench/pages_fill.lua %s %s %d", server.endpoint,
    server.project, DOCUMENTS))
  if status ~= 0 then
    error("pages_fill.lua failed: " .. output, 0)
  end
end

local function walk(server, how)
  local output, status = sandbox.shell(format("lua5.4 spec/bench/pages_walk.lua %s %s %s", server.endpoint,
    server.project, how))
  local seen, requests, heap, wall, cpu = output:match "(%d+) (%d+) (%d+)\n([%d.]+) ([%d.]+)"
  if status ~= 0 or tonumber(seen) ~= DOCUMENTS then
    error("pages_walk.lua failed: " .. output, 0)
  end
  return { requests = tonumber(requests), heap = tonumber(heap), wall = tonumber(wall), cpu = tonumber(cpu) }
end

local function best(all, field)
  local least = all[1][field]
  for _, one in ipairs(all) do
    least = math.min(least, one[field])
  end
  return least
end

return function()
  local server = sandbox.start()
  local ok, problem = pcall(function()
    fill(server)
    local figures = {}
    for _ = 1, ROUNDS do
      for index, way in ipairs(WAYS) do
        figures[index] = figures[index] or {}
        table.insert(figures[index], walk(server, way[1]))
      end
    end
    print(format("%d documents, pages of 100      pages   heap, KiB   wall, s   CPU, s   wall over the loop", DOCUMENTS))
    for index, way in ipairs(WAYS) do
      local own = figures[index]
      print(format("  %-30s %8d   %9d   %7.3f   %6.3f   %18.2f", way[2], own[1].requests, best(own, "heap"),
        best(own, "wall"), best(own, "cpu"), best(own, "wall") / best(figures[1], "wall")))
    end
  end)
  server.stop()
  if not ok then
    error(problem, 0)
  end
end
