--- What becomes of a client when memory ends: for spec/support/starved.c. Whatever is done, at whichever allocation it
-- fails: what is due is said to be memory's fault, nothing is left under way, and afterwards all works.

local starve = ...

-- As the program lua does: spec/coverage counts lines by this.
assert(load(os.getenv "LUA_INIT_5_4" or ""))()

local appwrite = require "appwrite"
local core = require "appwrite.core"
local curl = require "appwrite.transport.curl"
local rate = require "appwrite.realtime.rate"
local realtime = require "appwrite.realtime"
local scheduler = require "appwrite.scheduler"
local uploads = require "appwrite.upload"

local format = string.format

local OPTIONS = { endpoint = os.getenv "APPWRITE_ENDPOINT", project = os.getenv "APPWRITE_PROJECT" }
local MOST = 100000 -- allocations that one scenario may need
local PATIENCE = 2 -- seconds for what is still under way

local client = appwrite.new(OPTIONS)
assert(client.account.createAnonymousSession())
local path = os.tmpname()
local large = ("x"):rep(uploads.CHUNK + 1)
local kept = assert(client.storage.createFile {
  bucketId = "files", fileId = "kept", file = appwrite.InputFile.fromString(("y"):rep(100000), "kept.txt"),
  permissions = { appwrite.Permission.read(appwrite.Role.any()), appwrite.Permission.update(appwrite.Role.users()) },
})

-- Seconds of realtime, which would else wait for long before it tries again.
local QUICK = { debounce = 0, minDelay = 0.001, maxDelay = 0.002, greeting = 2, drain = 1 }
local MANY = 1000000 -- connections that may be made

local function pollUntil(done, what)
  local deadline = os.time() + PATIENCE
  while not done() do
    appwrite.poll(0.01)
    if os.time() > deadline then
      error(what .. " never comes")
    end
  end
end

-- The client of the scenario at hand that has a subscription, and what has come of it.
local subscriber, events

local function subscribe()
  subscriber, events = client:with {}, 0
  realtime.hasten(subscriber.realtime, QUICK, rate.new(MANY))
  local problem
  local sub = subscriber.realtime:subscribe(appwrite.Channel.files("files", "kept"), {
    callback = function() events = events + 1 end, onError = function(err) problem = err end,
  })
  pollUntil(function() return problem or subscriber.realtime:state() == "live" end, "a connection")
  if problem then
    return nil, problem
  end
  assert(client.storage.updateFileById { bucketId = "files", fileId = "kept", name = "kept.txt" })
  pollUntil(function() return problem or events > 0 end, "an event")
  sub:close()
  return events > 0 or nil, problem
end

-- One that was made, and not closed, comes to life once there is memory, and hears of what happens.
local function endSubscription()
  local used = subscriber
  subscriber = nil
  appwrite.poll(0)
  if used and rawget(used, "realtime") and used.realtime:state() ~= "idle" then
    pollUntil(function() return used.realtime:state() == "live" end, "a connection again")
    events = 0
    assert(client.storage.updateFileById { bucketId = "files", fileId = "kept", name = "kept.txt" })
    pollUntil(function() return events > 0 end, "an event again")
    used.realtime:close()
  end
  pollUntil(scheduler.stuck, "an end of the subscription")
end

-- What a store is given of a session.
local sessionText
assert(client:with({ store = {
  load = function() return nil end,
  save = function(text)
    sessionText = text
    return true
  end,
} }).account.createAnonymousSession())

