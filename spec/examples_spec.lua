--- The examples that are one file, run as their first lines say.

local process = require "spec.support.process"
local sandbox = require "spec.support.sandbox"

local format = string.format
local quote = process.quote

describe("examples/", function()
  local server, directory

  setup(function()
    server = sandbox.start()
    directory = process.directory()
  end)

  teardown(function()
    server.stop()
    process.removeDirectory(directory)
  end)

  -- In a shell of its own, with the library of these specs.
  local function command(name, arguments)
    return format("export APPWRITE_ENDPOINT=%s APPWRITE_PROJECT=%s; %s %s", server.endpoint, server.project,
      process.luaCommand("examples/" .. name .. ".lua"), arguments or "")
  end

  local function run(name, arguments)
    local output, status = process.run("(" .. command(name, arguments) .. ")")
    assert.equal(0, status, output)
    return output
  end

  it("quickstart.lua does the main job", function()
    assert.truthy(run("quickstart"):find("registered", 1, true))
  end)

  describe("upload.lua", function()
    local path

    setup(function()
      path = directory .. "/holiday.mp4"
      process.run("head -c 60000000 /dev/urandom > " .. quote(path))
    end)

    -- Once the bar has moved, by what would come from Ctrl-C.
    local function interrupt()
      local bar = directory .. "/bar"
      return process.run(format([[
        : >%s
        (%s) 2>%s & pid=$!
        while ! grep -q MiB %s && kill -0 $pid; do :; done
        kill -INT $pid
        wait $pid; echo "status $?"; cat %s]], bar, command("upload", quote(path)), bar, bar, bar))
    end

    it("goes on after Ctrl-C", function()
      local output = interrupt()
      assert.truthy(output:find("status 1", 1, true), output)
      assert.truthy(output:find("interrupted!", 1, true), output)
      assert.truthy(output:find("run it again to go on", 1, true), output)
      output = run("upload", quote(path))
      assert.truthy(output:find("going on with", 1, true), output)
      assert.truthy(output:find("100 %", 1, true), output)
      assert.truthy(output:find("holiday.mp4 is there", 1, true), output)
      assert.is_nil(io.open(path .. ".upload"))
    end)

    it("begins anew when all is there", function()
      assert.truthy(run("upload", quote(path)):find("beginning", 1, true))
    end)
  end)
end)
