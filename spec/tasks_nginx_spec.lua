-- What code in tasks may do inside of real nginx: a worker must outlive whatever it tries.

local raw = require "spec.support.raw_http"
local recorder = require "spec.support.recorder"
local workers = require "spec.support.nginx_workers"

local HTTP = [[
  server {
    listen 127.0.0.1:%PORT1%;
    default_type text/plain;
    location / { content_by_lua_block { require("spec.support.tasks_nginx").serve() } }
  }
]]

local ADA = { headers = { ["content-type"] = "application/json" }, body = '{"name":"Ada"}' }
local HELD = { headers = ADA.headers, body = ADA.body, hold = true }
local REQUESTS = 20 -- enough for the memory of one that has ended to be used again

workers.build()

describe("tasks in nginx", function()
  local server, front

  setup(function()
    server = recorder.start()
    front = workers.start {
      http = HTTP, main = "thread_pool default threads=2;",
      initWorker = ("require('spec.support.tasks_nginx').open(%q)"):format(server.endpoint),
    }
  end)

  teardown(function()
    front:stop()
    server:stop()
  end)

  before_each(function()
    server:clear()
    server:reply(ADA)
  end)

  local function ask(path)
    local answer = raw.ask(front.port, path)
    assert.equal(200, answer.status, answer.body)
    return answer.body
  end

  -- That no worker had to be replaced.
  after_each(function()
    assert.equal("Ada", ask "/user")
    assert.is_nil(front:log():find("exited on signal", 1, true), front:log())
  end)

  it("are told that they have no request, whatever needs one", function()
    assert.equal("none none none", ask "/needing")
  end)

  it("yield, and have coroutines of their own", function()
    assert.equal("123 Ada123Ada", ask "/yields")
  end)

  it("cannot have a call wait in such a coroutine, which says so", function()
    local text = ask "/inner"
    assert.truthy(text:find("appwrite: in nginx a call cannot wait in a coroutine that a task has made", 1, true), text)
    assert.equal("Ada", text:match " / (.*)$")
  end)

  it("outlive their request, and use nothing of it", function()
    server:clear()
    server:reply(HELD)
    assert.equal("begun", ask "/outlive")
    for index = 1, REQUESTS do
      ask("/told?" .. ("x"):rep(index * 100))
    end
    server:reply(ADA)
    server:release()
    workers.untilTrue("the task never ends", function()
      return ask "/told" ~= "nothing"
    end)
    assert.equal("Ada none 123 Ada", ask "/told")
    assert.truthy(front:log():find("Ada outlived it", 1, true))
  end)
end)
