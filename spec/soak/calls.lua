-- calls.lua long|short: 1,000,000 calls over 64 connections, three in four in tasks and the rest with callbacks. One in a
-- hundred meets a fault, and none is tried again: so the errors are the faults.

local appwrite = require "appwrite"
local curl = require "appwrite.transport.curl"
local gauge = require "spec.soak.gauge"
local server = require "spec.soak.server"

local COUNT = ({ long = 1000000, short = 50000 })[arg[1]]
local LANES = 64

local running = server.start()
local client = appwrite.new {
  endpoint = running:endpoint "/v1", project = "soak", maxConnections = LANES, retry = false,
}
local ended = { results = 0, api = 0, network = 0, others = 0, twice = 0 }
local begun, done = 0, 0
local seen = gauge.new(COUNT, arg[1] == "short")

local function note(user, err, response)
  local kind = user and "results" or ended[err.kind] and err.kind or "others"
  if kind == "results" and (user["$id"] ~= "5e5ea5c16897e" or response.status ~= 200) or kind == "api" and err.code ~= 500 then
    kind = "others"
  end
  ended[kind] = ended[kind] + 1
  done = done + 1
  seen:look(done)
end

-- Three in four are without a body.
local function nextCall(...)
  begun = begun + 1
  if begun % 4 == 0 then
    return client.account.updatePrefs({ prefs = { theme = "dark" } }, ...)
  end
  return client.account.getCurrentUser({}, ...)
end

local function lane()
  while begun < COUNT do
    note(nextCall())
  end
end

local function callbackLane()
  if begun == COUNT then
    return
  end
  local isEnded = false
  nextCall(function(...)
    ended.twice = ended.twice + (isEnded and 1 or 0)
    isEnded = true
    note(...)
    callbackLane()
  end)
end

for index = 1, LANES do
  if index % 4 == 0 then
    callbackLane()
  else
    appwrite.spawn(lane)
  end
end
while done < begun or begun < COUNT do
  appwrite.poll(1)
end
appwrite.poll()
collectgarbage()
collectgarbage()

local counts, left = running:counts(), curl.stats()
running:stop()
seen:judge(("%d calls, %d of them with a fault: %d results, %d errors"):format(COUNT,
  counts.error + counts.cut + counts.close + counts.reset, ended.results, done - ended.results), {
  ["calls that ended"] = { done, COUNT },
  ["requests that the server got"] = { counts.requests, COUNT },
  ["results and errors of the expected kinds"] = { ended.results + ended.api + ended.network, COUNT },
  ["errors of kind api"] = { ended.api, counts.error },
  ["errors of kind network"] = { ended.network, counts.cut + counts.close + counts.reset },
  ["faults"] = { counts.error + counts.cut + counts.close + counts.reset, COUNT / 100 - counts.due },
  ["calls that ended twice"] = { ended.twice, 0 },
  ["requests left in the core"] = { left.requests, 0 },
  ["transfers left in the core"] = { left.transfers, 0 },
})
