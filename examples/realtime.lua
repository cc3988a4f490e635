-- Events from the server: a list of scores that follows what others write, by a callback and in a task.

local appwrite = require "appwrite"

local function open()
  local client = appwrite.new {
    endpoint = os.getenv "APPWRITE_ENDPOINT",
    project = os.getenv "APPWRITE_PROJECT" or "sandbox",
  }
  appwrite.check(client.account.createAnonymousSession())
  return client
end

local watcher, player = open(), open()
local SCORES = appwrite.Channel.documents("main", "scores")

-- With a callback: called by whatever drives the program.
watcher.realtime:subscribe(SCORES, function(event)
  print("callback:", event.payload.player, event.payload.points)
end)

-- In a task: each event in its turn. (`for event in sub:events() do` does the same, but not on Lua 5.1.)
local task = appwrite.spawn(function()
  local sub = watcher.realtime:subscribe(SCORES)
  for _ = 1, 3 do
    local event = appwrite.check(sub:wait(10))
    print("task:    ", event.payload.player, event.payload.points)
  end
  sub:close()
  return "all three came"
end)

watcher.realtime.onReconnect = function(since)
  print("events since then may be missing: fetch the list anew", since)
end

-- Somebody else plays, once the watcher is connected.
watcher.realtime.onOpen = function()
  appwrite.spawn(function()
    for points = 100, 300, 100 do
      appwrite.check(player.databases.createDocument {
        databaseId = "main", collectionId = "scores", documentId = appwrite.ID.unique(),
        data = { player = "ben", level = 1, points = points },
        permissions = { appwrite.Permission.read(appwrite.Role.any()) },
      })
    end
  end)
end

print(task:await(20))
