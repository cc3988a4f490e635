// Subscribing an address to a topic.

export async function messaging({ ledger }, who) {
  const { targets: [target] } = await who.account.get();
  const subscriber = await who.messaging.createSubscriber("news", "reader", target.$id);
  ledger.same([subscriber.$id, subscriber.topicId, subscriber.targetId], ["reader", "news", target.$id],
    "a subscriber");
  await ledger.fails(who.messaging.createSubscriber("news", "again", target.$id), 409, "subscriber_already_exists");
  await who.messaging.deleteSubscriber("news", "reader");
  await ledger.fails(who.messaging.deleteSubscriber("news", "reader"), 404, "subscriber_not_found");
}
