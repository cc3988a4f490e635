-- Frame times in LÖVE during downloads of 20 MB, next to the same frames without any call:
--
--   examples/run love-leaderboard once, or spec/run, to build; then, at the top of the checkout,
--   LUA_PATH='lua/?.lua;./?.lua;;' lua5.4 spec/bench/love_frames.lua
--
-- A download ends within some frames at the speed of this machine, so there is one after the other; and at a speed
-- that a player may have, one that lasts.

local lfs = require "lfs"
local love = require "spec.support.love"
local nginx = require "spec.support.nginx"
local process = require "spec.support.process"

local format, quote = string.format, process.quote

local ROUNDS = 5
local SECONDS = 6 -- of measured frames each round
local BYTES = 20 * 1000 * 1000
local FIGURES = 6

local PATH = "/v1/storage/buckets/files/files/big/download"
local SERVER = [[
  sendfile on;
  server {
    listen 127.0.0.1:%PORT2%;
    location = ]] .. PATH .. [[ { alias %FILE%; }
  }
  server {
    listen 127.0.0.1:%PORT3%;
    location = ]] .. PATH .. [[ { limit_rate 10m; alias %FILE%; }
  }
]]

local CASES = {
  { name = "no calls", mode = "none", port = 2 },
  { name = "into memory, full speed", mode = "memory", port = 2 },
  { name = "into a file, full speed", mode = "file", port = 2 },
  { name = "into memory, 10 MB/s", mode = "memory", port = 3 },
  { name = "into a file, 10 MB/s", mode = "file", port = 3 },
}

local directory = process.directory()

local function makeFile()
  local path = directory .. "/big"
  local file = assert(io.open(path, "wb"))
  assert(file:write(string.rep("0123456789abcdef", BYTES / 16)))
  assert(file:close())
  process.run("chmod -R a+rX " .. quote(directory)) -- for a worker that is not root
  return path
end

local function measure(case, server)
  local command = format(
    "env %s %s SDL_AUDIODRIVER=dummy LIBGL_ALWAYS_SOFTWARE=1 XDG_DATA_HOME=%s BENCH_MODE=%s BENCH_SECONDS=%d BENCH_FILE=%s "
      .. "APPWRITE_ENDPOINT=http://127.0.0.1:%d/v1 sh spec/support/display.sh timeout -k 5 60 love spec/bench/love_frames",
    quote("LUA_PATH=" .. love.checkout().LUA_PATH), quote("LUA_CPATH=" .. love.checkout().LUA_CPATH), quote(directory), case.mode,
    SECONDS, quote(directory .. "/got"), server.ports[case.port])
  local output, status = process.run(command)
  local figures = {}
  for figure in (output:match "([%d. ]+)%s*$" or ""):gmatch "[%d.]+" do
    figures[#figures + 1] = tonumber(figure)
  end
  if status ~= 0 or #figures ~= FIGURES or (case.mode ~= "none" and figures[FIGURES] == 0) then
    error(format("%s failed (%d): %s", case.name, status, output), 0)
  end
  if case.mode == "file" then
    assert(lfs.attributes(directory .. "/got", "size") == BYTES, "the file came in a wrong size")
  end
  return figures
end

local function median(values)
  table.sort(values)
  return values[math.floor(#values / 2) + 1]
end

local function run(server)
  local all = {}
  for _ = 1, ROUNDS do
    for index, case in ipairs(CASES) do
      all[index] = all[index] or {}
      for which, figure in ipairs(measure(case, server)) do
        all[index][which] = all[index][which] or {}
        table.insert(all[index][which], figure)
      end
    end
  end
  print(format("%d frames at 60 Hz, downloads of %d MB; milliseconds, medians of %d rounds", SECONDS * 60,
    BYTES / 1000000, ROUNDS))
  print "                           frame: median    p99   longest   poll: p99   longest   downloads"
  for index, case in ipairs(CASES) do
    local figures = {}
    for which = 1, FIGURES do
      figures[which] = median(all[index][which])
    end
    print(format("%-25s %15.2f %6.2f %9.2f %11.2f %9.2f %11d", case.name, (table.unpack or unpack)(figures)))
  end
end

love.build()
local server = nginx.start { http = SERVER, ports = 2, values = { FILE = makeFile() } }
local ok, problem = pcall(run, server)
server:stop()
process.removeDirectory(directory)
if not ok then
  error(problem, 0)
end
