-- luacheck: std max+busted
--- Faults on demand.

local socket = require "socket"

local format = string.format

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused = t.call, t.expect, t.refused

  -- What comes back over a bare connection, and how many seconds that took.
  local function raw(fault, path, method, body)
    local host, port, base = t.server.endpoint:match "^http://([^:]+):(%d+)(.*)$"
    local connection = assert(socket.connect(host, tonumber(port)))
    connection:settimeout(10)
    local started = socket.gettime()
    assert(connection:send(format("%s %s%s HTTP/1.1\r\nHost: x\r\nX-Appwrite-Project: spec\r\n%sContent-Type: "
      .. "application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", method or "GET", base, path,
      fault and "X-Sandbox-Fault: " .. fault .. "\r\n" or "", #(body or ""), body or "")))
    local text, problem, partial = connection:receive "*a"
    connection:close()
    assert.not_equal("timeout", problem)
    return text or partial, socket.gettime() - started
  end

  -- Beside the API, not below it.
  local function control(method, path, body, headers)
    local endpoint = t.server.endpoint:gsub("/v1$", "/sandbox")
    return call(method, path, { body = body, headers = headers, server = { endpoint = endpoint, project = "" } })
  end

  local function arm(body)
    return expect(201, control("POST", "/faults", body))
  end

  local function statuses(count, path)
    local list = {}
    for index = 1, count do
      list[index] = call("GET", path or "/locale").status
    end
    return list
  end

  describe("a fault of the header X-Sandbox-Fault", function()
    local function faulty(fault, path, headers)
      headers = headers or {}
      headers["x-sandbox-fault"] = fault
      return call("GET", path or "/locale", { headers = headers })
    end

    it("delays", function()
      local started = socket.gettime()
      assert.equal(200, faulty("delay=0.3").status)
      local took = socket.gettime() - started
      assert.is_true(took >= 0.29 and took < 5, took)
    end)

    it("is a status, and nothing is carried out", function()
      for _, status in ipairs { 400, 500, 503, 599 } do
        refused(faulty(format("status=%d", status)), status, "general_unknown", format("A fault on demand: status %d.",
          status))
      end
      local before = expect(200, call("GET", "/teams", { session = t.ada })).total
      refused(call("POST", "/teams", { session = t.ada, body = '{"teamId":"unique()","name":"x"}',
        headers = { ["x-sandbox-fault"] = "status=503" } }), 503, "general_unknown")
      assert.equal(before, expect(200, call("GET", "/teams", { session = t.ada })).total)
    end)

    it("is a rate limit with its headers", function()
      local now = os.time()
      local answer = faulty "status=429, reset=7"
      refused(answer, 429, "general_rate_limit_exceeded")
      assert.same({ "60", "0" }, { answer.headers["x-ratelimit-limit"], answer.headers["x-ratelimit-remaining"] })
      local reset = tonumber(answer.headers["x-ratelimit-reset"])
      assert.is_true(reset >= now + 7 and reset <= now + 12)
      local limited = faulty("status=429", "/account/sessions/oauth2/mock")
      assert.equal("50", limited.headers["x-ratelimit-limit"])
      assert.is_true(tonumber(limited.headers["x-ratelimit-reset"]) >= now + 3600)
    end)

    it("drops the connection before or after the call", function()
      local function create(fault, name)
        return raw(fault, "/account", "POST",
          format('{"userId":"%s","email":"%s@example.com","password":"password123"}', name, name))
      end
      assert.equal("", (create("drop=before", "before")))
      assert.equal("", (create("drop=after", "after")))
      local function exists(name)
        return call("POST", "/account/sessions/email", {
          body = format('{"email":"%s@example.com","password":"password123"}', name),
        }).status
      end
      assert.equal(401, exists "before")
      assert.equal(201, exists "after")
    end)

    it("cuts the body off", function()
      local whole = raw(nil, "/locale/countries"):match "\r\n\r\n(.*)$"
      for _, bytes in ipairs { 0, 1, 100 } do
        local head, body = raw(format("cut=%d", bytes), "/locale/countries"):match "^(.-)\r\n\r\n(.*)$"
        assert.matches("^HTTP/1.1 200 ", head)
        assert.matches(format("Content%%-Length: %d", #whole), head)
        assert.equal(whole:sub(1, bytes), body)
      end
      assert.equal(whole, raw(format("cut=%d", #whole), "/locale/countries"):match "\r\n\r\n(.*)$")
      -- A picture has no length: there it is the last chunk that is missing.
      local picture = raw("cut=10", "/avatars/flags/fr?project=spec")
      assert.matches("\r\n\r\na\r\n\137PNG\r\n\26\n..\r\n$", picture)
    end)

    it("sends slowly", function()
      local whole = raw(nil, "/locale/continents")
      local slow, took = raw("slow=1000", "/locale/continents")
      local body = slow:match "\r\n\r\n(.*)$"
      assert.equal(whole:match "\r\n\r\n(.*)$", body)
      assert.is_true(took >= #body / 1000 * 0.9, took)
      assert.is_true(took < 10, took)
    end)

    it("may be several at once", function()
      local answer, took = raw("delay=0.2; cut=3,slow=100", "/locale")
      assert.matches('\r\n\r\n{"i$', answer)
      assert.is_true(took >= 0.19)
    end)

    for _, row in ipairs {
      { "explode=1", '"explode=1" is no fault: there are delay, status, reset, drop, cut, slow, each with = and a '
        .. "value" },
      { "status=200", 'status needs 400 to 599, got "200"' },
      { "drop=never", 'drop needs before or after, got "never"' },
      { "delay=-1", 'delay needs seconds up to 600, got "-1"' },
      { "cut=1.5", 'cut needs a number of bytes, got "1.5"' },
      { "slow=0", 'slow needs bytes a second, at least 1, got "0"' },
      { "", "there are delay, status, reset, drop, cut, slow" },
    } do
      it("is refused where it is none: " .. row[1], function()
        refused(faulty(row[1]), 400, "general_argument_invalid", "Invalid X-Sandbox-Fault header: " .. row[2])
      end)
    end
  end)

  describe("an armed fault", function()
    after_each(function()
      assert.equal(204, control("DELETE", "/faults", "{}").status)
    end)

    it("meets as many requests as it says", function()
      arm '{"fault":"status=503","times":2}'
      assert.same({ 503, 503, 200 }, statuses(3))
    end)

    it("meets one request where it says nothing, and leaves /sandbox alone", function()
      arm '{"fault":"status=500"}'
      assert.equal(1, expect(200, control("GET", "/faults")).total)
      assert.same({ 500, 200 }, statuses(2))
      assert.equal(0, expect(200, control("GET", "/faults")).total)
    end)

    it("lets some pass first", function()
      arm '{"fault":"status=503","skip":2}'
      assert.same({ 200, 200, 503, 200 }, statuses(4))
    end)

    it("meets only what matches its verb and path", function()
      arm '{"fault":"status=503","method":"POST","path":"/v1/locale*","times":9}'
      arm '{"fault":"status=502","method":"GET","path":"/v1/locale/*/phones","times":9}'
      arm '{"fault":"status=501","path":"/v1/locale/c.des","times":9}'
      assert.same({ 200 }, statuses(1, "/locale"))
      assert.same({ 502 }, statuses(1, "/locale/countries/phones"))
      assert.same({ 200 }, statuses(1, "/locale/countries"))
      assert.same({ 200 }, statuses(1, "/locale/codes"))
    end)

    it("gives way to the header of a request, and is not used up by it", function()
      arm '{"fault":"status=503"}'
      refused(call("GET", "/locale", { headers = { ["x-sandbox-fault"] = "status=500" } }), 500, "general_unknown")
      assert.same({ 503 }, statuses(1))
    end)

    it("can be looked at and disarmed", function()
      local one, two = arm '{"fault":"drop=after","path":"/v1/teams"}', arm '{"fault":"cut=5","method":"GET","skip":3}'
      assert.same({ fault = "drop=after", method = "*", path = "/v1/teams", times = 1, skip = 0, ["$id"] = one["$id"] },
        one)
      local list = expect(200, control("GET", "/faults"))
      assert.same({ 2, one["$id"], two["$id"] }, { list.total, list.faults[1]["$id"], list.faults[2]["$id"] })
      assert.equal(204, control("DELETE", "/faults/" .. one["$id"], "{}").status)
      refused(control("DELETE", "/faults/" .. one["$id"], "{}"), 404, "sandbox_fault_not_found",
        "No fault with this ID is armed.")
      assert.equal(1, expect(200, control("GET", "/faults")).total)
    end)

    for _, row in ipairs {
      { "{}", 'Param "fault" is not optional.' },
      { '{"fault":5}', "Invalid `fault` param: Value must be a text such as status=503" },
      { '{"fault":"cut=x"}', 'Invalid `fault` param: cut needs a number of bytes, got "x"' },
      { '{"fault":"cut=1","times":0}', "Invalid `times` param: Value must be a whole number from 1 to 1000000" },
      { '{"fault":"cut=1","skip":"1"}', "Invalid `skip` param: Value must be a whole number from 0 to 1000000" },
      { '{"fault":"cut=1","method":"FLY"}',
        "Invalid `method` param: Value must be one of (GET, HEAD, POST, PUT, PATCH, DELETE, *)" },
    } do
      it("is refused: " .. row[1], function()
        refused(control("POST", "/faults", row[1]), 400, "general_argument_invalid", row[2])
      end)
    end

    it("cannot be armed by a page of another host", function()
      refused(control("POST", "/faults", '{"fault":"status=503"}', { origin = "http://evil.example" }), 403,
        "general_unknown_origin")
      assert.same({ 200 }, statuses(1))
    end)
  end)

  describe("/sandbox", function()
    it("has nothing but what it has", function()
      refused(control("GET", "/nothing"), 404, "general_route_not_found")
      refused(control("PATCH", "/faults", "{}"), 404, "general_route_not_found")
      refused(control("POST", "/dump", "{}"), 409, "sandbox_without_state",
        "The sandbox was started without --state FILE.")
    end)
  end)
end
