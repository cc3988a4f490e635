-- clients.lua long|short: 10,000 clients made and dropped, eight at a time. Half wait for the answer to their call; of the
-- others the call is under way when they are dropped, and each second of these is cancelled. One in twenty has a
-- subscription, which is closed or cut off.

local appwrite = require "appwrite"
local curl = require "appwrite.transport.curl"
local gauge = require "spec.soak.gauge"
local server = require "spec.soak.server"

local COUNT = ({ long = 10000, short = 2000 })[arg[1]]
local LANES = 8
local ENDPOINTS = 50 -- each has its own limit of realtime connections a minute

local running = server.start()
local counted = { answered = 0, failed = 0, cancelled = 0, others = 0, twice = 0, opened = 0, ended = 0 }
local begun, done, pending = 0, 0, 0
local seen = gauge.new(COUNT, arg[1] == "short")

local function kindOf(user, err)
  if user then
    return "answered"
  elseif err.kind == "cancelled" then
    return "cancelled"
  end
  return (err.kind == "api" or err.kind == "network") and "failed" or "others"
end

local function count(user, err)
  local kind = kindOf(user, err)
  counted[kind] = counted[kind] + 1
end

local function callAndDrop(client, isCancelled)
  local isEnded = false
  pending = pending + 1
  local call = client.account.getCurrentUser({}, function(user, err)
    counted.twice = counted.twice + (isEnded and 1 or 0)
    isEnded = true
    pending = pending - 1
    count(user, err)
  end)
  if isCancelled then
    appwrite.sleep(0.001) -- it is sent meanwhile, but not answered: of a slow server
    call:cancel()
  end
end

-- Until it is connected, in a task.
local function subscribe(client)
  local isOpen = false
  local sub = client.realtime:subscribe("documents", { onOpen = function() isOpen = true end })
  while not isOpen do
    assert(sub.status ~= "stopped", sub.err)
    appwrite.sleep(0.005)
  end
  counted.opened = counted.opened + 1
  return sub
end

local function live(number)
  local isCancelled = number % 4 == 1
  local client = appwrite.new {
    endpoint = running:endpoint(("%s/%d/v1"):format(isCancelled and "/slow" or "", number % ENDPOINTS)),
    project = "soak", retry = false,
  }
  local sub = number % 20 < 2 and number % 40 < 20 and subscribe(client) or nil
  if number % 4 == 0 then
    count(client.account.updatePrefs { prefs = { theme = "dark" } })
  elseif number % 4 == 2 then
    count(client.account.getCurrentUser())
  else
    callAndDrop(client, isCancelled)
  end
  if sub then
    sub:close()
    counted.ended = counted.ended + 1
  end
end

local function lane()
  while begun < COUNT do
    begun = begun + 1
    live(begun)
    done = done + 1
    seen:look(done)
  end
end

for _ = 1, LANES do
  appwrite.spawn(lane)
end
appwrite.run()
collectgarbage()
collectgarbage()

local counts, left = running:counts(), curl.stats()
local faults = counts.error + counts.cut + counts.close + counts.reset
running:stop()
seen:judge(("%d clients, %d with a subscription: %d calls answered, %d failed for %d faults, %d cancelled"):format(COUNT,
  counted.opened, counted.answered, counted.failed, faults, counted.cancelled), {
  ["calls that ended"] = { counted.answered + counted.failed + counted.cancelled, COUNT },
  ["calls that failed"] = { counted.failed, faults },
  ["calls that were cancelled"] = { counted.cancelled, COUNT / 4 },
  ["calls that end after all"] = { pending, 0 },
  ["calls that ended twice"] = { counted.twice, 0 },
  ["subscriptions"] = { counted.opened, COUNT / 20 },
  ["subscriptions that ended"] = { counted.ended, COUNT / 20 },
  ["clients left in the core"] = { left.clients, 0 },
  ["requests left in the core"] = { left.requests, 0 },
  ["transfers left in the core"] = { left.transfers, 0 },
})
