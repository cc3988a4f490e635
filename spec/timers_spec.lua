local timers = require "appwrite.timers"

-- What becomes due until a time, in order.
local function taken(heap, now)
  local list = {}
  local item = heap:due(now)
  while item do
    list[#list + 1] = item
    item = heap:due(now)
  end
  return list
end

local function fill(heap, times)
  local entries = {}
  for index, at in ipairs(times) do
    entries[index] = heap:add(at, "at " .. at)
  end
  return entries
end

describe("appwrite.timers", function()
  it("has nothing to begin with", function()
    local heap = timers.new()
    assert.is_nil(heap:next())
    assert.is_nil(heap:due(math.huge))
  end)

  it("tells the next time, and gives only what is due", function()
    local heap = timers.new()
    fill(heap, { 3, 1, 2 })
    assert.equal(1, heap:next())
    assert.same({}, taken(heap, 0.999))
    assert.same({ "at 1", "at 2" }, taken(heap, 2))
    assert.equal(3, heap:next())
    assert.same({ "at 3" }, taken(heap, 3))
    assert.is_nil(heap:next())
  end)

  it("keeps the order of those of the same time", function()
    local heap = timers.new()
    for index = 1, 1000 do
      heap:add(index % 3, index)
    end
    local list = taken(heap, 3)
    assert.equal(1000, #list)
    for index = 2, #list do
      local before, this = list[index - 1], list[index]
      assert.is_true(before % 3 < this % 3 or before % 3 == this % 3 and before < this)
    end
  end)

  it("passes over what was cancelled, wherever it is", function()
    for which = 1, 3 do
      local heap = timers.new()
      local entries = fill(heap, { 1, 2, 3 })
      heap:cancel(entries[which])
      local expected = { "at 1", "at 2", "at 3" }
      table.remove(expected, which)
      assert.equal(which == 1 and 2 or 1, heap:next())
      assert.same(expected, taken(heap, 3))
    end
  end)

  it("is empty once all are cancelled", function()
    local heap = timers.new()
    for _, entry in ipairs(fill(heap, { 5, 4, 3, 2, 1 })) do
      heap:cancel(entry)
    end
    assert.is_nil(heap:next())
    assert.equal(0, heap.count)
  end)

  it("lets one be cancelled twice, or after it was due", function()
    local heap = timers.new()
    local entries = fill(heap, { 1, 2, 3 })
    heap:cancel(entries[2])
    heap:cancel(entries[2])
    assert.same({ "at 1" }, taken(heap, 1))
    heap:cancel(entries[1])
    assert.same({ "at 3" }, taken(heap, 3))
    assert.equal(0, heap.cancelled)
  end)

  it("does not keep what was cancelled until its time comes", function()
    local heap = timers.new()
    local kept = heap:add(1, "kept")
    for round = 1, 10000 do
      heap:cancel(heap:add(round + 1, "gone"))
      assert.is_true(heap.count < 200, "still there: " .. heap.count)
    end
    assert.equal(kept.at, heap:next())
    assert.same({ "kept" }, taken(heap, math.huge))
  end)

  it("lets go of the item of a cancelled one at once", function()
    local heap, watched = timers.new(), setmetatable({}, { __mode = "k" })
    local function cancelOne()
      local item = {}
      watched[item] = true
      heap:cancel(heap:add(2, item))
    end
    heap:add(1, "first")
    cancelOne()
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(watched))
  end)

  -- Beside a plain list that is sorted each time.
  for seed = 1, 20 do
    it("agrees with a sorted list, at random: " .. seed, function()
      math.randomseed(seed)
      local heap, model, made = timers.new(), {}, 0
      local function drop(item)
        for index, one in ipairs(model) do
          if one.item == item then
            return table.remove(model, index)
          end
        end
        return nil
      end
      for _ = 1, 500 do
        local what = math.random(10)
        if what <= 6 then
          made = made + 1
          local entry = { at = math.random(50), item = made }
          entry.timer = heap:add(entry.at, made)
          model[#model + 1] = entry
        elseif what <= 8 and #model > 0 then
          local entry = model[math.random(#model)]
          heap:cancel(entry.timer)
          drop(entry.item)
        else
          local now = math.random(50)
          table.sort(model, function(one, other)
            return one.at < other.at or one.at == other.at and one.item < other.item
          end)
          local expected = model[1] and model[1].at
          assert.equal(expected, heap:next())
          local item = heap:due(now)
          assert.equal(expected and expected <= now and model[1].item or nil, item)
          drop(item)
        end
      end
    end)
  end
end)
