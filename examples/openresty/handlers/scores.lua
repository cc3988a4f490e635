-- The JSON API: anybody may read the scores, and who is logged in may add one of their own. Appwrite is asked with the
-- server's key, which the browser never sees.
-- luacheck: std ngx_lua

local appwrite = require "appwrite"
local clients = require "clients"
local json = require "appwrite.json"
local web = require "web"

local Query = appwrite.Query

local MOST = 100

local scores = {}

local function publicView(document)
  return { player = document.player, level = document.level, points = document.points }
end

local function list()
  local limit = tonumber(ngx.var.arg_limit or 10)
  if not limit or limit < 1 or limit > MOST or limit % 1 ~= 0 then
    return web.refuse(400, "limit must be a whole number from 1 to " .. MOST)
  end
  local found, err = clients.server().databases.listUserDocuments {
    databaseId = "main", collectionId = "scores", queries = { Query.orderDesc "points", Query.limit(limit) },
  }
  if not found then
    return web.failJson(err, true)
  end
  local all = appwrite.array {}
  for index, document in ipairs(found.documents) do
    all[index] = publicView(document)
  end
  web.json { total = found.total, scores = all }
end

-- The name is the account's and not the browser's to choose.
local function add()
  local client = clients.user()
  if not client then
    return web.refuse(401, "log in first")
  end
  local user, err = client.account.getCurrentUser()
  if not user then
    return web.failJson(err)
  end
  ngx.req.read_body()
  local given = json.decode(ngx.req.get_body_data() or "")
  if type(given) ~= "table" then
    return web.refuse(400, 'the body must be JSON such as {"level": 3, "points": 1200}')
  end
  local document
  document, err = clients.server().databases.createDocument {
    databaseId = "main", collectionId = "scores", documentId = appwrite.ID.unique(),
    data = { player = user.name, level = given.level, points = given.points },
    permissions = { appwrite.Permission.read(appwrite.Role.any()) },
  }
  if not document then
    return web.failJson(err, true)
  end
  web.json(publicView(document), 201)
end

function scores.serve()
  local method = ngx.req.get_method()
  if method == "GET" then
    list()
  elseif method == "POST" then
    add()
  else
    ngx.header["allow"] = "GET, POST"
    web.refuse(405, "this is read with GET and added to with POST")
  end
end

return scores
