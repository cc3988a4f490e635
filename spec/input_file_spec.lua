local InputFile = require "appwrite.input_file"

local function withFile(bytes, use)
  local path = os.tmpname()
  local handle = assert(io.open(path, "wb"))
  handle:write(bytes)
  handle:close()
  local ok, problem = pcall(use, path)
  os.remove(path)
  assert(ok, problem)
end

describe("appwrite.input_file", function()
  it("names a file on the disk", function()
    local file = InputFile.fromPath "/some/where/holiday.MP4"
    assert.equal("/some/where/holiday.MP4", file.path)
    assert.equal("holiday.MP4", file.filename)
    assert.equal("video/mp4", file.mimeType)
    assert.is_nil(file.data)
    assert.is_true(file.isInputFile)
    assert.equal("appwrite.InputFile (holiday.MP4)", tostring(file))
    assert.equal("appwrite.InputFile", getmetatable(file).__name)
    file = InputFile.fromPath("x.png", "y.jpg")
    assert.equal("y.jpg", file.filename)
    assert.equal("image/jpeg", file.mimeType)
    assert.equal("text/x-own", InputFile.fromPath("x.png", nil, "text/x-own").mimeType)
  end)

  it("holds bytes", function()
    local file = InputFile.fromString("a\0b", "x.json")
    assert.equal("a\0b", file.data)
    assert.equal("x.json", file.filename)
    assert.equal("application/json", file.mimeType)
    assert.is_nil(file.path)
    assert.equal("image/x-own", InputFile.fromString("", "x.json", "image/x-own").mimeType)
    assert.equal("text/plain; charset=utf-8", InputFile.fromString("", "x", "text/plain; charset=utf-8").mimeType)
  end)

  local names = {
    ["a/b/c.txt"] = "c.txt", ["C:\\x\\y.txt"] = "y.txt", ["c.txt"] = "c.txt", ["a/b/"] = "b", [".profile"] = ".profile",
    ["a/..b"] = "..b", ["/"] = "/",
  }
  for path, name in pairs(names) do
    it("takes the name from the path: " .. path, function()
      assert.equal(name, InputFile.fromPath(path).filename)
    end)
  end

  it("guesses the type by the extension", function()
    for name, expected in pairs {
      ["a.PDF"] = "application/pdf", ["a.tar.gz"] = "application/gzip", ["a.svg"] = "image/svg+xml",
      ["a.xyz"] = "application/octet-stream", ["a"] = "application/octet-stream", ["a."] = "application/octet-stream",
    } do
      assert.equal(expected, InputFile.fromString("", name).mimeType)
    end
  end)

  it("is made from what a call was given", function()
    local file = InputFile.fromString("x", "n")
    assert.equal(file, InputFile.from(file))
    local plain = assert(InputFile.from "bytes")
    assert.equal("bytes", plain.data)
    assert.equal("file", plain.filename)
    assert.equal("application/octet-stream", plain.mimeType)
    for _, wrong in ipairs { 5, {}, { isInputFile = true }, print, false } do
      local none, problem = InputFile.from(wrong)
      assert.is_nil(none)
      assert.truthy(problem:find("the file must be an InputFile or a string with its bytes, got ", 1, true))
    end
    assert.is_nil((InputFile.from(nil)))
  end)

  it("takes a function's bytes", function()
    local file = InputFile.fromReader(print, 5.0, "song.mp3")
    assert.equal("song.mp3", file.filename)
    assert.equal("audio/mpeg", file.mimeType)
    assert.equal("appwrite.InputFile (song.mp3)", tostring(file))
    assert.equal(5, file:size())
    assert.equal("5", tostring(file:size()))
    assert.equal(file, InputFile.from(file))
    assert.equal("a/b", InputFile.fromReader(print, 5, "song.mp3", "a/b").mimeType)
  end)

  it("opens what is read from", function()
    assert.equal(3, assert(InputFile.fromString("abc", "x"):open()).size)
    assert.is_number(assert(InputFile.fromPath "spec/input_file_spec.lua":open()).mtime)
    local once = InputFile.fromReader(print, 5, "x")
    assert.equal(5, assert(once:open()).size)
    local again, problem = once:open()
    assert.is_nil(again)
    assert.truthy(problem:find('the reader of "x" was used', 1, true))
  end)

  describe("size", function()
    it("is that of the bytes", function()
      assert.equal(0, InputFile.fromString("", "x"):size())
      assert.equal(3, InputFile.fromString("a\0b", "x"):size())
    end)

    it("is that of the file now", function()
      for _, bytes in ipairs { "", "x", ("x"):rep(100000) } do
        withFile(bytes, function(path)
          local size = InputFile.fromPath(path):size()
          assert.equal(#bytes, size)
          assert.equal(tostring(#bytes), tostring(size))
        end)
      end
    end)

    it("names what cannot be read", function()
      local size, problem = InputFile.fromPath("no/such/file"):size()
      assert.is_nil(size)
      assert.equal("cannot open the file no/such/file: ", problem:sub(1, 35))
      size, problem = InputFile.fromPath("spec"):size()
      assert.is_nil(size)
      assert.equal("cannot read the file spec: it is a directory", problem)
    end)

    it("closes the file, whatever happens", function()
      local open, handles = io.open, {}
      local function watched(...)
        local handle, problem = open(...)
        handles[#handles + 1] = handle
        return handle, problem
      end
      io.open = watched -- luacheck: ignore 122
      local ok, problem = pcall(function()
        assert(InputFile.fromPath("spec/input_file_spec.lua"):size())
        assert(InputFile.fromPath("spec/upload_spec.lua"):open())
      end)
      io.open = open -- luacheck: ignore 122
      assert(ok, problem)
      assert.equal(2, #handles)
      for _, handle in ipairs(handles) do
        assert.equal("closed file", io.type(handle))
      end
    end)
  end)

  local refused = {
    { function() InputFile.fromPath() end, 'InputFile.fromPath: argument "path" must be a path, got nil' },
    { function() InputFile.fromPath "" end, 'InputFile.fromPath: argument "path" must be a path, got an empty string' },
    { function() InputFile.fromPath "a\0b" end, 'InputFile.fromPath: argument "path" must not contain a NUL byte' },
    { function() InputFile.fromPath("a", 5) end, 'InputFile.fromPath: argument "name" must be a file name, got number 5' },
    { function() InputFile.fromPath("a", "") end, 'InputFile.fromPath: argument "name" must be a file name, got an empty' },
    { function() InputFile.fromPath("a", "b", "png") end,
      'InputFile.fromPath: argument "mimeType" must be a media type such as "image/png", got "png"' },
    { function() InputFile.fromPath("a", "b", 5) end, 'InputFile.fromPath: argument "mimeType" must be a media type' },
    { function() InputFile.fromReader(print, "1", "n") end,
      'InputFile.fromReader: argument "size" must be a whole number of bytes, got "1"' },
    { function() InputFile.fromString(5, "n") end,
      'InputFile.fromString: argument "bytes" must be a string with the file\'s bytes, got number 5' },
    { function() InputFile.fromString "x" end, 'InputFile.fromString: argument "name" must be a file name, got nil' },
    { function() InputFile.fromString("x", "a\0b") end,
      'InputFile.fromString: argument "name" must not contain a NUL byte' },
    { function() InputFile.fromString("x", "n", "image/png\r\nx: y") end,
      'InputFile.fromString: argument "mimeType" must be a media type such as "image/png", got "image/png??x: y"' },
    { function() InputFile.fromReader("x", 1, "n") end, 'InputFile.fromReader: argument "read" must be a function' },
    { function() InputFile.fromReader(print, -1, "n") end,
      'InputFile.fromReader: argument "size" must be a whole number of bytes, got number -1' },
    { function() InputFile.fromReader(print, 1.5, "n") end, 'InputFile.fromReader: argument "size" must be a whole number' },
    { function() InputFile.fromReader(print, 0 / 0, "n") end, 'InputFile.fromReader: argument "size" must be a whole' },
    { function() InputFile.fromReader(print, 2 ^ 60, "n") end, 'InputFile.fromReader: argument "size" must be a whole' },
    { function() InputFile.fromReader(print, 1) end, 'InputFile.fromReader: argument "name" must be a file name, got nil' },
    { function() InputFile.fromReader(print, 1, "n", "x") end, 'InputFile.fromReader: argument "mimeType" must be' },
    { function() return InputFile.fromFile end, 'InputFile has no "fromFile"' },
    { function() return InputFile.fromPaht end, 'InputFile has no "fromPaht"; did you mean "fromPath"?' },
  }
  for _, case in ipairs(refused) do
    it("says at the caller's line: " .. case[2], function()
      local ok, message = pcall(case[1])
      assert.is_false(ok)
      local line = debug.getinfo(case[1], "S").linedefined
      assert.truthy(message:find(("input_file_spec.lua:%d: %s"):format(line, case[2]), 1, true), message)
    end)
  end
end)
