// Documents: making, reading, changing and deleting them, and every kind of query.

const CAROL = "6b046e5a18ac63a576d8";
const MOVIES = "/v1/databases/main/collections/movies/documents";
const NOTES = "/v1/databases/main/collections/notes/documents";
const TYPES = "/v1/databases/main/collections/types/documents";
const PAGING = "/v1/databases/main/collections/paging/documents";

async function nextMillisecond() {
  const now = Date.now();
  while (Date.now() === now) {
    await new Promise(setImmediate);
  }
}

// Documents of the recording that were made in exchanges it left out.
async function more(w, session) {
  const make = async (path, documentId, data) => {
    await nextMillisecond(); // so that $createdAt tells which is older
    await w.must("POST", path, { documentId, data }, { session });
  };
  await make(MOVIES, "q1", { title: "The wonderful journey", year: 1980, rating: 5.5, tags: ["x"], genre: "drama" });
  await make(MOVIES, "q2", { title: "Journey two", year: 1990, rating: 6.5, tags: ["x", "y"], genre: "action" });
  await make(MOVIES, "q3", { title: "Nothing", year: 2000, seen: true, genre: "comedy" });
  await make(MOVIES, "q4", { title: `quote's "and" 50% & more`, year: 2010 });
  for (let n = 0; n < 120; n++) {
    await make(PAGING, `p${String(n).padStart(3, "0")}`, { n, g: n % 2 === 1 ? "odd" : "even" });
  }
}

// What others may not see, and what they may see only.
async function notes(w, session) {
  const own = w.change(CAROL);
  const make = (documentId, text, permissions) =>
    w.must("POST", NOTES, { documentId, data: { text }, permissions }, { session });
  await make("priv", "private");
  await w.rest(["listUserDocuments.ok-no-permission", "listUserDocuments.ok-own-only", "getDocumentById."]);
  await make("shared", "shared", ['read("users")', `update("user:${own}")`, `delete("user:${own}")`]);
  await w.rest(["updateDocumentById."]);
  await w.replayAll("deleteDocumentById.401-no-permission", "deleteDocumentById.401-unreadable");
}

async function creating(w) {
  await w.replayAll("createDocument.ok", "createDocument.ok-minimal", "createDocument.ok-empty-permissions");
  const session = w.session("createDocument.ok");
  const make = (path, body) => w.must("POST", path, body, { session });
  await make(MOVIES, { documentId: "unique()", data: { title: "t" }, permissions: null });
  await w.rest(["createDocument."], /ratelimit|types|relation|datetime-other|permissions-object/);
  await make(MOVIES, { documentId: "unique()", data: { title: "t", released: "2026-11-22" } });
  await w.rest(["createDocument."], /ratelimit|types|relation/);
  // As text: its numbers are beyond what this language's numbers can hold.
  await make(TYPES, Buffer.from('{"documentId":"tint","data":{"i":9223372036854775807,"imax":-9223372036854775807,'
    + '"il":[9007199254740993,-9007199254740993,0,-1]}}'));
  await w.rest(["listUserDocuments.ok-types"]);
  await w.rest(["createDocument.ok-types", "createDocument.400-types"]);
  return session;
}

async function run(w) {
  const session = await creating(w);
  await w.rest(["createDocument."], /ratelimit/);
  await w.rest(["getDocumentById."], /empty-id|no-permission/);
  await w.replay("getDocumentById.ok-empty-id");
  await w.rest(["updateDocumentById.ok"]);
  await w.rest(["updateDocumentById."], /no-permission/);
  await w.rest(["deleteDocumentById.ok", "deleteDocumentById.404-twice", "deleteDocumentById.401-guest"], /no-body/);
  await notes(w, session);
  await more(w, session);
  await w.rest(["listUserDocuments."], /select-with-id/);
  for (let count = 15; count < 39; count++) { // as many as there were later
    await w.must("POST", MOVIES, { documentId: "unique()", data: { title: "t" } }, { session });
  }
  await w.rest(["listUserDocuments."]);
  await w.must("POST", MOVIES, { documentId: "del2", data: { title: "t" } }, { session });
  await w.rest(["deleteDocumentById.", "createDocument."]);
}

export default [{ name: "documents", run }];
