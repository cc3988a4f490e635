--- A real server that admits ten requests a second, in three ways; and counts.
--
--   /told/…     as Appwrite does: by windows of one second, saying how many are left and when the next begins
--   /silent/…   nginx's own limit: a bucket that leaks ten a second, and a bare 429 for what is too much
--   /flaky/…    every request fails with 503 but each third

local http = require "socket.http"
local nginx = require "spec.support.nginx"

local format = string.format

local Storm = { __name = "spec.Storm" }
local methods = {}
Storm.__index = methods

local storm = { LIMIT = 10 }

local CONFIG = [[
  limit_req_zone $server_port zone=leaky:1m rate=10r/s;
  limit_req_status 429;
  server {
    listen 127.0.0.1:%PORT2%;
    location /told/ { content_by_lua_block { require("spec.support.storm_nginx").told() } }
    location /silent/ {
      limit_req zone=leaky burst=9 nodelay;
      error_page 429 = @refused;
      content_by_lua_block { require("spec.support.storm_nginx").admit("silent") }
    }
    location @refused { content_by_lua_block { require("spec.support.storm_nginx").refuse("silent") } }
    location /flaky/ { content_by_lua_block { require("spec.support.storm_nginx").flaky() } }
  }
  server {
    listen 127.0.0.1:%PORT3%;
    location / { content_by_lua_block { require("spec.support.storm_nginx").counts() } }
  }
]]

---@return table server `endpoint(way)`
function storm.start()
  return setmetatable({ server = nginx.start { http = CONFIG, ports = 2 } }, Storm)
end

---@param way "told"|"silent"|"flaky"
---@return string
function methods:endpoint(way)
  return format("http://127.0.0.1:%d/%s", self.server.ports[2], way)
end

---@param way "told"|"silent"|"flaky"
---@return integer requests that came
---@return integer refused of them
function methods:counts(way)
  local text, status = http.request(format("http://127.0.0.1:%d/%s", self.server.ports[3], way))
  local requests, refused = tostring(text):match "^(%d+) (%d+)$"
  if status ~= 200 or not requests then
    error(format("the server does not tell what it has counted: %s %s", tostring(status), tostring(text)), 2)
  end
  return tonumber(requests), tonumber(refused)
end

function methods:stop()
  self.server:stop()
end

return storm
