-- fork_transfers.lua ENDPOINT PROJECT DIRECTORY: sends one file and fetches another, and forks in the middle of both. The
-- children end as programs do: buffers are written, the Lua state is closed, and C's exit runs.

local appwrite = require "appwrite"
local forking = require "spec.support.forking"

-- Progress is told at every step, not as often as people can see: a fast transfer would be over by then.
local progress = require "appwrite.progress"
local newReporter, ticks = progress.new, 0
function progress.new(onProgress)
  return newReporter(onProgress, function()
    ticks = ticks + 1
    return ticks
  end)
end

local endpoint, project, directory = arg[1], arg[2], arg[3]
local SIZE = 21 * 1024 * 1024 -- several chunks of the one, several ranges of the other

local client = appwrite.new { endpoint = endpoint, project = project, key = "sandbox-key" }

local function bytes(seed)
  local list = {}
  for index = 1, SIZE / 16 do
    list[index] = ("%s%14d\n"):format(seed, index)
  end
  return table.concat(list)
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  assert(file:close())
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local up, down = bytes "u", bytes "d"
write(directory .. "/up", up)
write(directory .. "/source", down)
assert(client.storage.createFile { bucketId = "files", fileId = "down",
  file = appwrite.InputFile.fromPath(directory .. "/source") })

local reached, running = { up = 0, down = 0 }, {}

local function forkTwice()
  local native = forking.native()
  for _, closes in ipairs { true, false } do
    local id = native.fork()
    if id == 0 then
      appwrite.run()
      for name, task in pairs(running) do
        local result, err = task:await()
        if result or err.kind ~= "cancelled" then
          io.stderr:write("in the child: ", name, ": ", tostring(err), "\n")
          os.exit(1)
        end
      end
      os.exit(0, closes)
    end
    assert(native.wait(id) == 0)
  end
end

running.up = appwrite.spawn(function()
  return client.storage.createFile({
    bucketId = "files", fileId = "up", file = appwrite.InputFile.fromPath(directory .. "/up"),
  }, { onProgress = function(p) reached.up = p.progress end })
end)
running.down = appwrite.spawn(function()
  return client.storage.getFileDownload({ bucketId = "files", fileId = "down" }, {
    to = directory .. "/down", onProgress = function(p) reached.down = p.progress end,
  })
end)

-- In the middle of each.
local ended = {}
while next(running) do
  appwrite.poll(0.001)
  for name, task in pairs(running) do
    if reached[name] >= 30 then
      assert(task.status == "running", name .. " was too fast")
      forkTwice()
      running[name] = nil
      ended[#ended + 1] = task
    end
  end
end
for _, task in ipairs(ended) do
  assert(task:await())
end
assert(client.storage.getFileDownload({ bucketId = "files", fileId = "up" }, { to = directory .. "/back" }))
assert(read(directory .. "/back") == up, "what was sent is not what was there")
assert(read(directory .. "/down") == down, "what was fetched is not what was there")
print "sent and fetched"
