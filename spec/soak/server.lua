--- The server that is soaked with: nginx, in one process, which counts.
--
--   …/v1/account, …/v1/account/prefs   a user, at once, but for a fault in each hundredth request: see handlers.lua
--   …/slow/account                     the same after 20 ms, half of it 20 ms later
--   …/v1/realtime                      a WebSocket that says it is connected, and nothing more

local http = require "socket.http"
local nginx = require "spec.support.nginx"

local format = string.format

local Server = { __name = "spec.SoakServer" }
local methods = {}
Server.__index = methods

local server = {}

local CONFIG = [[
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  lua_socket_log_errors off;
  server {
    listen 127.0.0.1:%PORT2% backlog=4096;
    location @close { return 444; }
    location @reset { reset_timedout_connection on; return 444; }
    location /slow/ { content_by_lua_block { require("spec.soak.handlers").slow() } }
    location ~ /realtime { content_by_lua_block { require("spec.soak.handlers").realtime() } }
    location / { content_by_lua_block { require("spec.soak.handlers").serve() } }
  }
  server {
    listen 127.0.0.1:%PORT3%;
    location / { content_by_lua_block { require("spec.soak.handlers").counts() } }
  }
]]

---@return table server
function server.start()
  return setmetatable({ nginx = nginx.start { http = CONFIG, ports = 2 } }, Server)
end

---@param path string such as "/v1"
---@return string
function methods:endpoint(path)
  return format("http://127.0.0.1:%d%s", self.nginx.ports[2], path)
end

---@return table<string, integer> requests, and faults of each kind
function methods:counts()
  local text, status = http.request(format("http://127.0.0.1:%d/", self.nginx.ports[3]))
  assert(status == 200, text)
  local counts = {}
  for name, number in text:gmatch "(%w+)=(%d+)" do
    counts[name] = tonumber(number)
  end
  return counts
end

function methods:stop()
  self.nginx:stop()
end

return server
