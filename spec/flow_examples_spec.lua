local flowExamples = require "spec.support.flow_examples"
local process = require "spec.support.process"
local sandbox = require "spec.support.sandbox"

local LINES = 60

-- What each says at its end, where all went well.
local SAYS = {
  anonymous_to_account = "an account: %w+, Ada, level 3$",
  email_code = "refused:        Invalid token .*logged in:      [%w@.]+\nuntil:          20",
  email_verification = "address: false, number: false\naddress: true, number: true$",
  invitation = "has joined: false\njoined:   [%w@.]+ as reader\nmembers:  2 of Analysts$",
  magic_url = "logged in:     [%w@.]+, by magic%-url$",
  mfa = "█.*Keep these: %w+ %w+.*logged in:  [%w@.]+\nlogged in:  [%w@.]+$",
  password_recovery = "refused: .*before:     user_invalid_credentials\nlogged in:  [%w@.]+$",
  phone_code = "logged in:  %w+\nnumber:     %+49%d+$",
}

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local function files()
  local output, status = process.run "ls examples/flows/"
  assert.equal(0, status)
  local names = {}
  for name in output:gmatch "([^\n]+)%.lua\n" do
    names[#names + 1] = name
  end
  return names
end

describe("examples/flows", function()
  local server

  setup(function()
    server = sandbox.start {}
  end)

  teardown(function()
    server.stop()
  end)

  it("are these", function()
    local known = { "oauth2" }
    for _, name in ipairs(flowExamples.NAMES) do
      known[#known + 1] = name
    end
    table.sort(known)
    assert.same(known, files())
  end)

  for _, name in ipairs(flowExamples.NAMES) do
    it("run: " .. name, function()
      assert.matches(SAYS[name], flowExamples.run(name, server))
    end)
  end

  it("run: oauth2, in the system's browser", function()
    local output, status = flowExamples.runOAuth2(server)
    assert.equal(0, status, output)
    assert.matches("^waiting for the browser … 0\n.*signed in:  User Name <useroauth@localhost.test>, by oauth2\n$",
      output)
  end)

  it("are short, and begin with what they show", function()
    for _, name in ipairs(files()) do
      local text = read("examples/flows/" .. name .. ".lua")
      local _, lines = text:gsub("\n", "")
      assert.is_true(lines < LINES, name .. " has " .. lines .. " lines")
      assert.matches("^%-%- %u.-[.:]", text)
      assert.truthy(text:find("examples/run flows/" .. name, 1, true), name)
    end
  end)
end)
