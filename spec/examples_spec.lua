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

  it("errors.lua shows each kind of error", function()
    local output = run "errors"
    for _, part in ipairs {
      "argument", "user_invalid_credentials", "document_not_found", "network", "worth another try:",
      "raised:\tfalse\taccount.getCurrentUser:", 'did you mean "registerUser"?',
    } do
      assert.truthy(output:find(part, 1, true), part .. " in: " .. output)
    end
  end)

  it("async.lua does several things at once", function()
    local output = run "async"
    for _, part in ipairs {
      "cancelled:\tcancelled", "continents:\t7", "not stopped:\ttrue", "failed:\t", "the map is upside down",
    } do
      assert.truthy(output:find(part, 1, true), part .. " in: " .. output)
    end
  end)

  it("sessions.lua stays logged in", function()
    assert.truthy(run("sessions"):find("two users:\ttrue", 1, true))
    local kept = quote(directory .. "/session")
    local id = run("sessions", kept):match "\nfound again:\t(%S+)"
    assert.truthy(run("sessions", kept):find("still logged in as\t" .. id, 1, true))
  end)

  it("realtime.lua hears of what others do", function()
    local output = run "realtime"
    for points = 100, 300, 100 do
      assert.truthy(output:find("callback:\tben\t" .. points, 1, true), output)
      assert.truthy(output:find("task:    \tben\t" .. points, 1, true), output)
    end
    assert.truthy(output:find("all three came", 1, true), output)
  end)

  it("testing.lua tests without a server", function()
    assert.truthy(run("testing"):find("4 requests, all as expected", 1, true))
  end)

  it("are short, and begin with what they show", function()
    local list = process.run "wc -l examples/*.lua examples/flows/*.lua | grep -v total"
    for count, name in list:gmatch "(%d+) (%S+)" do
      local file = assert(io.open(name))
      local first = file:read "*l"
      file:close()
      assert.truthy(first:find "^%-%- %u", name)
      assert.is_true(tonumber(count) < 60, name .. " has " .. count .. " lines")
    end
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

  it("chat.lua shows what others say, also after the connection was lost", function()
    -- Waits for a line of the first one's output; it ends by itself where that ends.
    local function awaitLine(text, count)
      return format('while [ "$(grep -c %s %s/out)" -lt %d ] && kill -0 $ada; do :; done', quote(text),
        quote(directory), count)
    end
    local base = server.endpoint:gsub("/v1$", "")
    local output = process.run(table.concat({
      format("cd . && mkfifo %s/in && : >%s/out", quote(directory), quote(directory)),
      format("(%s) <%s/in >%s/out 2>&1 & ada=$!", command("chat", "ada"), quote(directory), quote(directory)),
      format("exec 3>%s/in", quote(directory)),
      awaitLine("you are connected", 1),
      format("printf 'hello ada\\nhow are you\\n' | (%s)", command("chat", "grace")),
      awaitLine("grace: how are you", 1),
      format("curl -sS -X DELETE %s/sandbox/connections", base),
      awaitLine("you are connected", 2),
      format("printf 'back again\\n' | (%s)", command("chat", "grace")),
      awaitLine("grace: back again", 1),
      "exec 3>&-",
      format("wait $ada; echo status $?; cat %s/out", quote(directory)),
    }, "\n"))
    for _, line in ipairs { "status 0", "grace: hello ada\ngrace: how are you\n", "-- the connection is lost",
      "grace: back again" } do
      assert.truthy(output:find(line, 1, true), output)
    end
  end)
end)
