local core = require "appwrite.core"
local sources = require "appwrite.file_source"

local function write(path, bytes)
  local file = assert(io.open(path, "wb"))
  file:write(bytes)
  file:close()
end

-- A function that gives `bytes` in pieces of at most `most`, and what it was asked for.
local function readerOf(bytes, most)
  local asked, position = {}, 0
  return function(length)
    asked[#asked + 1] = length
    local piece = bytes:sub(position + 1, position + math.min(length, most or length))
    position = position + #piece
    return piece
  end, asked
end

describe("appwrite.file_source", function()
  describe("of a path", function()
    local path

    before_each(function()
      path = os.tmpname()
      write(path, "0123456789")
    end)

    after_each(function()
      os.remove(path)
    end)

    it("says what is there, and leaves it to be read by others", function()
      local source = assert(sources.ofPath(path))
      assert.equal(10, source.size)
      assert.equal(core.stat(path).mtime, source.mtime)
      assert.same({ path = path, offset = 3, length = 4, fileSize = 10 }, source:slice(3, 4))
      assert.is_nil(source:check())
    end)

    it("notices what has changed, since now or since another time", function()
      local source = assert(sources.ofPath(path))
      assert.is_nil(source:check { size = 10, mtime = source.mtime })
      assert.truthy(source:check({ size = 9, mtime = source.mtime }):find("had 9 bytes and now has 10", 1, true))
      assert.truthy(source:check({ size = 10, mtime = 1 }):find("written to at", 1, true))
      write(path, "0")
      assert.truthy(source:check():find("had 10 bytes and now has 1", 1, true))
      os.remove(path)
      assert.truthy(source:check():find(path, 1, true))
      write(path, "")
    end)

    it("keeps the time to a millisecond, which any writer of numbers keeps too", function()
      assert(os.execute("touch -d '2023-11-14 22:13:20.123999999 UTC' " .. path))
      local mtime = assert(sources.ofPath(path)).mtime
      assert.equal(1700000000.123, mtime)
      assert.equal(mtime, tonumber(("%.14g"):format(mtime)))
    end)

    it("refuses what cannot be read", function()
      for name, part in pairs { ["no/such"] = "No such file", ["."] = "directory", ["/dev/null"] = "fromReader" } do
        local source, problem = sources.ofPath(name)
        assert.is_nil(source)
        assert.truthy(problem:find(part, 1, true), problem)
        assert.truthy(problem:find(name, 1, true), problem)
      end
    end)
  end)

  it("of bytes lends slices", function()
    local source = sources.ofBytes "0123456789"
    assert.equal(10, source.size)
    assert.is_nil(source.mtime)
    assert.is_nil(source:check())
    assert.same({ data = "0123456789", offset = 3, length = 4 }, source:slice(3, 4))
  end)

  describe("of a function", function()
    it("asks for moderate pieces, and no more than there are", function()
      local read, asked = readerOf(("x"):rep(600000))
      local source = sources.ofReader(read, 600000)
      assert.equal(600000, source:slice(0, 600000).buffer:size())
      assert.same({ 262144, 262144, 75712 }, asked)
    end)

    it("gives slices one after another", function()
      for _, most in ipairs { 1, 3, 100 } do
        local source = sources.ofReader(readerOf("0123456789", most), 10)
        assert.equal("0123", source:slice(0, 4).buffer:bytes())
        assert.equal("0123", source:slice(0, 4).buffer:bytes()) -- again
        assert.equal("4567", source:slice(4, 4).buffer:bytes())
        assert.equal("89", source:slice(8, 2).buffer:bytes())
      end
    end)

    it("reads past what is not wanted, and cannot go back", function()
      local source = sources.ofReader(readerOf "0123456789", 10)
      assert.equal("678", source:slice(6, 3).buffer:bytes())
      local slice, problem = source:slice(0, 4)
      assert.is_nil(slice)
      assert.truthy(problem:find("at byte 9 and cannot go back to 0", 1, true))
    end)

    it("keeps what it was given too many of", function()
      local given = { "01234567", "89ab" }
      local source = sources.ofReader(function() return table.remove(given, 1) end, 10)
      assert.equal("0123", source:slice(0, 4).buffer:bytes())
      assert.equal("4567", source:slice(4, 4).buffer:bytes())
      assert.equal("89", source:slice(8, 2).buffer:bytes())
    end)

    it("uses one buffer for all", function()
      local source = sources.ofReader(readerOf "0123456789", 10)
      assert.equal(source:slice(0, 5).buffer, source:slice(5, 5).buffer)
    end)
  end)
end)

describe("appwrite.core.buffer", function()
  it("takes bytes until it is full, and again once it is empty", function()
    local buffer = core.buffer(5)
    buffer:add "a\0"
    buffer:add ""
    buffer:add "cde"
    assert.equal(5, buffer:size())
    assert.equal("a\0cde", buffer:bytes())
    assert.has_error(function() buffer:add "f" end)
    assert.equal("a\0cde", buffer:bytes())
    assert.equal("appwrite.core.Buffer (5 of 5 bytes)", tostring(buffer))
    buffer:clear()
    assert.equal("", buffer:bytes())
    buffer:add "12345"
    assert.equal("12345", buffer:bytes())
  end)

  it("has a size that can be", function()
    assert.equal("", core.buffer(0):bytes())
    assert.has_error(function() core.buffer(-1) end)
    assert.has_error(function() core.buffer(2 ^ 40) end)
  end)
end)

describe("appwrite.core.stat", function()
  it("tells of files, folders and others", function()
    local path = os.tmpname()
    write(path, "123")
    local info = core.stat(path)
    assert.equal(3, info.size)
    assert.same({ false, true }, { info.directory, info.regular })
    assert.is_true(math.abs(info.mtime - core.time()) < 60)
    os.remove(path)
    info = core.stat "spec"
    assert.same({ true, false }, { info.directory, info.regular })
    info = core.stat "/dev/null"
    assert.same({ false, false }, { info.directory, info.regular })
    local none, why = core.stat(path)
    assert.is_nil(none)
    assert.equal("No such file or directory", why)
    assert.has_error(function() core.stat "a\0b" end)
  end)
end)
