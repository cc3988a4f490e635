local plain = require "appwrite.plain"

describe("appwrite.plain", function()
  local texts = {
    { "one\ttwo\r\nthree \195\188 \226\130\172", "one\ttwo\r\nthree \195\188 \226\130\172" },
    { "\27]0;x\7\0\127", "\\x1B]0;x\\x07\\x00\\x7F" },
    { "a\194\155b\194\160", "a\\xC2\\x9Bb\194\160" },
    { "\226\128\168 \226\128\174 \226\129\166 \226\128\147", "\\xE2\\x80\\xA8 \\xE2\\x80\\xAE \\xE2\\x81\\xA6 \226\128\147" },
    { "\255a\195", "\\xFFa\\xC3" },
  }
  for index, case in ipairs(texts) do
    it("shows what is no text: " .. index, function()
      assert.equal(case[2], plain.text(case[1]))
      assert.equal(case[2], plain.text(case[2]))
    end)
  end

  it("is no longer than anybody reads, and is not cut within a character", function()
    assert.equal(("x"):rep(2000), plain.text(("x"):rep(2000)))
    assert.equal(("x"):rep(2000) .. "…", plain.text(("x"):rep(500000)))
    assert.equal("ü…", plain.text("üüü", 3))
    assert.equal("…", plain.text(("\128"):rep(500000), 100))
  end)
end)
