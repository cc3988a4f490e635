-- Every Lua snippet of the README, as it stands there, against the sandbox.

local sandbox = require "spec.support.sandbox"

local function snippets()
  local file = assert(io.open("README.md", "rb"))
  local text = file:read "*a"
  file:close()
  local found, heading = {}, "README"
  local position = 1
  while true do
    local from, to, code = text:find("\n```lua\n(.-)\n```\n", position)
    if not from then
      return found
    end
    for title in text:sub(position, from):gmatch "\n## ([^\n]*)" do
      heading = title
    end
    found[#found + 1] = { heading = heading, code = code }
    position = to
  end
end

local function replace(text, from, to)
  return (text:gsub(from:gsub("%p", "%%%0"), (to:gsub("%%", "%%%%"))))
end

describe("the README", function()
  local server

  setup(function()
    server = sandbox.start {}
  end)

  teardown(function()
    server:stop()
  end)

  local found = snippets()

  it("has snippets", function()
    assert.is_true(#found >= 7)
  end)

  for index, snippet in ipairs(found) do
    it(("runs snippet %d (%s)"):format(index, snippet.heading), function()
      local code = replace(snippet.code, "https://cloud.appwrite.io/v1", server.endpoint)
      code = replace(code, '"my-project"', ('"%s"'):format(server.project))
      local env = setmetatable({
        print = function() end, io = setmetatable({ read = function() end }, { __index = io }),
      }, { __index = _G })
      local chunk
      if setfenv then
        chunk = setfenv(assert(loadstring(code, "=snippet")), env)
      else
        chunk = assert(load(code, "=snippet", "t", env))
      end
      local print_ = print
      rawset(_G, "print", env.print) -- what `appwrite.help` prints
      local ok, problem = pcall(chunk)
      rawset(_G, "print", print_)
      assert(ok, tostring(problem))
    end)
  end
end)
