-- luacheck: std max+busted
--- Executions of functions.

local cjson = require "cjson"
local socket = require "socket"

local format = string.format

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused, newUser, queries = t.call, t.expect, t.refused, t.newUser, t.queries
  local KEY = { ["x-appwrite-key"] = "run-key" }

  local function execute(name, body, session, headers)
    return call("POST", format("/functions/%s/executions", name), { body = body, session = session, headers = headers })
  end

  local function get(name, id, session, headers)
    return call("GET", format("/functions/%s/executions/%s", name, id), { session = session, headers = headers })
  end

  local function headersOf(list)
    local headers = {}
    for _, header in ipairs(list) do
      headers[header.name] = header.value
    end
    return headers
  end

  -- An asynchronous execution, once it has ended.
  local function await(name, id, session)
    local deadline = socket.gettime() + 10
    repeat
      local execution = expect(200, get(name, id, session))
      if execution.status ~= "waiting" and execution.status ~= "processing" then
        return execution
      end
      socket.sleep(0.02) -- there is nothing to wait on over HTTP; realtime would tell
    until socket.gettime() > deadline
    error("the execution " .. id .. " has not ended")
  end

  describe("functions", function()
    it("echo what they are given where they have no handler", function()
      local answer = execute("echo", [[{"body":"{\"a\":1}","async":false,"path":"/p?q=1&r=%20x","method":"PUT",
        "headers":{"content-type":"application/json","x-one":"1"}}]])
      local execution = expect(201, answer)
      assert.matches('^{"%$id":"%x+","%$createdAt":"[^"]+","%$updatedAt":"[^"]+","%$permissions":%[%],'
        .. '"functionId":"echo","trigger":"http","status":"completed","requestMethod":"PUT",'
        .. '"requestPath":"\\/p%?q=1&r=%%20x","requestHeaders":%[{"name":"content%-type",'
        .. '"value":"application\\/json"}%],"responseStatusCode":200,"responseBody":".*","responseHeaders":%[.*%],'
        .. '"logs":"","errors":"","duration":[%d.]+}$', answer.body)
      local echoed = cjson.decode(execution.responseBody)
      assert.same({ "PUT", "/p", { q = "1", r = "%20x" }, { a = 1 }, '{"a":1}', "1", "http", "" }, {
        echoed.method, echoed.path, echoed.query, echoed.body, echoed.bodyString, echoed.headers["x-one"],
        echoed.headers["x-appwrite-trigger"], echoed.headers["x-appwrite-user-id"],
      })
      assert.equal("application/json", headersOf(execution.responseHeaders)["content-type"])
    end)

    it("learn who calls, with a JWT of his", function()
      local execution = expect(201, execute("echo", "{}", t.ada))
      assert.same({ format('read("user:%s")', t.adaUser["$id"]) }, execution["$permissions"])
      assert.same({ "POST", "/", {} }, { execution.requestMethod, execution.requestPath, execution.requestHeaders })
      local headers = cjson.decode(execution.responseBody).headers
      assert.equal(t.adaUser["$id"], headers["x-appwrite-user-id"])
      local me = call("GET", "/account", { headers = { ["x-appwrite-jwt"] = headers["x-appwrite-user-jwt"] } })
      assert.equal(t.adaUser["$id"], expect(200, me)["$id"])
    end)

    -- Body of the request; status of the execution, of the function's answer, and the answer.
    local HANDLED = {
      { '{"path":"/text?x=1","body":"b","headers":[]}', "completed", 200, "plain text: b1" },
      { '{"path":"/text","headers":{}}', "completed", 200, "plain text: " },
      { '{"path":"/nothing"}', "completed", 200, "" },
      { '{"path":"/json","method":"GET"}', "completed", 201, '{"list":[1,2.5,"x"],"method":"GET"}' },
      { [[{"path":"/body","body":"{\"name\":\"n\",\"list\":[null,2]}","headers":{"Content-Type":"application/json"}}]],
        "completed", 200, "n2" },
      { '{"path":"/status/404"}', "failed", 404, "status 404" },
      { '{"path":"/fail"}', "failed", 500, "" },
      { '{"path":"/nonsense"}', "failed", 500, "" },
      { '{"path":"/unknown"}', "failed", 500, "" },
      { '{"path":"text"}', "failed", 400, "" },
    }

    for _, row in ipairs(HANDLED) do
      it("run a handler: " .. row[1], function()
        local execution = expect(201, execute("handled", row[1], t.ada))
        assert.same({ row[2], row[3], row[4] }, {
          execution.status, execution.responseStatusCode, execution.responseBody,
        })
        local kept = expect(200, get("handled", execution["$id"], t.ada))
        assert.same({ row[2], row[3], "" }, { kept.status, kept.responseStatusCode, kept.responseBody })
      end)
    end

    it("keep few headers with an execution, but answer with all", function()
      local execution = expect(201, execute("handled", '{"path":"/json"}', t.ada))
      assert.same({ ["content-type"] = "application/json", ["content-length"] = "36", ["x-custom"] = "yes" },
        headersOf(execution.responseHeaders))
      local kept = expect(200, get("handled", execution["$id"], t.ada))
      assert.same({ ["content-type"] = "application/json", ["content-length"] = "36" }, headersOf(kept.responseHeaders))
    end)

    it("end when they take too long", function()
      local started = socket.gettime()
      local execution = expect(201, execute("handled", '{"path":"/endless"}', t.ada))
      assert.same({ "failed", 500 }, { execution.status, execution.responseStatusCode })
      assert.is_true(socket.gettime() - started < 10)
      assert.is_true(execution.duration >= 1)
      assert.equal("Operation timed out after 1 seconds.", expect(200, get("handled", execution["$id"], nil,
        KEY)).errors)
    end)

    it("show logs and errors to a key only", function()
      local execution = expect(201, execute("handled", '{"path":"/logs"}', t.ada))
      local function logs(session, headers)
        local kept = expect(200, get("handled", execution["$id"], session, headers))
        return { kept.logs, kept.errors }
      end
      assert.same({ "", "" }, { execution.logs, execution.errors })
      assert.same({ "", "" }, logs(t.ada))
      assert.same({ "called /logs 7", "not so good" }, logs(nil, KEY))
    end)

    it("run later where that is asked for", function()
      local answer = execute("handled", '{"path":"/nap","async":true}', t.ada)
      local execution = expect(202, answer)
      assert.same({ "waiting", 0, "", 0 }, {
        execution.status, execution.responseStatusCode, execution.responseBody, execution.duration,
      })
      local ended = await("handled", execution["$id"], t.ada)
      assert.same({ "completed", 200, "" }, { ended.status, ended.responseStatusCode, ended.responseBody })
      assert.is_true(ended.duration > 0.19)
      assert.not_equal(execution["$updatedAt"], ended["$updatedAt"])
      local failing = expect(202, execute("handled", '{"path":"/fail","async":true}', t.ada))
      assert.equal("failed", await("handled", failing["$id"], t.ada).status)
    end)

    it("list the own executions, with queries and a search", function()
      local session, other = newUser(), newUser()
      local ids = {}
      for index, path in ipairs { "/text", "/fail", "/text", "/status/404" } do
        ids[index] = expect(201, execute("handled", format('{"path":"%s"}', path), session))["$id"]
      end
      local function list(query)
        local page = expect(200, call("GET", "/functions/handled/executions" .. query, { session = session }))
        local found = {}
        for index, execution in ipairs(page.executions) do
          found[index] = execution["$id"]
        end
        return { page.total, found }
      end
      assert.same({ 4, ids }, list "")
      assert.same({ 2, { ids[2], ids[4] } }, list(queries(
        '{"method":"equal","attribute":"status","values":["failed"]}')))
      assert.same({ 1, { ids[4] } }, list(queries(
        '{"method":"equal","attribute":"responseStatusCode","values":[404]}')))
      assert.same({ 4, { ids[4], ids[3] } }, list(queries('{"method":"orderDesc","attribute":""}',
        '{"method":"limit","values":[2]}')))
      assert.same({ 1, { ids[3] } }, list("?search=" .. ids[3]))
      assert.same({ 4, { ids[2] } }, list(queries(format('{"method":"cursorAfter","values":["%s"]}', ids[1]),
        '{"method":"limit","values":[1]}')))
      assert.equal(0, expect(200, call("GET", "/functions/handled/executions", { session = other })).total)
      refused(get("handled", ids[1], other), 404, "execution_not_found",
        "Execution with the requested ID could not be found.")
      refused(get("handled", "nope", session), 404, "execution_not_found")
      assert.is_true(expect(200, call("GET", "/functions/handled/executions", { headers = KEY })).total >= 4)
    end)

    it("are closed to those who may not run them", function()
      local closed = execute("closed", "{}", t.ada)
      refused(closed, 401, "user_unauthorized")
      assert.matches('^Missing "execute" permission for role "team:nobody"%. Only ', closed.json.message)
      expect(201, execute("closed", "{}", nil, KEY))
      refused(call("GET", "/functions/echo/executions"), 401, "general_unauthorized_scope",
        "User (role: guests) missing scope (execution.read)")
      for _, verb in ipairs { "GET", "POST" } do
        local answer = call(verb, "/functions/nope/executions", {
          session = t.ada, body = verb == "POST" and "{}" or nil,
        })
        refused(answer, 404, "function_not_found", "Function with the requested ID could not be found.")
      end
    end)

    local REFUSED = {
      { '{"async":"true"}', "`async` param: Value must be a valid boolean" },
      { '{"body":{"a":1}}', "`body` param: Value must be a valid string and exactly 0 chars" },
      { '{"method":"FETCH"}', "`method` param: Value must be one of (GET, POST, PUT, PATCH, DELETE, OPTIONS)" },
      { '{"path":5}', "`path` param: Value must be a valid string and at least 1 chars and no longer than 2048 chars" },
      { '{"headers":["a"]}', "`headers` param: Value must be a valid object." },
    }

    for _, row in ipairs(REFUSED) do
      it("refuse " .. row[1], function()
        refused(execute("echo", row[1], t.ada), 400, "general_argument_invalid", "Invalid " .. row[2])
      end)
    end

    it("refuse to list by what is no attribute", function()
      refused(call("GET", "/functions/echo/executions" .. queries(
        '{"method":"equal","attribute":"nope","values":["x"]}'), { session = t.ada }), 400, "general_argument_invalid",
        "Invalid `queries` param: Invalid query: Attribute not found in schema: nope")
    end)
  end)
end
