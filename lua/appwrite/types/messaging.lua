---@meta _
-- Made by spec/generate.lua from lua/appwrite/services/messaging.lua and notes/messaging.lua: change that, not this.
-- luacheck: ignore

---Subscribing the user's targets to topics.
---@class appwrite.Messaging
local messaging = {}

---@class appwrite.params.messaging.addNewSubscriber
---@field subscriberId string id for the subscriber
---@field targetId string id of the target: an address or a device, see `targets` of the user
---@field topicId string the topic's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Subscribes one of the user's targets to a topic: it gets the messages that are sent there.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `topic_not_found`, `user_target_not_found`,
---`subscriber_already_exists`, `user_unauthorized`.
---
---```lua
---local user = assert(client.account.getCurrentUser())
---local subscriber = assert(client.messaging.addNewSubscriber {
---  topicId = "news", subscriberId = appwrite.ID.unique(), targetId = user.targets[1]["$id"],
---})
---print(subscriber["$id"], subscriber.providerType)
---```
---@param params appwrite.params.messaging.addNewSubscriber
---@param options? appwrite.CallOptions
---@return appwrite.models.Subscriber? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.messaging.addNewSubscriber, callback: fun(result: appwrite.models.Subscriber?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.messaging.addNewSubscriber, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Subscriber?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Messaging, params: appwrite.params.messaging.addNewSubscriber, options?: appwrite.CallOptions): appwrite.models.Subscriber?, appwrite.Error?, appwrite.Response?
function messaging.addNewSubscriber(params, options) end

---The official name of `addNewSubscriber`. Subscribes one of the user's targets to a topic: it gets the messages that
---are sent there.
messaging.createSubscriber = messaging.addNewSubscriber

---@class appwrite.params.messaging.deleteSubscriberById
---@field topicId string the topic's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field subscriberId string the subscriber's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Ends a subscription.
---
---Somebody must be logged in. Errors: `general_argument_invalid`, `topic_not_found`, `subscriber_not_found`,
---`user_unauthorized`.
---
---```lua
---assert(client.messaging.deleteSubscriberById { topicId = "news", subscriberId = subscriberId })
---```
---@param params appwrite.params.messaging.deleteSubscriberById
---@param options? appwrite.CallOptions
---@return true? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.messaging.deleteSubscriberById, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.messaging.deleteSubscriberById, options: appwrite.CallOptions, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Messaging, params: appwrite.params.messaging.deleteSubscriberById, options?: appwrite.CallOptions): true?, appwrite.Error?, appwrite.Response?
function messaging.deleteSubscriberById(params, options) end

---The official name of `deleteSubscriberById`. Ends a subscription.
messaging.deleteSubscriber = messaging.deleteSubscriberById

return messaging
