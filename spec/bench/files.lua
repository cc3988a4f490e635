--- A gibibyte up and down, over a C program on libcurl that does the same, and over `curl -o`.

local nginx = require "spec.support.nginx"
local process = require "spec.support.process"

local format = string.format

local ROUNDS = 5
local MEGABYTES = tonumber(os.getenv "APPWRITE_BENCH_MIB") or 1024
local BUILD = "build/lua-5.4/spec/bench/"
local RSS_AIM = 24 -- MiB

local SERVER = [[
  client_body_buffer_size 6m;
  server {
    listen 127.0.0.1:%PORT2%;
    location = /v1/storage/buckets/b/files {
      default_type application/json;
      content_by_lua_block {
        ngx.req.read_body()
        ngx.status = 201
        ngx.say('{"$id":"f1"}')
      }
    }
    location = /v1/storage/buckets/b/files/large/download {
      default_type application/octet-stream;
      alias %FILES%/large.bin;
    }
    location / { return 404; }
  }
]]

-- In memory, where there is room: a disk would be measured more than anything else.
local function scratch()
  local _, status = process.run "test -w /dev/shm"
  local output = process.run("mktemp -d " .. (status == 0 and "/dev/shm/appwrite-bench-XXXXXX" or ""))
  return output:match "%S+"
end

local function numbers(command)
  local output, status = process.run(command)
  local wall, cpu, kib = output:match "([%d.]+) ([%d.]+) (%d+)%s*$"
  if status ~= 0 or not wall then
    error(format("%s failed (%d): %s", command, status, output), 0)
  end
  return tonumber(wall), tonumber(cpu), tonumber(kib) / 1024
end

local function median(values)
  table.sort(values)
  return values[math.floor(#values / 2) + 1]
end

-- Medians of wall and CPU seconds and of MiB, run by run in turn.
local function compare(commands)
  local all = {}
  for index in ipairs(commands) do
    all[index] = { {}, {}, {} }
  end
  for _ = 1, ROUNDS do
    for index, command in ipairs(commands) do
      for which, value in ipairs { numbers(command) } do
        table.insert(all[index][which], value)
      end
    end
  end
  for index in ipairs(commands) do
    for which = 1, 3 do
      all[index][which] = median(all[index][which])
    end
  end
  return all
end

-- curl as the shell times it.
local function curlCommand(url, path)
  return format([[bash -c 'TIMEFORMAT="%%R %%U %%S"; { time curl -s -o %s %s; } 2>&1' | awk '{print $1, $2 + $3, 0}']],
    path, url)
end

local function printRow(name, figures, reference, wallAim)
  local ratios = ""
  if reference then
    ratios = format("%6.2f %6.2f   %s", figures[1] / reference[1], figures[2] / reference[2],
      wallAim and format("%4.2f", wallAim) or "")
  end
  print(format("  %-34s %8.3f %8.3f %9.1f   %s", name, figures[1], figures[2], figures[3], ratios))
end

local function measure(base, directory)
  local endpoint, files, large = base .. "/v1", base .. "/v1/storage/buckets/b/files", directory .. "/large.bin"
  local target = directory .. "/copy.bin"
  local lua = "lua5.4 spec/bench/file_calls.lua "
  print(format("%d MiB%31s     wall s    CPU s   MiB more   over the reference: wall, CPU, aim", MEGABYTES, ""))
  local up = compare {
    format("%sfile_calls up %s %s", BUILD, files, large),
    format("%sup %s %s", lua, endpoint, large),
    format("%sreader %s %s", lua, endpoint, large),
  }
  printRow("up: C, libcurl, the same chunks", up[1])
  printRow("up: this library, from a path", up[2], up[1], 1.10)
  printRow("up: this library, from a function", up[3], up[1]) -- which reads the file in Lua
  local afresh = format("rm -f %s; ", target) -- none has an old one to clear away
  local down = compare {
    format("%s%sfile_calls down %s/large/download %s", afresh, BUILD, files, target),
    afresh .. curlCommand(files .. "/large/download", target),
    format("%s%sdown %s %s", afresh, lua, endpoint, target),
    format("%sstream %s %s", lua, endpoint, target),
  }
  printRow("down: C, libcurl, to a file", down[1])
  printRow("down: curl -o", down[2])
  printRow("down: this library, to a file", down[3], down[1], 1.10)
  printRow("  the same over curl -o", down[3], down[2], 1.10)
  printRow("down: this library, to a function", down[4], down[1], 1.10)
  print(format("  the aim for the memory: less than %d MiB more than at the start", RSS_AIM))
end

return function()
  local directory = scratch()
  local quoted = process.quote(directory)
  process.run(format("chmod a+rx %s; head -c %dM /dev/urandom >%s/large.bin; chmod a+r %s/large.bin", quoted, MEGABYTES,
    quoted, quoted))
  local server = nginx.start { http = SERVER, values = { FILES = directory } }
  local ok, problem = pcall(measure, format("http://127.0.0.1:%d", server.ports[2]), directory)
  server:stop()
  process.removeDirectory(directory)
  if not ok then
    error(problem, 0)
  end
end
