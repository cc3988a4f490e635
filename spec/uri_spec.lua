local uri = require "appwrite.uri"

describe("appwrite.uri", function()
  it("encodes path segments by RFC 3986", function()
    assert.equal("AZaz09._~-", uri.segment("AZaz09._~-"))
    assert.equal("a%2Fb%3Fc%23d%25e%20f%2B", uri.segment("a/b?c#d%e f+"))
    assert.equal("%F0%9F%99%82", uri.segment("\240\159\153\130"))
    assert.equal("...", uri.segment("..."))
  end)

  it("keeps every byte inside one segment", function()
    for code = 0, 255 do
      local encoded = uri.segment("x" .. string.char(code))
      assert.truthy(encoded:find("^[A-Za-z0-9._~%%-]+$"), "byte " .. code)
    end
  end)

  it("refuses segments that change the path", function()
    for text, problem in pairs { [""] = "must not be empty", ["."] = 'must not be "."', [".."] = 'must not be ".."' } do
      local encoded, message = uri.segment(text)
      assert.is_nil(encoded)
      assert.truthy(message:find(problem, 1, true))
    end
  end)

  it("encodes queries as forms do", function()
    assert.equal("a+b", uri.form("a b"))
    assert.equal("*-._", uri.form("*-._"))
    assert.equal("%7E%2B%26%3D%2F%5B0%5D", uri.form("~+&=/[0]"))
    assert.equal("%C3%BC", uri.form("\195\188"))
    assert.equal("%00%0D%0A", uri.form("\0\r\n"))
  end)

  it("reads queries, leniently", function()
    assert.same({}, uri.fields "")
    assert.same({ a = "1", b = "x y", c = "\195\188+", d = "", e = "=1" }, uri.fields "a=0&a=1&b=x+y&c=%C3%bc%2B&d&&e==1")
    assert.same({ ["100%"] = "%G1", [""] = "v" }, uri.fields "100%=%G1&=v")
  end)

  it("strips what may be secret from a URL", function()
    assert.equal("https://example.com:8/p", uri.withoutSecrets("https://example.com:8/p?secret=1#x"))
    assert.equal("https://example.com/", uri.withoutSecrets("https://user:pw@example.com/?a"))
  end)
end)
