-- Retries and the limiter inside of real nginx: who waits lets the worker go on, and who hangs up leaves no place behind.

local raw = require "spec.support.raw_http"
local storm = require "spec.support.storm"
local workers = require "spec.support.nginx_workers"

local HTTP = [[
  server {
    listen 127.0.0.1:%PORT1%;
    default_type text/plain;
    lua_check_client_abort on;
    location / { content_by_lua_block { require("spec.support.turns_nginx").serve() } }
  }
]]

workers.build()

describe("in nginx", function()
  local server, front

  setup(function()
    server = storm.start()
    front = workers.start {
      http = HTTP, main = "thread_pool default threads=2;",
      initWorker = ("require('spec.support.turns_nginx').open(%q, %q)"):format(server:endpoint "told",
        server:endpoint "flaky"),
    }
  end)

  teardown(function()
    front:stop()
    server:stop()
  end)

  local function ask(path)
    local answer = raw.ask(front.port, path)
    assert.equal(200, answer.status, answer.body)
    return answer.body
  end

  it("a call is repeated in its light thread", function()
    assert.equal("x 3", ask "/flaky")
  end)

  it("requests share a limit, and one that hangs up leaves its place to the next", function()
    local staying, leaving = {}, {}
    local function send(list, count)
      for _ = 1, count do
        list[#list + 1] = raw.send(front.port, "/write")
      end
    end
    send(staying, 15) -- ten of them go at once
    send(leaving, 5)
    send(staying, 10)
    workers.untilTrue("nobody waits", function()
      return tonumber(ask "/waiting") >= 10
    end)
    for _, connection in ipairs(leaving) do
      connection:close()
    end
    assert.equal("x 3", ask "/flaky") -- while they wait
    for _, connection in ipairs(staying) do
      assert.equal("x", raw.receive(connection).body)
    end
    local requests, refused = server:counts "told"
    assert.is_true(requests >= 25 and requests <= 30, requests)
    assert.equal(0, refused)
    assert.equal("x", ask "/write")
    assert.is_nil(front:log():find("[error]", 1, true), front:log())
  end)
end)
