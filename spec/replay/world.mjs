// A sandbox of its own in which recorded exchanges are sent again. The recording names users, sessions and ids that do
// not exist here: what answers bring in their place is learned as it comes, and put into the requests that follow.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compare, textOf } from "./compare.mjs";
import { send } from "./http.mjs";
import { rebuild } from "./recording.mjs";

const SCRIPT = fileURLToPath(new URL("../../examples/sandbox/sandbox", import.meta.url));
const PROJECT = "sdktest";
const PASSWORD = "password123";
const SESSION = /eyJpZCI6[A-Za-z0-9+/=]+/g;
// What is made up anew in every run: ids, and the placeholders of secrets in the recording.
const LEARNED = /^(?:[0-9a-f]{20}|5ec0de[0-9a-f]*|PLACEHOLDER\w*|ey[\w-]+\.ey[\w-]+\.\w+)$/;

function decodeSession(text) {
  try {
    return JSON.parse(Buffer.from(text, "base64").toString("utf8"));
  } catch {
    return undefined;
  }
}

export class World {
  /**
   * @param {Map<string, object>} exchanges
   * @param {{ project: string, people?: Record<string, { name?: string, email: string }>,
   *   results?: Map<string, { problems: string[], sameMessage?: boolean }> }} options project: path of the start-up
   *   file; people: users of the recording whom a login makes, by the id they have there; results: of what has been
   *   replayed, by the id of the exchange
   */
  constructor(exchanges, { project, people = {}, results = new Map() }) {
    this.exchanges = exchanges;
    this.people = people;
    this.results = results;
    this.known = new Map(); // of the recording -> of this run
    this.dir = mkdtempSync(join(tmpdir(), "replay."));
    const said = execFileSync(SCRIPT, ["start", "--dir", this.dir, "--project", project], { encoding: "utf8" });
    this.origin = new URL(said.trim()).origin;
  }

  stop() {
    execFileSync(SCRIPT, ["stop", "--dir", this.dir]);
    rmSync(this.dir, { recursive: true });
  }

  learn(recorded, own) {
    if (recorded && own && recorded !== own) {
      this.known.set(recorded, own);
    }
  }

  /** A text of the recording with this run's ids in it. */
  change(text) {
    let result = text;
    for (const [recorded, own] of this.known) {
      result = result.replaceAll(recorded, own);
    }
    return result;
  }

  /** A call of this run's own: what has to be there before an exchange, or what it needs to know. */
  async call(method, path, body, { session, headers = {} } = {}) {
    const all = { "X-Appwrite-Project": PROJECT, ...headers };
    if (session) {
      all["X-Fallback-Cookies"] = JSON.stringify({ [`a_session_${PROJECT}`]: session });
    }
    if (body !== undefined) {
      all["Content-Type"] ??= "application/json";
    }
    const packed = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const answer = await send(this.origin, { method, path, headers: all, body: packed });
    const text = textOf(answer);
    answer.json = text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : undefined;
    const cookies = answer.headers["x-fallback-cookies"];
    answer.session = cookies && JSON.parse(cookies)[`a_session_${PROJECT}`];
    return answer;
  }

  /** The same, where anything but success ends the replay. */
  async must(method, path, body, options) {
    const answer = await this.call(method, path, body, options);
    if (answer.status >= 400) {
      throw new Error(`${method} ${path}: ${answer.status} ${textOf(answer)}`);
    }
    return answer;
  }

  /** Register somebody; what the recording calls him is `id` where that is given. */
  async register(email, { name = "Replay", id } = {}) {
    const { json } = await this.must("POST", "/v1/account", { userId: "unique()", email, password: PASSWORD, name });
    this.learn(id, json.$id);
    this.people[id] ??= { email, name };
    return json.$id;
  }

  /** Log somebody in. */
  async login(email, password = PASSWORD) {
    return (await this.must("POST", "/v1/account/sessions/email", { email, password })).session;
  }

  /** The last message to somebody. */
  async mail(filter) {
    const { json } = await this.must("GET", `/sandbox/mails?${new URLSearchParams(filter)}`);
    return json.mails.at(-1);
  }

