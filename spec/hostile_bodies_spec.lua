--- Servers whose bodies are not what they should be: JSON, errors, encodings.

local checks = require "spec.support.hostile_checks"
local hostile = require "spec.support.hostile"

local BROKEN, getJson = checks.BROKEN, checks.getJson

describe("a server with hostile bodies", function()
  local check = checks.new()
  local server

  setup(function()
    server = hostile.start()
    check.server = server
  end)

  teardown(function()
    check:finish "bodies"
    server:stop()
  end)

  before_each(function()
    server:clear()
  end)

  local function refused(message)
    return { kind = "protocol", code = 200, message = message }
  end

  local NOT_JSON, NO_OBJECT = refused "is not JSON", refused "neither an object nor an array of JSON"

  check:each({
    deepObjects = NOT_JSON,
    unclosedJson = NOT_JSON,
    hugeExponent = NOT_JSON,
    longDigits = NOT_JSON,
    notANumber = NOT_JSON,
    infinity = NOT_JSON,
    hexNumber = NOT_JSON,
    plusNumber = NOT_JSON,
    loneSurrogate = NOT_JSON,
    swappedSurrogates = NOT_JSON,
    nulByte = NOT_JSON,
    trailingGarbage = NOT_JSON,
    trailingComma = NOT_JSON,
    singleQuotes = NOT_JSON,
    comments = NOT_JSON,
    byteOrderMark = NOT_JSON,
    blankJson = NOT_JSON,
    utf16 = NOT_JSON,
    emptyGzip = NOT_JSON,
    topNull = NO_OBJECT,
    topFalse = NO_OBJECT,
    topNumber = NO_OBJECT,
    topString = NO_OBJECT,
  }, it, "says what is no answer")

  check:each({
    duplicateKeys = { name = "Ada" }, -- the last counts
    manyKeys = { name = "Ada" },
    manyArrays = { name = "Ada" },
    longInteger = { name = "Ada" },
    nulEscape = { name = "A\0B" },
    -- What is no UTF-8 is handed on as it came: only what is sent is refused.
    notUtf8 = { name = "\255\254\192\128" },
    overlongUtf8 = { name = "\192\175" },
    rawControls = { name = "A\1\27B" },
    prototypeKeys = { name = "Ada" },
    wrongType = { name = "Ada" },
    noType = { name = "Ada" },
    nestedGzip = { name = "Ada" },
  }, it, "is understood")

  it("names fields as Lua names what it treats in its own way", function()
    local result = assert(getJson(check:client(), "prototypeKeys"))
    assert.is_nil(getmetatable(result))
    assert.equal("x", result.__index)
    assert.is_nil(result.a)
  end)

  it("sends lists that are none", function()
    local client = check:client()
    local function walk(bucket)
      local count = 0
      for _ in client:each("storage.listFiles", { bucketId = bucket }) do
        count = count + 1
      end
      return count
    end
    for bucket, message in pairs {
      wrongList = 'has no list "files"', wrongTotal = "again and again",
      topNull = "neither an object nor an array", topFalse = "neither an object nor an array",
    } do
      local ok, err = pcall(walk, bucket)
      assert.is_false(ok)
      checks.error({ kind = "protocol", code = 200, message = message }, nil, err)
    end
    assert.equal(3, walk "wrongItems")
    check:usable(client)
  end)

  describe("whose errors", function()
    local GIVEN = "general_argument_invalid"

    check:each({
      numberMessage = { kind = "api", code = 400, message = '{"message":42' },
      tableMessage = { kind = "api", code = 400, type = "api" },
      nestedError = { kind = "api", code = 400, message = "inner", type = "api" },
      listError = { kind = "api", code = 400, message = "first" },
      stringCode = { kind = "api", code = 400, message = "No.", type = GIVEN },
      otherCode = { kind = "api", code = 400, message = "No.", type = GIVEN },
      hugeMessage = { kind = "api", code = 400, message = "m m m", type = GIVEN },
      hugeType = { kind = "api", code = 400, message = "No.", type = "api" },
      escapeMessage = { kind = "api", code = 400, message = "\\x1B]0;owned\\x07\\x1B[2J\\xC2\\x9B31m\\x00\\x08\\x7FNo.", type = "api" },
      lineMessage = { kind = "api", code = 400, message = "all is well\\xE2\\x80\\xA8x\\xC2\\x85y", type = GIVEN },
      brokenMessage = { kind = "api", code = 400, message = "\\xFF\\x1B[2J", type = "api" },
      textEscapes = { kind = "api", code = 400, message = "\\x1B[2J\\x1B]0;owned\\x07\\x00\\x9B 2J plain \\xFF text" },
      nullError = { kind = "api", code = 400, message = "null" },
      emptyError = { kind = "api", code = 400, message = "{}" },
      echo = { kind = "api", code = 400, message = "***" },
      bombError = { kind = "protocol", code = 400, message = "maxResponseBytes" },
    }, it, "are of the wrong shape")

    it("are kept whole beside the message", function()
      local _, err = getJson(check:client(), "hugeMessage")
      assert.is_true(#err.response > 500000)
      assert.is_true(#tostring(err) < 2200)
    end)
  end)

  describe("whose encodings", function()
    check:each({
      nestedBomb = { kind = "protocol", code = 200, message = "maxResponseBytes" },
      manyEncodings = { kind = BROKEN, code = 200 },
      manyEncodingFields = { kind = BROKEN, code = 200 },
      gzipTail = { kind = BROKEN, code = 200 },
      brokenDeflate = { kind = "protocol", code = 200 },
      brokenBrotli = { kind = "protocol", code = 200 },
      brokenZstd = { kind = "protocol", code = 200 },
      encodingName = { kind = "protocol", code = 200 },
    }, it, "cannot be decoded")
  end)
end)