-- Scenarios, in their order: name, function, and how many allocations are left out between two that fail.
local SCENARIOS = {
  { "a client", function()
    local made = appwrite.new { endpoint = OPTIONS.endpoint, project = "p", key = "k", headers = { ["x-own"] = "1" } }
    local visitor = made:with { session = "s" }
    visitor:set("jwt", "j")
    return tostring(visitor)
  end },
  { "a call", function()
    return client.account.getPrefs()
  end },
  { "a call with an answer of some size", function()
    return client.locale.listCountries()
  end, 7 },
  { "a call that is refused", function()
    local result, err = client.storage.getFileById { bucketId = "files", fileId = "none" }
    if result == nil and err.kind == "api" and err.code == 404 then
      return err
    end
    return result, err
  end },
  { "a login", function()
    return client:with({}).account.createAnonymousSession()
  end },
  { "a login that is kept", function()
    local text
    return appwrite.new {
      endpoint = OPTIONS.endpoint, project = OPTIONS.project,
      store = {
        load = function() return text end,
        save = function(given)
          text = given
          return true
        end,
      },
    }.account.createAnonymousSession()
  end, 3 },
  { "a task", function()
    return appwrite.spawn(function()
      return client.account.getPrefs()
    end):await()
  end },
  { "calls side by side", function()
    local function call()
      return assert(client.account.getPrefs())
    end
    return appwrite.all { call, call }
  end },
  { "an upload", function()
    return client.storage.createFile {
      bucketId = "files", fileId = appwrite.ID.unique(), file = appwrite.InputFile.fromPath(path),
    }
  end },
  { "an upload in chunks", function()
    return client.storage.createFile({
      bucketId = "files", fileId = appwrite.ID.unique(), file = appwrite.InputFile.fromString(large, "large.bin"),
    }, { onProgress = function() end })
  end, 11 },
  { "an upload from a reader", function()
    local position = 0
    local function read(size)
      position = position + size
      return large:sub(position - size + 1, position)
    end
    return client.storage.createFile {
      bucketId = "files", fileId = appwrite.ID.unique(), file = appwrite.InputFile.fromReader(read, #large, "large.bin"),
    }
  end, 11 },
  { "a download", function()
    return client.storage.getFileDownload { bucketId = "files", fileId = kept["$id"] }
  end },
  { "a download to a path", function()
    return client.storage.getFileDownload({ bucketId = "files", fileId = kept["$id"] }, { to = path })
  end },
  { "a download to a function", function()
    return client.storage.getFileDownload({ bucketId = "files", fileId = kept["$id"] }, { to = function() end })
  end },
  { "a list", function()
    local count = 0
    for _ in client:each("storage.listFiles", { bucketId = "files" }, { pageSize = 2 }) do
      count = count + 1
      if count == 4 then
        break
      end
    end
    return count
  end },
  { "a subscription", subscribe, 1, endSubscription },
  { "a client that is let go with calls under way", function()
    subscriber = client:with {}
    local own, tasks = subscriber, {}
    for index = 1, 3 do
      tasks[index] = own.account.getPrefs({}, function() end)
    end
    own.realtime:subscribe("files")
    appwrite.poll(0)
    own.realtime:close()
    tasks[1]:cancel()
    appwrite.spawn(own.locale.listCountries):cancel()
    return true
  end, 1, function()
    local own = subscriber
    subscriber = nil
    if own then
      own.realtime:close()
    end
    pollUntil(scheduler.stuck, "an end")
  end },
  { "an engine that is closed with calls under way", function()
    local engine = core.engine()
    local session, problem = engine:client { endpoint = OPTIONS.endpoint, project = OPTIONS.project }
    if not session then
      return nil, problem
    end
    local handles = {}
    for index = 1, 8 do -- more than there are connections
      handles[index] = assert(session:start { method = "GET", target = "/locale/countries" })
    end
    assert(session:connect { target = "/realtime?project=p&channels[]=files" })
    engine:step(0)
    handles[1]:cancel()
    session:close()
    engine:close()
    engine:close()
    return #handles
  end },
  { "a session that is taken up and given out again", function()
    local engine = core.engine()
    local session, problem = engine:client { endpoint = OPTIONS.endpoint, project = OPTIONS.project }
    if not session then
      return nil, problem
    end
    local done, why = session:import(sessionText)
    if not done then
      return nil, why
    end
    local text, reason = session:export()
    return text and #text == #sessionText or nil, reason
  end },
  { "a socket, and one that could not be opened all the way", function()
    local engine = core.engine()
    local session, problem = engine:client { endpoint = OPTIONS.endpoint, project = OPTIONS.project }
    if not session then
      return nil, problem
    end
    local ok, made, why = pcall(session.connect, session, { target = "/realtime?project=p&channels[]=files" })
    collectgarbage()
    engine:step(0)
    engine:close()
    if not ok then
      error(made, 0)
    end
    return made and tostring(made), why
  end },
  { "a buffer", function()
    local buffer = core.buffer(10)
    buffer:add "123"
    return tostring(buffer)
  end },
}

local function isOfMemory(value)
  local isError = type(value) == "table" and rawget(value, "kind") ~= nil
  return isError and value.kind == "memory" or not isError and tostring(value):find("not enough memory", 1, true)
end

-- Nil, or what is wrong with how it ended.
local function judge(failed, ok, result, err)
  if ok and result ~= nil then
    return nil
  end
  local problem = ok and err or result
  if not failed then
    return "without a failure: " .. tostring(problem)
  elseif not isOfMemory(problem) then
    return format("%s that is not of memory: %s (%s)", ok and "returned an error" or "raised an error",
      tostring(problem), tostring(type(problem) == "table" and problem.kind))
  end
  return nil
end

-- What was left when memory ended goes its way to its end, or ends with the next call's steps.
local function settle()
  local deadline = os.time() + PATIENCE
  while appwrite.poll(0.01) > 0 do
    if os.time() > deadline then
      error "something is under way for ever"
    end
  end
  collectgarbage()
  local prefs, err = client.account.getPrefs()
  if not prefs then
    return "afterwards a call fails: " .. tostring(err)
  end
  collectgarbage()
  local stats = curl.stats()
  if stats.requests ~= 0 or stats.transfers ~= 0 or stats.clients > 1 then
    return format("alive: %d clients, %d requests, %d transfers", stats.clients, stats.requests, stats.transfers)
  end
  return nil
end

local problems = 0

local function nothing()
end

local function try(scenario, whose, forGood)
  local name, run, stride, finish = scenario[1], scenario[2], scenario[3] or 1, scenario[4] or nothing
  local before = problems
  for n = 1, MOST, stride do
    local failed, ok, result, err = starve(whose, n, forGood, run)
    local problem = judge(failed, ok, result, err)
    result, err = nil, nil -- luacheck: ignore 311 (they hold the request)
    local isOver, why = pcall(finish)
    problem = problem or not isOver and why or settle()
    if problem then
      problems = problems + 1
      io.stderr:write(format("%s, %s's allocation %d%s: %s\n", name, whose, n, forGood and " and all others" or "",
        problem))
    end
    if not failed or problems - before > 4 then
      return n
    end
  end
  error(name .. " never comes to its end")
end

appwrite.onError(function() end) -- tasks that nobody awaits any more
for _, scenario in ipairs(SCENARIOS) do
  local counts = {}
  for _, whose in ipairs { "lua", "core" } do
    counts[#counts + 1] = try(scenario, whose, false)
    counts[#counts + 1] = try(scenario, whose, true)
  end
  print(format("%d and %d allocations of Lua's, %d and %d of the core's: %s", counts[1], counts[2], counts[3],
    counts[4], scenario[1]))
end
os.remove(path)
if problems > 0 then
  error(problems .. " times it did not end as it should")
end
