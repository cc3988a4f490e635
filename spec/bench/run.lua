-- Runs the benchmarks named in the arguments, or all. Each compares the library with a reference, run by run in turn, so
-- that what else the machine does hits both alike; what is printed are medians of several runs.

local nginx = require "spec.support.nginx"
local process = require "spec.support.process"

local format = string.format

local ROUNDS = 5
local CALLS = 20000
local PARALLEL = 64
local BUILD = "build/lua-5.4/spec/bench/"

local USER = [[{"$id":"5e5ea5c16897e","$createdAt":"2020-10-15T06:38:00.000+00:00",]]
  .. [["$updatedAt":"2020-10-15T06:38:00.000+00:00","name":"Ada Lovelace","registration":"2020-10-15T06:38:00.000+00:00",]]
  .. [["status":true,"labels":["vip"],"passwordUpdate":"2020-10-15T06:38:00.000+00:00","email":"ada@example.com",]]
  .. [["phone":"","emailVerification":true,"phoneVerification":false,"mfa":false,"prefs":{"theme":"dark"},"targets":[],]]
  .. [["accessedAt":"2020-10-15T06:38:00.000+00:00"}]]

local SERVER = [[
  keepalive_requests 1000000;
  server {
    listen 127.0.0.1:%PORT2%;
    location /v1/ { default_type application/json; alias %FILES%/; }
    location /slow/ {
      default_type application/json;
      access_by_lua_block { ngx.sleep(0.05) }
      alias %FILES%/;
    }
  }
]]

local function two(command)
  local output, status = process.run(command)
  local first, second = output:match "([%d.-]+) ([%d.-]+)%s*$"
  if status ~= 0 or not first then
    error(format("%s failed (%d): %s", command, status, output), 0)
  end
  return tonumber(first), tonumber(second)
end

local function median(values)
  table.sort(values)
  return values[math.floor(#values / 2) + 1]
end

-- Medians of both figures of each command.
local function compare(commands)
  local figures = {}
  for index in ipairs(commands) do
    figures[index] = { {}, {} }
  end
  for _ = 1, ROUNDS do
    for index, command in ipairs(commands) do
      local first, second = two(command)
      table.insert(figures[index][1], first)
      table.insert(figures[index][2], second)
    end
  end
  for index in ipairs(commands) do
    figures[index] = { median(figures[index][1]), median(figures[index][2]) }
  end
  return figures
end

local benches = {}

-- A server that answers with a user, for as long as fn runs.
local function withServer(fn)
  local files = process.directory()
  local file = assert(io.open(files .. "/account", "wb"))
  assert(file:write(USER))
  assert(file:close())
  -- Files of root's are to be read by a worker that is not.
  process.run("chmod -R a+rX " .. process.quote(files))
  local server = nginx.start { http = SERVER, values = { FILES = files } }
  local ok, problem = pcall(fn, format("http://127.0.0.1:%d", server.ports[2]))
  server:stop()
  process.removeDirectory(files)
  if not ok then
    error(problem, 0)
  end
end

local function printRatios(title, aims, figures)
  print(format("%-36s      C   C, decoded   this library   ratio    aim   over decoded", title))
  for index, name in ipairs { "wall, seconds", "CPU, seconds" } do
    local reference, decoded, library = figures[1][index], figures[2][index], figures[3][index]
    print(format("  %-27s %13.3f   %10.3f   %12.3f   %5.2f   %4.2f   %12.2f", name, reference, decoded, library,
      library / reference, aims[index], library / decoded))
  end
end

-- Calls one after another, over a C program on libcurl's easy interface. Beside it what that takes with lua-cjson reading
-- the answers: less cannot be had of the two libraries.
function benches.calls()
  withServer(function(base)
    local reference = format("%seasy_calls %s/v1/account %d", BUILD, base, CALLS)
    printRatios(format("%d calls one after another", CALLS), { 1.10, 1.25 }, compare {
      reference, reference .. " decoded", format("lua5.4 spec/bench/small_calls.lua %s/v1 %d", base, CALLS),
    })
  end)
end

-- Calls side by side in tasks, over a C program on libcurl's multi interface.
function benches.parallel()
  withServer(function(base)
    local reference = format("%smulti_calls %s/v1/account %d %d", BUILD, base, CALLS, PARALLEL)
    printRatios(format("%d calls, %d side by side", CALLS, PARALLEL), { 1.20, 1.35 }, compare {
      reference, reference .. " decoded",
      format("lua5.4 spec/bench/parallel_calls.lua %s/v1 %d %d", base, CALLS, PARALLEL),
    })
  end)
end

-- A game's frames: what one poll takes, over the 16 ms that a frame has.
function benches.frames()
  withServer(function(base)
    local output = process.run(format("lua5.4 spec/bench/frames.lua %s/slow %d 300", base, PARALLEL))
    local middle, high, idle, idleHigh = output:match "([%d.]+) ([%d.]+) ([%d.]+) ([%d.]+)%s*$"
    if not middle then
      error("frames.lua failed: " .. output, 0)
    end
    print(format("one poll, microseconds           median     99th percentile   of a frame   aim"))
    print(format("  %d calls of 50 ms under way  %8.1f   %17.1f   %9.2f %%   1000", PARALLEL, middle, high, high / 160))
    print(format("  nothing under way            %8.2f   %17.2f   %9.4f %%   2", idle, idleHigh, idleHigh / 160))
  end)
end

-- What it costs to load the library and make a client, over LuaSocket's HTTP client.
function benches.loading()
  local figures = compare {
    "lua5.4 spec/bench/loading.lua socket.http",
    "lua5.4 spec/bench/loading.lua appwrite",
    "lua5.4 spec/bench/loading.lua appwrite+new",
  }
  print "loading                      CPU, ms   Lua heap, KiB   heap over socket.http"
  for index, name in ipairs { 'require "socket.http"', 'require "appwrite"', "… and appwrite.new" } do
    print(format("  %-24s %9.2f   %13.1f   %21.2f", name, figures[index][1], figures[index][2],
      figures[index][2] / figures[1][2]))
  end
end

-- Large files, over C and over curl.
benches.files = require "spec.bench.files"

-- All items of a list, over a loop by hand.
benches.pages = require "spec.bench.pages"

-- Events of realtime, from a write's answer to the callback.
benches.realtime = require "spec.bench.realtime"

local ORDER = { "calls", "parallel", "frames", "loading", "files", "pages", "realtime" }

local chosen = arg[1] and arg or ORDER
for _, name in ipairs(chosen) do
  if not benches[name] then
    io.stderr:write(format('there is no benchmark "%s"; there are %s\n', name, table.concat(ORDER, ", ")))
    os.exit(2)
  end
end
for _, name in ipairs(chosen) do
  benches[name]()
end
