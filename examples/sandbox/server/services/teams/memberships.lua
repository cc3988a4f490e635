--- The teams service: invitations and members.

local accounts = require "server.accounts"
local clock = require "server.clock"
local crypto = require "server.crypto"
local errors = require "server.errors"
local events = require "server.events"
local hosts = require "server.hosts"
local json = require "server.json"
local mailbox = require "server.mailbox"
local queries = require "server.queries"
local response = require "server.response"
local roster = require "server.roster"
local selection = require "server.selection"
local urls = require "server.urls"
local validation = require "server.validation"

local format, gsub = string.format, string.gsub

local TEAM, MEMBERSHIP = { "teamId", validation.uid }, { "membershipId", validation.uid }
local ROLES = { "roles", validation.list(validation.text(32), 100) }
local SECRET_DIGITS = 256

local SCHEMA = {
  attributes = {
    ["$id"] = { type = "string" }, ["$createdAt"] = { type = "datetime" }, ["$updatedAt"] = { type = "datetime" },
    userId = { type = "string" }, teamId = { type = "string" }, invited = { type = "datetime" },
    joined = { type = "datetime" }, confirm = { type = "boolean" },
  },
  fail = queries.failParam,
}

local function findMembership(request, problem)
  local membership = request.project.memberships:get(request.params.membershipId)
  return membership or errors.raise(problem)
end

local function given(text)
  return text ~= "" and text or nil
end

local function checkSame(wished, known, what)
  if wished and wished:lower() ~= known then
    errors.raise("user_already_exists", format("Given %s doesn't match", what))
  end
end

-- Who is invited, if he is there already. One of the three ways to name him counts, the others must agree with it.
local function findInvitee(request)
  local project, params = request.project, request.params
  local id, email, phone = params.userId, params.email, params.phone
  if id then
    local user = project.users:get(id) or errors.raise("user_not_found", "User with given userId doesn't exist.")
    checkSame(email, user.email, "userId and email")
    checkSame(phone, user.phone, "userId and phone")
    return user
  elseif email then
    local user = project:userByEmail(email)
    if user then
      checkSame(phone, user.phone, "email and phone")
    end
    return user
  end
  return project:userByPhone(phone)
end

local function addInvitee(request)
  local project, params = request.project, request.params
  if params.email and accounts.isIdentityOfOther(project, params.email) then
    errors.raise "user_email_already_exists"
  elseif params.phone and project:userByPhone(params.phone) then
    errors.raise "user_already_exists"
  end
  return project:addUser {
    id = clock.id(), email = params.email, phone = params.phone, noTargets = true,
    name = params.name and given(params.name) or params.email and params.email:lower() or "",
  }
end

-- An invitation goes to the mail address, or to the telephone of whom has none.
local function invite(request, team, user, membership, secret)
  local project = request.project
  local link = urls.with(request.params.url, {
    { "membershipId", membership.id }, { "userId", user.id }, { "secret", secret }, { "teamId", team.id },
  })
  local text = format("You are invited to the team %s of %s. Follow this link to join:\n%s", team.name, project.name,
    link)
  mailbox.send(project, {
    kind = user.email and "email" or "sms", to = user.email or user.phone,
    subject = user.email and format("Invitation to %s at %s", team.name, project.name) or "", text = text,
    secret = secret, userId = user.id, links = { link },
  })
end

-- Tell the members of a team what became of one.
local function announce(request, action, membership)
  local model = roster.model(request.project, membership)
  events.emit(request.project, "memberships." .. action, { membership.teamId, membership.id }, model)
  return model
end

local function checkNotYet(project, team, user)
  for _, membership in ipairs(project:membershipsOf(user.id)) do
    if membership.teamId == team.id then
      errors.raise "team_invite_already_exists"
    end
  end
end

local memberships = {}

-- What a server adds with its key is a member at once.
memberships.createMembership = {
  params = {
    TEAM, { "email", validation.email, optional = true }, { "userId", validation.uid, optional = true },
    { "phone", validation.phone, optional = true }, ROLES, { "url", hosts.check, optional = true },
    { "name", validation.text(128, 0), optional = true },
  },
  handler = function(request)
    local project, params, isKey = request.project, request.params, request.isKey
    if not params.url and not isKey then
      errors.raise("general_argument_invalid", "URL is required")
    elseif not params.userId and not params.email and not params.phone then
      errors.raise("general_argument_invalid", "At least one of userId, email, or phone is required")
    end
    local team, user = roster.findTeam(request, "read"), findInvitee(request)
    if not isKey and not roster.isOwner(request, team) then
      errors.raise("user_unauthorized", "User is not allowed to send invitations for this team")
    end
    user = user or addInvitee(request)
    checkNotYet(project, team, user)
    local secret = crypto.randomHex(SECRET_DIGITS)
    local membership = roster.add(project, team, user, {
      roles = params.roles, confirm = isKey, hash = crypto.sha256(secret),
    })
    if not isKey then
      invite(request, team, user, membership, secret)
    end
    return response.json(201, announce(request, "create", membership))
  end,
}

