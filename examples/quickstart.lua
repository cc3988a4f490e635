-- The main job: register, log in, store and list documents, upload and download a file, make a team.
--
-- `examples/run quickstart` starts a local server and runs this against it. For a server of your own set
-- APPWRITE_ENDPOINT, APPWRITE_PROJECT, and the ids below.

local appwrite = require "appwrite"

local ID, Query, Permission, Role = appwrite.ID, appwrite.Query, appwrite.Permission, appwrite.Role
local DATABASE, COLLECTION, BUCKET = "main", "scores", "files"

local client = appwrite.new {
  endpoint = os.getenv "APPWRITE_ENDPOINT",
  project = os.getenv "APPWRITE_PROJECT" or "sandbox",
}

local function say(...) print(string.format(...)) end

-- An account of its own for each run, so that it works any number of times.
local email, password = ("ada.%s@example.com"):format(ID.unique()), "correct horse battery"

local user = assert(client.account.registerUser {
  userId = ID.unique(), email = email, password = password, name = "Ada Lovelace",
})
say("registered  %s <%s>", user.name, user.email)

local _, err = client.account.createEmailPasswordSession { email = email, password = "wrong horse" }
say("refused     %s", tostring(err))

assert(client.account.createEmailPasswordSession { email = email, password = password })
say("logged in   as %s", assert(client.account.getCurrentUser()).name)

for level = 1, 3 do
  local document = assert(client.databases.createDocument {
    databaseId = DATABASE, collectionId = COLLECTION, documentId = ID.unique(),
    data = { player = user["$id"], level = level, points = level * 1000 },
    permissions = { Permission.read(Role.any()), Permission.update(Role.user(user["$id"])) },
  })
  say("stored      level %d with %d points", document.level, document.points)
end

local page = assert(client.databases.listUserDocuments {
  databaseId = DATABASE, collectionId = COLLECTION,
  queries = { Query.equal("player", user["$id"]), Query.greaterThan("points", 1500), Query.orderDesc "points" },
})
say("listed      %d of them above 1500 points, the best with %d", page.total, page.documents[1].points)

local text = "Hello from Lua.\n"
local file = assert(client.storage.createFile({
  bucketId = BUCKET, fileId = ID.unique(), file = appwrite.InputFile.fromString(text, "hello.txt"),
}, { onProgress = function(progress) say("uploading   %d%%", progress.progress) end }))
local bytes = assert(client.storage.getFileDownload { bucketId = BUCKET, fileId = file["$id"] })
say("downloaded  %s, %d bytes, %s", file.name, #bytes, bytes == text and "as they were" or "changed")

local team = assert(client.teams.createNewTeam { teamId = ID.unique(), name = "Analysts" })
say("made        the team %s with %d member", team.name, team.total)

assert(client.account.logoutSessionById { sessionId = "current" })
_, err = client.account.getCurrentUser()
say("logged out  %s", tostring(err))
