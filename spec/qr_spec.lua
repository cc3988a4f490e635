local QR = require "appwrite.qr"
local process = require "spec.support.process"

local quote = process.quote

-- Texts of all lengths at which something changes: versions, the width of the length, the number of blocks.
local LENGTHS = { 1, 17, 18, 53, 78, 106, 134, 154, 192, 193, 230, 231, 271, 272, 500, 858, 1500, 2953 }

local function text(length)
  local bytes = {}
  for index = 1, length do
    bytes[index] = string.char((index * 37 + length) % 256)
  end
  return table.concat(bytes)
end

local function write(path, bytes)
  local file = assert(io.open(path, "wb"))
  assert(file:write(bytes))
  assert(file:close())
end

-- The program qrencode, which is libqrencode's own, as rows like those of QR.rows.
local function encoded(bytes)
  local path = os.tmpname()
  write(path, bytes)
  local output, status = process.run("qrencode -8 -l L -m 0 -t ASCII -o - < " .. quote(path))
  os.remove(path)
  assert.equal(0, status, output)
  local rows = {}
  for line in output:gmatch "[^\n]+" do
    rows[#rows + 1] = line:gsub("..", { ["##"] = "1", ["  "] = "0" })
  end
  return rows
end

describe("appwrite.QR", function()
  setup(function()
    process.need("qrencode", "qrencode")
  end)

  it("makes the codes that libqrencode makes", function()
    local masks = {}
    for _, length in ipairs(LENGTHS) do
      local bytes = text(length)
      local wanted, same = table.concat(encoded(bytes), "\n"), nil
      for mask = 0, 7 do
        same = table.concat(QR.rows(bytes, mask), "\n") == wanted and mask or same
      end
      assert.is_not_nil(same, length .. " bytes: no mask gives libqrencode's code")
      masks[same] = true
    end
    assert.is_true(next(masks, next(masks)) ~= nil, "one mask for all is no test of masks")
  end)

  it("takes a mask that is easy to read: not all of them are", function()
    local rows, counts = QR.rows(string.rep("\0", 100)), 0
    for mask = 0, 7 do
      counts = counts + (table.concat(QR.rows(string.rep("\0", 100), mask)) == table.concat(rows) and 1 or 0)
    end
    assert.equal(1, counts)
  end)

  it("draws two rows in a line of text, with the margin that scanners need", function()
    local rows = QR.rows "otpauth://totp/x"
    local lines = {}
    for line in QR.text("otpauth://totp/x"):gmatch "([^\n]*)\n" do
      lines[#lines + 1] = line
    end
    assert.equal(math.ceil((#rows + 8) / 2), #lines)
    assert.equal(("█"):rep(#rows + 8), lines[1])
    assert.equal(("█"):rep(#rows + 8), lines[2])
    local upper = { ["█"] = "0", ["▀"] = "0", ["▄"] = "1", [" "] = "1" }
    local lower = { ["█"] = "0", ["▀"] = "1", ["▄"] = "0", [" "] = "1" }
    for index = 1, #rows do
      local line = lines[math.floor((index + 5) / 2)]
      local map, read = index % 2 == 1 and upper or lower, {}
      for character in line:gmatch "[%z\1-\127\194-\244][\128-\191]*" do
        read[#read + 1] = map[character]
      end
      assert.equal("0000" .. rows[index] .. "0000", table.concat(read))
    end
  end)

  it("draws what is dark for terminals with a light ground", function()
    assert.equal(QR.text "x", QR.text("x", { invert = false }))
    local inverted = QR.text("x", { invert = true })
    assert.equal((" "):rep(29), inverted:match "^[^\n]*")
    assert.equal(QR.text "x", (inverted:gsub("[%z\1-\127\194-\244][\128-\191]*", {
      ["█"] = " ", [" "] = "█", ["▀"] = "▄", ["▄"] = "▀",
    })))
  end)

  it("refuses what it cannot draw, and does not repeat it", function()
    local ROWS = {
      { QR.text, { 5 }, "QR.text: the text must be a string that is not empty, got number" },
      { QR.rows, { "" }, "QR.rows: the text must be a string that is not empty, got an empty one" },
      { QR.rows, { ("s3cret"):rep(1000) }, "QR.rows: a QR code holds 2953 bytes at most, got 6000" },
      { QR.rows, { "x", 8 }, 'QR.rows: argument "mask" must be a whole number from 0 to 7, got number 8' },
      { QR.text, { "x", true }, 'QR.text: argument "options" must be a table, got boolean true' },
      { function() return QR.txt end, {}, 'QR has no "txt"; did you mean "text"?' },
    }
    for _, row in ipairs(ROWS) do
      local ok, message = pcall(row[1], (table.unpack or unpack)(row[2]))
      assert.is_false(ok)
      assert.truthy(message:find(row[3], 1, true), message)
      assert.is_nil(message:find "s3cret")
    end
  end)
end)
