--- Loads everything while nginx starts, still in its first process: a mistake ends the start with a message, and the
-- worker needs to read nothing later, so it may be a user who cannot.

local persistence = require "server.persistence"
local realtime = require "server.realtime"
local router = require "server.router"
local state = require "server.state"

local main = {}

---@param projectFile string
---@param stateFile? string
function main.load(projectFile, stateFile)
  local project = state.load(projectFile)
  ngx.log(ngx.NOTICE, "sandbox: loaded the project ", project.id, " from ", projectFile)
  if stateFile and stateFile ~= "" then
    persistence.load(stateFile)
  end
end

main.finish = persistence.finish
main.handle, main.banner, main.realtime = router.handle, router.banner, realtime.handle

return main
