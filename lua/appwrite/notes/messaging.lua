--- What the reference says of the messaging service beside its data: errors, and an example that a spec runs.

return {
  addNewSubscriber = {
    signedIn = true,
    errors = { "topic_not_found", "user_target_not_found", "subscriber_already_exists", "user_unauthorized" },
    example = [[
local user = assert(client.account.getCurrentUser())
local subscriber = assert(client.messaging.addNewSubscriber {
  topicId = "news", subscriberId = appwrite.ID.unique(), targetId = user.targets[1]["$id"],
})
print(subscriber["$id"], subscriber.providerType)]],
  },
  deleteSubscriberById = {
    signedIn = true, errors = { "topic_not_found", "subscriber_not_found", "user_unauthorized" },
    example = [[
assert(client.messaging.deleteSubscriberById { topicId = "news", subscriberId = subscriberId })]],
  },
}
