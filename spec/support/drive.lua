--- Drives the C core's transport by hand, one request at a time, with a deadline in case something hangs.

local curl = require "appwrite.transport.curl"
local socket = require "socket"

local drive = { PATIENCE = 20 } -- seconds; nothing takes as long unless it hangs

local function merged(first, second)
  local all = {}
  for _, source in ipairs { first, second or {} } do
    for name, value in pairs(source) do
      all[name] = value
    end
  end
  return all
end

local function untilTrue(what, test, pause)
  local deadline = socket.gettime() + drive.PATIENCE
  while not test() do
    assert(socket.gettime() < deadline, what)
    curl.step(pause)
  end
end

---@param endpoint string
---@param options table? of the transport
---@return table session
function drive.open(endpoint, options)
  return assert(curl.open(merged({ endpoint = endpoint, project = "p" }, options)))
end

---@param session table
---@param request table? where it differs from GET /account
---@return table handle
function drive.start(session, request)
  return assert(session:start(merged({ method = "GET", target = "/account", timeout = drive.PATIENCE }, request)))
end

---Steps until it has ended.
---@param handle table
function drive.wait(handle)
  untilTrue("the request never ends", function() return handle:done() end, 1)
end

---@param handle table
---@return any ... its result, once it has ended
function drive.finish(handle)
  drive.wait(handle)
  return handle:result()
end

---@param session table
---@param request table?
---@return any ... its result
function drive.fetch(session, request)
  return drive.finish(drive.start(session, request))
end

---Steps until a recorder has got that many requests.
---@param server table
---@param count integer
function drive.arrive(server, count)
  untilTrue("the request never arrives", function() return #server:requests() >= count end, 0.01)
end

---@param run function called with the rest
---@return number seconds
function drive.timed(run, ...)
  local begin = socket.gettime()
  run(...)
  return socket.gettime() - begin
end

return drive
