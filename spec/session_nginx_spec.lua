--- Sessions, their stores and JWTs in nginx's light threads.

local raw = require "spec.support.raw_http"
local sandbox = require "spec.support.sandbox"
local workers = require "spec.support.nginx_workers"

local format = string.format

local HTTP = [[
  server {
    listen 127.0.0.1:%PORT1%;
    default_type text/plain;
    location / { content_by_lua_block { require("spec.support.sessions_nginx").serve() } }
  }
]]

workers.build()

describe("sessions in nginx", function()
  local server, front

  setup(function()
    server = sandbox.start()
    front = workers.start {
      http = HTTP, main = "thread_pool default threads=2;",
      initWorker = format("require('spec.support.sessions_nginx').open(%q, %q)", server.endpoint, server.project),
    }
  end)

  teardown(function()
    front:stop()
    server.stop()
  end)

  local function ask(path)
    local answer = raw.receive(raw.send(front.port, path))
    assert.equal(200, answer.status, answer.body .. front:log())
    return answer.body
  end

  local function requests(path)
    local count = 0
    for line in io.lines(server.dir .. "/access.log") do
      count = count + (line:find(path, 1, true) and 1 or 0)
    end
    return count
  end

  it("have stores that wait", function()
    assert.equal("20 well, saved 20", ask "/stores")
  end)

  it("give one JWT to all who wait for it", function()
    assert.equal("20 well", ask "/jwt")
    assert.equal(1, requests " /v1/account/jwt ")
  end)

  it("are lost once", function()
    assert.equal("20 general_unauthorized_scope, told 1", ask "/lost")
  end)
end)
