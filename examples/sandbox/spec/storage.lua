-- luacheck: std max+busted
--- Files, chunks, ranges.

local format = string.format

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused, newUser, queries, upload = t.call, t.expect, t.refused, t.newUser, t.queries, t.upload

  describe("storage", function()
    local FILES = "/storage/buckets/files/files"

    it("takes a file in one piece", function()
      local answer = upload(nil, "files", "unique()", "hello.txt", "hello world\n")
      expect(201, answer)
      assert.matches('^{"%$id":"%x+","bucketId":"files","%$createdAt":"[^"]+","%$updatedAt":"[^"]+",'
        .. '"%$permissions":%[%],"name":"hello.txt","signature":"6f5902ac237024bdd0c176cb93063dc4",'
        .. '"mimeType":"text\\/plain","sizeOriginal":12,"chunksTotal":1,"chunksUploaded":1}$', answer.body)
      assert.equal("60", answer.headers["x-ratelimit-limit"])
    end)

    it("sniffs the type, gives the creator permissions, and takes those sent in brackets", function()
      local png = upload(t.ada, "files", "pic", "x.txt",
        "\137PNG\r\n\26\n\0\0\0\rIHDR" .. ("\0"):rep(100))
      assert.equal("image/png", expect(201, png).mimeType)
      assert.equal(3, #png.json["$permissions"])
      local ROWS = {
        { { { "permissions[]", 'read("any")' }, { "permissions[]", 'update("users")' } }, { 'read("any")',
          'update("users")' } },
        { { { "permissions[0]", 'read("any")' }, { "permissions[0]", 'update("users")' } }, { 'update("users")' } },
      }
      for _, row in ipairs(ROWS) do
        assert.same(row[2], expect(201, upload(t.ada, "files", "unique()", "a.txt", "x",
          { parts = row[1] }))["$permissions"])
      end
      refused(upload(t.ada, "files", "unique()", "a.txt", "x", { parts = { { "permissions", 'read("any")' } } }), 400,
        "general_argument_invalid", "Invalid `permissions` param: Permissions must be an array of strings.")
      refused(upload(t.ada, "files", "pic", "x.txt", "x"), 409, "storage_file_already_exists")
    end)

    it("keeps to a bucket's size and extensions", function()
      expect(201, upload(t.ada, "secure", "unique()", "A.TXT", "x"))
      refused(upload(t.ada, "secure", "unique()", "a.exe", "x"), 400, "storage_file_type_unsupported")
      refused(upload(t.ada, "secure", "unique()", "a.txt", ("x"):rep(1001)), 400, "storage_invalid_file_size")
      refused(upload(nil, "secure", "unique()", "a.txt", "x"), 401, "user_unauthorized")
    end)

    it("tells the type from the bytes, as the real server does", function()
      local every = {}
      for index = 0, 999 do
        every[#every + 1] = string.char(index % 256)
      end
      local ROWS = {
        { "x", "application/octet-stream" }, { "abc", "text/plain" }, { table.concat(every), "image/x-tga" },
        { '{"a":[1,2,{}]}', "application/json" }, { "<!DOCTYPE html><html></html>", "text/html" },
        { "%PDF-1.4\n", "application/pdf" }, { "GIF89a\1\0\1\0\0\0\0;", "image/gif" },
        { "\255\216\255\224\0\16JFIF\0\1\1\0\0\1\0\1\0\0", "image/jpeg" },
      }
      for _, row in ipairs(ROWS) do
        assert.equal(row[2], expect(201, upload(t.ada, "files", "unique()", "x.bin", row[1])).mimeType)
      end
    end)

    it("gives back the same bytes, whole and in ranges", function()
      local bytes = {}
      for index = 0, 999 do
        bytes[#bytes + 1] = string.char(index % 256)
      end
      bytes = table.concat(bytes)
      expect(201, upload(t.ada, "files", "small", 'sm%22all".bin', bytes))
      local whole = call("GET", FILES .. "/small/download")
      assert.equal(200, whole.status)
      assert.equal(bytes, whole.body)
      assert.equal('attachment; filename="sm"all"', whole.headers["content-disposition"])
      assert.is_nil(whole.headers["content-length"])
      assert.is_nil(whole.headers["accept-ranges"])
      local ROWS = {
        { "bytes=0-99", 0, 99 }, { "bytes=100-149", 100, 149 }, { "bytes=990-", 990, 999 },
        { "bytes=990-2000" }, { "bytes=2000-3000" }, { "bytes=-5" }, { "bytes=0-1,5-6" }, { "items=0-9" },
      }
      for _, row in ipairs(ROWS) do
        local part = call("GET", FILES .. "/small/download", { headers = { range = row[1] } })
        if row[2] then
          assert.equal(206, part.status)
          assert.equal(bytes:sub(row[2] + 1, row[3] + 1), part.body)
          assert.equal(format("bytes %d-%d/1000", row[2], row[3]), part.headers["content-range"])
        else
          refused(part, 416, "storage_invalid_range")
        end
      end
      local head = call("HEAD", FILES .. "/small/download")
      assert.same({ 200, "" }, { head.status, head.body })
    end)

    it("shows a file without letting a browser run it", function()
      expect(201, upload(t.ada, "files", "page", "page.html", "<html><script>1</script></html>"))
      local view = call("GET", FILES .. "/page/view")
      assert.equal("text/plain", view.headers["content-type"])
      assert.equal('inline; filename="page.html"', view.headers["content-disposition"])
      assert.equal("31", view.headers["content-length"])
      assert.equal("image/png", call("GET", FILES .. "/pic/view").headers["content-type"])
    end)

    it("keeps an empty file", function()
      assert.equal("application/x-empty", expect(201, upload(t.ada, "files", "empty", "e.txt", "")).mimeType)
      local empty = call("GET", FILES .. "/empty/download")
      assert.same({ 200, "", "0" }, { empty.status, empty.body, empty.headers["content-length"] })
    end)

    it("puts chunks of 5 MiB together", function()
      local CHUNK = 5242880
      local total = 2 * CHUNK + 7
      local pieces = { ("a"):rep(CHUNK), ("b"):rep(CHUNK), "cccccc\n" }
      local id
      for index, piece in ipairs(pieces) do
        local first = (index - 1) * CHUNK
        local answer = upload(t.ada, "files", "unique()", "big.txt", piece,
          { range = format("bytes %d-%d/%d", first, first + #piece - 1, total), id = id })
        local file = expect(201, answer)
        id = id or file["$id"]
        assert.same({ id, index, 3, total }, { file["$id"], file.chunksUploaded, file.chunksTotal, file.sizeOriginal })
        assert.equal(index == 3 and "text/plain" or "", file.mimeType)
        if index == 1 then
          refused(call("GET", FILES .. "/" .. id .. "/download"), 404, "storage_file_not_found",
            "File not found in /storage/uploads/app-spec/files/" .. id .. ".txt")
          assert.equal(1, expect(200, call("GET", FILES .. "/" .. id)).chunksUploaded)
        end
      end
      assert.is_true(table.concat(pieces) == call("GET", FILES .. "/" .. id .. "/download").body)
      refused(upload(t.ada, "files", "unique()", "big.txt", pieces[3],
        { range = format("bytes %d-%d/%d", 2 * CHUNK, total - 1, total), id = id }), 409, "storage_file_already_exists")
      local open = call("GET", FILES .. "/" .. id .. "/download", { headers = { range = "bytes=1-" } })
      assert.equal(format("bytes 1-%d/%d", total - 8 + 1, total), open.headers["content-range"])
    end)

    -- Chunks of 100 bytes of 250: the range, and the answer's status and count.
    local COUNTING = {
      { "in order", { { 0, 99, 201, 1 }, { 100, 199, 201, 2 }, { 200, 249, 201, 3, true } } },
      { "with the last before the middle", { { 0, 99, 201, 1 }, { 200, 249, 201, 2 }, { 100, 199, 201, 3, true } } },
      { "with one sent twice, which ruins it",
        { { 0, 99, 201, 1 }, { 0, 99, 201, 2 }, { 100, 199, 500 }, { 100, 199, 201, 4 }, { 200, 249, 201, 5 } } },
      { "with the last first, which is refused but counts", { { 200, 249, 400 }, { 0, 99, 201, 2 } } },
    }

    for index, row in ipairs(COUNTING) do
      it("counts chunks " .. row[1], function()
        local id = "count" .. index
        local body = ("0123456789"):rep(25)
        for step, chunk in ipairs(row[2]) do
          local answer = upload(t.ada, "files", id, "c.txt", body:sub(chunk[1] + 1, chunk[2] + 1),
            { range = format("bytes %d-%d/250", chunk[1], chunk[2]), id = step > 1 and id or nil })
          local file = expect(chunk[3], answer)
          assert.equal(chunk[4], file.chunksUploaded, "step " .. step)
          assert.equal(chunk[5] and "text/plain" or chunk[4] and "" or nil, file.mimeType)
        end
        local download = call("GET", FILES .. "/" .. id .. "/download")
        if index <= 2 then
          assert.equal(body, download.body)
        elseif index == 3 then
          assert.same({ 200, body:sub(1, 200) }, { download.status, download.body })
        else
          assert.equal(404, download.status)
        end
      end)
    end

    it("refuses bad ranges and ids", function()
      local ROWS = {
        { "garbage", nil, "storage_invalid_content_range" }, { "bytes 0-99", nil, "storage_invalid_content_range" },
        { "bytes 50-10/100", nil, "storage_invalid_content_range" }, { "bytes 0-0/1", nil,
          "document_invalid_structure" },
        { "bytes 0-99/300", "bad id!", "storage_invalid_appwrite_id" }, { "bytes 0-99/300", "",
          "storage_invalid_appwrite_id" },
      }
      for _, row in ipairs(ROWS) do
        refused(upload(t.ada, "files", "unique()", "r.bin", "x", { range = row[1], id = row[2] }), 400, row[3])
      end
    end)

    it("lists, finds and searches", function()
      local bob = newUser()
      for index, name in ipairs { "needle one.txt", "needle two.txt" } do
        expect(201, upload(bob, "files", "n" .. index, name, ("x"):rep(index * 10)))
      end
      local ROWS = {
        { "?search=NEEDLE", "n1 n2" },
        { queries '{"method":"equal","attribute":"name","values":["needle two.txt"]}', "n2" },
        { queries('{"method":"greaterThan","attribute":"sizeOriginal","values":[9]}',
          '{"method":"orderDesc","attribute":"sizeOriginal"}') .. "&search=needle", "n2 n1" },
        { queries('{"method":"cursorAfter","values":["n1"]}', '{"method":"limit","values":[1]}'), "n2" },
      }
      for _, row in ipairs(ROWS) do
        local ids = {}
        for index, entry in ipairs(expect(200, call("GET", FILES .. row[1])).files) do
          ids[index] = entry["$id"]
        end
        assert.equal(row[2], table.concat(ids, " "))
      end
      refused(call("GET", FILES .. queries '{"method":"equal","attribute":"nope","values":["x"]}'), 400,
        "general_argument_invalid", "Invalid `queries` param: Invalid query: Attribute not found in schema: nope")
      refused(call("GET", FILES .. queries '{"method":"select","values":["name"]}'), 400, "general_argument_invalid")
    end)

    it("hides, changes and deletes as permissions say", function()
      local bob = newUser()
      expect(201, upload(t.ada, "secure", "mine", "a.txt", "x"))
      local path = "/storage/buckets/secure/files/mine"
      refused(call("GET", path, { session = bob }), 404, "storage_file_not_found")
      refused(call("GET", path .. "/download"), 404, "storage_file_not_found")
      assert.equal(0, expect(200, call("GET", "/storage/buckets/secure/files", { session = bob })).total)
      refused(call("DELETE", path, { session = bob }), 401, "user_unauthorized")
      refused(call("PUT", path, { session = bob, body = '{"name":"x"}' }), 401, "user_unauthorized")
      local before = expect(200, call("GET", path, { session = t.ada }))
      local same = expect(200, call("PUT", path, { session = t.ada, body = "{}" }))
      assert.same(before, same)
      assert.equal("b.txt", expect(200, call("PUT", path, { session = t.ada, body = '{"name":"b.txt"}' })).name)
      assert.equal(204, call("DELETE", path, { session = t.ada, body = "{}" }).status)
      refused(call("DELETE", path, { session = t.ada }), 404, "storage_file_not_found")
    end)
  end)
end
