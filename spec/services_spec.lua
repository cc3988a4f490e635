--- The rows of all services: that each is well formed, and says what the tables of facts say where those are at hand.

local COUNTS = {
  account = 47, avatars = 7, databases = 5, functions = 3, graphql = 2, locale = 8, messaging = 2, storage = 8,
  teams = 13,
}
local TOTAL = 95
local NAMES = {}
for name in pairs(COUNTS) do
  NAMES[#NAMES + 1] = name
end
table.sort(NAMES)

local FACTS = "../shared/facts/operations.json"
local EXCHANGES = "../shared/facts/exchanges.json"

local function set(...)
  local all = {}
  for _, name in ipairs { ... } do
    all[name] = true
  end
  return all
end

local VERBS = set("GET", "POST", "PUT", "PATCH", "DELETE")
-- Which verbs go with a kind of operation; nil: all.
local KINDS = {
  json = VERBS, bytes = set "GET", redirect = set "GET", graphql = set "POST", upload = set "POST",
}
local ROW = {
  name = "string", alias = "string", verb = "string", path = "string", kind = "string", doc = "string",
  params = "table", result = "string", rateLimit = "table", auth = "string", ranges = "boolean", idempotent = "boolean",
  list = "table",
}
local ROW_REQUIRED = { "name", "alias", "verb", "path", "kind", "doc", "params" }
local RATE_LIMIT = { requests = "number", seconds = "number", by = "string" }
local PARAM = {
  name = "string", type = "string", at = "string", doc = "string", required = "boolean", enum = "table",
  min = "number", max = "number", minLength = "number", maxLength = "number", maxItems = "number",
  maxItemLength = "number", format = "string", default = "any", secret = "boolean", batch = "boolean",
  anyCase = "boolean", inBytes = "boolean",
}
local PARAM_REQUIRED = { "name", "type", "at", "doc" }
-- The rules that each type of parameter can have.
local RULES = {
  string = set("enum", "anyCase", "minLength", "maxLength", "inBytes", "format"),
  integer = set("min", "max"),
  number = set("min", "max"),
  boolean = {},
  object = set "batch",
  ["string[]"] = set("maxItems", "maxItemLength"),
  file = {},
}
local ALL_RULES = {
  "enum", "anyCase", "min", "max", "minLength", "maxLength", "inBytes", "maxItems", "maxItemLength", "format", "batch",
}
local DEFAULT_TYPES = { string = "string", integer = "number", number = "number", boolean = "boolean" }
local FORMATS = set("id", "newId", "phone", "hexColor")

-- What must never be shown: what gives access, and what may carry such things to a function.
local SECRETS = set("password", "oldPassword", "secret", "otp", "identifier", "body", "headers")

local LOGINS = set(
  "account.createAnonymousSession", "account.createEmailPasswordSession", "account.createSessionFromToken",
  "account.updateMagicUrlSession", "account.updatePhoneSession"
)

local services = {}
for _, name in ipairs(NAMES) do
  services[name] = require("appwrite.services." .. name)
end

local function eachRow(visit)
  for _, name in ipairs(NAMES) do
    for _, row in ipairs(services[name].operations) do
      visit(name .. "." .. tostring(row.name), row, name)
    end
  end
end

local function eachParam(visit)
  eachRow(function(fullName, row)
    for _, param in ipairs(row.params) do
      visit(fullName .. " " .. tostring(param.name), param, row)
    end
  end)
end

-- Runs a check over everything and expects that it found nothing, so that a failure names all that is wrong.
local function assertNone(each, check)
  local problems = {}
  local function report(where, ...)
    problems[#problems + 1] = where .. ": " .. string.format(...)
  end
  each(function(where, ...)
    check(function(...)
      report(where, ...)
    end, ...)
  end)
  assert.same({}, problems)
end

local function checkFields(report, given, types, required)
  for key, value in pairs(given) do
    local expected = types[key]
    if not expected then
      report("unknown field %s", tostring(key))
    elseif expected ~= "any" and type(value) ~= expected then
      report("%s is a %s", key, type(value))
    elseif value == "" and key ~= "default" then
      report("%s is empty", key)
    end
  end
  for _, key in ipairs(required) do
    if given[key] == nil then
      report("no %s", key)
    end
  end
end

local function isIn(list, value)
  for _, item in ipairs(list) do
    if item == value then
      return true
    end
  end
  return false
end

describe("appwrite.services", function()
  for _, name in ipairs(NAMES) do
    it(("have %d operations in %s, in the order of their names"):format(COUNTS[name], name), function()
      local service = services[name]
      assert.equal(COUNTS[name], #service.operations)
      assert.truthy(service.doc:find("^%u[^\n]*%.$"))
      for key in pairs(service) do
        assert.truthy(key == "doc" or key == "operations")
      end
      local names, sorted = {}, {}
      for index, row in ipairs(service.operations) do
        names[index], sorted[index] = row.name, row.name
      end
      table.sort(sorted)
      assert.same(sorted, names)
    end)
  end

  it("have 95 operations in all", function()
    local count = 0
    eachRow(function()
      count = count + 1
    end)
    assert.equal(TOTAL, count)
  end)

  it("have well-formed rows", function()
    assertNone(eachRow, function(report, row, service)
      checkFields(report, row, ROW, ROW_REQUIRED)
      if not row.doc:find("^%u[^\n]*%.$") then
        report("doc is not one sentence or more on one line: %s", row.doc)
      end
      if not KINDS[row.kind] then
        report("unknown kind %s", row.kind)
      elseif not KINDS[row.kind][row.verb] then
        report("%s does not go with %s", row.verb, row.kind)
      end
      if row.path:match("^/(%a+)") ~= service or row.path:find("[^A-Za-z0-9/{}-]") or row.path:find("//") then
        report("odd path %s", row.path)
      end
      if row.ranges and row.kind ~= "bytes" then
        report("ranges of what is no file")
      end
      if row.result and (row.kind ~= "json" and row.kind ~= "upload" or not row.result:find("^%u%a+$")) then
        report("odd result %s", row.result)
      end
      if row.list then
        checkFields(report, row.list, { items = "string", by = "string" }, { "items" })
      end
      if row.rateLimit then
        checkFields(report, row.rateLimit, RATE_LIMIT, { "requests", "seconds" })
        local by, isParam = row.rateLimit.by, false
        for _, param in ipairs(row.params) do
          isParam = isParam or param.name == by
        end
        if by and by ~= "user" and not isParam then
          report("counts by %s, which it does not take", by)
        end
      end
      if row.idempotent and (row.verb == "GET" or row.verb == "POST" or row.auth) then
        report("idempotent without need, or without being so")
      end
    end)
  end)

  it("name each operation once, and no alias takes another's name", function()
    local owner = {}
    eachRow(function(fullName)
      assert.is_nil(owner[fullName])
      owner[fullName] = fullName
    end)
    assertNone(eachRow, function(report, row, service)
      local alias = service .. "." .. row.alias
      if (owner[alias] or service .. "." .. row.name) ~= service .. "." .. row.name then
        report("%s is taken by %s", alias, owner[alias])
      end
      owner[alias] = service .. "." .. row.name
    end)
  end)

  it("declare the parameters of their paths, and no body where none is read", function()
    assertNone(eachRow, function(report, row)
      local seen, inPath = {}, {}
      for name in row.path:gmatch("{(%w+)}") do
        inPath[name] = true
      end
      for _, param in ipairs(row.params) do
        if seen[param.name] then
          report("%s is there twice", param.name)
        end
        seen[param.name] = true
        if (param.at == "path") ~= (inPath[param.name] or false) then
          report("%s is at %s", param.name, param.at)
        elseif param.at ~= "path" and param.at ~= (row.verb == "GET" and "query" or "body") then
          report("%s is at %s of a %s", param.name, param.at, row.verb)
        end
      end
      for name in pairs(inPath) do
        if not seen[name] then
          report("no parameter %s for the path", name)
        end
      end
    end)
  end)

  it("have well-formed parameters", function()
    assertNone(eachParam, function(report, param)
      checkFields(report, param, PARAM, PARAM_REQUIRED)
      if not param.doc:find("^[^\n]*[^.\n]$") then
        report("doc is not a few words on one line: %s", param.doc)
      end
      for _, flag in ipairs { "required", "secret", "batch" } do
        if param[flag] == false then
          report("%s is false; leave it out", flag)
        end
      end
      for _, rule in ipairs(ALL_RULES) do
        if param[rule] ~= nil and not (RULES[param.type] or {})[rule] then
          report("%s does not go with %s", rule, param.type)
        end
      end
      if not RULES[param.type] then
        report("unknown type %s", param.type)
      end
      if param.format and not FORMATS[param.format] then
        report("unknown format %s", param.format)
      end
      if param.at == "path" and not (param.required and param.type == "string" and (param.format or param.enum)) then
        report("a path needs a required string with a format or an enum")
      end
    end)
  end)

  it("have ranges, enums and defaults that agree", function()
    assertNone(eachParam, function(report, param)
      local default = param.default
      if (param.min == nil) ~= (param.max == nil) or param.min and param.min > param.max then
        report("half a range, or one upside down")
      end
      if param.minLength and param.maxLength and param.minLength > param.maxLength then
        report("minLength is above maxLength")
      end
      if param.enum then
        local seen, count = {}, 0
        for _, value in pairs(param.enum) do
          count = count + 1
          if type(value) ~= "string" or value == "" or seen[value] then
            report("enum has %s, which is no text or there twice", tostring(value))
          end
          seen[value] = true
        end
        if count == 0 or count ~= #param.enum then
          report("enum is no array")
        end
      end
      if default == nil then
        return
      end
      if param.required or type(default) ~= DEFAULT_TYPES[param.type] then
        report("default %s of a %s %s", tostring(default), param.required and "required" or "optional", param.type)
      elseif param.enum and default ~= "" and not isIn(param.enum, default) then
        report("default %s is not in the enum", default)
      elseif param.min and (default < param.min or default > param.max) then
        report("default %s is out of range", tostring(default))
      end
    end)
  end)

  it("mark what is secret, and nothing else", function()
    assertNone(eachParam, function(report, param)
      if (SECRETS[param.name] or nil) ~= param.secret then
        report("secret is %s", tostring(param.secret))
      end
    end)
  end)

  it("mark the calls that log in, and nothing else", function()
    assertNone(eachRow, function(report, row, service)
      if (LOGINS[service .. "." .. row.name] and "login" or nil) ~= row.auth then
        report("auth is %s", tostring(row.auth))
      end
    end)
  end)

  it("give uploads their one file, and batches to GraphQL only", function()
    assertNone(eachRow, function(report, row)
      local files, batches = 0, 0
      for _, param in ipairs(row.params) do
        files = files + (param.type == "file" and 1 or 0)
        batches = batches + (param.batch and 1 or 0)
      end
      if files ~= (row.kind == "upload" and 1 or 0) then
        report("%d files", files)
      end
      if batches ~= (row.kind == "graphql" and 1 or 0) then
        report("%d batches", batches)
      end
    end)
  end)

  it("hold the two codes that are often damaged", function()
    local found = {}
    eachParam(function(where, param)
      if param.name == "code" then
        for _, value in ipairs(param.enum) do
          found[where .. "=" .. tostring(value)] = true
        end
      end
    end)
    assert.is_true(found["avatars.getBrowserIconByCode code=on"])
    assert.is_true(found["avatars.getCountryFlagByCode code=no"])
  end)

  it("cost little memory", function()
    local kept = {}
    collectgarbage()
    collectgarbage()
    local before = collectgarbage("count")
    for _, name in ipairs(NAMES) do
      kept[name] = assert(loadfile("lua/appwrite/services/" .. name .. ".lua"))()
    end
    collectgarbage()
    collectgarbage()
    local used = collectgarbage("count") - before
    assert.is_true(used < 200, ("%.1f KiB for the nine services"):format(used))
    assert.equal(COUNTS.account, #kept.account.operations)
  end)
end)

-- The facts ----------------------------------------------------------------------------------------------------------

local function readJson(path)
  local file = io.open(path, "rb")
  if not file then
    return nil
  end
  local text = file:read("*a")
  file:close()
  return require("cjson").decode(text)
end

-- Where a row says something else than the table of operations, and why.
local DEVIATIONS = {
  {
    "account.createMfaChallenge", "factor", "enum", { "email", "phone", "totp", "recoveryCode", "recoverycode" },
    why = "servers from 1.5.5 on want recoverycode, earlier ones recoveryCode",
  },
  {
    "account.createEmailPasswordSession", "password", "maxLength", 256,
    why = "the server's rule for passwords is the same everywhere",
  },
  { "account.updatePassword", "password", "maxLength", 256, why = "as above" },
  { "account.updatePassword", "oldPassword", "maxLength", 256, why = "as above" },
  { "account.updatePhone", "password", "maxLength", 256, why = "as above" },
  { "account.updateUserEmail", "password", "maxLength", 256, why = "as above" },
  {
    "functions.triggerFunctionExecution", "body", "default", "",
    why = "the server's default, which the table gives in words",
  },
  { "functions.triggerFunctionExecution", "async", "default", false, why = "as above" },
  { "functions.triggerFunctionExecution", "path", "default", "/", why = "as above" },
  { "functions.triggerFunctionExecution", "method", "default", "POST", why = "what a real server takes" },
  { "storage.createFile", "file", "type", "file", why = "a file is no text: it is an InputFile or its bytes" },
}

local FACT_KINDS = { json = "json", location = "bytes", webAuth = "redirect", graphql = "graphql", upload = "upload" }
local FACT_FORMATS = { ["phone-e164"] = "phone", ["hex-color-without-hash"] = "hexColor" }
-- The members of a fact that are compared, and those that only explain others.
local FACT_FIELDS = set(
  "name", "type", "in", "required", "default", "enum", "range", "number_kind", "min_length", "max_length", "max_items",
  "max_item_length", "format", "pattern", "custom_or_unique_id", "filterable_attributes", "special_value",
  "documented_default", "documented_enum", "documented_wire_values", "supported_query_methods"
)
local COMPARED = {
  "name", "type", "at", "required", "enum", "min", "max", "minLength", "maxLength", "maxItems", "maxItemLength",
  "format", "default",
}
local NEW_ID = "^[A-Za-z0-9][A-Za-z0-9._-]*$"

local function factFormat(fact)
  if fact.custom_or_unique_id then
    assert.equal(NEW_ID, fact.pattern)
    assert.equal(36, fact.max_length)
    return "newId"
  end
  return FACT_FORMATS[fact.format] or (fact["in"] == "path" and not fact.enum and "id" or nil)
end

local function expectedParam(fact)
  for key in pairs(fact) do
    assert.is_true(FACT_FIELDS[key], "unknown fact " .. key)
  end
  local range = fact.range or {}
  -- An empty array is what a missing one means anyway, so rows do not say it.
  local default = fact.default
  if type(default) == "table" then
    default = nil
  end
  return {
    name = fact.name,
    type = fact.number_kind or fact.type,
    at = fact["in"],
    required = fact.required or nil,
    enum = fact.enum,
    min = range[1],
    max = range[2],
    minLength = fact.min_length,
    maxLength = not fact.custom_or_unique_id and fact.max_length or nil,
    maxItems = fact.max_items,
    maxItemLength = fact.max_item_length,
    format = factFormat(fact),
    default = default,
  }
end

local function expectedRow(fact)
  local params = {}
  for index, param in ipairs(fact.params) do
    params[index] = expectedParam(param)
  end
  -- cjson decodes null into a value of its own.
  local result = type(fact.returns) == "string" and fact.returns or nil
  return {
    name = fact.method,
    alias = fact.official:match("%.(.*)$"),
    verb = fact.http_method,
    path = fact.path,
    kind = FACT_KINDS[fact.kind],
    result = result,
    rateLimit = fact.rate_limit,
    params = params,
  }
end

local function comparable(row)
  local params = {}
  for index, param in ipairs(row.params) do
    params[index] = {}
    for _, key in ipairs(COMPARED) do
      params[index][key] = param[key]
    end
  end
  return {
    name = row.name, alias = row.alias, verb = row.verb, path = row.path, kind = row.kind, result = row.result,
    rateLimit = row.rateLimit and { requests = row.rateLimit.requests, seconds = row.rateLimit.seconds }, params = params,
  }
end

local function deviate(fullName, expected)
  for _, deviation in ipairs(DEVIATIONS) do
    if deviation[1] == fullName then
      for _, param in ipairs(expected.params) do
        if param.name == deviation[2] then
          assert.are_not.same(deviation[4], param[deviation[3]])
          param[deviation[3]] = deviation[4]
          deviation.met = true
        end
      end
    end
  end
end

local facts = readJson(FACTS)
if facts then
  describe("appwrite.services beside the facts", function()
    local rows = {}
    eachRow(function(fullName, row)
      rows[fullName] = row
    end)

    for _, fact in ipairs(facts.operations) do
      local fullName = fact.service .. "." .. fact.method
      it("say of " .. fullName .. " what is known", function()
        local row = assert(rows[fullName])
        local expected = expectedRow(fact)
        deviate(fullName, expected)
        assert.same(expected, comparable(row))
        local status = fact.success[1]
        assert.equal(row.kind == "redirect", status == 301)
        assert.equal(row.kind == "json" and row.result == nil, status == 204)
        for index, param in ipairs(fact.params) do
          for _, attribute in ipairs(param.filterable_attributes or {}) do
            assert.truthy(row.params[index].doc:find(attribute, 1, true), attribute)
          end
          assert.truthy(row.params[index].doc:find(param.special_value or "", 1, true))
        end
      end)
    end

    it("are as many, and deviate only where it is said", function()
      assert.equal(TOTAL, #facts.operations)
      for _, deviation in ipairs(DEVIATIONS) do
        assert.is_string(deviation.why)
        assert.is_true(deviation.met, deviation[1] .. " " .. deviation[2])
      end
    end)
  end)
end

-- What a real server accepted ----------------------------------------------------------------------------------------

-- Accepted by the server, and refused here on purpose.
local REFUSED = {
  ["registerUser.ok-unknown-param"] = "a misspelt name is worth more as an error",
  ["listUserDocuments.ok-unknown-query-param"] = "as above",
  ["listContinents.ok-locale-de-query"] = "the locale is the client's",
  ["getDocumentById.ok-empty-id"] = "an empty id would turn into a list",
  ["createDocument.ok-data-json-string"] = "data is a table here",
  ["graphql.executeMutation.ok-plain"] = "the envelope is the official clients'",
}

-- "/v1/a/{x}" as a pattern, and the names in it.
local function pathPattern(path)
  local names = {}
  local pattern = path:gsub("%-", "%%-"):gsub("{(%w+)}", function(name)
    names[#names + 1] = name
    return "([^/]*)"
  end)
  return "^/v1" .. pattern .. "$", names
end

local function fromQuery(param, text)
  if param and (param.type == "integer" or param.type == "number") then
    return tonumber(text)
  elseif param and param.type == "boolean" then
    return text == "true" or text == "1"
  end
  return text
end

-- "name[0]" and "name[]" are items of an array.
local function put(params, name, value)
  local base = name:match("^(.*)%[%d*%]$")
  if base then
    params[base] = params[base] or {}
    table.insert(params[base], value)
  else
    params[name] = value
  end
end

-- The parameters of a call that would send this request; nil where it is not one that the library makes.
local function paramsOf(operation, request)
  local pattern, names = pathPattern(operation.row.path)
  local values = { request.path:match(pattern) }
  local body = request.body
  local isText = type(body) == "table" and body.kind == "text"
  if not values[1] or request.method ~= operation.row.verb or isText then
    return nil
  end
  local params = {}
  for index, name in ipairs(names) do
    params[name] = values[index]
  end
  if operation.row.verb == "GET" then
    for _, pair in ipairs(request.query) do
      if pair[1] ~= "project" then
        put(params, pair[1], fromQuery(operation.byName[pair[1]], pair[2]))
      end
    end
  elseif type(body) == "table" and body.kind == "json" then
    local cjson = require "cjson"
    for name, value in pairs(cjson.decode(body.text)) do
      if value ~= cjson.null then
        params[name] = value
      end
    end
  elseif type(body) == "table" then
    for _, part in ipairs(body.parts) do
      put(params, part.name, type(part.value) == "string" and part.value or "bytes")
    end
  end
  return params
end

local exchanges = readJson(EXCHANGES)
if exchanges then
  describe("appwrite.services beside a real server", function()
    it("refuse nothing that it accepted", function()
      local operations = require "appwrite.operations"
      local validate = require "appwrite.validate"
      local refused, seen, count = {}, {}, 0
      for _, exchange in ipairs(exchanges) do
        local isOurs = type(exchange.operation) == "string" and exchange.response.status < 400
        local operation = isOurs and assert(operations.find(exchange.operation))
        local params = operation and paramsOf(operation, exchange.request)
        if params then
          local problem = validate.check(operation, params)
          seen[operation], count = true, count + 1
          if problem then
            refused[exchange.id] = REFUSED[exchange.id] or problem
          end
        end
      end
      assert.same(REFUSED, refused)
      assert.is_true(count > 300, count .. " exchanges")
      local missing = {}
      eachRow(function(fullName)
        if not seen[assert(operations.find(fullName))] then
          missing[#missing + 1] = fullName
        end
      end)
      assert.same({}, missing)
    end)
  end)
end
