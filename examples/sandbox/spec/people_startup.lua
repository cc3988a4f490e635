-- luacheck: std max+busted
--- What the start-up file says of accounts, and says wrongly.

local sandbox = require "spec.support.sandbox"

local format = string.format

return function()
  local quote, shell = sandbox.quote, sandbox.shell

  it("tells what is wrong with what a start-up file says of accounts", function()
    local ROWS = {
      { "maxSessions = 0", "project.maxSessions must be at least 1, got 0" },
      { 'oauth2 = { "mock", "githib" }', 'project.oauth2 knows no provider "githib"; there are amazon, apple,' },
      { "topics = { {} }", "project.topics[1].id is missing: a string must be given" },
      { 'topics = { { id = "news", subscribe = "users" } }',
        "project.topics[1].subscribe must be a table, got a string" },
    }
    local path = os.tmpname()
    for _, row in ipairs(ROWS) do
      local file = assert(io.open(path, "w"))
      file:write(format('return { id = "x", %s }', row[1]))
      file:close()
      local output, status = shell(format("%s start --project %s", quote(sandbox.SCRIPT), quote(path)))
      assert.equal(1, status, output)
      assert.truthy(output:find("start-up file: " .. row[2], 1, true), output)
    end
    os.remove(path)
  end)
end
