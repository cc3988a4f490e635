--- A thousand users of one program over eight connections. APPWRITE_SPEC_USERS and APPWRITE_SPEC_CALLS say how many
-- users and calls; APPWRITE_SPEC_FIGURES=1 prints what was counted.

local appwrite = require "appwrite"
local users = require "spec.support.many_users"
local raw = require "spec.support.raw_http"
local sandbox = require "spec.support.sandbox"
local workers = require "spec.support.nginx_workers"

local format = string.format

local USERS = tonumber(os.getenv "APPWRITE_SPEC_USERS") or 1000
local CALLS = tonumber(os.getenv "APPWRITE_SPEC_CALLS") or 6000
local CONNECTIONS = 8
local LANES = 64

local HTTP = [[
  server {
    listen 127.0.0.1:%PORT1%;
    default_type text/plain;
    location / {
      content_by_lua_block {
        local users = require "spec.support.many_users"
        local run = users.run {
          endpoint = "%ENDPOINT%", project = "%PROJECT%", users = %USERS%, calls = %CALLS%, lanes = %LANES%,
          connections = %CONNECTIONS%, together = function(functions)
            local threads = {}
            for index, fn in ipairs(functions) do
              threads[index] = ngx.thread.spawn(fn)
            end
            for _, thread in ipairs(threads) do
              assert(ngx.thread.wait(thread))
            end
          end,
        }
        ngx.print(run.wrong, " ", run.connections, " ", run.relogins, " ", users.describe(run))
      }
    }
  }
]]

workers.build()

describe("a thousand users", function()
  local server

  -- Of its own for each, since connections stay.
  before_each(function()
    server = sandbox.start()
  end)

  after_each(function()
    appwrite.new { endpoint = server.endpoint, project = server.project, maxConnections = 6 } -- as it is by default
    server.stop()
  end)

  -- Where libcurl replaces one, the server may see the old one for a moment longer.
  local function assertConnections(seen)
    assert.is_true(seen == CONNECTIONS or seen == CONNECTIONS + 1, seen .. " connections")
  end

  local function tell(text)
    if os.getenv "APPWRITE_SPEC_FIGURES" then
      print(text)
    end
  end

  it("are not mixed up in tasks", function()
    local run = users.run {
      endpoint = server.endpoint, project = server.project, users = USERS, calls = CALLS, lanes = LANES,
      connections = CONNECTIONS, together = appwrite.all,
    }
    tell("tasks: " .. users.describe(run))
    assert.equal(0, run.wrong, run.first)
    assertConnections(run.connections)
    assert.is_true(run.relogins > 0)
  end)

  it("are not mixed up in nginx's light threads", function()
    local front = workers.start {
      http = HTTP, main = "thread_pool default threads=2;", values = {
        ENDPOINT = server.endpoint, PROJECT = server.project, USERS = tostring(USERS), CALLS = tostring(CALLS),
        LANES = tostring(LANES), CONNECTIONS = tostring(CONNECTIONS),
      },
    }
    finally(function() front:stop() end)
    local answer = raw.receive(raw.send(front.port, "/"))
    assert.equal(200, answer.status, answer.body .. front:log())
    local wrong, connections, relogins, text = answer.body:match "^(%d+) (%d+) (%d+) (.*)$"
    tell(format("nginx: %s", text))
    assert.equal("0", wrong, text)
    assertConnections(tonumber(connections))
    assert.is_true(tonumber(relogins) > 0)
  end)
end)
