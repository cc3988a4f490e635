-- luacheck: std max+busted
--- Realtime: which events come to whom, and what is in them.

local cjson = require "cjson"

local format = string.format

local MOVIES, NOTES = "/databases/main/collections/movies/documents", "/databases/main/collections/notes/documents"
local MOVIE_CHANNELS = "documents,databases.main.collections.movies.documents,"
  .. "databases.main.collections.movies.documents.%s"
local OPEN, CLOSED = [=[["read(\"any\")"]]=], [=[["read(\"user:nobody\")"]]=]

-- What follows each other in the names of an event of a document, as a real server lists them.
local PLACES = {
  "main.movies.ID", "*.*.*", "main.*.ID", "*.*.ID", "*.movies.ID", "main.movies.*", "*.movies.*", "main.*.*",
}

local function documentEvents(id, action)
  local list = {}
  for _, suffix in ipairs { "." .. action, "" } do
    for _, place in ipairs(PLACES) do
      local database, collection, document = place:match "^(.+)%.(.+)%.(.+)$"
      list[#list + 1] = format("databases.%s.collections.%s.documents.%s%s", database, collection,
        document == "ID" and id or document, suffix)
    end
  end
  for _, rest in ipairs { "main.collections.movies", "*.collections.*", "main.collections.*", "*.collections.movies",
    "main", "*" } do
    list[#list + 1] = "databases." .. rest
  end
  return list
end

local function eventText(events, channels, payload)
  local pattern = format('{"type":"event","data":{"events":["%s"],"channels":["%s"],"timestamp":"@","payload":%s}}',
    table.concat(events, '","'), (channels:gsub(",", '","')), payload)
  return pattern
end

-- With the time taken out, which no spec can know.
local function timeless(text)
  return (text:gsub('"timestamp":"%d+%-%d+%-%d+T%d+:%d+:%d+%.%d%d%d%+00:00"', '"timestamp":"@"', 1))
end

---@param t sandbox.SpecClient
return function(t)
  local call, expect, newUser = t.call, t.expect, t.newUser
  local KEY = { ["x-appwrite-key"] = "spec-key" }

  describe("realtime events", function()
    local sockets

    local function open(channels, session)
      local socket = sockets:open(t.server, "project=spec&channels[]=" .. channels:gsub(",", "&channels[]="),
        { ["X-Fallback-Cookies"] = session })
      assert.matches('^{"type":"connected"', socket:text())
      return socket
    end

    local function byKey(method, path, body)
      return call(method, path, { headers = KEY, body = body })
    end

    -- What a guest hears next is the event of this document: whatever came before was not for him.
    local function expectNext(socket, id)
      assert.equal(id, socket:event().payload["$id"])
    end

    setup(function()
      sockets = t.websockets.start()
    end)

    teardown(function()
      sockets:stop()
    end)

    it("of documents have all names, the channels, and what the API answers, in ASCII", function()
      local session = newUser()
      local socket = open "documents,databases.main.collections.movies.documents"
      local created = call("POST", MOVIES, { session = session,
        body = '{"documentId":"rt1","data":{"title":"Realtime \226\156\147/\240\159\152\128","tags":[],"year":2000}}' })
      expect(201, created)
      local changed = call("PATCH", MOVIES .. "/rt1", { session = session, body = '{"data":{"year":2001}}' })
      expect(200, changed)
      assert.equal(204, call("DELETE", MOVIES .. "/rt1", { session = session, body = "{}" }).status)
      for _, row in ipairs { { "create", created }, { "update", changed }, { "delete", changed } } do
        local payload = row[2].body:gsub("\226\156\147", "\\u2713"):gsub("\240\159\152\128", "\\ud83d\\ude00")
        assert.equal(eventText(documentEvents("rt1", row[1]), MOVIE_CHANNELS:format "rt1", payload),
          timeless(socket:text()))
      end
    end)

    it("of a document come in its own channel only to those who asked for it", function()
      local socket = open "databases.main.collections.movies.documents.rtone"
      for _, id in ipairs { "rtother", "rtone" } do
        expect(201, t.create(t.ada, "movies", format('{"documentId":"%s","data":{"title":"x"}}', id)))
      end
      expectNext(socket, "rtone")
    end)

    it("do not come to whom may not read, and end for whom may no more", function()
      local session, user = newUser()
      local guest, owner = open "documents", open("documents", session)
      local function set(permissions)
        return byKey("PATCH", NOTES .. "/rtp", format('{"permissions":%s}', permissions))
      end
      local mine = format([=[["read(\"user:%s\")"]]=], user["$id"])
      expect(201, byKey("POST", NOTES, format('{"documentId":"rtp","data":{"text":"a"},"permissions":%s}', OPEN)))
      expect(200, set(mine))
      expect(200, byKey("PATCH", NOTES .. "/rtp", '{"data":{"text":"b"}}'))
      expect(200, set(CLOSED))
      expect(200, set(OPEN))
      expect(200, set(CLOSED))
      assert.equal(204, byKey("DELETE", NOTES .. "/rtp").status)
      expect(201, byKey("POST", NOTES, format('{"documentId":"rtq","data":{"text":"a"},"permissions":%s}', OPEN)))
      local function hears(socket)
        local heard = {}
        repeat
          local event = socket:event()
          heard[#heard + 1] = event.events[1]:match "(%a+%.%a+)$" .. " " .. event.payload.text
        until event.payload["$id"] == "rtq"
        return heard
      end
      assert.same({ "rtp.create a", "rtp.update b", "rtq.create a" }, hears(guest))
      assert.same({ "rtp.create a", "rtp.update a", "rtp.update b", "rtp.update b", "rtq.create a" }, hears(owner))
    end)

    it("follow the roles of a user as they change", function()
      local session, user = newUser()
      local socket = open("documents,memberships,teams", session)
      local function write(id)
        expect(201, byKey("POST", NOTES, format(
          '{"documentId":"%s","data":{"text":"a"},"permissions":["read(\\"team:rtroles\\")"]}', id)))
      end
      expect(201, byKey("POST", "/teams", '{"teamId":"rtroles","name":"T"}'))
      write "before"
      local membership = expect(201, byKey("POST", "/teams/rtroles/memberships", format(
        '{"userId":"%s","roles":["player"]}', user["$id"])))
      write "during"
      local event = socket:event()
      assert.same({ "memberships", "memberships." .. membership["$id"] }, event.channels)
      assert.same({
        format("teams.rtroles.memberships.%s.create", membership["$id"]), "teams.*.memberships.*.create",
        format("teams.*.memberships.%s.create", membership["$id"]), "teams.rtroles.memberships.*.create",
        format("teams.rtroles.memberships.%s", membership["$id"]), "teams.*.memberships.*",
        format("teams.*.memberships.%s", membership["$id"]), "teams.rtroles.memberships.*", "teams.rtroles", "teams.*",
      }, event.events)
      assert.same({ "player" }, event.payload.roles)
      expectNext(socket, "during")
      assert.equal(204, byKey("DELETE", "/teams/rtroles/memberships/" .. membership["$id"]).status)
      write "after"
      expect(201, t.create(session, "notes", '{"documentId":"marker","data":{"text":"a"}}'))
      expectNext(socket, "marker")
    end)

    it("of teams come to their members, with empty preferences as a list", function()
      local session = newUser()
      local socket = open("teams", session)
      local stranger = open("teams", (newUser()))
      expect(201, call("POST", "/teams", { session = session, body = '{"teamId":"rtteam","name":"T"}' }))
      expect(200, call("PUT", "/teams/rtteam", { session = session, body = '{"name":"T2"}' }))
      expect(200, call("PUT", "/teams/rtteam/prefs", { session = session, body = '{"prefs":{"a":{}}}' }))
      expect(200, call("PUT", "/teams/rtteam/prefs", { session = session, body = '{"prefs":{}}' }))
      assert.equal(204, call("DELETE", "/teams/rtteam", { session = session }).status)
      local ROWS = {
        { { "teams.rtteam.create", "teams.*.create", "teams.rtteam", "teams.*" },
          '"name":"T","total":1,"prefs":%[%]}' },
        { { "teams.rtteam.update", "teams.*.update", "teams.rtteam", "teams.*" },
          '"name":"T2","total":1,"prefs":%[%]}' },
        { { "teams.rtteam.update", "teams.*.update", "teams.rtteam.update.prefs", "teams.*.update.prefs",
          "teams.rtteam", "teams.*" }, '"payload":{"a":%[%]}' },
        { { "teams.rtteam.update", "teams.*.update", "teams.rtteam.update.prefs", "teams.*.update.prefs",
          "teams.rtteam", "teams.*" }, '"payload":%[%]}' },
        { { "teams.rtteam.delete", "teams.*.delete", "teams.rtteam", "teams.*" },
          '"name":"T2","total":1,"prefs":%[%]}' },
      }
      for _, row in ipairs(ROWS) do
        local text = socket:text()
        assert.same(row[1], cjson.decode(text).data.events)
        assert.matches('"channels":["teams","teams.rtteam"]', text, 1, true)
        assert.matches(row[2], text)
      end
      stranger:send "{}"
      assert.matches("1003", stranger:text())
    end)

    it("of files tell of each chunk, of changes, and of the end", function()
      local session = newUser()
      local socket = open("files", session)
      local file = t.upload(session, "files", "rtf", "a.txt", "hello")
      expect(201, file)
      local changed = call("PUT", "/storage/buckets/files/files/rtf", { session = session, body = '{"name":"b.txt"}' })
      expect(200, changed)
      assert.equal(204, call("DELETE", "/storage/buckets/files/files/rtf", { session = session, body = "{}" }).status)
      for _, row in ipairs { { "create", file }, { "update", changed }, { "delete", changed } } do
        local names = {}
        for _, suffix in ipairs { "." .. row[1], "" } do
          for _, place in ipairs { "files.files.rtf", "*.files.*", "files.files.*", "*.files.rtf" } do
            names[#names + 1] = "buckets." .. place .. suffix
          end
        end
        names[#names + 1], names[#names + 2] = "buckets.files", "buckets.*"
        assert.equal(eventText(names, "files,buckets.files.files,buckets.files.files.rtf", row[2].body),
          timeless(socket:text()))
      end
    end)

    it("of executions come to who asked for one, as what the API answers and then as its worker sees it", function()
      local session = newUser()
      local socket, stranger = open("executions", session), open("executions", (newUser()))
      local answer = call("POST", "/functions/echo/executions", { session = session, body = '{"async":true}' })
      local id = expect(202, answer)["$id"]
      local CHANNELS = format("console,executions,executions.%s,functions.echo", id)
      local names = {}
      for _, suffix in ipairs { ".create", "" } do
        for _, place in ipairs { "echo.executions." .. id, "*.executions.*", "echo.executions.*",
          "*.executions." .. id } do
          names[#names + 1] = "functions." .. place .. suffix
        end
      end
      names[#names + 1], names[#names + 2] = "functions.echo", "functions.*"
      assert.equal(eventText(names, CHANNELS, answer.body), timeless(socket:text()))
      local event = socket:event()
      assert.same({ format("functions.echo.executions.%s.update", id), "completed", id, "executions" },
        { event.events[1], event.payload.status, event.payload["$id"], event.payload["$collection"] })
      stranger:ping "nothing before this"
    end)

    it("of the account come to its user on all his connections, also after the session has ended", function()
      local session, user, email = newUser()
      local id = user["$id"]
      local first, second, guest = open("account", session), open("account", session), open "account"
      local body = format('{"email":"%s","password":"password123"}', email)
      local sessionId = expect(201, call("POST", "/account/sessions/email", { body = body }))["$id"]
      expect(200, call("PATCH", "/account/name", { session = session, body = '{"name":"Rt"}' }))
      local prefs = expect(200, call("PATCH", "/account/prefs", { session = session, body = '{"prefs":{}}' }))
      assert.equal(204, call("DELETE", "/account/sessions/current", { session = session }).status)
      for _, socket in ipairs { first, second } do
        local created = socket:event()
        assert.equal(format("users.%s.sessions.%s.create", id, sessionId), created.events[1])
        assert.same({ 10, { "account", "account." .. id }, "" },
          { #created.events, created.channels, created.payload.secret })
        local named = socket:event()
        local events = {}
        for _, suffix in ipairs { ".update", ".update.name", "" } do
          events[#events + 1] = "users." .. id .. suffix
          events[#events + 1] = "users.*" .. suffix
        end
        assert.same(events, named.events)
        assert.equal("Rt", named.payload.name)
        local text = socket:text()
        assert.matches('"prefs":[],"targets":[{', text, 1, true)
        assert.equal(prefs["$updatedAt"], cjson.decode(text).data.payload["$updatedAt"])
        local ended = socket:event()
        assert.matches("^users%.%w+%.sessions%.%w+%.delete$", ended.events[1])
        assert.is_true(ended.payload.current)
        assert.matches("^" .. ("%x"):rep(64) .. "$", ended.payload.secret)
      end
      local again = call("POST", "/account/sessions/email", { body = body }).headers["x-fallback-cookies"]
      expect(200, call("PATCH", "/account/name", { session = again, body = '{"name":"After"}' }))
      first:event()
      assert.equal("After", first:event().payload.name)
      guest:ping "nothing before this"
    end)
  end)
end
