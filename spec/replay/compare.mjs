// Whether an answer agrees with a recorded one: the same status, the same error type, JSON of the same form (the same
// members of the same kinds at every level), the same headers of those that matter, the same kind of picture.

import { gunzipSync } from "node:zlib";

// The form of a value: its kind, the forms of its members, and that of all its elements together.
function formOf(value) {
  const form = { kinds: new Set(), members: new Map(), elements: undefined };
  if (Array.isArray(value)) {
    form.kinds.add("array");
    form.elements = value.length > 0 ? value.map(formOf).reduce(merge) : undefined;
  } else if (value !== null && typeof value === "object") {
    form.kinds.add("object");
    for (const [name, member] of Object.entries(value)) {
      form.members.set(name, formOf(member));
    }
  } else {
    form.kinds.add(value === null ? "null" : typeof value);
  }
  return form;
}

function merge(a, b) {
  for (const kind of b.kinds) {
    a.kinds.add(kind);
  }
  for (const [name, form] of b.members) {
    a.members.set(name, a.members.has(name) ? merge(a.members.get(name), form) : form);
  }
  a.elements = a.elements && b.elements ? merge(a.elements, b.elements) : a.elements ?? b.elements;
  return a;
}

function words(kinds) {
  return [...kinds].sort().join(" or ");
}

function differences(got, expected, path, list) {
  if (words(got.kinds) !== words(expected.kinds)) {
    list.push(`${path} is ${words(got.kinds)} instead of ${words(expected.kinds)}`);
  }
  for (const name of new Set([...got.members.keys(), ...expected.members.keys()])) {
    const [ours, theirs] = [got.members.get(name), expected.members.get(name)];
    if (ours && theirs) {
      differences(ours, theirs, `${path}.${name}`, list);
    } else {
      list.push(`${path}.${name} is ${ours ? "too much" : "missing"}`);
    }
  }
  if (got.elements && expected.elements) {
    differences(got.elements, expected.elements, `${path}[]`, list);
  } else if (got.elements || expected.elements) {
    list.push(`${path} is ${got.elements ? "not empty" : "empty"}`);
  }
  return list;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The text of an answer, unpacked where it came packed. */
export function textOf(answer) {
  return (answer.headers["content-encoding"] === "gzip" ? gunzipSync(answer.body) : answer.body).toString("utf8");
}

// Of the headers those that clients act on: whether they are there must agree.
const HEADERS = [
  "accept-ranges", "content-disposition", "content-range", "location", "set-cookie", "x-appwrite-cache",
  "x-appwrite-warning", "x-fallback-cookies", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset",
];

function headerProblems(got, expected) {
  return HEADERS.filter((name) => name in got !== name in expected)
    .map((name) => `header ${name} is ${name in got ? "too much" : "missing"}`);
}

// Pictures: the same kind, and for a PNG the same size; their dots are none of the contract.
function pictureProblems(body, { format, width, height }) {
  const kind = body.subarray(1, 4).toString() === "PNG" ? "png"
    : body[0] === 0xff && body[1] === 0xd8 ? "jpeg" : body.subarray(8, 12).toString() === "WEBP" ? "webp" : "unknown";
  if (kind !== format) {
    return [`the picture is ${kind} instead of ${format}`];
  }
  const [ours, theirs] = [`${body.readUInt32BE(16)}x${body.readUInt32BE(20)}`, `${width}x${height}`];
  return kind !== "png" || ours === theirs ? [] : [`the picture has ${ours} instead of ${theirs}`];
}

// A picture, a file, a page or nothing.
function otherProblems(body, recorded) {
  const image = recorded.body_binary?.image;
  if (image) {
    return pictureProblems(body, image);
  }
  const empty = recorded.body_text === "" || recorded.body_binary?.size === 0;
  return empty === (body.length === 0) ? [] : [`the body has ${body.length} bytes`];
}

// What a query found: as many documents, the same ones in the same order, as their attributes tell.
function foundProblems(got, expected) {
  const attributes = ({ total, documents }) => JSON.stringify([total, ...documents.map((document) =>
    Object.entries(document).filter(([name]) => !name.startsWith("$")).sort(([a], [b]) => (a < b ? -1 : 1)))]);
  return attributes(got) === attributes(expected) ? [] : ["other documents are found"];
}

/**
 * @param {object} answer of this run
 * @param {object} recorded response
 * @returns {{ problems: string[], sameMessage?: boolean }} sameMessage where both are errors in JSON
 */
export function compare(answer, recorded) {
  if (answer.status !== recorded.status) {
    return { problems: [`status ${answer.status} instead of ${recorded.status}: ${textOf(answer).slice(0, 200)}`] };
  }
  const problems = headerProblems(answer.headers, recorded.headers);
  const expected = recorded.body_text === undefined ? undefined : parse(recorded.body_text);
  if (expected === undefined) {
    return { problems: [...problems, ...otherProblems(answer.body, recorded)] };
  }
  const got = parse(textOf(answer));
  if (got === undefined) {
    return { problems: [...problems, "the answer is no JSON"] };
  }
  differences(formOf(got), formOf(expected), "body", problems);
  if (recorded.status < 400) {
    const isList = problems.length === 0 && "total" in expected && "documents" in expected;
    return { problems: isList ? foundProblems(got, expected) : problems };
  }
  for (const name of ["type", "code"]) {
    if (got[name] !== expected[name]) {
      problems.push(`${name} ${got[name]} instead of ${expected[name]}`);
    }
  }
  return { problems, sameMessage: got.message === expected.message };
}
