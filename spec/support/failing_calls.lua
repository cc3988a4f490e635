--- What becomes of calls, files and connections when the system fails: for spec/support/failing_calls.c, preloaded.
-- Whatever is done, at whichever call of the system it fails: an error of the right kind where one is due, each file is
-- the old one or the new one and whole, no other is left, no descriptor is lost, and afterwards all works.

local appwrite = require "appwrite"
local core = require "appwrite.core"
local curl = require "appwrite.transport.curl"
local lfs = require "lfs"
local rate = require "appwrite.realtime.rate"
local realtime = require "appwrite.realtime"
local scheduler = require "appwrite.scheduler"
local uploads = require "appwrite.upload"

local format = string.format
local unpack = table.unpack or unpack

local calls = assert(package.loadlib(arg[1], "luaopen_failing_calls"))()

local OPTIONS = {
  endpoint = os.getenv "APPWRITE_ENDPOINT", project = os.getenv "APPWRITE_PROJECT", retry = false, timeout = 3,
}
local MOST = 100000 -- calls of a kind that one scenario may make
local PATIENCE = 4 -- seconds for what is still under way
local TELLING = 5 -- problems of one kind that are told

local directory = os.tmpname()
os.remove(directory)
assert(lfs.mkdir(directory))

local function inside(name)
  return directory .. "/" .. name
end

local function write(name, text)
  local file = assert(io.open(inside(name), "wb"))
  assert(file:write(text))
  file:close()
end

local function read(name)
  local file = assert(io.open(inside(name), "rb"))
  local text = assert(file:read "*a")
  file:close()
  return text
end

local SMALL, LARGE = ("s"):rep(70000), ("l"):rep(uploads.CHUNK + 70000)
local OLD, NEW = "old", ("n"):rep(300000) -- more than the core's buffer
write("small", SMALL)
write("large", LARGE)
write("target", OLD)
write("session", "")

local client = appwrite.new(OPTIONS)
assert(client.account.createAnonymousSession())
local kept = assert(client.storage.createFile {
  bucketId = "files", fileId = "kept", file = appwrite.InputFile.fromString(NEW, "kept.txt"),
  permissions = { appwrite.Permission.read(appwrite.Role.any()), appwrite.Permission.update(appwrite.Role.users()) },
})

