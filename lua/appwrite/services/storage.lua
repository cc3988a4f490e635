--- The storage service as data: each row is one operation, in the order of their names.

local SIXTY_A_MINUTE = { requests = 60, seconds = 60, by = "user" }

local bucketId = {
  name = "bucketId", type = "string", at = "path", required = true, format = "id", doc = "the bucket's id",
}
local fileId = {
  name = "fileId", type = "string", at = "path", required = true, format = "id", doc = "the file's id",
}
local oneFile = { bucketId, fileId }

return {
  doc = "Files in buckets: upload, download, previews.",
  operations = {
    {
      name = "createFile", alias = "createFile", kind = "upload", result = "File",
      verb = "POST", path = "/storage/buckets/{bucketId}/files", rateLimit = SIXTY_A_MINUTE,
      doc = "Uploads a file, above 5 MiB in chunks. Empty `permissions` mean that nobody may touch it.",
      params = {
        bucketId,
        {
          name = "fileId", type = "string", at = "body", required = true, format = "newId",
          doc = "id for the file",
        },
        { name = "file", type = "file", at = "body", required = true, doc = "an InputFile, or the bytes themselves" },
        {
          name = "permissions", type = "string[]", at = "body",
          doc = "who may do what; left out: the creator may read, update and delete; {}: nobody may",
        },
      },
    },
    {
      name = "deleteFileById", alias = "deleteFile", kind = "json",
      verb = "DELETE", path = "/storage/buckets/{bucketId}/files/{fileId}", rateLimit = SIXTY_A_MINUTE,
      idempotent = true,
      doc = "Deletes a file, or what has arrived of one.",
      params = oneFile,
    },
    {
      name = "getFileById", alias = "getFile", kind = "json", result = "File",
      verb = "GET", path = "/storage/buckets/{bucketId}/files/{fileId}",
      doc = "Tells of a file: name, size, type, signature, and how many chunks have arrived.",
      params = oneFile,
    },
    {
      name = "getFileDownload", alias = "getFileDownload", kind = "bytes",
      verb = "GET", path = "/storage/buckets/{bucketId}/files/{fileId}/download", ranges = true,
      doc = "Gives a file's content; in a browser it is saved.",
      params = oneFile,
    },
    {
      name = "getFileForView", alias = "getFileView", kind = "bytes",
      verb = "GET", path = "/storage/buckets/{bucketId}/files/{fileId}/view", ranges = true,
      doc = "Gives a file's content; in a browser it is shown.",
      params = oneFile,
    },
    {
      name = "getFilePreviewImage", alias = "getFilePreview", kind = "bytes",
      verb = "GET", path = "/storage/buckets/{bucketId}/files/{fileId}/preview",
      doc = "Gives an image file cut, bordered, turned or converted; for other files an icon of their type.",
      params = {
        bucketId,
        fileId,
        {
          name = "width", type = "integer", at = "query", min = 0, max = 4000, default = 0,
          doc = "pixels; 0: as the image has it",
        },
        {
          name = "height", type = "integer", at = "query", min = 0, max = 4000, default = 0,
          doc = "pixels; 0: as the image has it",
        },
        {
          name = "gravity", type = "string", at = "query", default = "center",
          enum = {
            "center", "top-left", "top", "top-right", "left", "right", "bottom-left", "bottom", "bottom-right",
          },
          doc = "which part stays when it is cut",
        },
        {
          name = "quality", type = "integer", at = "query", min = 0, max = 100, default = 100,
          doc = "percent",
        },
        {
          name = "borderWidth", type = "integer", at = "query", min = 0, max = 100, default = 0,
          doc = "pixels",
        },
        {
          name = "borderColor", type = "string", at = "query", format = "hexColor", default = "",
          doc = 'hex digits without "#"',
        },
        {
          name = "borderRadius", type = "integer", at = "query", min = 0, max = 4000, default = 0,
          doc = "pixels by which corners are rounded",
        },
        {
          name = "opacity", type = "number", at = "query", min = 0, max = 1, default = 1,
          doc = "0 to 1; needs a format with transparency, such as png",
        },
        {
          name = "rotation", type = "integer", at = "query", min = -360, max = 360, default = 0,
          doc = "degrees",
        },
        {
          name = "background", type = "string", at = "query", format = "hexColor", default = "",
          doc = 'hex digits without "#", behind transparent parts',
        },
        {
          name = "output", type = "string", at = "query", enum = { "jpg", "jpeg", "gif", "png", "webp" }, default = "",
          doc = "format; left out: the file's own",
        },
      },
    },
    {
      name = "listFiles", alias = "listFiles", kind = "json", result = "FileList",
      list = { items = "files", by = "cursor" },
      verb = "GET", path = "/storage/buckets/{bucketId}/files",
      doc = "Lists the files of a bucket that the user may read.",
      params = {
        bucketId,
        {
          name = "queries", type = "string[]", at = "query", maxItems = 100, maxItemLength = 4096,
          doc = "queries on name, signature, mimeType, sizeOriginal, chunksTotal, chunksUploaded",
        },
        {
          name = "search", type = "string", at = "query", maxLength = 256, default = "",
          doc = "text to look for",
        },
      },
    },
    {
      name = "updateFileById", alias = "updateFile", kind = "json", result = "File",
      verb = "PUT", path = "/storage/buckets/{bucketId}/files/{fileId}", rateLimit = SIXTY_A_MINUTE,
      doc = "Changes a file's name or permissions; what is left out stays as it is.",
      params = {
        bucketId,
        fileId,
        { name = "name", type = "string", at = "body", doc = "the new name" },
        {
          name = "permissions", type = "string[]", at = "body",
          doc = "who may do what; left out: as it is; {}: nobody may",
        },
      },
    },
  },
}
