--- What the handlers of session_nginx_spec do inside of nginx.

-- luacheck: std ngx_lua

local appwrite = require "appwrite"

local format = string.format

local LANES = 20

local sessions = {}

local server
local kept, calls = {}, 0

---@param endpoint string
---@param project string
function sessions.open(endpoint, project)
  server = appwrite.new { endpoint = endpoint, project = project }
end

-- As with Redis: each of them waits, and the worker goes on.
local function storeOf(name)
  return {
    load = function()
      ngx.sleep(0.01)
      return kept[name]
    end,
    save = function(text)
      ngx.sleep(0.01)
      kept[name], calls = text, calls + 1
    end,
    clear = function()
      ngx.sleep(0.01)
      kept[name] = nil
    end,
  }
end

local function together(fn)
  local threads, said = {}, {}
  for lane = 1, LANES do
    threads[lane] = ngx.thread.spawn(fn, lane)
  end
  for lane, thread in ipairs(threads) do
    local ok, result = ngx.thread.wait(thread)
    said[lane] = ok and tostring(result) or "failed: " .. tostring(result)
  end
  return said
end

local function count(said)
  local counts = {}
  for _, text in ipairs(said) do
    counts[text] = (counts[text] or 0) + 1
  end
  local parts = {}
  for text, times in pairs(counts) do
    parts[#parts + 1] = format("%d %s", times, text)
  end
  table.sort(parts)
  return table.concat(parts, ", ")
end

local handlers = {}

---Each light thread is a user, who logs in, comes back, and logs out.
function handlers.stores()
  return count(together(function(lane)
    local name = "user" .. lane
    local id = assert(server:with({ store = storeOf(name) }).account.createAnonymousSession()).userId
    local again = server:with { store = storeOf(name) }
    if assert(again.account.getCurrentUser())["$id"] ~= id then
      return "another"
    end
    assert(again.account.logoutSessionById { sessionId = "current" })
    return kept[name] == nil and "well" or "kept"
  end)) .. ", saved " .. calls
end

---All of them wait for one JWT.
function handlers.jwt()
  local user = server:with {}
  local id = assert(user.account.createAnonymousSession()).userId
  local own = user:with { jwt = "auto" }
  return count(together(function()
    return assert(own.account.getCurrentUser())["$id"] == id and "well" or "another"
  end))
end

---A session that is lost to all of them at once.
function handlers.lost()
  local lost = 0
  local user = server:with { onSessionLost = function()
    ngx.sleep(0.01)
    lost = lost + 1
  end, session = "dead" }
  local said = count(together(function()
    return select(2, user.account.getCurrentUser()).type
  end))
  return said .. ", told " .. lost
end

---Answers by the handler that the path names.
function sessions.serve()
  ngx.print(handlers[ngx.var.uri:match "([^/]+)$"]())
end

return sessions
