--- The messaging service as data: each row is one operation, in the order of their names.

local topicId = {
  name = "topicId", type = "string", at = "path", required = true, format = "id", doc = "the topic's id",
}

return {
  doc = "Subscribing the user's targets to topics.",
  operations = {
    {
      name = "addNewSubscriber", alias = "createSubscriber", kind = "json", result = "Subscriber",
      verb = "POST", path = "/messaging/topics/{topicId}/subscribers",
      doc = "Subscribes one of the user's targets to a topic: it gets the messages that are sent there.",
      params = {
        {
          name = "subscriberId", type = "string", at = "body", required = true,
          doc = "id for the subscriber",
        },
        {
          name = "targetId", type = "string", at = "body", required = true,
          doc = "id of the target: an address or a device, see `targets` of the user",
        },
        topicId,
      },
    },
    {
      name = "deleteSubscriberById", alias = "deleteSubscriber", kind = "json",
      verb = "DELETE", path = "/messaging/topics/{topicId}/subscribers/{subscriberId}", idempotent = true,
      doc = "Ends a subscription.",
      params = {
        topicId,
        {
          name = "subscriberId", type = "string", at = "path", required = true, format = "id",
          doc = "the subscriber's id",
        },
      },
    },
  },
}
