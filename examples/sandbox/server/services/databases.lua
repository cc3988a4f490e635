--- The databases service: documents. Databases and collections are those of the start-up file; there are no relations.

local attributes = require "server.attributes"
local clock = require "server.clock"
local errors = require "server.errors"
local events = require "server.events"
local json = require "server.json"
local permissions = require "server.permissions"
local queries = require "server.queries"
local response = require "server.response"
local selection = require "server.selection"
local validation = require "server.validation"

local DATABASE = { "databaseId", validation.uid }
local COLLECTION = { "collectionId", validation.uid }
local DOCUMENT = { "documentId", validation.uid }
local PERMISSIONS = { "permissions", validation.permissions, optional = true, nullable = true }

-- What every document has besides its attributes, in the order of a read document.
local OWN = {
  { "$id", "id" }, { "$createdAt", "createdAt" }, { "$updatedAt", "updatedAt" }, { "$permissions", "permissions" },
}

local function findCollection(request)
  local database = request.project.databases[request.params.databaseId] or errors.raise "database_not_found"
  return database.collections[request.params.collectionId] or errors.raise "collection_not_found"
end

local function addPlace(model, request)
  return model:set("$databaseId", request.params.databaseId):set("$collectionId", request.params.collectionId)
end

-- `select` as a set; nil where nothing was selected.
local function selected(names)
  if not names then
    return nil
  end
  local set = {}
  for _, name in ipairs(names) do
    set[name] = true
  end
  return set
end

local function readModel(collection, document, select)
  local model = json.object()
  for _, attribute in ipairs(collection.attributes) do
    if not select or select[attribute.key] or select["*"] then
      model:set(attribute.key, attributes.send(attribute, document.values[attribute.key]))
    end
  end
  for _, own in ipairs(OWN) do
    if not select or select[own[1]] then
      model:set(own[1], document[own[2]])
    end
  end
  return model
end

-- A new document comes back in another order: what was given, what it has of its own, then defaults, then nothings.
local function createdModel(collection, document, given)
  local model, byKey = json.object(), {}
  for _, attribute in ipairs(collection.attributes) do
    byKey[attribute.key] = attribute
  end
  local function add(attribute)
    if model:get(attribute.key) == nil then
      model:set(attribute.key, attributes.send(attribute, document.values[attribute.key]))
    end
  end
  for _, name in ipairs(given) do
    add(byKey[name])
  end
  model:set("$id", document.id):set("$permissions", document.permissions)
  model:set("$createdAt", document.createdAt):set("$updatedAt", document.updatedAt)
  for _, attribute in ipairs(collection.attributes) do
    if attribute.default ~= nil then
      add(attribute)
    end
  end
  for _, attribute in ipairs(collection.attributes) do
    add(attribute)
  end
  return model
end

-- Names and values of `data`, which may be JSON in a text.
local function readData(data)
  if type(data) == "string" then
    data = json.decode(data)
  end
  if json.isObject(data) then
    return data.keys, data.values
  end
  local names, values = {}, {}
  for index, value in ipairs(data or {}) do
    names[index] = tostring(index - 1)
    values[names[index]] = value
  end
  return names, values
end

-- A default as json.decode would have read it.
local function defaultOf(attribute)
  local default = attribute.default
  if type(default) == "number" and attribute.type == "integer" then
    return json.decode(("%d"):format(default))
  end
  return default
end

local function withDefaults(collection, values)
  local filled = {}
  for name, value in pairs(values) do
    filled[name] = value
  end
  for _, attribute in ipairs(collection.attributes) do
    local value = filled[attribute.key]
    if (value == nil or value == json.null) and attribute.default ~= nil then
      filled[attribute.key] = defaultOf(attribute)
    end
  end
  return filled
end

local function schemaOf(collection)
  local schema = {
    attributes = {
      ["$id"] = { type = "string" }, ["$createdAt"] = { type = "datetime" }, ["$updatedAt"] = { type = "datetime" },
    },
    fulltext = selected(collection.fulltext), selects = true, fail = queries.failQuery,
  }
  for _, attribute in ipairs(collection.attributes) do
    schema.attributes[attribute.key] = attribute
  end
  return schema
end

local OWN_VALUES = { ["$id"] = "id", ["$createdAt"] = "createdAt", ["$updatedAt"] = "updatedAt" }
-- In the data of an update these pass and change nothing.
local IGNORED = selected { "$id", "$createdAt", "$updatedAt", "$permissions" }

local function readValue(document, name)
  if OWN_VALUES[name] then
    return document[OWN_VALUES[name]]
  end
  return document.values[name]
end

local function same(a, b)
  return json.encode(a == nil and json.null or a) == json.encode(b == nil and json.null or b)
end

