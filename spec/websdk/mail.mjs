// Reads the sandbox's mailbox, which is no part of Appwrite.

export class Mailbox {
  #address;

  /** @param {string} endpoint */
  constructor(endpoint) {
    this.#address = new URL("/sandbox/mails", endpoint);
  }

  /** The last message to somebody: to, subject, text, secret, userId, links. */
  async last(filter) {
    const answer = await fetch(`${this.#address}?${new URLSearchParams(filter)}`);
    const { mails } = await answer.json();
    if (mails.length === 0) {
      throw new Error(`no message for ${JSON.stringify(filter)}`);
    }
    return mails[mails.length - 1];
  }
}
