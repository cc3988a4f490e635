--- Answers that are pictures, and the cache of those that are drawn once: of flags, icons, remote images and previews.

local MAX_BYTES = 32 * 1024 * 1024 -- of the whole cache

local pictures = {}

local kept, size = {}, 0

---@param bytes string
---@param contentType string
---@return sandbox.Response
function pictures.answer(bytes, contentType)
  return { status = 200, body = bytes, contentType = contentType, chunked = true }
end

---A picture that is drawn once. Its operation says `cached`, so that the router announces the cache in all its answers.
---@param request sandbox.Request
---@param key string all that decides how it looks
---@param draw fun(): string, string the bytes and their content type
---@return sandbox.Response
function pictures.cached(request, key, draw)
  local entry = kept[key]
  if entry then
    request.out["X-Appwrite-Cache"] = "hit"
    return pictures.answer(entry.bytes, entry.contentType)
  end
  local bytes, contentType = draw()
  if size + #bytes > MAX_BYTES then
    kept, size = {}, 0
  end
  kept[key], size = { bytes = bytes, contentType = contentType }, size + #bytes
  request.out["Cache-Control"], request.out["Pragma"] = "no-cache, no-store, must-revalidate", "no-cache"
  return pictures.answer(bytes, contentType)
end

return pictures
