--- Several files at once inside of real nginx, and requests whose client hangs up while they are under way.

local appwrite = require "appwrite"
local lfs = require "lfs"
local process = require "spec.support.process"
local raw = require "spec.support.raw_http"
local sandbox = require "spec.support.sandbox"
local socket = require "socket"
local workers = require "spec.support.nginx_workers"

local format = string.format

local SIZE = 12 * 1024 * 1024
local ROUNDS = 12

local HTTP = [[
  server {
    listen 127.0.0.1:%PORT1%;
    default_type text/plain;
    lua_check_client_abort on;
    location / { content_by_lua_block { require("spec.support.transfers_nginx").serve() } }
  }
]]

workers.build()

describe("files in nginx", function()
  local server, front, directory, bytes

  local function read(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read "*a"
    file:close()
    return text
  end

  setup(function()
    server = sandbox.start()
    directory = process.directory()
    local source = directory .. "/source.bin"
    process.run(format("head -c %d /dev/urandom > %s", SIZE, process.quote(source)))
    bytes = read(source)
    local client = appwrite.new { endpoint = server.endpoint, project = server.project, key = "sandbox-key" }
    assert(client.storage.createFile {
      bucketId = "files", fileId = "there", file = appwrite.InputFile.fromPath(source),
    })
    front = workers.start {
      http = HTTP, main = "thread_pool default threads=2;",
      initWorker = format("require('spec.support.transfers_nginx').open(%q, %q, %q)", server.endpoint, server.project,
        directory),
    }
  end)

  teardown(function()
    front:stop()
    server.stop()
    process.removeDirectory(directory)
  end)

  local function ask(path)
    local answer = raw.receive(raw.send(front.port, path))
    assert.equal(200, answer.status, answer.body)
    return answer.body
  end

  -- What is there beside the source. A file that came is whole.
  local function takeAway()
    local names = {}
    for name in lfs.dir(directory) do
      if name ~= "." and name ~= ".." and name ~= "source.bin" then
        assert.truthy(name:find "^down%d$", name)
        assert.is_true(read(directory .. "/" .. name) == bytes)
        names[#names + 1] = directory .. "/" .. name
      end
    end
    for _, name in ipairs(names) do
      os.remove(name)
    end
    return #names
  end

  it("come and go in light threads", function()
    local expected = {}
    for lane = 1, 3 do
      expected[#expected + 1] = format("up%d 3, down%d %d, stream%d %d", lane, lane, SIZE, lane, SIZE)
    end
    assert.equal(table.concat(expected, ", "), ask "/move")
    assert.equal(3, takeAway())
    assert.equal("0 0", ask "/left")
  end)

  it("leave nothing where the client hangs up", function()
    for _ = 1, ROUNDS do
      local leaving = raw.send(front.port, "/move")
      socket.sleep(0.15 * math.random()) -- any moment of it
      leaving:close()
      workers.untilTrue("something stays under way or open", function()
        return ask "/left" == "0 0"
      end)
      takeAway()
    end
    assert.truthy(ask("/move"):find "^up1 3")
    takeAway()
  end)
end)
