--- `client.storage.resume(err.upload, options)`: takes an upload up where it broke off, in this process or another.

local InputFile = require "appwrite.input_file"
local options = require "appwrite.options"
local plan = require "appwrite.upload_plan"

local format = string.format

local RULES = {
  bucketId = { type = "string", nonEmpty = true },
  fileId = { type = "string", nonEmpty = true },
  name = { type = "string", nonEmpty = true },
  mimeType = { type = "string", nonEmpty = true },
  size = { type = "number", whole = true, unit = "bytes" },
  chunkSize = { type = "number", whole = true, unit = "bytes" },
  path = { type = "string", nonEmpty = true },
  mtime = { type = "number", unit = "seconds since 1970" },
  permissions = { type = "table" },
  file = { type = "table", other = "string" },
}
local REQUIRED = { "bucketId", "fileId", "name", "size", "chunkSize" }

---What `client.storage` has beside its operations (appwrite.types.storage).
---@class appwrite.Storage
---@field resume fun(upload: appwrite.UploadState, options: appwrite.CallOptions?, callback: function?): any, any, any
---  takes an upload up where it broke off, in this process or another: `upload` is `err.upload` of the call that
---  failed, and the results are those of that call

local resume = {}

local function check(given)
  if type(given) ~= "table" then
    return "the upload must be a table, got " .. type(given)
  end
  local problem = options.check(given, RULES)
  if problem then
    return (problem:gsub("option", "field", 1))
  end
  for _, name in ipairs(REQUIRED) do
    if given[name] == nil then
      return format('field "%s" of the upload is missing: it takes what a failed upload left in err.upload', name)
    end
  end
  if given.chunkSize ~= plan.CHUNK then
    return format('field "chunkSize" of the upload must be %d, the only size that the server takes, got %s', plan.CHUNK,
      tostring(given.chunkSize))
  elseif not given.path and not given.file then
    return 'the upload was not of a file on the disk: put what it was of into its field "file"'
  end
  return nil
end

---@param given appwrite.UploadState with `file`, an InputFile or a string, where it was not of a file on the disk
---@return table? params of storage.createFile
---@return table|string known what it must be like still, or what is wrong with what was given
function resume.prepare(given)
  local problem = check(given)
  if problem then
    return nil, problem
  end
  local file = given.file
  if type(file) ~= "table" then
    -- What a stored table may have become, such as a type that is none, is the caller's fault too.
    local make, from = file and InputFile.fromString or InputFile.fromPath, file or given.path
    local ok
    ok, file = pcall(make, from, given.name, given.mimeType)
    if not ok then
      return nil, file
    end
  end
  return {
    bucketId = given.bucketId, fileId = given.fileId, file = file, permissions = given.permissions,
  }, { size = given.size, mtime = given.mtime }
end

return resume
