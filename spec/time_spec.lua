local time = require("appwrite").time

describe("appwrite.time.parse", function()
  local read = {
    { "1970-01-01T00:00:00.000+00:00", 0, 0 },
    { "2024-03-01T12:30:00.250+00:00", 1709296200, 250 },
    { "2024-02-29T23:59:59.999+00:00", 1709251199, 999 },
    { "2000-02-29T00:00:00.000+00:00", 951782400, 0 },
    { "1969-12-31T23:59:59.500+00:00", -1, 500 },
    { "0001-01-01T00:00:00.000+00:00", -62135596800, 0 },
    { "9999-12-31T23:59:59.999+00:00", 253402300799, 999 },
    { "2026-11-24 08:01:02.123", 1795507262, 123 }, -- mfaUpdatedAt of a session
    { "2024-03-01T12:30:00.000+05:30", 1709276400, 0 },
    { "2024-03-01T12:30:00-0800", 1709325000, 0 },
    { "2024-03-01T12:30:00Z", 1709296200, 0 },
    { "2024-03-01t12:30:00z", 1709296200, 0 },
    { "2024-03-01T12:30", 1709296200, 0 },
    { "2024-03-01", 1709251200, 0 },
    { "2024-03-01T12:30:00.5Z", 1709296200, 500 },
    { "2024-03-01T12:30:00.123456789Z", 1709296200, 123 },
  }
  for _, case in ipairs(read) do
    it("reads " .. case[1], function()
      local seconds, milliseconds = time.parse(case[1])
      assert.same({ case[2], case[3] }, { seconds, milliseconds })
      if math.type then
        assert.same({ "integer", "integer" }, { math.type(seconds), math.type(milliseconds) })
      end
    end)
  end

  local refused = {
    "", "never", "2024", "2024-3-1", "2024-13-01", "2024-00-01", "2024-01-00", "2024-04-31", "2023-02-29", "1900-02-29",
    "2024-03-01T24:00:00", "2024-03-01T12:60:00", "2024-03-01T12:30:60", "2024-03-01T12", "2024-03-01X12:30:00",
    "2024-03-01T12:30:00+24:00", "2024-03-01T12:30:00+01:60", "2024-03-01T12:30:00+0:00", "2024-03-01T12:30:00.Z", "2024-03-01T12:30:00 UTC",
    " 2024-03-01", "2024-03-01 ", "-2024-03-01", "2024-03-01T12:30:00.000+00:00\n",
  }
  for _, text in ipairs(refused) do
    it(("refuses %q"):format(text), function()
      local seconds, problem = time.parse(text)
      assert.is_nil(seconds)
      assert.matches('is no date; one looks like "2024%-03%-01T12:30:00.250%+00:00"$', problem)
    end)
  end

  it("raises for what is no text", function()
    assert.error_matches(function() time.parse(5) end, '^time.parse: argument "date" must be a string, got number 5')
    assert.error_matches(function() time.parse() end, "got nil")
  end)
end)

describe("appwrite.time.format", function()
  it("writes dates as Appwrite does", function()
    assert.equal("1970-01-01T00:00:00.000+00:00", time.format(0))
    assert.equal("2024-03-01T12:30:00.250+00:00", time.format(1709296200, 250))
    assert.equal("2024-03-01T12:30:00.250+00:00", time.format(1709296200.25))
    assert.equal("2024-03-01T12:30:01.000+00:00", time.format(1709296200.9996))
    assert.equal("1969-12-31T23:59:59.500+00:00", time.format(-0.5))
    assert.equal("0000-01-01T00:00:00.000+00:00", time.format(-62167219200))
    assert.equal("9999-12-31T23:59:59.999+00:00", time.format(253402300799, 999))
  end)

  it("writes every day of all years so that it can be read", function()
    local DAY, problems = 86400, {}
    for day = -719528, 2932896, 97 do
      local text = time.format(day * DAY)
      if time.parse(text) ~= day * DAY then
        problems[#problems + 1] = text
      end
    end
    assert.same({}, problems)
  end)

  it("agrees with the system's calendar", function()
    for day = 0, 24000, 7 do
      assert.equal(os.date("!%Y-%m-%dT%H:%M:%S.000+00:00", day * 86400 + 3661), time.format(day * 86400 + 3661))
    end
  end)

  local wrong = {
    { 0 / 0, nil, "seconds" }, { math.huge, nil, "seconds" }, { "0", nil, "seconds" }, { 253402300800, nil, "seconds" },
    { -62167219201, nil, "seconds" }, { 253402300799.9996, nil, "seconds" }, { 253402300799.5, 500, "seconds" }, { 0, -1, "milliseconds" }, { 0, 1000, "milliseconds" }, { 0, 0.5, "milliseconds" },
    { 0, "1", "milliseconds" },
  }
  for _, case in ipairs(wrong) do
    it(("refuses %s, %s"):format(tostring(case[1]), tostring(case[2])), function()
      assert.error_matches(function() time.format(case[1], case[2]) end, 'time.format: argument "' .. case[3] .. '" must be')
    end)
  end
end)

describe("appwrite.time", function()
  it("names the nearest function", function()
    assert.error_matches(function() return time.pars end, 'time has no "pars"; did you mean "parse"?')
  end)
end)
