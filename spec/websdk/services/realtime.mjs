// What happens, told as it happens: to a guest, and to a user about himself.

import { once } from "node:events";

const PATIENCE = 10000; // milliseconds

/**
 * Subscribe, do something once the connection stands, and wait for an event.
 * @param {string} standing type of the message after which the server knows who listens: that of its answer to the
 *   session that the SDK sends, or the first one for a guest
 */
async function hear({ sockets }, { client, sit }, channel, standing, act) {
  const signal = AbortSignal.timeout(PATIENCE);
  sit();
  const ready = once(sockets, standing, { signal });
  let leave;
  const heard = new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`no event on ${channel}`)));
    leave = client.subscribe(channel, resolve);
  });
  await ready;
  await act();
  const event = await heard;
  const closed = once(sockets, "closed", { signal });
  leave();
  await closed;
  return event;
}

export async function realtime({ ledger, browser, sdk }, who, guest) {
  const { ID, Permission, Role } = sdk;
  const channel = "databases.main.collections.books.documents";
  let book;
  const made = await hear(browser, guest, channel, "connected", async () => {
    await who.databases.createDocument("main", "books", ID.unique(), { title: "Secret" });
    book = await who.databases.createDocument("main", "books", ID.unique(), { title: "Open" },
      [Permission.read(Role.any())]);
  });
  ledger.same([made.payload.$id, made.payload.title], [book.$id, "Open"], "what a guest hears of");
  ledger.ok(made.events.includes(`${channel}.${book.$id}.create`), "the event's name");
  ledger.ok(made.channels.includes("documents"), "its channels");
  const renamed = await hear(browser, who, "account", "response", () => who.account.updateName("Ada"));
  ledger.equal(renamed.payload.name, "Ada", "what a user hears of himself");
}
