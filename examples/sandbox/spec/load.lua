-- luacheck: std max+busted
--- The sandbox under load: nothing is lost or doubled, and memory stays. spec/bench/sandbox_load.lua takes longer.

local loads = dofile "spec/bench/sandbox_load.lua"

local format = string.format

local MIB = 1024 -- KiB
local HEARD = "movies%.documents%.(s%d+%.%a+)"
local MOVIES = "/databases/main/collections/movies/documents"

---@param t sandbox.SpecClient
return function(t)
  describe("under load", function()
    local sockets, session

    setup(function()
      sockets, session = t.websockets.start(), (t.newUser())
    end)

    teardown(function()
      sockets:stop()
    end)

    it("every event comes to each of 100 connections, once and in order", function()
      loads.events(t.server, sockets, 100, 200)
    end)

    it("50 clients at once lose nothing, and memory stays", function()
      loads.http(t.server, 50, 1)
      local before = loads.memory(t.server)
      assert.is_true(loads.http(t.server, 50, 2) > 50 * 20)
      local growth = loads.memory(t.server) - before
      assert.is_true(growth < 8 * MIB, growth .. " KiB more")
    end)

    it("who does not read is disconnected, and others are not held up", function()
      local WRITES = 90 -- and as many deletions: 11 MiB of events, more than a connection and its sockets hold
      local query = "project=spec&channels[]=documents"
      local idle, reader = sockets:open(t.server, query), sockets:open(t.server, query)
      assert.matches("connected", reader:text())
      sockets:collect({ reader }, HEARD, 2 * WRITES, 60)
      local tags = {}
      for index = 1, 1000 do
        tags[index] = format('"%s"', ("t"):rep(60))
      end
      local body = format('{"documentId":"s%%d","data":{"title":"x","tags":[%s]}}', table.concat(tags, ","))
      for number = 1, WRITES do
        t.expect(201, t.call("POST", MOVIES, { session = session, body = format(body, number) }))
        assert.equal(204, t.call("DELETE", format("%s/s%d", MOVIES, number), { session = session }).status)
      end
      local expected = {}
      for number = 1, WRITES do
        expected[#expected + 1] = format("s%d.create", number)
        expected[#expected + 1] = format("s%d.delete", number)
      end
      assert.same(expected, sockets:collected()[1])
      sockets:collect({ idle }, HEARD, 2 * WRITES, 60)
      local heard = sockets:collected()[1]
      assert.equal("the connection ended", table.remove(heard))
      assert.matches("connected", table.remove(heard, 1))
      for index, event in ipairs(heard) do
        assert.equal(expected[index], event)
      end
    end)
  end)
end
