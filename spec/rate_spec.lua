local rate = require "appwrite.rate"

describe("appwrite.rate", function()
  it("reads dates as HTTP writes them", function()
    for text, wanted in pairs {
      ["Sun, 06 Nov 1994 08:49:37 GMT"] = 784111777,
      ["Thu, 01 Jan 1970 00:00:00 GMT"] = 0,
      ["Tue, 29 Feb 2000 23:59:59 GMT"] = 951868799,
      ["Fri, 01 Mar 2024 00:00:00 GMT"] = 1709251200,
    } do
      assert.equal(wanted, rate.date(text))
    end
    for _, text in ipairs { "", "soon", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
      "Sun, " .. ("9"):rep(400) .. " Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT" } do
      assert.is_nil(rate.date(text))
    end
    assert.is_nil(rate.date(nil))
  end)

  it("knows how long to wait", function()
    local DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
    for _, case in ipairs {
      { { ["retry-after"] = "7" }, 7 },
      { { ["retry-after"] = "0" }, 0 },
      { { ["retry-after"] = "Sun, 06 Nov 1994 08:49:47 GMT", date = DATE }, 10 },
      { { ["retry-after"] = "Sun, 06 Nov 1994 08:49:47 GMT" }, 7 },
      { { ["retry-after"] = "Sun, 06 Nov 1994 08:49:17 GMT", date = DATE }, 0 },
      { { ["retry-after"] = ("9"):rep(400) }, nil }, { { ["x-ratelimit-reset"] = ("9"):rep(400) }, nil },
      { { ["retry-after"] = "-3" }, nil }, { { ["retry-after"] = "1e3" }, nil }, { {}, nil },
      { { ["x-ratelimit-reset"] = "784111790" }, nil, 10 },
      { { ["x-ratelimit-reset"] = "784111790", date = DATE }, nil, 13 },
      { { ["x-ratelimit-reset"] = "784111770" }, nil, 0 },
      { { ["x-ratelimit-reset"] = "784111790", ["retry-after"] = "2" }, 2, 2 },
    } do
      assert.equal(case[2], rate.wait(case[1], 784111780))
      assert.equal(case[3] or case[2], rate.afterRefusal(case[1], 784111780))
    end
  end)

  it("reads what a server says of its limit", function()
    local headers = { ["x-ratelimit-limit"] = "10", ["x-ratelimit-remaining"] = "3", ["x-ratelimit-reset"] = "1060" }
    assert.same({ limit = 10, remaining = 3, reset = 1060, seconds = 60 }, rate.word(headers, 1000))
    headers.date = "Thu, 01 Jan 1970 00:17:30 GMT"
    assert.equal(10, rate.word(headers, 1000).seconds)
    for name, text in pairs {
      ["x-ratelimit-limit"] = "0", ["x-ratelimit-remaining"] = "many", ["x-ratelimit-reset"] = "",
    } do
      local odd = { ["x-ratelimit-limit"] = "10", ["x-ratelimit-remaining"] = "3", ["x-ratelimit-reset"] = "1060" }
      odd[name] = text
      assert.is_nil(rate.word(odd, 1000), name)
      odd[name] = nil
      assert.is_nil(rate.word(odd, 1000), name)
    end
  end)
end)
