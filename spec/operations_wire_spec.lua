--- Every operation against a real HTTP server: what goes out, and what comes back.

local appwrite = require "appwrite"
local json = require "appwrite.json"
local recorder = require "spec.support.recorder"

local cases = dofile "spec/data/wire.lua"

local PNG = "\137PNG\r\n\26\n\0\255"
local LOCATION = "https://provider.example/authorize?state=1"

-- What the server answers by the kind of operation, and what the caller must get for it.
local REPLIES = {
  json = function(case)
    return { status = case.status, headers = { ["content-type"] = "application/json" }, body = '{"$id":"x","total":12}' }
  end,
  bytes = function()
    return { status = 200, headers = { ["content-type"] = "image/png" }, body = PNG }
  end,
  redirect = function()
    return { status = 301, headers = { location = LOCATION }, body = "" }
  end,
  graphql = function()
    return { status = 200, headers = { ["content-type"] = "application/json" }, body = '{"data":{"a":[1]}}' }
  end,
}
local RESULTS = {
  json = { ["$id"] = "x", total = 12 },
  bytes = PNG,
  redirect = LOCATION,
  graphql = { a = { 1 } },
}

local function split(text, separator)
  local pieces = {}
  for piece in (text .. separator):gmatch("(.-)" .. separator) do
    if piece ~= "" then
      pieces[#pieces + 1] = piece
    end
  end
  return pieces
end

local function unform(text)
  return (text:gsub("+", " "):gsub("%%(%x%x)", function(hex)
    return string.char(tonumber(hex, 16))
  end))
end

local function decodedPairs(query)
  local list = {}
  for _, pair in ipairs(split(query or "", "&")) do
    local name, value = pair:match("^([^=]*)=(.*)$")
    list[#list + 1] = unform(name) .. "=" .. unform(value)
  end
  table.sort(list)
  return list
end

local function expectedPairs(query)
  local list = {}
  for _, pair in ipairs(query) do
    list[#list + 1] = pair[1] .. "=" .. pair[2]
  end
  table.sort(list)
  return list
end

describe("every operation on the wire", function()
  local server

  setup(function()
    server = recorder.start()
  end)

  teardown(function()
    server:stop()
  end)

  local function call(case)
    local client = appwrite.new {
      endpoint = server.endpoint,
      project = "golden-project",
      validate = case.loose and "loose" or "strict",
      jwt = case.client and case.client.jwt,
      session = case.client and case.client.session,
      locale = case.client and case.client.locale,
    }
    server:clear()
    server:reply(REPLIES[case.kind](case))
    return client, client:call(case.operation, case.params)
  end

  local function assertHeaders(case, headers)
    local given = case.client or {}
    local isLogin = case.operation:find("^account%.create%a*Session") or case.operation:find("^account%.update%a+Session$")
    assert.equal("golden-project", headers["x-appwrite-project"])
    assert.equal("1.5.0", headers["x-appwrite-response-format"])
    assert.equal(not isLogin and given.jwt or nil, headers["x-appwrite-jwt"])
    assert.equal(not isLogin and given.session or nil, headers["x-appwrite-session"])
    assert.equal(given.locale, headers["x-appwrite-locale"])
    assert.equal("lua", headers["x-sdk-language"])
    assert.truthy(headers["user-agent"]:find("^AppwriteLuaSDK/%d"))
    assert.is_nil(headers.origin)
    assert.equal(case.body and "application/json" or nil, headers["content-type"])
    assert.equal(case.kind == "graphql" and "true" or nil, headers["x-sdk-graphql"])
  end

  for _, case in ipairs(cases) do
    it(case.operation .. ", " .. case.case, function()
      local _, result, err = call(case)
      assert.is_nil(err)
      assert.same(case.status == 204 and true or RESULTS[case.kind], result)
      assert.equal(1, #server:requests())
      local request = server:last()
      assert.equal(case.method, request.method)
      assert.equal(case.path, request.path)
      assert.same(expectedPairs(case.query), decodedPairs(request.query))
      assertHeaders(case, request.headers)
      if case.body then
        assert.same(json.decode(case.body), json.decode(request.body))
      else
        assert.equal("", request.body or "")
      end
    end)
  end

  for _, case in ipairs(cases) do
    if case.url then
      it(case.operation .. ", " .. case.case .. ", as a URL", function()
        local client = appwrite.new { endpoint = server.endpoint, project = "golden-project",
          validate = case.loose and "loose" or "strict", jwt = "hunter2", session = "hunter2", key = "hunter2" }
        local url = assert(client:url(case.operation, case.params))
        local path, query = url:sub(#server.endpoint + 1):match("^([^?]*)%?(.*)$")
        assert.equal(server.endpoint, url:sub(1, #server.endpoint))
        assert.equal(case.path, "/v1" .. path)
        assert.equal("project=golden-project", query:match("[^&]*$"))
        local expected = expectedPairs(case.query)
        expected[#expected + 1] = "project=golden-project"
        table.sort(expected)
        assert.same(expected, decodedPairs(query))
        assert.is_nil(url:find("hunter2", 1, true))
      end)
    end
  end

  it("are 95, each under both names", function()
    local seen, count = {}, 0
    local client = appwrite.new { project = "p", endpoint = server.endpoint }
    for _, case in ipairs(cases) do
      if not seen[case.operation] then
        seen[case.operation], count = true, count + 1
        local service, name = case.operation:match("^(%a+)%.(.*)$")
        local alias = case.alias:match("%.(.*)$")
        assert.equal(client[service][name], client[service][alias])
      end
    end
    assert.equal(94, count)
    assert.is_nil(seen["storage.createFile"])
    assert.equal(client.storage.createFile, client.storage["createFile"])
  end)
end)
