-- What becomes of clients, calls, subscriptions and files when the program forks, in the child and in its parent.

local appwrite = require "appwrite"
local core = require "appwrite.core"
local curl = require "appwrite.transport.curl"
local forking = require "spec.support.forking"
local process = require "spec.support.process"
local recorder = require "spec.support.recorder"
local sandbox = require "spec.support.sandbox"
local scheduler = require "appwrite.scheduler"

local PATIENCE = 20 -- seconds; nothing takes as long unless it hangs

local ADA = { headers = { ["content-type"] = "application/json" }, body = '{"name":"Ada"}' }
local HELD = { headers = ADA.headers, body = ADA.body, hold = true }

local function untilTrue(what, test)
  local deadline = scheduler.now() + PATIENCE
  while not test() do
    assert(scheduler.now() < deadline, what)
    appwrite.poll(0.01)
  end
end

for _, tls in ipairs { false, true } do
  describe("A program that forks, over " .. (tls and "TLS and HTTP/2" or "plain HTTP"), function()
    local server, client

    setup(function()
      server = recorder.start { tls = tls }
    end)

    teardown(function()
      server:stop()
    end)

    before_each(function()
      server:clear()
      server:reply(ADA)
      client = appwrite.new { endpoint = server.endpoint, project = "p", caFile = server.caFile or nil, retry = false }
    end)

    local function ask(path)
      assert.equal("Ada", assert(client:call { method = "GET", path = path or "/account" }).name)
    end

    -- By path: the connection that it came over. Each comes once.
    local function connections()
      local found = {}
      for _, request in ipairs(server:requests()) do
        assert.is_nil(found[request.path], request.path)
        found[request.path] = request.connection
      end
      return found
    end

    it("has a connection of its own in each process, and keeps the parent's", function()
      ask "/before"
      forking.child(function()
        ask "/child"
        ask "/child/again"
        client = nil
        collectgarbage()
        collectgarbage()
      end)()
      ask "/after"
      local found = connections()
      assert.equal(found["/v1/before"], found["/v1/after"])
      assert.not_equal(found["/v1/before"], found["/v1/child"])
      assert.equal(found["/v1/child"], found["/v1/child/again"])
    end)

    it("serves many children at once", function()
      ask "/before"
      local joins = {}
      for index = 1, 5 do
        joins[index] = forking.child(function()
          for call = 1, 5 do
            ask(("/%d/%d"):format(index, call))
          end
        end)
      end
      ask "/after"
      for _, join in ipairs(joins) do
        join()
      end
      local found = connections()
      local seen = { [found["/v1/before"]] = true }
      for index = 1, 5 do
        local one = found[("/v1/%d/1"):format(index)]
        assert.is_nil(seen[one])
        seen[one] = true
        for call = 2, 5 do
          assert.equal(one, found[("/v1/%d/%d"):format(index, call)])
        end
      end
      assert.equal(found["/v1/before"], found["/v1/after"])
    end)

    describe("with a call under way", function()
      local task

      -- The child's copy of the task, once it has ended.
      local function ending()
        local user, err = task:await(PATIENCE)
        assert.is_nil(user)
        return err
      end

      local CHILDREN = {
        {
          "tells the child's task why it has ended",
          function()
            local err = ending()
            assert.equal("cancelled", err.kind)
            assert.truthy(err.message:find("forked", 1, true), err.message)
            assert.is_false(err.retryable)
            assert.equal(1, err.attempts)
          end,
        },
        { "lets the child make another call", function() ask "/child" end, 1 },
        {
          "lets the child cancel its copy",
          function()
            assert.is_true(task:cancel())
            assert.equal("cancelled", ending().kind)
            assert.same(0, curl.stats().transfers)
            ask "/child"
          end,
          1,
        },
        {
          "lets the child only poll",
          function()
            untilTrue("the task never ends", function() return task.status ~= "running" end)
            assert.equal(0, appwrite.poll())
          end,
        },
      }

      for _, case in ipairs(CHILDREN) do
        it(case[1] .. ", and brings the parent its answer", function()
          ask "/before"
          server:reply(HELD, ADA)
          task = appwrite.spawn(function()
            return client:call { method = "GET", path = "/held" }
          end)
          untilTrue("the call never arrives", function() return #server:requests() == 2 end)
          forking.child(case[2])()
          server:release()
          local descriptor = curl.fds()[1]
          assert.is_true(core.await(descriptor.fd, PATIENCE)) -- else libcurl would find it later, by its timer
          local user, err = task:await(PATIENCE)
          assert.equal("Ada", user and user.name, tostring(err))
          ask "/after"
          local found = connections()
          assert.equal(found["/v1/held"], found["/v1/after"])
          assert.equal(found["/v1/before"], found["/v1/after"])
          assert.not_equal(found["/v1/child"], found["/v1/after"])
          assert.equal(3 + (case[3] or 0), #server:requests())
        end)
      end
    end)

    it("ends the child's calls that wait for their turn", function()
      local limited = appwrite.new {
        endpoint = server.endpoint, project = "p", caFile = server.caFile or nil,
        retry = { attempts = 3, base = 0.001 }, maxConnections = 1,
      }
      server:reply(HELD)
      local list = {}
      for index = 1, 3 do
        list[index] = appwrite.spawn(function()
          return limited:call { method = "GET", path = "/" .. index }
        end)
      end
      untilTrue("no call arrives", function() return #server:requests() >= 1 end)
      forking.child(function()
        for _, one in ipairs(list) do
          local _, err = one:await(PATIENCE)
          assert.equal("cancelled", err and err.kind)
        end
      end)()
      server:reply(ADA)
      server:release()
      for _, one in ipairs(list) do
        assert.equal("Ada", one:await(PATIENCE).name)
      end
      assert.equal(3, #server:requests())
      appwrite.new { endpoint = server.endpoint, project = "p", maxConnections = 6 } -- as it is by default
    end)

    it("may fork before its first call, and from a child again", function()
      forking.child(function()
        ask "/child"
        forking.child(function() ask "/grandchild" end)()
        ask "/child/again"
      end)()
      ask "/parent"
      local found = connections()
      assert.equal(found["/v1/child"], found["/v1/child/again"])
      assert.not_equal(found["/v1/child"], found["/v1/grandchild"])
      assert.not_equal(found["/v1/child"], found["/v1/parent"])
    end)
  end)
end

describe("A program that forks", function()
  local server, directory

  setup(function()
    server = sandbox.start()
    directory = process.directory()
  end)

  teardown(function()
    server.stop()
    process.removeDirectory(directory)
  end)

  local function read(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read "*a"
    file:close()
    return text
  end

  it("keeps the session whole that parent and child both save", function()
    local path = directory .. "/session"
    local client = appwrite.new { endpoint = server.endpoint, project = server.project, store = path }
    client:set("session", "before")
    local join = forking.child(function()
      for round = 1, 200 do
        client:set("session", "child" .. round)
      end
    end)
    for round = 1, 200 do
      client:set("session", "parent" .. round)
    end
    join()
    local text = read(path)
    assert.is_true(text:find("\nsession parent200\n", 1, true) ~= nil or text:find("\nsession child200\n", 1, true) ~= nil, text)
    assert.truthy(text:find "\nend\n$")
    local another = appwrite.new { endpoint = server.endpoint, project = server.project, store = path }
    assert.is_true(another:has "session")
  end)

  it("goes on with the parent's subscription, and gives the child's a connection of its own", function()
    local client = appwrite.new { endpoint = server.endpoint, project = server.project }
    assert(client.account.createAnonymousSession())
    local opened, lost, events = 0, nil, 0
    local sub = client.realtime:subscribe(appwrite.Channel.documents("main", "scores"), {
      onOpen = function() opened = opened + 1 end,
      onClose = function(err) lost = err end,
      callback = function() events = events + 1 end,
    })
    local function create()
      assert(client.databases.createDocument {
        databaseId = "main", collectionId = "scores", documentId = appwrite.ID.unique(),
        data = { player = "ada", level = 3, points = 1200 },
      })
    end
    untilTrue("it never opens", function() return opened == 1 end)
    forking.child(function()
      untilTrue("it is not lost", function() return lost ~= nil end)
      assert.truthy(lost.message:find("forked", 1, true), tostring(lost))
      untilTrue("it never opens again", function() return opened == 2 end)
      create()
      untilTrue("no event comes", function() return events == 1 end)
      sub:close()
      appwrite.run()
    end)()
    untilTrue("the child's event never comes", function() return events == 1 end)
    create()
    untilTrue("no event comes", function() return events == 2 end)
    assert.is_nil(lost)
    assert.equal(1, opened)
    sub:close()
    appwrite.run()
  end)

  it("loses nothing of what the parent sends and fetches when the child ends", function()
    local output, status = process.run("( " .. process.unfreed(process.luaCommand "spec/support/fork_transfers.lua") .. " "
      .. table.concat({ server.endpoint, server.project, directory }, " ") .. " )")
    assert.equal("sent and fetched\n", output)
    assert.equal(0, status)
  end)
end)
