-- luacheck: std max+busted
--- Reads the sandbox's mailbox.

local inbox = {}

---@param t sandbox.SpecClient
---@param query string such as "?to=ada@example.com"
---@return table[] mails oldest first
function inbox.list(t, query)
  local server = t.server
  local answer = t.call("GET", "/sandbox/mails" .. query, {
    server = { endpoint = server.endpoint:gsub("/v1$", ""), project = server.project },
  })
  local mails = t.expect(200, answer)
  assert.equal(#mails.mails, mails.total)
  return mails.mails
end

---The newest mail to somebody.
---@param t sandbox.SpecClient
---@param to string
---@return table mail
function inbox.last(t, to)
  local mails = inbox.list(t, "?to=" .. to:gsub("%+", "%%2B"))
  return mails[#mails] or error("no mail to " .. to)
end

return inbox
