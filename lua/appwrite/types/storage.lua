---@meta _
-- Made by spec/generate.lua from lua/appwrite/services/storage.lua and notes/storage.lua: change that, not this.
-- luacheck: ignore

---Files in buckets: upload, download, previews.
---@class appwrite.Storage
local storage = {}

---@class appwrite.params.storage.createFile
---@field bucketId string the bucket's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field fileId string id for the file; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit; or "unique()"
---@field file appwrite.InputFile|string an InputFile, or the bytes themselves
---@field permissions? string[] who may do what; left out: the creator may read, update and delete; {}: nobody may

---Uploads a file, above 5 MiB in chunks. Empty `permissions` mean that nobody may touch it.
---
---At most 60 calls a minute, counted by user. Errors: `general_argument_invalid`, `storage_bucket_not_found`,
---`storage_file_already_exists`, `storage_file_empty`, `storage_file_type_unsupported`, `storage_invalid_file_size`,
---`storage_invalid_content_range`, `storage_invalid_appwrite_id`, `document_invalid_structure`, `user_unauthorized`,
---`general_rate_limit_exceeded`.
---
---```lua
---local file = assert(client.storage.createFile({
---  bucketId = "files", fileId = appwrite.ID.unique(),
---  file = appwrite.InputFile.fromPath "README.md",
---  permissions = { appwrite.Permission.read(appwrite.Role.any()) },
---}, { onProgress = function(p) print(p.progress .. " %") end }))
---print(file["$id"], file.sizeOriginal)
---```
---@param params appwrite.params.storage.createFile
---@param options? appwrite.CallOptions
---@return appwrite.models.File? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.storage.createFile, callback: fun(result: appwrite.models.File?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.storage.createFile, options: appwrite.CallOptions, callback: fun(result: appwrite.models.File?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Storage, params: appwrite.params.storage.createFile, options?: appwrite.CallOptions): appwrite.models.File?, appwrite.Error?, appwrite.Response?
function storage.createFile(params, options) end

---@class appwrite.params.storage.deleteFileById
---@field bucketId string the bucket's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field fileId string the file's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Deletes a file, or what has arrived of one.
---
---At most 60 calls a minute, counted by user. Errors: `general_argument_invalid`, `storage_bucket_not_found`,
---`storage_file_not_found`, `user_unauthorized`, `general_rate_limit_exceeded`.
---
---```lua
---assert(client.storage.deleteFileById { bucketId = "files", fileId = fileId })
---```
---@param params appwrite.params.storage.deleteFileById
---@param options? appwrite.CallOptions
---@return true? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.storage.deleteFileById, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.storage.deleteFileById, options: appwrite.CallOptions, callback: fun(result: true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Storage, params: appwrite.params.storage.deleteFileById, options?: appwrite.CallOptions): true?, appwrite.Error?, appwrite.Response?
function storage.deleteFileById(params, options) end

---The official name of `deleteFileById`. Deletes a file, or what has arrived of one.
storage.deleteFile = storage.deleteFileById

---@class appwrite.params.storage.getFileById
---@field bucketId string the bucket's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field fileId string the file's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Tells of a file: name, size, type, signature, and how many chunks have arrived.
---
---Errors: `general_argument_invalid`, `storage_bucket_not_found`, `storage_file_not_found`.
---
---```lua
---local file = assert(client.storage.getFileById { bucketId = "files", fileId = fileId })
---print(file.name, file.mimeType, file.sizeOriginal)
---```
---@param params appwrite.params.storage.getFileById
---@param options? appwrite.CallOptions
---@return appwrite.models.File? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.storage.getFileById, callback: fun(result: appwrite.models.File?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.storage.getFileById, options: appwrite.CallOptions, callback: fun(result: appwrite.models.File?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Storage, params: appwrite.params.storage.getFileById, options?: appwrite.CallOptions): appwrite.models.File?, appwrite.Error?, appwrite.Response?
function storage.getFileById(params, options) end

---The official name of `getFileById`. Tells of a file: name, size, type, signature, and how many chunks have arrived.
storage.getFile = storage.getFileById

---@class appwrite.params.storage.getFileDownload
---@field bucketId string the bucket's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field fileId string the file's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Gives a file's content; in a browser it is saved.
---
---Errors: `general_argument_invalid`, `storage_bucket_not_found`, `storage_file_not_found`, `storage_invalid_range`.
---
---```lua
---local path = os.tmpname()
---assert(client.storage.getFileDownload({ bucketId = "files", fileId = fileId }, { to = path }))
---os.remove(path)
---```
---@param params appwrite.params.storage.getFileDownload
---@param options? appwrite.CallOptions
---@return string|true? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.storage.getFileDownload, callback: fun(result: string|true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.storage.getFileDownload, options: appwrite.CallOptions, callback: fun(result: string|true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Storage, params: appwrite.params.storage.getFileDownload, options?: appwrite.CallOptions): string|true?, appwrite.Error?, appwrite.Response?
function storage.getFileDownload(params, options) end

---@class appwrite.params.storage.getFileForView
---@field bucketId string the bucket's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field fileId string the file's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit

---Gives a file's content; in a browser it is shown.
---
---Errors: `general_argument_invalid`, `storage_bucket_not_found`, `storage_file_not_found`.
---
---```lua
---local bytes = assert(client.storage.getFileForView { bucketId = "files", fileId = fileId })
---print(#bytes .. " bytes")
---```
---@param params appwrite.params.storage.getFileForView
---@param options? appwrite.CallOptions
---@return string|true? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.storage.getFileForView, callback: fun(result: string|true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.storage.getFileForView, options: appwrite.CallOptions, callback: fun(result: string|true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Storage, params: appwrite.params.storage.getFileForView, options?: appwrite.CallOptions): string|true?, appwrite.Error?, appwrite.Response?
function storage.getFileForView(params, options) end

---The official name of `getFileForView`. Gives a file's content; in a browser it is shown.
storage.getFileView = storage.getFileForView

---@alias appwrite.params.storage.getFilePreviewImage.gravity
---| "center"
---| "top-left"
---| "top"
---| "top-right"
---| "left"
---| "right"
---| "bottom-left"
---| "bottom"
---| "bottom-right"

---@class appwrite.params.storage.getFilePreviewImage
---@field bucketId string the bucket's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field fileId string the file's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field width? integer pixels; 0: as the image has it; 0 to 4000; default 0
---@field height? integer pixels; 0: as the image has it; 0 to 4000; default 0
---@field gravity? appwrite.params.storage.getFilePreviewImage.gravity which part stays when it is cut; default "center"
---@field quality? integer percent; 0 to 100; default 100
---@field borderWidth? integer pixels; 0 to 100; default 0
---@field borderColor? string hex digits without "#"; colour of 3 or 6 hex digits without "#"; default ""
---@field borderRadius? integer pixels by which corners are rounded; 0 to 4000; default 0
---@field opacity? number 0 to 1; needs a format with transparency, such as png; 0 to 1; default 1
---@field rotation? integer degrees; -360 to 360; default 0
---@field background? string hex digits without "#", behind transparent parts; colour of 3 or 6 hex digits without "#";
---  default ""
---@field output? "jpg"|"jpeg"|"gif"|"png"|"webp" format; left out: the file's own; default ""

---Gives an image file cut, bordered, turned or converted; for other files an icon of their type.
---
---Errors: `general_argument_invalid`, `storage_bucket_not_found`, `storage_file_not_found`.
---
---```lua
---local image = assert(client.storage.getFilePreviewImage {
---  bucketId = "files", fileId = fileId, width = 120, height = 80, gravity = "center", output = "jpg", quality = 80,
---})
---print(#image .. " bytes")
---```
---@param params appwrite.params.storage.getFilePreviewImage
---@param options? appwrite.CallOptions
---@return string|true? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.storage.getFilePreviewImage, callback: fun(result: string|true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.storage.getFilePreviewImage, options: appwrite.CallOptions, callback: fun(result: string|true?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Storage, params: appwrite.params.storage.getFilePreviewImage, options?: appwrite.CallOptions): string|true?, appwrite.Error?, appwrite.Response?
function storage.getFilePreviewImage(params, options) end

---The official name of `getFilePreviewImage`. Gives an image file cut, bordered, turned or converted; for other files
---an icon of their type.
storage.getFilePreview = storage.getFilePreviewImage

---@class appwrite.params.storage.listFiles
---@field bucketId string the bucket's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field queries? string[] queries on name, signature, mimeType, sizeOriginal, chunksTotal, chunksUploaded; 100 items
---  at most; each of up to 4096 characters
---@field search? string text to look for; up to 256 characters; default ""

---Lists the files of a bucket that the user may read.
---
---Errors: `general_argument_invalid`, `storage_bucket_not_found`, `general_cursor_not_found`.
---
---```lua
---local page = assert(client.storage.listFiles {
---  bucketId = "files", queries = { appwrite.Query.greaterThan("sizeOriginal", 1000) },
---})
---for _, file in ipairs(page.files) do
---  print(file.name, file.sizeOriginal)
---end
---```
---@param params appwrite.params.storage.listFiles
---@param options? appwrite.CallOptions
---@return appwrite.models.FileList? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.storage.listFiles, callback: fun(result: appwrite.models.FileList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.storage.listFiles, options: appwrite.CallOptions, callback: fun(result: appwrite.models.FileList?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Storage, params: appwrite.params.storage.listFiles, options?: appwrite.CallOptions): appwrite.models.FileList?, appwrite.Error?, appwrite.Response?
function storage.listFiles(params, options) end

---@class appwrite.params.storage.updateFileById
---@field bucketId string the bucket's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field fileId string the file's id; an id: 1 to 36 of a-z A-Z 0-9 . _ -, the first a letter or digit
---@field name? string the new name
---@field permissions? string[] who may do what; left out: as it is; {}: nobody may

---Changes a file's name or permissions; what is left out stays as it is.
---
---At most 60 calls a minute, counted by user. Errors: `general_argument_invalid`, `storage_bucket_not_found`,
---`storage_file_not_found`, `user_unauthorized`, `general_rate_limit_exceeded`.
---
---```lua
---local file = assert(client.storage.updateFileById {
---  bucketId = "files", fileId = fileId, name = "holiday.png",
---  permissions = { appwrite.Permission.read(appwrite.Role.users()) },
---})
---print(file.name) --> holiday.png
---```
---@param params appwrite.params.storage.updateFileById
---@param options? appwrite.CallOptions
---@return appwrite.models.File? result
---@return appwrite.Error? err
---@return appwrite.Response? response
---@overload fun(params: appwrite.params.storage.updateFileById, callback: fun(result: appwrite.models.File?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(params: appwrite.params.storage.updateFileById, options: appwrite.CallOptions, callback: fun(result: appwrite.models.File?, err: appwrite.Error?, response: appwrite.Response?)): appwrite.Task
---@overload fun(self: appwrite.Storage, params: appwrite.params.storage.updateFileById, options?: appwrite.CallOptions): appwrite.models.File?, appwrite.Error?, appwrite.Response?
function storage.updateFileById(params, options) end

---The official name of `updateFileById`. Changes a file's name or permissions; what is left out stays as it is.
storage.updateFile = storage.updateFileById

return storage
