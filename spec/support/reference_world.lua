--- What the examples of the reference find when they run: a client, a user where one is needed, and the things they name.

local appwrite = require "appwrite"
local browser = require "spec.support.browser"
local mailbox = require "spec.support.mailbox"
local nginx = require "spec.support.nginx"
local otp = require "examples.sandbox.spec.otp"
local pixels = require "examples.sandbox.spec.pixels"
local sandbox = require "spec.support.sandbox"

local check, format, gsub = appwrite.check, string.format, string.gsub

local PASSWORD = "correct horse"
local PAGE = "http://localhost/page"
local STEP, LATE = 30, 28 -- seconds: how long a code is good, and when it is too late to begin with it

local World = { __name = "spec.ReferenceWorld" }
local methods = {}
World.__index = methods

local referenceWorld = {}

local function write(path, bytes)
  local file = assert(io.open(path, "wb"))
  assert(file:write(bytes))
  assert(file:close())
end

---@return table world
function referenceWorld.start()
  local server = sandbox.start { project = "spec/reference/project.lua" }
  local site = nginx.start { http = "server { listen 127.0.0.1:%PORT2%; root %DIRECTORY%; }" }
  write(site.directory .. "/image.png", pixels.TWO)
  write(site.directory .. "/page.html", '<html><head><link rel="icon" href="image.png"></head></html>')
  return setmetatable({ server = server, site = site, count = 0 }, World)
end

function methods:stop()
  self.site:stop()
  self.server:stop()
end

-- People --------------------------------------------------------------------------------------------------------------

function methods:newClient()
  return appwrite.new { endpoint = self.server.endpoint, project = self.server.project }
end

local function register(client, email)
  return check(client.account.registerUser {
    userId = appwrite.ID.unique(), email = email, password = PASSWORD, name = "Ada",
  })
end

local function logIn(client, email)
  return check(client.account.createEmailPasswordSession { email = email, password = PASSWORD })
end

local function member(world, client)
  register(client, world.email)
  logIn(client, world.email)
end

-- A code that will not run out meanwhile.
local function codeOf(secret)
  while os.time() % STEP >= LATE do
    appwrite.sleep(STEP - os.time() % STEP)
  end
  return otp.code(secret)
end

-- A member with an authenticator app, whose secret it gives.
local function careful(world, client)
  member(world, client)
  local secret
  check(client.flows:addAuthenticatorApp {
    ask = function(app)
      secret = app.secret
      return codeOf(secret)
    end,
  })
  return secret
end

local function lastLink(world, to)
  local mail = mailbox.last(world.server, to)
  return check(appwrite.Link.parse(mail.links[1])), mail.links[1]
end

-- What is there -------------------------------------------------------------------------------------------------------

local function withDocument(world, client)
  member(world, client)
  return check(client.databases.createDocument {
    databaseId = "main", collectionId = "scores", documentId = appwrite.ID.unique(),
    data = { player = "ada", level = 3, points = 1200, comment = "a lucky day" },
  })["$id"]
end

local function withFile(world, client)
  member(world, client)
  return check(client.storage.createFile {
    bucketId = "files", fileId = appwrite.ID.unique(), file = appwrite.InputFile.fromString(pixels.TWO, "two.png"),
  })["$id"]
end

local function withTeam(world, client)
  member(world, client)
  return check(client.teams.createNewTeam { teamId = appwrite.ID.unique(), name = "Analysts" })["$id"]
end

-- A team with somebody invited; his link too.
local function withInvitation(world, client)
  local teamId = withTeam(world, client)
  local membership = check(client.teams.createMembership {
    teamId = teamId, email = world.guest, roles = { "reader" }, url = PAGE,
  })
  local _, link = lastLink(world, world.guest)
  return { teamId = teamId, membershipId = membership["$id"], link = link }
end

local function withPushTarget(world, client)
  member(world, client)
  local target = check(client.account.createPushTarget {
    targetId = appwrite.ID.unique(), identifier = world.email .. " before",
  })
  return { targetId = target["$id"], deviceToken = world.email .. " now" }
end

local function linkFields(world)
  local fields = lastLink(world, world.email)
  return { userId = fields.userId, secret = fields.secret }
end

local function readMail(field)
  return function(world)
    world.read = function()
      local mail = mailbox.last(world.server, world.address or world.email)
      return field == "link" and mail.links[1] or mail.secret
    end
  end
end

local function both(first, second)
  return function(world, client)
    first(world, client)
    return second(world, client)
  end
end

local function byPhone(world, client)
  member(world, client)
  check(client.account.updatePhone { phone = world.phone, password = PASSWORD })
  world.address = world.phone
end

local function document(world, client)
  return { documentId = withDocument(world, client) }
end

local function file(world, client)
  return { fileId = withFile(world, client) }
end

local function team(world, client)
  return { teamId = withTeam(world, client) }
end

local function identity(_, client)
  check(client.oauth2:signIn {
    provider = "github", open = function(url) browser.start(url) end,
  })
