// Keeps the account of a run: what was called, what was answered, what was checked.

import { deepStrictEqual, strictEqual } from "node:assert";

export class Ledger {
  #operations; // { name, official, verb, path, pattern }
  #called = new Set();
  #answered = new Set();

  /**
   * @param {string} list lines of operations.lua
   * @param {import("./validate.mjs").Validator} [validator]
   */
  constructor(list, validator) {
    this.validator = validator;
    this.checks = 0;
    this.last = "nothing"; // official name of what was called last
    this.#operations = list.trim().split("\n").map((line) => {
      const [name, official, verb, path] = line.split("\t");
      // Where one path has a fixed segment and another a parameter, the fixed one means itself.
      const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`);
      return { name, official, verb, path, pattern, parameters: path.split("{").length };
    }).sort((a, b) => a.parameters - b.parameters);
  }

  get size() {
    return this.#operations.length;
  }

  called(official) {
    this.last = official;
    this.#called.add(official);
  }

  /** @param {string} name such as account.getCurrentUser */
  operation(name) {
    return this.#operations.find((operation) => operation.name === name);
  }

  /** An answer came, whatever asked for it. */
  answer(base, call) {
    const path = call.url.pathname.slice(base.length);
    const operation = this.#operations.find(({ verb, pattern }) => verb === call.method && pattern.test(path));
    if (!operation) {
      throw new Error(`no operation is ${call.method} ${call.url.pathname}`);
    }
    if (call.status < 400) {
      this.#answered.add(operation.official);
    }
    this.validator?.check(operation, call);
  }

  /** Operations that were not called by the SDK and answered with a success. */
  get missing() {
    return this.#operations.map(({ official }) => official)
      .filter((official) => !this.#called.has(official) || !this.#answered.has(official));
  }

  equal(actual, expected, what) {
    strictEqual(actual, expected, `${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
    this.checks += 1;
  }

  same(actual, expected, what) {
    deepStrictEqual(actual, expected, `${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
    this.checks += 1;
  }

  ok(value, what) {
    strictEqual(Boolean(value), true, what);
    this.checks += 1;
  }

  /** A call must fail, as an AppwriteException with this status and type. */
  async fails(promise, code, type) {
    let caught;
    try {
      await promise;
    } catch (problem) {
      caught = problem;
    }
    const got = `${caught?.name} ${caught?.code} ${caught?.type}`;
    strictEqual(got, `AppwriteException ${code} ${type}`, caught ? String(caught.stack) : "the call succeeded");
    this.ok(caught.message.length > 0 && caught.response.version === "1.5.11", "an error has words and a version");
  }
}
