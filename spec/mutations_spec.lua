--- What reads what a server or a file says, given texts that nobody thought of: nothing raises, nothing goes on for
-- ever, and what is taken is right. The fuzzers of spec/fuzz do the same to the C core.

local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local json = require "appwrite.json"
local mutations = require "spec.support.mutations"
local plans = require "appwrite.upload_plan"
local rfc8259 = require "spec.support.rfc8259"
local withCjson = require "spec.support.with_cjson"

local format, huge = string.format, math.huge

local TEXTS = 20000 -- of each kind that is cheap to read
local CALLS = 4000 -- where each text costs a call
local SEED = 20240611

local KINDS = {
  argument = true, api = true, network = true, timeout = true, tls = true, protocol = true, cancelled = true, file = true,
}

local function assertError(err, context)
  assert.is_table(err, context)
  assert.is_true(KINDS[err.kind] == true, context)
  assert.is_nil(tostring(err):find "%c", context)
end

-- Not by luassert, which is slow.
local function isSame(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then
    return a == b
  elseif json.isArray(a) ~= json.isArray(b) then
    return false
  end
  for key, value in pairs(a) do
    if not isSame(value, b[key]) then
      return false
    end
  end
  for key in pairs(b) do
    if a[key] == nil then
      return false
    end
  end
  return true
end

describe("JSON, mutated", function()
  local SEEDS = {
    '{"$id":"x","total":12,"list":[],"deep":{"a":[1,2.5,null,[]],"b":null}}', "[9007199254740993,-1e300,0.1,-0]",
    '["\\ud83d\\ude42 \\u005b\\"[]",9223372036854775807]', " true ", "-12.5e-3", '[[],[[]],{"":[]}]',
    '{"a":1,"a":"12345678901234567890"}',
  }
  local WORDS = {
    "[]", "{}", "[", "]", "{", "}", ",", ":", '"', "\\", "\\u", "\\u0037", "\\ud800", "null", "true", "-", ".", "e", "E+",
    "0", "00", "1e400", "9007199254740993", "-.5", "1.", "0x1f", "nan", "NaN", "inf", "Infinity", "-inf", "\0", "\t",
    "\255", "//", "'", "123456789012345", "\\\\", " ",
  }
  -- What is JSON, but refused; see appwrite.json.
  local REFUSED = { "too large for a float", "invalid unicode escape code", "nested" }

  local function isRefused(problem)
    for _, words in ipairs(REFUSED) do
      if problem:find(words, 1, true) then
        return true
      end
    end
    return false
  end

  for name, cjson in pairs { ["Debian's line"] = require "cjson", ["OpenResty's"] = require "spec.support.cjson_openresty" }
  do
    it("is taken exactly where it is JSON, and goes out as it came: lua-cjson of " .. name, function()
      local own = withCjson(cjson, "appwrite.json")
      local random, taken = mutations.new(SEED, WORDS), 0
      for _ = 1, TEXTS do
        local text = random:text(SEEDS)
        local context = format("%q", text)
        local value, problem = own.decode(text, { nulls = "keep" })
        if value == nil then
          assert.is_string(problem, context)
          assert.is_nil(problem:find "[%c\128-\255]", context)
          assert.is_true(not rfc8259.isJson(text) or isRefused(problem), context)
        else
          taken = taken + 1
          assert.is_true(rfc8259.isJson(text), context)
          local again = own.encode(value)
          if again then -- not so where it was no UTF-8
            assert.is_true(isSame(value, own.decode(again, { nulls = "keep" })), context)
          end
        end
      end
      assert.is_true(taken > TEXTS / 20 and taken < TEXTS / 2, tostring(taken))
    end)
  end
end)

describe("an answer's headers, mutated", function()
  it("say after how many seconds to come again, or nothing", function()
    local WORDS = { "-", ".", "e", "e400", "9", "0", "0x", "nan", "inf", "-inf", "infinity", " ", ",", "NaN", "99999999999" }
    local SEEDS = { "7", "120", "Wed, 21 Oct 2026 07:28:00 GMT", "1700000000", "0", "1.5" }
    local random, server, told = mutations.new(SEED, WORDS), fake.new(), 0
    local client = appwrite.new { project = "p", transport = server }
    for _ = 1, CALLS do
      local name = random:pick { "retry-after", "x-ratelimit-reset", "X-RateLimit-Reset" }
      local text = random:text(SEEDS)
      server:on("*", "*", { status = random:pick { 429, 503 }, headers = { [name] = text } })
      local result, err = client.account.getCurrentUser()
      assert.is_nil(result)
      assertError(err, text)
      local seconds = err.retryAfter
      if seconds then
        told = told + 1
        assert.is_true(seconds >= 0 and seconds < huge, format("%s: %q", tostring(seconds), text))
      end
      server.routes = {}
    end
    assert.is_true(told > CALLS / 20, tostring(told))
  end)

  it("say what part of a file comes, and nothing makes a download raise or go on for ever", function()
    local BYTES = ("0123456789"):rep(4)
    local WORDS = {
      "-", "/", "*", "bytes ", "0", "9", "99999999999999999999", "40", "39", "10", " ", '"', "W/", ("9"):rep(400), "39/40",
    }
    local random, ended = mutations.new(SEED, WORDS), { whole = 0, failed = 0 }
    local server = fake.new()
    local client = appwrite.new { project = "p", transport = server }
    local asked

    -- A good server of 16 bytes at a time, but for one of its fields.
    server:on("*", "*", function(request)
      asked = asked + 1
      local from = tonumber((request.headers.range or ""):match "^bytes=(%d+)%-$" or 0)
      local last = math.min(from + 15, #BYTES - 1)
      local headers = {
        ["content-range"] = format("bytes %d-%d/%d", from, last, #BYTES), etag = '"a"', ["last-modified"] = "x",
      }
      local name = random:pick { "content-range", "content-range", "etag", "last-modified" }
      if random:number(3) == 1 then
        headers[name] = random:text { headers[name], format("bytes %d-%d/%d", from, from - 1, #BYTES) }
      end
      return {
        status = random:number(20) == 1 and 200 or 206, headers = headers,
        body = BYTES:sub(from + 1, last + 1 - (random:number(20) == 1 and random:number(16) or 0)),
      }
    end)
    for _ = 1, CALLS do
      asked = 0
      local pieces = {}
      local result, err = client.storage.getFileDownload({ bucketId = "b", fileId = "f" }, { to = function(bytes)
        pieces[#pieces + 1] = bytes
        assert.is_true(asked < 60, "it goes on for ever")
      end })
      assert.is_true(asked < 60, "it goes on for ever")
      if result then
        ended.whole = ended.whole + 1
      else
        ended.failed = ended.failed + 1
        assertError(err)
      end
    end
    assert.is_true(ended.whole > CALLS / 20 and ended.failed > CALLS / 20, ended.whole .. " " .. ended.failed)
  end)

  -- By what was asked for first: Content-Range, and how many bytes come. 10 bytes there are, 4 at a time.
  local WRONG_RANGES = {
    ["a part of no bytes"] = function(from)
      return format("bytes %d-%d/10", from, from - 1), 0
    end,
    ["the byte before the last one again"] = function(from)
      return from >= 8 and "bytes 8-8/10" or format("bytes %d-%d/10", from, from + 3 > 7 and 8 or from + 3),
        from >= 8 and 1 or (from + 3 > 7 and 5 or 4)
    end,
    ["more bytes than a float can count"] = function(from)
      return format("bytes %d-99999999999999999999/99999999999999999999999", from), 4
    end,
    ["a last byte beyond all numbers"] = function(from)
      return format("bytes %d-%s/%s0", from, ("9"):rep(400), ("9"):rep(400)), 4
    end,
    ["a part that ends behind the file"] = function(from)
      return format("bytes %d-%d/10", from, from + 12), 13
    end,
  }
  for what, answer in pairs(WRONG_RANGES) do
    it("that announce " .. what .. " end a download", function()
      local server, asked = fake.new(), 0
      local client = appwrite.new { project = "p", transport = server }
      server:on("*", "*", function(request)
        asked = asked + 1
        assert.is_true(asked < 20, "it goes on for ever")
        local from = tonumber(request.headers.range:match "%d+")
        local range, length
        if from == 0 then
          range, length = "bytes 0-3/10", 4
        else
          range, length = answer(from)
        end
        return { status = 206, headers = { ["content-range"] = range }, body = ("x"):rep(length) }
      end)
      local result, err = client.storage.getFileDownload({ bucketId = "b", fileId = "f" }, { to = function() end })
      assert.is_nil(result)
      assert.equal("protocol", err.kind)
      assert.equal(206, err.code)
    end)
  end
end)

describe("what a server tells of an upload, mutated", function()
  local COUNT = 4
  local VALUES = {
    -1, 0, 1, 2, 3, COUNT, 5, 1.5, 2.5, 1e15, 1e300, huge, 0 / 0, "1", "4", "", "f", true, false, {},
    plans.CHUNK * (COUNT - 1) + 1,
  }
  local FIELDS = { "$id", "sizeOriginal", "chunksTotal", "chunksUploaded", "name", "signature" }

  -- One that is wrong is so to the end: the server is asked again, and believed when it says the same.
  local function answer(random, plan, counted)
    local file = {
      ["$id"] = "f", sizeOriginal = plan.size, chunksTotal = COUNT, name = "x.bin", chunksUploaded = counted,
      signature = counted == COUNT and "abc" or "",
    }
    plan.wrong = plan.wrong or { random:number(4) == 1 and random:pick(FIELDS) or "", random:pick(VALUES) }
    file[plan.wrong[1]] = plan.wrong[2]
    return file
  end

  local function failure(random)
    local code = random:pick { 0, 200, 404, 429, 500, 503 }
    return { kind = random:pick { "network", "timeout", "protocol", "api" }, code = code, message = "x" }
  end

  -- What appwrite.upload does with each action, and what may become of it.
  local STEPS = {
    send = function(plan, random)
      if random:number(8) == 1 then
        plan:failed(failure(random), random:pick { "none", "unknown" })
      else
        plan:answered(answer(random, plan, plan.uploaded + 1))
      end
    end,
    ask = function(plan, random)
      local what = random:number(12)
      if what == 1 then
        plan:missing()
      elseif what == 2 then
        plan:unanswered(failure(random))
      else
        plan:told(answer(random, plan, math.min(COUNT, plan.uploaded + random:number(2) - 1)))
      end
    end,
    wait = function(plan)
      plan:waited()
    end,
  }

  local function isWhole(value)
    return type(value) == "number" and value >= 0 and value % 1 == 0 and value < 2 ^ 53
  end

  it("never makes it send what is no chunk of the file, raise, or go on for ever", function()
    local random, ended = mutations.new(SEED, {}), { done = 0, fail = 0 }
    for _ = 1, TEXTS do
      local plan = plans.new {
        size = plans.CHUNK * (COUNT - 1) + 1, name = "x.bin", id = random:pick { "f", "f", false } or nil,
      }
      local action, steps = plan:next(), 0
      while STEPS[action.what] do
        steps = steps + 1
        assert.is_true(steps < 500, "it goes on for ever")
        if action.what == "send" then
          assert.is_true(isWhole(action.offset) and isWhole(action.length) and isWhole(action.index))
          assert.is_true(action.length > 0 and action.offset + action.length <= plan.size)
        end
        STEPS[action.what](plan, random)
        action = plan:next()
      end
      ended[action.what] = ended[action.what] + 1
      assert.is_true(action.what ~= "fail" or type(action.message or action.err.message) == "string")
    end
    assert.is_true(ended.done > TEXTS / 20 and ended.fail > TEXTS / 20, ended.done .. " " .. ended.fail)
  end)
end)

describe("a kept upload, mutated", function()
  it("is refused as a wrong call or a wrong file, or gives what it says", function()
    local STATE = '{"bucketId":"b","fileId":"f","name":"a.txt","mimeType":"text/plain","size":5,"chunkSize":5242880,'
      .. '"file":"hello","permissions":["read(\\"any\\")"]}'
    local WORDS = { "null", "[]", "{}", '"x"', "0", "-1", "1.5", "1e300", "true", "5242880", "\0", "\\u0000", "..", "/" }
    local random, outcomes = mutations.new(SEED, WORDS), { raised = 0, returned = 0, taken = 0 }
    local server = fake.new()
    local client = appwrite.new { project = "p", transport = server }
    server:on("GET", "*", { status = 404, json = { message = "no", code = 404, type = "x" } })
    server:on("POST", "*", { status = 201, json = { ["$id"] = "f", chunksUploaded = 1 } })
    for _ = 1, CALLS do
      local text = random:text { STATE }
      local state = json.decode(text)
      if state ~= nil then
        local ok, result, err = pcall(client.storage.resume, state)
        if not ok then
          outcomes.raised = outcomes.raised + 1
          assert.is_string(result, text)
          assert.truthy(result:find "storage%.resume: ", result)
        elseif result == nil then
          outcomes.returned = outcomes.returned + 1
          assertError(err, text)
        else
          outcomes.taken = outcomes.taken + 1
          local request = server.requests[#server.requests]
          assert.equal("POST", request.method)
          assert.is_nil(request.path:find "[^%w/._~%%-]", text)
        end
      end
    end
    for name, count in pairs(outcomes) do
      assert.is_true(count > 10, name .. " " .. count)
    end
  end)
end)
