--- The answers of a real server, where a recording of them lies beside this checkout: each must survive being read and
-- written, and each error must arrive in its own words. What is equal is judged by a reader of this file's own, which
-- keeps all digits, so that a mistake of the library's is not made twice.

local withCjson = require "spec.support.with_cjson"

local RECORDING = "../shared/facts/exchanges.json"
local LINES = { ["Debian's line"] = require "cjson", ["OpenResty's line"] = require "spec.support.cjson_openresty" }
local INTEGERS = math.type ~= nil

-- A JSON text in a form that is the same for all texts of the same value ----------------------------------------------

local ESCAPES = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }

local function character(code)
  if code < 0x80 then
    return string.char(code)
  elseif code < 0x800 then
    return string.char(0xC0 + math.floor(code / 64), 0x80 + code % 64)
  elseif code < 0x10000 then
    return string.char(0xE0 + math.floor(code / 4096), 0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
  end
  return string.char(0xF0 + math.floor(code / 262144), 0x80 + math.floor(code / 4096) % 64,
    0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
end

local function stringOf(raw)
  local pieces, at = {}, 1
  while at <= #raw do
    local plain, stop = raw:match("^([^\\]*)()", at)
    pieces[#pieces + 1], at = plain, stop
    local high, low = raw:match("^\\u([dD][89abAB]%x%x)\\u([dD][c-fC-F]%x%x)", at)
    local code = raw:match("^\\u(%x%x%x%x)", at)
    if high then
      pieces[#pieces + 1] = character(0x10000 + (tonumber(high, 16) - 0xD800) * 1024 + tonumber(low, 16) - 0xDC00)
      at = at + 12
    elseif code then
      pieces[#pieces + 1] = character(tonumber(code, 16))
      at = at + 6
    elseif at <= #raw then
      pieces[#pieces + 1] = assert(ESCAPES[raw:sub(at + 1, at + 1)], "no such escape")
      at = at + 2
    end
  end
  return table.concat(pieces)
end

local function within(digits, limit)
  return #digits < #limit or (#digits == #limit and digits <= limit)
end

local function numberOf(token)
  local minus, digits = token:match "^(%-?)(%d+)$"
  if digits and within(digits, minus == "-" and "9223372036854775808" or "9223372036854775807") then
    if not INTEGERS and not within(digits, "9007199254740992") then
      -- As documented: here such an integer is a string of its digits.
      return ("s%d:%s"):format(#token, token)
    end
    return token == "-0" and "0" or token
  end
  local value = tonumber(token)
  if value == math.floor(value) and math.abs(value) < 2 ^ 53 then
    return ("%.0f"):format(value):gsub("^%-0$", "0")
  end
  return ("%.17g"):format(value)
end

local canonicalAt

local function members(text, at, close, one)
  local list = {}
  at = text:match("^%s*()", at + 1)
  if text:sub(at, at) == close then
    return list, at + 1
  end
  while true do
    at = one(list, text:match("^%s*()", at))
    local separator
    separator, at = text:match("^%s*([,}%]])()", at)
    if separator == close then
      return list, at
    end
    assert(separator == ",", "a comma was expected")
  end
end

local function stringAt(text, at)
  assert(text:sub(at, at) == '"', "a string was expected")
  local from = at + 1
  repeat
    at = text:match('^[^"\\]*()', at + 1)
    local char = text:sub(at, at)
    if char == "\\" then
      at = at + 1
    end
    assert(char ~= "", "a string does not end")
  until char == '"'
  return stringOf(text:sub(from, at - 1)), at + 1
end

local function objectAt(text, at, keep)
  local byKey = {}
  local names
  names, at = members(text, at, "}", function(list, from)
    local key, after = stringAt(text, from)
    after = assert(text:match("^%s*:%s*()", after), "a colon was expected")
    local value, last = canonicalAt(text, after, keep)
    if not byKey[key] then
      list[#list + 1] = key
    end
    byKey[key] = value
    return last
  end)
  table.sort(names)
  local pieces = {}
  for _, name in ipairs(names) do
    if keep or byKey[name] ~= "null" then
      pieces[#pieces + 1] = ("s%d:%s=%s"):format(#name, name, byKey[name])
    end
  end
  return "{" .. table.concat(pieces, ",") .. "}", at
end

function canonicalAt(text, at, keep)
  local first = text:sub(at, at)
  if first == "{" then
    return objectAt(text, at, keep)
  elseif first == "[" then
    local list, after = members(text, at, "]", function(list, from)
      local last
      list[#list + 1], last = canonicalAt(text, from, keep)
      return last
    end)
    return "[" .. table.concat(list, ",") .. "]", after
  elseif first == '"' then
    local value, after = stringAt(text, at)
    return ("s%d:%s"):format(#value, value), after
  end
  local word, after = text:match("^(%l+)()", at)
  if word == "true" or word == "false" or word == "null" then
    return word, after
  end
  local token
  token, after = text:match("^(%-?%d[%d.eE+-]*)()", at)
  return (numberOf(assert(token, "no value"))), after
end

-- Nil where the text is not JSON.
local function canonical(text, keep)
  local ok, value, after = pcall(canonicalAt, text, text:match "^%s*()", keep)
  return ok and not text:find("%S", after) and value or nil
end

describe("the reader that judges", function()
  local same = {
    { '{"b":[1,2.0],"a":"\\u00e9\\/"}', ' { "a" : "\195\169/" , "b" : [ 1.0 , 2 ] } ' },
    { '"\\\\u0041\\u0041\\\\\\"\\ud83d\\ude42\\n"', '"\\\\u0041A\\\\\\"\240\159\153\130\\u000a"' },
    { "[0,1e3]", "[-0,1000]" },
    { '{"a":1,"a":2}', '{"a":2}' },
  }
  for _, pair in ipairs(same) do
    it("finds equal: " .. pair[1], function()
      assert.is_string(canonical(pair[1], true))
      assert.equal(canonical(pair[1], true), canonical(pair[2], true))
    end)
  end

  it("tells apart", function()
    for _, pair in ipairs {
      { "[]", "{}" }, { "[1]", '["1"]' }, { "[9007199254740993]", "[9007199254740992]" }, { '{"a":null}', "{}" },
      { "[0.1]", "[0.10000000000000002]" }, { '"a"', '"A"' }, { "[null]", "[]" }, { '["\\\\n"]', '["\\n"]' },
    } do
      assert.not_equal(canonical(pair[1], true), canonical(pair[2], true))
    end
    assert.equal(canonical('{"a":null}', false), canonical("{}", false))
  end)

  it("knows what is not JSON", function()
    for _, text in ipairs { "", "{", "[1", '{"a"}', '"x', "x", "[1 2]", "{} x" } do
      assert.is_nil((canonical(text, true)))
    end
  end)
end)

-- The recording -------------------------------------------------------------------------------------------------------

local file = io.open(RECORDING, "rb")
local exchanges = {}
if file then
  exchanges = assert(require("dkjson").decode(file:read "*a"))
  file:close()
end

local function isJson(exchange)
  local contentType = exchange.response.headers["content-type"]
  return type(exchange.response.body_text) == "string" and type(contentType) == "string"
    and contentType:find "^application/json" and exchange.response.body_text ~= ""
end

local function answerOf(exchange)
  local response = exchange.response
  return {
    status = response.status, body = response.body_text, elapsed = 0, attempts = 1,
    handle = { headers = function() return response.headers end },
  }
end

-- All bodies of the recording that are JSON; those of requests too, some of which are broken on purpose.
local function texts()
  local list = {}
  for _, exchange in ipairs(exchanges) do
    if isJson(exchange) then
      list[#list + 1] = { exchange.id .. ", answer", exchange.response.body_text }
    end
    if type(exchange.request.body) == "table" and exchange.request.body.kind == "json" then
      list[#list + 1] = { exchange.id .. ", request", exchange.request.body.text }
    end
  end
  return list
end

for line, cjson in pairs(file and LINES or {}) do
  describe("the recorded exchanges on " .. line, function()
    local json, decode = withCjson(cjson, "appwrite.json", "appwrite.decode")

    it("are read and written without loss", function()
      local count, broken = 0, 0
      for _, item in ipairs(texts()) do
        local name, text = item[1], item[2]
        for nulls, keep in pairs { keep = true, drop = false } do
          local value, problem = json.decode(text, { nulls = nulls })
          local expected = canonical(text, keep)
          if expected then
            assert.is_nil(problem, name)
            local written = assert(json.encode(value))
            assert.equal(expected, canonical(written, keep), name)
            count = count + 1
          else
            assert.is_nil(value, name)
            assert.is_string(problem, name)
            broken = broken + 1
          end
        end
      end
      assert.is_true(count > 1500, count .. " texts")
      assert.is_true(broken > 0)
    end)

    it("give their errors in the server's words", function()
      local count = 0
      for _, exchange in ipairs(exchanges) do
        local status = exchange.response.status
        if status >= 400 then
          local operation = {
            fullName = exchange.operation or "raw",
            row = { kind = "json", verb = exchange.request.method },
          }
          local result, err, response = decode.answer(operation, answerOf(exchange), "drop")
          assert.is_nil(result, exchange.id)
          assert.equal("api", err.kind, exchange.id)
          assert.equal(status, err.code, exchange.id)
          assert.equal(status, response.status)
          assert.equal(exchange.response.body_text, err.response, exchange.id)
          assert.is_string(err.message)
          if isJson(exchange) then
            local own = exchange.response.body_text
            assert.truthy(canonical(own, true):find("s7:message=s%d+:"), exchange.id)
            assert.equal(require("dkjson").decode(own).message, err.message, exchange.id)
            assert.equal(require("dkjson").decode(own).type, err.type, exchange.id)
            count = count + 1
          end
        end
      end
      assert.is_true(count > 300, count .. " errors")
    end)

    it("give their results", function()
      local count = 0
      for _, exchange in ipairs(exchanges) do
        local status = exchange.response.status
        if status < 300 and isJson(exchange) then
          local operation = { fullName = "raw", row = { kind = "json", verb = exchange.request.method } }
          local result, err = decode.answer(operation, answerOf(exchange), "keep")
          assert.is_nil(err, exchange.id)
          assert.equal(canonical(exchange.response.body_text, true), canonical(json.encode(result), true), exchange.id)
          count = count + 1
        end
      end
      assert.is_true(count > 250, count .. " results")
    end)
  end)
end
