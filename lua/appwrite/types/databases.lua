---@meta _
-- Made by spec/generate.lua from lua/appwrite/services/databases.lua and notes/databases.lua: change that, not this.
-- luacheck: ignore

---Documents in the collections of databases.
---@class appwrite.Databases
local databases = {}

---@class appwrite.params.databases.createDocument
---@field documentId string id for the document; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit; or
---  "unique()"
---@field data table the attributes, without the server's own ($id and its like)
---@field databaseId string the database's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field collectionId string the collection's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field permissions? string[] who may do what; left out: the creator may read, update and delete; {}: nobody may

---Creates a document. Empty `permissions` mean that nobody may touch it, its creator included.
---
---At most 120 calls a minute, counted by user. Errors: `general_argument_invalid`, `database_not_found`,
---`collection_not_found`, `document_already_exists`, `document_invalid_structure`, `document_missing_data`,
---`relationship_value_invalid`, `user_unauthorized`, `general_rate_limit_exceeded`.
---
---```lua
---local document = assert(client.databases.createDocument {
---  databaseId = "main", collectionId = "scores", documentId = appwrite.ID.unique(),
---  data = { player = "ada", level = 3, points = 1200 },
---  permissions = { appwrite.Permission.read(appwrite.Role.any()) },
---})
---print(document["$id"], document.points)
---```
---@param params appwrite.params.databases.createDocument
---@param options? appwrite.CallOptions
---@return appwrite.models.Document? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.databases.createDocument, callback: fun(result: appwrite.models.Document?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.databases.createDocument, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Document?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Databases, params: appwrite.params.databases.createDocument, options?: appwrite.CallOptions): appwrite.models.Document?, appwrite.Error?, appwrite.Response?
function databases.createDocument(params, options) end

---@class appwrite.params.databases.deleteDocumentById
---@field databaseId string the database's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field collectionId string the collection's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field documentId string the document's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Deletes a document.
---
---At most 60 calls a minute, counted by user. Errors: `general_argument_invalid`, `database_not_found`,
---`collection_not_found`, `document_not_found`, `user_unauthorized`, `general_rate_limit_exceeded`.
---
---```lua
---assert(client.databases.deleteDocumentById {
---  databaseId = "main", collectionId = "scores", documentId = documentId,
---})
---```
---@param params appwrite.params.databases.deleteDocumentById
---@param options? appwrite.CallOptions
---@return true? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.databases.deleteDocumentById, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.databases.deleteDocumentById, options: appwrite.CallOptions, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Databases, params: appwrite.params.databases.deleteDocumentById, options?: appwrite.CallOptions): true?, appwrite.Error?, appwrite.Response?
function databases.deleteDocumentById(params, options) end

---The official name of `deleteDocumentById`. Deletes a document.
databases.deleteDocument = databases.deleteDocumentById

---@class appwrite.params.databases.getDocumentById
---@field databaseId string the database's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field collectionId string the collection's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field documentId string the document's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field queries? string[] queries: select only; 100 items at most; each of up to 4096 characters

---Gives a document; one that the user may not read is 404 like one that is not there.
---
---Errors: `general_argument_invalid`, `database_not_found`, `collection_not_found`, `document_not_found`,
---`general_query_invalid`.
---
---```lua
---local document = assert(client.databases.getDocumentById {
---  databaseId = "main", collectionId = "scores", documentId = documentId,
---})
---print(document.player, (appwrite.time.parse(document["$createdAt"])))
---```
---@param params appwrite.params.databases.getDocumentById
---@param options? appwrite.CallOptions
---@return appwrite.models.Document? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.databases.getDocumentById, callback: fun(result: appwrite.models.Document?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.databases.getDocumentById, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Document?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Databases, params: appwrite.params.databases.getDocumentById, options?: appwrite.CallOptions): appwrite.models.Document?, appwrite.Error?, appwrite.Response?
function databases.getDocumentById(params, options) end

---The official name of `getDocumentById`. Gives a document; one that the user may not read is 404 like one that is not
---there.
databases.getDocument = databases.getDocumentById

---@class appwrite.params.databases.listUserDocuments
---@field databaseId string the database's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field collectionId string the collection's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field queries? string[] queries on the collection's attributes; some need an index; 100 items at most; each of up to
---  4096 characters

---Lists the documents that the user may read, 25 unless a limit is given; `total` counts to 5000.
---
---Errors: `general_argument_invalid`, `database_not_found`, `collection_not_found`, `general_query_invalid`,
---`general_cursor_not_found`.
---
---```lua
---local Query = appwrite.Query
---local page = assert(client.databases.listUserDocuments {
---  databaseId = "main", collectionId = "scores",
---  queries = { Query.greaterThan("points", 1000), Query.orderDesc "points", Query.limit(10) },
---})
---for _, document in ipairs(page.documents) do
---  print(document.player, document.points)
---end
---```
---@param params appwrite.params.databases.listUserDocuments
---@param options? appwrite.CallOptions
---@return appwrite.models.DocumentList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.databases.listUserDocuments, callback: fun(result: appwrite.models.DocumentList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.databases.listUserDocuments, options: appwrite.CallOptions, callback: fun(result: appwrite.models.DocumentList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Databases, params: appwrite.params.databases.listUserDocuments, options?: appwrite.CallOptions): appwrite.models.DocumentList?, appwrite.Error?, appwrite.Response?
function databases.listUserDocuments(params, options) end

---The official name of `listUserDocuments`. Lists the documents that the user may read, 25 unless a limit is given;
---`total` counts to 5000.
databases.listDocuments = databases.listUserDocuments

---@class appwrite.params.databases.updateDocumentById
---@field databaseId string the database's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field collectionId string the collection's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field documentId string the document's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field data? table the attributes to change; appwrite.null clears one
---@field permissions? string[] who may do what; left out: as it is; {}: nobody may

---Changes the given attributes of a document and leaves the others. Needs `data` or `permissions`.
---
---At most 120 calls a minute, counted by user. Errors: `general_argument_invalid`, `database_not_found`,
---`collection_not_found`, `document_not_found`, `document_invalid_structure`, `document_missing_payload`,
---`user_unauthorized`, `general_rate_limit_exceeded`.
---
---```lua
---local document = assert(client.databases.updateDocumentById {
---  databaseId = "main", collectionId = "scores", documentId = documentId,
---  data = { points = 1500, comment = appwrite.null }, -- null clears it; what is not named stays
---})
---print(document.points) --> 1500
---```
---@param params appwrite.params.databases.updateDocumentById
---@param options? appwrite.CallOptions
---@return appwrite.models.Document? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.databases.updateDocumentById, callback: fun(result: appwrite.models.Document?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.databases.updateDocumentById, options: appwrite.CallOptions, callback: fun(result: appwrite.models.Document?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Databases, params: appwrite.params.databases.updateDocumentById, options?: appwrite.CallOptions): appwrite.models.Document?, appwrite.Error?, appwrite.Response?
function databases.updateDocumentById(params, options) end

---The official name of `updateDocumentById`. Changes the given attributes of a document and leaves the others. Needs
---`data` or `permissions`.
databases.updateDocument = databases.updateDocumentById

return databases
