-- examples/love-leaderboard in the real LÖVE against the sandbox, played by a driver (spec/support/love_driver.lua).

local cjson = require "cjson"
local http = require "socket.http"
local love = require "spec.support.love"
local ltn12 = require "ltn12"
local nginx = require "spec.support.nginx"
local port = require "spec.support.port"
local process = require "spec.support.process"
local sandbox = require "spec.support.sandbox"

local GAME = "examples/love-leaderboard"
local GOLD, WHITE = "1.00 0.83 0.35", "0.94 0.95 1.00"

-- Every answer takes longer than a frame may: a call that blocked would show.
local LATENCY = 0.6 -- seconds
local LONGEST_FRAME = 0.5 -- seconds; generous, for machines that do other things too

-- Between the game and the sandbox: slow, and away when told so.
local BETWEEN = [[
  lua_shared_dict state 100k;
  map $http_upgrade $connection_wanted { default upgrade; "" ""; }
  server {
    listen 127.0.0.1:%PORT2%;
    location = /away { content_by_lua_block { ngx.shared.state:set("away", true) ngx.print "done" } }
    location = /back { content_by_lua_block { ngx.shared.state:set("away", false) ngx.print "done" } }
    location / {
      access_by_lua_block {
        if ngx.shared.state:get "away" then
          return ngx.exit(444)
        end
        ngx.sleep(%LATENCY%)
      }
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_wanted;
      proxy_pass http://127.0.0.1:%SANDBOX%;
    }
  }
]]

local function position(list, value)
  for index, one in ipairs(list) do
    if one == value then
      return index
    end
  end
  return nil
end

-- The line of a player in the list: rank, name, level, points as they were drawn, and the name's colour.
local function lineOf(report, player)
  local index = assert(position(report.texts, player), player .. " is not in " .. table.concat(report.texts, " | "))
  local texts = report.texts
  return { texts[index - 1], texts[index], texts[index + 1], texts[index + 2], report.colours[index] }
end

describe("the game in LÖVE", function()
  local server, between, directory, environment

  -- Asked of the sandbox itself, with an API key and without the library.
  local function ask(method, path, body)
    local text, chunks = body and cjson.encode(body), {}
    local _, status = http.request {
      method = method, url = server.endpoint .. path, sink = ltn12.sink.table(chunks),
      source = text and ltn12.source.string(text),
      headers = {
        ["X-Appwrite-Project"] = server.project, ["X-Appwrite-Key"] = "sandbox-key",
        ["Content-Type"] = "application/json", ["Content-Length"] = text and #text or nil,
      },
    }
    local answer = table.concat(chunks)
    assert(status == 200 or status == 201, answer)
    return cjson.decode(answer)
  end

  local SCORES = "/databases/main/collections/scores/documents"

  local function add(player, points)
    ask("POST", SCORES, { documentId = "unique()", data = { player = player, level = 9, points = points } })
  end

  setup(function()
    love.build()
    server = sandbox.start()
    between = nginx.start {
      http = BETWEEN, values = { SANDBOX = server.endpoint:match ":(%d+)/", LATENCY = tostring(LATENCY) },
    }
  end)

  teardown(function()
    if between then
      between:stop()
    end
    if server then
      server.stop()
    end
  end)

  before_each(function()
    directory = process.directory()
    environment = love.checkout()
    environment.APPWRITE_PROJECT = server.project
    environment.APPWRITE_ENDPOINT = ("http://127.0.0.1:%d/v1"):format(between.ports[2])
    environment.LOVE_CONTROL = ("http://127.0.0.1:%d"):format(between.ports[2])
  end)

  after_each(function()
    process.removeDirectory(directory)
  end)

  local function play(game, story)
    local report = love.play(game, story, directory, environment)
    local kept = os.getenv "LOVE_SCREENSHOTS" -- for whoever wants to look at them
    if kept then
      local to = process.quote(kept)
      love.shell(("mkdir -p %s && find %s -maxdepth 1 -name '*.png' -exec cp {} %s ';'"):format(to, directory, to))
    end
    return report
  end

  local function assertSmooth(report)
    local frames = report.frames
    assert.is_true(frames.underWay > 60, "frames with calls under way: " .. frames.underWay)
    assert.is_true(frames.longestUnderWay < LONGEST_FRAME, "the longest frame took " .. frames.longestUnderWay)
  end

  local function assertScreenshot(name)
    local file = assert(io.open(("%s/%s.png"):format(directory, name), "rb"))
    local head, size = file:read(8), file:seek "end"
    file:close()
    assert.equals("\137PNG\r\n\026\n", head)
    assert.is_true(size > 10000, "an empty picture")
  end

  it("logs in while it plays, stores the score and lists it, and no frame waits for the server", function()
    for rank = 1, 12 do
      add("Player " .. rank, rank < 3 and 1000000 or 13 - rank)
    end
    local report = play(love.copy(GAME, directory), "leaderboard")

    local stored = ask("GET", SCORES .. "/" .. report.user)
    assert.equals("Ada", stored.player)
    assert.equals(report.submitted.points, stored.points)
    assert.equals(report.submitted.level, stored.level)
    assert.is_true(stored.points > 0)

    local points = ("%d"):format(stored.points)
    assert.same({ "3.", "Ada", ("level %d"):format(stored.level), points, GOLD }, lineOf(report, "Ada"))
    assert.same({ "4.", "Player 3", "level 9", "10", WHITE }, lineOf(report, "Player 3"))
    assert.is_nil(position(report.texts, "Player 10"))
    assert.is_truthy(position(report.texts, ("You have %s points"):format(points)))
    assertSmooth(report)
    for _, name in ipairs { "menu", "play", "scores" } do
      assertScreenshot(name)
    end
  end)

  it("says that the server is away and goes on, and stores the score when it is back", function()
    for index = 1, 10 do
      add("Champion " .. index, 2000000)
    end
    local report = play(love.copy(GAME, directory), "away")

    assert.is_true(report.unsent.points > 0)
    assert.is_true(report.playsOn)
    assert.is_false(report.left)
    local stored = ask("GET", SCORES .. "/" .. report.user)
    assert.equals(report.unsent.points, stored.points)
    local line = lineOf(report, "Bob")
    assert.same({ ("%d"):format(stored.points), GOLD }, { line[4], line[5] })
    assert.is_true(tonumber(line[1]) > 10) -- below the list
    assert.is_falsy(table.concat(report.texts, "\n"):find("away", 1, true))
    assertSmooth(report)
    assertScreenshot "away"
    assertScreenshot "back"
  end)

  it("runs as its README says to ship it, from the .love with the modules beside it alone", function()
    local game = love.ship(GAME, directory)
    environment.LUA_PATH, environment.LUA_CPATH = "/nonexistent/?.lua", "/nonexistent/?.so"
    environment.APPWRITE_ENDPOINT = server.endpoint
    local report = play(game, "shipped")
    local stored = ask("GET", SCORES .. "/" .. report.user)
    assert.equals("Dora", stored.player)
    assert.is_true(stored.points > 0)
  end)

  it("goes on while a server does not answer at all, and ends while a call waits for it", function()
    local number, holder = port.deaf()
    finally(holder.close)
    environment.APPWRITE_ENDPOINT = ("http://127.0.0.1:%d/v1"):format(number)
    local report = play(love.copy(GAME, directory), "deaf")
    assert.is_truthy(table.concat(report.texts, "\n"):find "The server is away %(no answer%)[^\n]*\nF5  try again")
    assert.is_true(report.leftBusy)
    assertSmooth(report)
  end)
end)
