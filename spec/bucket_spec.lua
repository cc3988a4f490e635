local bucket = require "appwrite.bucket"

describe("appwrite.bucket", function()
  -- One that has heard from its server, in no words about limits.
  local function mute(limit)
    local one = bucket.new(limit)
    local ticket = {}
    one:join(ticket)
    one:answered(one:take(ticket, -1e6), -1e6, {})
    return one
  end

  local function join(one, count)
    local tickets = {}
    for index = 1, count do
      tickets[index] = {}
      one:join(tickets[index])
    end
    return tickets
  end

  local function delays(one, tickets, now)
    local list = {}
    for index, ticket in ipairs(tickets) do
      list[index] = one:delay(ticket, now) or "?"
    end
    return list
  end

  local function word(limit, remaining, reset, seconds)
    return { word = { limit = limit, remaining = remaining, reset = reset, seconds = seconds } }
  end

  -- A first call that has learned this.
  local function taught(limit, told)
    local one = bucket.new(limit)
    local ticket = join(one, 1)[1]
    one:answered(one:take(ticket, 0), 0, told)
    return one
  end

  it("lets the first go alone, since others may have used up the limit", function()
    local one = bucket.new { requests = 3, seconds = 60 }
    local tickets = join(one, 3)
    assert.same({ 0, "?", "?" }, delays(one, tickets, 0))
    local window = one:take(tickets[1], 0)
    assert.equal("?", one:delay(tickets[2], 5) or "?")
    assert.is_true(one:answered(window, 6, {}))
    assert.equal(0, one:delay(tickets[2], 6))
    assert.equal(0, one:delay(tickets[3], 6))
  end)

  it("goes on with the next where the first got no answer", function()
    local one = bucket.new { requests = 3, seconds = 60 }
    local tickets = join(one, 2)
    assert.is_true(one:answered(one:take(tickets[1], 0), 1, nil))
    assert.equal(0, one:delay(tickets[2], 1))
  end)

  it("lets no more go within any such time than the limit, where no answer tells", function()
    local one = mute { requests = 2, seconds = 10 }
    local tickets = join(one, 5)
    assert.same({ 0, 0, 10, 10, 20 }, delays(one, tickets, 0))
    one:take(tickets[1], 0)
    assert.equal(0, one:delay(tickets[2], 4))
    one:take(tickets[2], 4)
    table.remove(tickets, 1)
    table.remove(tickets, 1)
    assert.same({ 5, 9, 15 }, delays(one, tickets, 5))
    local sent, now = { 0, 4 }, 5
    while tickets[1] do
      now = now + one:delay(tickets[1], now)
      one:take(tickets[1], now)
      sent[#sent + 1] = now
      table.remove(tickets, 1)
    end
    assert.same({ 0, 4, 10, 14, 20 }, sent)
  end)

  it("takes the server's word for how many are left, and for when there are more", function()
    local one = taught({ requests = 10, seconds = 60 }, word(10, 2, 1040, 40))
    local tickets = join(one, 14)
    local list = delays(one, tickets, 5)
    assert.same({ 0, 0, 35, 35 }, { list[1], list[2], list[3], list[12] })
    assert.same({ 95, 95 }, { list[13], list[14] })
    one:take(tickets[1], 5)
    one:take(tickets[2], 5)
    assert.equal(35, one:delay(tickets[3], 5))
    assert.equal(0, one:delay(tickets[3], 40))
    assert.equal(0, one:delay(tickets[12], 40))
    assert.equal(60, one:delay(tickets[13], 40))
  end)

  it("counts its own requests that the server's last word does not know of", function()
    local one = taught({ requests = 3, seconds = 60 }, word(3, 2, 1060, 60))
    local tickets = join(one, 3)
    local window = one:take(tickets[1], 1)
    one:take(tickets[2], 1)
    one:answered(window, 2, word(3, 1, 1060, 58))
    assert.equal(58, one:delay(tickets[3], 2))
  end)

  it("counts what others use of it", function()
    local one = taught({ requests = 10, seconds = 60 }, word(10, 9, 1060, 60))
    local tickets = join(one, 3)
    one:answered(one:take(tickets[1], 1), 2, word(10, 0, 1060, 58))
    assert.equal(58, one:delay(tickets[2], 2))
  end)

  it("learns windows that are not the documented ones", function()
    local one = taught({ requests = 120, seconds = 60 }, word(10, 9, 1001, 1))
    local tickets = join(one, 30)
    local list = delays(one, tickets, 0)
    assert.same({ 0, 1, 1, 2, 3 }, { list[9], list[10], list[19], list[20], list[30] })
  end)

  it("does not take an answer of the window before for one of this", function()
    local one = taught({ requests = 2, seconds = 10 }, word(2, 1, 1010, 10))
    local tickets = join(one, 4)
    local old = one:take(tickets[1], 9)
    assert.equal(0, one:delay(tickets[2], 10))
    local new = one:take(tickets[2], 10)
    one:answered(old, 11, word(2, 0, 1010, 0))
    assert.equal(0, one:delay(tickets[3], 11))
    one:answered(new, 11, word(2, 1, 1020, 9))
    assert.equal(0, one:delay(tickets[3], 11))
    one:take(tickets[3], 11)
    assert.equal(9, one:delay(tickets[4], 11))
  end)

  it("follows a server whose window begins sooner than was thought", function()
    local one = taught({ requests = 3, seconds = 10 }, word(3, 2, 1010, 10))
    local tickets = join(one, 5)
    local window = one:take(tickets[1], 9)
    one:take(tickets[2], 9)
    -- It came in the new window, in which the other may be counted or not.
    one:answered(window, 9.5, word(3, 2, 1020, 10))
    assert.same({ 0, 10 }, delays(one, { tickets[3], tickets[4] }, 9.5))
  end)

  it("waits for the end of the window where it was refused", function()
    local one = taught({ requests = 10, seconds = 3600 },
      { refused = true, word = { limit = 10, remaining = 0, reset = 4600, seconds = 600 } })
    local tickets = join(one, 1)
    assert.equal(590, one:delay(tickets[1], 10))
    assert.equal(0, one:delay(tickets[1], 600))
  end)

  it("does not run into a server whose clock is elsewhere", function()
    local one = taught({ requests = 10, seconds = 3600 },
      { refused = true, word = { limit = 10, remaining = 0, reset = 1000, seconds = 0 } })
    assert.equal(1, one:delay(join(one, 1)[1], 0))
  end)

  it("goes one at a time after a refusal without a word, pausing longer each time", function()
    local one = mute { requests = 10, seconds = 1 }
    local tickets = join(one, 9)
    local now, pauses = 0, {}
    for index = 1, 3 do
      local window = one:take(tickets[index], now)
      one:answered(window, now, { refused = true })
      pauses[index] = one:delay(tickets[index + 1], now)
      now = now + pauses[index]
      assert.same({ 0, "?" }, { one:delay(tickets[index + 1], now), one:delay(tickets[index + 2], now) or "?" })
    end
    assert.same({ 1, 2, 4 }, pauses)
    one:answered(one:take(tickets[4], now), now, {})
    assert.same({ 0, "?" }, { one:delay(tickets[5], now), one:delay(tickets[6], now) or "?" })
    one:answered(one:take(tickets[5], now), now, { refused = true, wait = 7 })
    assert.equal(7, one:delay(tickets[6], now))
  end)

  it("lets those behind move up where one quits", function()
    local one = mute { requests = 1, seconds = 10 }
    local tickets = join(one, 3)
    assert.same({ 0, 10, 20 }, delays(one, tickets, 0))
    one:quit(tickets[1])
    assert.same({ 0, 10 }, delays(one, { tickets[2], tickets[3] }, 0))
    one:quit(tickets[1])
    local seconds, ahead = one:delay(tickets[3], 0)
    assert.same({ 10, 1 }, { seconds, ahead })
  end)

  it("knows when it is not needed any more", function()
    local one = bucket.new { requests = 2, seconds = 10 }
    assert.is_true(one:isIdle(0))
    local ticket = join(one, 1)[1]
    assert.is_false(one:isIdle(0))
    local window = one:take(ticket, 0)
    assert.is_false(one:isIdle(20))
    one:answered(window, 1, word(2, 1, 1010, 10))
    assert.is_false(one:isIdle(10))
    assert.is_true(one:isIdle(11))
  end)

  it("is needed while the server wants to be left alone", function()
    local one = taught({ requests = 2, seconds = 1 }, { refused = true, wait = 30 })
    assert.is_false(one:isIdle(29))
    assert.is_true(one:isIdle(30))
  end)

  it("learns nothing from an answer of a window that is over", function()
    local one = taught({ requests = 3, seconds = 10 }, word(3, 2, 1010, 10))
    local tickets = join(one, 4)
    local window = one:take(tickets[1], 1)
    one:answered(one:take(tickets[2], 11), 11, word(3, 2, 1020, 9))
    one:answered(window, 12, word(3, 0, 1010, 1))
    assert.same({ 0, 8 }, delays(one, { tickets[3], tickets[4] }, 12))
  end)
end)
