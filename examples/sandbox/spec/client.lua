-- luacheck: std max+busted
--- What the sandbox's specs ask it with: plain HTTP, nothing in common with the client library.

local cjson = require "cjson"
local http = require "socket.http"
local ltn12 = require "ltn12"

local format = string.format

---@class sandbox.SpecClient
---@field server sandbox.Running
---@field ada string session of a user who is there for all specs, as X-Fallback-Cookies carries it
---@field adaUser table
---@field adaEmail string
local client = {}

---@class sandbox.SpecOptions
---@field body? string
---@field headers? table<string, string>
---@field session? string what X-Fallback-Cookies carries
---@field server? sandbox.Running another than usual
---@field project? string another than the server's

---@class sandbox.SpecAnswer
---@field status integer
---@field headers table<string, string> names in lower case
---@field body string
---@field json? any the body, where it is JSON

local function headersFor(server, options)
  local headers = {
    ["x-appwrite-project"] = options.project or server.project, ["x-fallback-cookies"] = options.session,
  }
  if options.body then
    headers["content-type"], headers["content-length"] = "application/json", tostring(#options.body)
  end
  for name, value in pairs(options.headers or {}) do
    headers[name] = value
  end
  return headers
end

---@param method string
---@param path string with the query
---@param options? sandbox.SpecOptions
---@return sandbox.SpecAnswer
function client.call(method, path, options)
  options = options or {}
  local server = options.server or client.server
  local chunks = {}
  local _, status, headers = http.request {
    url = server.endpoint .. path, method = method, headers = headersFor(server, options), redirect = false,
    source = options.body and ltn12.source.string(options.body), sink = ltn12.sink.table(chunks),
  }
  assert(type(status) == "number", status)
  local answer = { status = status, headers = headers, body = table.concat(chunks) }
  local isJson = (headers["content-type"] or ""):find("^application/json")
  if isJson and not headers["content-encoding"] and method ~= "HEAD" then
    answer.json = cjson.decode(answer.body)
  end
  return answer
end

---Expect a status.
---@param status integer
---@param answer sandbox.SpecAnswer
---@return any json
function client.expect(status, answer)
  assert.equal(status, answer.status, answer.body)
  return answer.json
end

---Expect an error of Appwrite's.
---@param answer sandbox.SpecAnswer
---@param status integer
---@param kind string
---@param message? string
function client.refused(answer, status, kind, message)
  local problem = client.expect(status, answer)
  assert.same({ kind, status, "1.5.11" }, { problem.type, problem.code, problem.version })
  if message then
    assert.equal(message, problem.message)
  end
end

local users = 0

---A new user, logged in.
---@return string session
---@return table user
---@return string email
function client.newUser()
  users = users + 1
  local email = format("user%d@example.com", users)
  local body = format('{"userId":"unique()","email":"%s","password":"password123","name":"User %d"}', email, users)
  local user = client.expect(201, client.call("POST", "/account", { body = body }))
  local login = client.call("POST", "/account/sessions/email", {
    body = format('{"email":"%s","password":"password123"}', email),
  })
  client.expect(201, login)
  return login.headers["x-fallback-cookies"], user, email
end

local function encoded(text)
  return (text:gsub("[^%w]", function(character) return format("%%%02X", character:byte()) end))
end

---The query string of some queries.
---@param ... string
---@return string
function client.queries(...)
  local list = {}
  for index, query in ipairs { ... } do
    list[index] = format("queries%%5B%d%%5D=%s", index - 1, encoded(query))
  end
  return "?" .. table.concat(list, "&")
end

---Create a document in the database "main".
---@param session? string
---@param collection string
---@param body string
function client.create(session, collection, body)
  return client.call("POST", format("/databases/main/collections/%s/documents", collection), {
    body = body, session = session,
  })
end

local function multipart(parts)
  local pieces = {}
  for _, part in ipairs(parts) do
    pieces[#pieces + 1] = format('--BOUND\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n', part[1],
      part[3] and format('; filename="%s"', part[3]) or "")
    pieces[#pieces + 1] = part[2] .. "\r\n" -- Lua 5.1's format would end it at a NUL
  end
  return table.concat(pieces) .. "--BOUND--\r\n"
end

---Upload a file or a chunk of one.
---@param session? string
---@param bucket string
---@param id string
---@param name string
---@param bytes string
---@param options? { range?: string, id?: string, parts?: { [1]: string, [2]: string }[] } id: X-Appwrite-ID
function client.upload(session, bucket, id, name, bytes, options)
  options = options or {}
  local parts = { { "fileId", id }, { "file", bytes, name } }
  for _, part in ipairs(options.parts or {}) do
    parts[#parts + 1] = part
  end
  return client.call("POST", format("/storage/buckets/%s/files", bucket), {
    session = session, body = multipart(parts), headers = {
      ["content-type"] = "multipart/form-data; boundary=BOUND", ["content-range"] = options.range,
      ["x-appwrite-id"] = options.id,
    },
  })
end

return client