end

local function challenged(world, client)
  local secret = careful(world, client)
  local challenge = check(client.account.createMfaChallenge { factor = "totp" })
  return { challengeId = challenge["$id"], code = codeOf(secret) }
end

local function proved(world, client)
  local given = challenged(world, client)
  check(client.account.completeMfaChallenge { challengeId = given.challengeId, otp = given.code })
end

local function nobody() end

-- What each operation finds. Those who need a user find one that is logged in, and the others nobody, unless it is said
-- here.
local OPERATIONS = {
  ["account.completeMfaChallenge"] = challenged,
  ["account.completePasswordRecovery"] = function(world, client)
    register(client, world.email)
    check(client.account.createPasswordRecovery { email = world.email, url = PAGE })
    return linkFields(world)
  end,
  ["account.confirmPhoneVerification"] = function(world, client)
    byPhone(world, client)
    local token = check(client.account.createPhoneVerification())
    return { userId = token.userId, code = mailbox.last(world.server, world.phone).secret }
  end,
  ["account.createEmailPasswordSession"] = function(world, client) register(client, world.email) end,
  ["account.createEmailVerification"] = function(world, client)
    member(world, client)
    check(client.account.createEmailVerification_0 { url = PAGE })
    return linkFields(world)
  end,
  ["account.createMfaChallenge"] = careful,
  ["account.createPasswordRecovery"] = function(world, client) register(client, world.email) end,
  ["account.createPhoneVerification"] = byPhone,
  ["account.createPushTarget"] = function(world, client)
    member(world, client)
    return { deviceToken = world.email .. " now" }
  end,
  ["account.createSessionFromToken"] = function(world, client)
    local token = check(client.account.createEmailToken { userId = appwrite.ID.unique(), email = world.email })
    return { userId = token.userId, code = mailbox.last(world.server, world.email).secret }
  end,
  ["account.deleteAuthenticator"] = function(world, client)
    return { code = codeOf(careful(world, client)) }
  end,
  ["account.deleteIdentityById"] = identity,
  ["account.deletePushTarget"] = withPushTarget,
  ["account.getMfaRecoveryCodes"] = proved,
  ["account.listIdentities"] = identity,
  ["account.regenerateMfaRecoveryCodes"] = proved,
  ["account.updateMagicUrlSession"] = function(world, client)
    check(client.account.createMagicUrlToken { userId = appwrite.ID.unique(), email = world.email, url = PAGE })
    return linkFields(world)
  end,
  ["account.updatePhoneSession"] = function(world, client)
    local token = check(client.account.createPhoneToken { userId = appwrite.ID.unique(), phone = world.phone })
    return { userId = token.userId, code = mailbox.last(world.server, world.phone).secret }
  end,
  ["account.updatePushTarget"] = withPushTarget,
  ["account.updateUserEmail"] = nobody,
  ["account.verifyAuthenticator"] = function(world, client)
    member(world, client)
    return { code = codeOf(check(client.account.addAuthenticator { type = "totp" }).secret) }
  end,
  ["databases.createDocument"] = member,
  ["databases.deleteDocumentById"] = document,
  ["databases.getDocumentById"] = document,
  ["databases.listUserDocuments"] = document,
  ["databases.updateDocumentById"] = document,
  ["functions.getExecutionLog"] = function(world, client)
    member(world, client)
    return { executionId = check(client.functions.triggerFunctionExecution { functionId = "greet" })["$id"] }
  end,
  ["functions.triggerFunctionExecution"] = member,
  ["graphql.executeMutationOperation"] = member,
  ["messaging.deleteSubscriberById"] = function(world, client)
    member(world, client)
    local subscriber = check(client.messaging.addNewSubscriber {
      topicId = "news", subscriberId = appwrite.ID.unique(),
      targetId = check(client.account.getCurrentUser()).targets[1]["$id"],
    })
    return { subscriberId = subscriber["$id"] }
  end,
  ["storage.createFile"] = member,
  ["storage.deleteFileById"] = file,
  ["storage.getFileById"] = file,
  ["storage.getFileDownload"] = file,
  ["storage.getFileForView"] = file,
  ["storage.getFilePreviewImage"] = file,
  ["storage.listFiles"] = file,
  ["storage.updateFileById"] = file,
  ["teams.createMembership"] = team,
  ["teams.createNewTeam"] = member,
  ["teams.deleteMembership"] = withInvitation,
  ["teams.getById"] = team,
  ["teams.getMembership"] = withInvitation,
  ["teams.getPrefs"] = team,
  ["teams.getUserMemberships"] = team,
  ["teams.listMemberships"] = withInvitation,
  ["teams.removeTeam"] = team,
  ["teams.updateMembershipRoles"] = withInvitation,
  ["teams.updateMembershipStatus"] = function(world)
    return withInvitation(world, world:newClient())
  end,
  ["teams.updateNameById"] = team,
  ["teams.updatePrefsById"] = team,
}

