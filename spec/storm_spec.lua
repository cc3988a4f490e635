local appwrite = require "appwrite"
local scheduler = require "appwrite.scheduler"
local storm = require "spec.support.storm"

-- What the issue asks for: 100 calls against a server that admits ten a second. All succeed, and hardly more is sent.
describe("A storm of calls", function()
  local CALLS = 100
  local MOST = CALLS * 1.1
  local FEW = 40
  local server

  setup(function()
    server = storm.start()
  end)

  teardown(function()
    server:stop()
  end)

  local function clientOf(way, options)
    options.endpoint, options.project = server:endpoint(way), "p"
    return appwrite.new(options)
  end

  local function write(client)
    assert(client.databases.createDocument { databaseId = "d", collectionId = "c", documentId = "unique()", data = {} })
  end

  local function allAtOnce(client)
    return function()
      local begun, list = scheduler.now(), {}
      for index = 1, CALLS do
        list[index] = function() write(client) end
      end
      appwrite.all(list)
      return scheduler.now() - begun
    end
  end

  local function check(way, seconds)
    local requests, refused = server:counts(way)
    assert.equal(CALLS, requests - refused)
    assert.is_true(requests <= MOST, way .. ": " .. requests .. " requests")
    assert.is_true(seconds >= 8.5 and seconds < 20, way .. ": " .. seconds .. " s")
  end

  it("waits for its turn, by what the server says of its limit, or by a limit of one's own", function()
    local told, silent = appwrite.all {
      allAtOnce(clientOf("told", { limit = true })),
      allAtOnce(clientOf("silent", { limit = { requests = 10, seconds = 1 } })),
    }
    check("told", told)
    check("silent", silent)
  end)

  it("is slowed down by retries alone where the calls go one after another", function()
    local requests, refused = server:counts "told"
    local client = clientOf("told", {})
    for _ = 1, FEW do
      write(client)
    end
    local after, refusedAfter = server:counts "told"
    assert.equal(FEW, after - requests - (refusedAfter - refused))
    -- One is refused in each second, and at the beginning the window may be partly over.
    assert.is_true(after - requests <= FEW * 1.1 + 1, after - requests)
  end)

  it("gets through a server that fails two times out of three", function()
    local client = clientOf("flaky", { retry = { attempts = 3, base = 0.001 } })
    for _ = 1, 50 do
      local result, _, response = client.databases.getDocumentById { databaseId = "d", collectionId = "c",
        documentId = "x" }
      assert.equal("x", result["$id"])
      assert.equal(3, response.attempts)
    end
    local requests, refused = server:counts "flaky"
    assert.same({ 150, 100 }, { requests, refused })
  end)
end)
