-- pages_walk.lua ENDPOINT PROJECT HOW: goes through all documents ("each", "ahead", or "loop": by hand); prints wall
-- and CPU seconds, how many documents and requests there were, and the largest growth of the Lua heap in KiB.

local appwrite = require "appwrite"
local core = require "appwrite.core"

local Query = appwrite.Query
local SIZE = 100
local WHERE = { databaseId = "main", collectionId = "scores" }

local client = appwrite.new { endpoint = arg[1], project = arg[2], key = "sandbox-key" }
local requests, seen, most = 0, 0, 0

-- A request counts when its page is first seen.
local lastPage
local function use(document, page)
  assert(document["$id"])
  seen = seen + 1
  if page ~= lastPage then
    requests, lastPage = requests + 1, page
    most = math.max(most, collectgarbage "count")
  end
end

local walks = {}

function walks.each(given)
  for document, page in client:each("databases.listUserDocuments", WHERE, given or { pageSize = SIZE }) do
    use(document, page)
  end
end

function walks.ahead()
  walks.each { pageSize = SIZE, prefetch = true }
end

function walks.loop()
  local queries = { Query.limit(SIZE) }
  repeat
    local page = assert(client.databases.listUserDocuments {
      databaseId = "main", collectionId = "scores", queries = queries,
    })
    for _, document in ipairs(page.documents) do
      use(document, page)
    end
    local last = page.documents[#page.documents]
    queries = { Query.limit(SIZE), last and Query.cursorAfter(last["$id"]) }
  until #page.documents < SIZE
end

collectgarbage()
local before = collectgarbage "count"
local wall, cpu = core.monotonic(), os.clock()
walks[arg[3]]()
print(("%d %d %.0f"):format(seen, requests, most - before))
print(("%.6f %.6f"):format(core.monotonic() - wall, os.clock() - cpu))
