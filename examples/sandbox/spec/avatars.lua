-- luacheck: std max+busted
--- Pictures that are drawn: initials, QR codes, flags, icons, and those of other sites.

local nginx = require "spec.support.nginx"

local format = string.format

---@param t sandbox.SpecClient
---@param pixels table pixels.lua
return function(t, pixels)
  local call, expect, refused, upload = t.call, t.expect, t.refused, t.upload

  local function picture(path, options)
    local answer = call("GET", path, options)
    assert.equal(200, answer.status, answer.body)
    assert.equal("image/png", answer.headers["content-type"])
    assert.is_nil(answer.headers["content-length"])
    return answer
  end

  local function sized(width, height, answer)
    assert.same({ "png", width, height }, { pixels.size(answer.body) })
    return answer
  end

  -- A picture's pixels, by way of a preview as GIF.
  local function look(bytes)
    local file = expect(201, upload(nil, "files", "unique()", "picture.png", bytes))
    local preview = call("GET", format("/storage/buckets/files/files/%s/preview?output=gif", file["$id"]))
    assert.equal("image/gif", preview.headers["content-type"])
    return pixels.read(preview.body)
  end

  local function near(wanted, ...)
    local got = { ... }
    for index = 1, 3 do
      assert.is_true(got[index] ~= nil and math.abs(got[index] - wanted[index]) <= 8,
        format("expected about %d,%d,%d, got %s,%s,%s", wanted[1], wanted[2], wanted[3], tostring(got[1]),
          tostring(got[2]), tostring(got[3])))
    end
  end

  describe("avatars", function()
    local SIZES = {
      { "/avatars/initials?name=Jane%20Doe", 500, 500 },
      { "/avatars/initials?name=Jane%20Doe&width=80&height=60", 80, 60 },
      { "/avatars/initials", 500, 500 },
      { "/avatars/qr?text=hello", 400, 400 }, { "/avatars/qr?text=hello&size=200&margin=2", 200, 200 },
      { "/avatars/browsers/ff", 100, 100 }, { "/avatars/browsers/CH?width=7&height=9&quality=0", 7, 9 },
      { "/avatars/credit-cards/visa?width=60&height=60", 60, 60 },
      { "/avatars/credit-cards/union-china-pay?width=2000&height=1", 2000, 1 },
      { "/avatars/flags/FR", 100, 100 }, { "/avatars/flags/no?width=32&height=32", 32, 32 },
      { "/avatars/flags/de?width=0&height=0", 640, 480 }, { "/avatars/flags/de?width=320&height=0", 320, 240 },
    }

    for _, row in ipairs(SIZES) do
      it("have the size asked for: " .. row[1], function()
        sized(row[2], row[3], picture(row[1]))
      end)
    end

    it("are the same each time, and differ by what is asked for", function()
      local seen = {}
      for _, path in ipairs {
        "initials?name=Jane%20Doe", "initials?name=John%20Adams", "initials?name=Jane", "qr?text=a", "qr?text=b",
        "browsers/ff", "browsers/sf", "flags/fr", "flags/it", "flags/no", "credit-cards/visa", "credit-cards/amex",
      } do
        local bytes = picture("/avatars/" .. path).body
        assert.equal(bytes, picture("/avatars/" .. path).body)
        assert.is_nil(seen[bytes], path)
        seen[bytes] = true
      end
    end)

    it("say whether the cache had them, and forbid another to keep what was drawn", function()
      local first = picture "/avatars/flags/se?width=33"
      local again = picture "/avatars/flags/se?height=100&width=33"
      assert.same({ "miss", "no-cache, no-store, must-revalidate", "no-cache" }, {
        first.headers["x-appwrite-cache"], first.headers["cache-control"], first.headers.pragma,
      })
      assert.equal("hit", again.headers["x-appwrite-cache"])
      assert.is_nil(again.headers["cache-control"])
      assert.equal(first.body, again.body)
      local initials = picture "/avatars/initials?name=A"
      assert.is_nil(initials.headers["x-appwrite-cache"])
      assert.is_nil(initials.headers["cache-control"])
    end)

    it("cut the initials out of a colour", function()
      local at = look(picture("/avatars/initials?name=i%20i&width=100&height=100&background=336699").body)
      near({ 0x33, 0x66, 0x99 }, at(0, 0))
      near({ 0x33, 0x66, 0x99 }, at(99, 99))
      local holes = 0
      for y = 30, 70 do
        for x = 30, 70 do
          holes = holes + (at(x, y) == nil and 1 or 0)
        end
      end
      assert.is_true(holes > 100, holes .. " pixels are transparent")
      local plain = look(picture("/avatars/initials?width=20&height=20").body)
      near({ 0xFD, 0x36, 0x6E }, plain(10, 10)) -- a guest without a name has a colour only
    end)

    it("take the name of who is logged in", function()
      assert.equal(picture("/avatars/initials?name=" .. t.adaUser.name:gsub(" ", "%%20")).body,
        picture("/avatars/initials", { session = t.ada }).body)
    end)

    it("draw flags", function()
      local at = look(picture("/avatars/flags/fr?width=64&height=48").body)
      local function strongest(x)
        local red, green, blue = at(x, 24)
        return red > 200 and green > 200 and blue > 200 and "white" or red > blue and "red" or "blue"
      end
      assert.same({ "blue", "white", "red" }, { strongest(10), strongest(32), strongest(54) })
    end)

    it("draw QR codes with the three marks in the corners", function()
      -- One pixel a module: 21 by 21 of them hold a text of 5 bytes.
      local at = look(picture("/avatars/qr?text=hello&size=21&margin=0").body)
      local function isDark(x, y)
        return (at(x, y)) < 128
      end
      for _, corner in ipairs { { 0, 0 }, { 14, 0 }, { 0, 14 } } do
        for y = 0, 6 do
          for x = 0, 6 do
            local ring = math.max(math.abs(x - 3), math.abs(y - 3))
            assert.equal(ring ~= 2, isDark(corner[1] + x, corner[2] + y), format("module %d,%d", x, y))
          end
        end
      end
      for place = 8, 12 do -- the row and the column between them alternate
        assert.equal(place % 2 == 0, isDark(place, 6))
        assert.equal(place % 2 == 0, isDark(6, place))
      end
      local margin = look(picture("/avatars/qr?text=hello&size=25&margin=2").body)
      assert.is_true((margin(1, 1)) > 200 and (margin(2, 2)) < 50)
    end)

    it("are attachments where that is said, as the real server reads it", function()
      for _, row in ipairs { { "", nil }, { "&download=0", nil }, { "&download=1", true }, { "&download=false", true },
        { "&download=true", true } } do
        local header = picture("/avatars/qr?text=x" .. row[1]).headers["content-disposition"]
        assert.equal(row[2] and 'attachment; filename="qr.png"', header)
      end
    end)

    local BETWEEN = "Value must be a valid range between %s and %s"
    local REFUSED = {
      { "qr", 'Param "text" is not optional.' },
      { "qr?text=" .. ("x"):rep(513), "`text` param: Value must be a valid string and at least 1 chars and no longer "
        .. "than 512 chars" },
      { "qr?text=x&size=1001", "`size` param: " .. BETWEEN:format("1", "1,000") },
      { "qr?text=x&size=0", "`size` param: " .. BETWEEN:format("1", "1,000") },
      { "qr?text=x&margin=11", "`margin` param: " .. BETWEEN:format("0", "10") },
      { "qr?text=x&download=yes", "`download` param: Value must be a valid boolean" },
      { "flags/fr?width=2001", "`width` param: " .. BETWEEN:format("0", "2,000"), true },
      { "flags/fr?width=50.0", "`width` param: " .. BETWEEN:format("0", "2,000"), true },
      { "flags/fr?height=", "`height` param: " .. BETWEEN:format("0", "2,000"), true },
      { "flags/fr?quality=101", "`quality` param: " .. BETWEEN:format("0", "100"), true },
      { "browsers/zz", "`code` param: Value must be one of (aa, an, ch, ci, cm, cr, ff, sf, mf, ps, oi, om, op, on)",
        true },
      { "credit-cards/nope", "`code` param: Value must be one of (amex, argencard, cabal, cencosud, diners, discover, "
        .. "elo, hipercard, jcb, mastercard, naranja, targeta-shopping, union-china-pay, visa, mir, maestro)", true },
      { "initials?name=", "`name` param: Value must be a valid string and at least 1 chars and no longer than 128 "
        .. "chars" },
      { "initials?background=red", "`background` param: Value must be a valid Hex color code" },
      { "favicon", 'Param "url" is not optional.', true },
      { "favicon?url=nope", "`url` param: Value must be a valid URL with following schemes (http, https)", true },
      { "image?url=ftp://localhost/", "`url` param: Value must be a valid URL with following schemes (http, https)",
        true },
    }

    for _, row in ipairs(REFUSED) do
      it("refuse " .. row[1]:sub(1, 40), function()
        local answer = call("GET", "/avatars/" .. row[1])
        refused(answer, 400, "general_argument_invalid", (row[2]:gsub("^`", "Invalid `")))
        assert.equal(row[3] and "miss" or nil, answer.headers["x-appwrite-cache"])
      end)
    end

    it("fail to draw initials of no size", function()
      refused(call("GET", "/avatars/initials?width=0"), 500, "general_unknown", "Server Error")
    end)
  end)

  describe("pictures of other sites", function()
    local site, base

    setup(function()
      site = nginx.start { http = [[
        server {
          listen 127.0.0.1:%PORT2%;
          root %DIRECTORY%/site;
          location = /moved { return 302 /linked/page.html; }
          location = /round { return 302 /round; }
        }]] }
      base = format("http://127.0.0.1:%d", site.ports[2])
      local folder = site.directory .. "/site"
      assert(os.execute(format("mkdir -p '%s/linked' '%s/quiet'", folder, folder)))
      local function write(name, bytes)
        local file = assert(io.open(folder .. "/" .. name, "wb"))
        file:write(bytes)
        file:close()
      end
      write("two.png", pixels.TWO)
      write("linked/two.png", pixels.TWO)
      write("favicon.ico", "\0\0\1\0 an icon")
      write("broken.png", "no image")
      write("page.html", "<html><head><title>none</title></head></html>")
      write("linked/page.html", [[<html><head><link href="/broken.png" rel="icon" sizes="8x8">
        <link rel="stylesheet" href="style.css">
        <LINK rel='Shortcut Icon' sizes=16x16 href='two.png?v=2'></head></html>]])
      write("linked/bad.html", '<html><link rel="icon" href="../none.png"></html>')
    end)

    teardown(function()
      site:stop()
    end)

    it("are fetched and scaled", function()
      local answer = sized(30, 20, picture("/avatars/image?width=30&height=20&url=" .. base .. "/two.png"))
      assert.equal("miss", answer.headers["x-appwrite-cache"])
      local at = look(answer.body)
      near({ 255, 0, 0 }, at(3, 10))
      near({ 0, 0, 255 }, at(26, 10))
      sized(400, 400, picture("/avatars/image?url=" .. base .. "/two.png"))
      assert.equal("hit", picture("/avatars/image?url=" .. base .. "/two.png").headers["x-appwrite-cache"])
    end)

    it("are found as the icon that a page names", function()
      local answer = sized(56, 56, picture("/avatars/favicon?url=" .. base .. "/linked/page.html"))
      near({ 255, 0, 0 }, look(answer.body)(5, 28))
      sized(56, 56, picture("/avatars/favicon?url=" .. base .. "/moved"))
      local ico = call("GET", "/avatars/favicon?url=" .. base .. "/page.html")
      assert.same({ 200, "image/x-icon", "\0\0\1\0 an icon" }, { ico.status, ico.headers["content-type"], ico.body })
    end)

    it("may not be there", function()
      local URL_FAILED = "Failed to fetch favicon from the requested URL."
      local ROWS = {
        { "image?url=" .. base .. "/none.png", 404, "avatar_image_not_found",
          "The requested image was not found at the URL." },
        { "image?url=" .. base .. "/moved", 404, "avatar_image_not_found" },
        { "image?url=" .. base .. "/page.html", 500, "general_server_error", "Server Error" },
        { "image?url=http://127.0.0.1:1/", 404, "avatar_remote_url_failed", URL_FAILED },
        { "favicon?url=http://127.0.0.1:1/", 404, "avatar_remote_url_failed", URL_FAILED },
        { "favicon?url=" .. base .. "/round", 404, "avatar_remote_url_failed", URL_FAILED },
        { "favicon?url=" .. base .. "/linked/bad.html", 404, "avatar_icon_not_found",
          "The requested favicon could not be found." },
        -- The sandbox asks nobody but this machine.
        { "image?url=https://example.com/a.png", 404, "avatar_remote_url_failed", URL_FAILED },
      }
      for _, row in ipairs(ROWS) do
        local answer = call("GET", "/avatars/" .. row[1])
        refused(answer, row[2], row[3], row[4])
        assert.equal("miss", answer.headers["x-appwrite-cache"])
      end
    end)
  end)
end
