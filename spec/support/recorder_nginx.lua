--- The recorder's part inside nginx. One process serves all requests, so plain tables hold what it knows.

-- luacheck: std ngx_lua
local netstring = require "spec.support.netstring"
local semaphore = require "ngx.semaphore"

local FOREVER = 3600 -- seconds; whoever waits is let go long before

local recorder = {}

local recorded, replies = {}, {}
local DEFAULT = { status = 200, body = "{}", headers = { { "content-type", "application/json" } } }

local gate, waiting = semaphore.new(), 0

local function body()
  ngx.req.read_body()
  local data = ngx.req.get_body_data()
  local path = not data and ngx.req.get_body_file()
  if path then
    local file = assert(io.open(path, "rb"))
    data = file:read("*a")
    file:close()
  end
  return data or ""
end

local function describe()
  local path, query = ngx.var.request_uri:match("^([^?]*)%??(.*)$")
  local list = {
    ngx.req.get_method(), path, query, body(), ngx.var.request, tostring(ngx.req.http_version()), ngx.var.connection,
  }
  for name, value in pairs(ngx.req.get_headers(0)) do
    list[#list + 1] = name
    list[#list + 1] = type(value) == "table" and table.concat(value, ", ") or tostring(value)
  end
  return netstring.encode(list)
end

local function answer(reply)
  ngx.status = reply.status
  local byName = {}
  for _, header in ipairs(reply.headers) do
    local name = header[1]:lower()
    byName[name] = byName[name] or {}
    table.insert(byName[name], header[2])
  end
  for name, values in pairs(byName) do
    ngx.header[name] = #values == 1 and values[1] or values
  end
  if not reply.chunked and reply.status ~= 204 and not byName["content-length"] then
    ngx.header["content-length"] = #reply.body
  end
  ngx.print(reply.body)
end

---Writes a request down and answers it.
function recorder.record()
  recorded[#recorded + 1] = describe()
  local reply = #replies > 1 and table.remove(replies, 1) or replies[1] or DEFAULT
  if reply.hold then
    waiting = waiting + 1
    gate:wait(FOREVER)
    waiting = waiting - 1
  end
  answer(reply)
end

local function decodeReply(text)
  local list = netstring.decode(text)
  local reply = { status = tonumber(list[1]), body = list[2], hold = list[3] == "1", chunked = list[4] == "1" }
  reply.headers = {}
  for index = 5, #list, 2 do
    reply.headers[#reply.headers + 1] = { list[index], list[index + 1] }
  end
  return reply
end

local function release()
  if waiting > 0 then
    gate:post(waiting)
  end
end

---Staples a file to the certificate.
---@param path string
function recorder.staple(path)
  local file = assert(io.open(path, "rb"))
  local bytes = file:read "*a"
  file:close()
  assert(require("ngx.ocsp").set_ocsp_status_resp(bytes))
end

local VERBS = {
  clear = function()
    recorded, replies = {}, {}
    release()
  end,
  reply = function(text)
    replies = {}
    for index, one in ipairs(netstring.decode(text)) do
      replies[index] = decodeReply(one)
    end
  end,
  release = release,
  requests = function()
    return netstring.encode(recorded)
  end,
}

---Serves the spec's own port.
function recorder.control()
  local verb = VERBS[ngx.var.uri:sub(2)]
  if not verb then
    ngx.status = 404
    return
  end
  local text = verb(body()) or ""
  ngx.header["content-length"] = #text
  ngx.print(text)
end

return recorder
