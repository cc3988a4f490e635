--- Ports of 127.0.0.1 for the servers of the specs.

local socket = require "socket"

local port = {}

local HOST = "127.0.0.1"

local function bound()
  local holder = assert(socket.tcp4())
  assert(holder:bind(HOST, 0))
  local _, number = assert(holder:getsockname())
  return holder, tonumber(number)
end

---A port that nothing listened on a moment ago. Another process may take it before its user does: try again then.
---@return integer
function port.free()
  local holder, number = bound()
  holder:close()
  return number
end

---A port that refuses connections for as long as it is held: it is taken, but nothing listens.
---@return integer port
---@return table holder close() it when done
function port.refusing()
  local holder, number = bound()
  return number, holder
end

---A port that takes no connection and refuses none: its queue is full, so that one more waits for an answer forever.
---@return integer port
---@return table holder close() it when done
function port.deaf()
  local holder, number = bound()
  assert(holder:listen(0))
  local queued = {}
  for index = 1, 4 do
    queued[index] = assert(socket.tcp4())
    queued[index]:settimeout(0)
    queued[index]:connect(HOST, number)
  end
  return number, {
    close = function()
      for _, one in ipairs(queued) do
        one:close()
      end
      holder:close()
    end,
  }
end

return port
