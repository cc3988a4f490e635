--- Many users of one program, whose calls are mixed at random: whether any gets what is another's. For scripts and for
-- nginx, which runs the same side by side in its own way.

local appwrite = require "appwrite"
local core = require "appwrite.core"

local format, random = string.format, math.random

local RELOGINS = 0.03 -- of the calls
local SAMPLE = 50 -- calls between two looks at the connections

local users = {}

---@class spec.ManyUsers
---@field endpoint string
---@field project string
---@field users integer
---@field calls integer of all together
---@field lanes integer how many of them at a time
---@field connections integer at most
---@field together fun(functions: function[]) runs them side by side to their end

-- What a server on this machine has accepted and not yet closed.
local function connections(port)
  local count, wanted = 0, format(" 0100007F:%04X ", port)
  for line in io.lines "/proc/net/tcp" do
    count = count + (line:find(wanted, 1, true) and line:match "^%s*%d+: %x+:(%x+) %x+:%x+ 01" == format("%04X", port)
      and 1 or 0)
  end
  return count
end

local function wrong(run, user, what, got)
  run.wrong = run.wrong + 1
  run.first = run.first or format("%s of %s: %s", what, tostring(user.id), tostring(got))
end

-- Each gives what must be the user's own id, and what it got.
local OPERATIONS = {
  function(client) return assert(client.account.getCurrentUser())["$id"] end,
  function(client) return assert(client.account.getPrefs()).id end,
  function(client)
    local list = assert(client.account.listSessions())
    return list.total == 1 and list.sessions[1].userId or list.total .. " sessions"
  end,
  function(client, user) return assert(client.account.updatePreferences { prefs = { id = user.id } }).prefs.id end,
}

local function become(run, user)
  user.id = assert(user.client.account.createAnonymousSession()).userId
  if run.ids[user.id] then
    wrong(run, user, "a new session", "the id of another")
  end
  run.ids[user.id] = true
  assert(user.client.account.updatePreferences { prefs = { id = user.id } })
end

-- The same client, and then another user: sometimes after a logout, sometimes not.
local function changeUser(run, user)
  if random() < 0.5 then
    assert(user.client.account.logoutSessionById { sessionId = "current" })
  end
  become(run, user)
  run.relogins = run.relogins + 1
end

local function call(run, user)
  local which = random(#OPERATIONS)
  local id = OPERATIONS[which](user.client, user)
  if id ~= user.id then
    wrong(run, user, "call " .. which, id)
  end
end

-- A user who is about to become another has no calls under way: which of the two they were of could not be said.
local function pick(run)
  local user
  repeat
    user = run.list[random(#run.list)]
  until not user.changing
  return user
end

local function lane(run)
  while run.left > 0 do
    run.left = run.left - 1
    local user = pick(run)
    if user.calls == 0 and random() < RELOGINS then
      user.changing = true
      changeUser(run, user)
      user.changing = false
    else
      user.calls = user.calls + 1
      call(run, user)
      user.calls = user.calls - 1
    end
    if run.left % SAMPLE == 0 then
      run.connections = math.max(run.connections, connections(run.port))
    end
  end
end

local function inLanes(given, fn)
  local lanes = {}
  for index = 1, given.lanes do
    lanes[index] = fn
  end
  given.together(lanes)
end

local function logIn(run, given)
  local root = appwrite.new {
    endpoint = given.endpoint, project = given.project, maxConnections = given.connections,
  }
  for index = 1, given.users do
    run.list[index] = { client = root:with { locale = index % 2 == 0 and "de" or nil }, calls = 0 }
  end
  local nextOne = 0
  inLanes(given, function()
    while nextOne < given.users do
      nextOne = nextOne + 1
      become(run, run.list[nextOne])
    end
  end)
end

---@param given spec.ManyUsers
---@return { wrong: integer, first: string?, calls: integer, relogins: integer, connections: integer, seconds: number }
function users.run(given)
  local high, low = core.random(2):byte(1, 2)
  math.randomseed(high * 256 + low)
  local run = {
    list = {}, ids = {}, wrong = 0, relogins = 0, calls = given.calls, left = given.calls, connections = 0,
    port = tonumber(given.endpoint:match ":(%d+)/"),
  }
  logIn(run, given)
  local start = core.monotonic()
  inLanes(given, function() lane(run) end)
  run.seconds = core.monotonic() - start
  run.list = nil
  return run
end

---@param run table what `run` gave
---@return string line for people
function users.describe(run)
  return format("%d calls, %d became another user, %d connections at most, %d wrong%s (%.1f s)", run.calls,
    run.relogins, run.connections, run.wrong, run.first and ": " .. run.first or "", run.seconds)
end

return users
