--- What a client asks of a transport, and the check that it is met.
--
-- A transport is a table:
--   name                      for messages
--   open(options)             -> session, or nil and a message; the options of `appwrite.new` that concern transport
--   step(timeout)             -> number of requests under way, array of handles that have ended since (or nil), array
--                                of sockets with another state or with messages since (or nil); the end of each is told
--                                of, also where it was cancelled
--   fds(), timeout()          optional, for loops: what to wait for, and for how long; see appwrite.loop
--   realtime()                optional -> true, or false and why its sessions have no sockets
--   retry                     optional; false: nothing is sent again unless the client's options say so
--   file(path)                optional -> a file that answers are written into, or nil, kind, message
-- A session belongs to one client and keeps its credentials, which never come back out:
--   session:start(request)    -> handle, or nil, kind, message; see appwrite.Request
--   session:fork(options)     -> a session with credentials of its own over the same connections
--   session:set(name, value)  -> true, or nil and a message; name: project, key, jwt, session, locale; nil clears
--   session:has(name)         -> boolean; also "cookies"
--   session:clear()           forgets session, jwt and cookies
--   session:endpoint()        -> the endpoint without a slash at its end
--   session:project()         -> the project's id
-- and, for the options `store` and `onSessionLost`:
--   session:revision()        -> integer that differs from what it was before each change of session, JWT and cookies
--   session:export()          -> what is kept of the user, as text: secret, and for a store alone; nil where there is
--                                nothing; nil and what is wrong ("is too long")
--   session:import(text)      -> true: that is the user now; or nil and what is wrong with it ("is of another project")
--   session:connect(request)  optional, for realtime -> socket, or nil, kind, message. The request has target, headers
--                                (or nil), timeout (seconds until the handshake is over), maxMessageBytes and
--                                queueMessages. It goes to the endpoint's server, with the session's credentials
-- A socket stands for one connection of realtime:
--   socket:state()            -> "connecting", "open", "closing" or "closed"
--   socket:next()             -> message, whether it is binary; nil where none waits. No more than queueMessages wait:
--                                then the server has to
--   socket:send(text), socket:ping()
--                             -> true, or nil, kind, message
--   socket:authenticate()     optional -> the same; sends the session in realtime's message for that
--   socket:heard()            -> seconds since anything came from the server
--   socket:close(code, reason) begins to close it in good order; messages may still come
--   socket:cancel()           ends it at once; both may be called twice
--   socket:result()           -> once it is closed: table with kind (nil: in good order), message, code and reason of
--                                the server's close frame, status and body of a handshake that was refused
-- A handle stands for one request:
--   handle:result()           -> status, body (nil: it went to a file, or was streamed), seconds; or nil, kind,
--                                message, seconds, and the status of an answer that broke off; asked once, when it is
--                                done
--   handle:headers()          -> table with lower-case names
--   handle:progress()         -> downloaded, of, uploaded, of (bytes; 0: not known)
--   handle:sent()             optional -> whether anything of it may have reached a server; where there is none, it may
--   handle:openEnded()        optional -> whether nothing but the end of a TLS connection said where the answer ends,
--                                which may have been cut then; asked once it is done
--   handle:waiting()          -> bytes that a streaming request has and that were not read
--   handle:read()             -> these, or nil where there are none; while many wait, the server has to
--   handle:done()             -> boolean
--   handle:cancel()           ends it at once; may be called twice
-- A file stands for what has its name only when it is whole:
--   file:size()               -> bytes that are there
--   file:restart()            -> true: there are none again; or nil, kind, message
--   file:commit()             -> true: it has its name; or nil, kind, message, and nothing of it stays
--   file:discard()            nothing of it stays, unless it was committed

local format = string.format

local transport = {}

---@class appwrite.Transport
---@field name string
---@field open fun(options: table): table?, string?
---@field step fun(timeout: number): integer, table[]?

local TRANSPORT = { name = "string", open = "function", step = "function" }
local SESSION = { "start", "fork", "set", "has", "clear", "endpoint", "project" }

---@param candidate any
---@return string? problem nil when it meets the contract
function transport.check(candidate)
  if type(candidate) ~= "table" then
    return format("a transport must be a table, got %s", type(candidate))
  end
  for name, kind in pairs(TRANSPORT) do
    if type(candidate[name]) ~= kind then
      return format('the transport\'s "%s" must be a %s, got %s', name, kind, type(candidate[name]))
    end
  end
  return nil
end

---@param session any what a transport's `open` or a session's `fork` gave
---@param name string the transport's
---@return string? problem
function transport.checkSession(session, name)
  for _, method in ipairs(SESSION) do
    if type(session[method]) ~= "function" then
      return format('the transport "%s" opened a session without the method "%s"', name, method)
    end
  end
  return nil
end

return transport
