--- A listener on this machine's loopback for one request: the one by which a browser brings back the end of a sign-in.
--
-- Whatever else comes (the browser's wish for an icon, a wrong state, no HTTP at all, heads that are too large or never
-- end) gets an answer and changes nothing. `step` never waits: all sockets are non-blocking, and whoever waits for the
-- request calls it from time to time.
--
-- Appwrite redirects to hosts that are registered, among which is always "localhost", but not "127.0.0.1". Browsers may
-- try ::1 first for that, so the same port is taken there too, lest another program's user receives the secret.

local uri = require "appwrite.uri"

local find, format, match, sub = string.find, string.format, string.match, string.sub
local pcall, remove, require, setmetatable, tostring = pcall, table.remove, require, setmetatable, tostring

local PATH = "/"
local ADDRESS, ADDRESS_6 = "127.0.0.1", "::1"
local PORTS_TRIED = 5
local BACKLOG = 16
local MOST = 16 -- connections at once; the oldest gives way, so that idle ones cannot keep others out
local ACCEPTED_AT_ONCE = 32 -- in one step
local HEAD_MAX = 16384 -- bytes; the redirect has some hundred
local PIECE = 4096 -- bytes
local HEAD_SECONDS = 10 -- for a whole head to come
local SEND_SECONDS = 5
local DRAIN_SECONDS = 1 -- for what is still coming, unread: closing over it would take the answer back

local Loopback = { __name = "appwrite.Loopback" }
local methods = {}
Loopback.__index = methods

local loopback = {}

-- Pages ---------------------------------------------------------------------------------------------------------------

local PAGE = [[
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title></head>
<body style="font-family: sans-serif; max-width: 32em; margin: 4em auto; padding: 0 1em">
<h1>%s</h1>
<p>%s</p>
</body>
</html>
]]

-- Nothing of what came is repeated on them.
local PAGES = {
  done = { "200 OK", "Thank you", "You may close this page and go back to the program." },
  failed = { "200 OK", "Not signed in", "The sign-in did not work. Close this page and go back to the program, which"
    .. " says why." },
  incomplete = { "400 Bad Request", "Not complete", "This address is not complete. Go back to the program and sign in"
    .. " again." },
  noHttp = { "400 Bad Request", "Not understood", "This is no request that a browser makes." },
  state = { "403 Forbidden", "Not expected", "This is not the sign-in that the program waits for. Go back to the"
    .. " program and sign in again." },
  missing = { "404 Not Found", "Nothing here", "There is nothing at this address." },
  method = { "405 Method Not Allowed", "Not understood", "There is only something to get here." },
  late = { "408 Request Timeout", "Too slow", "The request did not come to its end." },
  large = { "431 Request Header Fields Too Large", "Too large", "The request is too large." },
}

local HEAD = "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n"
  .. "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
  .. "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n%s\r\n"

