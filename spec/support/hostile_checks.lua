--- What must hold whatever a server does: the error that was promised, in time, without filling memory, without giving
-- a credential away, and with a client that works on.

local appwrite = require "appwrite"
local assert = require "luassert"
local memory = require "spec.support.memory"
local socket = require "socket"

local concat, format, ipairs, pairs, type = table.concat, string.format, ipairs, pairs, type

local checks = {
  MAX = 1024 * 1024, -- bytes of an answer
  WITHIN = 5, -- seconds that an error may take where no timeout is at work
  MEMORY = 48 * 1024 * 1024, -- bytes by which the process may grow
  SECRETS = { "hunter2-key", "hunter2-jwt", "hunter2-session", "hunter2-password", "hunter2-query" },
  BROKEN = { "network", "protocol" }, -- kinds of errors
}

---@param text string
function checks.noSecret(text)
  for _, secret in ipairs(checks.SECRETS) do
    assert.is_nil(text:find(secret, 1, true), text)
  end
end

---@class spec.Expected
---@field kind string|string[]
---@field code integer?
---@field message string? a part of it
---@field type string?

---@param expected spec.Expected
---@param result any
---@param err any
function checks.error(expected, result, err)
  assert.is_nil(result)
  assert.is_truthy(err)
  local kinds = type(expected.kind) == "table" and expected.kind or { expected.kind }
  local matches = false
  for _, kind in ipairs(kinds) do
    matches = matches or err.kind == kind
  end
  assert.is_true(matches, format("expected %s, got %s: %s", concat(kinds, " or "), err.kind, tostring(err)))
  if expected.code then
    assert.equal(expected.code, err.code)
  end
  if expected.type then
    assert.equal(expected.type, err.type)
  end
  if expected.message then
    assert.truthy(err.message:find(expected.message, 1, true), err.message)
  end
  assert.is_true(#err.message < 2100, #err.message)
  assert.is_nil(tostring(err):find "%c")
  checks.noSecret(tostring(err))
  checks.noSecret(err.message)
end

---@param behaviour string the bucket's id names it
function checks.getJson(client, behaviour)
  return client.storage.getFileById { bucketId = behaviour, fileId = "f" }
end

function checks.getBytes(client, behaviour, options)
  return client.storage.getFileDownload({ bucketId = behaviour, fileId = "f" }, options)
end

function checks.post(client, behaviour, bytes)
  return client.storage.createFile { bucketId = behaviour, fileId = "f", file = bytes or "x" }
end

---@return number seconds
---@return any ... what `run` returned
function checks.timed(run, ...)
  local start = socket.gettime()
  local result, err, response = run(...)
  return socket.gettime() - start, result, err, response
end

---@class spec.Case : spec.Expected
---@field kind string|string[]|nil nil: it is understood
---@field name string?             of the result
---@field call function?           getJson if not told
---@field options table?           of the client
---@field within number?           seconds

local Checks = { __name = "spec.HostileChecks" }
local methods = {}
Checks.__index = methods

---A client with credentials that must get nowhere.
---@param changes table? of the options; `key = false`, `session = false`: without
function methods:client(changes)
  local options = {
    endpoint = self.server.endpoint, project = "p", timeout = 10, maxResponseBytes = checks.MAX,
    key = "hunter2-key", jwt = "hunter2-jwt", session = "hunter2-session", retry = false,
  }
  for name, value in pairs(changes or {}) do
    options[name] = value
  end
  options.key, options.session = options.key or nil, options.session or nil
  return appwrite.new(options)
end

---It answers well when asked well, and nothing went to another origin.
function methods:usable(client)
  assert.equal("Ada", assert(checks.getJson(client, "ok")).name)
  assert.same({}, self.server:requests "other")
end

---Ask for a behaviour, and check all that must hold.
---@param behaviour string
---@param case spec.Case
---@return table client
---@return any result
---@return appwrite.Error? err
---@return appwrite.Response? response
function methods:try(behaviour, case)
  local client = self:client(case.options)
  local grown, elapsed, result, err, response = memory.growth(checks.timed, case.call or checks.getJson, client, behaviour)
  if case.kind then
    checks.error(case, result, err)
  else
    assert.is_nil(err, tostring(err))
  end
  if case.name then
    assert.equal(case.name, result.name)
  end
  assert.is_true(elapsed < (case.within or checks.WITHIN), "took " .. elapsed)
  assert.is_true(grown < checks.MEMORY, "took bytes: " .. grown)
  self:usable(client)
  return client, result, err, response
end

---A test for each behaviour.
---@param cases table<string, spec.Case>
---@param it function busted's
---@param title string
function methods:each(cases, it, title)
  for behaviour, case in pairs(cases) do
    it(format("%s: %s", title, behaviour), function()
      self:try(behaviour, case)
    end)
  end
end

---At the end: whether all behaviours of a theme were tried, and how many that is.
---@param theme string
function methods:finish(theme)
  local tried, count = self.server:tried(), 0
  for name in pairs(require("spec.support.hostile_" .. theme)) do
    assert.is_true(tried[name] == true, "nobody tried the behaviour " .. name)
    count = count + 1
  end
  checks.tell(count, theme)
end

---@param count integer
---@param theme string
function checks.tell(count, theme)
  io.stdout:write(format("\n%d behaviours of a hostile server tried: %s\n", count, theme))
end

---@param server table? as hostile.start() gives it; may be set later
function checks.new(server)
  return setmetatable({ server = server }, Checks)
end

return checks
