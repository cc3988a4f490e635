// One HTTP request with exactly the headers that are given, which fetch would not allow.

import http from "node:http";

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/**
 * @param {string} origin such as http://127.0.0.1:8080
 * @param {{ method: string, path: string, headers: Record<string, string>, body?: Buffer | null }} request
 * @returns {Promise<{ status: number, headers: http.IncomingHttpHeaders, body: Buffer }>} header names in lower case
 */
export function send(origin, { method, path, headers, body }) {
  const { hostname, port } = new URL(origin);
  const all = { Host: `${hostname}:${port}`, ...headers };
  if (body) {
    all["Content-Length"] = String(body.length);
  } else if (method !== "GET" && method !== "HEAD") {
    all["Content-Length"] = "0";
  }
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, method, path, headers: all, agent, setHost: false }, (answer) => {
      const pieces = [];
      answer.on("data", (piece) => pieces.push(piece));
      answer.on("error", reject);
      answer.on("end", () => {
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) });
      });
    });
    request.on("error", reject);
    request.end(body ?? undefined);
  });
}

/** Close what is kept open, so that the process can end. */
export function close() {
  agent.destroy();
}
