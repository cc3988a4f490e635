-- Time is given to `step`, so nothing here waits for a clock.

local loopback = require "appwrite.loopback"
local socket = require "socket"

local STATE = "5ec0de00112233445566778899aabbcc"
local GOOD = "/?state=" .. STATE .. "&userId=ada&secret=a%2Bb"
local PATIENCE = 5 -- seconds for the machine to carry some bytes over its loopback

local function request(target, verb)
  return (verb or "GET") .. " " .. target .. " HTTP/1.1\r\nHost: localhost\r\n\r\n"
end

describe("appwrite.loopback", function()
  local listener, clients, now

  before_each(function()
    now = 1000
    clients = {}
    listener = assert(loopback.open(STATE, socket))
  end)

  after_each(function()
    listener:close()
    for _, client in ipairs(clients) do
      client:close()
    end
  end)

  local function connect()
    local client = assert(socket.connect("127.0.0.1", listener.port))
    client:settimeout(0)
    clients[#clients + 1] = client
    return client
  end

  -- Steps the listener until it has closed this connection; what came, and what `step` gave.
  local function exchange(client)
    local got, found = "", nil
    local limit = socket.gettime() + PATIENCE
    repeat
      found = listener:step(now) or found
      socket.select({ client }, nil, 0.001)
      local piece, problem, rest = client:receive(4096)
      got = got .. (piece or rest or "")
      assert(socket.gettime() < limit, "no end of the answer")
    until problem and problem ~= "timeout"
    return got, found
  end

  local function ask(bytes)
    local client = connect()
    assert(client:send(bytes))
    return exchange(client)
  end

  it("hands on the request that it waits for, once, and then listens no more", function()
    local answer, fields = ask(request(GOOD))
    assert.matches("^HTTP/1%.1 200 OK\r\n", answer)
    assert.matches("You may close this page", answer)
    assert.is_nil(answer:find("a+b", 1, true))
    assert.is_nil(answer:find("ada", 1, true))
    for _, header in ipairs { "Cache%-Control: no%-store", "Referrer%-Policy: no%-referrer", "Connection: close",
      "Content%-Security%-Policy: default%-src 'none'" } do
      assert.matches("\r\n" .. header, answer)
    end
    local head, body = answer:match "^(.-)\r\n\r\n(.*)$"
    assert.equal(#body, tonumber(head:match "Content%-Length: (%d+)"))
    assert.same({ state = STATE, userId = "ada", secret = "a+b" }, fields)
    local _, problem = socket.connect("127.0.0.1", listener.port)
    assert.equal("connection refused", problem)
  end)

  it("hands on what failed", function()
    local answer, fields = ask(request("/?state=" .. STATE .. "&error=%7B%22message%22%3A%22no%22%7D"))
    assert.matches("Not signed in", answer)
    assert.equal('{"message":"no"}', fields.error)
  end)

  it("answers what strays in, and goes on waiting", function()
    local ROWS = {
      { request "/favicon.ico", "404" },
      { request("/other?state=" .. STATE .. "&userId=u&secret=s"), "404" },
      { request "/", "403" },
      { request "/?state=wrong&userId=u&secret=s", "403" },
      { request("/?State=" .. STATE .. "&userId=u&secret=s"), "403" },
      { request("/?state=" .. STATE:upper() .. "&userId=u&secret=s"), "403" },
      { request("/?state=" .. STATE), "400" },
      { request("/?state=" .. STATE .. "&userId=u&secret="), "400" },
      { request("/?state=" .. STATE .. "&secret=s"), "400" },
      { request("/?state=" .. STATE .. "&userId=u"), "400" },
      { request(GOOD, "POST"), "405" },
      { request(GOOD, "HEAD"), "405" },
      { request("http://localhost" .. GOOD), "400" },
      { "GET " .. GOOD .. "\r\n\r\n", "400" },
      { "\22\3\1\0\5hello\r\n\r\n", "400" },
      { "\r\n\r\n", "400" },
      { ("x"):rep(20000), "431" },
      { ("x"):rep(16500) .. "\r\n\r\n", "431" },
      { "GET / HTTP/1.1\r\nCookie: " .. ("x"):rep(200000) .. "\r\n\r\n", "431" },
    }
    for _, row in ipairs(ROWS) do
      local client = connect()
      client:settimeout(PATIENCE)
      client:send(row[1]:sub(1, 60000)) -- more than that waits for somebody to read it
      client:settimeout(0)
      local answer, fields = exchange(client)
      assert.matches("^HTTP/1%.1 " .. row[2], answer)
      assert.is_nil(fields)
      assert.is_nil(answer:find(STATE, 1, true))
    end
    assert.is_not_nil(select(2, ask(request(GOOD))))
  end)

  it("takes a head that comes in pieces, at any cut", function()
    local bytes = request(GOOD)
    for cut = 1, #bytes - 1, 7 do
      listener:close()
      listener = assert(loopback.open(STATE, socket))
      local client = connect()
      assert(client:send(bytes:sub(1, cut)))
      assert.is_nil(listener:step(now))
      assert(client:send(bytes:sub(cut + 1)))
      assert.equal("ada", select(2, exchange(client)).userId)
    end
  end)

  it("gives up on heads that never end", function()
    local slow = connect()
    assert(slow:send "GET / HTTP/1.1\r\nX-A: ")
    assert.is_nil(listener:step(now))
    now = now + 9
    assert(slow:send "b")
    assert.is_nil(listener:step(now))
    now = now + 2
    assert.matches("^HTTP/1%.1 408", (exchange(slow)))
  end)

  it("closes connections of which nobody reads or writes any more", function()
    local client = connect()
    assert(client:send(request "/favicon.ico"))
    local limit = socket.gettime() + PATIENCE
    repeat -- it is answered, but the client does not close
      listener:step(now)
      assert(socket.gettime() < limit)
    until listener.connections[1] and not listener.connections[1].head
    now = now + 2
    listener:step(now)
    assert.equal(0, #listener.connections)
  end)

  it("is not kept busy by connections that say nothing", function()
    for _ = 1, 100 do
      connect()
      listener:step(now)
    end
    assert.is_true(#listener.connections <= 16)
    assert.is_not_nil(select(2, ask(request(GOOD))))
  end)

  it("stands connections that break off", function()
    for _, bytes in ipairs { "", "GET", request "/favicon.ico" } do
      local client = connect()
      client:setoption("linger", { on = true, timeout = 0 }) -- closing resets
      client:send(bytes)
      client:close()
      for _ = 1, 3 do
        assert.is_nil(listener:step(now))
      end
    end
    assert.is_not_nil(select(2, ask(request(GOOD))))
  end)

  it("hands on the request also of a browser that does not wait for its page", function()
    local client = connect()
    client:send(request(GOOD))
    client:setoption("linger", { on = true, timeout = 0 })
    local fields
    local limit = socket.gettime() + PATIENCE
    repeat
      fields = listener:step(now)
      assert(socket.gettime() < limit)
    until fields
    client:close()
    assert.equal("ada", fields.userId)
  end)

  it("keeps the first of two that are right", function()
    local first, second = connect(), connect()
    assert(first:send(request("/?state=" .. STATE .. "&userId=first&secret=s")))
    assert(second:send(request("/?state=" .. STATE .. "&userId=second&secret=s")))
    local fields
    local limit = socket.gettime() + PATIENCE
    repeat
      fields = listener:step(now)
      assert(socket.gettime() < limit)
    until fields
    assert.is_not_nil(fields.userId:match "^first$" or fields.userId:match "^second$")
    assert.is_true(#listener.connections <= 1)
    assert.same(fields, listener:step(now))
  end)

  it("listens on the loopback only, and gives its port back", function()
    local port = listener.port
    assert.is_true(port > 0)
    for _, server in ipairs(listener.servers) do
      assert.is_not_nil(({ ["127.0.0.1"] = 1, ["::1"] = 1 })[(server:getsockname())])
    end
    listener:close()
    listener:close()
    local _, problem = socket.connect("127.0.0.1", port)
    assert.equal("connection refused", problem)
    local again = assert(socket.tcp4())
    assert.equal(1, again:bind("127.0.0.1", port))
    again:close()
  end)

  it("does not leave its port to programs that are started meanwhile", function()
    local child = assert(io.popen("cat", "w")) -- lives until its input ends
    listener:close()
    -- It may go on here a moment before the other program has really taken the child's place (Linux: vfork and exec).
    local limit = socket.gettime() + PATIENCE
    local problem
    repeat
      local other
      other, problem = socket.connect("127.0.0.1", listener.port)
      if other then
        other:close()
      end
    until problem or socket.gettime() > limit
    child:close()
    assert.equal("connection refused", problem)
  end)

  describe("where ports cannot be had", function()
    local closed

    -- A port that listen() gets, or the problem.
    local function fakeSocket(problem)
      return function()
        return {
          bind = function() return problem == nil and 1 or nil, problem end,
          listen = function() return 1 end,
          settimeout = function() end,
          getsockname = function() return "127.0.0.1", "4711" end,
          close = function() closed = closed + 1 end,
        }
      end
    end

    before_each(function()
      closed = 0
    end)

    it("says why", function()
      local opened, problem = loopback.open(STATE, { tcp4 = fakeSocket "permission denied" })
      assert.is_nil(opened)
      assert.equal("no port of 127.0.0.1 can be listened on: permission denied", problem)
      opened, problem = loopback.open(STATE, { tcp4 = function() return nil, "too many open files" end })
      assert.is_nil(opened)
      assert.matches("too many open files", problem)
    end)

    it("takes another one where somebody has it on ::1", function()
      local opened, problem = loopback.open(STATE, { tcp4 = fakeSocket(), tcp6 = fakeSocket "address already in use" })
      assert.is_nil(opened)
      assert.matches("address already in use", problem)
      assert.equal(10, closed)
    end)

    it("does without ::1 on a machine that has none", function()
      for _, sockets in ipairs {
        { tcp4 = fakeSocket(), tcp6 = fakeSocket "cannot assign requested address" },
        { tcp = fakeSocket() },
        { tcp4 = fakeSocket(), tcp6 = function() return nil, "address family not supported" end },
      } do
        local opened = assert(loopback.open(STATE, sockets))
        assert.equal(4711, opened.port)
        assert.equal(1, #opened.servers)
      end
    end)
  end)
end)