local function render(name)
  local page = PAGES[name]
  local body = format(PAGE, page[2], page[2], page[3])
  return format(HEAD, page[1], #body, name == "method" and "Allow: GET\r\n" or "") .. body
end

-- Which page a head gets, and where it is the request that is waited for, its fields.
local function judge(self, head)
  local verb, target = match(head, "^(%u+) (%S+) HTTP/1%.[01]\r\n")
  local path, query = match(target or "", "^(/[^?#]*)%??([^#]*)")
  if not path then
    return "noHttp"
  elseif path ~= PATH then
    return "missing"
  elseif verb ~= "GET" then
    return "method"
  end
  local fields = uri.fields(query)
  if fields.state ~= self.state then
    return "state"
  elseif fields.error then
    return "failed", fields
  elseif (fields.userId or "") == "" or (fields.secret or "") == "" then
    return "incomplete"
  end
  return "done", fields
end

-- Connections ---------------------------------------------------------------------------------------------------------
--
-- One is read until its head is whole, then written to, then drained. Each part returns whether it goes on.

local function answerWith(self, connection, name, fields)
  connection.out, connection.sent, connection.head = render(name), 0, nil
  connection.advance, connection.till = connection.send, self.now + SEND_SECONDS
  if fields then
    self.fields, self.winner = fields, connection
  end
  return connection:advance(self)
end

local function readHead(connection, self)
  local piece, problem, rest = connection.socket:receive(PIECE)
  connection.head = connection.head .. (piece or rest or "")
  local ending = find(connection.head, "\r\n\r\n", 1, true)
  if ending and ending <= HEAD_MAX then
    return answerWith(self, connection, judge(self, sub(connection.head, 1, ending + 1)))
  elseif #connection.head > HEAD_MAX then
    return answerWith(self, connection, "large")
  elseif problem and problem ~= "timeout" then
    return false
  elseif self.now >= connection.till then
    return answerWith(self, connection, "late")
  end
  return true
end

local function drain(connection, self)
  local _, problem = connection.socket:receive(PIECE)
  return (not problem or problem == "timeout") and self.now < connection.till
end

local function send(connection, self)
  local last, problem, rest = connection.socket:send(connection.out, connection.sent + 1)
  connection.sent = last or rest or connection.sent
  if connection.sent < #connection.out then
    return problem == "timeout" and self.now < connection.till
  end
  connection.socket:shutdown "send"
  connection.advance, connection.till = drain, self.now + DRAIN_SECONDS
  return true
end

local function take(self, server)
  for _ = 1, ACCEPTED_AT_ONCE do
    local socket = server:accept()
    if not socket then
      return
    end
    socket:settimeout(0)
    if #self.connections == MOST then
      remove(self.connections, 1).socket:close()
    end
    self.connections[#self.connections + 1] = {
      socket = socket, head = "", advance = readHead, send = send, till = self.now + HEAD_SECONDS,
    }
  end
end

local function advanceAll(self)
  local connections = self.connections
  for index = #connections, 1, -1 do
    local connection = connections[index]
    if not connection:advance(self) then
      connection.socket:close()
      remove(connections, index)
      connection.gone = true
    end
    if self.winner then
      return
    end
  end
end

local function closeServers(self)
  for index = #self.servers, 1, -1 do
    self.servers[index]:close()
    self.servers[index] = nil
  end
end

-- The first request that is the right one is the last: nobody else is served from then on.
local function serveWinner(self)
  closeServers(self)
  for index = #self.connections, 1, -1 do
    local connection = self.connections[index]
    if connection ~= self.winner then
      connection.socket:close()
      remove(self.connections, index)
    end
  end
  local winner = self.winner
  if not winner.gone and winner.advance ~= drain then
    winner.gone = not winner:advance(self)
  end
  return (winner.gone or winner.advance == drain) and self.fields or nil
end

---Serve what has come, without waiting.
---@param now number seconds of a clock that is never set back
---@return table<string, string>? fields of the request that was waited for, once it has its page: `userId` and
---  `secret`, or `error`
function methods:step(now)
  self.now = now
  if not self.winner then
    for _, server in ipairs(self.servers) do
      take(self, server)
    end
    advanceAll(self)
  end
  return self.winner and serveWinner(self) or nil
end

---Nothing listens any more. May be called twice.
function methods:close()
  closeServers(self)
  for index = #self.connections, 1, -1 do
    self.connections[index].socket:close()
    self.connections[index] = nil
  end
end

-- Opening -------------------------------------------------------------------------------------------------------------

local function listen(make, address, port)
  local server, problem = make()
  if not server then
    return nil, problem
  end
  local done
  done, problem = server:bind(address, port)
  if done then
    done, problem = server:listen(BACKLOG)
  end
  if not done then
    server:close()
    return nil, problem
  end
  server:settimeout(0)
  if server.getfd then
    -- A browser that is started, by whomever, would keep the port open for as long as it lives.
    require("appwrite.core").keepFromChildren(server:getfd())
  end
  return server
end

-- On a machine without IPv6 there is nobody to take the port there either.
local function listenTwice(sockets)
  local server, problem = listen(sockets.tcp4 or sockets.tcp, ADDRESS, 0)
  if not server then
    return nil, problem
  end
  local _, port = server:getsockname()
  local second
  if sockets.tcp6 then
    second, problem = listen(sockets.tcp6, ADDRESS_6, port)
    if not second and find(tostring(problem), "in use", 1, true) then
      server:close()
      return nil, problem
    end
  end
  return { server, second }, tonumber(port)
end

---@param state string random characters by which the request is known
---@param sockets table? luasocket, or what has its tcp4() and tcp6()
---@return table? listener with `port`
---@return string? problem
function loopback.open(state, sockets)
  local servers, port
  for _ = 1, PORTS_TRIED do
    servers, port = listenTwice(sockets)
    if servers then
      return setmetatable({ state = state, servers = servers, port = port, connections = {}, now = 0 }, Loopback)
    end
  end
  return nil, format("no port of %s can be listened on: %s", ADDRESS, tostring(port))
end

---luasocket, which LÖVE and Defold bring along.
---@return table? sockets
---@return string? problem
function loopback.sockets()
  local found, sockets = pcall(require, "socket")
  if found then
    return sockets
  end
  return nil, 'it listens on a port, for which LuaSocket is needed: install the package "lua-socket" (Debian) or the'
    .. ' rock "luasocket"'
end

return loopback
