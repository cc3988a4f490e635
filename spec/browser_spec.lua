local browser = require "appwrite.browser"

local URL = "https://example.com/a?b=%2F&c=[1];d"

describe("appwrite.browser", function()
  after_each(function()
    rawset(_G, "love", nil)
    rawset(_G, "sys", nil)
  end)

  it("opens pages of the web only", function()
    local opened = 0
    rawset(_G, "love", { system = { openURL = function() opened = opened + 1 return true end } })
    for _, url in ipairs { "", "file:///etc/passwd", "javascript:alert(1)", "--version", "https://a b", "https://a'b",
      'https://a"b', "https://a\\b", "https://a`b", "https://a|b", "https://a<b", "https://a\n", "https://\195\188",
      " https://a", "HTTPS://a", "https://" } do
      local ok, problem = browser.open(url)
      assert.is_nil(ok)
      assert.equal("a browser opens http and https URLs only, percent-encoded", problem)
    end
    assert.equal(0, opened)
  end)

  it("asks the game engine where there is one", function()
    local given
    local function take(url)
      given = url
      return true
    end
    rawset(_G, "love", { system = { openURL = take } })
    assert.is_true(browser.open(URL))
    assert.equal(URL, given)
    given = nil
    rawset(_G, "love", nil)
    rawset(_G, "sys", { open_url = take })
    assert.is_true(browser.open(URL))
    assert.equal(URL, given)
  end)

  it("says that the engine could not", function()
    rawset(_G, "love", { system = { openURL = function() return false end } })
    local ok, problem = browser.open(URL)
    assert.is_nil(ok)
    assert.equal("the game engine opened no browser", problem)
  end)

  it("does not take a program's own tables for an engine", function()
    local core = package.loaded["appwrite.core"]
    local given
    package.loaded["appwrite.core"] = { browse = function(url) given = url return true end }
    for _, love in ipairs { "peace", {} } do -- LÖVE's without its part for the system is one, too
      rawset(_G, "love", love)
      rawset(_G, "sys", {})
      given = nil
      local ok = browser.open(URL)
      assert.is_true(ok)
      assert.equal(URL, given)
    end
    package.loaded["appwrite.core"] = core
  end)
end)
