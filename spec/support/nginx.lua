--- Starts nginx with its Lua module for a spec: one process in the foreground, everything it writes in a directory of
-- its own that goes when it ends.

local lfs = require "lfs"
local port = require "spec.support.port"
local process = require "spec.support.process"

local format = string.format

local ATTEMPTS = 5

local Nginx = { __name = "spec.Nginx" }
local methods = {}
Nginx.__index = methods

local nginx = {}

-- One process without a master: nothing to do with users and signals. The first server block is the spec's hold on it.
local TEMPLATE = [[
load_module %MODULES%/ndk_http_module.so;
load_module %MODULES%/ngx_http_lua_module.so;
daemon off;
master_process off;
pid %DIRECTORY%/pid;
error_log %DIRECTORY%/error.log notice;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path %DIRECTORY%/body;
  proxy_temp_path %DIRECTORY%/proxy;
  fastcgi_temp_path %DIRECTORY%/fastcgi;
  uwsgi_temp_path %DIRECTORY%/uwsgi;
  scgi_temp_path %DIRECTORY%/scgi;
  client_max_body_size 0;
  lua_package_path '%ROOT%/?.lua;;';
  init_worker_by_lua_block { require("spec.support.nginx_hold").announce "%PORTS%" }
  server {
    listen 127.0.0.1:%PORT1%;
    location = /hold { content_by_lua_block { require("spec.support.nginx_hold").serve() } }
    location / { return 404; }
  }
%HTTP%
}
]]

local function modules()
  process.need("nginx", "nginx")
  local text = process.run "PATH=\"$PATH:/usr/sbin\" nginx -V"
  local path = text:match "%-%-modules%-path=(%S+)"
  for file, package in pairs {
    ["ndk_http_module.so"] = "libnginx-mod-http-ndk",
    ["ngx_http_lua_module.so"] = "libnginx-mod-http-lua",
  } do
    if not path or not lfs.attributes(path .. "/" .. file) then
      error(format('the specs need nginx\'s module "%s": install the package "%s"', file, package), 3)
    end
  end
  return path
end

local function fill(text, values)
  return (text:gsub("%%(%u+%d*)%%", values))
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  assert(file:close())
end

-- nil where a port was taken in the meantime.
local function try(options, path)
  local directory, ports = process.directory(), {}
  local values = { MODULES = path, ROOT = lfs.currentdir(), DIRECTORY = directory }
  for index = 1, (options.ports or 1) + 1 do
    ports[index] = port.free()
    values["PORT" .. index] = tostring(ports[index])
  end
  values.PORTS = table.concat(ports, " ")
  for name, text in pairs(options.values or {}) do
    values[name] = text
  end
  values.HTTP = fill(options.http, values)
  write(directory .. "/nginx.conf", fill(TEMPLATE, values))
  local quoted = process.quote(directory)
  local command = format("PATH=\"$PATH:/usr/sbin\" nginx -p %s -c nginx.conf 2>&1; rm -rf %s", quoted, quoted)
  local started, problem = process.start(command, "GET /hold HTTP/1.0\r\n\r\n")
  if started then
    return setmetatable({ process = started, directory = directory, ports = ports }, Nginx)
  elseif not problem:find("Address already in use", 1, true) then
    error("nginx did not start: " .. problem, 3)
  end
  return nil
end

---@class spec.NginxOptions
---@field http string      what goes into its http block; %PORT2%, %PORT3%, … and %DIRECTORY% are filled in
---@field ports integer?   how many ports that needs, 1 if not told
---@field values table<string, string>? further names to fill in

---@param options spec.NginxOptions
---@return table server `ports[2]` and up are those of the spec; `directory`
function nginx.start(options)
  local path = modules()
  for _ = 1, ATTEMPTS do
    local started = try(options, path)
    if started then
      return started
    end
  end
  error(format("nginx found its ports taken %d times", ATTEMPTS), 2)
end

---Ends it and waits until it is gone; raises where its Lua code had failed.
function methods:stop()
  local file = io.open(self.directory .. "/error.log", "rb")
  local log = file and file:read("*a") or ""
  if file then
    file:close()
  end
  self.process:stop()
  local failure = log:match "[^\n]*lua entry thread aborted[^\n]*" or log:match "[^\n]*%[emerg%][^\n]*"
  if failure then
    error("nginx: " .. failure, 2)
  end
end

return nginx
