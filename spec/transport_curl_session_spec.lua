--- What the C core's sessions send and keep: headers, credentials, cookies.

local curl = require "appwrite.transport.curl"
local drive = require "spec.support.drive"
local recorder = require "spec.support.recorder"

local fetch, finish, open, start, timed = drive.fetch, drive.finish, drive.open, drive.start, drive.timed

describe("a session of appwrite.transport.curl", function()
  local server

  setup(function()
    server = recorder.start()
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    server:clear()
  end)

  describe("headers", function()
    it("are the ones Appwrite asks for, and no others", function()
      fetch(open(server.endpoint, { key = "k", jwt = "j", session = "s", locale = "pt-br", userAgent = "Game/2" }))
      local headers = server:last().headers
      assert.equal("p", headers["x-appwrite-project"])
      assert.equal("k", headers["x-appwrite-key"])
      assert.equal("j", headers["x-appwrite-jwt"])
      assert.equal("s", headers["x-appwrite-session"])
      assert.equal("pt-br", headers["x-appwrite-locale"])
      assert.equal("1.5.0", headers["x-appwrite-response-format"])
      assert.equal("lua", headers["x-sdk-language"])
      for _, name in ipairs { "x-sdk-name", "x-sdk-platform", "x-sdk-version" } do
        assert.truthy(headers[name], name)
      end
      assert.truthy(headers["user-agent"]:find "^AppwriteLuaSDK/%d+%.%d+%.%d+ %(.*%) Game/2$")
      for _, name in ipairs { "origin", "referer", "cookie", "x-fallback-cookies", "content-type", "expect" } do
        assert.is_nil(headers[name], name)
      end
    end)

    it("of a client go with each request, those of a request with it alone, and win", function()
      local session = open(server.endpoint, { headers = { ["X-A"] = "client", ["X-B"] = "client" } })
      fetch(session, { headers = { ["x-a"] = "call", ["X-Empty"] = "" } })
      assert.equal("call", server:last().headers["x-a"])
      assert.equal("client", server:last().headers["x-b"])
      assert.equal("", server:last().headers["x-empty"])
      fetch(session:fork {})
      assert.equal("client", server:last().headers["x-a"])
      assert.is_nil(server:last().headers["x-empty"])
      fetch(session:fork { headers = { ["x-c"] = "fork" } })
      assert.is_nil(server:last().headers["x-a"])
      assert.equal("fork", server:last().headers["x-c"])
    end)

    it("with a large body wait for nobody's leave", function()
      local elapsed = timed(fetch, open(server.endpoint), { method = "POST", body = ("x"):rep(3 * 1024 * 1024) })
      assert.is_nil(server:last().headers.expect)
      assert.is_true(elapsed < 0.9, "took " .. elapsed)
    end)

    it("that come twice are joined", function()
      server:reply { headers = { ["X-Twice"] = { "a", "b" } } }
      local handle = start(open(server.endpoint))
      finish(handle)
      assert.equal("a, b", handle:headers()["x-twice"])
    end)

    for name, headers in pairs {
      ["CR LF"] = { a = "b\r\nx-evil: 1" },
      LF = { a = "b\nx-evil: 1" },
      CR = { a = "b\rx-evil: 1" },
      NUL = { a = "b\0c" },
      ["LF in a name"] = { ["a\nx-evil"] = "1" },
      ["colon in a name"] = { ["a: b"] = "1" },
      ["no name"] = { [""] = "1" },
    } do
      it("are refused with " .. name, function()
        local session = open(server.endpoint)
        local handle, kind = session:start { method = "GET", target = "/x", headers = headers }
        assert.is_nil(handle)
        assert.equal("argument", kind)
        local made, message = curl.open { endpoint = server.endpoint, project = "p", headers = headers }
        assert.is_nil(made)
        assert.is_string(message)
        made, message = session:fork { headers = headers }
        assert.is_nil(made)
        assert.is_string(message)
        assert.same({}, server:requests())
      end)
    end
  end)

  describe("credentials", function()
    local NAMES = { key = "x-appwrite-key", jwt = "x-appwrite-jwt", session = "x-appwrite-session",
      locale = "x-appwrite-locale", project = "x-appwrite-project" }

    it("are set, asked for and forgotten one by one", function()
      local session = open(server.endpoint)
      for name, header in pairs(NAMES) do
        assert.is_true(session:set(name, "hunter2-" .. name))
        assert.is_true(session:has(name))
        fetch(session)
        assert.equal("hunter2-" .. name, server:last().headers[header])
        assert.is_true(session:set(name, nil))
        assert.is_false(session:has(name))
        fetch(session)
        assert.is_nil(server:last().headers[header])
      end
    end)

    it("are forgotten together when the user goes; the program's stay", function()
      local session = open(server.endpoint, { key = "k", jwt = "j", session = "s", locale = "de" })
      server:reply { headers = { ["set-cookie"] = "a=1; path=/", ["x-fallback-cookies"] = '{"a":"1"}' } }
      fetch(session)
      assert.is_true(session:has "cookies")
      session:clear()
      for name, expected in pairs { key = true, locale = true, project = true, jwt = false, session = false,
        cookies = false } do
        assert.equal(expected, session:has(name), name)
      end
      fetch(session)
      for _, name in ipairs { "x-appwrite-jwt", "x-appwrite-session", "cookie", "x-fallback-cookies" } do
        assert.is_nil(server:last().headers[name], name)
      end
      assert.equal("k", server:last().headers["x-appwrite-key"])
    end)

    it("that would end a header are refused without being shown", function()
      local session = open(server.endpoint, { session = "good" })
      for _, value in ipairs { "hunter2\r\nx: y", "hunter2\n", "hunter2\r", "hunter2\0" } do
        for _, name in ipairs { "key", "jwt", "session", "locale", "project" } do
          local done, message = session:set(name, value)
          assert.is_nil(done)
          assert.is_nil(message:find("hunter2", 1, true))
        end
        local made, message = session:fork { session = value }
        assert.is_nil(made)
        assert.is_nil(message:find("hunter2", 1, true))
        made, message = curl.open { endpoint = server.endpoint, project = "p", key = value }
        assert.is_nil(made)
        assert.is_nil(message:find("hunter2", 1, true))
      end
      fetch(session)
      assert.equal("good", server:last().headers["x-appwrite-session"])
    end)

    it("by another name are nothing", function()
      local session = open(server.endpoint)
      assert.has_error(function() session:set("password", "hunter2") end)
      assert.has_error(function() session:has "password" end)
    end)

    it("of a fork are its own", function()
      local session = open(server.endpoint, { key = "k", jwt = "j", session = "s", locale = "de" })
      server:reply { headers = { ["set-cookie"] = "a=1; path=/", ["x-fallback-cookies"] = '{"a":"1"}' } }
      fetch(session)
      local fork = assert(session:fork { session = "t" })
      assert.is_false(fork:has "cookies")
      server:reply { headers = {} }
      fetch(fork)
      local headers = server:last().headers
      assert.equal("t", headers["x-appwrite-session"])
      assert.equal("de", headers["x-appwrite-locale"])
      assert.equal("p", headers["x-appwrite-project"])
      for _, name in ipairs { "x-appwrite-key", "x-appwrite-jwt", "cookie", "x-fallback-cookies" } do
        assert.is_nil(headers[name], name)
      end
      server:reply { headers = { ["set-cookie"] = "b=2; path=/" } }
      fetch(fork)
      fork:clear()
      fetch(session)
      headers = server:last().headers
      assert.equal("s", headers["x-appwrite-session"])
      assert.equal("a=1", headers.cookie)
      assert.equal("q", session:fork({ project = "q" }):project())
    end)

    it("are not shown", function()
      local session = open(server.endpoint, { key = "hunter2", jwt = "hunter2", session = "hunter2" })
      local handle = start(session)
      for _, object in ipairs { session, handle } do
        assert.is_nil(tostring(object):find("hunter2", 1, true))
      end
      finish(handle)
    end)
  end)

  describe("cookies", function()
    local function cookie(text)
      return { headers = { ["set-cookie"] = text } }
    end

    it("go back to the server that set them, from that client only", function()
      server:reply(cookie { "a=1; path=/; httponly", "b=2; path=/v1" })
      local session, other = open(server.endpoint), open(server.endpoint)
      assert.is_false(session:has "cookies")
      fetch(session)
      server:reply {}
      fetch(other)
      assert.is_nil(server:last().headers.cookie)
      fetch(session)
      local sent = server:last().headers.cookie
      assert.truthy(sent == "a=1; b=2" or sent == "b=2; a=1", sent)
      assert.is_true(session:has "cookies")
      assert.is_false(other:has "cookies")
    end)

    it("are not mixed up by the handles that requests share", function()
      local sessions = {}
      for index = 1, 4 do
        sessions[index] = open(server.endpoint)
        server:reply(cookie("n=" .. index .. "; path=/"))
        fetch(sessions[index])
      end
      server:reply {}
      for index = 4, 1, -1 do
        fetch(sessions[index])
        assert.equal("n=" .. index, server:last().headers.cookie)
      end
    end)

    it("can be taken back", function()
      server:reply(cookie "a=1; path=/", cookie "a=deleted; path=/; max-age=0", {})
      local session = open(server.endpoint)
      fetch(session)
      fetch(session)
      fetch(session)
      assert.is_nil(server:last().headers.cookie)
      assert.is_false(session:has "cookies")
    end)

    it("of the old session do not go with a login, and are gone after it", function()
      server:reply(cookie "a=1; path=/", { status = 201, headers = { ["set-cookie"] = "b=2; path=/" } }, {})
      local session = open(server.endpoint, { key = "k", session = "s", jwt = "j" })
      fetch(session)
      fetch(session, { method = "POST", body = "{}", auth = "login" })
      local headers = server:last().headers
      for _, name in ipairs { "x-appwrite-jwt", "x-appwrite-session", "cookie", "x-fallback-cookies" } do
        assert.is_nil(headers[name], name)
      end
      assert.equal("k", headers["x-appwrite-key"])
      assert.is_false(session:has "session")
      assert.is_false(session:has "jwt")
      fetch(session)
      assert.equal("b=2", server:last().headers.cookie)
    end)

    it("of the old session outlive a login that fails", function()
      server:reply(cookie "a=1; path=/", { status = 401, headers = { ["set-cookie"] = "b=2; path=/",
        ["x-fallback-cookies"] = '{"b":"2"}' } }, {})
      local session = open(server.endpoint, { session = "s" })
      fetch(session)
      assert.equal(401, (fetch(session, { method = "POST", body = "{}", auth = "login" })))
      fetch(session)
      local headers = server:last().headers
      assert.equal("a=1", headers.cookie)
      assert.equal("s", headers["x-appwrite-session"])
      assert.is_nil(headers["x-fallback-cookies"])
    end)

    it("go with no login of a client that had none", function()
      server:reply(cookie "a=1; path=/")
      fetch(open(server.endpoint), { method = "POST", body = "{}", auth = "login" })
      server:reply {}
      fetch(open(server.endpoint))
      assert.is_nil(server:last().headers.cookie)
    end)

    it("in X-Fallback-Cookies go back as they came", function()
      local text = '{"a_session_p":"eyJpZCI6IjEifQ=="}'
      server:reply({ status = 201, headers = { ["X-Fallback-Cookies"] = text } }, {})
      local session = open(server.endpoint)
      fetch(session, { method = "POST", body = "{}", auth = "login" })
      assert.is_true(session:has "cookies")
      fetch(session)
      assert.equal(text, server:last().headers["x-fallback-cookies"])
      fetch(session, { method = "POST", body = "{}", auth = "login" })
      assert.is_nil(server:last().headers["x-fallback-cookies"])
    end)

    it("in X-Fallback-Cookies of an error are not believed", function()
      local session = open(server.endpoint)
      for _, status in ipairs { 301, 400, 401, 500 } do
        server:reply { status = status, headers = { ["x-fallback-cookies"] = '{"a":"1"}' } }
        fetch(session)
        assert.is_false(session:has "cookies")
      end
    end)

    it("all go when the server says [] for them", function()
      server:reply({ headers = { ["x-fallback-cookies"] = '{"a":"1"}', ["set-cookie"] = "a=1; path=/" } },
        { status = 204, headers = { ["x-fallback-cookies"] = "[]" } }, {})
      local session = open(server.endpoint, { key = "k", session = "s", jwt = "j" })
      fetch(session)
      fetch(session, { method = "DELETE", body = "{}" })
      for name, expected in pairs { key = true, jwt = false, session = false, cookies = false } do
        assert.equal(expected, session:has(name), name)
      end
      fetch(session)
      local headers = server:last().headers
      for _, name in ipairs { "x-appwrite-jwt", "x-appwrite-session", "cookie", "x-fallback-cookies" } do
        assert.is_nil(headers[name], name)
      end
    end)
  end)
end)
