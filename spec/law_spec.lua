--- appwrite.core as C gives it: what it refuses by itself, and its objects. What the transport does with it is in
-- transport_curl_spec.lua and the others of that name.

local core = require "appwrite.core"
local drive = require "spec.support.drive"
local process = require "spec.support.process"
local recorder = require "spec.support.recorder"
local socket = require "socket"

local format = string.format
local quote = process.quote

local function contents(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

describe("appwrite.core", function()
  describe("refuses at the caller's line", function()
    local engine = core.engine()
    local session = engine:client { endpoint = "http://127.0.0.1:1/v1", project = "p" }

    for _, case in ipairs {
      { "random bytes beyond 1024", function() core.random(1025) end, "from 0 to 1024" },
      { "fewer than no random bytes", function() core.random(-1) end, "from 0 to 1024" },
      { "a sleep into the past", function() core.sleep(-1) end, "seconds, 0 or more" },
      { "a sleep without an end", function() core.sleep(1e9) end, "seconds, 0 or more" },
      { "a wait into the past", function() core.await(0, -1) end, "from 0 to 3600 seconds" },
      { "a wait of hours", function() core.await(0, 3601) end, "from 0 to 3600 seconds" },
      { "a URL with NUL", function() core.browse "https://example.com/\0" end, "must not contain NUL" },
      { "a path with NUL", function() core.stat "a\0b" end, "must not contain NUL" },
      { "a file with NUL", function() core.file "a\0b" end, "must not contain NUL" },
      { "a kept file with NUL", function() core.keep("a\0b", "text") end, "must not contain NUL" },
      { "a buffer of no size", function() core.buffer(-1) end, "from 0 to 64 MiB" },
      { "a buffer beyond 64 MiB", function() core.buffer(64 * 1024 * 1024 + 1) end, "from 0 to 64 MiB" },
      { "more than a buffer has room for", function() core.buffer(2):add "abc" end, "more than the buffer has room for" },
      { "a header with no name", function()
        session:start { method = "GET", target = "/", headers = { "x" } }
      end, "header names and values must be strings" },
      { "a header with no text", function()
        session:start { method = "GET", target = "/", headers = { x = 5 } }
      end, "header names and values must be strings" },
    } do
      it(case[1], function()
        local ok, message = pcall(case[2])
        assert.is_false(ok)
        assert.truthy(message:find(case[3], 1, true), message)
      end)
    end

    for _, case in ipairs {
      { "a part whose name has NUL", "start",
        { method = "POST", target = "/", multipart = { { name = "a\0b", data = "x" } } }, "name must not contain NUL" },
      { "a socket without a target", "connect", {}, "needs a target" },
    } do
      it("as a returned error: " .. case[1], function()
        local result, kind, message = session[case[2]](session, case[3])
        assert.is_nil(result)
        assert.equal("argument", kind)
        assert.truthy(message:find(case[4], 1, true), message)
      end)
    end
  end)

  it("sleeps", function()
    local before = core.monotonic()
    core.sleep(0.01)
    assert.is_true(core.monotonic() - before >= 0.01)
  end)

  it("waits for a descriptor", function()
    local listener = assert(socket.bind("127.0.0.1", 0))
    local _, port = listener:getsockname()
    assert.is_false(core.await(listener:getfd(), 0))
    local client = assert(socket.connect("127.0.0.1", port))
    assert.is_true(core.await(listener:getfd(), drive.PATIENCE))
    client:close()
    listener:close()
  end)

  -- Which program opens a browser is looked for in PATH, and that of this process cannot be changed.
  it("opens a browser", function()
    local directory = os.tmpname()
    os.remove(directory)
    local output, status = process.run(table.concat({
      "mkdir " .. quote(directory),
      format("mkfifo %s/url", quote(directory)),
      format("printf '#!/bin/sh\\necho \"$1\" >%s/url\\n' >%s/xdg-open", directory, quote(directory)),
      format("chmod 700 %s/xdg-open", quote(directory)),
      format("PATH=%s:$PATH LUA_PATH=%s LUA_CPATH=%s %s -e %s", quote(directory), quote(package.path),
        quote(package.cpath), quote(process.interpreter()),
        quote 'print(require("appwrite.core").browse "https://example.com/")'),
      format("cat %s/url", quote(directory)),
    }, " && "))
    process.removeDirectory(directory)
    assert.equal(0, status, output)
    assert.equal("true\nhttps://example.com/\n", output)
  end)

  it("says why it opens no browser", function()
    local done, problem = core.browse "file:///etc/passwd"
    assert.is_nil(done)
    assert.is_string(problem)
  end)

  it("says what realtime is made of", function()
    assert.is_true(core.REALTIME)
  end)

  describe("an engine", function()
    it("says by tostring whether it is open, and is closed once", function()
      local engine = core.engine()
      assert.equal("appwrite.core.Engine (open)", tostring(engine))
      engine:close()
      engine:close()
      assert.equal("appwrite.core.Engine (closed)", tostring(engine))
      local ok, message = pcall(engine.step, engine, 0)
      assert.is_false(ok)
      assert.truthy(message:find("closed", 1, true), message)
    end)

    it("says that it has no descriptor", function()
      local code = [[
        local core = require "appwrite.core"
        local held = {}
        repeat
          local file = io.open "/dev/null"
          held[#held + 1] = file
        until not file
        print(pcall(core.engine))
      ]]
      -- With fewer, valgrind does not start (see spec/sanitizers).
      local output, status = process.run(format("ulimit -n 20; LUA_PATH=%s LUA_CPATH=%s %s -e %s", quote(package.path),
        quote(package.cpath), quote(process.interpreter()), quote(code)))
      assert.equal(0, status, output)
      assert.truthy(output:find("^false[^\n]*epoll"), output)
    end)
  end)

  describe("a file", function()
    it("begins anew, and is one name at the end", function()
      local path = os.tmpname()
      local file = core.file(path)
      assert.equal("appwrite.core.File (" .. path .. ")", tostring(file))
      assert.equal(0, file:size())
      assert.is_true(file:restart())
      assert.is_true(file:commit())
      assert.equal("", contents(path))
      file:close()
      file:close()
      assert.equal("appwrite.core.File (closed)", tostring(file))
      assert.has_error(function() file:restart() end)
      os.remove(path)
    end)

    it("that was given up is an error of its own", function()
      local path = os.tmpname()
      local file = core.file(path)
      file:discard()
      for _, method in ipairs { "restart", "commit" } do
        local done, kind, message = file[method](file)
        assert.is_nil(done)
        assert.equal("file", kind)
        assert.truthy(message:find("given up", 1, true), message)
      end
      file:close()
      os.remove(path)
    end)
  end)

  describe("a buffer", function()
    it("holds bytes up to its size", function()
      local buffer = core.buffer(4)
      assert.equal("appwrite.core.Buffer (0 of 4 bytes)", tostring(buffer))
      buffer:add "a\0"
      buffer:add "bc"
      assert.equal("a\0bc", buffer:bytes())
      assert.equal(4, buffer:size())
      assert.has_error(function() buffer:add "d" end)
      assert.equal("a\0bc", buffer:bytes())
      buffer:clear()
      assert.equal("", buffer:bytes())
      assert.equal("", core.buffer(0):bytes())
    end)

    it("is sent as a part, and stays as long as that is under way", function()
      local server = recorder.start()
      local session = drive.open(server.endpoint)
      local bytes = ("0123456789abcdef"):rep(4096)
      local handle
      do
        local buffer = core.buffer(#bytes)
        buffer:add(bytes)
        handle = drive.start(session, { method = "POST", target = "/files",
          multipart = { { name = "file", filename = "x", buffer = buffer } } })
      end
      collectgarbage()
      collectgarbage()
      assert.equal(200, (drive.finish(handle)))
      assert.truthy(server:last().body:find(bytes, 1, true))
      server:stop()
    end)
  end)
end)
