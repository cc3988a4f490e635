// The recorded exchanges, and how to send the request of one again.

import { readFileSync } from "node:fs";
import { png } from "./png.mjs";

/** @param {string} path of exchanges.json */
export function load(path) {
  const byId = new Map();
  for (const exchange of JSON.parse(readFileSync(path, "utf8"))) {
    byId.set(exchange.id, exchange);
  }
  return byId;
}

// The recording keeps size and digest of a file, not its bytes: others of that size and kind stand in for them.
function content(part) {
  if (part.text !== undefined) {
    return Buffer.from(part.text);
  } else if (part.size === 6310) { // the picture of the recording, 64 by 48
    return png(64, 48);
  }
  const bytes = Buffer.alloc(part.size);
  for (let index = 0; index < part.size; index++) {
    bytes[index] = index & 255;
  }
  return bytes;
}

function multipart(parts, boundary, change) {
  const pieces = [];
  for (const part of parts) {
    const named = part.filename === undefined ? "" : `; filename="${part.filename}"`;
    const typed = part.content_type ? `Content-Type: ${part.content_type}\r\n` : "";
    pieces.push(
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${part.name}"${named}\r\n${typed}\r\n`),
      part.filename === undefined ? Buffer.from(change(part.value)) : content(part), Buffer.from("\r\n"),
    );
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return Buffer.concat(pieces);
}

function bodyOf({ body, headers }, change, put) {
  if (!body) {
    return put ? Buffer.from(JSON.stringify(put)) : null;
  } else if (body.kind === "multipart") {
    const type = headers["Content-Type"] ?? headers["content-type"];
    return multipart(body.parts, /boundary=(.*)$/.exec(type)[1], change);
  } else if (body.hex) {
    return Buffer.from(body.hex, "hex");
  }
  const text = change(body.text);
  return Buffer.from(put ? JSON.stringify({ ...JSON.parse(text), ...put }) : text);
}

/**
 * The request of an exchange.
 * @param {object} request as recorded
 * @param {(text: string) => string} change puts this run's ids and sessions in the place of the recorded ones
 * @param {object} [put] members of the JSON body to set
 */
export function rebuild(request, change, put) {
  const encode = encodeURIComponent;
  const query = request.query.map(([name, value]) => `${encode(name)}=${encode(change(value))}`);
  const headers = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = change(value);
  }
  return {
    method: request.method, path: change(request.path) + (query.length > 0 ? `?${query.join("&")}` : ""), headers,
    body: bodyOf(request, change, put),
  };
}
