--- What the reference says of the storage service beside its data: errors, and an example that a spec runs.

local READING = { "storage_bucket_not_found", "storage_file_not_found" }

return {
  createFile = {
    errors = {
      "storage_bucket_not_found", "storage_file_already_exists", "storage_file_empty", "storage_file_type_unsupported",
      "storage_invalid_file_size", "storage_invalid_content_range", "storage_invalid_appwrite_id",
      "document_invalid_structure", "user_unauthorized",
    },
    example = [[
local file = assert(client.storage.createFile({
  bucketId = "files", fileId = appwrite.ID.unique(),
  file = appwrite.InputFile.fromPath "README.md",
  permissions = { appwrite.Permission.read(appwrite.Role.any()) },
}, { onProgress = function(p) print(p.progress .. " %") end }))
print(file["$id"], file.sizeOriginal)]],
  },
  deleteFileById = {
    errors = { "storage_bucket_not_found", "storage_file_not_found", "user_unauthorized" },
    example = [[
assert(client.storage.deleteFileById { bucketId = "files", fileId = fileId })]],
  },
  getFileById = {
    errors = READING,
    example = [[
local file = assert(client.storage.getFileById { bucketId = "files", fileId = fileId })
print(file.name, file.mimeType, file.sizeOriginal)]],
  },
  getFileDownload = {
    errors = { "storage_bucket_not_found", "storage_file_not_found", "storage_invalid_range" },
    example = [[
local path = os.tmpname()
assert(client.storage.getFileDownload({ bucketId = "files", fileId = fileId }, { to = path }))
os.remove(path)]],
  },
  getFileForView = {
    errors = READING,
    example = [[
local bytes = assert(client.storage.getFileForView { bucketId = "files", fileId = fileId })
print(#bytes .. " bytes")]],
  },
  getFilePreviewImage = {
    errors = READING,
    example = [[
local image = assert(client.storage.getFilePreviewImage {
  bucketId = "files", fileId = fileId, width = 120, height = 80, gravity = "center", output = "jpg", quality = 80,
})
print(#image .. " bytes")]],
  },
  listFiles = {
    errors = { "storage_bucket_not_found", "general_cursor_not_found" },
    example = [[
local page = assert(client.storage.listFiles {
  bucketId = "files", queries = { appwrite.Query.greaterThan("sizeOriginal", 1000) },
})
for _, file in ipairs(page.files) do
  print(file.name, file.sizeOriginal)
end]],
  },
  updateFileById = {
    errors = { "storage_bucket_not_found", "storage_file_not_found", "user_unauthorized" },
    example = [[
local file = assert(client.storage.updateFileById {
  bucketId = "files", fileId = fileId, name = "holiday.png",
  permissions = { appwrite.Permission.read(appwrite.Role.users()) },
})
print(file.name) --> holiday.png]],
  },
}
