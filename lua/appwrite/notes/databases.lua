--- What the reference says of the databases service beside its data: errors, and an example that a spec runs.

return {
  createDocument = {
    errors = {
      "database_not_found", "collection_not_found", "document_already_exists", "document_invalid_structure",
      "document_missing_data", "relationship_value_invalid", "user_unauthorized",
    },
    example = [[
local document = assert(client.databases.createDocument {
  databaseId = "main", collectionId = "scores", documentId = appwrite.ID.unique(),
  data = { player = "ada", level = 3, points = 1200 },
  permissions = { appwrite.Permission.read(appwrite.Role.any()) },
})
print(document["$id"], document.points)]],
  },
  deleteDocumentById = {
    errors = { "database_not_found", "collection_not_found", "document_not_found", "user_unauthorized" },
    example = [[
assert(client.databases.deleteDocumentById {
  databaseId = "main", collectionId = "scores", documentId = documentId,
})]],
  },
  getDocumentById = {
    errors = { "database_not_found", "collection_not_found", "document_not_found", "general_query_invalid" },
    example = [[
local document = assert(client.databases.getDocumentById {
  databaseId = "main", collectionId = "scores", documentId = documentId,
})
print(document.player, (appwrite.time.parse(document["$createdAt"])))]],
  },
  listUserDocuments = {
    errors = { "database_not_found", "collection_not_found", "general_query_invalid", "general_cursor_not_found" },
    example = [[
local Query = appwrite.Query
local page = assert(client.databases.listUserDocuments {
  databaseId = "main", collectionId = "scores",
  queries = { Query.greaterThan("points", 1000), Query.orderDesc "points", Query.limit(10) },
})
for _, document in ipairs(page.documents) do
  print(document.player, document.points)
end]],
  },
  updateDocumentById = {
    errors = {
      "database_not_found", "collection_not_found", "document_not_found", "document_invalid_structure",
      "document_missing_payload", "user_unauthorized",
    },
    example = [[
local document = assert(client.databases.updateDocumentById {
  databaseId = "main", collectionId = "scores", documentId = documentId,
  data = { points = 1500, comment = appwrite.null }, -- null clears it; what is not named stays
})
print(document.points) --> 1500]],
  },
}