-- What the examples of the library find, where it is not a user with a document. A browser opens what is printed with
-- "Open" before it.
local LIBRARY = {
  appwrite = member,
  fake = nobody, server = nobody, socket = nobody,
  ["flows.acceptInvitation"] = function(world)
    return withInvitation(world, world:newClient())
  end,
  ["flows.addAuthenticatorApp"] = function(world, client)
    member(world, client)
    world.read = function()
      return codeOf(world.secret)
    end
    world.hear = function(secret)
      world.secret = secret
    end
  end,
  ["flows.completeMfa"] = function(world, client)
    local secret = careful(world, world:newClient())
    logIn(client, world.email)
    world.read = function()
      return codeOf(secret)
    end
  end,
  ["flows.emailCode"] = readMail "code",
  ["flows.magicUrl"] = readMail "link",
  ["flows.phoneCode"] = function(world)
    world.address = world.phone
    return readMail "code" (world)
  end,
  ["flows.recoverPassword"] = both(function(world, client) register(client, world.email) end, readMail "link"),
  ["flows.verifyEmail"] = both(member, readMail "link"),
  ["flows.verifyPhone"] = both(byPhone, readMail "code"),
  oauth2 = nobody,
}

-- Running -------------------------------------------------------------------------------------------------------------

local function replaced(text, from, to)
  return (gsub(text, (gsub(from, "%p", "%%%0")), (gsub(to, "%%", "%%%%"))))
end

-- Every example has people of its own.
local function localized(world, code)
  code = replaced(code, "https://cloud.appwrite.io/v1", world.server.endpoint)
  code = replaced(code, '"my-project"', format("%q", world.server.project))
  code = replaced(code, "ada@example.com", world.email)
  code = replaced(code, "grace@example.com", world.guest)
  code = replaced(code, "+14155552671", world.phone)
  local base = format("http://127.0.0.1:%d/", world.site.ports[2])
  return replaced(replaced(code, "https://example.com/page.html", base .. "page.html"), "https://example.com/image.png",
    base .. "image.png")
end

-- The app that an example shows as a QR code: read from where the client gets it.
local function overhear(world, client)
  local add = client.account.addAuthenticator
  rawset(client.account, "addAuthenticator", function(...)
    local app, err, response = add(...)
    if app and world.hear then
      world.hear(app.secret)
    end
    return app, err, response
  end)
end

local function environment(world, client, given, said)
  local env = { appwrite = appwrite, client = client }
  for name, value in pairs(given or {}) do
    env[name] = value
  end
  function env.print(...)
    local texts = { ... }
    for index = 1, select("#", ...) do
      texts[index] = tostring(texts[index])
    end
    said[#said + 1] = table.concat(texts, "\t")
    local url = said[#said]:match "^Open (http%S+)$"
    if url and world.opens then
      browser.start(url)
    end
  end
  env.io = setmetatable({ read = function() return world.read() end }, { __index = io })
  return setmetatable(env, { __index = _G })
end

local function load_(code, env)
  if setfenv then
    return setfenv(assert(loadstring(code, "=example")), env)
  end
  return assert(load(code, "=example", "t", env))
end

local function begin(self)
  self.count = self.count + 1
  self.email, self.guest = format("ada%d@example.com", self.count), format("grace%d@example.com", self.count)
  self.phone = format("+1415555%04d", self.count)
  self.address, self.read, self.hear, self.secret, self.opens = nil, nil, nil, nil, nil
  return self:newClient()
end

---Run an operation's example.
---@param service string
---@param name string
---@param note appwrite.Note
---@return { result: any, err: any }[] calls what the operation gave, each time
---@return string[] said what was printed
function methods:runOperation(service, name, note)
  local client, calls, said = begin(self), {}, {}
  local prepare = OPERATIONS[service .. "." .. name] or note.signedIn and member or nobody
  local given = prepare(self, client)
  local original = client[service][name]
  rawset(client[service], name, function(...)
    local result, err, response = original(...)
    calls[#calls + 1] = { result = result, err = err }
    return result, err, response
  end)
  load_(localized(self, note.example), environment(self, client, type(given) == "table" and given or nil, said))()
  return calls, said
end

---Run an example of what is public beside the operations.
---@param entry table of appwrite.notes.library
---@return string[] said what was printed
function methods:runLibrary(entry)
  local client, said = begin(self), {}
  local first = entry.names and entry.section .. "." .. entry.names[1]
  local prepare = LIBRARY[first] or LIBRARY[entry.section] or document
  local given = prepare(self, client)
  self.opens = entry.section == "oauth2"
  overhear(self, client)
  local env = environment(self, client, type(given) == "table" and given or nil, said)
  local chunk, print_ = load_(localized(self, entry.example), env), print
  rawset(_G, "print", env.print) -- what `appwrite.help` prints
  local ok, problem = pcall(chunk)
  rawset(_G, "print", print_)
  if not ok then
    error(problem, 0)
  end
  return said
end

return referenceWorld
