--- What an upload does next, against a model of a server that counts as Appwrite 1.5 does: by reading how many chunks it
-- has, adding one and writing that back, whichever chunk it was.

local plans = require "appwrite.upload_plan"

local ATTEMPTS = require("appwrite.attempts").MOST
local CHUNK = plans.CHUNK

local function err(kind, code, fields)
  local made = { kind = kind, code = code or 0, message = kind .. " of the test" }
  for name, value in pairs(fields or {}) do
    made[name] = value
  end
  return made
end

local function new(count, facts)
  local given = { size = (count - 1) * CHUNK + (count > 1 and 1 or 0), name = "x.bin", id = "f" }
  for name, value in pairs(facts or {}) do
    given[name] = value
  end
  if given.id == "" then
    given.id = nil
  end
  return plans.new(given)
end

local function file(plan, counted, changes)
  local model = {
    ["$id"] = "f", sizeOriginal = plan.size, chunksTotal = plan.count, chunksUploaded = counted, name = plan.name,
    signature = counted == plan.count and "abc" or "",
  }
  for name, value in pairs(changes or {}) do
    model[name] = value
  end
  return model
end

-- A fresh one that has begun to send.
local function sending(count, facts)
  local plan = new(count, facts)
  if plan:next().what == "ask" then
    plan:missing()
  end
  return plan
end

local function assertAction(expected, plan)
  local action = plan:next()
  for name, value in pairs(expected) do
    assert.equal(value, action[name], name)
  end
  return action
end

