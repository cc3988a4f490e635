--- lua5.1 spec/support/branches.lua FROM TO: copies the Lua files of one directory into another so that they count which
-- way each condition goes, and writes beside each copy, as "….places", where its conditions stand and how they begin.
--
-- A condition is what an `if`, `elseif`, `while` or `until` asks, or an `and` or `or` before it goes on, each operand of
-- such by itself. No conditions are constants, and `b` in a value like `a and b or c`. Whether a `for` is entered is not
-- counted. Each condition is put into a call of the counter, which gives it back, and each stays on its line. A copy is
-- a chunk that takes the counter and returns the module's own chunk; counting.lua loads it. The parser is luacheck's,
-- which Debian has for Lua 5.1.

local decoder = require "luacheck.decoder"
local parser = require "luacheck.parser"

local concat, sort = table.concat, table.sort
local format = string.format

local COUNTER = "_counted_" -- no name of the library's
local SHOWN = 30 -- bytes of a condition
local CONSTANTS = { False = true, Function = true, Nil = true, Number = true, String = true, Table = true, True = true }
local CHOICES = { ["and"] = true, ["or"] = true }

local from, to = arg[1], arg[2]
if not to then
  error("usage: lua5.1 spec/support/branches.lua FROM TO", 0)
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = assert(file:read "*a")
  file:close()
  return text
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  assert(file:close())
end

local function operator(node)
  return node.tag == "Op" and node[1] or nil
end

-- The conditions of a syntax tree, in an order of its own.
local function conditions(tree)
  local found = {}
  local visit

  -- What an expression is asked for is whether it is true.
  local function decide(node)
    if node.tag == "Paren" then
      decide(node[1])
    elseif operator(node) == "not" then
      decide(node[2])
    elseif CHOICES[operator(node)] then
      decide(node[2])
      decide(node[3])
    else
      found[#found + 1] = not CONSTANTS[node.tag] and node or nil
      visit(node)
    end
  end

  local function visitAll(node)
    for _, child in ipairs(node) do
      if type(child) == "table" then
        visit(child)
      end
    end
  end

  -- What stands before an `or` in a value: where that is `a and b`, then `b` is there as a value.
  local function choose(node)
    local choice = operator(node)
    if choice == "or" then
      choose(node[2])
      choose(node[3])
    elseif choice == "and" then
      visit(node)
    else
      decide(node)
    end
  end

  function visit(node)
    if operator(node) == "and" then
      decide(node[2])
      visit(node[3])
    elseif operator(node) == "or" then
      choose(node[2])
      visit(node[3])
    elseif node.tag == "If" then
      for index = 1, #node, 2 do
        local choice = node[index + 1] and decide or visit
        choice(node[index])
        visit(node[index + 1] or {})
      end
    elseif node.tag == "While" then
      decide(node[1])
      visit(node[2])
    elseif node.tag == "Repeat" then
      visit(node[1])
      decide(node[2])
    else
      visitAll(node)
    end
  end

  visit(tree)
  return found
end

local function beginning(text, node)
  local condition = text:sub(node.offset, node.end_offset):gsub("%s+", " ")
  return #condition <= SHOWN and condition or condition:sub(1, SHOWN) .. "…"
end

-- The text, each condition within a call of the counter, and a line for each: its number, its line, its beginning.
local function count(text)
  -- So that the parser's offsets are bytes; nothing but comments and strings has others.
  local found = conditions((parser.parse(decoder.decode((text:gsub("[\128-\255]", "?"))))))
  local marks, places = {}, {}
  sort(found, function(a, b) return a.offset < b.offset end)
  for number, node in ipairs(found) do
    marks[#marks + 1] = { node.offset, format("%s(%d,", COUNTER, number) }
    marks[#marks + 1] = { node.end_offset + 1, ")" }
    places[number] = format("%d %d %s\n", number, node.line, beginning(text, node))
  end
  sort(marks, function(a, b) return a[1] < b[1] end)
  local parts, last = {}, 1
  for _, mark in ipairs(marks) do
    parts[#parts + 1] = text:sub(last, mark[1] - 1) .. mark[2]
    last = mark[1]
  end
  parts[#parts + 1] = text:sub(last)
  return format("local %s = ... return function(...) %s\nend\n", COUNTER, concat(parts)), concat(places)
end

local function main()
  local names = assert(io.popen(format("cd '%s' && find . -name '*.lua'", from)))
  for name in names:lines() do
    local text, places = count(read(from .. "/" .. name))
    assert(os.execute(format("mkdir -p \"$(dirname '%s/%s')\"", to, name)))
    write(to .. "/" .. name, text)
    write(to .. "/" .. name .. ".places", places)
  end
  names:close()
end

main()
