-- lua5.4 spec/support/covered.lua DIRECTORY: which lines of lua/ ran, by the counts that covered.c left in a directory.
-- One row for each file that is not wholly covered, and a sum. Lines that can run are those that have instructions in
-- luac's listing, but for the return that Lua puts behind every function and for what only closes something, where a
-- call that ends the function may never come.

local process = require "spec.support.process"

local format, quote = string.format, process.quote
local concat, sort = table.concat, table.sort

local ROW = "%-46s %6d %6d %4d%%   %s"

local directory = assert(arg[1], "which directory are the counts in?")

local function lines(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "a"
  assert(pipe:close(), command)
  return text:gmatch "[^\n]+"
end

-- By file below lua/: a set of lines that ran.
local function readCounts()
  local ran = {}
  for line in lines("cat " .. quote(directory) .. "/*.hits") do
    local name, number = line:match "^(%S+) (%d+) %d+$"
    ran[name] = ran[name] or {}
    ran[name][tonumber(number)] = true
  end
  return ran
end

-- A set of the lines that hold nothing but the end of something.
local function closing(path)
  local found, number = {}, 0
  for line in io.lines(path) do
    number = number + 1
    found[number] = line:gsub("%f[%w]end%f[%W]", ""):find "^[%s%)%]},;]*$" ~= nil
  end
  return found
end

-- A set of the lines that can run. What a function ends with is known when the next one's heading comes.
local function runnable(path)
  local found, last, ends = {}, nil, closing(path)
  for line in lines("luac5.4 -l -p " .. quote(path)) do
    local number, instruction = line:match "^%s+%d+%s+%[(%d+)%]%s+(%u+)"
    if number and last and not ends[last] then
      found[last] = true
    end
    last = instruction ~= "VARARGPREP" and tonumber(number) or nil
  end
  return found
end

local function ranges(numbers)
  local parts = {}
  local i = 1
  while i <= #numbers do
    local j = i
    while numbers[j + 1] == numbers[j] + 1 do
      j = j + 1
    end
    parts[#parts + 1] = i == j and format("%d", numbers[i]) or format("%d-%d", numbers[i], numbers[j])
    i = j + 1
  end
  return concat(parts, ",")
end

local function main()
  local ran = readCounts()
  local files, all, covered = 0, 0, 0
  print(format("%-46s %6s %6s %5s   %s", "File", "Lines", "Run", "", "Not run"))
  for path in lines "find lua -name '*.lua' -not -path '*/types/*' | sort" do
    local hits = ran[path:gsub("^lua/", "")] or {}
    local missing, count = {}, 0
    for number in pairs(runnable(path)) do
      count = count + 1
      if not hits[number] then
        missing[#missing + 1] = number
      end
    end
    sort(missing)
    files, all, covered = files + 1, all + count, covered + count - #missing
    if #missing > 0 then
      print(format(ROW, path, count, count - #missing, (count - #missing) * 100 // count, ranges(missing)))
    end
  end
  print(format(ROW, format("%d files", files), all, covered, covered * 100 // all, ""))
end

main()
