-- examples/openresty as `examples/run` starts it, over HTTP by an independent client.

local cjson = require "cjson"
local lfs = require "lfs"
local port = require "spec.support.port"
local process = require "spec.support.process"
local raw = require "spec.support.raw_http"
local socket = require "socket"
local workers = require "spec.support.nginx_workers"

local format = string.format

local ROOT = lfs.currentdir()

-- As from a terminal: Ctrl-C reaches the whole group, and nothing of it ignores that.
local COMMAND = [[cd %s || exit 1
env --default-signal=INT,QUIT setsid sh examples/run openresty %d >%s/out 2>&1 &
example=$!
( %s )
kill -INT -"$example"
wait "$example"
echo $? >%s/status]]

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local function listens(number)
  local connection = socket.connect("127.0.0.1", number)
  return connection and connection:close() and true or false
end

local function started(directory, number)
  local keeper = process.luaCommand "spec/support/keeper.lua" .. " " .. number
  local quoted = process.quote(directory)
  return assert(process.start(format(COMMAND, process.quote(ROOT), number, quoted, keeper, quoted)))
end

local function form(fields)
  local parts = {}
  for name, value in pairs(fields) do
    parts[#parts + 1] = name .. "=" .. value:gsub("[^%w]", function(c) return format("%%%02X", c:byte()) end)
  end
  return table.concat(parts, "&")
end

workers.build()

describe("examples/openresty", function()
  local directory, number, example, appwrite

  local function ask(path, session, body, type)
    return raw.ask(number, {
      path = path, body = body,
      headers = { Cookie = session and "session=" .. session, ["Content-Type"] = type },
    })
  end

  local function post(path, fields, session)
    return ask(path, session, form(fields), "application/x-www-form-urlencoded")
  end

  -- What Appwrite itself answers, without the example in between.
  local function askAppwrite(path, session)
    return raw.ask(appwrite, {
      path = "/v1" .. path, headers = { ["X-Appwrite-Project"] = "sandbox", ["X-Appwrite-Session"] = session },
    })
  end

  local count = 0

  -- A new user's session.
  local function register(name)
    count = count + 1
    local answer = post("/register", { name = name, email = format("user%d@example.com", count), password = "correct horse" })
    assert.equal(303, answer.status)
    assert.equal("/", answer.headers.location)
    local session, rest = answer.headers["set-cookie"]:match "^session=([^;]+)(.*)$"
    assert.equal("; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000", rest)
    return session
  end

  setup(function()
    directory, number = process.directory(), port.free()
    example = started(directory, number)
    workers.untilTrue("it never listens", function()
      return listens(number)
    end)
    appwrite = tonumber(read(directory .. "/out"):match "at http://127%.0%.0%.1:(%d+)/v1")
  end)

  teardown(function()
    example:stop()
    process.removeDirectory(directory)
  end)

  it("asks a guest to log in", function()
    local answer = ask "/"
    assert.equal(200, answer.status)
    assert.equal("text/html; charset=utf-8", answer.headers["content-type"])
    assert.equal("no-store", answer.headers["cache-control"])
    assert.truthy(answer.body:find('action="/login"', 1, true))
    assert.falsy(answer.body:find("Hello", 1, true))
  end)

  it("makes the page for who is logged in", function()
    local session = register "Ada <b> & \"co\""
    assert.truthy(ask("/", session).body:find("<h1>Hello Ada &lt;b&gt; &amp; &quot;co&quot;</h1>", 1, true))
    assert.truthy(ask("/").body:find('action="/login"', 1, true))
  end)

  it("takes a session that is none for a guest's", function()
    for _, session in ipairs { "x", "eyJpZCI6ImEiLCJzZWNyZXQiOiJiIn0=", "%0d%0aX: y", ("a"):rep(3000) } do
      local answer = ask("/", session)
      assert.equal(200, answer.status)
      assert.truthy(answer.body:find('action="/login"', 1, true))
    end
  end)

  it("logs in, and says why not", function()
    register "Grace"
    local email = format("user%d@example.com", count)
    local answer = post("/login", { email = email, password = "correct horse" })
    assert.equal(303, answer.status)
    local session = answer.headers["set-cookie"]:match "^session=([^;]+)"
    assert.truthy(ask("/", session).body:find("Hello Grace", 1, true))

    answer = post("/login", { email = email, password = "wrong horse" })
    assert.equal(303, answer.status)
    assert.is_nil(answer.headers["set-cookie"])
    local page = ask(answer.headers.location)
    assert.truthy(page.body:find('<p class="problem">Invalid credentials', 1, true))
    assert.falsy(ask("/?problem=%3Cscript%3Ealert").body:find("<script>alert", 1, true))
    assert.equal(405, ask("/login").status)
  end)

  it("logs out, here and there", function()
    local session = register "Mary"
    assert.equal(200, askAppwrite("/account", session).status)
    local answer = post("/logout", {}, session)
    assert.equal(303, answer.status)
    assert.equal("/", answer.headers.location)
    assert.truthy(answer.headers["set-cookie"]:find("session=; ", 1, true))
    assert.equal(401, askAppwrite("/account", session).status)
    assert.truthy(ask("/", session).body:find('action="/login"', 1, true))
    assert.equal("/", post("/logout", {}, session).headers.location)
  end)

  it("has an API for scores", function()
    local session = register "Joan"
    local score = '{"level":3,"points":4200,"player":"somebody else"}'
    assert.equal(401, ask("/api/scores", nil, score).status)
    local answer = ask("/api/scores", session, score)
    assert.equal(201, answer.status)
    assert.same({ player = "Joan", level = 3, points = 4200 }, cjson.decode(answer.body))
    assert.equal(201, ask("/api/scores", session, '{"level":1,"points":17}').status)

    answer = ask "/api/scores?limit=1"
    assert.equal("application/json", answer.headers["content-type"])
    assert.same({ total = 2, scores = { { player = "Joan", level = 3, points = 4200 } } }, cjson.decode(answer.body))
    assert.truthy(ask("/", session).body:find("<tr><td>Joan<td>3<td>4200</tr>", 1, true))

    for _, limit in ipairs { "0", "101", "x", "1.5", "" } do
      assert.equal(400, ask("/api/scores?limit=" .. limit).status)
    end
    for _, body in ipairs { "level=3", "[", "" } do
      assert.equal(400, ask("/api/scores", session, body).status)
    end
    answer = ask("/api/scores", session, '{"level":0,"points":1}')
    assert.equal(400, answer.status)
    assert.equal("document_invalid_structure", cjson.decode(answer.body).type)
    assert.equal(405, raw.ask(number, { path = "/api/scores", method = "DELETE" }).status)
  end)

  it("passes files on to storage", function()
    local session = register "Ida"
    assert.equal(401, ask("/upload?name=a", nil, "bytes").status)
    for _, bytes in ipairs { "", "x", ("0123456789abcdef"):rep(750000) } do
      local answer = ask("/upload?name=big%20%22one%22.txt", session, bytes)
      assert.equal(201, answer.status, answer.body)
      local file = cjson.decode(answer.body)
      assert.equal(#bytes, file.size)
      local stored = askAppwrite("/storage/buckets/files/files/" .. file.id .. "/download", session)
      assert.is_true(stored.body == bytes)
      assert.equal(404, askAppwrite("/storage/buckets/files/files/" .. file.id).status)
    end
    assert.truthy(ask("/", session).body:find("<li>big &quot;one&quot;.txt, 12000000 bytes</li>", 1, true))
    for _, path in ipairs { "/upload", "/upload?name=", "/upload?name=a%00b", "/upload?name=a%0Ab" } do
      assert.equal(400, ask(path, session, "bytes").status)
    end
    assert.equal(405, ask("/upload?name=a", session).status)
  end)

  it("keeps apart those who ask at once", function()
    local names, asked, sessions = { "Ada", "Grace", "Mary" }, {}, {}
    for index, name in ipairs(names) do
      sessions[index] = register(name)
    end
    for index = 1, 45 do
      asked[index] = { path = "/", headers = { Cookie = "session=" .. sessions[index % 3 + 1] } }
    end
    for index, answer in ipairs(raw.askAll(number, asked)) do
      assert.truthy(answer.body:find("Hello " .. names[index % 3 + 1], 1, true))
    end
  end)

  it("ends at Ctrl-C, with the sandbox", function()
    example:stop()
    assert.equal("0", read(directory .. "/status"):match "%d+")
    assert.is_false(listens(number))
    assert.is_false(listens(appwrite))
    assert.falsy(read(directory .. "/out"):find("[error]", 1, true))
  end)
end)
