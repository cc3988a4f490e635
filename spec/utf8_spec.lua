-- The module is told apart from Lua's own of the same name, and must not differ between Luas that have one or not.
local function load(withBuiltin)
  local kept, builtin = package.loaded["appwrite.utf8"], rawget(_G, "utf8")
  package.loaded["appwrite.utf8"] = nil
  if not withBuiltin then
    rawset(_G, "utf8", nil)
  end
  local module = require "appwrite.utf8"
  rawset(_G, "utf8", builtin)
  package.loaded["appwrite.utf8"] = kept
  return module
end

-- Text, and the place of the first byte that is wrong, or false.
local CASES = {
  { "", false }, { "abc", false }, { "a\0b", false }, { "\127", false },
  { "\194\128", false }, { "\223\191", false }, { "\224\160\128", false }, { "\237\159\191", false },
  { "\238\128\128", false }, { "\239\191\191", false }, { "\240\144\128\128", false }, { "\244\143\191\191", false },
  { "x\195\188y\226\130\172z\240\159\153\130", false },
  { "\128", 1 }, { "ab\191", 3 }, { "\195", 1 }, { "a\195", 2 }, { "\195a", 1 }, { "\195\188\195", 3 },
  { "\226\130", 1 }, { "\226\130a", 1 }, { "\240\159\153", 1 }, { "\240\159\153a", 1 },
  { "\192\128", 1 }, { "\193\191", 1 }, { "\224\159\191", 1 }, { "\240\143\191\191", 1 }, -- overlong
  { "\237\160\128", 1 }, { "ok\237\191\191", 3 }, { "\195\173\237\160\128", 3 }, -- surrogates
  { "\244\144\128\128", 1 }, { "\245\128\128\128", 1 }, { "\247\191\191\191", 1 }, -- above U+10FFFF
  { "\248\136\128\128\128", 1 }, { "\252\132\128\128\128\128", 1 }, { "\254", 1 }, { "\255", 1 },
  { "\195\188\255\195", 3 }, { ("\195\188"):rep(1000) .. "\255", 2001 },
}

for name, withBuiltin in pairs { ["with what Lua has"] = true, ["by itself"] = false } do
  describe("appwrite.utf8 " .. name, function()
    local utf8 = load(withBuiltin)

    for index, case in ipairs(CASES) do
      it(("judges case %d"):format(index), function()
        local valid, position = utf8.valid(case[1])
        assert.equal(case[2] == false, valid)
        assert.equal(case[2] or nil, position)
      end)
    end

    it("judges every second byte", function()
      for first = 0xC0, 0xFF do
        for second = 0, 255 do
          local valid = utf8.valid(string.char(first, second))
          assert.equal(first >= 0xC2 and first <= 0xDF and second >= 0x80 and second <= 0xBF, valid)
        end
      end
    end)

    it("puts something else in the place of what is none", function()
      local function hex(byte)
        return ("<%02X>"):format(byte:byte())
      end
      for _, case in ipairs {
        { "", "" }, { "abc", "abc" }, { "\195\188", "\195\188" }, { "\255", "<FF>" }, { "a\195", "a<C3>" },
        { "\226\130x\195\188\128y", "<E2><82>x\195\188<80>y" }, { "\237\160\128", "<ED><A0><80>" },
      } do
        assert.equal(case[2], utf8.repair(case[1], hex))
      end
    end)

    it("counts characters", function()
      assert.equal(0, utf8.len "")
      assert.equal(3, utf8.len "abc")
      assert.equal(4, utf8.len "a\195\188\226\130\172\240\159\153\130")
      assert.equal(128, utf8.len(("\195\188"):rep(128)))
    end)
  end)
end
