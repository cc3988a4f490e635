--- lua5.4 spec/support/covered.lua COUNTS COPIES: which lines of lua/ ran, and which way conditions went, by the counts
-- that covered.c left in a directory and the places that branches.lua left in another.
-- One row for each file that is not wholly covered, and a sum. Lines that can run are those that have instructions in
-- luac's listing, but for the return that Lua puts behind every function and for what only closes something, where a
-- call that ends the function may never come. A condition has two branches; what it never was stands with its line.

local process = require "spec.support.process"

local format, quote = string.format, process.quote
local concat, sort = table.concat, table.sort

local HEADING, ROW = "%-46s %8s %6s %5s   %s", "%-46s %8d %6d %4d%%   %s"

local counts, copies = arg[1], arg[2]
if not copies then
  error("usage: lua5.4 spec/support/covered.lua COUNTS COPIES", 0)
end

local function lines(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "a"
  assert(pipe:close(), command)
  return text:gmatch "[^\n]+"
end

-- Each line of all files of a kind: a file below lua/, a number, what was counted.
local function counted(kind)
  local each = lines("cat " .. quote(counts) .. "/*." .. kind)
  return function()
    local line = each()
    if line then
      return line:match "^(%S+) (%d+) (.+)$"
    end
  end
end

-- By file below lua/: a set of lines that ran.
local function readHits()
  local ran = {}
  for name, number in counted "hits" do
    ran[name] = ran[name] or {}
    ran[name][tonumber(number)] = true
  end
  return ran
end

-- By file below lua/ and number of the condition: whether it was true ever, and whether it was false.
local function readChoices()
  local taken = {}
  for name, number, times in counted "choices" do
    local file = taken[name] or {}
    local choice = file[tonumber(number)] or {}
    local yes, no = times:match "^(%d+) (%d+)$"
    choice.yes, choice.no = choice.yes or yes ~= "0", choice.no or no ~= "0"
    taken[name], file[tonumber(number)] = file, choice
  end
  return taken
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

local function notRun(path, hits)
  local missing, count = {}, 0
  for number in pairs(runnable(path)) do
    count = count + 1
    if not hits[number] then
      missing[#missing + 1] = number
    end
  end
  sort(missing)
  return count, #missing, ranges(missing)
end

local function notTaken(path, choices)
  local missing, count = {}, 0
  for line in io.lines(copies .. "/" .. path:gsub("^lua/", "") .. ".places") do
    local number, place, text = line:match "^(%d+) (%d+) (.*)$"
    local choice = choices[tonumber(number)] or {}
    count = count + 2
    missing[#missing + 1] = not choice.yes and format("%s %s: true", place, text) or nil
    missing[#missing + 1] = not choice.no and format("%s %s: false", place, text) or nil
  end
  return count, #missing, concat(missing, "; ")
end

-- One table: by file what `examine` says of it, how many there are, how many of them are missing and which.
local function tell(heading, counted_, examine)
  local files, all, missed = 0, 0, 0
  print(format(HEADING, "File", heading[1], heading[2], "", heading[3]))
  for path in lines "find lua -name '*.lua' -not -path '*/types/*' | sort" do
    local count, missing, which = examine(path, counted_[path:gsub("^lua/", "")] or {})
    files, all, missed = files + 1, all + count, missed + missing
    if missing > 0 then
      print(format(ROW, path, count, count - missing, (count - missing) * 100 // count, which))
    end
  end
  print(format("%-46s %8d %6d %.1f%%", format("%d files", files), all, all - missed, (all - missed) * 100 / all))
end

print "Lines of lua, and those that were not run; files that are wholly covered are left out:"
tell({ "Lines", "Run", "Not run" }, readHits(), notRun)
print ""
print "Branches of lua, and what a condition never was; files that are wholly covered are left out:"
tell({ "Branches", "Taken", "Line, condition, and what it never was" }, readChoices(), notTaken)
