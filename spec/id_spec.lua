local ID = require "appwrite.id"

describe("appwrite.id", function()
  it("makes ids of 20 hex digits that begin with the time", function()
    local before = os.time()
    local id = ID.unique()
    local seconds = tonumber(id:sub(1, 8), 16)
    assert.truthy(id:find("^" .. ("[0-9a-f]"):rep(20) .. "$"), id)
    assert.is_true(seconds >= before and seconds <= os.time())
    assert.is_true(tonumber(id:sub(9, 13), 16) < 1000000)
  end)

  it("makes each id once, and later ones greater", function()
    local seen, last, ascending = {}, "", 0
    for _ = 1, 2000 do
      local id = ID.unique()
      assert.is_nil(seen[id])
      seen[id] = true
      ascending = ascending + (id:sub(1, 13) >= last and 1 or 0)
      last = id:sub(1, 13)
    end
    -- The clock of a machine may be set back now and then.
    assert.is_true(ascending > 1900)
  end)

  it("takes the last seven digits from the system's randomness", function()
    local places = {}
    for _ = 1, 500 do
      local id = ID.unique()
      for place = 14, 20 do
        places[place] = places[place] or {}
        places[place][id:sub(place, place)] = true
      end
    end
    for place = 14, 20 do
      local count = 0
      for _ in pairs(places[place]) do
        count = count + 1
      end
      -- 500 throws leave out a given one of 16 digits once in 10^14 times.
      assert.equal(16, count)
    end
  end)

  it("takes an id of your own as it is", function()
    assert.equal("my-id", ID.custom "my-id")
    assert.equal("unique()", ID.custom "unique()")
    local line = debug.getinfo(1, "l").currentline + 1
    local ok, message = pcall(function() ID.custom(5) end)
    assert.is_false(ok)
    assert.truthy(message:find("id_spec.lua:" .. line .. ': ID.custom: argument "id" must be a string, got number 5', 1,
      true), message)
    assert.has_error(function() return ID.uniqe end, 'ID has no "uniqe"; did you mean "unique"?')
  end)
end)
