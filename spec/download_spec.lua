local appwrite = require "appwrite"
local fakeStorage = require "spec.support.fake_storage"
local scheduler = require "appwrite.scheduler"
local tasks = require "appwrite.tasks"

local cut = fakeStorage.cut
local BYTES = "0123456789abcdefghijklmnopqrstuvwxyz"

describe("appwrite.download", function()
  local storage, client, sleep, slept, now, path

  before_each(function()
    storage = fakeStorage.new()
    storage.content = BYTES
    client = appwrite.new { project = "test", transport = storage.transport }
    sleep, slept, now = tasks.pauseCall, {}, scheduler.now
    tasks.pauseCall = function(seconds) slept[#slept + 1] = seconds end
    path = os.tmpname()
    os.remove(path)
  end)

  after_each(function()
    tasks.pauseCall, scheduler.now = sleep, now
    os.remove(path)
  end)

  local function get(options, operation)
    return client.storage[operation or "getFileDownload"]({ bucketId = "b", fileId = "f" }, options)
  end

  local function read()
    local file = io.open(path, "rb")
    if not file then
      return nil
    end
    local bytes = file:read "*a"
    file:close()
    return bytes
  end

  -- "range if-range" of each request; "-" where there was none.
  local function ranges()
    local list = {}
    for index, request in ipairs(storage.transport.requests) do
      list[index] = (request.headers.range or "-") .. (request.headers["if-range"] and " " .. request.headers["if-range"]
        or "")
    end
    return table.concat(list, ", ")
  end

  -- The three ways to get it: each returns what came, or nil and the error.
  local WAYS = {
    file = function(options)
      options.to = path
      local result, err, response = get(options)
      if not result then
        assert.is_nil(read())
        return nil, err
      end
      assert.equal(path, result)
      local bytes = read()
      os.remove(path)
      return bytes, nil, response
    end,
    ["function"] = function(options)
      local pieces = {}
      options.to = function(bytes) pieces[#pieces + 1] = bytes end
      local result, err, response = get(options)
      if not result then
        return nil, err, table.concat(pieces)
      end
      assert.is_true(result)
      return table.concat(pieces), nil, response
    end,
    memory = function(options)
      options.onProgress = options.onProgress or function() end
      return get(options)
    end,
  }

  for way, fetch in pairs(WAYS) do
    describe("to a " .. way, function()
      it("comes by ranges, as large as the server gives them", function()
        local bytes, err, response = fetch {}
        assert.is_nil(err)
        assert.equal(BYTES, bytes)
        assert.equal("bytes=0-, bytes=10-, bytes=20-, bytes=30-", ranges())
        assert.equal(206, response.status)
        assert.equal(1, response.attempts)
      end)

      it("is whole at every size, the server's odd ones included", function()
        for size = 0, 32 do
          storage.content = BYTES:sub(1, size)
          assert.equal(storage.content, assert(fetch {}))
        end
      end)

      it("asks for the last byte together with the one before", function()
        storage.content = BYTES:sub(1, 21)
        assert.equal(storage.content, assert(fetch {}))
        assert.equal("bytes=0-, bytes=10-, bytes=19-", ranges())
      end)

      it("comes in one piece where the server gives no ranges, or no more of it", function()
        storage.noRanges = true
        local bytes, _, response = fetch {}
        assert.equal(BYTES, bytes)
        assert.equal(200, response.status)
        storage.noRanges = false
        storage.content = "x"
        assert.equal("x", assert(fetch {}))
        assert.equal("bytes=0-, bytes=0-, -", ranges())
      end)

      it("goes on where it broke off, again and again", function()
        for index = 1, 9 do
          storage.downloads[index] = function(answer) return cut(answer, 5) end
        end
        local bytes, _, response = fetch {}
        assert.equal(BYTES, bytes)
        assert.equal("bytes=0-, bytes=5-, bytes=10-, bytes=15-, bytes=20-, bytes=25-, bytes=30-, bytes=34-", ranges())
        assert.equal(8, response.attempts)
        assert.same({ 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5 }, slept)
      end)

      it("is whole where the connection breaks behind its last byte", function()
        storage.rangeMax = 100
        storage.downloads = { function(answer) return cut(answer, 100) end }
        local bytes, _, response = fetch {}
        assert.equal(BYTES, bytes)
        assert.equal("bytes=0-", ranges())
        assert.equal(206, response.status)
      end)

      it("goes on after answers that are errors, but not for ever", function()
        local busy = { status = 503, body = "busy" }
        storage.downloads = { function(a) return a end, function() return busy end, function() return busy end }
        assert.equal(BYTES, assert(fetch {}))
        assert.same({ 0.5, 1 }, slept)
        storage.downloads = { function(a) return a end, function() return busy end, function() return busy end,
          function() return busy end }
        local bytes, err = fetch {}
        assert.is_nil(bytes)
        assert.equal("api", err.kind)
        assert.equal(503, err.code)
        assert.equal("busy", err.message)
        assert.equal(3, err.attempts)
      end)

      it("waits as long as the server wants", function()
        local function limited(seconds)
          return function()
            return { status = 429, body = "slowly", headers = { ["retry-after"] = tostring(seconds) } }
          end
        end
        storage.downloads = { function(a) return a end, limited(7) }
        assert.equal(BYTES, assert(fetch {}))
        assert.same({ 7 }, slept)
        storage.downloads = { function(a) return a end, limited(61) }
        local bytes, err = fetch {}
        assert.is_nil(bytes)
        assert.equal(429, err.code)
        assert.equal(61, err.retryAfter)
      end)

      it("is not begun again: that is the caller's to decide", function()
        for _, fault in ipairs { { kind = "network", message = "gone" }, { status = 503, body = "busy" },
          { status = 404, json = { message = "no", code = 404, type = "storage_file_not_found" } } } do
          storage.transport:reset()
          storage.downloads = { function() return fault end }
          local bytes, err = fetch {}
          assert.is_nil(bytes)
          assert.is_table(err)
          assert.equal(1, #storage.transport.requests)
        end
      end)

      it("has only as much time as the call", function()
        storage.downloads = { function(answer) return cut(answer, 5) end }
        local bytes, err = fetch { timeout = 0.3 }
        assert.is_nil(bytes)
        assert.equal("network", err.kind)
        assert.same({}, slept)
      end)

      it("is not a mixture of two versions", function()
        storage.etag = '"1"'
        local first = storage.content
        storage.downloads = { function(answer)
          storage.etag, storage.content = '"2"', BYTES:upper():reverse()
          return answer
        end }
        local bytes, err, handed = fetch {}
        if way == "function" then
          assert.is_nil(bytes)
          assert.equal("protocol", err.kind)
          assert.truthy(err.message:find("10 bytes of the old one", 1, true))
          assert.equal(first:sub(1, 10), handed)
        else
          assert.equal(storage.content, bytes)
        end
        assert.equal('bytes=0-, bytes=10- "1"', ranges():sub(1, 23))
      end)

      it("is not a mixture of two sizes either, where a server sends no tags", function()
        storage.downloads = { function(answer)
          storage.content = BYTES .. "more"
          return answer
        end }
        local bytes, err = fetch {}
        if way == "function" then
          assert.is_nil(bytes)
          assert.equal("protocol", err.kind)
        else
          assert.equal(storage.content, bytes)
        end
      end)

      it("goes on though the server tells of no version any more", function()
        storage.etag = '"1"'
        local told = 0
        for index = 1, 4 do
          storage.downloads[index] = function(answer)
            answer.headers.etag = index == 1 and answer.headers.etag or nil
            told = told + (answer.headers.etag and 1 or 0)
            return answer
          end
        end
        assert.equal(BYTES, (assert(fetch {})))
        assert.equal(1, told)
        assert.equal(0, #storage.downloads)
      end)

      it("gives up where it changes all the time", function()
        local count = 0
        for index = 1, 20 do
          storage.downloads[index] = function(answer)
            count = count + 1
            storage.content = BYTES .. ("x"):rep(count)
            return answer
          end
        end
        local bytes, err = fetch {}
        assert.is_nil(bytes)
        assert.equal("protocol", err.kind)
        assert.is_true(#storage.transport.requests < 10)
      end)

      local WRONG = {
        ["another range"] = { headers = { ["content-range"] = "bytes 11-20/36" } },
        ["no range"] = { headers = {} },
        ["half a range"] = { headers = { ["content-range"] = "bytes 10-19/*" } },
      }
      for what, changes in pairs(WRONG) do
        it("does not take " .. what .. " for the rest", function()
          for index = 1, 20 do
            storage.downloads[index] = function(answer, request)
              if request.headers.range ~= "bytes=10-" then
                return answer
              end
              return { status = 206, body = answer.body, headers = changes.headers }
            end
          end
          local bytes, err, handed = fetch {}
          assert.is_nil(bytes)
          assert.equal("protocol", err.kind)
          if way == "function" then
            assert.equal(BYTES:sub(1, 10), handed)
          end
        end)
      end

      it("does not take less for what was announced", function()
        storage.downloads = { function(answer)
          answer.body = answer.body:sub(1, 4)
          return answer
        end }
        local bytes, err = fetch {}
        assert.is_nil(bytes)
        assert.equal("protocol", err.kind)
        assert.truthy(err.message:find("4 bytes", 1, true), err.message)
        storage.downloads = { function(answer) return { status = 206, body = answer.body } end }
        bytes, err = fetch {}
        assert.is_nil(bytes)
        assert.equal("protocol", err.kind)
      end)

      it("tells how it gets on, up to 100, once", function()
        for _, size in ipairs { 0, 1, 5, 10, 36 } do
          storage.content = BYTES:sub(1, size)
          local seen = {}
          assert(fetch { onProgress = function(p) seen[#seen + 1] = p end })
          local last = table.remove(seen)
          assert.same({ id = "f", progress = 100, sizeDownloaded = size, sizeTotal = size }, last)
          for _, report in ipairs(seen) do
            assert.is_true(report.progress < 100)
            assert.equal(size, report.sizeTotal)
          end
        end
      end)

      it("does not take an answer that has not come, or an error, for another version", function()
        local time = 0
        scheduler.now = function() -- it is always time to tell
          time = time + 1
          return time
        end
        local function late(answer)
          answer.steps = 5
          return answer
        end
        storage.downloads = { late, late, function() return late { status = 401, body = "no" } end }
        local bytes, err = fetch { onProgress = function() end }
        assert.is_nil(bytes)
        assert.equal(401, err.code)
        storage.downloads = { late, late, function() return late { status = 503, body = "no" } end, late }
        storage.transport:reset()
        bytes = assert(fetch { onProgress = function() end })
        assert.equal(BYTES, bytes)
        assert.equal("bytes=0-, bytes=10-, bytes=20-, bytes=20-, bytes=30-", ranges())
      end)

      it("ends where onProgress returns false, and leaves nothing", function()
        local time, told = 0, {}
        scheduler.now = function() -- it is always time to tell
          time = time + 1
          return time
        end
        local function late(answer)
          answer.steps = 5
          return answer
        end
        storage.downloads = { late, late }
        local result, err = fetch {
          onProgress = function(p)
            told[#told + 1] = p.sizeDownloaded
            return false
          end,
        }
        assert.is_nil(result)
        assert.equal("cancelled", err.kind)
        assert.equal("onProgress ended the download after 10 bytes", err.message)
        assert.same({ 10 }, told)
        assert.equal("bytes=0-, bytes=10-", ranges())
      end)

      it("begins anew where the server's file became shorter than what has come", function()
        storage.downloads = { function(answer)
          storage.content = "short"
          return answer
        end }
        local bytes, err = fetch {}
        if way == "function" then -- which has the bytes of before
          assert.is_nil(bytes)
          assert.equal("protocol", err.kind)
        else
          assert.equal("short", bytes)
          assert.equal("bytes=0-, bytes=10-, bytes=0-", ranges())
        end
      end)

      it("sends the headers of the call with each range", function()
        assert.equal(BYTES, assert(fetch { headers = { ["x-own"] = "mine" } }))
        for _, request in ipairs(storage.transport.requests) do
          assert.equal("mine", request.headers["x-own"])
        end
      end)

      it("passes on what onProgress raises, and leaves nothing", function()
        local mine = {}
        local ok, raised = pcall(fetch, { onProgress = function() error(mine) end })
        assert.is_false(ok)
        assert.equal(mine, raised)
      end)
    end)
  end

  it("ends where onProgress or the function returns false", function()
    local slowly = function(answer)
      answer.steps = 3
      return answer
    end
    storage.downloads = { slowly, slowly, slowly, slowly }
    local result, err = get { to = function() return false end }
    assert.is_nil(result)
    assert.equal("cancelled", err.kind)
    assert.equal("the function that takes the file ended the download after 10 bytes", err.message)
    assert.equal(1, #storage.transport.requests)
  end)

  it("passes on what the function raises", function()
    local mine = {}
    local ok, raised = pcall(get, { to = function() error(mine) end })
    assert.is_false(ok)
    assert.equal(mine, raised)
  end)

  it("that was cancelled at any moment leaves no file", function()
    for _, steps in ipairs { 1, 2, 3 } do
      storage.transport:reset()
      storage.downloads = { function(answer) return cut(answer, 5) end }
      tasks.pauseCall = sleep -- so it waits for the next attempt
      local call = client.storage.getFileDownload({ bucketId = "b", fileId = "f" }, { to = path }, function() end)
      for _ = 1, steps do
        appwrite.poll()
      end
      call:cancel()
      assert.is_nil(read())
    end
  end)

  it("of what has no ranges is asked for plainly, and not taken up again", function()
    local bytes = assert(get({ onProgress = function() end }, "getFilePreviewImage"))
    assert.equal(BYTES, bytes)
    assert.equal("-", ranges())
    storage.downloads = { function(answer)
      answer.status = 200
      return cut(answer, 5)
    end }
    local result, err = get({ to = path }, "getFilePreviewImage")
    assert.is_nil(result)
    assert.equal("network", err.kind)
    assert.is_nil(read())
  end)

  it("of a view comes by ranges as well", function()
    assert.equal(path, assert(get({ to = path }, "getFileView")))
    assert.equal(BYTES, read())
    assert.equal("bytes=0-, bytes=10-, bytes=20-, bytes=30-", ranges())
  end)

  it("in memory has a limit", function()
    client = appwrite.new { project = "test", transport = storage.transport, maxResponseBytes = 15 }
    for _, one in ipairs { client, client:with {} } do
      client = one
      local result, err = get { onProgress = function() end }
      assert.is_nil(result)
      assert.equal("protocol", err.kind)
      assert.truthy(err.message:find("15 bytes (maxResponseBytes)", 1, true))
    end
    assert.equal(path, assert(get { to = path }))
  end)

  it("to a place that cannot be written is an error of its own", function()
    local result, err = get { to = "no/such/folder/x" }
    assert.is_nil(result)
    assert.equal("file", err.kind)
    storage.transport.file = nil
    result, err = get { to = path }
    assert.is_nil(result)
    assert.equal("file", err.kind)
    assert.truthy(err.message:find('the transport "fake" writes no files', 1, true))
  end)

  it("sends the call's headers, and none of its tables is changed", function()
    local options = { to = path, headers = { ["X-Trace"] = "7" } }
    assert(get(options))
    for _, request in ipairs(storage.transport.requests) do
      assert.equal("7", request.headers["x-trace"])
    end
    assert.same({ to = path, headers = { ["X-Trace"] = "7" } }, options)
  end)
end)
