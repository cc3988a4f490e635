// Documents and queries.

const WHERE = ["main", "books"];

async function one({ ledger, sdk }, who, guest) {
  const { ID, Permission, Role } = sdk;
  const data = { title: "Émile ou De l'éducation", pages: 9007199254740991, rating: 4.5, tags: ["a", "b"],
    published: "1762-05-22T00:00:00.000+00:00" };
  const book = await who.databases.createDocument(...WHERE, ID.unique(), data, [Permission.read(Role.users())]);
  ledger.same([book.title, book.pages, book.rating, book.read, book.tags, book.published],
    [data.title, data.pages, data.rating, false, data.tags, data.published], "a document as it was given");
  ledger.same(book.$permissions, ['read("users")'], "its permissions");
  ledger.equal((await who.databases.getDocument(...WHERE, book.$id)).title, data.title, "the document read");
  await ledger.fails(who.databases.updateDocument(...WHERE, book.$id, { read: true }), 401, "user_unauthorized");
  await ledger.fails(who.databases.createDocument(...WHERE, book.$id, data), 409, "document_already_exists");
  await ledger.fails(who.databases.createDocument(...WHERE, "x", { pages: 1 }), 400, "document_invalid_structure");
  await ledger.fails(guest.databases.createDocument(...WHERE, "x", data), 401, "user_unauthorized");
  const own = await who.databases.createDocument(...WHERE, "own", { title: "Mine" });
  ledger.equal((await who.databases.updateDocument(...WHERE, own.$id, { read: true })).read, true, "a change");
  await who.databases.deleteDocument(...WHERE, own.$id);
  await ledger.fails(who.databases.getDocument(...WHERE, own.$id), 404, "document_not_found");
}

async function many({ ledger, sdk: { ID, Query } }, who) {
  for (let number = 1; number <= 30; number++) {
    await who.databases.createDocument(...WHERE, ID.unique(),
      { title: `Volume ${number}`, pages: number, tags: number % 2 ? ["odd"] : [] });
  }
  const found = async (...queries) => {
    const { total, documents } = await who.databases.listDocuments(...WHERE,
      [Query.startsWith("title", "Volume"), Query.orderAsc("pages"), ...queries]);
    return [total, ...documents.map(({ pages }) => pages)];
  };
  const all = await who.databases.listDocuments(...WHERE);
  ledger.same([all.total, all.documents.length], [31, 25], "a page");
  ledger.same(await found(Query.lessThanEqual("pages", 2)), [2, 1, 2], "lessThanEqual");
  ledger.same(await found(Query.between("pages", 4, 6)), [3, 4, 5, 6], "between");
  ledger.same(await found(Query.equal("pages", [7, 9])), [2, 7, 9], "equal");
  ledger.same(await found(Query.contains("tags", "odd"), Query.limit(2)), [15, 1, 3], "contains");
  ledger.same(await found(Query.or([Query.equal("pages", 1), Query.greaterThan("pages", 29)])), [2, 1, 30], "or");
  ledger.same(await found(Query.search("title", "volume"), Query.offset(28)), [30, 29, 30], "search and offset");
  const { documents: [, second] } = await who.databases.listDocuments(...WHERE,
    [Query.greaterThan("pages", 1), Query.orderDesc("$createdAt"), Query.select(["$id", "pages"])]);
  ledger.same(Object.keys(second).sort(), ["$id", "pages"], "select");
  ledger.same((await found(Query.cursorAfter(second.$id), Query.limit(1))), [30, second.pages + 1], "cursorAfter");
  await ledger.fails(who.databases.listDocuments(...WHERE, [Query.equal("nothing", 1)]), 400, "general_query_invalid");
}

export async function databases(world, who, guest) {
  await one(world, who, guest);
  await many(world, who);
}
