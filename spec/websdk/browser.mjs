// As much of a browser as the web SDK needs, and no more:
//   window.localStorage   where the SDK keeps the session of X-Fallback-Cookies
//   window.location.href  where it sends the browser for OAuth2
//   window.setTimeout     with which realtime connects
//   window.console        which it warns on
//   WebSocket             of npm's ws: node has none before 22
//   File                  not global before node 20
// The SDK brings cross-fetch and isomorphic-form-data; a bundler for browsers takes the browser's own XMLHttpRequest
// and FormData for these, and here they are node's own fetch and FormData. Around that fetch is what a browser does
// that can break a server: it sends an Origin, asks by OPTIONS before it sends more than a plain request, refuses
// answers to other origins, and hides the headers that are not exposed. Cookies it does not keep: today's browsers
// refuse those of another site that come by plain http, so the session travels in X-Fallback-Cookies.

import { File as NodeFile } from "node:buffer";
import { EventEmitter } from "node:events";

export const ORIGIN = "http://localhost";

const SAFE_METHODS = new Set(["GET", "HEAD", "POST"]);
const SAFE_HEADERS = new Set(["accept", "accept-language", "content-language"]);
const SAFE_TYPES = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)/;
const EXPOSED = [
  "cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma",
];

class Storage {
  #items = new Map();

  getItem(name) {
    return this.#items.get(name) ?? null;
  }

  setItem(name, value) {
    this.#items.set(name, String(value));
  }

  removeItem(name) {
    this.#items.delete(name);
  }
}

function names(list) {
  return new Set((list ?? "").toLowerCase().split(",").map((name) => name.trim()));
}

function checkOrigin(answer, url) {
  const origin = answer.headers.get("access-control-allow-origin");
  if (origin !== ORIGIN || answer.headers.get("access-control-allow-credentials") !== "true") {
    throw new TypeError(`a browser would refuse the answer of ${url}: it is for ${origin}`);
  }
}

// Headers that have a browser ask first.
function unusual(headers) {
  return Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
    .filter(([name, value]) => !SAFE_HEADERS.has(name) && !(name === "content-type" && SAFE_TYPES.test(value)))
    .map(([name]) => name).sort();
}

export class Browser {
  #asked = new Set();

  /** @param {(call: { method: string, url: URL, status: number, type: string, body: Buffer }) => void} onAnswer */
  constructor(onAnswer) {
    this.onAnswer = onAnswer;
    this.preflights = 0;
    this.sockets = new EventEmitter(); // has the type of each message that comes, and "closed"
    this.window = {
      localStorage: new Storage(), location: { href: "" }, setTimeout, console: { warn() {} },
    };
  }

  /** Make the globals that the SDK looks for; before it is loaded. */
  install(require) {
    const WebSocket = require("ws");
    const { sockets } = this;
    globalThis.window = this.window;
    globalThis.File ??= NodeFile;
    globalThis.WebSocket = class extends WebSocket {
      constructor(url) {
        super(url, { origin: ORIGIN });
        this.addEventListener("message", ({ data }) => sockets.emit(JSON.parse(data).type));
        this.addEventListener("close", () => sockets.emit("closed"));
      }
    };
    const entry = require.resolve("appwrite");
    for (const [name, exports] of [["cross-fetch", { fetch: this.fetch.bind(this) }], ["isomorphic-form-data", {}]]) {
      const path = require.resolve(name, { paths: [entry] });
      require.cache[path] = { id: path, filename: path, loaded: true, exports };
    }
  }

  /** Somebody else sits down at the browser: another storage. */
  newStorage() {
    return new Storage();
  }

  async #preflight(url, method, headers) {
    const asked = unusual(headers);
    const key = [method, ...asked].join(" ");
    if ((SAFE_METHODS.has(method) && asked.length === 0) || this.#asked.has(key)) {
      return;
    }
    this.#asked.add(key);
    const answer = await fetch(url, { method: "OPTIONS", headers: {
      Origin: ORIGIN, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": asked.join(","),
    } });
    checkOrigin(answer, url);
    const allowed = names(answer.headers.get("access-control-allow-headers"));
    const refused = asked.filter((name) => !allowed.has(name));
    const methods = names(answer.headers.get("access-control-allow-methods"));
    if (!answer.ok || refused.length > 0 || !(methods.has(method.toLowerCase()) || SAFE_METHODS.has(method))) {
      throw new TypeError(`a browser would not send ${method} ${url} with ${refused}`);
    }
    this.preflights += 1;
  }

  /** What the SDK takes for fetch. */
  async fetch(url, options) {
    const { method, headers, body } = options;
    await this.#preflight(url, method, headers);
    // An upload's type has the boundary, which only fetch knows.
    const answer = await fetch(url, { method, body, headers: { ...headers, Origin: ORIGIN } });
    checkOrigin(answer, url);
    const bytes = Buffer.from(await answer.arrayBuffer());
    this.#report(method, url, answer, bytes);
    const shown = [...names(answer.headers.get("access-control-expose-headers")), ...EXPOSED];
    const visible = [...answer.headers].filter(([name]) => shown.includes(name));
    return new Response([204, 304].includes(answer.status) ? null : bytes, { status: answer.status, headers: visible });
  }

  /** What the browser does with the address of a picture, a download, or another page: no headers of the SDK's.
   * Redirects are not followed, and only the first of them answers an operation. */
  async open(url, { isOperation = true } = {}) {
    const answer = await fetch(url, { redirect: "manual" });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (isOperation) {
      this.#report("GET", url, answer, bytes);
    }
    return { status: answer.status, headers: answer.headers, bytes, type: answer.headers.get("content-type") ?? "" };
  }

  #report(method, url, answer, body) {
    const type = answer.headers.get("content-type") ?? "";
    this.onAnswer({ method, url: new URL(url), status: answer.status, type, body });
  }
}
