--- Everything that goes to the server and comes from it.
--
-- Nothing here blocks: what waits is a task or a callback, and the game goes on meanwhile. It reads what is known so
-- far from the fields of this module, every frame anew.

local appwrite = require "appwrite"

local Query = appwrite.Query

local TOP = 10

local client = appwrite.new {
  endpoint = os.getenv "APPWRITE_ENDPOINT",
  project = os.getenv "APPWRITE_PROJECT" or "sandbox",
  connectTimeout = 5,
  timeout = 10,
}
local account, databases = client.account, client.databases

---@class Score
---@field player string
---@field level integer
---@field points integer

local online = {
  busy = false, ---@type boolean     a task is under way
  user = nil, ---@type string?       id of the account, once logged in
  problem = nil, ---@type string?    why the last try failed
  rows = nil, ---@type table[]?      documents of the best players, once known
  mine = nil, ---@type table?        the player's own document, and its rank
  unsent = nil, ---@type Score?      not on the server yet
}

local name = "" -- the player's, as typed
local loggedIn -- the name that the account has

-- The collection's ids, and what an operation needs beside them.
local function scores(fields)
  fields.databaseId, fields.collectionId = "main", "scores"
  return fields
end

-- Below, each function waits for its calls, and raises where one fails: all run in the task that `online.sync` starts.

local function logIn()
  if online.user then -- as somebody else
    assert(account.logoutSessionById { sessionId = "current" })
    online.user, online.mine = nil, nil
  end
  local wanted = name
  local session = assert(account.createAnonymousSession())
  online.user, loggedIn = session.userId, nil
  assert(account.updateNameOperation { name = wanted })
  loggedIn = wanted
end

-- nil where the player has none yet.
local function ownDocument()
  local document, err = databases.getDocumentById(scores { documentId = online.user })
  if not document and err.code ~= 404 then
    error(err, 0)
  end
  return document
end

-- One document a player, under the id of the account: so it is the player's best, and found without a search.
local function send(score)
  local stored = ownDocument()
  if not stored then
    assert(databases.createDocument(scores { documentId = online.user, data = score }))
  elseif score.points > stored.points then
    assert(databases.updateDocumentById(scores { documentId = online.user, data = score }))
  end
end

local function best()
  return scores { queries = { Query.orderDesc "points", Query.limit(TOP) } }
end

local function fetchTop()
  return assert(databases.listUserDocuments(best())).documents
end

local function fetchMine()
  local document = ownDocument()
  if not document then
    return nil
  end
  local better = scores { queries = { Query.greaterThan("points", document.points), Query.limit(1) } }
  document.rank = assert(databases.listUserDocuments(better)).total + 1
  return document
end

-- A score that somebody has stored, in its place among the best.
local function merge(document)
  local rows, place = {}, 1
  for _, row in ipairs(online.rows) do
    if row["$id"] ~= document["$id"] then
      rows[#rows + 1] = row
    end
  end
  while rows[place] and rows[place].points >= document.points do
    place = place + 1
  end
  table.insert(rows, place, document)
  rows[TOP + 1] = nil
  online.rows = rows
end

local watching

-- From the first login on what the others store comes by itself. The connection comes back by itself, too; what was
-- stored meanwhile is then fetched.
local function watch()
  if watching then
    return
  end
  client.realtime.onReconnect = online.refresh
  client.realtime.onError = print -- for whoever started the game in a terminal
  watching = client.realtime:subscribe(appwrite.Channel.documents("main", "scores"), function(event)
    if event.events[1]:find "%.delete$" then
      online.refresh() -- somebody moves up
    elseif online.rows then
      merge(event.payload)
    end
  end)
end

local function work()
  if not online.user or loggedIn ~= name then
    logIn()
  end
  watch()
  local score = online.unsent
  if score and score.player == name then
    send(score)
    if online.unsent == score then -- no other game has ended meanwhile
      online.unsent = nil
    end
  end
  online.rows, online.mine = appwrite.all { fetchTop, fetchMine }
end

local AWAY = {
  network = "The server is away (no connection). You can play on.",
  timeout = "The server is away (no answer). You can play on.",
  tls = "The server cannot be trusted (its certificate). You can play on.",
}

-- The player reads a line, whoever started the game in a terminal the whole story.
local function failed(err)
  print(err)
  online.problem = AWAY[err.kind] or err.message
  if err.code == 401 then -- the session is over; the next try begins a new one
    client:forget()
    online.user = nil
  end
end

local again = false

---Log in, store what is not stored yet, and fetch the list: whatever is still to be done.
function online.sync()
  if online.busy then
    again = true
    return
  end
  online.busy = true
  appwrite.spawn(function()
    local ok, err = pcall(work)
    online.busy = false
    local more = ok and again
    again = false
    if ok then
      online.problem = nil
    elseif appwrite.Error.is(err) then
      failed(err)
    else
      error(err, 0) -- a mistake in here
    end
    if more then
      online.sync()
    end
  end)
end

---@param player string the name to play under
function online.logIn(player)
  name = player
  if not online.user or loggedIn ~= player then
    online.sync()
  end
end

---Store the score of a game; it is kept until that succeeds.
---@param points integer
---@param level integer
function online.submit(points, level)
  local before = online.unsent
  if not before or before.player ~= name or points > before.points then
    online.unsent = { player = name, level = level, points = points }
  end
  online.sync()
end

---Fetch the list anew, with a callback for a change: a single call needs no task of one's own.
function online.refresh()
  if online.busy or not online.user then
    return
  end
  databases.listUserDocuments(best(), function(page, err)
    if page then
      online.rows, online.problem = page.documents, nil
    else
      failed(err)
    end
  end)
end

return online
