--- Where a session is kept: files, and a program's own functions.

local core = require "appwrite.core"
local lfs = require "lfs"
local process = require "spec.support.process"
local store = require "appwrite.store"

local format = string.format
local quote = process.quote

local isRoot = process.run "id -u":match "%d+" == "0"

describe("appwrite.store", function()
  describe("in a file", function()
    local directory, path, kept

    before_each(function()
      directory = process.directory()
      path = directory .. "/session"
      kept = store.new(path)
    end)

    after_each(function()
      process.removeDirectory(directory)
    end)

    local function write(name, text)
      local file = assert(io.open(name, "wb"))
      file:write(text)
      file:close()
    end

    local function read(name)
      local file = io.open(name, "rb")
      local text = file and file:read "*a"
      if file then
        file:close()
      end
      return text
    end

    local function entries()
      local names = {}
      for name in lfs.dir(directory) do
        if name ~= "." and name ~= ".." then
          names[#names + 1] = name
        end
      end
      table.sort(names)
      return names
    end

    it("gives what was saved, and nothing where nothing was", function()
      assert.same({}, { kept:load() })
      assert.is_true(kept:save "one")
      assert.equal("one", kept:load())
      assert.is_true(kept:save "two\0\r\n")
      assert.equal("two\0\r\n", store.new(path):load())
      assert.same({ "session" }, entries())
    end)

    it("is readable by its owner only, also where it was by others", function()
      write(path, "old")
      process.run("chmod 666 " .. quote(path))
      assert.is_true(kept:save "new")
      assert.equal("rw-------", lfs.attributes(path, "permissions"))
    end)

    it("forgets what this program kept, and not what another one did meanwhile", function()
      kept:save "mine"
      assert.is_true(kept:clear "mine")
      assert.same({}, entries())
      assert.is_true(kept:clear "mine")
      store.new(path):save "theirs"
      assert.is_true(kept:clear "mine")
      assert.equal("theirs", kept:load())
      assert.is_true(kept:clear()) -- it is not known what was there
      assert.same({}, entries())
    end)

    it("sets aside what is not to be used, over what was set aside before", function()
      for _, text in ipairs { "first", "second" } do
        write(path, text)
        local problem = kept:reject "is of version 7"
        assert.equal(format("what is kept in '%s' is of version 7; it was set aside as '%s.bad'", path, path), problem)
        assert.equal(text, read(path .. ".bad"))
        assert.same({ "session.bad" }, entries())
      end
      assert.is_true(kept:save "new")
      assert.same({ "session", "session.bad" }, entries())
    end)

    it("writes nothing over what cannot be set aside", function()
      write(path, "somebody's")
      assert(lfs.mkdir(path .. ".bad"))
      write(path .. ".bad/inside", "")
      local problem = kept:reject "is none"
      assert.truthy(problem:find("cannot be set aside", 1, true), problem)
      local done, why = kept:save "new"
      assert.is_nil(done)
      assert.truthy(why:find(path, 1, true))
      assert.is_true(kept:clear())
      assert.equal("somebody's", read(path))
    end)

    it("leaves a directory and a pipe alone", function()
      for command, word in pairs { mkdir = "directory", mkfifo = "no regular file" } do
        process.run(command .. " " .. quote(path))
        local one = store.new(path)
        local text, problem = one:load()
        assert.is_nil(text)
        assert.truthy(problem:find(word, 1, true) and problem:find(path, 1, true), problem)
        assert.is_nil((one:save "secret"))
        assert.is_true(one:clear())
        assert.same({ "session" }, entries())
        process.run("rm -r " .. quote(path))
      end
    end)

    it("reads no more than a session can have", function()
      write(path, ("x"):rep(10 * 1024 * 1024))
      assert.equal(64 * 1024 + 1, #kept:load())
    end)

    it("says where it cannot be", function()
      for name, word in pairs { [directory .. "/missing/session"] = "No such file", ["/dev/null/x"] = "Not a directory" } do
        local one = store.new(name)
        one:load()
        local done, why = one:save "hunter2"
        assert.is_nil(done)
        assert.truthy(why:find(word, 1, true) and why:find(name, 1, true), why)
        assert.is_nil(why:find("hunter2", 1, true))
      end
      assert.same({}, entries())
    end)

    -- Root reads what it likes.
    it("sets aside what cannot be read", function()
      write(path, "old")
      if isRoot then
        local output, status = process.run(format("chown -R nobody %s && chmod 000 %s && chmod 755 %s", quote(directory),
          quote(path), quote(directory)))
        assert.equal(0, status, output)
        local script = directory .. "/script.lua"
        write(script, format("package.path, package.cpath = %q, %q\n", package.path, package.cpath)
          .. format("print(select(2, require('appwrite.store').new(%q):load()))", path))
        output = process.run(format("setpriv --reuid=nobody --clear-groups %s %s", process.interpreter(), quote(script)))
        assert.truthy(output:find("cannot be read: Permission denied; it was set aside", 1, true), output)
      else
        process.run("chmod 000 " .. quote(path))
        local _, problem = kept:load()
        assert.truthy(problem:find("cannot be read: Permission denied; it was set aside", 1, true), problem)
      end
      assert.is_nil(lfs.attributes(path))
      assert.is_table(lfs.attributes(path .. ".bad"))
    end)

    it("does not show what is in it", function()
      kept:save "hunter2"
      assert.equal(format("appwrite.FileStore (%s)", path), tostring(kept))
    end)

    -- The old or the new one, and nothing beside, on a disk that is really full.
    it("keeps the old one where the disk is full", function()
      local limit = process.directory()
      local _, status = process.run(format("mount -t tmpfs -o size=64k,mode=700 tmpfs %s", quote(limit)))
      local name = limit .. "/session"
      local child = format("package.path, package.cpath = %q, %q\n", package.path, package.cpath) .. format([[
        local kept = require("appwrite.store").new(%q)
        print(kept:save(("n"):rep(60000)))
      ]], name)
      local script = directory .. "/child.lua"
      write(script, child)
      assert.is_true(store.new(name):save(("o"):rep(20000)))
      local run = process.interpreter() .. " " .. quote(script)
      local output = process.run(status == 0 and run or "trap '' XFSZ; ulimit -f 40; " .. run)
      local names = {}
      for one in lfs.dir(limit) do
        names[#names + 1] = one
      end
      local text = read(name)
      if status == 0 then
        process.run("umount " .. quote(limit))
      end
      process.removeDirectory(limit)
      assert.truthy(output:find "^nil\tcannot write", output)
      assert.truthy(output:find(status == 0 and "No space left" or "File too large", 1, true), output)
      assert.equal(("o"):rep(20000), text)
      assert.equal(3, #names)
    end)

    it("is written and read by two programs at a time without being torn", function()
      local script = directory .. "/child.lua"
      write(script, format("package.path, package.cpath = %q, %q\n", package.path, package.cpath) .. format([[
        local kept = require("appwrite.store").new(%q)
        local letter = arg[1]
        for round = 1, 150 do
          assert(kept:save(letter:rep(20000 + round)))
          local text = assert(kept:load())
          assert(text:find("^a+$") or text:find("^b+$"), "it is torn")
          assert(#text > 20000 and #text <= 20150, "it is cut")
        end
        print "whole"
      ]], path))
      local run = process.interpreter() .. " " .. quote(script)
      local output = process.run(format("%s a & %s b; wait", run, run))
      assert.equal("whole\nwhole\n", output)
      assert.same({ "child.lua", "session" }, entries())
    end)
  end)

  describe("by functions", function()
    local function of(load, save, clear)
      return store.new { load = load or function() end, save = save or function() end, clear = clear }
    end

    it("calls them, and takes nothing for an answer", function()
      local seen = {}
      local kept = of(function() return "text" end, function(text) seen[#seen + 1] = text end,
        function() seen[#seen + 1] = "cleared" end)
      assert.equal("text", kept:load())
      assert.is_true(kept:save "one")
      assert.is_true(kept:clear "one")
      assert.same({ "one", "cleared" }, seen)
    end)

    it("takes nil and an empty text for none", function()
      assert.is_nil((of(function() return nil end):load()))
      assert.is_nil((of(function() return "" end):load()))
      assert.is_nil((of(function() end):load()))
    end)

    it("saves an empty text where there is no clear", function()
      local seen
      assert.is_true(of(nil, function(text) seen = text end):clear "one")
      assert.equal("", seen)
    end)

    for what, fail in pairs {
      ["return nil and a message"] = function() return nil, "no room" end,
      ["return false and a message"] = function() return false, "no room" end,
      ["raise"] = function() error("no room", 0) end,
      ["raise a table"] = function() error(setmetatable({}, { __tostring = function() return "no room" end })) end,
    } do
      it("tells where they " .. what, function()
        for _, method in ipairs { "load", "save", "clear" } do
          local result, problem = of(fail, fail, fail)[method](of(fail, fail, fail), "text")
          assert.is_nil(result)
          assert.truthy(problem:find(method, 1, true) and problem:find("no room", 1, true), problem)
        end
      end)
    end

    it("tells where they return false alone, or something that is no text", function()
      assert.truthy(select(2, of(nil, function() return false end):save "text"):find "returned false")
      assert.truthy(select(2, of(function() return 5 end):load()):find "got a number")
    end)

    it("tells no secret that they repeat", function()
      local text = "appwrite-session 1\nsession hunter2 (x%d)\nend\n"
      local kept = of(nil, function(given) error("cannot write " .. given .. " nor " .. given) end)
      local _, problem = kept:save(text)
      assert.is_nil(problem:find("hunter2", 1, true))
      assert.truthy(problem:find("cannot write *** nor ***", 1, true), problem)
      assert.equal("appwrite.FunctionStore", tostring(kept))
    end)

    it("may wait", function()
      local co = coroutine.create(function()
        local kept = of(function() return coroutine.yield "waits" end)
        return kept:load()
      end)
      if _VERSION == "Lua 5.1" and not jit then
        local _, text, problem = coroutine.resume(co)
        assert.is_nil(text)
        assert.truthy(problem:find "yield")
        return
      end
      assert.same({ true, "waits" }, { coroutine.resume(co) })
      assert.same({ true, "text" }, { coroutine.resume(co, "text") })
    end)
  end)

  it("is checked", function()
    local function fn() end
    assert.is_nil(store.check "path")
    assert.is_nil(store.check { load = fn, save = fn })
    assert.is_nil(store.check { load = fn, save = fn, clear = fn })
    for word, given in pairs {
      NUL = "a\0b", ['function "save"'] = { load = fn }, ['function "load"'] = {}, ['"store.load"'] = { load = 1, save = fn },
      ['did you mean "save"'] = { load = fn, saev = fn },
    } do
      assert.truthy(store.check(given):find(word, 1, true), store.check(given))
    end
  end)

  it("is of the core", function()
    assert.has_error(function() core.keep("a\0b", "text") end)
    assert.has_error(function() core.keep "a" end)
  end)
end)
