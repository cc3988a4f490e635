-- A chat in the terminal: what one types, all others see at once. Ctrl-D leaves.
--
--   examples/sandbox/sandbox run --port 8080                                   # in one terminal: a server
--   APPWRITE_ENDPOINT=http://127.0.0.1:8080/v1 examples/run chat ada           # in others: people

local appwrite = require "appwrite"
local uv = require "luv"
require("appwrite.loop.luv").attach()
local name = arg[1] or error("usage: chat.lua NAME", 0)
local client = appwrite.new { endpoint = os.getenv "APPWRITE_ENDPOINT", project = "sandbox" }
local realtime, databases = client.realtime, client.databases
local shown = {} -- by id: one that is fetched may come as an event, too

local function show(message)
  if not shown[message["$id"]] then
    print(((message.name .. ": " .. message.text):gsub("%c", " "))) -- it must not steer this terminal
  end
  shown[message["$id"]] = true
end

local function showLast()
  local page = appwrite.check(databases.listUserDocuments { databaseId = "main", collectionId = "messages",
    queries = { appwrite.Query.orderDesc "$createdAt", appwrite.Query.limit(100) } })
  for index = #page.documents, 1, -1 do
    show(page.documents[index])
  end
end

function realtime.onOpen() print "-- you are connected" end
function realtime.onClose(err) print("-- the connection is lost: " .. err.message) end
function realtime.onError(err) print("-- " .. tostring(err)) end
function realtime.onReconnect() appwrite.spawn(showLast) end -- meanwhile nothing came

local last = appwrite.spawn(function()
  appwrite.check(client.account.createAnonymousSession())
  realtime:subscribe(appwrite.Channel.documents("main", "messages"), function(event)
    if table.concat(event.events, " "):find "%.create" then show(event.payload) end
  end)
  showLast()
end)

-- One after the other, the first once the login is done.
local function send(before, text)
  before:await()
  if not text then return realtime:close() end
  local sent, err = databases.createDocument { databaseId = "main", collectionId = "messages",
    documentId = appwrite.ID.unique(), data = { name = name, text = text } }
  if not sent then print("-- not sent: " .. tostring(err)) end
end

io.stdout:setvbuf "line"
io.stdin:setvbuf "no" -- a line that C has read already is nothing to be waited for
local keyboard = uv.new_poll(0)
keyboard:start("r", function()
  local line = io.read "*l"
  last = appwrite.spawn(send, last, line)
  if not line then keyboard:close() end
end)
uv.run()
