local machine = require "appwrite.realtime.machine"
local rate = require "appwrite.realtime.rate"

local LOST = { kind = "network", message = "lost" }
local REFUSED = { kind = "api", code = 1008, message = "Missing channels" }

-- A machine with a clock of its own: `pass` lets seconds go by, with a tick whenever one is due, as the driver does.
local Bench = {}
Bench.__index = Bench

local function bench(given)
  given = given or {}
  local self = setmetatable({ now = 0, done = {} }, Bench)
  self.machine = machine.new {
    random = given.random or function() return 1 end, rate = given.rate or rate.new(), times = given.times,
  }
  return self
end

function Bench:collect()
  local action = self.machine:take()
  while action do
    local text = action[1]
    if type(action[2]) == "number" and text ~= "reconnected" then
      text = text .. " " .. action[2]
    end
    self.done[#self.done + 1] = text
    self.last = action
    self[action[1]] = action
    action = self.machine:take()
  end
end

function Bench:pass(seconds)
  local stop = self.now + seconds
  self.machine:tick(self.now)
  self:collect()
  local due = self.machine:due(self.now)
  while due and due <= stop do
    self.now = math.max(self.now, due)
    self.machine:tick(self.now)
    self:collect()
    due = self.machine:due(self.now)
    if due and due <= self.now and self.stuckAt == due then
      error("the machine is due again and again at " .. due)
    end
    self.stuckAt = due
  end
  self.now = stop
end

-- What was done since the last time.
function Bench:taken()
  self:collect()
  local done = self.done
  self.done = {}
  return done
end

function Bench:want(...)
  self.machine:want({ ... }, self.now)
end

function Bench:connected(id, isKnown, canProve)
  self.machine:opened(id, self.now)
  self.machine:connected(id, self.now, isKnown or false, canProve)
end

function Bench:closed(id, err)
  self.machine:closed(id, self.now, err or LOST)
end

-- With a connection, whose number is 1.
local function live(given)
  local self = bench(given)
  self:want "documents"
  self:pass(0.05)
  self:connected(1)
  self:taken()
  return self
end

describe("appwrite.realtime.machine", function()
  describe("connects", function()
    it("not at all where nobody wants anything", function()
      local one = bench()
      one:pass(1000)
      assert.same({}, one:taken())
      assert.equal("idle", one.machine:state())
      assert.is_nil(one.machine:due(one.now))
    end)

    it("50 ms after the last change of the list, once", function()
      local one = bench()
      one:want "a"
      one:pass(0.04)
      one:want("a", "b")
      one:pass(0.04)
      assert.same({}, one:taken())
      one:pass(0.02)
      assert.same({ "connect 1" }, one:taken())
      assert.same({ "a", "b" }, one.connect[3])
      assert.equal("connecting", one.machine:state())
      one:connected(1)
      assert.same({ "open" }, one:taken())
      assert.equal("live", one.machine:state())
    end)

    it("after half a second though the list goes on changing", function()
      local one = bench()
      for index = 1, 20 do
        one:want("a" .. index)
        one:pass(0.03)
      end
      assert.same("connect 1", one:taken()[1])
    end)

    it("not for a list that came back to what it was", function()
      local one = live()
      one:want("documents", "files")
      one:pass(0.02)
      one:want "documents"
      one:pass(10)
      assert.same({}, one:taken())
    end)

    it("in vain never for a list that has changed meanwhile", function()
      local one = bench()
      one:want "a"
      one:pass(0.05)
      one:want "b"
      one:pass(0.05)
      assert.same({ "connect 1", "cancel 1", "connect 2" }, one:taken())
    end)
  end)

  describe("with another list", function()
    it("keeps the old connection until the new one is there, and reads it to its end first", function()
      local one = live()
      one:want("documents", "files")
      one:pass(0.05)
      assert.same({ "connect 2" }, one:taken())
      assert.is_true(one.machine:overlaps())
      assert.is_true(one.machine:mayRead(1))
      one:connected(2)
      assert.same({ "close 1" }, one:taken())
      assert.is_true(one.machine:mayRead(1))
      assert.is_false(one.machine:mayRead(2))
      one:closed(1)
      assert.is_true(one.machine:mayRead(2))
      assert.is_false(one.machine:overlaps())
      assert.is_false(one.machine:knows(1))
      assert.same({}, one:taken())
    end)

    it("gives an old connection up that does not close", function()
      local one = live()
      one:want "files"
      one:pass(0.05)
      one:connected(2)
      one:pass(1.99)
      assert.same({ "connect 2", "close 1" }, one:taken())
      one:pass(0.02)
      assert.same({ "cancel 1" }, one:taken())
      assert.is_true(one.machine:mayRead(2))
    end)

    it("changes again only after that", function()
      local one = live()
      one:want "files"
      one:pass(0.05)
      one:connected(2)
      one:want "teams"
      one:pass(0.5)
      assert.same({ "connect 2", "close 1" }, one:taken())
      one:closed(1)
      one:pass(0)
      assert.same({ "connect 3" }, one:taken())
    end)

    it("goes on with the old connection where the new one fails, and tries again", function()
      local one = live()
      one:want "files"
      one:pass(0.05)
      one:closed(2)
      assert.same({ "connect 2", "failed" }, one:taken())
      assert.equal("live", one.machine:state())
      one:pass(2)
      assert.same({ "connect 3" }, one:taken())
    end)

    it("says what may be missed where the old one is lost before", function()
      local one = live()
      one:pass(1)
      one.machine:heard(1, 1)
      one:want "files"
      one:pass(0.05)
      one:closed(1)
      assert.same({ "connect 2", "lost" }, one:taken())
      assert.is_nil(one.lost[3])
      one:connected(2)
      assert.same({ "open", "reconnected" }, one:taken())
      assert.equal(1, one.reconnected[2])
    end)

    it("closes where nobody wants anything any more", function()
      local one = live()
      one:want()
      assert.same({ "close 1" }, one:taken())
      assert.equal("idle", one.machine:state())
      one:closed(1)
      one:pass(1000)
      assert.same({}, one:taken())
    end)

    it("gives up attempts, and what it had put off, where nobody wants anything any more", function()
      local one = bench()
      one:want "a"
      one:pass(0.05)
      one:want()
      one:pass(100)
      assert.same({ "connect 1", "cancel 1" }, one:taken())
      one:want "a"
      one:pass(0.05)
      one:closed(2)
      one:want()
      one:pass(100)
      assert.same({ "connect 2", "failed" }, one:taken())
    end)
  end)

  describe("after a loss", function()
    -- Seconds until each of the next attempts, all of which fail.
    local function delays(one, count)
      local list = {}
      for index = 1, count do
        one:pass(0)
        local before = one.now
        local at = one.machine:due(one.now)
        one:pass(at - before)
        assert.equal("connect", one.last[1])
        list[index] = at - before
        one:closed(one.last[2])
      end
      return list
    end

    it("comes back, and tells since when events may be missing", function()
      local one = live()
      one:pass(7)
      one.machine:heard(1, 5.5)
      one:closed(1)
      assert.same({ "lost" }, one:taken())
      assert.equal(LOST, one.lost[2])
      assert.equal(one.now + 2, one.lost[3])
      assert.equal("waiting", one.machine:state())
      one:pass(2)
      one:connected(2)
      assert.same({ "connect 2", "open", "reconnected" }, one:taken())
      assert.equal(5.5, one.reconnected[2])
    end)

    for name, case in pairs {
      ["the longest"] = { random = 1, delays = { 2, 4, 8, 16, 32, 60, 60 } },
      ["the shortest"] = { random = 0, delays = { 1, 2, 4, 8, 16, 30, 30 } },
    } do
      it("waits twice as long before each attempt: " .. name, function()
        local one = live { random = function() return case.random end }
        one:closed(1)
        for index, seconds in ipairs(delays(one, #case.delays)) do
          assert.is_true(math.abs(case.delays[index] - seconds) < 1e-9, index .. ": " .. seconds)
        end
      end)
    end

    it("never waits less than a second nor more than a minute", function()
      local one = live { random = math.random, rate = rate.new(1000000) }
      one:closed(1)
      for _, seconds in ipairs(delays(one, 1000)) do
        assert.is_true(seconds >= 1 - 1e-9 and seconds <= 60)
      end
    end)

    it("counts on after a connection that lived for a moment, and anew after a good one", function()
      local one = live()
      one:closed(1)
      one:pass(2)
      one:connected(2)
      one:closed(2)
      assert.is_true(math.abs(one:taken() and one.lost[3] - one.now - 4) < 1e-9)
      one:pass(4)
      one:connected(3)
      one:pass(10)
      one:closed(3)
      one:taken()
      assert.is_true(math.abs(one.lost[3] - one.now - 2) < 1e-9)
    end)

    it("tries at once when a call has succeeded, but not with every call", function()
      local one = live()
      one:closed(1)
      one:pass(0.1)
      assert.is_true(one.machine:hint(one.now))
      one:pass(0)
      assert.same({ "lost", "connect 2" }, one:taken())
      one:closed(2)
      one:pass(0.1)
      assert.is_false(one.machine:hint(one.now))
      one:pass(0)
      assert.same({ "failed" }, one:taken())
    end)

    it("takes no hint while nothing is put off", function()
      assert.is_false(live().machine:hint(1))
    end)

    for name, code in pairs { ["1013"] = 1013, ["status 429"] = 429 } do
      it("waits for half a minute at least where there are too many connections: " .. name, function()
        local one = live { random = function() return 0 end }
        one:closed(1, { code = code })
        one:taken()
        assert.is_true(one.lost[3] - one.now >= 30)
        assert.is_false(one.machine:hint(one.now))
      end)
    end

    it("makes no more connections than the server allows for, whatever happens", function()
      local one = live { random = function() return 0 end, rate = rate.new(120, 60),
        times = { minDelay = 0.001, maxDelay = 0.002 } }
      local times = { 0.05 }
      one:closed(1)
      for _ = 1, 500 do
        one:pass(0)
        one:pass(one.machine:due(one.now) - one.now)
        one:taken()
        times[#times + 1] = one.now
        one:closed(one.last[2])
      end
      for index = 121, #times do
        assert.is_true(times[index] - times[index - 120] >= 60 - 1e-6, "the " .. index .. "th comes too soon")
      end
    end)
  end)

  describe("stops", function()
    for name, happens in pairs {
      ["by an error message"] = function(one) one.machine:complained(1, REFUSED) end,
      ["by a close frame"] = function(one) one:closed(1, REFUSED) end,
      ["before it was connected"] = function(one)
        one:closed(1)
        one:pass(2)
        one.machine:opened(2, one.now)
        one.machine:complained(2, REFUSED)
      end,
    } do
      it("where the server refuses for good: " .. name, function()
        local one = live()
        happens(one)
        local done = one:taken()
        assert.equal("stopped", done[#done])
        assert.equal(REFUSED, one.stopped[2])
        assert.equal("stopped", one.machine:state())
        one:pass(10000)
        assert.same({}, one:taken())
        assert.is_nil(one.machine:due(one.now))
      end)
    end

    it("until something else is wanted", function()
      local one = live()
      one.machine:complained(1, REFUSED)
      one:taken()
      one:want "files"
      one:pass(0.05)
      assert.same({ "connect 2" }, one:taken())
    end)

    it("until the user is another", function()
      local one = live()
      one.machine:complained(1, REFUSED)
      one:taken()
      one.machine:renew(one.now)
      one:pass(0.05)
      assert.same({ "connect 2" }, one:taken())
    end)
  end)

  it("takes an error before the greeting for the reason of the end that follows", function()
    local one = bench()
    one:want "a"
    one:pass(0.05)
    one.machine:opened(1, one.now)
    one.machine:complained(1, { code = 0, message = "PHP says" })
    assert.same({ "connect 1" }, one:taken())
    one:closed(1)
    assert.same({ "failed" }, one:taken())
    assert.equal("PHP says", one.failed[2].message)
  end)

  it("goes on though the connection that it leaves is refused for good", function()
    local one = live()
    one:want("documents", "files")
    one:pass(0.05)
    one:connected(2)
    one:taken()
    one.machine:complained(1, REFUSED)
    assert.same({ "error" }, one:taken())
    assert.equal("live", one.machine:state())
  end)

  it("goes on after an error of a message", function()
    local one = live()
    one.machine:complained(1, { code = 1003 })
    assert.same({ "error" }, one:taken())
    assert.equal("live", one.machine:state())
  end)

  describe("watches", function()
    it("with a ping every 20 s", function()
      local one = live()
      for index = 1, 3 do
        one:pass(20)
        assert.same({ "ping 1" }, one:taken(), "ping " .. index)
        one.machine:heard(1, one.now + 0.01)
        one:pass(0.02)
      end
    end)

    it("and gives a connection up that is silent for 10 s after one", function()
      local one = live()
      one:pass(29.9)
      assert.same({ "ping 1" }, one:taken())
      one:pass(0.2)
      assert.same({ "cancel 1", "lost" }, one:taken())
      assert.equal("timeout", one.lost[2].kind)
    end)

    it("but not one that was heard since, whatever is told of before", function()
      local one = live()
      one:pass(20)
      one.machine:heard(1, 20.5)
      one.machine:heard(1, 19)
      one.machine:heard(7, 21) -- there is no such connection
      one:pass(11)
      assert.same({ "ping 1" }, one:taken())
      assert.equal("live", one.machine:state())
    end)

    it("but not one that brings other things", function()
      local one = live()
      one:pass(25)
      one.machine:heard(1, one.now)
      one:pass(10)
      assert.same({ "ping 1" }, one:taken())
    end)

    it("for a greeting", function()
      local one = bench()
      one:want "a"
      one:pass(0.05)
      one.machine:opened(1, one.now)
      one:pass(10)
      assert.same({ "connect 1", "cancel 1", "failed" }, one:taken())
      assert.equal("timeout", one.failed[2].kind)
    end)
  end)

  describe("with another user", function()
    it("makes a new connection, and keeps the old one until then", function()
      local one = live()
      one.machine:renew(one.now)
      one:pass(0.05)
      assert.same({ "connect 2" }, one:taken())
      one:connected(2)
      assert.same({ "close 1" }, one:taken())
      one:closed(1)
      one:pass(1)
      assert.same({}, one:taken())
    end)

    it("ends the old one at once where nothing of it is to come any more", function()
      local one = live()
      one.machine:renew(one.now, true)
      assert.same({ "cancel 1" }, one:taken())
      assert.is_false(one.machine:knows(1))
      one:pass(0.05)
      one:connected(2)
      assert.same({ "connect 2", "open", "reconnected" }, one:taken())
    end)

    it("does not forget it where the attempt fails", function()
      local one = live()
      one.machine:renew(one.now)
      one:pass(0.05)
      one:closed(2)
      one:pass(2)
      assert.same({ "connect 2", "failed", "connect 3" }, one:taken())
    end)

    it("has nothing to do where there is no subscription", function()
      local one = bench()
      one.machine:renew(one.now, true)
      one:pass(10)
      assert.same({}, one:taken())
    end)
  end)

  for name, case in pairs {
    ["where the server knows no user and there is a session"] = { false, true, { "authenticate 1", "open" } },
    ["not where it knows him"] = { true, true, { "open" } },
    ["not where there is none"] = { false, false, { "open" } },
  } do
    it("says who the user is by message " .. name, function()
      local one = bench()
      one:want "account"
      one:pass(0.05)
      one:taken()
      one:connected(1, case[1], case[2])
      assert.same(case[3], one:taken())
    end)
  end

  it("hears nothing of connections that it has given up", function()
    local one = live()
    one:want()
    one:taken()
    one:connected(1)
    one.machine:complained(1, REFUSED)
    one:closed(1)
    one.machine:heard(1, 5)
    assert.same({}, one:taken())
    assert.equal("idle", one.machine:state())
  end)
end)
