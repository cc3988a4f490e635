--- Whatever is in a value, it stays one: no byte of any text changes the shape of the request that carries it. Of what
-- goes out as a URL, header or multipart body, a real server's view is looked at too.

local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local json = require "appwrite.json"
local parameters = require "spec.support.parameters"
local recorder = require "spec.support.recorder"
local rfc8259 = require "spec.support.rfc8259"

local concat, format, sort = table.concat, string.format, table.sort

-- Every byte by itself and between others, and what has worked elsewhere.
local VALUES = {
  "../../account", "..%2f..%2faccount", "a?b=c&d=e#f", "&queries[0]=x", "x=1&project=other", '","evil":"1', '"}, {"', "\\",
  "\\u0022", "a\r\nX-Evil: 1\r\n\r\n", "\nGET / HTTP/1.1", "%00", "%", "%zz", "+", " ", "\195\169", "\240\159\153\130",
  "http://evil.example/", "//evil.example", "@evil.example",
}
for code = 0, 255 do
  VALUES[#VALUES + 1] = string.char(code)
  VALUES[#VALUES + 1] = "a" .. string.char(code) .. "b"
end

local function split(text, separator)
  local pieces = {}
  for piece in (text .. separator):gmatch("(.-)" .. separator) do
    pieces[#pieces + 1] = piece
  end
  return pieces
end

local function unpercent(text)
  return (text:gsub("%%(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

local function unform(text)
  return unpercent((text:gsub("+", " ")))
end

local function sortedKeys(map)
  local keys = {}
  for key in pairs(map or {}) do
    keys[#keys + 1] = key
  end
  sort(keys)
  return keys
end

local function queryOf(request)
  local names, values = {}, {}
  if request.query ~= "" then
    for index, pair in ipairs(split(request.query, "&")) do
      local name, value = pair:match "^([^=]*)=([^=]*)$"
      names[index], values[unform(name or "")] = unform(assert(name, pair)), unform(value)
    end
  end
  return names, values
end

-- All that a value must not change, as one text.
local function shapeOf(request, except)
  local path = split(request.path, "/")
  for index, segment in ipairs(path) do
    if unpercent(segment) == except then
      path[index] = "?"
    end
  end
  local parts = {}
  for index, part in ipairs(request.multipart or {}) do
    parts[index] = part.name
  end
  return concat({
    request.method, concat(path, "/"), concat(queryOf(request), "&"), concat(sortedKeys(request.headers), ","),
    request.body and concat(sortedKeys(request.json), ",") or "", concat(parts, ","),
  }, "\n")
end

-- How a value is put into a parameter, and found in what was decoded of it.
local PLACES = {
  string = {
    put = function(value) return value end,
    find = function(found) return found end,
  },
  ["string[]"] = {
    put = function(value) return { value } end,
    find = function(found) return type(found) == "table" and found[1] or found end,
  },
  object = {
    put = function(value) return { [value] = { value } } end,
    find = function(found)
      local key, list = next(found)
      return key == list[1] and key or nil
    end,
  },
}

local function foundIn(request, param)
  local _, query = queryOf(request)
  if query[param.name] or query[param.name .. "[0]"] then
    return query[param.name] or query[param.name .. "[0]"]
  elseif request.multipart then
    for _, part in ipairs(request.multipart) do
      if part.name == param.name or part.name == param.name .. "[]" then
        return part.data
      end
    end
  elseif request.json then
    return request.json[param.name]
  end
end

describe("a value, whatever is in it,", function()
  local MARK = "markmark" -- in place of it, for the shape that it must not change

  local server, clients

  before_each(function()
    server = fake.new()
    server:on("*", "*", { status = 201, json = { ["$id"] = "x", data = { a = 1 } } })
    local strict = appwrite.new { project = "p", transport = server }
    clients = { strict, strict:with { validate = "loose" } }
  end)

  local function call(client, name, row, param, given)
    server:reset()
    local params = parameters.right(row, true)
    params[param.name] = given
    local result, err = client:call(name, params)
    return server.requests[1], err, result
  end

  local function check(client, name, row, param, expected)
    local sent = 0
    for _, value in ipairs(VALUES) do
      local request, err = call(client, name, row, param, PLACES[param.type].put(value))
      local context = format("%s, %s: %q", name, param.name, value)
      if request then
        sent = sent + 1
        assert.is_nil(request.target:find "[^%w*._~%%/?&=+-]", context)
        assert.equal(expected, shapeOf(request, param.at == "path" and value or nil), context)
        assert.is_true(not request.body or rfc8259.isJson(request.body), context)
        if param.at ~= "path" then
          assert.equal(value, PLACES[param.type].find(foundIn(request, param)), context)
        end
      else
        assert.equal("argument", err and err.kind, context)
      end
    end
    return sent
  end

  it("stays in its place in every operation", function()
    local tried, sent, places, seen = 0, 0, 0, 0
    parameters.eachOperation(function(name, row)
      seen = seen + 1
      for _, param in ipairs(row.params) do
        if PLACES[param.type] and not (row.kind == "graphql" and param.type == "object") then
          places = places + 1
          local marked = call(clients[2], name, row, param, PLACES[param.type].put(MARK))
          local expected = shapeOf(marked, param.at == "path" and MARK or nil)
          for _, client in ipairs(clients) do
            tried = tried + #VALUES
            sent = sent + check(client, name, row, param, expected)
          end
        end
      end
    end)
    assert.equal(95, seen)
    -- Bytes that are no UTF-8 are refused everywhere, ids and the like in all strict calls.
    assert.is_true(places > 150 and sent > tried / 4, format("%d places, %d of %d sent", places, sent, tried))
  end)

  it("stays in its place in the query of any other call, be it a name there", function()
    for _, value in ipairs(VALUES) do
      server:reset()
      clients[1]:call { path = "/x", query = { [value] = value, last = "1" } }
      local names, values = queryOf(server.requests[1])
      assert.equal(2, #names)
      assert.equal(value, values[value])
      assert.is_nil(server.requests[1].target:find "[^%w*._~%%/?&=+-]")
    end
  end)
end)

describe("a value, whatever is in it, on its way to a real server,", function()
  local server, client

  setup(function()
    server = recorder.start()
    client = appwrite.new { endpoint = server.endpoint, project = "p", key = "hunter2", validate = "loose" }
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    server:clear()
    server:reply { status = 201, headers = { ["content-type"] = "application/json" }, body = '{"$id":"x"}' }
  end)

  -- One request or none for each value; those that came, with the values they carry.
  local function send(start)
    local carried = {}
    for _, value in ipairs(VALUES) do
      local ok, result, err = pcall(start, value)
      if ok and result ~= nil then
        carried[#carried + 1] = value
      else
        assert.is_true(not ok or err.kind == "argument" or err.code == 400, tostring(err))
      end
    end
    local requests = server:requests()
    assert.equal(#carried, #requests)
    assert.is_true(#carried > 200, tostring(#carried))
    return requests, carried
  end

  local function assertHeaders(expected, request, value)
    assert.equal(expected, concat(sortedKeys(request.headers), ","), format("%q", value))
    assert.equal("hunter2", request.headers["x-appwrite-key"])
  end

  it("stays one segment of the path", function()
    local requests, carried = send(function(value)
      return client.databases.getDocumentById { databaseId = "d", collectionId = value, documentId = "x" }
    end)
    local names = concat(sortedKeys(requests[1].headers), ",")
    for index, request in ipairs(requests) do
      local segment = request.path:match "^/v1/databases/d/collections/([^/]*)/documents/x$"
      assert.equal(carried[index], unpercent(assert(segment, request.path)))
      assert.equal("", request.query)
      assertHeaders(names, request, carried[index])
    end
  end)

  it("stays one value of the query", function()
    local requests, carried = send(function(value)
      return client.teams.getUserMemberships { search = value }
    end)
    for index, request in ipairs(requests) do
      assert.equal("/v1/teams", request.path)
      assert.equal(carried[index], unform(request.query:match "^search=([^&=]*)$"))
      assertHeaders(concat(sortedKeys(requests[1].headers), ","), request, carried[index])
    end
  end)

  it("stays one header, or is refused", function()
    local requests, carried = send(function(value)
      return client.account.getCurrentUser({}, { headers = { ["x-own"] = value } })
    end)
    local names = "x-own"
    for index, request in ipairs(requests) do
      local trimmed = carried[index]:match "^%s*(.-)%s*$"
      assert.equal(trimmed, (request.headers[names] or ""):match "^%s*(.-)%s*$")
      assert.is_nil(request.headers["x-evil"])
      assert.equal("/v1/account", request.path)
    end
  end)

  it("stays the name of one file", function()
    local requests, carried = send(function(value)
      return client.storage.createFile {
        bucketId = "b", fileId = "f", file = appwrite.InputFile.fromString("content", value, "text/plain"),
        permissions = { 'read("any")' },
      }
    end)
    for index, request in ipairs(requests) do
      local escaped = carried[index]:gsub('["\r\n]', { ['"'] = "%22", ["\r"] = "%0D", ["\n"] = "%0A" })
      local boundary = request.headers["content-type"]:match "boundary=(.*)$"
      local function part(rest, content)
        return "--" .. boundary .. "\r\nContent-Disposition: form-data; " .. rest .. "\r\n\r\n" .. content .. "\r\n"
      end
      assert.equal(part('name="fileId"', "f")
        .. part('name="file"; filename="' .. escaped .. '"\r\nContent-Type: text/plain', "content")
        .. part('name="permissions[]"', 'read("any")') .. "--" .. boundary .. "--\r\n", request.body)
      assert.equal("/v1/storage/buckets/b/files", request.path)
    end
  end)

  it("stays one member of the body", function()
    local requests, carried = send(function(value)
      return client.databases.createDocument {
        databaseId = "d", collectionId = "c", documentId = "x", data = { [value] = value },
      }
    end)
    for index, request in ipairs(requests) do
      local value = carried[index]
      assert.is_true(rfc8259.isJson(request.body))
      assert.same({ documentId = "x", data = { [value] = value } }, json.decode(request.body))
      assert.equal("/v1/databases/d/collections/c/documents", request.path)
    end
  end)
end)
