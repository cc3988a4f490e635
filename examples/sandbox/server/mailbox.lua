--- Where mails and text messages go: nothing leaves this process. GET /sandbox/mails reads them, oldest first, with
-- `project`, `to` or `userId` in the query only those; DELETE /sandbox/mails empties the box.

local clock = require "server.clock"
local control = require "server.control"
local json = require "server.json"
local response = require "server.response"
local state = require "server.state"
local validation = require "server.validation"

local mailbox = {}

---@class sandbox.Mail
---@field kind "email"|"sms"
---@field to string address or number
---@field subject string "" for a text message
---@field text string
---@field secret string what a client confirms with
---@field userId string
---@field links? string[] those in the text

---@param project sandbox.Project
---@param mail sandbox.Mail
function mailbox.send(project, mail)
  mail.id, mail.createdAt = clock.id(), clock.iso()
  project.mails[#project.mails + 1] = mail
end

local function model(project, mail)
  return json.object("$id", mail.id, "$createdAt", mail.createdAt, "project", project.id, "kind", mail.kind,
    "to", mail.to, "subject", mail.subject, "text", mail.text, "secret", mail.secret, "userId", mail.userId,
    "links", json.array(mail.links))
end

local function fits(filter, mail)
  return (not filter.to or mail.to == filter.to:lower()) and (not filter.userId or mail.userId == filter.userId)
end

local FILTER = {
  { "project", validation.text(36), optional = true }, { "to", validation.text(254), optional = true },
  { "userId", validation.text(36), optional = true },
}

local function inOrder(projects)
  local ids = {}
  for id in pairs(projects) do
    ids[#ids + 1] = id
  end
  table.sort(ids)
  return ids
end

control.add("GET", "/mails", {
  params = FILTER,
  handler = function(request)
    local list = json.array()
    for _, id in ipairs(inOrder(state.projects)) do
      local project = state.projects[id]
      for _, mail in ipairs((request.params.project or id) == id and project.mails or {}) do
        list[#list + 1] = fits(request.params, mail) and model(project, mail) or nil
      end
    end
    return response.json(200, json.object("total", #list, "mails", list))
  end,
})

control.add("DELETE", "/mails", {
  handler = function()
    for _, project in pairs(state.projects) do
      project.mails = {}
    end
    return response.empty()
  end,
})

return mailbox
