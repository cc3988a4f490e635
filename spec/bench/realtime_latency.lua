-- realtime_latency.lua ENDPOINT PROJECT CLIENTS EACH WRITES PAUSE : writes documents, and prints how many events came to
-- the subscriptions, how many of them twice or out of order, and the milliseconds from a write's answer to the callback:
-- median, 99th percentile and longest, first of the fastest subscription for each write, then of all.

local appwrite = require "appwrite"
local now = require("appwrite.scheduler").now

local endpoint, project = arg[1], arg[2]
local CLIENTS, EACH, WRITES, PAUSE = tonumber(arg[3]), tonumber(arg[4]), tonumber(arg[5]), tonumber(arg[6])
local DOCUMENTS = 20
local PATIENCE = 30 -- seconds without an event that is missing
local CHANNEL = appwrite.Channel.documents("main", "scores")

local clients = {}
local events, wrong = 0, 0
local firstAt, arrivals, answeredAt = {}, {}, {}

-- Each write has a number of its own, and a document's numbers only grow.
local function watch(client)
  local last = {}
  client.realtime:subscribe(CHANNEL, function(event)
    local write, id = event.payload.points, event.payload["$id"]
    local at = now()
    events = events + 1
    wrong = wrong + ((last[id] or 0) >= write and 1 or 0)
    last[id] = write
    firstAt[write] = firstAt[write] or at
    arrivals[#arrivals + 1] = { write, at }
  end)
end

for index = 1, CLIENTS do
  clients[index] = appwrite.new { endpoint = endpoint, project = project }
  for _ = 1, EACH do
    watch(clients[index])
  end
end

local function allLive()
  for _, client in ipairs(clients) do
    if client.realtime:state() ~= "live" then
      return false
    end
  end
  return true
end

local writer = appwrite.new { endpoint = endpoint, project = project }

local function write(number, ids)
  local place = number % DOCUMENTS + 1
  if ids[place] then
    assert(writer.databases.updateDocumentById { databaseId = "main", collectionId = "scores", documentId = ids[place],
      data = { points = number } })
  else
    ids[place] = assert(writer.databases.createDocument {
      databaseId = "main", collectionId = "scores", documentId = appwrite.ID.unique(),
      data = { player = "ada", level = 1, points = number },
      permissions = { appwrite.Permission.read(appwrite.Role.any()), appwrite.Permission.update(appwrite.Role.users()) },
    })["$id"]
  end
  answeredAt[number] = now()
end

local wanted = CLIENTS * EACH * WRITES
local begin, finish

appwrite.run(function()
  while not allLive() do
    appwrite.sleep(0.01)
  end
  assert(writer.account.createAnonymousSession())
  local ids = {}
  begin = now()
  for number = 1, WRITES do
    write(number, ids)
    appwrite.sleep(PAUSE)
  end
  local deadline = now() + PATIENCE
  while events < wanted and now() < deadline do
    appwrite.sleep(0.01)
  end
  finish = now()
  for _, client in ipairs(clients) do
    client.realtime:close()
  end
end)

local function figures(list)
  table.sort(list)
  local function at(share)
    return list[math.max(1, math.ceil(#list * share))] * 1000
  end
  return ("%.2f %.2f %.2f"):format(at(0.5), at(0.99), at(1))
end

-- One that was there before the answer took no time.
local fastest, all = {}, {}
for number, at in pairs(firstAt) do
  fastest[#fastest + 1] = math.max(0, at - answeredAt[number])
end
for index, arrival in ipairs(arrivals) do
  all[index] = math.max(0, arrival[2] - answeredAt[arrival[1]])
end
print(("%d %d %d %s %s %.2f"):format(wanted, events, wrong, figures(fastest), figures(all), finish - begin))