  // Users whom the recording made in exchanges that it left out are made and logged in when they first send something.
  async meet(text) {
    if (this.known.has(text)) {
      return;
    }
    const { id, secret } = decodeSession(text) ?? {};
    if (!id || !/^[0-9a-f]{20}$/.test(id)) {
      return;
    }
    const person = this.people[id] ?? { email: `${id}@replay.test` };
    person.email = person.email.toLowerCase();
    if (!this.known.has(id)) {
      await this.register(person.email, { id, name: person.name });
    }
    const session = await this.login(person.email, person.password);
    this.learn(text, session);
    this.learn(secret, decodeSession(session).secret);
  }

  learnSession(recorded, own) {
    const [theirs] = recorded?.match(SESSION) ?? [];
    const [ours] = own?.match(SESSION) ?? [];
    if (theirs && ours) {
      this.learn(theirs, ours);
      this.learn(decodeSession(theirs).secret, decodeSession(ours).secret);
    }
  }

  learnJson(recorded, own) {
    if (typeof recorded === "string" && typeof own === "string") {
      if (LEARNED.test(recorded)) {
        this.learn(recorded, own);
      }
    } else if (recorded && own && typeof recorded === "object" && typeof own === "object") {
      for (const name of Object.keys(recorded)) {
        this.learnJson(recorded[name], own[name]);
      }
    }
  }

  learnAnswer(recorded, answer) {
    this.learnSession(recorded.headers["x-fallback-cookies"], answer.headers["x-fallback-cookies"]);
    if (recorded.status < 400 && recorded.body_text?.startsWith("{") && answer.status < 400) {
      this.learnJson(JSON.parse(recorded.body_text), JSON.parse(textOf(answer)));
    }
    return answer;
  }

  /**
   * Send the request of an exchange again and compare the answer.
   * @param {string} id
   * @param {{ put?: object, path?: string, headers?: object, body?: string, met?: boolean }} [changes] put: members
   *   of the JSON body that nothing here can know, such as a code; path: all of it, with the query; headers: to set;
   *   body: all of it; met: true where the sender's session needs no making
   */
  async replay(id, { put, path, headers, body, met = false } = {}) {
    const exchange = this.exchanges.get(id);
    if (!exchange) {
      throw new Error(`no such exchange: ${id}`);
    } else if (this.results.has(id)) {
      throw new Error(`${id} is replayed twice`);
    }
    for (const text of met ? [] : Object.values(exchange.request.headers).join(" ").match(SESSION) ?? []) {
      await this.meet(text);
    }
    const request = rebuild(exchange.request, (text) => this.change(text), put);
    request.path = path ?? request.path;
    request.body = body ? Buffer.from(body) : request.body;
    Object.assign(request.headers, headers);
    const answer = await send(this.origin, request);
    this.results.set(id, compare(answer, exchange.response));
    return this.learnAnswer(exchange.response, answer);
  }

  /** Send the file of an exchange once more, as another chunk; its answer counts for nothing but must be a success. */
  async again(exchange, headers, size) {
    const parts = exchange.request.body.parts.map((part) => part.filename === undefined ? part : { ...part, size });
    const request = rebuild({ ...exchange.request, body: { kind: "multipart", parts } }, (text) => this.change(text));
    Object.assign(request.headers, headers);
    const answer = await send(this.origin, request);
    if (answer.status >= 400) {
      throw new Error(`once more ${exchange.id}: ${answer.status} ${textOf(answer)}`);
    }
  }

  async replayAll(...ids) {
    for (const id of ids) {
      await this.replay(id);
    }
  }

  /**
   * All that begin with one of some texts and have not been replayed yet, in the order of the recording.
   * @param {string[]} beginnings
   * @param {RegExp} [but] those that this fits wait
   */
  async rest(beginnings, but) {
    for (const id of this.exchanges.keys()) {
      if (!this.results.has(id) && beginnings.some((beginning) => id.startsWith(beginning)) && !but?.test(id)) {
        await this.replay(id);
      }
    }
  }

  /** This run's session of whoever sends an exchange. */
  session(id) {
    return this.change(Object.values(this.exchanges.get(id).request.headers).join(" ").match(SESSION)[0]);
  }

  /** Have the secret of an exchange be the one of the last message to somebody. */
  async deliver(id, filter) {
    const { secret } = JSON.parse(this.exchanges.get(id).request.body.text);
    this.learn(secret, (await this.mail(filter)).secret);
  }
}
