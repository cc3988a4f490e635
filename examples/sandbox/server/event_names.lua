--- What events are called, who is told of them, and in which channels. `%1`, `%2` and `%3` stand for the ids, in the
-- order of the path.

---@class sandbox.EventKind
---@field path string[] what comes before each id
---@field channels string[]
---@field reader? string the role that may read it; without one the service says who may
---@field wild? integer[][] which ids become `*`, name by name; usually as the number of ids says

local USER = { "account", "account.%1" }

-- Things of a user: all of them are told to him alone, as news of his account.
local function ofUser(...)
  return { path = { "users", ... }, channels = USER, reader = "user:%1" }
end

---@type table<string, sandbox.EventKind>
local KINDS = {
  users = ofUser(),
  sessions = ofUser "sessions",
  recovery = ofUser "recovery",
  verification = ofUser "verification",
  identities = ofUser "identities",
  targets = ofUser "targets",
  challenges = ofUser "challenges",
  documents = {
    path = { "databases", "collections", "documents" },
    channels = {
      "documents", "databases.%1.collections.%2.documents", "databases.%1.collections.%2.documents.%3",
    },
  },
  files = { path = { "buckets", "files" }, channels = { "files", "buckets.%1.files", "buckets.%1.files.%2" } },
  teams = { path = { "teams" }, channels = { "teams", "teams.%1" }, reader = "team:%1" },
  memberships = {
    path = { "teams", "memberships" }, channels = { "memberships", "memberships.%2" }, reader = "team:%1",
    wild = { {}, { 1, 2 }, { 1 }, { 2 } },
  },
  executions = {
    path = { "functions", "executions" },
    channels = { "console", "executions", "executions.%2", "functions.%1" },
  },
}

-- Which ids become `*`, by their number, in the order in which a real server lists the names.
local WILD = {
  { {}, { 1 } },
  { {}, { 1, 2 }, { 2 }, { 1 } },
  { {}, { 1, 2, 3 }, { 2 }, { 1, 2 }, { 1 }, { 3 }, { 1, 3 }, { 2, 3 } },
}

local eventNames = { KINDS = KINDS }

-- What a name may end in: how many ids it has and what follows them, most specific first. An action such as
-- "update.prefs" has a second word, which also stands alone behind the first id.
local function endings(count, action)
  local first = action:match "^%a+"
  local list = {}
  local function add(ids, suffix)
    list[#list + 1] = { ids = ids, suffix = suffix }
  end
  if first ~= action and count > 1 then
    add(count, "." .. action)
  end
  add(count, "." .. first)
  if count > 1 then
    add(count, "")
  end
  if first ~= action then
    add(1, "." .. action)
  end
  for ids = count - 1, 2, -1 do
    add(ids, "")
  end
  add(1, "")
  return list
end

local function compose(path, ids, wildcards, ending)
  local isWild = {}
  for _, place in ipairs(wildcards) do
    isWild[place] = true
  end
  local pieces = {}
  for place = 1, ending.ids do
    pieces[#pieces + 1] = path[place]
    pieces[#pieces + 1] = isWild[place] and "*" or ids[place]
  end
  return table.concat(pieces, ".") .. ending.suffix
end

---All names of an event.
---@param kind sandbox.EventKind
---@param action string
---@param ids string[]
---@return string[] names most specific first
function eventNames.list(kind, action, ids)
  local names, seen = {}, {}
  for _, ending in ipairs(endings(#ids, action)) do
    for _, wildcards in ipairs(kind.wild or WILD[#ids]) do
      local name = compose(kind.path, ids, wildcards, ending)
      if not seen[name] then
        seen[name] = true
        names[#names + 1] = name
      end
    end
  end
  return names
end

---Put the ids into a channel or role.
---@param template string
---@param ids string[]
---@return string
function eventNames.fill(template, ids)
  return (template:gsub("%%(%d)", function(place) return ids[tonumber(place)] end))
end

return eventNames
