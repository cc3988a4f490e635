--- A program that is killed while it stores its session. APPWRITE_SPEC_KILLS says how many times; 50 otherwise.

local appwrite = require "appwrite"
local core = require "appwrite.core"
local lfs = require "lfs"
local process = require "spec.support.process"

local format = string.format
local quote = process.quote

local KILLS = tonumber(os.getenv "APPWRITE_SPEC_KILLS") or 50
local ENDPOINT, PROJECT = "http://127.0.0.1:1/v1", "p"
local LENGTHS = { 300, 5000, 60000 } -- bytes: a buffer's worth, and more
local SAVES = 8 -- about as many are done before the latest kill

describe("a program that is killed while it stores its session", function()
  local directory, path, longest

  setup(function()
    directory = process.directory()
    path = directory .. "/session"
  end)

  teardown(function()
    process.removeDirectory(directory)
  end)

  local function read(name)
    local file = io.open(name, "rb")
    local text = file and file:read "*a"
    if file then
      file:close()
    end
    return text
  end

  -- Disks differ.
  local function timeOfSave()
    local client = appwrite.new { endpoint = ENDPOINT, project = PROJECT, store = path }
    local start = core.monotonic()
    for round = 1, SAVES do
      client:set("session", "round " .. round)
    end
    return (core.monotonic() - start) / SAVES
  end

  -- It is killed by its id, after it has said that it runs.
  local function runAndKill(name, length)
    local command = format("%s %s %s %s %s %d", process.luaCommand "spec/support/store_child.lua", ENDPOINT, PROJECT,
      quote(path), name, length)
    local output = process.run(format(
      "mkfifo %s/said; (%s) >%s/said & pid=$!; read word <%s/said; sleep %.4f; kill -9 $pid; wait $pid; echo $? $word",
      directory, command, directory, directory, longest * math.random()))
    assert(os.remove(directory .. "/said"))
    assert.truthy(output:find("137 running", 1, true), output)
  end

  local function beside()
    local names = {}
    for entry in lfs.dir(directory) do
      if entry ~= "." and entry ~= ".." and entry ~= "session" then
        names[#names + 1] = entry
      end
    end
    return names
  end

  -- The round of the session that is there, which is whole.
  local function roundOf(name, length)
    local text = read(path)
    local session = text and text:match "\nsession (%S+)\nend\n$"
    assert.is_string(session, "there is no whole session")
    assert.equal(length, #session)
    local round = session:match("^" .. name .. "(%d+)%.x+$")
    return assert(tonumber(round), "it is another's")
  end

  it(format("leaves the old or the new one, %d times", KILLS), function()
    appwrite.new({ endpoint = ENDPOINT, project = PROJECT, store = path }):set("session", "the first")
    longest = SAVES * timeOfSave()
    local rounds, leftovers, kept = 0, 0, assert(read(path))
    for kill = 1, KILLS do
      local length = LENGTHS[kill % #LENGTHS + 1]
      local name = format("kill%d_", kill)
      runAndKill(name, length)
      local text = read(path)
      if text ~= kept then -- else it was killed before its first save, and the old one is there
        rounds, kept = rounds + roundOf(name, length), text
      end
      assert.equal("rw-------", lfs.attributes(path, "permissions"))
      for _, entry in ipairs(beside()) do -- it had this name already, and was about to get that of the store
        assert.truthy(entry:find "^%.appwrite%-%x+%.part$", entry)
        assert.equal("rw-------", lfs.attributes(directory .. "/" .. entry, "permissions"))
        leftovers = leftovers + 1
      end
      local client = appwrite.new { endpoint = ENDPOINT, project = PROJECT, store = path }
      assert.is_true(client:has "session")
      assert.same({}, beside())
    end
    assert.is_true(rounds > KILLS, "hardly anything was saved")
    if os.getenv "APPWRITE_SPEC_FIGURES" then
      print(format("%d kills, %d sessions saved, %d temporary files until the next start", KILLS, rounds, leftovers))
    end
  end)

  it("has nothing of a session that is over in its directory", function()
    local client = appwrite.new { endpoint = ENDPOINT, project = PROJECT, store = path }
    client:set("session", "hunter2")
    assert.truthy(read(path):find("hunter2", 1, true))
    client:forget()
    assert.same({}, beside())
    assert.is_nil(lfs.attributes(path))
  end)
end)
