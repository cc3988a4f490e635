-- Run by love_frames.lua: draws at 60 frames a second for a while, downloads meanwhile or not, and says how long the
-- frames took. From the environment: BENCH_MODE is "none", "memory" or "file"; BENCH_SECONDS; BENCH_FILE; and
-- APPWRITE_ENDPOINT.

-- luacheck: std max+love

local appwrite = require "appwrite"

local MODE = assert(os.getenv "BENCH_MODE")
local SECONDS = assert(tonumber(os.getenv "BENCH_SECONDS"))
local FRAME = 1 / 60 -- seconds
local WARM_UP = 60 -- frames
local SPIN = 0.002 -- seconds before a frame in which the timer is asked, since a sleep may be too long by as much

local now = love.timer.getTime
local client = appwrite.new { endpoint = os.getenv "APPWRITE_ENDPOINT", project = "bench" }
local downloads, bytes = 0, 0
local over = false

local function download()
  local options = MODE == "file" and { to = os.getenv "BENCH_FILE" } or {}
  local result, err = client.storage.getFileDownload({ bucketId = "files", fileId = "big" }, options)
  if not result then
    error(err, 0)
  end
  downloads = downloads + 1
  bytes = bytes + (type(result) == "string" and #result or 0)
end

appwrite.onError(function(message)
  io.stderr:write(message, "\n")
  os.exit(1)
end)

local function draw()
  love.graphics.clear(0.05, 0.05, 0.1)
  for index = 1, 200 do
    local angle = now() + index
    love.graphics.rectangle("fill", 400 + 300 * math.cos(angle), 300 + 200 * math.sin(angle * 1.3), 12, 12)
  end
  love.graphics.print(downloads, 10, 10)
  love.graphics.present()
end

local function waitUntil(at)
  if at - now() > SPIN then
    love.timer.sleep(at - now() - SPIN)
  end
  while now() < at do -- luacheck: ignore 542
  end
end

local function percentile(sorted, share)
  return sorted[math.max(1, math.ceil(#sorted * share))] * 1000
end

-- Milliseconds: of a frame from its begin to the next, and of the library's part in it.
local function tell(frames, polls)
  table.sort(frames)
  table.sort(polls)
  print(("%.3f %.3f %.3f %.3f %.3f %d"):format(percentile(frames, 0.5), percentile(frames, 0.99), frames[#frames] * 1000,
    percentile(polls, 0.99), polls[#polls] * 1000, downloads))
end

function love.run()
  local frames, polls, count = {}, {}, 0
  local begin = now()
  return function()
    love.event.pump()
    for name, status in love.event.poll() do
      if name == "quit" then
        return status or 0
      end
    end
    count = count + 1
    if count == WARM_UP and MODE ~= "none" then
      appwrite.spawn(function()
        while not over do
          download()
        end
      end)
    end
    local before = now()
    appwrite.poll()
    local polled = now() - before
    draw()
    waitUntil(begin + FRAME)
    local nextBegin = now()
    if count >= WARM_UP then
      frames[#frames + 1], polls[#polls + 1] = nextBegin - begin, polled
    end
    begin = nextBegin
    if #frames >= SECONDS / FRAME then
      over = true
      tell(frames, polls)
      return 0
    end
  end
end
