--- The databases service as data: each row is one operation, in the order of their names.

local WRITES = { requests = 120, seconds = 60, by = "user" }
local DELETES = { requests = 60, seconds = 60, by = "user" }

local databaseId = {
  name = "databaseId", type = "string", at = "path", required = true, format = "id", doc = "the database's id",
}
local collectionId = {
  name = "collectionId", type = "string", at = "path", required = true, format = "id", doc = "the collection's id",
}
local documentId = {
  name = "documentId", type = "string", at = "path", required = true, format = "id", doc = "the document's id",
}
local oneDocument = { databaseId, collectionId, documentId }

return {
  doc = "Documents in the collections of databases.",
  operations = {
    {
      name = "createDocument", alias = "createDocument", kind = "json", result = "Document",
      verb = "POST", path = "/databases/{databaseId}/collections/{collectionId}/documents", rateLimit = WRITES,
      doc = "Creates a document. Empty `permissions` mean that nobody may touch it, its creator included.",
      params = {
        {
          name = "documentId", type = "string", at = "body", required = true, format = "newId",
          doc = "id for the document",
        },
        {
          name = "data", type = "object", at = "body", required = true,
          doc = "the attributes, without the server's own ($id and its like)",
        },
        databaseId,
        collectionId,
        {
          name = "permissions", type = "string[]", at = "body",
          doc = "who may do what; left out: the creator may read, update and delete; {}: nobody may",
        },
      },
    },
    {
      name = "deleteDocumentById", alias = "deleteDocument", kind = "json",
      verb = "DELETE", path = "/databases/{databaseId}/collections/{collectionId}/documents/{documentId}",
      idempotent = true,
      rateLimit = DELETES,
      doc = "Deletes a document.",
      params = oneDocument,
    },
    {
      name = "getDocumentById", alias = "getDocument", kind = "json", result = "Document",
      verb = "GET", path = "/databases/{databaseId}/collections/{collectionId}/documents/{documentId}",
      doc = "Gives a document; one that the user may not read is 404 like one that is not there.",
      params = {
        databaseId,
        collectionId,
        documentId,
        {
          name = "queries", type = "string[]", at = "query", maxItems = 100, maxItemLength = 4096,
          doc = "queries: select only",
        },
      },
    },
    {
      name = "listUserDocuments", alias = "listDocuments", kind = "json", result = "DocumentList",
      list = { items = "documents", by = "cursor" },
      verb = "GET", path = "/databases/{databaseId}/collections/{collectionId}/documents",
      doc = "Lists the documents that the user may read, 25 unless a limit is given; `total` counts to 5000.",
      params = {
        databaseId,
        collectionId,
        {
          name = "queries", type = "string[]", at = "query", maxItems = 100, maxItemLength = 4096,
          doc = "queries on the collection's attributes; some need an index",
        },
      },
    },
    {
      name = "updateDocumentById", alias = "updateDocument", kind = "json", result = "Document",
      verb = "PATCH", path = "/databases/{databaseId}/collections/{collectionId}/documents/{documentId}",
      rateLimit = WRITES,
      doc = "Changes the given attributes of a document and leaves the others. Needs `data` or `permissions`.",
      params = {
        databaseId,
        collectionId,
        documentId,
        {
          name = "data", type = "object", at = "body",
          doc = "the attributes to change; appwrite.null clears one",
        },
        {
          name = "permissions", type = "string[]", at = "body",
          doc = "who may do what; left out: as it is; {}: nobody may",
        },
      },
    },
  },
}
