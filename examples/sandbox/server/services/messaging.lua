--- The messaging service: who is told what is said on a topic.

local accounts = require "server.accounts"
local clock = require "server.clock"
local errors = require "server.errors"
local json = require "server.json"
local response = require "server.response"
local validation = require "server.validation"

local format = string.format

local TOPIC = { "topicId", validation.uid }

---@class sandbox.Topic
---@field id string
---@field subscribe string[] roles that may subscribe
---@field subscribers sandbox.Store

local function findTopic(request)
  return request.project.topics[request.params.topicId] or errors.raise "topic_not_found"
end

local function checkMaySubscribe(request, topic)
  if request.isKey then
    return
  end
  local last
  for _, wanted in ipairs(topic.subscribe) do
    for _, role in ipairs(request.roles) do
      if role == wanted then
        return
      end
    end
    last = wanted
  end
  errors.raise("user_unauthorized", last and format(
    'Missing "subscribe" permission for role "%s". Only "%s" scopes are allowed and "%s" was given.', last,
    json.encode(json.array(request.roles)), json.encode(json.array(topic.subscribe)))
    or "No permissions provided for action 'subscribe'")
end

local messaging = {}

-- As the real server has it, whose target it is does not matter, only that it is not there yet.
messaging.addNewSubscriber = {
  params = { { "subscriberId", validation.customId }, TOPIC, { "targetId", validation.uid } },
  handler = function(request)
    local params, topic = request.params, findTopic(request)
    checkMaySubscribe(request, topic)
    local target, user = request.project:findTarget(function(known) return known.id == params.targetId end)
    if not target then
      errors.raise "user_target_not_found"
    end
    local id, now = clock.idFrom(params.subscriberId), clock.iso()
    for _, known in ipairs(topic.subscribers.list) do
      if known.id == id or known.targetId == target.id then
        errors.raise "subscriber_already_exists"
      end
    end
    topic.subscribers:add { id = id, userId = user.id, targetId = target.id }
    return response.json(201, json.object("$id", id, "$createdAt", now, "$updatedAt", now, "targetId", target.id,
      "target", accounts.targetModel(user, target), "userId", user.id, "userName", user.name, "topicId", topic.id,
      "providerType", target.providerType))
  end,
}

messaging.deleteSubscriberById = {
  params = { TOPIC, { "subscriberId", validation.uid } },
  handler = function(request)
    local topic = findTopic(request)
    local subscriber = topic.subscribers:get(request.params.subscriberId) or errors.raise "subscriber_not_found"
    if not request.isKey and subscriber.userId ~= request.user.id then
      errors.raise "user_unauthorized"
    end
    topic.subscribers:remove(subscriber.id)
    return response.empty()
  end,
}

return messaging