-- What goes to appwrite.onError, in the scenario at hand.
local told = {}
appwrite.onError(function(message)
  told[#told + 1] = message
end)

local function pollUntil(done, what)
  local deadline = os.time() + PATIENCE
  while not done() do
    appwrite.poll(0.01)
    if os.time() > deadline then
      error(what .. " never comes")
    end
  end
end

-- Scenarios -----------------------------------------------------------------------------------------------------------

local function isWhole(id, text)
  local got = assert(client.storage.getFileDownload { bucketId = "files", fileId = id })
  return got ~= text and format("of %d bytes %d were kept", #text, #got) or nil
end

local uploaded = 0

local function upload(name)
  uploaded = uploaded + 1
  return client.storage.createFile {
    bucketId = "files", fileId = "upload" .. uploaded, file = appwrite.InputFile.fromPath(inside(name)),
  }
end

-- What broke off can be taken up.
local function checkUpload(ok, result, err)
  if ok and not result and err.upload then
    result = assert(client.storage.resume(err.upload))
  end
  return ok and result and isWhole(result["$id"], LARGE) or nil
end

local function checkTarget(_, result)
  local text = read "target"
  if text ~= NEW and text ~= OLD then
    return format("the target is neither the old one nor the new one: %d bytes", #text)
  elseif result and text ~= NEW then
    return "the download has succeeded, and the target is the old one"
  end
  write("target", OLD)
  return nil
end

-- Of the session that is stored another client makes use.
local function saveAndLoad()
  local own = client:with { store = inside "session" }
  local user, err = own.account.createAnonymousSession()
  if not user then
    return nil, err
  end
  local other = client:with { store = inside "session" }
  if not other:has "cookies" then
    return nil, { kind = "store" }
  end
  return other.account.getCurrentUser()
end

-- Either the store holds the session, or it was said that it does not.
local function checkSession(_, result)
  os.remove(inside "session.bad")
  local there = lfs.attributes(inside "session")
  local text = there and read "session" or ""
  local problem
  if text == "" and #told == 0 and result then
    problem = "a session was lost, and nobody was told"
  elseif text ~= "" and not client:with({ store = inside "session" }).account.getCurrentUser() then
    problem = "what is stored is no session"
  end
  write("session", "")
  return problem
end

-- Seconds of realtime, which would else wait for long before it tries again.
local QUICK = { debounce = 0, minDelay = 0.001, maxDelay = 0.002, greeting = 2, drain = 1 }
local MANY = 1000000 -- connections that may be made

local subscriber

local function subscribe()
  subscriber = client:with {}
  realtime.hasten(subscriber.realtime, QUICK, rate.new(MANY))
  local problem, count = nil, 0
  local sub = subscriber.realtime:subscribe(appwrite.Channel.files("files", "kept"), {
    callback = function() count = count + 1 end, onError = function(err) problem = err end,
    onClose = function(err) problem = err end,
  })
  pollUntil(function() return problem or subscriber.realtime:state() == "live" end, "a connection")
  local done, err = client.storage.updateFileById { bucketId = "files", fileId = "kept", name = "kept.txt" }
  if not done then
    return nil, err
  end
  pollUntil(function() return problem or count > 0 end, "an event")
  sub:close()
  return not problem or nil, problem
end

local function endSubscription()
  local own = subscriber
  subscriber = nil
  own.realtime:close()
  pollUntil(scheduler.stuck, "an end of the subscription")
end

-- What clients are made of.
local function openEngine()
  local ok, made = pcall(core.engine)
  if not ok then
    return nil, { kind = tostring(made):find("no epoll descriptor", 1, true) and "file" }
  end
  assert(made:client { endpoint = OPTIONS.endpoint }):close()
  made:close()
  return true
end

local function makeId()
  local ok, id = pcall(appwrite.ID.unique)
  if ok then
    return #id == 20
  end
  return nil, { kind = tostring(id):find("/dev/urandom", 1, true) and "file" }
end

-- Name, function, how many calls are left out between two that fail, what must be so afterwards (nil, or what is not),
-- what is to be ended. One that leaves some out takes long, and fails by the first error of each kind only.
local SCENARIOS = {
  { "an engine", openEngine },
  { "an id", makeId },
  { "a call", function()
    return client.account.getPrefs()
  end },
  { "a login, stored and loaded", saveAndLoad, 1, checkSession },
  { "an upload", function()
    return upload "small"
  end, 1, function(_, result)
    return result and isWhole(result["$id"], SMALL)
  end },
  { "an upload in chunks, taken up again", function()
    return upload "large"
  end, 29, checkUpload },
  { "a download to a path", function()
    return client.storage.getFileDownload({ bucketId = "files", fileId = kept["$id"] }, { to = inside "target" })
  end, 1, checkTarget },
  { "a subscription", subscribe, 1, nil, endSubscription },
  { "calls that are cut off", function()
    local own = client:with {}
    local tasks = {}
    for index = 1, 3 do
      tasks[index] = own.account.getPrefs({}, function() end)
    end
    appwrite.poll(0)
    tasks[1]:cancel()
    appwrite.spawn(own.locale.listCountries):cancel()
    return true
  end, 1, nil, function()
    pollUntil(scheduler.stuck, "an end")
  end },
}

local NETWORK, FILE, NONE = { network = true }, { file = true, store = true }, {}
-- What of a stream ends too soon is cut short, which is the server's fault as far as anybody can tell.
local CUT_SHORT = { network = true, protocol = true }
local WATCH = { network = true, memory = true }

-- Kind of call, its errors, kinds of errors that are right then, those of the errors that come once only: whoever is
-- told to try again does.
local FAILURES = {
  { "socket", { "EMFILE" }, NETWORK },
  { "connect", { "ECONNREFUSED", "ENETUNREACH" }, NETWORK },
  { "connect", { "ETIMEDOUT" }, { network = true, timeout = true } },
  { "send", { "ECONNRESET", "EPIPE" }, NETWORK },
  { "send", { "EINTR" }, NONE, true },
  { "receive", { "ECONNRESET", "ETIMEDOUT" }, NETWORK },
  { "receive", { "END" }, CUT_SHORT },
  { "receive", { "EINTR" }, NONE, true },
  { "wait", { "EINTR" }, NONE, true },
  { "watch", { "ENOSPC", "ENOMEM" }, WATCH },
  { "pipe", { "EMFILE" }, FILE },
  { "open", { "EMFILE", "EACCES", "EINTR" }, FILE },
  { "open", { "EOPNOTSUPP" }, FILE, true },
  { "stream", { "ENOMEM" }, FILE },
  { "read", { "EIO", "END" }, FILE },
  { "write", { "ENOSPC", "EIO", "EDQUOT" }, FILE },
  { "flush", { "ENOSPC", "EIO" }, FILE },
  { "sync", { "EIO" }, FILE },
  { "name", { "EACCES", "ENOSPC" }, FILE },
  { "rename", { "EACCES", "EIO" }, FILE },
  { "cut", { "EIO" }, FILE },
  { "close", { "EIO", "EINTR" }, NONE },
  { "finish", { "EIO", "ENOSPC" }, FILE },
  { "random", { "EIO" }, FILE },
}

-- Judging -------------------------------------------------------------------------------------------------------------

-- Nil, or what is wrong with how it ended.
local function judge(failed, right, ok, result, err)
  if ok and result then
    return nil
  elseif not ok then
    return "raised: " .. tostring(result)
  elseif failed == 0 then
    return "without a failure: " .. tostring(err)
  elseif not right[err.kind] then
    return format("an error of the wrong kind, %s: %s", tostring(err.kind), tostring(err))
  end
  return nil
end

local FILES = { ["."] = true, [".."] = true, large = true, session = true, small = true, target = true }

local function leftOver()
  for name in lfs.dir(directory) do
    if not FILES[name] then
      os.remove(inside(name))
      return "a file is left: " .. name
    end
  end
  return nil
end

-- Connections that broke are gone, one that is kept may have come.
local function lost(before)
  collectgarbage()
  collectgarbage()
  local stats = curl.stats()
  local sockets, others = calls.descriptors()
  if sockets > before.sockets + 1 or others ~= before.others then
    return format("open: %d sockets and %d others, and before %d and %d", sockets, others, before.sockets, before.others)
  elseif stats.requests ~= 0 or stats.transfers ~= 0 or stats.clients > 1 then
    return format("alive: %d clients, %d requests, %d transfers", stats.clients, stats.requests, stats.transfers)
  end
  return nil
end

local function pack(...)
  return { n = select("#", ...), ... }
end

-- One attempt, and what was wrong with it.
local function attempt(scenario, right, before, prepare)
  local _, run, _, check, finish = unpack(scenario, 1, 5)
  told = {}
  prepare()
  local ended = pack(pcall(run))
  local failed = calls.disarm()
  local problem = judge(failed, right, ended[1], ended[2], ended[3])
  local function examine(fn, ...)
    local ok, why = pcall(fn, ...)
    problem = problem or ok and why or not ok and "afterwards: " .. tostring(why) or nil
  end
  examine(finish or function() end)
  if check then
    examine(check, unpack(ended, 1, 3))
  end
  ended = nil -- luacheck: ignore 311 (it holds the request)
  examine(function()
    assert(client.account.getPrefs())
  end)
  examine(leftOver)
  examine(lost, before)
  return failed, problem
end

local total, runs, problems = 0, 0, 0

-- For every n until none fails.
local function try(scenario, kind, name, right, forGood, before)
  local stride, wrong, count = scenario[3] or 1, 0, 0
  for n = 1, MOST, stride do
    local failed, problem = attempt(scenario, right, before, function()
      calls.arm(kind, n, name, forGood)
    end)
    total, runs = total + failed, runs + 1
    if problem then
      wrong = wrong + 1
      io.stderr:write(format("%s, %s %d%s by %s: %s\n", scenario[1], kind, n, forGood and " and all others" or "", name,
        problem))
    end
    if failed == 0 or wrong == TELLING then
      problems = problems + wrong
      return count
    end
    count = count + 1
  end
  error(scenario[1] .. " never comes to its end")
end

local function tryAll(scenario)
  attempt(scenario, NONE, { sockets = math.huge, others = select(2, calls.descriptors()) }, function() end)
  local before, counts, order = {}, {}, {}
  before.sockets, before.others = calls.descriptors()
  for _, failure in ipairs(FAILURES) do
    local kind, names, right, once = unpack(failure, 1, 4)
    local most = counts[kind] or 0
    for index = 1, scenario[3] and scenario[3] > 1 and 1 or #names do
      local name = names[index]
      most = math.max(most, try(scenario, kind, name, right, false, before))
      if not once then
        try(scenario, kind, name, right, true, before)
      end
    end
    order[#order + 1] = most > 0 and not counts[kind] and kind or nil
    counts[kind] = most > 0 and most or nil
  end
  for index, kind in ipairs(order) do
    order[index] = kind .. " " .. counts[kind]
  end
  print(format("%d calls of the system failed by now: %s (%s)", total, scenario[1], table.concat(order, ", ")))
end

for _, scenario in ipairs(SCENARIOS) do
  tryAll(scenario)
end
for name in pairs(FILES) do
  os.remove(inside(name))
end
assert(lfs.rmdir(directory))
print(format("%d calls of the system failed in %d runs", total, runs))
if problems > 0 then
  error(problems .. " times it did not end as it should")
end
