-- luacheck: std max+busted
--- Previews of files.

local format = string.format

---@param t sandbox.SpecClient
---@param pixels table pixels.lua
return function(t, pixels)
  local call, expect, refused, upload = t.call, t.expect, t.refused, t.upload
  local FILES = "/storage/buckets/files/files/"

  -- Red on the left, blue on the right, 60 by 40.
  local function show(query, options)
    return call("GET", FILES .. "two/preview?" .. query, options)
  end

  local function look(query)
    local answer = show(query .. "&output=gif")
    assert.equal("image/gif", answer.headers["content-type"], answer.body)
    return pixels.read(answer.body)
  end

  local RED, BLUE = { 255, 0, 0 }, { 0, 0, 255 }

  local function near(wanted, ...)
    local got = { ... }
    for index = 1, 3 do
      assert.is_true(got[index] ~= nil and math.abs(got[index] - wanted[index]) <= 8,
        format("expected about %d,%d,%d, got %s,%s,%s", wanted[1], wanted[2], wanted[3], tostring(got[1]),
          tostring(got[2]), tostring(got[3])))
    end
  end

  describe("previews", function()
    setup(function()
      expect(201, upload(t.ada, "files", "two", "two.png", pixels.TWO))
      expect(201, upload(t.ada, "files", "words", "words.txt", "only words\n"))
    end)

    local SIZES = {
      { "", 60, 40 }, { "width=20&height=20", 20, 20 }, { "width=30", 30, 20 }, { "height=20", 30, 20 },
      { "width=200&height=100", 200, 100 }, { "width=1&height=4000", 1, 4000 }, { "rotation=90", 40, 60 },
      { "rotation=-270", 40, 60 }, { "rotation=180", 60, 40 }, { "rotation=360", 60, 40 },
      { "width=20&height=20&borderWidth=2&borderColor=ff0000&borderRadius=5", 20, 20 },
      { "width=20&height=20&gravity=top-left", 20, 20 }, { "opacity=0.5", 60, 40 }, { "opacity=1", 60, 40 },
    }

    for _, row in ipairs(SIZES) do
      it("have the size asked for: " .. row[1], function()
        local answer = show(row[1])
        assert.same({ 200, "image/png", "miss" }, {
          answer.status, answer.headers["content-type"], answer.headers["x-appwrite-cache"],
        })
        assert.same({ "png", row[2], row[3] }, { pixels.size(answer.body) })
      end)
    end

    it("keep the part that the gravity says", function()
      for _, row in ipairs {
        { "left", RED, RED, { 4, 24 } }, { "top-right", BLUE, BLUE, { 16, 36 } }, { "center", RED, BLUE, { 5, 35 } },
        { "BOTTOM-LEFT", RED, RED, { 4, 24 } },
      } do
        local at = look("width=40&height=40&gravity=" .. row[1])
        near(row[2], at(row[4][1], 20))
        near(row[3], at(row[4][2], 20))
      end
    end)

    it("are turned clockwise", function()
      local at = look "rotation=90"
      near(RED, at(20, 5))
      near(BLUE, at(20, 55))
      local tilted = look "rotation=45&background=00ff00"
      near({ 0, 255, 0 }, tilted(0, 0))
    end)

    it("get a frame and round corners", function()
      local at = look "borderWidth=4&borderColor=00ff00&borderRadius=12"
      assert.is_nil(at(0, 0))
      assert.is_nil(at(59, 39))
      near({ 0, 255, 0 }, at(1, 20))
      near({ 0, 255, 0 }, at(30, 38))
      near(RED, at(10, 20))
      near(BLUE, at(50, 20))
    end)

    it("fade, and show the background through", function()
      near({ 255, 128, 128 }, look "opacity=0.5&background=ffffff" (10, 20))
      assert.is_nil((look "opacity=0" (10, 20)))
    end)

    it("come in the format asked for", function()
      for _, row in ipairs {
        { "output=jpg&quality=50", "jpeg" }, { "output=jpeg", "jpeg" }, { "output=gif", "gif" },
        { "output=png", "png" }, { "output=webp", "jpeg" },
        { "output=webp", "webp", { accept = "image/avif,image/webp,*/*" } },
      } do
        local answer = show(row[1], { headers = row[3] })
        assert.same({ 200, "image/" .. row[2] }, { answer.status, answer.headers["content-type"] })
        local kind, width, height = pixels.size(answer.body)
        assert.equal(row[2], kind)
        if kind ~= "webp" then
          assert.same({ 60, 40 }, { width, height })
        end
      end
      local good, bad = show("output=jpg&quality=100").body, show("output=jpg&quality=1").body
      assert.is_true(#good > #bad)
    end)

    it("come in the format of the file's name where none is asked for", function()
      for _, row in ipairs { { "a.PNG", "png" }, { "a.jpg", "jpeg" }, { "a.dat", "jpeg" }, { "noextension", "png" } } do
        local file = expect(201, upload(t.ada, "files", "unique()", row[1], pixels.TWO))
        assert.equal(row[2], (pixels.size(call("GET", FILES .. file["$id"] .. "/preview").body)))
      end
    end)

    it("show a sheet of paper for what is no image", function()
      local answer = call("GET", FILES .. "words/preview")
      assert.same({ "png", 1200, 800 }, { pixels.size(answer.body) })
      local small = call("GET", FILES .. "words/preview?width=50&height=50&output=gif")
      assert.same({ "gif", 50, 50 }, { pixels.size(small.body) })
      local at = pixels.read(small.body)
      near({ 0xEC, 0xEF, 0xF1 }, at(1, 1))
      near({ 255, 255, 255 }, at(17, 14))
    end)

    it("are kept, but only for those who may read the file", function()
      expect(201, upload(t.ada, "secure", "hidden", "hidden.txt", "x"))
      local path = "/storage/buckets/secure/files/hidden/preview"
      local first, second = call("GET", path, { session = t.ada }), call("GET", path, { session = t.ada })
      assert.same({ "miss", "hit", true }, {
        first.headers["x-appwrite-cache"], second.headers["x-appwrite-cache"], first.body == second.body,
      })
      assert.is_nil(second.headers["cache-control"])
      local other = call("GET", path)
      refused(other, 404, "storage_file_not_found", "The requested file could not be found.")
      assert.equal("miss", other.headers["x-appwrite-cache"])
    end)

    it("cannot be drawn of a broken or an unfinished image", function()
      expect(201, upload(t.ada, "files", "broken", "broken.png", pixels.TWO:sub(1, 40)))
      refused(call("GET", FILES .. "broken/preview"), 500, "general_unknown", "Server Error")
      expect(201, upload(t.ada, "files", "half", "half.png", pixels.TWO, { range = "bytes 0-96/200" }))
      refused(call("GET", FILES .. "half/preview"), 404, "storage_file_not_found")
    end)

    local REFUSED = {
      { "width=4001", "`width` param: Value must be a valid range between 0 and 4,000" },
      { "height=-1", "`height` param: Value must be a valid range between 0 and 4,000" },
      { "gravity=middle", "`gravity` param: Value must be one of (center, top-left, top, top-right, left, right, "
        .. "bottom-left, bottom, bottom-right)" },
      { "quality=101", "`quality` param: Value must be a valid range between 0 and 100" },
      { "borderWidth=101", "`borderWidth` param: Value must be a valid range between 0 and 100" },
      { "borderColor=%23ff0000", "`borderColor` param: Value must be a valid Hex color code" },
      { "opacity=2", "`opacity` param: Value must be a valid range between 0 and 1" },
      { "rotation=361", "`rotation` param: Value must be a valid range between -360 and 360" },
      { "output=bmp", "`output` param: Value must be one of (jpg, jpeg, gif, png, webp)" },
    }

    for _, row in ipairs(REFUSED) do
      it("refuse " .. row[1], function()
        local answer = show(row[1])
        refused(answer, 400, "general_argument_invalid", "Invalid " .. row[2])
        assert.equal("miss", answer.headers["x-appwrite-cache"])
      end)
    end

    it("have an address for a browser, with the project in the query", function()
      local answer = call("GET", FILES .. "two/preview?project=spec&width=10", { project = "" })
      assert.same({ "png", 10, 6 }, { pixels.size(answer.body) })
    end)
  end)
end
