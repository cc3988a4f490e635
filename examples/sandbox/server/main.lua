--- Loads everything while nginx starts, still in its first process: a mistake ends the start with a message, and the
-- worker needs to read nothing later, so it may be a user who cannot.

local router = require "server.router"
local state = require "server.state"

local main = {}

---@param projectFile string
function main.load(projectFile)
  local project = state.load(projectFile)
  ngx.log(ngx.NOTICE, "sandbox: loaded the project ", project.id, " from ", projectFile)
end

main.handle, main.banner = router.handle, router.banner

return main
