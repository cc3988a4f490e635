-- The game's code: saves three scores one after another, then reads the best ones, while the frames go on.

local appwrite = require "appwrite"

local ID, Query = appwrite.ID, appwrite.Query
local DATABASE, COLLECTION = "main", "scores"

local client = appwrite.new {
  endpoint = os.getenv "APPWRITE_ENDPOINT",
  project = os.getenv "APPWRITE_PROJECT" or "sandbox",
}

local frame = 0

local function say(text, ...)
  print(("frame %3d  " .. text):format(frame, ...))
end

local task = appwrite.spawn(function()
  local player = assert(client.account.createAnonymousSession()).userId
  say "logged in"
  for level = 1, 3 do
    local score = assert(client.databases.createDocument {
      databaseId = DATABASE, collectionId = COLLECTION, documentId = ID.unique(),
      data = { player = player, level = level, points = level * 1000 },
    })
    say("saved %d points", score.points)
    appwrite.sleep(0.1) -- the next level is played
  end
  local page = assert(client.databases.listUserDocuments {
    databaseId = DATABASE, collectionId = COLLECTION,
    queries = { Query.equal("player", player), Query.orderDesc "points", Query.limit(10) },
  })
  for place, score in ipairs(page.documents) do
    say("%d. level %d, %d points", place, score.level, score.points)
  end
end)

-- Called for every frame; what it gives back says whether the game goes on.
return function()
  frame = frame + 1
  if task.status == "running" then
    return true
  end
  task:await() -- raises what went wrong in it
  return false
end
