local Link = require "appwrite.link"

describe("appwrite.Link", function()
  it("reads the links of mails, however they come", function()
    local ROWS = {
      { "http://localhost/verify?userId=ada&secret=5ec0de&expire=2026-01-02T03%3A04%3A05.678%2B00%3A00",
        { userId = "ada", secret = "5ec0de", expire = "2026-01-02T03:04:05.678+00:00" } },
      { "  https://example.com:8080/join?membershipId=m&userId=u&secret=s&teamId=t#top\n",
        { membershipId = "m", userId = "u", secret = "s", teamId = "t" } },
      { "<https://example.com/?userId=u&\r\n secret=s>", { userId = "u", secret = "s" } },
      { "my-game+1://open?secret=a%2Bb+c&empty=&bare&secret=%41%e4%zz", { secret = "A\228%zz", empty = "", bare = "" } },
      { "http://:@localhost/ok?mine=1&secret=s&userId=u#", { mine = "1", secret = "s", userId = "u" } },
    }
    for _, row in ipairs(ROWS) do
      assert.same(row[2], Link.parse(row[1]))
    end
  end)

  it("says what is wrong, and does not repeat the text", function()
    for _, text in ipairs { "", "abcdef", "example.com/?secret=abcdef", "https://example.com/#?secret=abcdef" } do
      local fields, problem = Link.parse(text)
      assert.is_nil(fields)
      assert.matches("this is no link", problem)
      assert.is_nil(problem:find "abcdef")
    end
    for _, text in ipairs { "https://example.com/?userId=u&secret=", "https://example.com/?userId=u" } do
      local fields, problem = Link.parse(text)
      assert.is_nil(fields)
      assert.equal("there is no secret in this link; copy all of it", problem)
    end
  end)

  it("takes texts only", function()
    local ok, message = pcall(Link.parse, {})
    assert.is_false(ok)
    assert.matches("Link.parse: the link must be a string, got table", message)
  end)
end)
