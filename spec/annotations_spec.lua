local annotations = require "spec.reference.annotations"

describe("annotations", function()
  local types = {
    { "string", "string", "" },
    { "string? the name", "string?", "the name" },
    { '"a"|"b"|nil one of two', '"a"|"b"|nil', "one of two" },
    { "string[]?  names", "string[]?", "names" },
    { "table<string, number> by name", "table<string, number>", "by name" },
    { "{ a: string, b: fun(c: d): e } x", "{ a: string, b: fun(c: d): e }", "x" },
    { "fun(a: string, b: number?): string?, appwrite.Error?", "fun(a: string, b: number?): string?, appwrite.Error?", "" },
    { "fun(a: string): string  contains it", "fun(a: string): string", "contains it" },
    { "fun() nothing", "fun()", "nothing" },
    { "(fun(a: b): boolean?)|nil told", "(fun(a: b): boolean?)|nil", "told" },
    { "appwrite.Retry|boolean|nil what", "appwrite.Retry|boolean|nil", "what" },
  }
  for _, case in ipairs(types) do
    it("find the type in " .. case[1], function()
      assert.same({ case[2], case[3] }, { annotations.takeType(case[1]) })
    end)
  end

  it("refuse what is no type", function()
    assert.error_matches(function() annotations.takeType "?" end, "no type at: %?")
    assert.error_matches(function() annotations.takeType "fun(a" end, "a bracket is not closed")
  end)

  it("are read with what they stand above", function()
    local blocks = annotations.parse [[
--- A file.
--
-- More of it.

---@class a.Thing: a.Base a thing
---  of two lines
---@field name string? its name
---@field ["$id"] string
local Thing = {}

---@alias a.Word
---| "x"
---| "y"
---@alias a.Other string|number either

---Does it.
---
---In two paragraphs.
---@param self a.Thing
---@param given { x: number }? options
---  go on here
---@return boolean done whether
---@return string? problem
function Thing.doIt(self, given) end

---One more.
local function more(a, ...) end

---Of a table.
  entry = { 1 },
]]
    assert.equal(7, #blocks)
    local class = blocks[2]
    assert.same({ "a.Thing", "a.Base", "a thing of two lines", 2 }, { class.class, class.parent, class.doc, #class.fields })
    assert.same({ name = "name", type = "string", doc = "its name", optional = true }, class.fields[1])
    assert.same({ name = '["$id"]', type = "string", doc = "", optional = false }, class.fields[2])
    assert.same({ "a.Word", '"x" | "y"' }, { blocks[3].alias, blocks[3].type })
    assert.same({ "a.Other", "string|number", "either" }, { blocks[4].alias, blocks[4].type, blocks[4].doc })
    local fn = blocks[5]
    assert.same({ "Thing.doIt", { "self", "given" }, "Does it.\n\nIn two paragraphs." }, { fn.name, fn.args, fn.doc })
    assert.same({ name = "given", type = "{ x: number }", doc = "options go on here", optional = true }, fn.params[2])
    assert.same({ { type = "boolean", name = "done", doc = "whether" }, { type = "string", name = "problem", doc = "", optional = true } },
      fn.returns)
    assert.same({ "more", { "a", "..." } }, { blocks[6].name, blocks[6].args })
    assert.same({ "entry", "Of a table." }, { blocks[7].name, blocks[7].doc })
  end)
end)
