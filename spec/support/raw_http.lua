--- HTTP requests as bytes over LuaSocket, many at once: each connection carries one, and nothing of the library is in
-- between.

local socket = require "socket"

local format = string.format

local PATIENCE = 20 -- seconds; nothing takes as long unless it hangs

local raw = {}

---@class spec.Asked
---@field path string
---@field method string?
---@field headers table<string, string>?
---@field body string?

---Send a request.
---@param port integer
---@param asked spec.Asked|string
---@return table connection
function raw.send(port, asked)
  asked = type(asked) == "string" and { path = asked } or asked
  local lines = { format("%s %s HTTP/1.0", asked.method or (asked.body and "POST" or "GET"), asked.path), "Host: 127.0.0.1" }
  for name, value in pairs(asked.headers or {}) do
    lines[#lines + 1] = name .. ": " .. value
  end
  if asked.body then
    lines[#lines + 1] = "Content-Length: " .. #asked.body
  end
  local connection = assert(socket.connect("127.0.0.1", port))
  connection:settimeout(PATIENCE)
  assert(connection:send(table.concat(lines, "\r\n") .. "\r\n\r\n" .. (asked.body or "")))
  return connection
end

---@class spec.Answered
---@field status integer
---@field headers table<string, string> lower-case names; of several the last
---@field body string

---Read its answer to the end.
---@param connection table
---@return spec.Answered
function raw.receive(connection)
  local text, problem, part = connection:receive "*a"
  connection:close()
  text = text or part
  local head, body = text:match "^(.-\r\n)\r\n(.*)$"
  local status = head and head:match "^HTTP/%d%.%d (%d+)"
  if not status then
    error(format("no answer of HTTP: %s %q", tostring(problem), text), 2)
  end
  local headers = {}
  for name, value in head:gmatch "\r\n([^:\r\n]+):%s*([^\r\n]*)" do
    headers[name:lower()] = value
  end
  return { status = tonumber(status), headers = headers, body = body }
end

---@param port integer
---@param asked spec.Asked|string
---@return spec.Answered
function raw.ask(port, asked)
  return raw.receive(raw.send(port, asked))
end

---Ask for all at once.
---@param port integer
---@param list (spec.Asked|string)[]
---@return spec.Answered[] in the same order
function raw.askAll(port, list)
  local connections, answers = {}, {}
  for index, asked in ipairs(list) do
    connections[index] = raw.send(port, asked)
  end
  for index, connection in ipairs(connections) do
    answers[index] = raw.receive(connection)
  end
  return answers
end

return raw
