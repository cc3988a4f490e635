-- Passes a file that is posted as it is, `POST /upload?name=holiday.mp4`, on to storage, with the rights of the user.
-- luacheck: std ngx_lua

local appwrite = require "appwrite"
local clients = require "clients"
local web = require "web"

local upload = {}

function upload.serve()
  local client = clients.user()
  if not client then
    return web.refuse(401, "log in first")
  elseif ngx.req.get_method() ~= "POST" then
    ngx.header["allow"] = "POST"
    return web.refuse(405, "this takes a file by POST")
  end
  ngx.req.read_body()
  local path = ngx.req.get_body_file() -- nginx's own, gone with the request
  local name = ngx.unescape_uri(ngx.var.arg_name or "")
  if not path or name == "" or name:find "[%c%z]" then
    return web.refuse(400, "post the file's bytes to /upload?name=…")
  end
  local file, err = client.storage.createFile {
    bucketId = "files", fileId = appwrite.ID.unique(), file = appwrite.InputFile.fromPath(path, name),
  }
  if not file then
    return web.failJson(err)
  end
  web.json({ id = file["$id"], name = file.name, size = file.sizeOriginal, type = file.mimeType }, 201)
end

return upload
