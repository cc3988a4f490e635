-- luacheck: std max+busted
--- Realtime: connecting, authentication, messages, and how connections end.

local cjson = require "cjson"
local http = require "socket.http"

local format = string.format

local CONTINUATION, TEXT = 0x0, 0x1 -- opcodes
local MAX_MESSAGE = 64000 -- bytes
local EVIL = "Invalid Origin. Register your new client (evil.example) as a new Web platform on your project console "
  .. "dashboard"
local PHP = [[array_key_exists(): Argument #2 ($array) must be of type array, %s given]]

local function errorText(code, message)
  return format('{"type":"error","data":{"code":%d,"message":"%s"}}', code, message)
end

---@param t sandbox.SpecClient
return function(t)
  local call, expect, newUser = t.call, t.expect, t.newUser

  describe("realtime", function()
    local sockets

    local function open(query, headers)
      return sockets:open(t.server, query, headers)
    end

    setup(function()
      sockets = t.websockets.start()
    end)

    teardown(function()
      sockets:stop()
    end)

    it("says at once what a guest is connected to", function()
      local ROWS = {
        { "project=spec&channels[]=documents&channels[]=databases.main.collections.movies.documents",
          '["documents","databases.main.collections.movies.documents"]' },
        { "project=spec&channels%5B0%5D=documents&channels%5B1%5D=files", '["documents","files"]' },
        { "project=spec&channels[a]=documents", '["documents"]' },
        { "project=spec&channels[]=foo&channels[]=bar.baz", '["foo","bar.baz"]' },
        { "project=spec&channels[]=a%2Fb%20%C3%A9%F0%9F%98%80", [=[["a\/b \u00e9\ud83d\ude00"]]=] },
        { "project=spec&channels[]=files&channels[]=files", '["files"]' },
        { "project=spec&channels[]=account", '["account"]' },
        { "&channels[]=documents", '["documents"]' },
        { "channels[]=documents", '["documents"]', { ["X-Appwrite-Project"] = "spec" } },
        { "project=spec&channels[]=documents", '["documents"]', { ["X-Appwrite-Project"] = "nope" } },
        { "project=spec&channels[]=documents", '["documents"]', { Origin = "http://game.example:8080" } },
        { "project=spec&channels[]=documents", '["documents"]',
          { ["X-Fallback-Cookies"] = '{"a_session_spec":"eyJpZCI6IngiLCJzZWNyZXQiOiJ5In0="}' } },
      }
      for _, row in ipairs(ROWS) do
        assert.equal(format('{"type":"connected","data":{"channels":%s,"user":null}}', row[2]),
          open(row[1], row[3]):text())
      end
    end)

    it("refuses with a message and then ends without a word", function()
      local JWT = { ["X-Appwrite-JWT"] = "garbage" }
      local ROWS = {
        { "project=spec", 1008, "Missing channels" },
        { "project=spec&channels[]=account.somebody", 1008, "Missing channels" },
        { "project=spec&channels=documents", 0, [[Appwrite\\Messaging\\Adapter\\Realtime::convertChannels(): ]]
          .. "Argument #1 ($channels) must be of type array, string given" },
        { "project=nope&channels[]=documents", 1008, "Missing or unknown project ID" },
        { "project=spec&channels[]=documents", 1008, EVIL, { Origin = "http://evil.example" } },
        { "project=spec&channels[]=documents", 401, "Failed to verify JWT. Invalid token: Incomplete segments", JWT },
      }
      for _, row in ipairs(ROWS) do
        local socket = open(row[1], row[4])
        assert.equal(errorText(row[2], row[3]), socket:text())
        socket:ends()
      end
    end)

    it("knows the user by any header of the handshake", function()
      local session, user = newUser()
      local value = cjson.decode(session).a_session_spec
      local jwt = expect(201, call("POST", "/account/jwt", { session = session })).jwt
      local ROWS = {
        { ["X-Fallback-Cookies"] = session }, { Cookie = "a_session_spec=" .. value },
        { Cookie = "a_session_spec_legacy=" .. value }, { ["X-Appwrite-Session"] = value },
        { ["X-Appwrite-JWT"] = jwt },
      }
      local account = call("GET", "/account", { session = session })
      for _, headers in ipairs(ROWS) do
        local socket = open("project=spec&channels[]=account.somebody&channels[]=files&channels[]=account", headers)
        assert.equal(format('{"type":"connected","data":{"channels":["files","account","account.%s"],"user":%s}}',
          user["$id"], account.body), socket:text())
      end
    end)

    for _, way in ipairs { "send", "sendBinary" } do
      it("lets a guest become a user by a message: " .. way, function()
        local session, user = newUser()
        local socket = open "project=spec&channels[]=account&channels[]=files"
        socket:text()
        for _ = 1, 2 do
          socket[way](socket, format('{"type":"authentication","data":{"session":"%s"}}',
            cjson.decode(session).a_session_spec))
          assert.equal('{"type":"response","data":{"to":"authentication","success":true,"user":'
            .. call("GET", "/account", { session = session }).body .. "}}", socket:text())
        end
        expect(200, call("PATCH", "/account/name", { session = session, body = '{"name":"N"}' }))
        assert.same({ "account", "account." .. user["$id"] }, socket:event().channels)
      end)
    end

    it("answers messages that it cannot use, and goes on", function()
      local FORMAT = errorText(1003, "Message format is not valid.")
      local TYPE = errorText(1003, "Message type is not valid.")
      local SESSION = errorText(1003, "Session is not valid.")
      local ROWS = {
        { "not json", FORMAT }, { "{}", FORMAT }, { "[]", FORMAT }, { "[1]", FORMAT }, { "null", FORMAT },
        { '{"other":1}', FORMAT }, { "\255", FORMAT }, { '{"type":"nope"}', TYPE }, { '{"type":"ping"}', TYPE },
        { '{"type":"ping","data":{}}', TYPE }, { '{"type":"subscribe","data":{"channels":["files"]}}', TYPE },
        { '{"type":5}', TYPE }, { '{"data":{"session":"x"}}', TYPE }, { "5", errorText(0, PHP:format "int") },
        { '""', errorText(0, PHP:format "string") }, { "1.5", errorText(0, PHP:format "float") },
        { "true", errorText(0, PHP:format "bool") },
        { '{"type":"authentication"}', errorText(0, PHP:format "null") },
        { '{"type":"authentication","data":"x"}', errorText(0, PHP:format "string") },
        { '{"type":"authentication","data":{}}', errorText(1003, "Payload is not valid.") },
        { '{"type":"authentication","data":{"session":"garbage"}}', SESSION },
        { '{"type":"authentication","data":{"session":"eyJpZCI6IjZiMDQ2ZTY1"}}', SESSION },
        { '{"type":"authentication","data":{"session":5}}', SESSION },
        { (" "):rep(MAX_MESSAGE), FORMAT },
      }
      local socket = open "project=spec&channels[]=documents"
      socket:text()
      for _, row in ipairs(ROWS) do
        socket:send(row[1])
        assert.equal(row[2], socket:text())
      end
      socket:ping "still there"
    end)

    it("puts fragments together, with a ping in between", function()
      local socket = open "project=spec&channels[]=documents"
      socket:text()
      socket:frame { opcode = TEXT, data = '{"type":', MASK = true }
      socket:frame { opcode = CONTINUATION, data = '"n', MASK = true }
      socket:ping ""
      socket:frame { opcode = CONTINUATION, data = 'ope"}', FIN = true, MASK = true }
      assert.equal(errorText(1003, "Message type is not valid."), socket:text())
    end)

    it("sends a close frame back as it came", function()
      for _, payload in ipairs { "", "\3\232", "\3\232bye" } do
        local socket = open "project=spec&channels[]=documents"
        socket:text()
        socket:close(payload)
      end
    end)

    it("ends a connection that breaks the protocol or sends too much at once", function()
      local ROWS = {
        { { opcode = TEXT, data = "{}", FIN = true } }, -- without a mask
        { { opcode = CONTINUATION, data = "{}", FIN = true, MASK = true } }, -- of nothing
        { { opcode = TEXT, data = "{", MASK = true }, { opcode = TEXT, data = "}", FIN = true, MASK = true } },
        { { opcode = TEXT, data = "{}", FIN = true, MASK = true, RSV1 = true } },
        { { opcode = 0x3, data = "{}", FIN = true, MASK = true } },
        { { opcode = TEXT, data = (" "):rep(MAX_MESSAGE + 1), FIN = true, MASK = true } },
        { { opcode = TEXT, data = (" "):rep(MAX_MESSAGE), MASK = true },
          { opcode = CONTINUATION, data = " ", MASK = true } },
      }
      for _, frames in ipairs(ROWS) do
        local socket = open "project=spec&channels[]=documents"
        socket:text()
        for _, frame in ipairs(frames) do
          socket:frame(frame)
        end
        socket:ends()
      end
    end)

    it("meets faults on demand, and ends all connections when asked to", function()
      local query = "project=spec&channels[]=documents"
      local answer = call("GET", "/realtime?" .. query, { headers = { ["X-Sandbox-Fault"] = "status=503" } })
      assert.equal(503, answer.status)
      t.refused(call("GET", "/realtime?" .. query, { headers = { ["X-Sandbox-Fault"] = "fly=1" } }), 400,
        "general_argument_invalid")
      local dropped = open(query, { ["X-Sandbox-Fault"] = "drop=after" })
      assert.matches("connected", dropped:text())
      dropped:ends()
      local socket = open(query)
      assert.matches("connected", socket:text())
      local url = t.server.endpoint:gsub("/v1$", "/sandbox/connections")
      local _, status = http.request { url = url, method = "DELETE" }
      assert.equal(204, status)
      socket:ends()
    end)

    it("tells a plain request that it wants a WebSocket", function()
      local answer = call("GET", "/realtime?project=spec&channels[]=documents")
      assert.equal(400, answer.status)
      assert.equal("The sandbox's realtime speaks WebSocket only.\n", answer.body)
    end)
  end)
end
