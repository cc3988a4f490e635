-- luacheck: std max+busted
--- The start script.

local http = require "socket.http"
local sandbox = require "spec.support.sandbox"

local format = string.format

return function()
  local quote, shell = sandbox.quote, sandbox.shell
  local script = quote(sandbox.SCRIPT)

  local function isGone(endpoint)
    local _, problem = http.request(endpoint)
    return problem == "connection refused"
  end

  it("runs a command with endpoint and project, and exits as it did", function()
    local output, status = shell(script .. [[ run -- sh -c 'echo "$APPWRITE_ENDPOINT $APPWRITE_PROJECT"; exit 7']])
    assert.equal(7, status)
    assert.matches("^http://127%.0%.0%.1:%d+/v1 sandbox\n", output)
    assert.is_true(isGone(output:match "%S+"))
  end)

  it("gives the command its standard input", function()
    assert.equal("given\n", (shell("echo given | " .. script .. " run -- cat")))
  end)

  it("prints nothing but the endpoint on the standard output, and stops by the directory", function()
    local output, status = shell(format([[
      set -e
      dir=$(mktemp -d)
      %s start --dir "$dir"
      %s stop --dir "$dir"
      ls "$dir"
      rm -rf "$dir"]], script, script))
    assert.equal(0, status, output)
    local endpoint, files = output:match "^(http://127%.0%.0%.1:%d+/v1)\n(.*)$"
    assert.is_true(isGone(endpoint))
    assert.matches("access.log", files)
    assert.not_matches("alive", files)
    assert.not_matches("pid", files)
  end)

  it("works in directories with spaces, and leaves no temporary one behind", function()
    local output, status = shell [[
      set -e
      base=$(mktemp -d)
      mkdir "$base/a b" "$base/tmp"
      cp -r "$PWD/examples/sandbox" "$base/a b/sand box"
      cd /
      TMPDIR=$base/tmp "$base/a b/sand box/sandbox" run --dir "$base/a b/run dir" -- true
      ls "$base/a b/run dir"
      TMPDIR=$base/tmp "$base/a b/sand box/sandbox" run -- true
      ls -A "$base/tmp" | wc -l
      rm -rf "$base"]]
    assert.equal(0, status, output)
    assert.matches("access.log", output)
    assert.matches("\n0\n$", output)
  end)

  for _, row in ipairs {
    { "without a command", "" },
    { "with a command", [[-- sh -c 'echo "$APPWRITE_ENDPOINT" && exec sleep 1000']] },
  } do
    it("stops on a signal " .. row[1], function()
      local output, status = shell(format([[
        set -e
        base=$(mktemp -d)
        mkfifo "$base/said"
        %s run %s >"$base/said" &
        read -r endpoint <"$base/said"
        kill -TERM $!
        wait $! || status=$?
        rm -rf "$base"
        echo "$endpoint"
        exit "$status"]], script, row[2]))
      assert.equal(143, status, output)
      assert.is_true(isGone(output:match "http://%S+"))
    end)
  end

  it("tells what is wrong", function()
    local bad = os.tmpname()
    local handle = assert(io.open(bad, "w"))
    handle:write 'return { id = "x", databasis = {} }'
    handle:close()
    local ROWS = {
      { "", 2, "nothing to do" }, { "fly", 2, "unknown command fly" },
      { "start --frob", 2, "unknown option %-%-frob" }, { "start --port", 2, "%-%-port needs a value" },
      { "start --port x", 2, "%-%-port needs a number, got x" }, { "stop", 2, "stop needs %-%-dir" },
      { "stop --dir /nonexistent", 1, "there is no run directory /nonexistent" },
      { "start --project /nonexistent", 1, "there is no start%-up file /nonexistent" },
      { "start --project " .. quote(bad), 1, 'start%-up file: project knows no "databasis"; there are buckets,' },
      { "start --listen 203.0.113.1", 1, "Cannot assign requested address" },
      { "start --port 70000", 1, "invalid port" },
    }
    for _, row in ipairs(ROWS) do
      local output, status = shell(script .. " " .. row[1])
      assert.equal(row[2], status, output)
      assert.matches(row[3], output)
    end
    os.remove(bad)
  end)

  it("names the Debian package that is missing", function()
    -- A directory with what the script uses, but for nginx.
    local output, status = shell(format([[
      base=$(mktemp -d)
      for tool in sh cat dirname readlink tr sed id mktemp mkfifo rm; do
        ln -s "$(command -v "$tool")" "$base/$tool"
      done
      sed 's|:/usr/sbin:/sbin||' %s >"$base/sandbox"
      PATH=$base sh "$base/sandbox" start
      status=$?
      rm -rf "$base"
      exit "$status"]], script))
    assert.equal(1, status, output)
    assert.matches("install Debian's package nginx", output)
  end)

  it("starts neither twice in one directory nor on a port in use", function()
    local running = sandbox.start()
    local output, status = shell(format("%s start --dir %s", script, quote(running.dir)))
    assert.equal(1, status)
    assert.matches("is running in", output)
    output, status = shell(format("%s start --port %s", script, running.endpoint:match ":(%d+)/"))
    assert.equal(1, status)
    assert.matches("Address already in use", output)
    running.stop()
    assert.has_error(running.stop)
  end)
end
