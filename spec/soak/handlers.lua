--- The inside of spec.soak.server: what nginx runs.

-- luacheck: std ngx_lua
local handlers = {}

local USER = [[{"$id":"5e5ea5c16897e","$createdAt":"2020-10-15T06:38:00.000+00:00",]]
  .. [["$updatedAt":"2020-10-15T06:38:00.000+00:00","name":"Ada Lovelace","registration":"2020-10-15T06:38:00.000+00:00",]]
  .. [["status":true,"labels":["vip"],"passwordUpdate":"2020-10-15T06:38:00.000+00:00","email":"ada@example.com",]]
  .. [["phone":"","emailVerification":true,"phoneVerification":false,"mfa":false,"prefs":{"theme":"dark"},"targets":[],]]
  .. [["accessedAt":"2020-10-15T06:38:00.000+00:00"}]]

local counts = { requests = 0, close = 0, reset = 0, error = 0, cut = 0 }
local due, turn = 0, 0

local function head(status)
  ngx.status = status
  ngx.header["content-type"] = "application/json"
end

local faults = {
  {
    name = "error",
    run = function()
      head(500)
      ngx.print '{"message":"Server Error","code":500,"type":"general_unknown","version":"1.5.11"}'
    end,
  },
  {
    name = "cut",
    run = function()
      head(200)
      ngx.header["content-length"] = #USER
      ngx.print(USER:sub(1, 100))
      ngx.flush(true)
      ngx.exit(ngx.ERROR)
    end,
  },
  { name = "close", isSilent = true, run = function() ngx.exec "@close" end },
  { name = "reset", isSilent = true, run = function() ngx.exec "@reset" end },
}

-- One in a hundred, each kind in its turn. A GET on a connection that was used before and ends without a byte is sent
-- again by libcurl, as it should: so such faults are for requests with a body, and every fault is an error.
local function fault()
  due = due + (counts.requests % 100 == 0 and 1 or 0)
  local chosen = faults[turn % #faults + 1]
  if due == 0 or chosen.isSilent and ngx.req.get_method() == "GET" then
    return nil
  end
  due, turn = due - 1, turn + 1
  counts[chosen.name] = counts[chosen.name] + 1
  return chosen.run
end

function handlers.serve()
  counts.requests = counts.requests + 1
  ngx.req.read_body()
  local run = fault()
  if run then
    run()
    return
  end
  head(200)
  ngx.header["content-length"] = #USER
  ngx.print(USER)
end

function handlers.slow()
  counts.requests = counts.requests + 1
  ngx.sleep(0.02)
  head(200)
  ngx.header["content-length"] = #USER
  ngx.print(USER:sub(1, 100))
  ngx.flush(true)
  ngx.sleep(0.02)
  ngx.print(USER:sub(101))
end

function handlers.realtime()
  local socket = assert(require("nginx.websocket.server"):new { timeout = 60000 })
  assert(socket:send_text '{"type":"connected","data":{"channels":["documents"],"user":null}}')
  while true do
    local _, kind = socket:recv_frame()
    if not kind then
      return
    elseif kind == "ping" then
      socket:send_pong ""
    elseif kind == "close" then
      socket:send_close(1000, "")
      return
    end
  end
end

function handlers.counts()
  for name, number in pairs(counts) do
    ngx.say(name, "=", number)
  end
  ngx.say("due=", due) -- for which no fitting request has come
end

return handlers
