-- Runs the benchmarks named in the arguments, or all. Each compares the library with a reference, run by run in turn, so
-- that what else the machine does hits both alike; what is printed are medians of several runs.

local nginx = require "spec.support.nginx"
local process = require "spec.support.process"

local format = string.format

local ROUNDS = 5
local CALLS = 20000
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

-- Calls one after another, over a C program on libcurl's easy interface.
function benches.calls()
  local files = process.directory()
  local file = assert(io.open(files .. "/account", "wb"))
  assert(file:write(USER))
  assert(file:close())
  -- Files of root's are to be read by a worker that is not.
  process.run("chmod -R a+rX " .. process.quote(files))
  local server = nginx.start { http = SERVER, values = { FILES = files } }
  local endpoint = format("http://127.0.0.1:%d/v1", server.ports[2])
  local figures = compare {
    format("%seasy_calls %s/account %d", BUILD, endpoint, CALLS),
    format("lua5.4 spec/bench/small_calls.lua %s %d", endpoint, CALLS),
  }
  server:stop()
  process.removeDirectory(files)
  local reference, library = figures[1], figures[2]
  print(format("%d small calls      C, easy interface   Lua, this library   ratio   aim", CALLS))
  print(format("  wall, seconds        %17.3f   %17.3f   %5.2f   1.10", reference[1], library[1], library[1] / reference[1]))
  print(format("  CPU, seconds         %17.3f   %17.3f   %5.2f   1.25", reference[2], library[2], library[2] / reference[2]))
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

local ORDER = { "calls", "loading" }

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