local function changed(collection, document, values, granted)
  for _, attribute in ipairs(collection.attributes) do
    if not same(document.values[attribute.key], values[attribute.key]) then
      return true
    end
  end
  return not same(document.permissions, granted)
end

-- One whom a document is not open to: for a change he is told so.
local function findFor(request, collection, action)
  local document = collection.documents:get(request.params.documentId) or errors.raise "document_not_found"
  if not permissions.allowsIn(request, action, collection, document) then
    errors.raise "user_unauthorized"
  end
  return document
end

-- Tell whoever may read a document what became of it.
local function announce(request, action, collection, document, model)
  local params = request.params
  events.emit(request.project, "documents." .. action, { params.databaseId, params.collectionId, document.id }, model,
    events.readers(collection, document))
end

local databases = {}

databases.createDocument = {
  params = { DATABASE, { "documentId", validation.customId }, COLLECTION, { "data", validation.data }, PERMISSIONS },
  handler = function(request)
    local params = request.params
    local names, values = readData(params.data)
    if not names[1] then
      errors.raise "document_missing_data"
    elseif values["$id"] ~= nil then
      errors.raise("document_invalid_structure", "$id is not allowed for creating new documents, try update instead")
    end
    local collection = findCollection(request)
    if not permissions.allows(request, "create", collection.permissions) then
      errors.raise "user_unauthorized"
    end
    local granted = permissions.initial(request, params.permissions)
    local filled = withDefaults(collection, values)
    attributes.check(collection, names, filled)
    local id = clock.idFrom(params.documentId)
    if collection.documents:get(id) then
      errors.raise "document_already_exists"
    end
    local now = clock.iso()
    local document = collection.documents:add {
      id = id, createdAt = now, updatedAt = now, permissions = granted, values = attributes.keep(collection, filled),
    }
    local model = addPlace(createdModel(collection, document, names), request)
    announce(request, "create", collection, document, model)
    return response.json(201, model)
  end,
}

databases.getDocumentById = {
  params = { DATABASE, COLLECTION, DOCUMENT, queries.param },
  handler = function(request)
    local collection = findCollection(request)
    local document = collection.documents:get(request.params.documentId)
    if not document or not permissions.allowsIn(request, "read", collection, document) then
      errors.raise "document_not_found"
    end
    local wanted = queries.read(schemaOf(collection), request.params.queries)
    return response.json(200, addPlace(readModel(collection, document, selected(wanted.select)), request))
  end,
}

databases.listUserDocuments = {
  params = { DATABASE, COLLECTION, queries.param },
  handler = function(request)
    local collection = findCollection(request)
    local wanted = queries.read(schemaOf(collection), request.params.queries)
    if not collection.ownPermissions and not permissions.allows(request, "read", collection.permissions) then
      errors.raise "user_unauthorized"
    end
    local found, total = selection.run(wanted, collection.documents, {
      noun = "Document", read = readValue,
      visible = function(document) return permissions.allowsIn(request, "read", collection, document) end,
    })
    local select = selected(wanted.select)
    local list = json.array()
    for index, document in ipairs(found) do
      list[index] = readModel(collection, document, select)
      if not select then
        addPlace(list[index], request)
      end
    end
    return response.json(200, json.object("total", total, "documents", list))
  end,
}

databases.updateDocumentById = {
  params = {
    DATABASE, COLLECTION, DOCUMENT, { "data", validation.data, optional = true, nullable = true }, PERMISSIONS,
  },
  handler = function(request)
    local params = request.params
    local names, given = readData(params.data)
    if not names[1] and not params.permissions then
      errors.raise "document_missing_payload"
    end
    local collection = findCollection(request)
    local document = findFor(request, collection, "update")
    local values, known = {}, {}
    for _, attribute in ipairs(collection.attributes) do
      values[attribute.key] = document.values[attribute.key]
    end
    for _, name in ipairs(names) do
      if not IGNORED[name] then
        values[name] = given[name]
        known[#known + 1] = name
      end
    end
    attributes.check(collection, known, values)
    values = attributes.keep(collection, values)
    local granted = params.permissions and permissions.granted(request, params.permissions) or document.permissions
    if changed(collection, document, values, granted) then
      document.updatedAt = clock.iso()
    end
    document.values, document.permissions = values, granted
    local model = addPlace(readModel(collection, document), request)
    announce(request, "update", collection, document, model)
    return response.json(200, model)
  end,
}

databases.deleteDocumentById = {
  params = { DATABASE, COLLECTION, DOCUMENT },
  handler = function(request)
    local collection = findCollection(request)
    local document = findFor(request, collection, "delete")
    collection.documents:remove(document.id)
    announce(request, "delete", collection, document, addPlace(readModel(collection, document), request))
    return response.empty()
  end,
}

return databases
