-- A chat in the terminal: what one types, all others see at once. Ctrl-D leaves.
--
--   examples/sandbox/sandbox run --port 8080                             # in one terminal: a server
--   export APPWRITE_ENDPOINT=http://127.0.0.1:8080/v1                    # in all others
--   examples/run chat ada
--
-- The keyboard and the network are waited for by libuv's loop. Stop the server: the chat says so, comes back with it,
-- and shows what was said meanwhile.

local appwrite = require "appwrite"
local uv = require "luv"

require("appwrite.loop.luv").attach()

local ID, Query = appwrite.ID, appwrite.Query
local DATABASE, COLLECTION = "main", "messages"
local HISTORY = 20 -- messages shown to begin with
local name = arg[1] or error("usage: chat.lua NAME", 0)

local client = appwrite.new {
  endpoint = os.getenv "APPWRITE_ENDPOINT",
  project = os.getenv "APPWRITE_PROJECT" or "sandbox",
}
local databases, realtime = client.databases, client.realtime

local function say(...)
  print((...):format(select(2, ...)))
  io.stdout:flush()
end

-- Messages ------------------------------------------------------------------------------------------------------------

local shown = {} -- by id: one that is fetched may come as an event, too
local latest -- when the last one was made

-- What others send must not steer this terminal.
local function clean(text)
  return (text:gsub("%c", " "))
end

local function show(message)
  if shown[message["$id"]] then
    return
  end
  shown[message["$id"]] = true
  latest = message["$createdAt"]
  say("%s: %s", clean(message.name), clean(message.text))
end

local function messages(fields)
  fields.databaseId, fields.collectionId = DATABASE, COLLECTION
  return fields
end

local function showHistory()
  local page = assert(databases.listUserDocuments(messages {
    queries = { Query.orderDesc "$createdAt", Query.limit(HISTORY) },
  }))
  for index = #page.documents, 1, -1 do
    show(page.documents[index])
  end
end

-- While there was no connection nothing came.
local function showMissed()
  local queries = { Query.orderAsc "$createdAt" }
  if latest then
    queries[2] = Query.greaterThanEqual("$createdAt", latest)
  end
  local nextMessage = client:each("databases.listUserDocuments", messages { queries = queries })
  local message = nextMessage() -- called by hand, since a `for` of Lua 5.1 cannot wait in a task
  while message do
    show(message)
    message = nextMessage()
  end
end

-- Realtime ------------------------------------------------------------------------------------------------------------

local CREATED = "databases.*.collections.*.documents.*.create"

local function isCreation(event)
  for _, own in ipairs(event.events) do
    if own == CREATED then
      return true
    end
  end
  return false
end

realtime.onOpen = function()
  say "-- you are connected"
end

realtime.onClose = function(err)
  say("-- the connection is lost (%s); another try in %.0f s", err.message, err.retryAfter or 0)
end

realtime.onError = function(err)
  say("-- %s", tostring(err))
end

realtime.onReconnect = function()
  appwrite.spawn(showMissed)
end

local entry = appwrite.spawn(function()
  assert(client.account.createAnonymousSession())
  assert(client.account.updateNameOperation { name = name })
  realtime:subscribe(appwrite.Channel.documents(DATABASE, COLLECTION), function(event)
    if isCreation(event) then
      show(event.payload)
    end
  end)
  showHistory()
end)

-- The keyboard --------------------------------------------------------------------------------------------------------

local function send(text)
  entry:await() -- who types fast may be ahead of the login
  local sent, err = databases.createDocument(messages { documentId = ID.unique(), data = { name = name, text = text } })
  if not sent then
    say("-- not sent: %s", tostring(err))
  end
end

local sending = setmetatable({}, { __mode = "k" }) -- tasks

local function leave()
  for task in pairs(sending) do
    task:await()
  end
  realtime:close()
end

local input = uv.guess_handle(0) == "tty" and uv.new_tty(0, true) or uv.new_pipe(false)
if uv.guess_handle(0) ~= "tty" then
  assert(input:open(0))
end

local unfinished = ""

input:read_start(function(problem, bytes)
  if problem or not bytes then -- the end of it
    input:close()
    appwrite.spawn(leave)
    return
  end
  unfinished = unfinished .. bytes
  for line in unfinished:gmatch "([^\n]*)\n" do
    if line:find "%S" then
      sending[appwrite.spawn(send, line)] = true
    end
  end
  unfinished = unfinished:match "[^\n]*$"
end)

uv.run()
