-- cancels.lua long|short: 1,000 tasks a second for 5 minutes, each with a call and each cancelled: before it has run, while
-- its call waits for its turn, while it waits for the answer, or in the middle of that.

local appwrite = require "appwrite"
local curl = require "appwrite.transport.curl"
local gauge = require "spec.soak.gauge"
local scheduler = require "appwrite.scheduler"
local server = require "spec.soak.server"

local RATE = 1000 -- a second
local SECONDS = ({ long = 300, short = 10 })[arg[1]]
local COUNT = RATE * SECONDS
local CONNECTIONS = 12 -- fewer than there would be calls under way
-- Seconds after its beginning at which a task is cancelled, in turn. The answer's head comes after 20 ms, its end after 40,
-- and a new connection takes some time too: the last ones end by themselves where they have a connection at once.
local AGES = { 0, 0.001, 0.005, 0.015, 0.022, 0.03, 0.035 }

local running = server.start()
local client = appwrite.new {
  endpoint = running:endpoint "/slow", project = "soak", maxConnections = CONNECTIONS, retry = false,
}
local counted = { cancelled = 0, answered = 0, others = 0, refused = 0, twice = 0 }
local begun, ended = 0, 0
local seen = gauge.new(COUNT, arg[1] == "short")

-- By age: what is to be cancelled, the oldest first.
local queues = {}
for index in ipairs(AGES) do
  queues[index] = { first = 1, last = 0 }
end

local function begin(now)
  local index = begun % #AGES + 1
  begun = begun + 1
  local isEnded = false
  local task = appwrite.spawn(function()
    local user, err = client.account.getCurrentUser()
    counted.twice = counted.twice + (isEnded and 1 or 0)
    isEnded = true
    counted.answered = counted.answered + (user and 1 or 0)
    counted.others = counted.others + (err and 1 or 0)
  end)
  if AGES[index] == 0 then
    return task
  end
  local queue = queues[index]
  queue.last = queue.last + 1
  queue[queue.last] = { task = task, at = now + AGES[index] }
  return nil
end

local function cancel(task)
  ended = ended + 1
  if not task:cancel() then
    counted.refused = counted.refused + (task.status == "done" and 1 or 0)
    return
  end
  local user, err = task:await()
  local isRight = user == nil and err.kind == "cancelled" and task.status == "cancelled"
  counted.cancelled = counted.cancelled + (isRight and 1 or 0)
end

local function cancelDue(now)
  for _, queue in ipairs(queues) do
    while queue.first <= queue.last and queue[queue.first].at <= now do
      local entry = queue[queue.first]
      queue[queue.first] = nil
      queue.first = queue.first + 1
      cancel(entry.task)
    end
  end
end

local start = scheduler.now()
while ended < COUNT do
  local now = scheduler.now()
  while begun < COUNT and begun < (now - start) * RATE do
    local task = begin(now)
    if task then
      cancel(task)
    end
  end
  cancelDue(now)
  seen:look(ended)
  appwrite.poll(0.001)
end
local took = scheduler.now() - start
appwrite.run()
collectgarbage()
collectgarbage()

local left = curl.stats()
running:stop()
seen:judge(("%d tasks in %.0f s: %d cancelled, %d answered before"):format(COUNT, took, counted.cancelled,
  counted.answered), {
  ["tasks that ended"] = { counted.cancelled + counted.refused, COUNT },
  ["tasks that were answered before"] = { counted.answered, counted.refused },
  ["tasks that ended otherwise"] = { counted.others, 0 },
  ["tasks that ended twice"] = { counted.twice, 0 },
  ["whether most were cancelled"] = { counted.cancelled > COUNT / 2, true },
  ["requests left in the core"] = { left.requests, 0 },
  ["transfers left in the core"] = { left.transfers, 0 },
})
