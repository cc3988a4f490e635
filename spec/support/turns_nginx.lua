--- What the handlers of turns_nginx_spec do inside of nginx.

-- luacheck: std ngx_lua

local appwrite = require "appwrite"

local format = string.format

local turns = {}

local limited, repeating
local waiting = 0

---@param told string endpoint of a server that limits and says so
---@param flaky string of one that fails two times out of three
function turns.open(told, flaky)
  limited = appwrite.new { endpoint = told, project = "p", limit = true, log = function(_, event)
    waiting = waiting + (event == "limit.wait" and 1 or 0)
  end }
  repeating = appwrite.new { endpoint = flaky, project = "p", retry = { base = 0.02, jitter = 0 } }
end

local handlers = {}

---A call within the limit that all requests of this worker share.
function handlers.write()
  local document, err = limited.databases.createDocument {
    databaseId = "d", collectionId = "c", documentId = "unique()", data = {},
  }
  return document and document["$id"] or tostring(err)
end

---A call that goes well the third time.
function handlers.flaky()
  local document, _, response = repeating.databases.getDocumentById {
    databaseId = "d", collectionId = "c", documentId = "x",
  }
  return format("%s %d", document["$id"], response.attempts)
end

---How many calls had to wait for their turn.
function handlers.waiting()
  return waiting
end

function turns.serve()
  ngx.print(handlers[ngx.var.uri:match "[^/]+$"]())
end

return turns