describe("appwrite.upload_plan", function()
  describe("without faults", function()
    it("sends one request for what fits into one, and asks nothing", function()
      for _, size in ipairs { 0, 1, CHUNK } do
        for _, id in ipairs { "f", "" } do
          local plan = new(1, { size = size, id = id })
          local action = assertAction({ what = "send", index = 1, offset = 0, length = size }, plan)
          assert.is_nil(action.id)
          plan:answered { ["$id"] = "f" }
          assert.is_true(plan:isDone())
          assertAction({ what = "done" }, plan)
        end
      end
    end)

    it("sends chunks of 5 MiB, and a shorter one at the end, in order", function()
      local plan = new(3, { size = 2 * CHUNK + 7, id = "" })
      assert.equal(3, plan.count)
      local action = assertAction({ what = "send", index = 1, offset = 0, length = CHUNK }, plan)
      assert.is_nil(action.id)
      plan:answered(file(plan, 1))
      assertAction({ what = "send", index = 2, offset = CHUNK, length = CHUNK, id = "f" }, plan)
      plan:answered(file(plan, 2))
      assertAction({ what = "send", index = 3, offset = 2 * CHUNK, length = 7, id = "f" }, plan)
      local last = file(plan, 3)
      plan:answered(last)
      assertAction({ what = "done", file = last }, plan)
    end)

    it("knows the border between one request and two", function()
      assert.equal(1, new(1, { size = CHUNK }).count)
      assert.equal(2, new(1, { size = CHUNK + 1 }).count)
      assert.equal(2, new(1, { size = 2 * CHUNK }).count)
    end)

    it("asks first where the id is known: only 404 means that nothing is there", function()
      local plan = new(3)
      assertAction({ what = "ask", id = "f" }, plan)
      plan:missing()
      assertAction({ what = "send", index = 1 }, plan)
      for _, problem in ipairs { err("api", 401), err("api", 403), err("tls"), err("protocol", 200) } do
        plan = new(3)
        plan:unanswered(problem)
        assertAction({ what = "fail", err = problem }, plan)
      end
    end)
  end)

  describe("taken up again", function()
    local function settle(plan, counted)
      assertAction({ what = "ask" }, plan)
      plan:told(file(plan, counted))
      if plan:next().what == "wait" then
        plan:waited()
        assertAction({ what = "ask" }, plan)
        plan:told(file(plan, counted))
      end
    end

    it("goes on where the server stands, once it has said so twice", function()
      for counted = 0, 2 do
        local plan = new(3)
        settle(plan, counted)
        assertAction({ what = "send", index = counted + 1, id = counted > 0 and "f" or nil }, plan)
      end
    end)

    it("waits for a chunk that is still being counted", function()
      local plan = new(4)
      plan:told(file(plan, 1))
      assertAction({ what = "wait" }, plan)
      plan:waited()
      plan:told(file(plan, 2))
      assertAction({ what = "wait" }, plan)
      plan:waited()
      plan:told(file(plan, 2))
      assertAction({ what = "send", index = 3 }, plan)
    end)

    it("has nothing to do where all is there", function()
      for _, count in ipairs { 1, 3 } do
        local plan = new(count, { resuming = true })
        local there = file(plan, count)
        plan:told(there)
        assertAction({ what = "done", file = there }, plan)
      end
    end)

    it("asks for a small one too, but not where the server was to choose the id", function()
      assertAction({ what = "ask" }, new(1, { resuming = true }))
      assertAction({ what = "send" }, new(1, { resuming = true, id = "" }))
      assertAction({ what = "send" }, new(3, { resuming = true, id = "" }))
    end)

    local OTHERS = {
      ["of another size"] = { { sizeOriginal = 5 }, "5 bytes" },
      ["in other chunks"] = { { chunksTotal = 9 }, "9 chunks" },
      ["of another name"] = { { name = "y.bin" }, '"y.bin"' },
    }
    for what, case in pairs(OTHERS) do
      it("does not touch a file " .. what, function()
        local plan = new(3)
        plan:told(file(plan, 1, case[1]))
        local action = assertAction({ what = "fail", kind = "file", final = true }, plan)
        assert.truthy(action.message:find(case[2], 1, true), action.message)
      end)
    end

    it("takes a name that servers write in other ways for what it is", function()
      for _, name in ipairs { 'a"b.bin', "a\nb.bin", "100%22.bin" } do
        local plan = new(3, { name = name })
        plan:told(file(plan, 3, { name = "otherwise" }))
        assert.is_true(plan:isDone())
      end
    end)

    it("does not take up a file that is broken", function()
      for _, changes in ipairs { { chunksUploaded = 4 }, { chunksUploaded = 3, signature = "" }, { chunksUploaded = "2" } } do
        local plan = new(3)
        plan:told(file(plan, 0, changes))
        local action = assertAction({ what = "fail", kind = "protocol", final = true }, plan)
        assert.truthy(action.message:find("delete it", 1, true))
      end
    end)
  end)

  describe("after a chunk that failed", function()
    local TEMPORARY = {
      err("network"), err("timeout"), err("api", 500), err("api", 502), err("api", 503), err("api", 504), err("api", 429),
      err("protocol", 201),
    }
    for _, problem in ipairs(TEMPORARY) do
      it(("waits and asks before it sends it again: %s %d"):format(problem.kind, problem.code), function()
        local plan = sending(3)
        plan:next()
        plan:answered(file(plan, 1))
        assertAction({ what = "send", index = 2 }, plan)
        plan:failed(problem, "unknown")
        assert.is_true(assertAction({ what = "wait" }, plan).seconds > 0)
        plan:waited()
        assertAction({ what = "ask", id = "f" }, plan)
        plan:told(file(plan, 2))
        assertAction({ what = "send", index = 3 }, plan)
      end)
    end

    local FINAL = {
      err("api", 400), err("api", 401), err("api", 403), err("api", 404), err("api", 409), err("api", 413), err("file"),
      err("tls"), err("cancelled"), err("memory"), err("protocol", 0), err("protocol", 302),
    }
    for _, problem in ipairs(FINAL) do
      it(("gives up where another attempt helps nothing: %s %d"):format(problem.kind, problem.code), function()
        local plan = sending(3)
        plan:next()
        plan:failed(problem, "unknown")
        local action = assertAction({ what = "fail", err = problem }, plan)
        assert.is_nil(action.final)
      end)
    end

    it("gives up after three attempts of the same chunk, and counts anew for the next", function()
      local plan = sending(3)
      for chunk = 1, 3 do
        for attempt = 1, ATTEMPTS do
          assertAction({ what = "send", index = chunk }, plan)
          plan:failed(err("api", 503), "none")
          if attempt == ATTEMPTS then
            assertAction({ what = "fail" }, plan)
            return
          elseif chunk < 3 and attempt == ATTEMPTS - 1 then
            plan:waited()
            plan:told(file(plan, chunk)) -- counted after all
            break
          end
          plan:waited()
          if chunk == 1 then
            plan:missing()
          else
            plan:told(file(plan, chunk - 1))
          end
        end
      end
      error "it never gave up"
    end)

    it("never sends a file of one request twice", function()
      local plan = new(1)
      plan:next()
      plan:failed(err("network"), "unknown")
      assertAction({ what = "fail" }, plan)
    end)

    it("asks twice where the server may still be busy with it", function()
      for fate, twice in pairs { unknown = true, none = false } do
        local plan = sending(3)
        plan:next()
        plan:answered(file(plan, 1))
        plan:next()
        plan:failed(err("timeout"), fate)
        plan:waited()
        plan:told(file(plan, 1))
        if twice then
          assertAction({ what = "wait" }, plan)
          plan:waited()
          plan:told(file(plan, 1))
        end
        assertAction({ what = "send", index = 2 }, plan)
      end
    end)

    it("waits longer each time, and as long as the server wants", function()
      local plan, waits = sending(3), {}
      for attempt = 1, ATTEMPTS - 1 do
        plan:next()
        plan:failed(err("network"), "none")
        waits[attempt] = plan:next().seconds
        plan:waited()
        plan:missing()
      end
      assert.same({ 0.5, 1 }, waits)
      for retryAfter, wait in pairs { [0] = 0, [7] = 7, [60] = 60 } do
        plan = sending(3)
        plan:next()
        plan:failed(err("api", 429, { retryAfter = retryAfter }), "unknown")
        assertAction({ what = "wait", seconds = wait }, plan)
      end
      plan = sending(3)
      plan:next()
      plan:failed(err("api", 429, { retryAfter = 61 }), "unknown")
      assertAction({ what = "fail" }, plan)
    end)

    it("gives up with the first error where there is no time to wait", function()
      local plan = sending(3)
      plan:next()
      local problem = err("network")
      plan:failed(problem, "unknown")
      plan:late(err("timeout"))
      assertAction({ what = "fail", err = problem }, plan)
    end)

    it("asks again where the answer to that is lost, but not for ever", function()
      local plan = sending(3)
      plan:next()
      plan:failed(err("network"), "unknown")
      for _ = 1, ATTEMPTS - 1 do
        plan:waited()
        assertAction({ what = "ask" }, plan)
        plan:unanswered(err("network"))
        assertAction({ what = "wait" }, plan)
      end
      plan:waited()
      plan:unanswered(err("timeout"))
      assert.equal("timeout", assertAction({ what = "fail" }, plan).err.kind)
    end)

    it("does not begin anew what the server had and does not show any more", function()
      local plan = sending(3)
      plan:next()
      plan:answered(file(plan, 1))
      plan:next()
      plan:failed(err("network"), "unknown")
      plan:waited()
      plan:missing()
      local action = assertAction({ what = "fail", kind = "api", code = 404, final = true }, plan)
      assert.truthy(action.message:find("1 of 3", 1, true))
    end)

    it("cannot ask before it knows the id, so it sends again only what cannot have arrived", function()
      local plan = sending(3, { id = "" })
      plan:next()
      plan:failed(err("network"), "none")
      assertAction({ what = "wait" }, plan)
      plan:waited()
      assertAction({ what = "send", index = 1 }, plan)
      plan:failed(err("api", 429), "unknown")
      plan:waited()
      assertAction({ what = "send", index = 1 }, plan)
      for _, problem in ipairs { err("network"), err("api", 500), err("api", 503), err("protocol", 201) } do
        plan = sending(3, { id = "" })
        plan:next()
        plan:failed(problem, "unknown")
        local action = assertAction({ what = "fail", err = problem }, plan)
        assert.truthy(action.addition:find("ID.unique()", 1, true))
      end
    end)
  end)

  it("notices a chunk that was counted twice, or not at all", function()
    for _, counted in ipairs { 0, 1, 3, 4 } do
      local plan = sending(3)
      plan:next()
      plan:answered(file(plan, 1))
      plan:next()
      plan:answered(file(plan, counted))
      local action = assertAction({ what = "fail", kind = "protocol", final = true }, plan)
      assert.truthy(action.message:find("delete it", 1, true))
    end
    local plan = sending(3)
    plan:next()
    plan:failed(err("network"), "unknown")
    plan:waited()
    plan:told(file(plan, 2)) -- somebody else sends it too
    assertAction({ what = "fail", kind = "protocol" }, plan)
  end)

  -- Every story of up to three faults in a row, at every place of an upload of three chunks. -----------------------------

  -- What may happen to a chunk: whether it is counted, and what is heard of it.
  local SENT = {
    { "ok", true },
    { "dropped before", false, err("network"), "none" },
    { "dropped half way", false, err("network"), "none" },
    { "dropped unread", false, err("network"), "unknown" },
    { "dropped after", true, err("network"), "unknown" },
    { "too slow, not counted", false, err("timeout"), "unknown" },
    { "too slow, counted", true, err("timeout"), "unknown" },
    { "counted later", "later", err("timeout"), "unknown" },
    { "500 before", false, err("api", 500), "unknown" },
    { "500 after", true, err("api", 500), "unknown" },
    { "502 after", true, err("api", 502), "unknown" },
    { "503", false, err("api", 503), "unknown" },
    { "429", false, err("api", 429), "unknown" },
    { "an answer cut short", true, err("network", 201), "unknown" },
    { "an answer that is none", true, err("protocol", 201), "unknown" },
    { "refused", false, err("api", 401), "unknown" },
  }
  local ASKED = { { "ok" }, { "lost", err("network") }, { "503", err("api", 503) } }

  -- Runs one story: `choose` says which of so many things happens next.
  local function play(count, id, choose)
    local plan = new(count, { id = id })
    local server = { counted = 0, times = {} }
    local function count1(index)
      server.counted = server.counted + 1
      server.times[index] = (server.times[index] or 0) + 1
    end
    for _ = 1, 100 do
      local action = plan:next()
      if action.what == "send" then
        assert.equal(math.min(CHUNK, plan.size - action.offset), action.length)
        local fate = SENT[choose(#SENT)]
        if fate[2] == true then
          count1(action.index)
        elseif fate[2] == "later" then
          server.pending = action.index
        end
        if fate[3] then
          plan:failed(fate[3], fate[4])
        else
          plan:answered(file(plan, server.counted))
        end
      elseif action.what == "ask" then
        local fate = ASKED[choose(#ASKED)]
        if fate[2] then
          plan:unanswered(fate[2])
        elseif server.counted == 0 then
          plan:missing()
        else
          plan:told(file(plan, server.counted))
        end
        -- What it was busy with comes after it was asked, and before it is asked again.
        if server.pending then
          count1(server.pending)
          server.pending = nil
        end
      elseif action.what == "wait" then
        plan:waited()
      else
        return action, server, plan
      end
    end
    error "the story does not end"
  end

  local function assertSound(action, server, plan, story)
    for index = 1, plan.count do
      local times = server.times[index] or 0
      if times > 1 then
        error(("chunk %d was counted %d times: %s"):format(index, times, story()))
      elseif action.what == "done" and times ~= 1 then
        error(("chunk %d is missing: %s"):format(index, story()))
      end
    end
    if action.what == "fail" and not (action.err or action.message) then
      error("it fails without a word: " .. story())
    end
  end

  -- All sequences of choices with at most `faults` that are not the first.
  local function everyStory(count, id, faults)
    local stories, done = 0, 0
    local function from(prefix, left)
      local used, position, options = {}, 0, {}
      local action, server, plan = play(count, id, function(number)
        position = position + 1
        used[position] = prefix[position] or 1
        options[position] = number
        return used[position]
      end)
      stories = stories + 1
      done = done + (action.what == "done" and 1 or 0)
      assertSound(action, server, plan, function() return table.concat(used, " ") end)
      if left == 0 then
        return
      end
      for place = #prefix + 1, #used do
        for choice = 2, options[place] do
          local longer = {}
          for index = 1, place - 1 do
            longer[index] = used[index]
          end
          longer[place] = choice
          from(longer, left - 1)
        end
      end
    end
    from({}, faults)
    return stories, done
  end

  for _, case in ipairs { { 3, "f", 3 }, { 3, "", 3 }, { 2, "f", 3 }, { 1, "f", 2 } } do
    it(("counts no chunk twice, and none as sent that is missing: %d chunks, %s, up to %d faults"):format(case[1],
      case[2] == "" and "an id of the server's" or "a known id", case[3]), function()
      local stories, done = everyStory(case[1], case[2], case[3])
      assert.is_true(stories > (case[1] == 1 and 10 or 500), stories)
      assert.is_true(done > 0)
    end)
  end
end)
