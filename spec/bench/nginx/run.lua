-- Runs the benchmarks named in the arguments, or all. Rounds are short and take turns, so that what else the machine
-- does hits all alike; what is printed are medians of the rounds.

local process = require "spec.support.process"
local raw = require "spec.support.raw_http"
local socket = require "socket"
local workers = require "spec.support.nginx_workers"

local format = string.format

local ROUNDS = tonumber(os.getenv "ROUNDS" or 7)
local SECONDS = 1 -- of one round
local TICK = 0.01 -- seconds of CPU time, as /proc counts it
local PROBE = "spec/bench/nginx/probe.lua"

local BACK = [[
  keepalive_requests 1000000000;
  server {
    listen 127.0.0.1:%PORT1% backlog=4096;
    default_type application/json;
    location = /v1/account { content_by_lua_block { require("spec.bench.nginx.handlers").user() } }
    location = /v1/slow { content_by_lua_block { require("spec.bench.nginx.handlers").user(190, 210) } }
    location = /v1/steady { content_by_lua_block { require("spec.bench.nginx.handlers").user(200, 200) } }
  }
]]

local FRONT = [[
  keepalive_requests 1000000000;
  init_by_lua_block { require("spec.bench.nginx.handlers").open(%BACK%) }
  server {
    listen 127.0.0.1:%PORT1% backlog=4096;
    location = /plain { content_by_lua_block { ngx.print "hello" } }
    location = /fast { content_by_lua_block { require("spec.bench.nginx.handlers").fast() } }
    location = /alone/fast { content_by_lua_block { require("spec.bench.nginx.handlers").alone() } }
    location = /by-hand/fast { content_by_lua_block { require("spec.bench.nginx.handlers").byHand "/account" } }
    location ~ ^/(slow|steady)$ { content_by_lua_block { require("spec.bench.nginx.handlers").raw(ngx.var.uri) } }
    location ~ ^/by-hand/(slow|steady)$ { content_by_lua_block { require("spec.bench.nginx.handlers").byHand("/" .. ngx.var[1]) } }
  }
]]

-- Measuring -----------------------------------------------------------------------------------------------------------

local UNITS = { us = 1, ms = 1000, s = 1000000 }

local function microseconds(text, percentile)
  local value, unit = text:match(percentile .. "%%%s+([%d.]+)(%a+)")
  return assert(tonumber(value) and UNITS[unit] and value * UNITS[unit], text)
end

local function wrkCommand(front, path, connections, seconds, more)
  return format("wrk -t1 -c%d -d%ds --latency %s http://127.0.0.1:%d%s", connections, seconds, more or "", front.port, path)
end

local function parse(text)
  local count = tonumber(text:match "(%d+) requests in")
  if not count or text:find("Non-2xx", 1, true) or text:find("Socket errors", 1, true) then
    error("wrk: " .. text, 0)
  end
  return {
    count = count, rate = tonumber(text:match "Requests/sec:%s+([%d.]+)"),
    middle = microseconds(text, "50"), high = microseconds(text, "99"),
  }
end

local function worker(front)
  return front:workers()[1]
end

