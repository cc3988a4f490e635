-- pages_fill.lua ENDPOINT PROJECT COUNT: so many documents.

local appwrite = require "appwrite"

local client = appwrite.new { endpoint = arg[1], project = arg[2], key = "sandbox-key" }
local made = 0

local function worker()
  while made < tonumber(arg[3]) do
    made = made + 1
    assert(client.databases.createDocument {
      databaseId = "main", collectionId = "scores", documentId = ("d%06d"):format(made),
      data = { player = "ada", level = 1 + made % 1000, points = made },
    })
  end
end

appwrite.run(function()
  appwrite.all { worker, worker, worker, worker }
end)
