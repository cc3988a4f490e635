--- The account service: the devices of a user that messages may be pushed to.

local accounts = require "server.accounts"
local clock = require "server.clock"
local errors = require "server.errors"
local response = require "server.response"
local validation = require "server.validation"

local TARGET = { "targetId", validation.uid }
local IDENTIFIER = { "identifier", validation.text(255) }

-- A target of the user himself; that of another is as good as none.
local function findTarget(request)
  for index, target in ipairs(request.user and request.user.targets or {}) do
    if target.id == request.params.targetId then
      return target, index
    end
  end
  errors.raise "user_target_not_found"
end

local function checkFree(project, fits)
  if project:findTarget(fits) then
    errors.raise "user_target_already_exists"
  end
end

local function announce(request, action, target)
  local model = accounts.targetModel(request.user, target)
  accounts.announce(request, "targets." .. action, request.user, target.id, model)
  return model
end

local targets = {}

targets.createPushTarget = {
  params = {
    { "targetId", validation.customId }, IDENTIFIER, { "providerId", validation.uid, optional = true },
  },
  handler = function(request)
    local params, user = request.params, request.user or errors.raise "user_not_found"
    local id, now = clock.idFrom(params.targetId), clock.iso()
    checkFree(request.project, function(target)
      return target.id == id or target.identifier == params.identifier
    end)
    local target = {
      id = id, createdAt = now, updatedAt = now, providerType = "push", identifier = params.identifier,
      providerId = params.providerId, sessionId = request.session and request.session.id,
      name = " ", -- brand and model of the device, had it told them
    }
    user.targets[#user.targets + 1] = target
    return response.json(201, announce(request, "create", target))
  end,
}

targets.updatePushTarget = {
  params = { TARGET, IDENTIFIER },
  handler = function(request)
    local target, identifier = findTarget(request), request.params.identifier
    checkFree(request.project, function(other) return other ~= target and other.identifier == identifier end)
    target.identifier, target.updatedAt, target.name = identifier, clock.iso(), " "
    return response.json(200, announce(request, "update", target))
  end,
}

targets.deletePushTarget = {
  params = { TARGET },
  handler = function(request)
    local target, index = findTarget(request)
    accounts.removeTarget(request.project, request.user, index)
    announce(request, "delete", target)
    return response.empty()
  end,
}

return targets
