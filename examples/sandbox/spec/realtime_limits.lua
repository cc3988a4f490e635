-- luacheck: std max+busted
--- Realtime with rate limits. They count by the minute, and one may begin at any time: up to twice as many may pass.

local TOO_MANY_MESSAGES = '{"type":"error","data":{"code":1013,"message":"Too many messages."}}'
local TOO_MANY_CONNECTIONS = '{"type":"error","data":{"code":1013,"message":"Too many requests"}}'

---@param t sandbox.SpecClient
return function(t)
  describe("realtime with limits", function()
    local sockets

    setup(function()
      sockets = t.websockets.start()
    end)

    teardown(function()
      sockets:stop()
    end)

    it("takes 32 messages a minute on a connection, which stays", function()
      local socket = sockets:open(t.server, "project=strict&channels[]=documents")
      socket:text()
      local passed, answer = -1
      repeat
        passed = passed + 1
        socket:send "{}"
        answer = socket:text()
      until answer == TOO_MANY_MESSAGES or passed > 64
      assert.is_true(passed >= 32 and passed <= 64, tostring(passed))
      socket:ping "still there"
      local another = sockets:open(t.server, "project=strict&channels[]=documents")
      another:text()
      another:send "{}"
      assert.matches("Message format", another:text())
    end)

    it("takes 128 connections a minute from an address, however they end", function()
      local before, opened = 2, 0 -- those of the case above count too
      local socket, answer
      repeat
        socket = sockets:open(t.server, "project=strict&channels[]=documents", opened % 2 == 0 and {
          Origin = "http://evil.example" } or nil)
        answer = socket:text()
        opened = opened + 1
      until answer == TOO_MANY_CONNECTIONS or opened > 257
      assert.is_true(opened > 128 - before and opened <= 257, tostring(opened))
      socket:ends()
    end)
  end)
end
