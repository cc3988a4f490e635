--- Turns an operation and its checked parameters into a request: a pure function, nothing is sent here.

local json = require "appwrite.json"
local uri = require "appwrite.uri"

local concat = table.concat
local format, match = string.format, string.match
local floor = math.floor

local build = {}

---@class appwrite.Request what a transport sends
---@field method string
---@field target string path and query, encoded, beginning with "/", to be put behind the endpoint
---@field headers table<string, string>?
---@field body string?
---@field multipart table[]?
---@field auth "login"|nil
---@field timeout number? seconds
---@field file table?      where the body of a 2xx answer goes, of the transport's making
---@field stream boolean?  the body of a 2xx answer is read bit by bit, by handle:read()
---@field partial boolean? only a part (206) is taken there; the whole fails with kind "protocol" and its status
---@field skip integer?    bytes at its beginning that are left out

local JSON_HEADERS = { ["content-type"] = "application/json" }
local GRAPHQL_HEADERS = { ["content-type"] = "application/json", ["x-sdk-graphql"] = "true" }

local function target(operation, params)
  local literals, path = operation.literals, operation.path
  if #path == 0 then
    return literals[1]
  end
  local pieces = { literals[1] }
  for index, param in ipairs(path) do
    local segment, problem = uri.segment(params[param.name])
    if not segment then
      return nil, format('parameter "%s" %s', param.name, problem)
    end
    pieces[#pieces + 1] = segment
    pieces[#pieces + 1] = literals[index + 1]
  end
  return concat(pieces)
end

-- Whole numbers are written as digits only: the server refuses "50.0" in a query.
local function queryText(value)
  if type(value) == "number" then
    if floor(value) == value and value > -2 ^ 53 and value < 2 ^ 53 then
      return format("%d", value)
    end
    return json.encode(value)
  end
  if type(value) == "table" then
    return json.encode(value)
  end
  return tostring(value)
end

local function addPair(pairs_, name, value)
  pairs_[#pairs_ + 1] = uri.form(name) .. "=" .. uri.form(queryText(value))
end

local function addQuery(pairs_, name, value)
  if type(value) == "table" and not json.isInt64(value) then
    for index = 1, #value do
      addPair(pairs_, format("%s[%d]", name, index - 1), value[index])
    end
  else
    addPair(pairs_, name, value)
  end
end

local function withQuery(path, pairs_)
  if #pairs_ == 0 then
    return path
  end
  return path .. "?" .. concat(pairs_, "&")
end

---The encoded path and query of an operation.
---@param operation appwrite.Prepared
---@param params table
---@param extra table[]? further { name, value } pairs at the end of the query
---@return string? target
---@return string? problem
function build.target(operation, params, extra)
  local path, problem = target(operation, params)
  if not path then
    return nil, problem
  end
  if #operation.query == 0 and not extra then
    return path
  end
  local pairs_ = {}
  for _, param in ipairs(operation.query) do
    local value = params[param.name]
    if value ~= nil then
      addQuery(pairs_, param.name, value)
    end
  end
  for _, pair in ipairs(extra or {}) do
    addQuery(pairs_, pair[1], pair[2])
  end
  return withQuery(path, pairs_)
end

-- How a table is written that says nothing of itself: by the parameter it stands for.
local EMPTY = { object = "object", ["string[]"] = "array" }

local function encodeMember(param, value)
  if param.type == "integer" and type(value) == "number" then
    return queryText(value)
  end
  return json.encode(value, { name = param.name, empty = EMPTY[param.type] })
end

local function jsonBody(operation, params)
  local members = {}
  for _, param in ipairs(operation.body) do
    local value = params[param.name]
    if value ~= nil then
      local text, problem = encodeMember(param, value)
      if not text then
        return nil, problem
      end
      members[#members + 1] = '"' .. param.name .. '":' .. text
    end
  end
  return "{" .. concat(members, ",") .. "}"
end

-- In loose mode the caller may pass parameters that the row does not know; they travel in the query of a GET and in
-- the body otherwise.
local function looseParams(operation, params)
  local extra = {}
  for name, value in pairs(params) do
    if not operation.byName[name] then
      extra[#extra + 1] = { tostring(name), value }
    end
  end
  if #extra == 0 then
    return nil
  end
  table.sort(extra, function(a, b)
    return a[1] < b[1]
  end)
  return extra
end

local function addLoose(body, extra)
  local members = { match(body, "^{(.*)}$") }
  if members[1] == "" then
    members = {}
  end
  for _, pair in ipairs(extra) do
    local text, problem = json.encode(pair[2], { name = pair[1] })
    if not text then
      return nil, problem
    end
    members[#members + 1] = json.encode(pair[1]) .. ":" .. text
  end
  return "{" .. concat(members, ",") .. "}"
end

---@param operation appwrite.Prepared
---@param params table checked by validate.check
---@param loose boolean?
---@return appwrite.Request? request
---@return string? problem a value that JSON or a path cannot carry
function build.request(operation, params, loose)
  local row = operation.row
  local extra = loose and looseParams(operation, params) or nil
  local isGet = row.verb == "GET"
  local path, problem = build.target(operation, params, isGet and extra or nil)
  if not path then
    return nil, problem
  end
  local request = { method = row.verb, target = path, auth = row.auth }
  if isGet or row.kind == "upload" then
    return request
  end
  local body
  body, problem = jsonBody(operation, params)
  if body and extra then
    body, problem = addLoose(body, extra)
  end
  if not body then
    return nil, problem
  end
  request.body = body
  request.headers = row.kind == "graphql" and GRAPHQL_HEADERS or JSON_HEADERS
  return request
end

---One piece of a file as multipart: all fields are repeated with every chunk.
---@param operation appwrite.Prepared
---@param params table
---@param part table the file's part: { filename, type, data, offset?, length? }; in place of `data` there may be `path`
---  and fileSize, or `buffer` (of appwrite.core), which is not to be changed before the request has ended
---@return table[] multipart
function build.multipart(operation, params, part)
  local parts = {}
  for _, param in ipairs(operation.body) do
    local value = params[param.name]
    if param.type == "file" then
      part.name = param.name
      parts[#parts + 1] = part
    elseif param.type == "string[]" and value ~= nil and value ~= json.null then
      for index = 1, #value do
        parts[#parts + 1] = { name = param.name .. "[]", data = value[index] }
      end
    elseif value ~= nil and value ~= json.null then
      parts[#parts + 1] = { name = param.name, data = queryText(value) }
    end
  end
  return parts
end

---A request that names no operation.
---@param call { method: string, path: string, query: table?, body: table?, headers: table? }
---@return appwrite.Request? request
---@return string? problem
function build.raw(call)
  local pairs_, names = {}, {}
  for name in pairs(call.query or {}) do
    names[#names + 1] = name
  end
  table.sort(names)
  for _, name in ipairs(names) do
    addQuery(pairs_, name, call.query[name])
  end
  local request = { method = call.method or "GET", target = withQuery(call.path, pairs_), headers = call.headers }
  if request.method ~= "GET" and request.method ~= "HEAD" then
    local text, problem = json.encode(call.body or {}, { name = "body", empty = "object" })
    if not text then
      return nil, problem
    end
    request.body = text
    request.headers = request.headers or JSON_HEADERS
  end
  return request
end

return build
