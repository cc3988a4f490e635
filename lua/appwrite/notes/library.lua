--- Examples for what is public beside the operations, each for some functions of a section, or for all of them. A spec
-- runs them.

return {
  {
    section = "appwrite", names = { "new", "setup", "check" },
    example = [[
local client = appwrite.new { endpoint = "https://cloud.appwrite.io/v1", project = "my-project", timeout = 20 }
local here = appwrite.check(client.locale.getUserLocale()) -- as assert, which on Lua 5.1 takes no tables as errors
print(here.country)

appwrite.setup { endpoint = "https://cloud.appwrite.io/v1", project = "my-project" } -- at a prompt
print(appwrite.locale.listContinents().total) --> 7]],
  },
  {
    section = "appwrite", names = { "spawn", "all", "sleep", "run", "poll", "onError" },
    example = [[
appwrite.onError(function(message) print("a task has failed: " .. message) end)
local task = appwrite.spawn(function()
  local here, all = appwrite.all { -- side by side
    function() return assert(client.locale.getUserLocale()) end,
    function() return assert(client.locale.listCountries()) end,
  }
  return here.country, all.total
end)
while task.status == "running" do -- your frame
  appwrite.poll()
end
appwrite.run(function() -- or: all of it, until nothing is left
  appwrite.sleep(0.01)
  print(task:await())
end)
appwrite.onError(nil)]],
  },
  {
    section = "appwrite", names = { "array", "object", "int64" },
    example = [[
local document = assert(client.databases.createDocument {
  databaseId = "main", collectionId = "notes", documentId = appwrite.ID.unique(),
  data = { text = "buy milk", tags = appwrite.array {} },
})
print(appwrite.json.encode { none = appwrite.object(), big = appwrite.int64 "9223372036854775807" })
print(#document.tags) --> 0]],
  },
  {
    section = "appwrite", names = { "dump", "help" },
    example = [[
print(appwrite.dump(assert(client.locale.getUserLocale())))
appwrite.help "account.registerUser"
appwrite.help() -- what there is]],
  },
  {
    section = "Channel",
    example = [[
local Channel = appwrite.Channel
local list = {
  Channel.account(),
  Channel.documents("main", "scores"), -- or all: Channel.documents()
  Channel.files "files",
  Channel.executions(), Channel.functions "greet",
  Channel.teams(), Channel.memberships(),
}
print(table.concat(list, "\n"))]],
  },
  {
    section = "Error",
    example = [[
local ok, problem = pcall(function()
  return appwrite.check(client.account.getSession { sessionId = "none" })
end)
if not ok and appwrite.Error.is(problem) then
  print(problem.type, problem.code)
end
-- For a transport or a test of your own:
local err = appwrite.Error.new { kind = "timeout", message = "the server did not answer in 20 s", retryable = true }
print(err) --> the server did not answer in 20 s (timeout)]],
  },
  {
    section = "ID",
    example = [[
print(appwrite.ID.unique())         -- 20 characters, never made before
print(appwrite.ID.custom "level-3") -- your own, as it is]],
  },
  {
    section = "InputFile",
    example = [[
local InputFile = appwrite.InputFile
local files = {
  InputFile.fromPath "README.md",
  InputFile.fromString("name,points\nada,1200\n", "scores.csv", "text/csv"),
  InputFile.fromReader(function(length) return ("x"):rep(length) end, 3000, "many.txt"),
  InputFile.from "bytes without a name", -- what a plain string as `file` becomes
}
for _, file in ipairs(files) do
  assert(client.storage.createFile { bucketId = "files", fileId = appwrite.ID.unique(), file = file })
end]],
  },
  {
    section = "Link",
    example = [[
local fields = assert(appwrite.Link.parse "https://example.com/verify?userId=ada&secret=5ec0de&expire=2030-01-01")
print(fields.userId, fields.expire) --> ada     2030-01-01]],
  },
  {
    section = "Permission",
    example = [[
local Permission, Role = appwrite.Permission, appwrite.Role
local me = assert(client.account.getCurrentUser())["$id"]
assert(client.databases.createDocument {
  databaseId = "main", collectionId = "scores", documentId = appwrite.ID.unique(),
  data = { player = "ada", level = 3, points = 1200 },
  permissions = { Permission.read(Role.any()), Permission.update(Role.user(me)), Permission.delete(Role.user(me)) },
})
-- `write` is create, update and delete; `create` is for collections and buckets.
print(Permission.write(Role.user(me)), Permission.create(Role.users()))]],
  },
  {
    section = "QR",
    example = [[
print(appwrite.QR.text("https://example.com", { invert = true })) -- for a terminal with dark letters
for _, row in ipairs(appwrite.QR.rows "https://example.com") do   -- for a game: "1" is a dark module
  print((row:gsub("1", "##"):gsub("0", "  ")))
end]],
  },
  {
    section = "Query", names = {
      "equal", "notEqual", "lessThan", "lessThanEqual", "greaterThan", "greaterThanEqual", "between", "isNull",
      "isNotNull", "And", "Or", "and", "or",
    },
    example = [[
local Query = appwrite.Query
local function find(...)
  return assert(client.databases.listUserDocuments {
    databaseId = "main", collectionId = "scores", queries = { ... },
  }).documents
end
find(Query.equal("player", { "ada", "grace" }), Query.notEqual("level", 2)) -- one of the two; both queries hold
find(Query.lessThan("points", 100), Query.lessThanEqual("level", 3))
find(Query.greaterThan("points", 100), Query.greaterThanEqual("level", 3))
find(Query.between("points", 100, 1500), Query.isNull "comment")
find(Query.Or {
  Query.And { Query.equal("level", 3), Query.greaterThan("points", 1000) },
  Query.isNotNull "comment",
})
assert(Query["or"] == Query.Or and Query["and"] == Query.And)]],
  },
  {
    section = "Query", names = { "contains", "startsWith", "endsWith", "search" },
    example = [[
local Query = appwrite.Query
local page = assert(client.databases.listUserDocuments {
  databaseId = "main", collectionId = "scores",
  queries = { Query.startsWith("player", "a"), Query.endsWith("player", "a"), Query.contains("player", "d") },
})
print(page.total)
assert(client.databases.listUserDocuments { -- by words; needs a full-text index
  databaseId = "main", collectionId = "scores", queries = { Query.search("comment", "lucky") },
})]],
  },
  {
    section = "Query", names = { "select", "orderAsc", "orderDesc", "limit", "offset", "cursorAfter", "cursorBefore" },
    example = [[
local Query = appwrite.Query
local function list(...)
  return assert(client.databases.listUserDocuments {
    databaseId = "main", collectionId = "scores", queries = { ... },
  }).documents
end
local best = list(Query.orderDesc "points", Query.orderAsc "player", Query.limit(2), Query.offset(0))
local last = best[#best]["$id"]
list(Query.orderDesc "points", Query.orderAsc "player", Query.limit(2), Query.cursorAfter(last))  -- the next page
list(Query.orderDesc "points", Query.orderAsc "player", Query.limit(2), Query.cursorBefore(last)) -- the page before
list(Query.select { "$id", "points" }) -- only these; client.each goes through all pages]],
  },
  {
    section = "Role",
    example = [[
local Role = appwrite.Role
local me = assert(client.account.getCurrentUser())["$id"]
print(Role.any(), Role.guests(), Role.users(), Role.users "verified")
print(Role.user(me), Role.team "analysts", Role.team("analysts", "owner"))
print(Role.member "membership-id", Role.label "vip")]],
  },
  {
    section = "json",
    example = [[
local json = appwrite.json
local text = assert(json.encode { name = "Ada", list = json.array {}, table = json.object {}, none = json.null })
local value = assert(json.decode(text))
print(json.isArray(value.list), value.none) --> true    nil
local big = json.decode("[9223372036854775807]")[1]
print(json.encode { json.int64(big) }, json.isInt64(json.int64(big))) -- true where integers have 53 bits
print(json.quote 'say "hi"')]],
  },
  {
    section = "time",
    example = [[
local seconds, milliseconds = appwrite.time.parse "2024-03-01T12:30:00.250+00:00"
print(os.date("!%H:%M", seconds), milliseconds) --> 12:30   250

local Query = appwrite.Query
local page = assert(client.databases.listUserDocuments {
  databaseId = "main", collectionId = "scores",
  queries = { Query.greaterThan("$createdAt", appwrite.time.format(os.time() - 3600)) }, -- of the last hour
})
print(page.total)]],
  },
  {
    section = "client", names = { "call", "url", "each" },
    example = [[
assert(client:call("locale.getUserLocale", {})) -- the name may come from a variable
local answer = assert(client:call { method = "GET", path = "/locale/countries", query = {} }) -- anything else
print(answer.total)
print(client:url("avatars.getUserInitials", { name = "Ada" })) -- for a browser
for document in client:each("databases.listUserDocuments", { databaseId = "main", collectionId = "scores" },
  { pageSize = 100 }) do
  print(document.player)
end]],
  },
  {
    section = "client", names = { "with", "set", "has", "forget" },
    example = [[
local visitor = client:with { locale = "pt-br" } -- credentials of its own over the same connections
visitor:set("session", nil):set("locale", "de")
assert(visitor.account.createAnonymousSession())
assert(visitor:has "cookies")
visitor:forget() -- here; the server is not told
assert(not visitor:has "cookies")]],
  },
  {
    section = "flows", names = { "emailCode" },
    example = [[
local session = assert(client.flows:emailCode {
  email = "ada@example.com",
  ask = function(_, problem) -- nil: the user has given up
    print(problem and problem.message or "The code from the mail:")
    return io.read()
  end,
})
print(session.userId)]],
  },
  {
    section = "flows", names = { "phoneCode" },
    example = [[
local session = assert(client.flows:phoneCode { phone = "+14155552671", ask = function() return io.read() end })
print(session.userId)]],
  },
  {
    section = "flows", names = { "magicUrl" },
    example = [[
local session = assert(client.flows:magicUrl {
  email = "ada@example.com", url = "http://localhost/login",
  ask = function() print("The link from the mail:") return io.read() end,
})
print(session.userId)]],
  },
  {
    section = "flows", names = { "recoverPassword" },
    example = [[
assert(client.flows:recoverPassword {
  email = "ada@example.com", url = "http://localhost/recover",
  ask = function() print("The link from the mail:") return io.read(), "battery staple" end,
})]],
  },
  {
    section = "flows", names = { "verifyEmail" },
    example = [[
assert(client.flows:verifyEmail { url = "http://localhost/verify", ask = function() return io.read() end })
assert(client.account.getCurrentUser().emailVerification)]],
  },
  {
    section = "flows", names = { "verifyPhone" },
    example = [[
assert(client.flows:verifyPhone { ask = function() return io.read() end })
assert(client.account.getCurrentUser().phoneVerification)]],
  },
  {
    section = "flows", names = { "addAuthenticatorApp" },
    example = [[
local added = assert(client.flows:addAuthenticatorApp {
  ask = function(app)
    print(app.qr)
    return io.read() -- the code that the app shows
  end,
})
print("Keep these: " .. table.concat(added.recoveryCodes, " "))]],
  },
  {
    section = "flows", names = { "completeMfa" },
    example = [[
local user, err = client.account.getCurrentUser()
if not user and err.type == "user_more_factors_required" then
  assert(client.flows:completeMfa { ask = function(about) print(about.factor) return io.read() end })
  user = assert(client.account.getCurrentUser())
end
print(user.name)]],
  },
  {
    section = "flows", names = { "acceptInvitation" },
    example = [[
local membership = assert(client.flows:acceptInvitation { link = link }) -- that of the invitation's mail
print(membership.teamName)]],
  },
  {
    section = "oauth2",
    example = [[
local session = assert(client.oauth2:signIn {
  provider = "github", timeout = 300,
  open = function(url) print("Open " .. url) end, -- left out: the system's browser
})
print(session.provider, session.userId)]],
  },
  {
    section = "realtime",
    example = [[
client.realtime.onOpen = function() print("connected") end
client.realtime:subscribe(appwrite.Channel.documents("main", "scores"), function(event)
  print(event.events[1], event.payload.points)
end)
client.realtime:run(0.5) -- seconds; a game calls appwrite.poll() in each frame instead
print(client.realtime:state()) --> live
client.realtime:close()]],
  },
  {
    section = "subscription",
    example = [[
local sub = client.realtime:subscribe(appwrite.Channel.documents("main", "scores")) -- no function: events wait
while client.realtime:state() ~= "live" do
  appwrite.poll(0.05)
end
for points = 1, 2 do
  assert(client.databases.createDocument {
    databaseId = "main", collectionId = "scores", documentId = appwrite.ID.unique(),
    data = { player = "ada", level = 1, points = points },
  })
end
local event = assert(sub:wait(10)) -- seconds
print(event.payload.points) --> 1
for next in sub:events() do
  print(next.payload.points) --> 2
  sub:close()
end]],
  },
  {
    section = "storage",
    example = [[
local file, err = client.storage.createFile {
  bucketId = "files", fileId = appwrite.ID.unique(), file = appwrite.InputFile.fromPath "README.md",
}
if not file and err.upload then -- absent where it cannot go on
  file, err = client.storage.resume(err.upload)
end
print(file and file["$id"] or err)]],
  },
  {
    section = "task",
    example = [[
local task = appwrite.spawn(function()
  return assert(client.locale.getUserLocale()).ip
end)
print(task:await(10), task.status) -- its results; nil and an error after 10 seconds
local late = appwrite.spawn(function() appwrite.sleep(60) end)
late:cancel()
print(late.status) --> cancelled]],
  },
  {
    section = "fake",
    example = [[
local fake = require "appwrite.transport.fake"
local server = fake.new()
server:on("GET", "/account", { json = { name = "Ada" } })
local tested = appwrite.new { project = "test", transport = server }
assert(tested.account.getCurrentUser().name == "Ada")
assert(server.requests[1].method == "GET")]],
  },
  {
    section = "server",
    example = [[
local server = require("appwrite.transport.fake").new()
server:on("*", "*", { status = 404, json = { message = "not here", type = "general_route_not_found", code = 404 } })
server:on("POST", "/account", function(request)
  return { status = 201, json = { name = request.json.name } }
end)
print(server:replyTo { method = "GET", path = "/nowhere" }.status) --> 404

server:onConnect(function(socket) socket:accept() end) -- realtime
local tested = appwrite.new { project = "test", transport = server }
local sub = tested.realtime:subscribe "documents"
while tested.realtime:state() ~= "live" do
  appwrite.poll(0.01)
end
server:emit("documents", { name = "Ada" })
assert(sub:wait(1).payload.name == "Ada")
tested.realtime:close()
server:reset() -- forget what was recorded]],
  },
  {
    section = "socket",
    example = [[
local server = require("appwrite.transport.fake").new()
local tested = appwrite.new { project = "test", transport = server }
local opened, refused = 0, false
tested.realtime.onOpen = function() opened = opened + 1 end
tested.realtime.onError = function() refused = true end
server:onConnect(function(socket) socket:accept { user = { ["$id"] = "ada" } } end) -- or: greet = false
local sub = tested.realtime:subscribe "documents"

local function connection(number)
  while opened < number do
    appwrite.poll(0.01)
  end
  return server.sockets[#server.sockets]
end

connection(1):push {
  type = "event", data = { events = {}, channels = { "documents" }, timestamp = "", payload = { name = "Ada" } },
}
assert(sub:wait(1).payload.name == "Ada")
connection(1):drop()     -- lost; the client comes back by itself
connection(2):shut(1000) -- closed by the server
server:onConnect(function(socket) socket:refuse { status = 503 } end)
while not refused do
  appwrite.poll(0.01)
end
tested.realtime:close()]],
  },
  {
    section = "loop",
    example = [[
local loop = require "appwrite.loop"
client.locale.getUserLocale({}, function(here, err) print(here and here.ip or err) end)
while loop.busy() do
  for _, descriptor in ipairs(loop.fds()) do
    print(descriptor.fd, descriptor.read, descriptor.write) -- your loop waits for these
  end
  appwrite.poll(loop.timeout()) -- here: this waits for them
end
loop.use { -- calls outside of tasks wait in your loop's way
  name = "mine", await = function(done) repeat appwrite.poll(0.1) until done() end,
}
print(assert(client.locale.getUserLocale()).ip)
loop.use(nil)

local whenReady
local adapter = loop.adapter { -- all of it, by what your loop can do
  name = "mine",
  watch = function(_, _, turn) whenReady = turn end, -- yours waits for the descriptors and the time
  unwatch = function() whenReady = nil end,
  running = function() return false end,
  step = function() whenReady() return whenReady ~= nil end,
}
adapter.attach()
print(assert(client.locale.getUserLocale()).ip)
adapter.detach()]],
  },
  {
    section = "loop.luv",
    example = [[
local uv = require "luv"
local adapter = require "appwrite.loop.luv"
adapter.attach()
appwrite.spawn(function()
  print(assert(client.locale.getUserLocale()).ip)
  adapter.detach()
end)
uv.run()]],
  },
  {
    section = "loop.cqueues",
    example = [[
local cqueues = require "cqueues"
local adapter = require "appwrite.loop.cqueues"
local controller = cqueues.new()
adapter.attach(controller)
appwrite.spawn(function()
  print(assert(client.locale.getUserLocale()).ip)
  adapter.detach()
end)
assert(controller:loop())]],
  },
}