memberships.listMemberships = {
  params = { TEAM, queries.param, { "search", validation.text(256, 0), optional = true } },
  handler = function(request)
    local project, team = request.project, roster.findTeam(request, "read")
    local wanted = queries.read(SCHEMA, request.params.queries)
    local term = (request.params.search or ""):lower()
    local found, total = selection.run(wanted, project.memberships, {
      noun = "Membership",
      read = function(membership, name)
        local value = membership[(gsub(name, "^%$", ""))]
        return value ~= "" and value or nil
      end,
      visible = function(membership)
        local text = (membership.id .. " " .. membership.userId):lower()
        return membership.teamId == team.id and text:find(term, 1, true) ~= nil
      end,
    })
    local list = json.array()
    for index, membership in ipairs(found) do
      list[index] = roster.model(project, membership)
    end
    return response.json(200, json.object("total", total, "memberships", list))
  end,
}

memberships.getMembership = {
  params = { TEAM, MEMBERSHIP },
  handler = function(request)
    local team, membership = roster.findTeam(request, "read"), findMembership(request, "membership_not_found")
    if membership.teamId ~= team.id then
      errors.raise "membership_not_found"
    end
    return response.json(200, roster.model(request.project, membership))
  end,
}

memberships.updateMembershipRoles = {
  params = { TEAM, MEMBERSHIP, ROLES },
  handler = function(request)
    local team, membership = roster.findTeam(request, "read"), findMembership(request, "membership_not_found")
    if membership.teamId ~= team.id then
      errors.raise "membership_not_found"
    elseif not request.isKey and not roster.isOwner(request, team) then
      errors.raise("user_unauthorized", "User is not allowed to modify roles")
    end
    membership.roles, membership.updatedAt = request.params.roles, clock.iso()
    return response.json(200, announce(request, "update", membership))
  end,
}

local function checkInvitation(request, membership)
  local params, user = request.params, request.user
  if not request.project.teams:get(params.teamId) then
    errors.raise "team_not_found"
  elseif membership.teamId ~= params.teamId then
    errors.raise "team_membership_mismatch"
  elseif not membership.hash or not crypto.equal(crypto.sha256(params.secret), membership.hash) then
    errors.raise "team_invalid_secret"
  elseif params.userId ~= membership.userId or user and user.id ~= membership.userId then
    errors.raise("team_invite_mismatch",
      format("Invite does not belong to current user (%s)", user and user.email or ""))
  elseif membership.confirm then
    errors.raise "membership_already_confirmed"
  end
end

-- A guest is logged in by it, since the secret shows that the mail reached him.
memberships.updateMembershipStatus = {
  params = { TEAM, MEMBERSHIP, { "userId", validation.uid }, { "secret", validation.text(256) } },
  handler = function(request)
    local project, membership = request.project, findMembership(request, "membership_not_found")
    checkInvitation(request, membership)
    local now, user = clock.iso(), project.users:get(membership.userId)
    membership.joined, membership.updatedAt, membership.confirm = now, now, true
    user.emailVerification, user.updatedAt = true, now
    if not request.user then
      accounts.beginSession(request, user, { provider = "email", uid = user.email, factor = "email" })
    end
    project.teams:get(membership.teamId).updatedAt = now
    return response.json(200, announce(request, "update.status", membership))
  end,
}

memberships.deleteMembership = {
  params = { TEAM, MEMBERSHIP },
  handler = function(request)
    local project, membership = request.project, findMembership(request, "team_invite_not_found")
    -- Not by roster.findTeam, which would hide the team from somebody invited who declines.
    local team = project.teams:get(request.params.teamId) or errors.raise "team_not_found"
    if membership.teamId ~= team.id then
      errors.raise "team_membership_mismatch"
    elseif not request.isKey and not roster.isOwner(request, team) and membership.userId ~= request.user.id then
      errors.raise "user_unauthorized"
    end
    project.memberships:remove(membership.id)
    announce(request, "delete", membership)
    return response.empty()
  end,
}

return memberships
