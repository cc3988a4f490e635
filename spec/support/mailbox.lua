--- What the sandbox would have sent by mail or as a text message.

local appwrite = require "appwrite"

local mailbox = {}

---The last message to somebody.
---@param server sandbox.Running
---@param to string address or number
---@return table mail { to, subject, text, secret, userId, links }
function mailbox.last(server, to)
  local client = appwrite.new { endpoint = server.endpoint:gsub("/v1$", "/sandbox"), project = server.project }
  local mails = appwrite.check(client:call { path = "/mails", query = { to = to } }).mails
  return mails[#mails] or error("no message to " .. to, 2)
end

return mailbox
