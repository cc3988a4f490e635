local clientOptions = require "appwrite.client_options"
local operations = require "appwrite.operations"

describe("appwrite.client_options", function()
  it("splits what goes to the transport from the rest", function()
    local given = {
      project = "p", key = "k", endpoint = "https://example.com/v1", timeout = 3, nulls = "keep", validate = "loose",
      proxy = "http://127.0.0.1:3128", headers = { ["X-A"] = "1" },
    }
    assert.is_nil(clientOptions.checkNew(given))
    assert.same({
      project = "p", key = "k", endpoint = "https://example.com/v1", proxy = "http://127.0.0.1:3128",
      headers = { ["X-A"] = "1" },
    }, clientOptions.forOpen(given))
    assert.same({ project = "p", key = "k", headers = { ["X-A"] = "1" } }, clientOptions.forFork(given))
  end)

  it("says what is wrong with a client's options", function()
    for part, given in pairs {
      ['"project" is missing'] = {}, ["mean the same"] = { project = "p", endpoint = "a", basePath = "b" },
      ["must be a string, got number"] = { project = 5 }, ['did you mean "timeout"?'] = { project = "p", timout = 3 },
      ["transport"] = { project = "p", transport = 5 },
      ["must not contain CR"] = { project = "p", headers = { a = "b\r\n" } },
      ["must be a table, got nil"] = false,
      ["limit\" must have requests and seconds"] = { project = "p", limit = { seconds = 1 } },
      ["must have requests and seconds: so many"] = { project = "p", limit = { requests = 1 } },
    } do
      local problem = clientOptions.checkNew(given or nil)
      assert.truthy(problem:find(part, 1, true), problem)
    end
    assert.truthy(clientOptions.checkWith { endpoint = "https://example.com" }:find("endpoint", 1, true))
    assert.is_nil(clientOptions.checkWith { jwt = "j", timeout = 0 })
  end)

  it("says what goes with which operation", function()
    local get, bytes, upload = operations.find "account.getCurrentUser", operations.find "avatars.getUserInitials",
      operations.find "storage.createFile"
    local function report() end
    assert.is_nil(clientOptions.checkCall(bytes, { to = "x", onProgress = report, timeout = 1 }))
    assert.is_nil(clientOptions.checkCall(upload, { onProgress = report }))
    assert.truthy(clientOptions.checkCall(upload, { to = "x" }):find('"to"', 1, true))
    assert.truthy(clientOptions.checkCall(get, { onProgress = report }):find('"onProgress"', 1, true))
    assert.truthy(clientOptions.checkCall(get, { headers = { a = 1 } }):find('"a"', 1, true))
    assert.is_nil(clientOptions.checkCall(bytes, { retry = false }))
    for _, given in ipairs { { to = "x" }, { onProgress = report } } do
      given.retry = true
      assert.truthy(clientOptions.checkCall(bytes, given):find('"retry" goes with calls of one request', 1, true))
    end
  end)
end)
