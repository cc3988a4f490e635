--- What a process uses while it does the same again and again, tenth by tenth, and whether that stays as it is.

local lfs = require "lfs"

local format = string.format

local TENTHS = 10
-- Of these tenths the medians are compared, of the time the shortest: the first tenths fill caches and pools, and what
-- else the machine does only makes it longer.
local SECOND_THIRD, LAST_THIRD = { 4, 5, 6 }, { 8, 9, 10 }

-- By how much the last third may be above the second: a part of it, and so much more. What a call leaves behind shows
-- at 100,000 calls and more. A short run measures time in moments, in which others run too.
local FIGURES = {
  { name = "resident", title = "resident KiB", part = 0.02, more = 512 },
  { name = "lua", title = "Lua KiB", part = 0.01, more = 32 },
  { name = "descriptors", title = "descriptors", part = 0, more = 2 },
  { name = "cpu", title = "CPU µs each", part = 0.4, shortPart = 1, more = 5, isShortest = true },
}

local Gauge = { __name = "spec.Gauge" }
local methods = {}
Gauge.__index = methods

local gauge = {}

local function resident()
  local file = assert(io.open "/proc/self/status")
  local text = file:read "*a"
  file:close()
  return tonumber(text:match "VmRSS:%s+(%d+) kB")
end

local function descriptors()
  local count = -1 -- the directory's own
  for name in lfs.dir "/proc/self/fd" do
    count = count + (name:find "^%d" and 1 or 0)
  end
  return count
end

---@param count integer how much there is to do in all
---@param isShort boolean
---@return table gauge
function gauge.new(count, isShort)
  return setmetatable({ count = count, isShort = isShort, samples = {}, cpu = os.clock(), at = 0 }, Gauge)
end

---Measure, where another tenth is done.
---@param done integer
function methods:look(done)
  if done < self.count * (#self.samples + 1) / TENTHS then
    return
  end
  local each = (os.clock() - self.cpu) / (done - self.at) * 1e6
  collectgarbage()
  collectgarbage() -- what finalizers let go
  self.samples[#self.samples + 1] = {
    resident = resident(), lua = collectgarbage "count", descriptors = descriptors(), cpu = each,
  }
  self.cpu, self.at = os.clock(), done
end

local function typical(samples, tenths, figure)
  local values = {}
  for index, tenth in ipairs(tenths) do
    values[index] = samples[tenth][figure.name]
  end
  table.sort(values)
  return values[figure.isShortest and 1 or 2]
end

local function printTable(samples)
  local titles = {}
  for index, figure in ipairs(FIGURES) do
    titles[index] = format("%14s", figure.title)
  end
  print("  tenth" .. table.concat(titles))
  for tenth, sample in ipairs(samples) do
    print(format("  %5d%14d%14.0f%14d%14.1f", tenth, sample.resident, sample.lua, sample.descriptors, sample.cpu))
  end
end

---Print all, and end the program with 1 where something grew or the books do not balance.
---@param title string
---@param books table<string, { [1]: any, [2]: any }> by what it says: what was counted, and what it must be
function methods:judge(title, books)
  printTable(self.samples)
  local wrong, changes = {}, {}
  for _, figure in ipairs(FIGURES) do
    local before = typical(self.samples, SECOND_THIRD, figure)
    local after = typical(self.samples, LAST_THIRD, figure)
    changes[#changes + 1] = format("%s %+.1f %%", figure.name, (after / before - 1) * 100)
    local part = self.isShort and figure.shortPart or figure.part
    if after > before * (1 + part) + figure.more then
      wrong[#wrong + 1] = format("%s: %.1f, then %.1f", figure.title, before, after)
    end
  end
  for name, pair in pairs(books) do
    if pair[1] ~= pair[2] then
      wrong[#wrong + 1] = format("%s: %s, not %s", name, tostring(pair[1]), tostring(pair[2]))
    end
  end
  print(format("%s; from the second third to the last: %s", title, table.concat(changes, ", ")))
  if wrong[1] then
    io.stderr:write("wrong: ", table.concat(wrong, "; "), "\n")
    os.exit(1)
  end
end

return gauge
