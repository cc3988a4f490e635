-- luacheck: std max+love
-- A game that signs in by the browser while it goes on, and writes down how it went.

local appwrite = require "appwrite"
local cjson = require "cjson"

local client = appwrite.new { endpoint = os.getenv "APPWRITE_ENDPOINT", project = os.getenv "APPWRITE_PROJECT" }
local report = { frames = 0, longest = 0 }

local function finish()
  local file = assert(io.open(os.getenv "LOVE_OUT" .. "/report.json", "wb"))
  assert(file:write(cjson.encode(report)))
  assert(file:close())
  love.event.quit()
end

function love.load()
  report.sockets = require("socket")._VERSION
  client.oauth2:signIn({ provider = "mock", timeout = 30 }, function(session, err)
    if not session then
      report.error = tostring(err)
      return finish()
    end
    report.provider = session.provider
    client.account.getCurrentUser(function(user, problem)
      report.error, report.email = problem and tostring(problem), user and user.email
      finish()
    end)
  end)
end

function love.update()
  local from = love.timer.getTime()
  appwrite.poll()
  report.longest = math.max(report.longest, love.timer.getTime() - from)
  report.frames = report.frames + 1
end
