-- luacheck: std max+busted
--- Lists of countries, languages and the like.

---@param t sandbox.SpecClient
return function(t)
  local call, expect = t.call, t.expect

  describe("locale", function()
    it("knows where the caller is as little as a server on a loopback address", function()
      local answer = call("GET", "/locale")
      assert.equal('{"ip":"127.0.0.1","countryCode":"--","country":"Unknown","continentCode":"--",'
        .. '"continent":"Unknown","eu":false,"currency":""}', answer.body)
      assert.equal("public, max-age=3888000", answer.headers["cache-control"])
    end)

    local LISTS = {
      { "/locale/countries", "countries", 200, '{"name":"Germany","code":"DE"}' },
      { "/locale/countries/eu", "countries", 27, '{"name":"Sweden","code":"SE"}' },
      { "/locale/countries/phones", "phones", 100, '{"code":"+43","countryCode":"AT","countryName":"Austria"}' },
      { "/locale/continents", "continents", 7, '{"name":"South America","code":"SA"}' },
      { "/locale/languages", "languages", 150, '{"name":"German","code":"de","nativeName":"Deutsch"}' },
      { "/locale/currencies", "currencies", 80, '{"symbol":"\226\130\172","name":"Euro","symbolNative":"\226\130\172",'
        .. '"decimalDigits":2,"rounding":0,"code":"EUR","namePlural":"Euro"}' },
      { "/locale/codes", "localeCodes", 100, '{"code":"de-at","name":"German (Austria)"}' },
    }

    for _, row in ipairs(LISTS) do
      it("lists " .. row[1], function()
        local answer = call("GET", row[1])
        local list = expect(200, answer)
        assert.equal(list.total, #list[row[2]])
        assert.is_true(list.total >= row[3], "only " .. list.total)
        assert.truthy(answer.body:find(row[4], 1, true), answer.body)
      end)
    end

    it("translates names of countries for an exact code", function()
      local ROWS = {
        { "?locale=de", nil, "Schweden" }, { "", "de", "Schweden" }, { "", "pt-br", "Su\195\169cia" },
        { "", "pt-BR", "Sweden" }, { "", "../de", "Sweden" }, { "", nil, "Sweden" },
      }
      for _, row in ipairs(ROWS) do
        local answer = call("GET", "/locale/countries/eu" .. row[1], { headers = { ["x-appwrite-locale"] = row[2] } })
        assert.truthy(answer.body:find('{"name":"' .. row[3] .. '","code":"SE"}', 1, true), answer.body)
      end
    end)
  end)
end