-- Seconds of CPU time so far, all threads together.
local function cpu(id)
  local file = assert(io.open(format("/proc/%d/stat", id)))
  local rest = file:read("*a"):match "%) (.*)$"
  file:close()
  local fields = {}
  for field in rest:gmatch "%S+" do
    fields[#fields + 1] = field
  end
  return (fields[12] + fields[13]) * TICK -- utime and stime, the 14th and 15th of the line
end

local function load(front, path, connections)
  local id = worker(front)
  local before = cpu(id)
  local found = parse((process.run(wrkCommand(front, path, connections, SECONDS))))
  found.cpu = (cpu(id) - before) / found.count * 1e6
  return found
end

local function median(values)
  table.sort(values)
  return values[math.floor(#values / 2) + 1]
end

-- Medians of what each function tells, round by round in turn.
local function inTurn(functions)
  local all = {}
  for index in ipairs(functions) do
    all[index] = {}
  end
  for _ = 1, ROUNDS do
    for index, run in ipairs(functions) do
      for name, value in pairs(run()) do
        all[index][name] = all[index][name] or {}
        table.insert(all[index][name], value)
      end
    end
  end
  for _, found in ipairs(all) do
    for name, values in pairs(found) do
      found[name] = median(values)
    end
  end
  return all
end

-- The benchmarks ------------------------------------------------------------------------------------------------------

local back, front, sleeping

local benches = {}

local function besides(path)
  return function()
    local pipe = path and assert(io.popen(wrkCommand(front, path, 200, SECONDS + 1)))
    if pipe then
      socket.sleep(0.5) -- until all of them wait
    end
    local found = parse((process.run(wrkCommand(front, "/plain", 2, SECONDS, "-s " .. PROBE))))
    if pipe then
      parse(pipe:read "*a")
      pipe:close()
    end
    return found
  end
end

-- An unrelated location while 200 requests wait, each for 200 ms: some 1,000 calls a second, spread as between people, or
-- 200 at the very same moment.
function benches.waiting()
  local found = inTurn {
    besides(nil), besides "/by-hand/slow", besides "/slow", besides "/by-hand/steady", besides "/steady",
  }
  print "an unrelated location, µs                       median     p99   p99 over nothing else"
  for index, name in ipairs {
    "nothing else", "200 wait 190 to 210 ms, by hand", "200 wait 190 to 210 ms, library", "200 answered together, by hand",
    "200 answered together, library",
  } do
    print(format("  %-44s %8.0f %7.0f %+12.0f", name, found[index].middle, found[index].high,
      found[index].high - found[1].high))
  end
  print "  aim: within 2,000"
end

-- Call the API and return JSON. Beside it one handle of libcurl that blocks the worker: a library on libcurl uses no less CPU.
function benches.calls()
  print "connections            requests/s   median µs      p99 µs   CPU µs/request"
  for _, connections in ipairs { 1, 16, 64 } do
    local found = inTurn {
      function() return load(front, "/by-hand/fast", connections) end,
      function() return load(front, "/fast", connections) end,
      function() return load(front, "/alone/fast", connections) end,
    }
    for index, name in ipairs { "by hand", "library", "libcurl alone" } do
      local one = found[index]
      print(format("  %3d  %-14s %13.0f %11.0f %11.0f %16.1f", connections, name, one.rate, one.middle, one.high, one.cpu))
    end
    print(format("  %3d  library over by hand: %.0f %% of the requests (aim: 70), %+.0f µs at the median; CPU %.2f of libcurl alone",
      connections, found[2].rate / found[1].rate * 100, found[2].middle - found[1].middle, found[2].cpu / found[3].cpu))
  end
end

-- Sleeps and CPU of the worker in a second.
local function second(one)
  local id = worker(one)
  local sleeps, seconds = workers.sleeps(id), cpu(id)
  socket.sleep(1)
  return { sleeps = workers.sleeps(id) - sleeps, cpu = (cpu(id) - seconds) * 1000 }
end

-- A thread that waits for the sockets, against looking every millisecond.
function benches.waking()
  print "connections            requests/s   median µs      p99 µs   CPU µs/request"
  for _, connections in ipairs { 1, 4, 16, 64 } do
    local found = inTurn {
      function() return load(sleeping, "/fast", connections) end,
      function() return load(front, "/fast", connections) end,
    }
    for index, name in ipairs { "milliseconds", "thread" } do
      local one = found[index]
      print(format("  %3d  %-14s %13.0f %11.0f %11.0f %16.1f", connections, name, one.rate, one.middle, one.high, one.cpu))
    end
  end
  local function slowly(one)
    return function()
      local pipe = assert(io.popen(wrkCommand(one, "/slow", 1, 2)))
      socket.sleep(0.5)
      local found = second(one)
      pipe:close()
      return found
    end
  end
  local found = inTurn { slowly(sleeping), slowly(front) }
  print "one call at a time to a server that takes 200 ms   wake-ups/s   CPU ms/s"
  for index, name in ipairs { "milliseconds", "thread" } do
    print(format("  %-46s %12.0f %10.1f", name, found[index].sleeps, found[index].cpu))
  end
end

-- A worker after its calls.
function benches.idle()
  for _, one in ipairs { sleeping, front } do
    for _ = 1, 20 do
      assert(raw.ask(one.port, "/fast").status == 200)
    end
  end
  socket.sleep(0.5)
  local found = inTurn { function() return second(sleeping) end, function() return second(front) end }
  print "an idle worker                                     wake-ups/s   CPU ms/s"
  for index, name in ipairs { "milliseconds", "thread" } do
    print(format("  %-46s %12.0f %10.1f", name, found[index].sleeps, found[index].cpu))
  end
end

local ORDER = { "waiting", "calls", "waking", "idle" }

local chosen = arg[1] and arg or ORDER
for _, name in ipairs(chosen) do
  if not benches[name] then
    io.stderr:write(format('there is no benchmark "%s"; there are %s\n', name, table.concat(ORDER, ", ")))
    os.exit(2)
  end
end

back = workers.start { http = BACK }
front = workers.start {
  http = FRONT, main = "thread_pool default threads=2;", values = { BACK = tostring(back.port) },
}
sleeping = workers.start { http = FRONT, values = { BACK = tostring(back.port) } }
for index = 1, #chosen do
  benches[chosen[index]]()
end
for _, one in ipairs { front, sleeping, back } do
  one:stop()
end
