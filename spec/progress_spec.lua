local progress = require "appwrite.progress"

-- A clock that is set by hand, and what was told.
local function setup(answer)
  local self = { time = 100, told = {} }
  self.reporter = progress.new(function(report)
    self.told[#self.told + 1] = report
    return answer and answer(report)
  end, function() return self.time end)
  return self
end

local function report(self, done, total)
  return self.reporter:report({ sizeUploaded = done, sizeTotal = total }, "sizeUploaded")
end

local function finish(self, total)
  self.reporter:finish({ sizeUploaded = total, sizeTotal = total }, "sizeUploaded")
end

local function percents(self)
  local list = {}
  for index, told in ipairs(self.told) do
    list[index] = told.progress
  end
  return list
end

describe("appwrite.progress", function()
  it("tells at once, then at most 20 times a second", function()
    local self = setup()
    for step = 0, 999 do
      self.time = 100 + step / 1000
      report(self, step, 1000)
    end
    assert.is_true(#self.told >= 19 and #self.told <= 20, #self.told)
    assert.equal(0, self.told[1].sizeUploaded)
  end)

  it("says when it may be told again", function()
    local self = setup()
    assert.is_true(self.reporter:due())
    report(self, 1, 10)
    assert.is_false(self.reporter:due())
    self.time = self.time + progress.INTERVAL * 1.01
    assert.is_true(self.reporter:due())
  end)

  it("reaches 100 at the end and not before, however soon that comes", function()
    for _, total in ipairs { 0, 1, 3, 1000, 5242881, 2 ^ 40 } do
      local self = setup()
      report(self, total, total)
      finish(self, total)
      assert.same({ total == 0 and 0 or 99, 100 }, percents(self))
    end
    local self = setup()
    finish(self, 0)
    assert.same({ 100 }, percents(self))
  end)

  it("gives whole percents, rounded down", function()
    local self = setup()
    for _, done in ipairs { 0, 9, 10, 199, 200, 995, 999 } do
      report(self, done, 1000)
      self.time = self.time + 1
    end
    assert.same({ 0, 0, 1, 19, 20, 99, 99 }, percents(self))
    for _, told in ipairs(self.told) do
      assert.equal(told.progress, math.floor(told.progress))
      assert.is_nil(tostring(told.progress):find(".0", 1, true))
    end
  end)

  it("does not go back where a chunk is sent anew", function()
    local self = setup()
    for _, done in ipairs { 10, 50, 30, 60 } do
      report(self, done, 100)
      self.time = self.time + 1
    end
    assert.same({ 10, 50, 50, 60 }, percents(self))
    assert.equal(50, self.told[3].sizeUploaded)
  end)

  it("knows no percents where the size is not known", function()
    local self = setup()
    self.reporter:report({ sizeDownloaded = 5 }, "sizeDownloaded")
    assert.equal(0, self.told[1].progress)
    assert.equal(5, self.told[1].sizeDownloaded)
    self.reporter:finish({ sizeDownloaded = 9, sizeTotal = 9 }, "sizeDownloaded")
    assert.equal(100, self.told[2].progress)
  end)

  it("stops where the function returns false, and nothing else", function()
    for answer, stops in pairs { [false] = true, [true] = false, [0] = false, text = false } do
      local self = setup(function() return answer end)
      assert.equal(stops, report(self, 1, 10))
      assert.is_false(report(self, 2, 10)) -- too soon to be asked
    end
  end)

  it("passes on what the function raises", function()
    local mine = {}
    local self = setup(function() error(mine) end)
    local ok, raised = pcall(report, self, 1, 10)
    assert.is_false(ok)
    assert.equal(mine, raised)
    ok, raised = pcall(finish, self, 10)
    assert.is_false(ok)
    assert.equal(mine, raised)
  end)
end)
