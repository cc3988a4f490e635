local core = require "appwrite.core"
local withCjson = require "spec.support.with_cjson"

local INTEGERS = math.type ~= nil
local LINES = { ["Debian's line"] = require "cjson", ["OpenResty's line"] = require "spec.support.cjson_openresty" }

local function subtype(value)
  return INTEGERS and math.type(value) or type(value)
end

local function nested(levels, opening, closing)
  return opening:rep(levels) .. closing:rep(levels)
end

-- Text, and the text it must come back as where that is another.
local ROUND = {
  { "[]" }, { "{}" }, { "[[]]" }, { "[{}]" }, { '{"a":[]}' }, { '{"a":{}}' }, { "[[],[],[[],{}]]" },
  { "[ ]", "[]" }, { "[\n\t \r]", "[]" }, { '{"a": [ ], "b" : { } }', { '{"a":[],"b":{}}', '{"b":{},"a":[]}' } },
  { "[null]" }, { "[1,null,2,null]" }, { "[null,[],null]" },
  { "true" }, { "false" }, { "null" }, { '""' }, { '"x"' }, { "0" },
  { "[0,1,-1,123456789012345,-123456789012345]" },
  { "[9007199254740991,9007199254740992,-9007199254740992]" },
  { "[1.0,5.00,-2.0,1e3,-0,-0.0,0.0]", "[1,5,-2,1000,0,0,0]" },
  { "[0.1,-0.25,1e-07,3.14159265358979]" },
  { "[0.1234567890123456,0.30000000000000004,1.7976931348623157e+308,5e-324]",
    { "[0.1234567890123456,0.30000000000000004,1.7976931348623157e+308,4.9406564584125e-324]" } },
  { "[1e+21,1e+300,9.223372036854776e+18]" },
  { "[18446744073709551616]", "[1.8446744073709552e+19]" },
  -- Brackets and digits in strings and in names stay as they are, whatever stands outside.
  { '["[]","[ ]","a[]b[\\n]","[",[],"]"]' },
  { '{"[]":"x[  ]y"}' }, { '{"a":[],"b":"[]"}', { '{"a":[],"b":"[]"}', '{"b":"[]","a":[]}' } },
  { '["1234567890123456789",":12345678901234567890,"]' },
  { '["\\"[]\\"","\\\\","[]"]' }, { '["\\\\\\"[]"]' },
  { '["\\u005b\\u005d",[]]', '["[]",[]]' },
  { '["a/b","\\/"]', '["a/b","/"]' },
  { '["\\u0000\\u001f\\b\\f\\n\\r\\t\\"\\\\"]' }, { '["\\u007f"]' },
  { '["\\u00fc\\ud83d\\ude42"]', '["\195\188\240\159\153\130"]' }, { '["\195\188\240\159\153\130"]' },
  { '{"a":1,"a":2}', '{"a":2}' }, { '{"a":[],"a":2}', '{"a":2}' }, { '{"":1}' }, { '{"a b":1}' },
}
if INTEGERS then
  for _, text in ipairs {
    "[9223372036854775807,-9223372036854775808]", "[9007199254740993,1234567890123456789,1234567890123456789]",
    "9223372036854775807", "-9223372036854775808", '{"a":9007199254740993}', "[[],9007199254740993,[]]",
    '["[9007199254740993]",9007199254740993]', '[" 9007199254740993.5",9007199254740993]',
    '{":9007199254740993":9007199254740993}',
  } do
    ROUND[#ROUND + 1] = { text }
  end
  ROUND[#ROUND + 1] = { " [ 9007199254740993 , 9007199254740995\n] ", "[9007199254740993,9007199254740995]" }
end

-- What must not be taken for JSON, and what is said of it.
local BROKEN = {
  { "", "expected value but found the end of the text at character 1" },
  { "   ", "found the end of the text" },
  { "{", "expected object key string but found the end of the text at character 2" },
  { "[1", "expected comma or array end but found the end of the text at character 3" },
  { "[1 2]", "expected comma or array end but found a number at character 4" },
  { "[1,]", 'expected value but found "]" at character 4' },
  { '{"a":1,}', 'expected object key string but found "}" at character 8' },
  { '{"a"}', 'expected colon but found "}" at character 5' },
  { "{a:1}", "invalid token at character 2" },
  { "['a']", "invalid token at character 2" },
  { '{"a":[]} x', "expected the end but found invalid token at character 10" },
  { "[],[]", "expected the end but found a comma at character 3" },
  { "[[], 9007199254740993 x]", "expected comma or array end but found invalid token at character 23" },
  { '"abc', "unexpected end of string at character 5" },
  { '"\\x"', "invalid escape code at character 2" },
  { '"\\u12"', "invalid unicode escape code" },
  { '"\\ud800"', "invalid unicode escape code" },
  { '"\\udc00"', "invalid unicode escape code" },
  { '"\\ud800\\u0041"', "invalid unicode escape code" },
  { "<html>", "invalid token at character 1" },
  { "{}\0", "NUL byte at character 3" },
  { '{"a":"\0"}', "NUL byte at character 7" },
  { "\239\187\191{}", "invalid token at character 1" },
  { "NaN", "invalid token" }, { "[nan]", "invalid token" }, { "[-nan]", "invalid number" },
  { "[Infinity]", "invalid token" }, { "[-Infinity]", "invalid number" }, { "[inf]", "invalid token" },
  { "[0x10]", "invalid number" }, { "[-0X10]", "invalid number" },
  { "[01]", "invalid number" }, { "[01234567890123456789]", "invalid number" },
  { "[-0123456789012345678]", "invalid number" },
  { "[.5]", "invalid token" }, { "[+1]", "invalid token" }, { "[-]", "invalid number" },
  { '["\\"-.",-.5]', "invalid number at character 9" },
  { "[1e400]", "a number is too large for a float" },
  { "[-1e400,[]]", "a number is too large for a float" },
  { "[1" .. ("0"):rep(400) .. "]", "a number is too large for a float" },
  { nested(513, "[", "]"), "too many nested data structures" },
  { nested(10000, "[", "]"), "too many nested data structures" },
  { nested(10000, '{"a":', "}"), "too many nested data structures" },
}

local function cyclic()
  local list = { {} }
  list[1].back = list
  return list
end

local function deep(levels)
  local value = 1
  for _ = 1, levels do
    value = { value }
  end
  return value
end

-- What cannot be written, and where it is.
local REFUSED = {
  { { items = { 1, 2, { price = 0 / 0 } } }, "data.items[3].price is NaN" },
  { { a = { ["a b"] = { 1 / 0 } } }, 'data.a["a b"][1] is infinite' },
  { { a = -1 / 0 }, "data.a is infinite" },
  { { f = print }, "data.f is a function" },
  { { t = coroutine.create(function() end) }, "data.t is a thread" },
  { { u = io.stdout }, "data.u is a userdata" },
  { print, "data is a function" },
  { 0 / 0, "data is NaN" },
  { nil, "data is a nil" },
  { cyclic(), "data[1].back contains itself" },
  { { l = { 1, nil, 3 } }, "data.l is a sparse array, which JSON cannot carry: [2] is missing, but [3] is there" },
  { { [2] = 1 }, "data is a sparse array, which JSON cannot carry: [1] is missing, but [2] is there" },
  { { [0] = 0, 1 }, "data is a sparse array, which JSON cannot carry: [2] is missing, but [0] is there" },
  { { 1, [1.5] = 2 }, "data is a sparse array, which JSON cannot carry: [2] is missing, but [1.5] is there" },
  { { [true] = 1 }, "data has a boolean as a key" },
  { { 1, [true] = 1 }, "data has a boolean as a key, which JSON cannot carry" },
  { { 1, [0] = 0, [-1] = 1, [-2] = 2 }, "[2] is missing, but [-2] is there" },
  { { 1, [-2] = 0, [-1] = 1, [0.5] = 2 }, "[2] is missing, but [-2] is there" },
  { { a = "x\255" }, "data.a is not valid UTF-8 (byte 2)" },
  { { a = { "\237\160\128" } }, "data.a[1] is not valid UTF-8 (byte 1)" },
  { { a = { ["x\255"] = 1 } }, "data.a has a key that is not valid UTF-8 (byte 2)" },
  { { ["$id"] = { print } }, 'data["$id"][1] is a function' },
  { { ['a"\n\\'] = print }, 'data["a???"] is a function' },
  { deep(501), " is nested more than 500 levels deep" },
  { deep(10000), " is nested more than 500 levels deep" },
}

-- Where the core is loaded it takes part in reading.
local function withCore(used, fn, ...)
  local kept = package.loaded["appwrite.core"]
  package.loaded["appwrite.core"] = used
  local results = { n = select("#", ...), fn(...) }
  package.loaded["appwrite.core"] = kept
  return results[1], results[2]
end

local function each(line, cjson, used)
  describe("appwrite.json on " .. line .. (used and ", with the core" or ", in Lua"), function()
    local json, reader = withCjson(cjson, "appwrite.json", "appwrite.json.reader")
    local loaded

    before_each(function()
      loaded = package.loaded["appwrite.core"]
      package.loaded["appwrite.core"] = used
    end)

    after_each(function()
      package.loaded["appwrite.core"] = loaded
    end)

    local function again(text)
      local value, problem = json.decode(text, { nulls = "keep" })
      assert.is_nil(problem)
      return assert(json.encode(value))
    end

    describe("reads and writes without loss:", function()
      for _, case in ipairs(ROUND) do
        it(case[1]:sub(1, 60), function()
          local expected, text = case[2] or case[1], again(case[1])
          if type(expected) == "table" then
            assert.truthy(text == expected[1] or text == expected[2], text)
          else
            assert.equal(expected, text)
          end
        end)
      end
    end)

    describe("does not read:", function()
      for _, case in ipairs(BROKEN) do
        it(case[1]:sub(1, 30):gsub("%c", "?") .. ": " .. case[2], function()
          local value, problem = json.decode(case[1])
          assert.is_nil(value)
          assert.truthy(problem:find(case[2], 1, true), problem)
        end)
      end
    end)

    describe("does not write:", function()
      for _, case in ipairs(REFUSED) do
        it(case[2], function()
          local text, problem = json.encode(case[1], { name = "data" })
          assert.is_nil(text)
          assert.truthy(problem:find(case[2], 1, true), problem)
          assert.is_true(#problem < 300)
        end)
      end

      it("items and fields in one table", function()
        for _, value in ipairs { { 1, a = 2 }, { a = 2, [3] = 1 }, json.array { a = 1 } } do
          local _, problem = json.encode({ data = value })
          assert.truthy(problem:find("^value%.data "), problem)
          assert.truthy(problem:find("by name", 1, true), problem)
        end
        local _, problem = json.encode(json.object { "x" })
        assert.equal('value has the number 1 as a key; in JSON keys are strings, such as "1"', problem)
      end)

      it("what is repeated, unless it only stands in several places", function()
        local item = { 1 }
        assert.equal("[[1],[1]]", json.encode { item, item })
      end)
    end)

    it("gives whole numbers as integers", function()
      local list = json.decode "[12,12.0,1.2e1,-0,1e15,0.5,1e300]"
      local float = INTEGERS and "float" or "number"
      local integer = INTEGERS and "integer" or "number"
      for index, expected in ipairs { integer, integer, integer, integer, integer, float, float } do
        assert.equal(expected, subtype(list[index]))
      end
      assert.equal("12", tostring(json.decode('{"total":12}').total))
      assert.equal("0", tostring(list[4]))
      assert.equal(12, json.decode "12.0")
      assert.equal(integer, subtype(json.decode "12.0"))
    end)

    it("gives 64-bit integers exactly", function()
      local text = "[9223372036854775807,-9223372036854775808,9007199254740993,-9007199254740993,9007199254740992]"
      local list = json.decode(text)
      if INTEGERS then
        assert.same({ math.maxinteger, math.mininteger, 9007199254740993, -9007199254740993, 9007199254740992 }, list)
        assert.equal("integer", math.type(list[1]))
        assert.equal("integer", math.type(list[5]))
      else
        assert.same({ "9223372036854775807", "-9223372036854775808", "9007199254740993", "-9007199254740993",
          9007199254740992 }, list)
      end
      list = json.decode "[9223372036854775808,-9223372036854775809,18446744073709551615,1234567890123456789012345678]"
      for index, expected in ipairs { 2 ^ 63, -2 ^ 63, 2 ^ 64, 1.2345678901234568e27 } do
        assert.equal(expected, list[index])
        assert.equal(INTEGERS and "float" or "number", subtype(list[index]))
      end
    end)

    it("sends 64-bit integers exactly", function()
      for _, digits in ipairs {
        "9223372036854775807", "-9223372036854775808", "9007199254740993", "0", "-5",
      } do
        assert.equal('{"n":' .. digits .. "}", json.encode { n = json.int64(digits) })
        assert.equal(digits, tostring(json.int64(digits)))
        assert.equal(not INTEGERS, json.isInt64(json.int64(digits)))
      end
      assert.equal("7", json.encode(json.int64 "007"))
      assert.equal("0", json.encode(json.int64 "-0"))
      assert.equal("12", json.encode(json.int64(12)))
      assert.equal(json.int64 "9007199254740993", json.int64 "9007199254740993")
      assert.equal(json.int64 "5", json.int64(json.int64 "5"))
      assert.is_false(json.isInt64(5))
      assert.is_false(json.isInt64 "5")
      assert.is_false(json.isInt64 {})
      for _, wrong in ipairs {
        "9223372036854775808", "-9223372036854775809", "", "-", "1.0", "1e3", "x", " 1", 1.5, 2 ^ 60, -2 ^ 60, true,
      } do
        local line_ = debug.getinfo(1, "l").currentline + 1
        local ok, message = pcall(function() json.int64(wrong) end)
        assert.is_false(ok)
        assert.truthy(message:find("json_spec.lua:" .. line_ .. ": int64: digits must be", 1, true), message)
      end
    end)

    it("writes floats so that they read as the same", function()
      for _, value in ipairs {
        0.1, 1 / 3, 2 / 3, 1e-5, 123.456, 2 ^ -1074, 1e15 + 0.5, 5e15, 2 ^ 53 + 2, -1.2345678901234568e16, 2 ^ 63,
        -1e21,
      } do
        local text = json.encode(value)
        assert.equal(value, tonumber(text))
        assert.equal(value, json.decode(text))
      end
      assert.equal("0.1", json.encode(0.1))
      assert.equal("1e+21", json.encode(1e21))
    end)

    it("writes whole floats as integers", function()
      for text, value in pairs { ["5"] = 5.0, ["-5"] = -5.0, ["0"] = -0.0, ["1000000000000000"] = 1e15 } do
        assert.equal(text, json.encode(value))
      end
    end)

    it("keeps nulls where they hold a place, and in objects where asked", function()
      local text = '{"a":null,"b":[null,1,null],"c":{"d":null}}'
      local dropped = json.decode(text)
      assert.is_nil(dropped.a)
      assert.same({ json.null, 1, json.null }, dropped.b)
      assert.same({}, dropped.c)
      assert.same(dropped, json.decode(text, { nulls = "drop" }))
      local kept = json.decode(text, { nulls = "keep" })
      assert.equal(json.null, kept.a)
      assert.equal(json.null, kept.c.d)
      assert.equal(json.null, json.decode "null")
      assert.equal(cjson.null, json.null)
      assert.equal('{"a":null}', json.encode { a = json.null })
    end)

    describe("tells arrays from objects:", function()
      it("an empty table by what it stands for", function()
        assert.equal("{}", json.encode {})
        assert.equal("{}", json.encode({}, { empty = "object" }))
        assert.equal("[]", json.encode({}, { empty = "array" }))
        assert.equal("[{}]", json.encode({ {} }, { empty = "array" }))
        assert.equal("{}", json.encode(json.object {}, { empty = "array" }))
        assert.equal("[]", json.encode(json.array {}, { empty = "object" }))
        assert.equal('{"a":[]}', json.encode { a = json.array() })
        assert.equal('{"a":{}}', json.encode { a = json.object() })
      end)

      it("marks do not show", function()
        local list = json.array { 1, 2 }
        assert.equal(2, #list)
        local seen = {}
        for key, value in pairs(list) do
          seen[key] = value
        end
        assert.same({ 1, 2 }, seen)
        list[3] = 3
        assert.equal("[1,2,3]", json.encode(list))
        assert.is_true(json.isArray(list))
        assert.is_true(json.isArray(json.decode "[]"))
        assert.is_true(json.isArray(json.decode "[1]"))
        for _, other in ipairs { json.object {}, json.decode "{}", {}, { 1 }, "x", 5 } do
          assert.is_false(json.isArray(other))
        end
      end)

      it("the caller's table is not marked", function()
        local own = { 1 }
        assert.not_equal(own, json.array(own))
        assert.is_nil(getmetatable(own))
        assert.has_error(function() json.array(5) end, "array: items must be a table, got number")
        assert.has_error(function() json.object "x" end, "object: fields must be a table, got string")
      end)

      it("what was decoded stays what it was when it is changed", function()
        local value = json.decode '{"list":["x"],"none":[],"object":{"a":1},"empty":{}}'
        value.list[1] = nil
        assert.equal("[]", json.encode(value.list))
        value.none[1] = "y"
        assert.equal('["y"]', json.encode(value.none))
        value.none[1] = nil
        assert.equal("[]", json.encode(value.none))
        value.object.a = nil
        assert.equal("{}", json.encode(value.object))
        value.empty.b = 1
        assert.equal('{"b":1}', json.encode(value.empty))
      end)

      it("by number from 1 on, everything else by name", function()
        assert.equal("[1,2]", json.encode { 1, 2 })
        assert.equal('{"1":2}', json.encode { ["1"] = 2 })
      end)
    end)

    it("leaves the host program's own cjson alone", function()
      local before = cjson.decode "[1]"
      assert(json.decode "[]")
      assert(json.encode { "a/b" })
      assert.equal(getmetatable(before), getmetatable(cjson.decode "[1]"))
      assert.equal('"a\\/b"', cjson.encode "a/b")
      assert(pcall(cjson.decode, nested(900, "[", "]")))
      assert(pcall(cjson.decode, "[NaN]") == (cjson == LINES["Debian's line"]))
    end)

    it("finds digits that are not in a text", function()
      assert.is_nil((reader.absent("0123456789", 1)))
      assert.equal("7", reader.absent("012345689", 1))
      for _, text in ipairs { "", "0123456789", ("0123456789"):rep(50), "00112233445566778899" } do
        local digits = reader.absent(text, 8)
        assert.truthy(digits:find "^[1-9]%d*$")
        assert.is_nil(text:find(digits, 1, true))
        local next = reader.absent(text .. digits, 8)
        assert.is_nil((text .. digits):find(next, 1, true))
      end
    end)

    it("is not confused by text that holds its own marker", function()
      local marker = reader.absent("", 8)
      local escaped = "\\u003" .. marker
      for text, expected in pairs {
        ['["' .. marker .. '00",[],"[]","[' .. marker .. '0]"]'] = "",
        ["[[" .. marker .. "0],[],[" .. marker .. "]]"] = "",
        ['["[' .. escaped .. '00]","[' .. escaped .. '0]",[],"[]"]'] =
          '["[' .. marker .. '00]","[' .. marker .. '0]",[],"[]"]',
        -- A backslash and the escape; a backslash and the letter u.
        ['["\\\\' .. escaped .. '0",[]]'] = '["\\\\' .. marker .. '0",[]]',
        ['["\\' .. escaped .. '0",[]]'] = "",
      } do
        assert.equal(expected == "" and text or expected, again(text))
      end
    end)

    it("raises where it is used wrongly", function()
      assert.has_error(function() json.decode(nil) end, "json.decode: text must be a string, got nil")
      assert.has_error(function() json.decode("1", { null = "keep" }) end,
        'json.decode: unknown option "null"; did you mean "nulls"?')
      assert.has_error(function() json.encode({}, { empty = "list" }) end,
        'json.encode: option "empty" must be "object" or "array", got "list"')
    end)

    it("writes a decimal point in every locale", function()
      local format = string.format
      -- As in a locale with a comma. The patch is seen by modules that are loaded meanwhile.
      string.format = function(form, ...) -- luacheck: ignore 122
        return form:find "g$" and format(form, ...):gsub("%.", ",") or format(form, ...)
      end
      local ok, elsewhere = pcall(withCjson, cjson, "appwrite.json")
      string.format = format -- luacheck: ignore 122
      assert(ok, elsewhere)
      assert.equal("[0.5,1e-07]", elsewhere.encode { 0.5, 1e-7 })
    end)

    it("quotes without a check, for text that is checked later", function()
      assert.equal('"a\255"', json.quote "a\255")
      assert.equal('"/\\"\195\188"', json.quote '/"\195\188')
    end)
  end)
end

for line, cjson in pairs(LINES) do
  each(line, cjson, nil)
  each(line, cjson, core)
end

-- Both ways ------------------------------------------------------------------------------------------------------------

local SCALARS = {
  "0", "-0", "-0.0", "1", "-7", "5.0", "1e3", "0.5", "-2.25", "1e-7", "9007199254740991", "9007199254740992", "1e300",
  "1e999", "-1e999", "9223372036854775807", "-9223372036854775808", "null", "true", "false", '""', '"[]"', '"a\\"[ ]"',
  '"\\\\"', '"x-.y"', '"\\u0000"', "[]", "[ ]", "[\n]", "{}", "{ }", "-.5", "[1", "]", '"', "01",
}

local function randomText(depth)
  local kind = math.random(depth > 3 and 1 or 3)
  if kind == 1 then
    return SCALARS[math.random(math.random() < 0.02 and #SCALARS or #SCALARS - 5)]
  end
  local pieces = {}
  for index = 1, math.random(0, 4) do
    local name = kind == 2 and "" or ('"%s":'):format(({ "a", "b", "[]", "$id", "" })[math.random(5)])
    pieces[index] = name .. randomText(depth + 1)
  end
  local opening, closing = (kind == 2 and "[]" or "{}"):match "(.)(.)"
  return opening .. table.concat(pieces, math.random() < 0.5 and "," or " , ") .. closing
end

-- Also which numbers are integers, and which tables are marked.
local function assertSame(expected, got, text)
  assert(subtype(expected) == subtype(got), text)
  if type(expected) ~= "table" then
    assert(expected == got and (expected ~= 0 or 1 / expected == 1 / got), text)
    return
  end
  assert(getmetatable(expected) == getmetatable(got), text)
  for key, value in pairs(expected) do
    assertSame(value, got[key], text)
  end
  for key in pairs(got) do
    assert(expected[key] ~= nil, text)
  end
end

for line, cjson in pairs(LINES) do
  describe("appwrite.json on " .. line, function()
    local json = withCjson(cjson, "appwrite.json")

    it("reads the same with the core and without", function()
      local read, refused = 0, 0
      math.randomseed(11)
      for _ = 1, 5000 do
        local text = randomText(1)
        local given = math.random() < 0.5 and { nulls = "keep" } or nil
        local expected, problem = withCore(nil, json.decode, text, given)
        local got, problem2 = withCore(core, json.decode, text, given)
        assertSame(expected, got, text)
        assert(problem == problem2, text)
        read, refused = read + (problem and 0 or 1), refused + (problem and 1 or 0)
      end
      assert.is_true(read > 1000 and refused > 100, read .. " were read, " .. refused .. " refused")
    end)

    it("reads deep and large texts with the core as without", function()
      for _, text in ipairs {
        nested(511, "[", "]"), nested(512, "[", "]"), nested(513, "[", "]"), ("%s1%s"):format(('{"a":'):rep(512), ("}"):rep(512)),
        "[" .. ("[],"):rep(20000) .. "{}]", '["' .. ("x"):rep(100000) .. '",[]]', '["' .. ("\\\\"):rep(5000) .. '",[]]',
      } do
        local expected, problem = withCore(nil, json.decode, text)
        local got, problem2 = withCore(core, json.decode, text)
        assertSame(expected, got, text:sub(1, 40))
        assert.equal(problem, problem2)
      end
    end)
  end)
end

describe("appwrite.json with OpenResty's own marks", function()
  local openresty = LINES["OpenResty's line"]
  local json = withCjson(openresty, "appwrite.json")

  it("takes them for arrays", function()
    assert.is_true(json.isArray(setmetatable({}, openresty.array_mt)))
    assert.equal("[]", json.encode(setmetatable({}, openresty.array_mt)))
    assert.equal("[]", json.encode(setmetatable({}, openresty.empty_array_mt)))
    assert.equal("[1]", json.encode(setmetatable({ 1 }, openresty.empty_array_mt)))
    assert.equal('{"a":1}', json.encode(setmetatable({ a = 1 }, openresty.empty_array_mt)))
    assert.equal("[[]]", json.encode { openresty.empty_array })
  end)

  it("does not depend on how the slash is set", function()
    openresty.encode_escape_forward_slash(false)
    local text = json.encode { "a/b\\/" }
    openresty.encode_escape_forward_slash(true)
    assert.equal('["a/b\\\\/"]', text)
    assert.equal(text, json.encode { "a/b\\/" })
  end)
end)
