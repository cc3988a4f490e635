--- Starts nginx as it runs on a server, a master with workers, with the library on its path. For what one process alone
-- does, see spec.support.nginx.

local lfs = require "lfs"
local port = require "spec.support.port"
local process = require "spec.support.process"
local socket = require "socket"

local format = string.format

local ATTEMPTS = 5
local PATIENCE = 20 -- seconds; nothing takes as long unless it hangs
local LOOK = 0.01 -- seconds between looking whether another process has got so far

local Workers = { __name = "spec.Workers" }
local methods = {}
Workers.__index = methods

local workers = { PATIENCE = PATIENCE }

local TEMPLATE = [[
load_module %MODULES%/ndk_http_module.so;
load_module %MODULES%/ngx_http_lua_module.so;
%USER%
daemon off;
worker_processes %COUNT%;
worker_rlimit_nofile 4096;
pid pid;
error_log error.log notice;
%MAIN%
events { worker_connections 2048; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  client_max_body_size 0;
  lua_package_path '%ROOT%/lua/?.lua;%ROOT%/?.lua;;';
  lua_package_cpath '%ROOT%/build/lua-jit/?.so;;';
  init_worker_by_lua_block {
    io.stdout:write "up\n"
    io.stdout:flush()
    %COUNTED%
    %INIT_WORKER%
  }
%HTTP%
}
]]

local function modules()
  process.need("nginx", "nginx")
  local path = process.run("PATH=\"$PATH:/usr/sbin\" nginx -V"):match "%-%-modules%-path=(%S+)"
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

---Build the module for LuaJIT, which nginx runs on.
function workers.build()
  local root = process.quote(lfs.currentdir())
  local output, status = process.run(format("root=%s; . ./examples/setup.sh; build jit", root))
  if status ~= 0 then
    error("the module for LuaJIT was not built: " .. output, 2)
  end
end

local function fill(text, values)
  return (text:gsub("%%(%u[%u_]*%d*)%%", values))
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  assert(file:close())
end

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read "*a"
  if file then
    file:close()
  end
  return text
end

local function values(options, directory, ports)
  local all = {
    MODULES = modules(), ROOT = lfs.currentdir(), DIRECTORY = directory, COUNT = tostring(options.count or 1),
    MAIN = options.main or "", INIT_WORKER = options.initWorker or "",
    COUNTED = os.getenv "SPEC_COUNTED_IN_NGINX" or "", -- Lua by which spec/coverage counts lines there
    -- A worker that is nobody could not read a checkout in somebody's home.
    USER = process.run "id -u":match "%d+" == "0" and "user root;" or "",
  }
  for index, number in ipairs(ports) do
    all["PORT" .. index] = tostring(number)
  end
  for name, text in pairs(options.values or {}) do
    all[name] = text
  end
  all.HTTP = fill(options.http, all)
  return all
end

-- nil where a port was taken in the meantime.
local function try(options)
  local directory, ports = process.directory(), {}
  for index = 1, options.ports or 1 do
    ports[index] = port.free()
  end
  write(directory .. "/nginx.conf", fill(TEMPLATE, values(options, directory, ports)))
  local keeper = process.luaCommand "spec/support/keeper.lua" .. " " .. process.quote(table.concat(ports, " "))
  local started, problem = process.start(format("sh spec/support/nginx_workers.sh %s %s 2>&1", process.quote(directory),
    process.quote(keeper)))
  if started then
    return setmetatable({ process = started, directory = directory, ports = ports, port = ports[1] }, Workers)
  elseif not problem:find("Address already in use", 1, true) then
    error("nginx did not start: " .. problem, 3)
  end
  return nil
end

---@class spec.WorkersOptions
---@field http string        what goes into its http block; %PORT1%, %PORT2%, … and %DIRECTORY% are filled in
---@field count integer?     worker processes, 1 if not told
---@field main string?       what goes into its main block, such as a thread pool
---@field initWorker string? Lua code of that phase
---@field ports integer?     how many ports it needs, 1 if not told
---@field values table<string, string>? further names to fill in

---@param options spec.WorkersOptions
---@return table server `port`, `ports`, `directory`
function workers.start(options)
  for _ = 1, ATTEMPTS do
    local started = try(options)
    if started then
      return started
    end
  end
  error(format("nginx found its ports taken %d times", ATTEMPTS), 2)
end

---Looks again and again until it is so; raises where that never comes.
---@param what string for the message
---@param test fun(): any
---@return any ... what the test gave
function workers.untilTrue(what, test)
  local deadline = socket.gettime() + PATIENCE
  while true do
    local result = test()
    if result then
      return result
    end
    assert(socket.gettime() < deadline, what)
    socket.sleep(LOOK)
  end
end

---@return integer
function methods:master()
  return tonumber(read(self.directory .. "/pid"))
end

-- The state and the parent's id of a process; nil where there is none.
local function stateOf(id)
  local stat = read(format("/proc/%s/stat", id))
  if not stat then
    return nil
  end
  local state, parent = stat:match "%) (%a) (%d+)"
  return state, tonumber(parent)
end

---@return integer[] process ids of all workers, also of those that are about to end
function methods:workers()
  local master, list = self:master(), {}
  for id in lfs.dir "/proc" do
    local state, parent = stateOf(id:match "^%d+$" or "0")
    if state and state ~= "Z" and parent == master then
      list[#list + 1] = tonumber(id)
    end
  end
  return list
end

---@param name string such as "HUP"
function methods:signal(name)
  local output, status = process.run(format("kill -%s %d", name, self:master()))
  if status ~= 0 then
    error("no signal for nginx: " .. output, 2)
  end
end

---@return string
function methods:log()
  return read(self.directory .. "/error.log") or ""
end

---Whether a process has ended.
---@param id integer
---@return boolean
function workers.ended(id)
  local state = stateOf(id)
  return not state or state == "Z"
end

---How often the threads of a process have gone to sleep.
---@param id integer
---@return integer
function workers.sleeps(id)
  local count = 0
  for thread in lfs.dir(format("/proc/%d/task", id)) do
    local status = thread:find "%d" and read(format("/proc/%d/task/%s/status", id, thread))
    count = count + (status and tonumber(status:match "\nvoluntary_ctxt_switches:%s+(%d+)") or 0)
  end
  return count
end

---Ends it and waits until it is gone; raises where a worker crashed or its Lua code had failed.
function methods:stop()
  local log = self:log()
  self.process:stop()
  for _, sign in ipairs { "lua entry thread aborted", "lua user thread aborted", "exited on signal", "[emerg]" } do
    local at = log:find(sign, 1, true)
    if at then
      error("nginx: " .. log:sub(at, at + 2000), 2)
    end
  end
end

return workers
