local fake = require "appwrite.transport.fake"

-- A module of its own for each test: the default client must not leak from one to the next.
local function fresh()
  package.loaded.appwrite = nil
  local appwrite = require "appwrite"
  package.loaded.appwrite = nil
  return appwrite
end

local function raised(fn)
  local ok, message = pcall(fn)
  assert.is_false(ok)
  return tostring(message)
end

describe("appwrite", function()
  it("shows its parts", function()
    local appwrite = fresh()
    for _, name in ipairs { "new", "setup", "array", "object", "int64" } do
      assert.is_function(appwrite[name])
    end
    for _, name in ipairs { "ID", "Query", "Permission", "Role", "InputFile", "Error", "json" } do
      assert.is_table(appwrite[name])
    end
    assert.is_not_nil(appwrite.null)
    assert.truthy(appwrite.VERSION:find("^%d+%.%d+%.%d+"))
  end)

  it("checks what a call gave, on every Lua", function()
    local appwrite = fresh()
    local err = appwrite.Error.new { kind = "network", message = "gone" }
    assert.same({ 1, nil, 3 }, { appwrite.check(1, nil, 3) })
    local ok, raisedError = pcall(appwrite.check, nil, err)
    assert.is_false(ok)
    assert.equal(err, raisedError)
    for _, none in ipairs { { n = 0 }, { false, n = 1 } } do
      local said = raised(function() appwrite.check(none[1]) end)
      assert.truthy(said:find("neither a result nor an error", 1, true))
    end
  end)

  it("names the nearest part", function()
    local appwrite = fresh()
    assert.truthy(raised(function() return appwrite.Qeury end):find('appwrite has no "Qeury"; did you mean "Query"?', 1, true))
    assert.truthy(raised(function() return appwrite.somethingElse end):find('appwrite has no "somethingElse"$'))
  end)

  it("serves a default client after setup", function()
    local appwrite = fresh()
    assert.truthy(raised(function() return appwrite.account end):find("appwrite.account needs a client: call appwrite.setup", 1, true))
    local server = fake.new():on("GET", "/account", { json = { name = "Ada" } })
    local client = appwrite.setup { project = "p", transport = server }
    assert.equal("Ada", appwrite.account.getCurrentUser().name)
    assert.equal(client.account, appwrite.account)
  end)

  it("says that its functions are called with a dot", function()
    local appwrite = fresh()
    for _, name in ipairs { "new", "setup" } do
      local message = raised(function() return (appwrite[name](appwrite, { project = "p" })) end)
      assert.truthy(message:find("appwrite_spec.lua", 1, true), message)
      assert.truthy(message:find("appwrite." .. name .. " is called with a dot", 1, true), message)
    end
  end)

  local wrong = {
    { nil, "options must be a table, got nil" },
    { {}, 'option "project" is missing' },
    { { project = "p", endpont = "x" }, 'unknown option "endpont"; did you mean "endpoint"?' },
    { { project = 5 }, 'option "project" must be a string, got number 5' },
    { { project = "p", endpoint = "http://a/", basePath = "http://a/" }, 'options "endpoint" and "basePath" mean the same' },
    { { project = "p", validate = "none" }, 'option "validate" must be "strict" or "loose", got "none"' },
    { { project = "p", headers = { a = "\n" } }, 'header "a" must not contain' },
  }
  for _, case in ipairs(wrong) do
    it("refuses at the caller's line: " .. case[2], function()
      local appwrite = fresh()
      for _, name in ipairs { "new", "setup" } do
        local line
        local message = raised(function()
          line = debug.getinfo(1, "l").currentline + 1
          appwrite[name](case[1])
        end)
        local expected = ("appwrite_spec.lua:%d: appwrite.%s: %s"):format(line, name, case[2])
        assert.truthy(message:find(expected, 1, true), message)
      end
    end)
  end

  for _, endpoint in ipairs {
    "example.com/v1", "ftp://example.com/v1", "file:///etc/passwd", "https://user:hunter2@example.com/v1",
    "https://example.com/v1?x=1", "https://example.com/v1#x", "http://", "http://exa mple.com/", "", "http://a\r\nb/",
  } do
    it("refuses the endpoint " .. ("%q"):format(endpoint):gsub("%c", "?"), function()
      local message = raised(function() fresh().new { project = "p", endpoint = endpoint } end)
      assert.truthy(message:find("endpoint", 1, true), message)
      assert.truthy(message:find("appwrite_spec.lua:", 1, true), message)
      assert.is_nil(message:find("hunter2", 1, true))
    end)
  end

  it("takes an endpoint with and without a slash at its end, and basePath", function()
    local appwrite = fresh()
    for _, option in ipairs { "endpoint", "basePath" } do
      for _, slash in ipairs { "", "/" } do
        local client = appwrite.new { project = "p", [option] = "http://127.0.0.1:9/v1" .. slash }
        assert.equal("appwrite.Client (http://127.0.0.1:9/v1, project p)", tostring(client))
      end
    end
    assert.equal("appwrite.Client (https://cloud.appwrite.io/v1, project p)", tostring(appwrite.new { project = "p" }))
  end)

  it("refuses credentials that would end a header", function()
    local message = raised(function() fresh().new { project = "p", key = "hunter2\r\nx: y" } end)
    assert.truthy(message:find("key", 1, true), message)
    assert.is_nil(message:find("hunter2", 1, true))
  end)

  it("loads little", function()
    local kept = {}
    for name in pairs(package.loaded) do
      if name:find("^appwrite%.") then
        kept[name] = package.loaded[name]
        package.loaded[name] = nil
      end
    end
    fresh().new { project = "p", transport = fake.new() }
    local loaded = {}
    for name in pairs(package.loaded) do
      if name:find("^appwrite%.services") or name == "appwrite.query" or name == "appwrite.upload" then
        loaded[#loaded + 1] = name
      end
    end
    for name, module in pairs(kept) do
      package.loaded[name] = module
    end
    assert.same({}, loaded)
  end)
end)
