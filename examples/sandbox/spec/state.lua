-- luacheck: std max+busted
--- The state file: what is kept across runs.

local cjson = require "cjson"
local sandbox = require "spec.support.sandbox"

local format = string.format

---@param t sandbox.SpecClient
return function(t)
  local call, expect, refused = t.call, t.expect, t.refused
  local quote, shell = sandbox.quote, sandbox.shell
  local script = quote(sandbox.SCRIPT)

  local base, stateFile

  local function read(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read "*a"
    file:close()
    return text
  end

  local function write(path, text)
    local file = assert(io.open(path, "wb"))
    file:write(text)
    file:close()
  end

  local PROJECT = [[return {
    id = "kept",
    databases = { { id = "main", collections = { { id = "things", permissions = { 'create("users")' },
      documentSecurity = true, attributes = { { key = "name", type = "string" }, { key = "many", type = "integer",
      array = true }, { key = "part", type = "float" }, %s } }, %s } } },
    buckets = { { id = "files", permissions = { 'create("users")' }, fileSecurity = true } },
    functions = { { id = "sleeper", handler = function() ngx.sleep(60) end, timeout = 60 } },
    users = { { id = "first", email = "first@example.com", password = "password123" }, %s },
  }]]

  -- Start with the state file and what is in the holes of the start-up file.
  local function start(...)
    write(base .. "/project.lua", format(PROJECT, ...))
    local output, status = shell(format("%s start --dir %s/run --project %s/project.lua --state %s", script, base, base,
      quote(stateFile)))
    assert.equal(0, status, output)
    t.server = { endpoint = output:match "^(http://%S+)", project = "kept" }
  end

  local function stop()
    return shell(format("%s stop --dir %s/run", script, base))
  end

  local function login(email)
    return call("POST", "/account/sessions/email", { body = format('{"email":"%s","password":"password123"}', email) })
  end

  local function things(session)
    return call("GET", "/databases/main/collections/things/documents", { session = session })
  end

  local function dump()
    local server = { endpoint = t.server.endpoint:gsub("/v1$", "/sandbox"), project = "" }
    return call("POST", "/dump", { body = "{}", server = server })
  end

  describe("a state file", function()
    before_each(function()
      base = shell "mktemp -d":match "%S+"
      stateFile = base .. "/a state"
    end)

    after_each(function()
      shell(format("%s stop --dir %s/run; rm -rf %s", script, base, base))
    end)

    it("keeps users, sessions, documents, files, teams and executions across runs", function()
      start("", "", "")
      local session, user = t.newUser()
      expect(200, call("PATCH", "/account/prefs", { session = session, body = '{"prefs":{"big":9007199254740993,'
        .. '"nested":{"empty":{},"list":[1,2.5,null]},"text":"\\u0000\\u00fc"}}' }))
      local jwt = expect(201, call("POST", "/account/jwt", { session = session, body = "{}" })).jwt
      expect(201, t.create(session, "things",
        '{"documentId":"one","data":{"name":"n","many":[9223372036854775807,-5],"part":0.1}}'))
      expect(201, t.create(session, "things", '{"documentId":"two","data":{"part":8.0}}'))
      local bytes = ("\0\1\255 and text\n"):rep(1000)
      expect(201, t.upload(session, "files", "blob", "blob.bin", bytes))
      expect(201, t.upload(session, "files", "half", "half.bin", ("a"):rep(100), { range = "bytes 0-99/150" }))
      expect(201, call("POST", "/teams", { session = session, body = '{"teamId":"team","name":"Team"}' }))
      local execution = expect(202, call("POST", "/functions/sleeper/executions", { session = session,
        body = '{"async":true}' }))
      local before = {
        call("GET", "/account", { session = session }).body, things(session).body,
        call("GET", "/storage/buckets/files/files", { session = session }).body,
        call("GET", "/teams", { session = session }).body,
        call("GET", "/account/sessions", { session = session }).body,
      }
      assert.same({ "", 0 }, { stop() })

      start("", "", "")
      assert.same(before, {
        call("GET", "/account", { session = session }).body, things(session).body,
        call("GET", "/storage/buckets/files/files", { session = session }).body,
        call("GET", "/teams", { session = session }).body, call("GET", "/account/sessions", { session = session }).body,
      })
      assert.equal(user["$id"], expect(200, call("GET", "/account", { headers = { ["x-appwrite-jwt"] = jwt } }))["$id"])
      assert.is_true(bytes == call("GET", "/storage/buckets/files/files/blob/download", { session = session }).body)
      expect(201, login(user.email))
      -- What was under way goes on where it was, or has failed.
      local rest = t.upload(session, "files", "half", "half.bin", ("b"):rep(50), { range = "bytes 100-149/150",
        id = "half" })
      assert.equal(2, expect(201, rest).chunksUploaded)
      assert.equal(("a"):rep(100) .. ("b"):rep(50),
        call("GET", "/storage/buckets/files/files/half/download", { session = session }).body)
      assert.equal("failed", expect(200, call("GET", "/functions/sleeper/executions/" .. execution["$id"],
        { session = session })).status)
      -- New things come behind the old ones.
      expect(201, t.create(session, "things", '{"documentId":"three","data":{"part":1}}'))
      local list = expect(200, things(session))
      assert.same({ 3, "one", "three" }, { list.total, list.documents[1]["$id"], list.documents[3]["$id"] })
      refused(t.create(session, "things", '{"documentId":"one","data":{"part":1}}'), 409, "document_already_exists")
    end)

    it("holds no password and no session, and is its owner's alone", function()
      start("", "", "")
      local session = t.newUser()
      expect(201, dump())
      local text = read(stateFile)
      assert.is_nil(text:find("password123", 1, true))
      local fallback = cjson.decode(session)["a_session_kept"]
      local secret = require "mime".unb64(fallback):match '"secret":"(%x+)"'
      assert.equal(256, #secret)
      assert.is_nil(text:find(secret, 1, true))
      assert.equal("600", shell(format("stat -c %%a %s", quote(stateFile))):match "%d+")
    end)

    it("is written on demand, whole or not at all", function()
      start("", "", "")
      assert.is_nil(io.open(stateFile))
      local answer = expect(201, dump())
      local first = read(stateFile)
      assert.same({ stateFile, #first }, { answer.file, answer.bytes })
      t.newUser()
      shell(format("mkdir %s", quote(stateFile .. ".new"))) -- in the way of the new file
      local failure = dump()
      refused(failure, 500, "sandbox_state_unwritable")
      assert.matches("cannot create .*a state.new: Is a directory", failure.json.message)
      assert.is_true(first == read(stateFile))
      shell(format("rmdir %s", quote(stateFile .. ".new")))
      assert.is_true(expect(201, dump()).bytes > #first)
      assert.equal("a state\nproject.lua\nrun\n", (shell("ls " .. base)))
    end)

    it("follows the start-up file in what there is", function()
      local attributes = "attributes = { { key = 'part', type = 'float' } }"
      start("", "{ id = 'gone', permissions = { 'create(\"users\")' }, " .. attributes .. " }",
        "{ id = 'second', email = 'second@example.com', password = 'password123' }")
      local session = t.newUser()
      expect(201, t.create(session, "things", '{"documentId":"old","data":{"name":"n"}}'))
      expect(201, t.create(session, "gone", '{"documentId":"lost","data":{"part":1}}'))
      local first = login("first@example.com").headers["x-fallback-cookies"]
      expect(200, call("PATCH", "/account/password", { session = first,
        body = '{"password":"another one","oldPassword":"password123"}' }))
      assert.same({ "", 0 }, { stop() })

      start("{ key = 'added', type = 'string', default = 'new' }",
        "{ id = 'fresh', permissions = {}, attributes = {} }",
        "{ id = 'third', email = 'third@example.com', password = 'password123' }")
      assert.same({ 401, 201, 201 }, {
        login("first@example.com").status, login("second@example.com").status, login("third@example.com").status,
      })
      expect(201, t.create(session, "things", '{"documentId":"young","data":{"part":1}}'))
      assert.equal("new", expect(200, things(session)).documents[2].added)
      refused(t.create(session, "gone", '{"documentId":"x","data":{"part":1}}'), 404, "collection_not_found")
      assert.matches("the start%-up file has no kept.databases.main.collections.gone any more",
        read(base .. "/run/error.log"))
    end)

    it("is written by run as well, and a failure at the end is told", function()
      local output, status = shell(format("%s run --state %s -- true", script, quote(stateFile)))
      assert.same({ "", 0 }, { output, status })
      assert.equal("sandbox-state 1\n", read(stateFile):sub(1, 16))
      output, status = shell(format("%s run --state %s -- sh -c 'rm -f \"$1\" && mkdir \"$1\"; exit 3' - %s", script,
        quote(stateFile), quote(stateFile)))
      assert.equal(3, status)
      assert.matches("sandbox: the state is lost: cannot replace .*a state: Is a directory", output)
      shell(format("rmdir %s", quote(stateFile)))
      start("", "", "")
      shell(format("mkdir %s", quote(stateFile .. ".new")))
      output, status = stop()
      assert.equal(1, status)
      assert.matches("sandbox: the state is lost: cannot create .*a state.new: Is a directory", output)
    end)

    it("that is wrong ends the start", function()
      start("", "", "")
      assert.same({ "", 0 }, { stop() })
      local good = read(stateFile)
      local command = format("%s start --dir %s/run --project %s/project.lua --state ", script, base, base)
      local ROWS = {
        { "", "not a state file of this sandbox" }, { "something else", "not a state file of this sandbox" },
        { good:sub(1, -2), "broken at byte" }, { good .. "T", "broken at byte" },
        { good:gsub("^(sandbox%-state 1\nt%d+:)s", "%1x"), "broken at byte" },
      }
      for _, row in ipairs(ROWS) do
        write(stateFile, row[1])
        local output, status = shell(command .. quote(stateFile))
        assert.equal(1, status)
        assert.matches("state file .*a state: " .. row[2], output)
        assert.equal(row[1], read(stateFile))
      end
      for _, row in ipairs {
        { base .. "/none/state", "the directory of the state file .* is missing or not writable" },
        { base, "the state file .* is a directory" },
      } do
        local output, status = shell(command .. quote(row[1]))
        assert.equal(1, status)
        assert.matches(row[2], output)
      end
      assert.matches("needs a file", (shell(command .. "''")))
    end)
  end)
end
